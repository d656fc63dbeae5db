/**
 * What objects cost their guest's budget of memory beside the bytes that they are made of, in bytes: handle, objects of
 * JavaScript and of OpenSSL. Resident memory over tens of thousands of each, rounded up (measured, Node 20, both
 * backends). An asymmetric key's own price is that of its family (`KeyPrices`).
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
} as const;

/** One value in a set of options. */
export const OPTION_PRICE = 200;
/** A symmetric key, which several handles and states can share. */
export const KEY_PRICE = 550;
/** What a cipher or HMAC computes from a key once: key schedules, or OpenSSL's own copy. */
export const PREPARED_PRICE = 1650;
/** A hash or HMAC of OpenSSL's that takes input in parts. */
export const STREAM_PRICE = 800;
