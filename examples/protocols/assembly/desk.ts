// What a computation in a group needs: objects that are closed together, and questions the host does not answer in one call.
import { Element, ElementFormat, Group, Scalar, Secrecy, encodeElement, encodeScalar, expect, value } from "wasi-crypto-ext";

/** The objects of one computation. */
export class Desk {
  private scalars: Array<Scalar> = [];
  private elements: Array<Element> = [];

  constructor(
    readonly group: Group,
    /** Bytes of an element. */
    readonly elementLength: i32,
    /** Bytes of a scalar. */
    readonly scalarLength: i32,
  ) {}

  static of(name: string): Desk {
    const group = Group.expect(Group.open(name), "opening " + name);
    return new Desk(group, expect(group.elementLen()), expect(group.scalarLen()));
  }

  /** The scalar of a result, which cannot fail. */
  scalar(result: u64): Scalar {
    const made = Scalar.expect(result, "computing a scalar");
    this.scalars.push(made);
    return made;
  }

  /** The element of a result, which cannot fail. */
  element(result: u64): Element {
    const made = Element.expect(result, "computing an element");
    this.elements.push(made);
    return made;
  }

  /** Whether it is the neutral element, which protocols refuse: whoever multiplies it learns nothing of the other's secret, and knows the result. */
  isIdentity(e: Element): bool {
    return value(e.equal(this.element(Element.open(this.group)))) != 0;
  }

  isZero(s: Scalar): bool {
    return value(s.equal(this.scalar(Scalar.open(this.group, Secrecy.Secret)))) != 0;
  }

  encoded(e: Element): Uint8Array {
    const bytes = new Uint8Array(this.elementLength);
    expect(encodeElement(e, ElementFormat.Compressed, bytes), "encoding an element");
    return bytes;
  }

  encodedScalar(s: Scalar): Uint8Array {
    const bytes = new Uint8Array(this.scalarLength);
    expect(encodeScalar(s, bytes), "encoding a scalar");
    return bytes;
  }

  /** Keeps an object open beyond the computation. */
  release(s: Scalar): Scalar {
    this.scalars.splice(this.scalars.indexOf(s), 1);
    return s;
  }

  /** Closes all that was computed. The group stays. */
  clear(): void {
    for (let index = 0; index < this.scalars.length; index += 1) this.scalars[index].close();
    for (let index = 0; index < this.elements.length; index += 1) this.elements[index].close();
    this.scalars = [];
    this.elements = [];
  }
}
