/** Primitives that neither Node's OpenSSL nor a kept library has, or has slowly: what the module exports. No function branches or reads memory by a secret. */
export { aegis } from "./aegis";
export { asconAead, asconHashBegin, asconHashEnd, asconHashUpdate } from "./ascon";
export { bytesAdd, bytesAny, bytesCompare, bytesSelect, paddingIso, paddingPkcs7 } from "./bytes";
export { blake3End, blake3Output, blake3Update } from "./blake3";
export { kangarooEnd, kangarooUpdate, keccakEnd, keccakOutput, keccakUpdate } from "./keccak";
export { addStream, counters, polyval } from "./polyval";
export { textDecode, textEncode, textStrip } from "./text";
export { cyclistAbsorb, cyclistCrypt, cyclistSqueeze } from "./xoodyak";
