/**
 * Recipes: common tasks in one call, on buffers of the caller; and arithmetic in groups and modulo a number that reads the same in core modules
 * and in components: each call makes a new object, which its result has, and which stays open until `close`. In loops of
 * core modules prefer the methods of the classes, which compute into objects that exist.
 *
 * Buffers to be filled have exactly the size of what is put there, but for decoding, where they may be larger. What
 * returns a result has a number in it, which `value` reads. Nothing here allocates managed memory.
 */
import { Out, ok, value } from "./result";
import { decodeInto, encodeInto, padInto } from "./dialect";
import { bytesEqual, paddingUnpaddedLen, randomBelowU64 } from "./functions";
import { ExtErrno, PaddingScheme, TextEncoding } from "./types";

export {
  addResidues,
  expResidue,
  exportResidue,
  importResidue,
  inverseResidue,
  mulResidues,
  randomResidue,
  reduceToResidue,
  selectResidue,
  sqrtResidue,
  squareResidue,
  subResidues,
} from "./dialect";
export {
  addElements,
  addScalars,
  decodeElement,
  decodeScalar,
  encodeElement,
  encodeScalar,
  encodeToElement,
  hashToElement,
  hashToScalar,
  invertScalar,
  mapToElement,
  mulBase,
  mulElement,
  mulScalars,
  negScalar,
  randomBytes,
  randomScalar,
  reduceToScalar,
  subElements,
  subScalars,
  sumOfProducts,
  wipe,
} from "./dialect";

/** Whether two buffers are the same, in a time that depends on their lengths alone. False where the host cannot tell. */
export function constantTimeEquals<A, B>(a: A, b: B): bool {
  const equal = bytesEqual(a, b);
  return ok(equal) && value(equal) != 0;
}

/**
 * Writes bytes in hexadecimal, in lower case.
 *
 * @param text receives two characters for each byte
 */
export function hexEncode<Data, Text>(data: Data, text: Text): ExtErrno {
  return encodeInto(TextEncoding.Hex, data, text);
}

/**
 * Reads hexadecimal, in either case.
 *
 * @returns a result: the number of bytes
 */
export function hexDecode<Text, Data>(text: Text, data: Data): u64 {
  return decodeInto(TextEncoding.Hex, text, data);
}

/**
 * Writes bytes in base64, padded.
 *
 * @param text receives 4 characters for each 3 bytes, or a part of them
 */
export function base64Encode<Data, Text>(data: Data, text: Text): ExtErrno {
  return encodeInto(TextEncoding.Base64, data, text);
}

/**
 * Reads base64, which must be padded.
 *
 * @returns a result: the number of bytes
 */
export function base64Decode<Text, Data>(text: Text, data: Data): u64 {
  return decodeInto(TextEncoding.Base64, text, data);
}

/** Writes bytes in base64 for URLs, without padding. */
export function base64UrlEncode<Data, Text>(data: Data, text: Text): ExtErrno {
  return encodeInto(TextEncoding.Base64UrlNoPadding, data, text);
}

/**
 * Reads base64 for URLs, without padding.
 *
 * @returns a result: the number of bytes
 */
export function base64UrlDecode<Text, Data>(text: Text, data: Data): u64 {
  return decodeInto(TextEncoding.Base64UrlNoPadding, text, data);
}

/**
 * Writes a message with its padding up to whole blocks (ISO/IEC 7816-4).
 *
 * @param block the size of a block, in bytes
 * @param padded receives the message and its padding: the next multiple of the block
 */
export function pad<Message, Padded>(block: u32, message: Message, padded: Padded): ExtErrno {
  return padInto(PaddingScheme.Iso7816, block, message, padded);
}

/**
 * Finds the length of the message in what `pad` made. Authenticate it first.
 *
 * @returns a result: the length
 */
export function unpad<Padded>(block: u32, padded: Padded): u64 {
  return paddingUnpaddedLen(PaddingScheme.Iso7816, block, padded);
}

/** Chosen numbers of 64 bits, of which the result takes 32. */
const chosen = new Out<u64>();

/**
 * Chooses a number below a bound, each with the same probability: a place in a list, for one.
 *
 * @returns a result: the number
 */
export function randomIndex(bound: u32): u64 {
  const errno = randomBelowU64(bound, chosen);
  const index = <u32>chosen.value;
  chosen.value = 0;
  return (<u64>(<u32>errno) << 32) | (errno == 0 ? index : 0);
}
