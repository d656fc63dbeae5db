/**
 * What the recipes need and each ABI does in its own way: getting bytes and new objects out. Here the host returns
 * bytes of the size it finds right, which are then copied to the buffer and overwritten, and objects that are new.
 */
import { Bytes } from "../canonical/bytes";
import { addressOf, lengthOf, Slice } from "./buffers";
import { Element } from "./classes/element";
import { Group } from "./classes/group";
import { Modulus } from "./classes/modulus";
import { Residue } from "./classes/residue";
import { Scalar } from "./classes/scalar";
import { encodingDecode, encodingEncode, paddingPad, randomFill } from "./functions";
import { ok } from "./result";
import { ByteOrder, ElementFormat, ExtErrno, PaddingScheme, Secrecy, TextEncoding } from "./types";

/** No characters to be passed over. */
const none = new Slice();
/** Empty between the calls of these functions. */
const received = new Bytes();

/** Fills a buffer with what was received, which has exactly its size. */
function fill<Buffer>(outcome: ExtErrno, buffer: Buffer): ExtErrno {
  let judged = outcome;
  if (ok(judged) && received.length > lengthOf(buffer)) judged = ExtErrno.Overflow;
  if (ok(judged) && received.length < lengthOf(buffer)) judged = ExtErrno.InvalidLength;
  if (ok(judged)) received.copyTo(buffer);
  received.free();
  return judged;
}

export function encodeInto<Data, Text>(encoding: TextEncoding, data: Data, text: Text): ExtErrno {
  return fill(encodingEncode(encoding, data, received), text);
}

/** Returns a result: the number of bytes. */
export function decodeInto<Text, Data>(encoding: TextEncoding, text: Text, data: Data): u64 {
  let outcome = encodingDecode(encoding, text, none, received);
  if (ok(outcome) && received.length > lengthOf(data)) outcome = ExtErrno.Overflow;
  const length = ok(outcome) ? <u32>received.copyTo(data) : 0;
  received.free();
  return (<u64>(<u32>outcome) << 32) | length;
}

export function padInto<Message, Padded>(scheme: PaddingScheme, block: u32, message: Message, padded: Padded): ExtErrno {
  return fill(paddingPad(scheme, block, message, received), padded);
}

/** Reads a scalar in the form of its group. The errno is `Malformed` if it is none. */
export function decodeScalar<Encoded>(group: Group, secrecy: Secrecy, encoded: Encoded): u64 {
  return Scalar.decode(group, secrecy, encoded);
}

/** Reads a number of any size, in the byte order of the group, and reduces it modulo the order. */
export function reduceToScalar<Wide>(group: Group, secrecy: Secrecy, wide: Wide): u64 {
  return Scalar.reduce(group, secrecy, wide);
}

/** Chooses a scalar, which is not 0. */
export function randomScalar(group: Group, secrecy: Secrecy): u64 {
  return Scalar.random(group, secrecy);
}

/** Hashes a message to a scalar, under a domain separation tag. */
export function hashToScalar<Message, Tag>(group: Group, secrecy: Secrecy, message: Message, dst: Tag): u64 {
  return Scalar.hash(group, secrecy, message, dst);
}

/** The sum of two scalars. `secrecy` is `Secret` unless both are public. */
export function addScalars(group: Group, secrecy: Secrecy, a: Scalar, b: Scalar): u64 {
  return a.add(b);
}

/** The difference of two scalars. `secrecy` is `Secret` unless both are public. */
export function subScalars(group: Group, secrecy: Secrecy, a: Scalar, b: Scalar): u64 {
  return a.sub(b);
}

/** The product of two scalars. `secrecy` is `Secret` unless both are public. */
export function mulScalars(group: Group, secrecy: Secrecy, a: Scalar, b: Scalar): u64 {
  return a.mul(b);
}

/** A scalar with the other sign. `secrecy` is `Secret` unless it is public. */
export function negScalar(group: Group, secrecy: Secrecy, a: Scalar): u64 {
  return a.neg();
}

/** The scalar whose product with another is 1. The errno is `NoResult` if that is 0. */
export function invertScalar(group: Group, secrecy: Secrecy, a: Scalar): u64 {
  return a.invert();
}

/** Writes a scalar into a buffer of exactly its size. */
export function encodeScalar<Out>(s: Scalar, out: Out): ExtErrno {
  return fill(s.encode(received), out);
}

