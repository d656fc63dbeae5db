/**
 * What objects and operations take of a guest's budgets. An asymmetric key's own prices are those of its family
 * (`KeyPrices`).
 *
 * Bytes: what objects take beside the bytes that they are made of, in bytes: handle, objects of
 * JavaScript and of OpenSSL. Resident memory over tens of thousands of each, rounded up (measured, Node 20, both
 * backends).
 *
 * Cost: one unit is one byte that is hashed, encrypted or copied, about a nanosecond (measured: 0.6 for SHA-256 with
 * instructions of the processor, 2 without). A password hash costs its memory in bytes times its passes.
 */

/** By kind of handle. */
export const objectPrices = {
  arrayOutput: 450,
  options: 500,
  secretsManager: 500,
  keypair: 300,
  signatureState: 300,
  signature: 850,
  publickey: 300,
  secretkey: 300,
  signatureVerificationState: 300,
  symmetricState: 500,
  symmetricKey: 200,
  symmetricTag: 600,
  modulus: 300,
  residue: 200,
  bignum: 200,
  group: 200,
  scalar: 250,
  element: 1000,
} as const;

/** One value in a set of options. */
export const OPTION_PRICE = 200;
/** A symmetric key, which several handles and states can share. */
export const KEY_PRICE = 550;
/** What a cipher or a code computes from a key once: key schedules, or OpenSSL's own copy. */
export const PREPARED_PRICE = 2400;
/** The same of AES-SIV, which has two keys. */
export const SIV_PREPARED_PRICE = 4300;
/** A hash or HMAC of OpenSSL's that takes input in parts. */
export const STREAM_PRICE = 800;

/** An object of noble's with output of any length: 1 000 without a tree, 5 000 with one over 70 KB, and 150 for each time that is doubled. */
export const NOBLE_STREAM_PRICE = 7000;
/** What noble's hash functions take for a byte (measured: 9 to 23 nanoseconds). */
export const NOBLE_BYTE_COST = 16;

/** What a modulus takes beside its bytes: the numbers that are computed of it once. */
export const MODULUS_PRICE = 1500;

/** Cost of a result, whatever it is computed of: what such a call takes for a few bytes. */
export const RESULT_COST = 1000;

/** Cost of a call on whole numbers, beside what it computes: refused ones have it too. */
export const BIGNUM_COST = 100;

/** Cost of a lookup in a secrets manager, and of a change, which waits for a disk or a server (measured: 10 microseconds to 1 millisecond). */
export const LOOKUP_COST = 100_000;
export const STORE_COST = 1_000_000;
