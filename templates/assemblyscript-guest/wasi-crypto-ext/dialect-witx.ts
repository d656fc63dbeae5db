/**
 * What the recipes need and each ABI does in its own way: getting bytes and new objects out. Here the host fills buffers
 * of the guest, and computes into objects that exist.
 */
import { Slice } from "./buffers";
import { Element } from "./classes/element";
import { Group } from "./classes/group";
import { Modulus } from "./classes/modulus";
import { Residue } from "./classes/residue";
import { Scalar } from "./classes/scalar";
import { bytesWipe, encodingDecode, encodingEncode, paddingPad, randomFill } from "./functions";
import { element_mul_public } from "./raw/group";
import { ok } from "./result";
import { ByteOrder, ElementFormat, ExtErrno, PaddingScheme, Secrecy, TextEncoding } from "./types";

/** No characters to be passed over. */
const none = new Slice();

export function encodeInto<Data, Text>(encoding: TextEncoding, data: Data, text: Text): ExtErrno {
  return encodingEncode(encoding, data, text);
}

/** Returns a result: the number of bytes. */
export function decodeInto<Text, Data>(encoding: TextEncoding, text: Text, data: Data): u64 {
  return encodingDecode(encoding, text, none, data);
}

export function padInto<Message, Padded>(scheme: PaddingScheme, block: u32, message: Message, padded: Padded): ExtErrno {
  return paddingPad(scheme, block, message, padded);
}

/** A new scalar, or why there is none: what could not be computed into it leaves nothing open. */
function madeScalar(opened: u64, outcome: ExtErrno): u64 {
  if (ok(outcome)) return opened;
  Scalar.of(opened).close();
  return (<u64>(<u32>outcome)) << 32;
}

/** The same for elements. */
function madeElement(opened: u64, outcome: ExtErrno): u64 {
  if (ok(outcome)) return opened;
  Element.of(opened).close();
  return (<u64>(<u32>outcome)) << 32;
}

/** Reads a scalar in the form of its group. The errno is `Malformed` if it is none. */
export function decodeScalar<Encoded>(group: Group, secrecy: Secrecy, encoded: Encoded): u64 {
  const opened = Scalar.open(group, secrecy);
  return ok(opened) ? madeScalar(opened, Scalar.of(opened).decode(encoded)) : opened;
}

/** Reads a number of any size, in the byte order of the group, and reduces it modulo the order. */
export function reduceToScalar<Wide>(group: Group, secrecy: Secrecy, wide: Wide): u64 {
  const opened = Scalar.open(group, secrecy);
  return ok(opened) ? madeScalar(opened, Scalar.of(opened).reduce(wide)) : opened;
}

/** Chooses a scalar, which is not 0. */
export function randomScalar(group: Group, secrecy: Secrecy): u64 {
  const opened = Scalar.open(group, secrecy);
  return ok(opened) ? madeScalar(opened, Scalar.of(opened).random()) : opened;
}

/** Hashes a message to a scalar, under a domain separation tag. */
export function hashToScalar<Message, Tag>(group: Group, secrecy: Secrecy, message: Message, dst: Tag): u64 {
  const opened = Scalar.open(group, secrecy);
  return ok(opened) ? madeScalar(opened, Scalar.of(opened).hash(message, dst)) : opened;
}

/** The sum of two scalars. `secrecy` is `Secret` unless both are public. */
export function addScalars(group: Group, secrecy: Secrecy, a: Scalar, b: Scalar): u64 {
  const opened = Scalar.open(group, secrecy);
  return ok(opened) ? madeScalar(opened, Scalar.of(opened).add(a, b)) : opened;
}

/** The difference of two scalars. `secrecy` is `Secret` unless both are public. */
export function subScalars(group: Group, secrecy: Secrecy, a: Scalar, b: Scalar): u64 {
  const opened = Scalar.open(group, secrecy);
  return ok(opened) ? madeScalar(opened, Scalar.of(opened).sub(a, b)) : opened;
}

