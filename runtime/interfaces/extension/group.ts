/** The functions of `wasi_crypto_ext_group`. */
import type { ElementFormat } from '../../backends/arithmetic/arithmetic.js';
import type { RuntimeContext } from '../../context.js';
import type { Secrecy } from '../../numbers/context.js';
import { Element } from '../../numbers/element.js';
import { Group, Scalar, type InGroup } from '../../numbers/group.js';

export function groupHost(context: RuntimeContext) {
  return {
    groupOpen(name: string): Group {
      context.requireOpen();
      return new Group(context, name);
    },

    /** 0, of the group of all of them, and secret if one of them is. */
    scalarOf: (first: Scalar, ...others: readonly Scalar[]): Scalar =>
      new Scalar(first, [first, ...others].some((each) => each.isSecret) ? 'secret' : 'public'),
    /** The identity, of the same group. */
    elementOf: (of: InGroup): Element => new Element(of),
    scalarLength: ({ arithmetic }: Scalar): number => arithmetic.facts.scalarLength,
    elementLength: (e: Element, format: ElementFormat): number => e.lengthOf(format),
    groupElementLen: (group: Group): number => group.elementLength,
    groupScalarLen: (group: Group): number => group.scalarLength,
    scalarOpen: (group: Group, secrecy: Secrecy): Scalar => new Scalar(group, secrecy),
    scalarDecode: (to: Scalar, encoded: Uint8Array): void => to.decode(encoded),
    scalarEncode: (s: Scalar, out: Uint8Array): void => s.encode(out),
    scalarReduce: (to: Scalar, wide: Uint8Array): void => to.reduce(wide),
    scalarRandom: (to: Scalar): void => to.random(),
    scalarHash: (to: Scalar, message: Uint8Array, dst: Uint8Array): void => to.hash(message, dst),
    scalarAdd: (to: Scalar, a: Scalar, b: Scalar): void => to.add(a, b),
    scalarSub: (to: Scalar, a: Scalar, b: Scalar): void => to.sub(a, b),
    scalarMul: (to: Scalar, a: Scalar, b: Scalar): void => to.mul(a, b),
    scalarNeg: (to: Scalar, a: Scalar): void => to.neg(a),
    scalarInvert: (to: Scalar, a: Scalar): void => to.invert(a),
    scalarEqual: (a: Scalar, b: Scalar): boolean => a.equal(b),
    elementOpen: (group: Group): Element => new Element(group),
    elementGenerator: (to: Element): void => to.generator(),
    elementDecode: (to: Element, encoded: Uint8Array): void => to.decode(encoded),
    elementEncode: (e: Element, format: ElementFormat, out: Uint8Array): void => e.encode(format, out),
    elementHash: (to: Element, message: Uint8Array, dst: Uint8Array): void => to.hash(message, dst),
    elementEncodeToGroup: (to: Element, message: Uint8Array, dst: Uint8Array): void => to.encodeToGroup(message, dst),
    elementMap: (to: Element, uniform: Uint8Array): void => to.map(uniform),
    elementAdd: (to: Element, a: Element, b: Element): void => to.add(a, b),
    elementSub: (to: Element, a: Element, b: Element): void => to.sub(a, b),
    elementNeg: (to: Element, a: Element): void => to.neg(a),
    elementClearCofactor: (to: Element, a: Element): void => to.clearCofactor(a),
    elementMul: (to: Element, a: Element, s: Scalar): void => to.mul(a, s),
    elementMulBase: (to: Element, s: Scalar): void => to.mulBase(s),
    elementMulPublic: (to: Element, elements: readonly Element[], scalars: readonly Scalar[]): void =>
      to.mulPublic(elements, scalars),
    elementEqual: (a: Element, b: Element): boolean => a.equal(b),
    elementInSubgroup: (e: Element): boolean => e.inSubgroup,
  };
}