/** Reads an element. The errno is `Malformed` if it is none. */
export function decodeElement<Encoded>(group: Group, encoded: Encoded): u64 {
  return Element.decode(group, encoded);
}

/** Hashes a message to an element, as if it were chosen at random, under a domain separation tag. */
export function hashToElement<Message, Tag>(group: Group, message: Message, dst: Tag): u64 {
  return Element.hash(group, message, dst);
}

/** Maps a message to an element, not uniformly, under a domain separation tag. */
export function encodeToElement<Message, Tag>(group: Group, message: Message, dst: Tag): u64 {
  return Element.encodeToGroup(group, message, dst);
}

/** Maps uniform bytes to an element. */
export function mapToElement<Uniform>(group: Group, uniform: Uniform): u64 {
  return Element.map(group, uniform);
}

/** The sum of two elements. */
export function addElements(group: Group, a: Element, b: Element): u64 {
  return a.add(b);
}

/** The difference of two elements. */
export function subElements(group: Group, a: Element, b: Element): u64 {
  return a.sub(b);
}

/** An element times a scalar. */
export function mulElement(group: Group, a: Element, s: Scalar): u64 {
  return a.mul(s);
}

/** The generator times a scalar. */
export function mulBase(group: Group, s: Scalar): u64 {
  return Element.mulBase(s);
}

/** The sum of the products of elements and scalars, which are all public. */
export function sumOfProducts(group: Group, elements: Array<Element>, scalars: Array<Scalar>): u64 {
  return Element.mulPublic(group, elements, scalars);
}

/** Writes an element into a buffer of exactly its size. The errno is `NoResult` for an identity that has no encoding. */
export function encodeElement<Out>(e: Element, format: ElementFormat, out: Out): ExtErrno {
  return fill(e.encode(format, received), out);
}

/** Reads a number below a modulus. The errno is `Malformed` if it is not. */
export function importResidue<Value>(modulus: Modulus, order: ByteOrder, value: Value): u64 {
  return Residue.import(modulus, order, value);
}

/** Reads a number of any size, and reduces it. */
export function reduceToResidue<Wide>(modulus: Modulus, order: ByteOrder, wide: Wide): u64 {
  return Residue.reduce(modulus, order, wide);
}

/** Chooses a number below a modulus, which may be 0. */
export function randomResidue(modulus: Modulus): u64 {
  return Residue.random(modulus);
}

/** The sum of two residues. */
export function addResidues(modulus: Modulus, a: Residue, b: Residue): u64 {
  return a.add(b);
}

/** The difference of two residues. */
export function subResidues(modulus: Modulus, a: Residue, b: Residue): u64 {
  return a.sub(b);
}

/** The product of two residues. */
export function mulResidues(modulus: Modulus, a: Residue, b: Residue): u64 {
  return a.mul(b);
}

/** The square of a residue. */
export function squareResidue(modulus: Modulus, a: Residue): u64 {
  return a.square();
}

/** The residue whose product with another is 1. The errno is `NoResult` if there is none. */
export function inverseResidue(modulus: Modulus, a: Residue): u64 {
  return a.inverse();
}

/** A square root, modulo an odd prime. The errno is `NoResult` if there is none. */
export function sqrtResidue(modulus: Modulus, a: Residue): u64 {
  return a.sqrt();
}

/** A power; the exponent is big-endian. */
export function expResidue<Exponent>(modulus: Modulus, a: Residue, exponent: Exponent): u64 {
  return a.exp(exponent);
}

/** One of two residues, in constant time: the first if `choice` is true. */
export function selectResidue(modulus: Modulus, a: Residue, b: Residue, choice: bool): u64 {
  return a.select(b, choice);
}

/** Writes a residue into a buffer of exactly the width of its modulus. */
export function exportResidue<Out>(x: Residue, order: ByteOrder, out: Out): ExtErrno {
  return fill(x.export(order, received), out);
}

/** Fills a buffer with random bytes. */
export function randomBytes<Out>(out: Out): ExtErrno {
  return fill(randomFill(<u32>lengthOf(out), received), out);
}

/** Overwrites a buffer with zeros. */
export function wipe<Buffer>(buffer: Buffer): void {
  memory.fill(addressOf(buffer), 0, lengthOf(buffer));
}