/** The product of two scalars. `secrecy` is `Secret` unless both are public. */
export function mulScalars(group: Group, secrecy: Secrecy, a: Scalar, b: Scalar): u64 {
  const opened = Scalar.open(group, secrecy);
  return ok(opened) ? madeScalar(opened, Scalar.of(opened).mul(a, b)) : opened;
}

/** A scalar with the other sign. `secrecy` is `Secret` unless it is public. */
export function negScalar(group: Group, secrecy: Secrecy, a: Scalar): u64 {
  const opened = Scalar.open(group, secrecy);
  return ok(opened) ? madeScalar(opened, Scalar.of(opened).neg(a)) : opened;
}

/** The scalar whose product with another is 1. The errno is `NoResult` if that is 0. */
export function invertScalar(group: Group, secrecy: Secrecy, a: Scalar): u64 {
  const opened = Scalar.open(group, secrecy);
  return ok(opened) ? madeScalar(opened, Scalar.of(opened).invert(a)) : opened;
}

/** Writes a scalar into a buffer of exactly its size. */
export function encodeScalar<Out>(s: Scalar, out: Out): ExtErrno {
  return s.encode(out);
}

/** Reads an element. The errno is `Malformed` if it is none. */
export function decodeElement<Encoded>(group: Group, encoded: Encoded): u64 {
  const opened = Element.open(group);
  return ok(opened) ? madeElement(opened, Element.of(opened).decode(encoded)) : opened;
}

/** Hashes a message to an element, as if it were chosen at random, under a domain separation tag. */
export function hashToElement<Message, Tag>(group: Group, message: Message, dst: Tag): u64 {
  const opened = Element.open(group);
  return ok(opened) ? madeElement(opened, Element.of(opened).hash(message, dst)) : opened;
}

/** Maps a message to an element, not uniformly, under a domain separation tag. */
export function encodeToElement<Message, Tag>(group: Group, message: Message, dst: Tag): u64 {
  const opened = Element.open(group);
  return ok(opened) ? madeElement(opened, Element.of(opened).encodeToGroup(message, dst)) : opened;
}

/** Maps uniform bytes to an element. */
export function mapToElement<Uniform>(group: Group, uniform: Uniform): u64 {
  const opened = Element.open(group);
  return ok(opened) ? madeElement(opened, Element.of(opened).map(uniform)) : opened;
}

/** The sum of two elements. */
export function addElements(group: Group, a: Element, b: Element): u64 {
  const opened = Element.open(group);
  return ok(opened) ? madeElement(opened, Element.of(opened).add(a, b)) : opened;
}

/** The difference of two elements. */
export function subElements(group: Group, a: Element, b: Element): u64 {
  const opened = Element.open(group);
  return ok(opened) ? madeElement(opened, Element.of(opened).sub(a, b)) : opened;
}

/** An element times a scalar. */
export function mulElement(group: Group, a: Element, s: Scalar): u64 {
  const opened = Element.open(group);
  return ok(opened) ? madeElement(opened, Element.of(opened).mul(a, s)) : opened;
}

/** The generator times a scalar. */
export function mulBase(group: Group, s: Scalar): u64 {
  const opened = Element.open(group);
  return ok(opened) ? madeElement(opened, Element.of(opened).mulBase(s)) : opened;
}

/** The sum of the products of elements and scalars, which are all public. */
export function sumOfProducts(group: Group, elements: Array<Element>, scalars: Array<Scalar>): u64 {
  const opened = Element.open(group);
  if (!ok(opened)) return opened;
  const outcome = element_mul_public(
    Element.of(opened).handle,
    elements.dataStart,
    elements.length,
    scalars.dataStart,
    scalars.length,
  );
  return madeElement(opened, outcome);
}

/** Writes an element into a buffer of exactly its size. The errno is `NoResult` for an identity that has no encoding. */
export function encodeElement<Out>(e: Element, format: ElementFormat, out: Out): ExtErrno {
  return e.encode(format, out);
}

