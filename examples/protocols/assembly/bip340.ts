// Schnorr signatures over secp256k1 (BIP-340). Keys are scalars of the host; the nonce too. The secret key comes into the memory of
// the guest for the time of one hash, which the nonce is derived from.
//
// Keys are numbers for whoever calls; 0, or nothing, is a refusal.
import { expect, hash } from "wasi-crypto";
import {
  ElementFormat,
  Scalar,
  Secrecy,
  addElements,
  addScalars,
  constantTimeEquals,
  decodeElement,
  decodeScalar,
  encodeElement,
  mulBase,
  mulElement,
  mulScalars,
  negScalar,
  ok,
  randomBytes,
  randomScalar,
  reduceToScalar,
} from "wasi-crypto-ext";
import { concat, forget, refuse, refuseClaim, refuseNumber, text } from "./bytes";
import { Desk } from "./desk";

export { refusal } from "./bytes";

const LENGTH = 32;

/** What the first byte of a point says whose y is even, in its compressed form. */
const EVEN: u8 = 2;

let opened: Desk | null = null;

/** Opened by the first call: imports cannot be called before. */
function curve(): Desk {
  if (opened == null) opened = Desk.of("secp256k1");
  return opened!;
}

class Key {
  constructor(
    /** That of the point whose y is even. */
    readonly secret: Scalar,
    /** The x coordinate. */
    readonly point: Uint8Array,
  ) {}
}

const keys = new Array<Key | null>();

function keyOf(key: u32): Key | null {
  return key > 0 && key <= <u32>keys.length ? keys[key - 1] : null;
}

function digest(parts: Array<Uint8Array>): Uint8Array {
  const all = concat(parts);
  const bytes = new Uint8Array(LENGTH);
  expect(hash("SHA-256", all, bytes), "hashing");
  forget([all]);
  return bytes;
}

function taggedHash(tag: string, parts: Array<Uint8Array>): Uint8Array {
  const name = digest([text("BIP0340/" + tag)]);
  const input = concat(parts);
  const bytes = digest([name, name, input]);
  forget([input]);
  return bytes;
}

/** The scalar whose multiple of the generator has an even y: this one, or its negative. The point is public. */
function even(desk: Desk, scalar: Scalar, encoded: Uint8Array): Scalar {
  return encoded[0] == EVEN ? scalar : desk.scalar(negScalar(desk.group, Secrecy.Secret, scalar));
}

function keep(desk: Desk, secret: Scalar): u32 {
  const encoded = desk.encoded(desk.element(mulBase(desk.group, secret)));
  const id = keys.push(new Key(desk.release(even(desk, secret, encoded)), encoded.slice(1)));
  desk.clear();
  return id;
}

/** Makes a key, which never leaves the host. */
export function generateKey(): u32 {
  const desk = curve();
  return keep(desk, desk.scalar(randomScalar(desk.group, Secrecy.Secret)));
}

/** Reads a secret key of 32 bytes. */
export function importKey(secret: Uint8Array): u32 {
  const desk = curve();
  const decoded = decodeScalar(desk.group, Secrecy.Secret, secret);
  if (!ok(decoded)) return refuseNumber("this is no secret key");
  const scalar = desk.scalar(decoded);
  if (!desk.isZero(scalar)) return keep(desk, scalar);
  desk.clear();
  return refuseNumber("this is no secret key");
}

/** The public key, 32 bytes: an x coordinate. */
export function publicKey(key: u32): Uint8Array | null {
  const it = keyOf(key);
  return it == null ? refuse("there is no such key") : it.point;
}

export function closeKey(key: u32): void {
  const it = keyOf(key);
  if (it == null) return;
  it.secret.close();
  keys[key - 1] = null;
}

/** Signs a message of any length. `auxiliary`: 32 random bytes as vectors have them, or empty: then they are chosen. */
export function sign(key: u32, message: Uint8Array, auxiliary: Uint8Array): Uint8Array | null {
  const it = keyOf(key);
  if (it == null) return refuse("there is no such key");
  if (auxiliary.length != 0 && auxiliary.length != LENGTH) return refuse("auxiliary randomness has 32 bytes");
  const fresh = new Uint8Array(LENGTH);
  if (auxiliary.length == 0) expect(randomBytes(fresh), "choosing random bytes");
  else fresh.set(auxiliary);
  const signature = signed(curve(), it, message, fresh);
  curve().clear();
  if (signature == null) return refuse("the nonce is zero");
  // As BIP-340 advises: a fault while signing could tell the key.
  return verify(it.point, message, signature) ? signature : refuse("the signature came out wrong");
}

function signed(desk: Desk, key: Key, message: Uint8Array, fresh: Uint8Array): Uint8Array | null {
  const mask = taggedHash("aux", [fresh]);
  const masked = desk.encodedScalar(key.secret);
  for (let index = 0; index < LENGTH; index += 1) masked[index] ^= mask[index];
  const random = taggedHash("nonce", [masked, key.point, message]);
  const drawn = desk.scalar(reduceToScalar(desk.group, Secrecy.Secret, random));
  forget([fresh, mask, masked, random]);
  if (desk.isZero(drawn)) return null;
  const encoded = desk.encoded(desk.element(mulBase(desk.group, drawn)));
  const nonce = even(desk, drawn, encoded);
  const x = encoded.slice(1);
  const product = desk.scalar(
    mulScalars(desk.group, Secrecy.Secret, challenge(desk, x, key.point, message), key.secret),
  );
  const response = desk.scalar(addScalars(desk.group, Secrecy.Secret, nonce, product));
  return concat([x, desk.encodedScalar(response)]);
}

function challenge(desk: Desk, x: Uint8Array, point: Uint8Array, message: Uint8Array): Scalar {
  const bytes = taggedHash("challenge", [x, point, message]);
  return desk.scalar(reduceToScalar(desk.group, Secrecy.Public, bytes));
}

/** Tells whether a signature is one of the message under the key. */
export function verify(point: Uint8Array, message: Uint8Array, signature: Uint8Array): bool {
  const desk = curve();
  const valid = verified(desk, point, message, signature);
  desk.clear();
  return valid;
}

function verified(desk: Desk, point: Uint8Array, message: Uint8Array, signature: Uint8Array): bool {
  // The host would read longer encodings as well.
  if (point.length != LENGTH || signature.length != 2 * LENGTH)
    return refuseClaim("the key or the signature has another length");
  const lifted = decodeElement(desk.group, point);
  if (!ok(lifted)) return refuseClaim("the key is no point of the curve");
  const key = desk.element(lifted);
  const x = signature.slice(0, LENGTH);
  const read = decodeScalar(desk.group, Secrecy.Public, signature.subarray(LENGTH));
  if (!ok(read)) return refuseClaim("the signature is malformed");
  const response = desk.scalar(read);
  const negative = desk.scalar(negScalar(desk.group, Secrecy.Public, challenge(desk, x, point, message)));
  const base = desk.element(mulBase(desk.group, response));
  const sum = desk.element(addElements(desk.group, base, desk.element(mulElement(desk.group, key, negative))));
  // The point at infinity has no encoding.
  const encoded = new Uint8Array(1 + LENGTH);
  if (!ok(encodeElement(sum, ElementFormat.Compressed, encoded))) return refuseClaim("the signature is not valid");
  const valid = encoded[0] == EVEN && constantTimeEquals(encoded.subarray(1), x);
  return valid || refuseClaim("the signature is not valid");
}