/** The same for residues. */
function madeResidue(opened: u64, outcome: ExtErrno): u64 {
  if (ok(outcome)) return opened;
  Residue.of(opened).close();
  return (<u64>(<u32>outcome)) << 32;
}

/** Reads a number below a modulus. The errno is `Malformed` if it is not. */
export function importResidue<Value>(modulus: Modulus, order: ByteOrder, value: Value): u64 {
  const opened = Residue.open(modulus);
  return ok(opened) ? madeResidue(opened, Residue.of(opened).import(order, value)) : opened;
}

/** Reads a number of any size, and reduces it. */
export function reduceToResidue<Wide>(modulus: Modulus, order: ByteOrder, wide: Wide): u64 {
  const opened = Residue.open(modulus);
  return ok(opened) ? madeResidue(opened, Residue.of(opened).reduce(order, wide)) : opened;
}

/** Chooses a number below a modulus, which may be 0. */
export function randomResidue(modulus: Modulus): u64 {
  const opened = Residue.open(modulus);
  return ok(opened) ? madeResidue(opened, Residue.of(opened).random()) : opened;
}

/** The sum of two residues. */
export function addResidues(modulus: Modulus, a: Residue, b: Residue): u64 {
  const opened = Residue.open(modulus);
  return ok(opened) ? madeResidue(opened, Residue.of(opened).add(a, b)) : opened;
}

/** The difference of two residues. */
export function subResidues(modulus: Modulus, a: Residue, b: Residue): u64 {
  const opened = Residue.open(modulus);
  return ok(opened) ? madeResidue(opened, Residue.of(opened).sub(a, b)) : opened;
}

/** The product of two residues. */
export function mulResidues(modulus: Modulus, a: Residue, b: Residue): u64 {
  const opened = Residue.open(modulus);
  return ok(opened) ? madeResidue(opened, Residue.of(opened).mul(a, b)) : opened;
}

/** The square of a residue. */
export function squareResidue(modulus: Modulus, a: Residue): u64 {
  const opened = Residue.open(modulus);
  return ok(opened) ? madeResidue(opened, Residue.of(opened).square(a)) : opened;
}

/** The residue whose product with another is 1. The errno is `NoResult` if there is none. */
export function inverseResidue(modulus: Modulus, a: Residue): u64 {
  const opened = Residue.open(modulus);
  return ok(opened) ? madeResidue(opened, Residue.of(opened).inverse(a)) : opened;
}

/** A square root, modulo an odd prime. The errno is `NoResult` if there is none. */
export function sqrtResidue(modulus: Modulus, a: Residue): u64 {
  const opened = Residue.open(modulus);
  return ok(opened) ? madeResidue(opened, Residue.of(opened).sqrt(a)) : opened;
}

/** A power; the exponent is big-endian. */
export function expResidue<Exponent>(modulus: Modulus, a: Residue, exponent: Exponent): u64 {
  const opened = Residue.open(modulus);
  return ok(opened) ? madeResidue(opened, Residue.of(opened).exp(a, exponent)) : opened;
}

/** One of two residues, in constant time: the first if `choice` is true. */
export function selectResidue(modulus: Modulus, a: Residue, b: Residue, choice: bool): u64 {
  const opened = Residue.open(modulus);
  return ok(opened) ? madeResidue(opened, Residue.of(opened).select(a, b, choice)) : opened;
}

/** Writes a residue into a buffer of exactly the width of its modulus. */
export function exportResidue<Out>(x: Residue, order: ByteOrder, out: Out): ExtErrno {
  return x.export(order, out);
}

/** Fills a buffer with random bytes. */
export function randomBytes<Out>(out: Out): ExtErrno {
  return randomFill(out);
}

/** Overwrites a buffer with zeros. */
export function wipe<Buffer>(buffer: Buffer): void {
  bytesWipe(buffer);
}
