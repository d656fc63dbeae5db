/** OpenSSL, through `node:crypto`: hashes and authenticated ciphers. */
import {
  createCipheriv, createDecipheriv, createHash, hash as hashOnce,
  type CipherGCMTypes, type Hash,
} from 'node:crypto';
import { fail } from '../../generated/0.10/typescript-host/types.js';
import { overlap, wipe } from '../bytes.js';
import type { KeyMaterial } from '../objects/symmetric-keys.js';
import { Unavailable, type Backend } from './backend.js';

export const openssl: Backend = { kind: 'openssl', name: `OpenSSL ${process.versions['openssl'] ?? 'of unknown version'}` };

/** `node:crypto` refuses inputs of 2^31 bytes; guest memory can hold twice that. */
const LONGEST_INPUT = 2 ** 30;

/** A hash function. Sizes in bytes. */
export interface HashFunction {
  /** OpenSSL's name. */
  readonly name: string;
  readonly length: number;
  readonly blockLength: number;
}

export const sha256: HashFunction = { name: 'sha256', length: 32, blockLength: 64 };
export const sha384: HashFunction = { name: 'sha384', length: 48, blockLength: 128 };
export const sha512: HashFunction = { name: 'sha512', length: 64, blockLength: 128 };
export const sha512t256: HashFunction = { name: 'sha512-256', length: 32, blockLength: 128 };

/** Throws where this Node cannot compute the hash. */
export function requireHash(hash: HashFunction): void {
  try {
    if (hashOnce(hash.name, new Uint8Array(0), 'buffer').length === hash.length) return;
  } catch {
    // OpenSSL was built or configured without it.
  }
  throw new Unavailable(`this OpenSSL has no ${hash.name}`);
}

/** The hash of input that holds a secret: the digest never becomes a string. */
export function secretDigest(hash: HashFunction, input: Uint8Array): Uint8Array {
  return hashOnce(hash.name, input, 'buffer');
}

/** Up to this many bytes input waits in a buffer of ours. */
const BUFFERED_BYTES = 4096;
const empty = new Uint8Array(0);

/**
 * A few buffers that are used again: a new array costs as much as hashing 64 bytes once it is too
 * large for V8 to keep it in its own heap (measured). They lie here wiped. More states than buffers
 * get arrays of their own, so that many open states hold no more than their input.
 */
const SPARE = 8;
const spare: Uint8Array[] = Array.from({ length: SPARE }, () => new Uint8Array(BUFFERED_BYTES));
const IN_HEAP_BYTES = 64;

/**
 * A hash that goes on after its digest was taken. Short input is kept and hashed in one call when a
 * digest is wanted: 0.4 of the time of a Hash object at 64 bytes (measured). Longer input goes into
 * a Hash object, of which every digest finishes a copy.
 */
export class RunningHash {
  readonly hash: HashFunction;
  /** Comes before all input; kept by its owner, who wipes it. */
  readonly #prefix: Uint8Array;
  #buffer: Uint8Array = empty;
  #length = 0;
  #hasher: Hash | undefined;

  constructor(hash: HashFunction, prefix: Uint8Array = empty) {
    this.hash = hash;
    this.#prefix = prefix;
  }

  update(data: Uint8Array): void {
    const hasher = this.#hasher;
    if (hasher !== undefined) feed(hasher, data);
    else if (this.#prefix.length + this.#length + data.length <= BUFFERED_BYTES) this.#keep(data);
    else {
      const started = createHash(this.hash.name);
      started.update(this.#kept());
      feed(started, data);
      this.#hasher = started;
      this.#forget();
    }
  }

  /** Writes the front of a digest that is no secret; `out` has the digest's size at most. */
  writeDigest(out: Uint8Array): void {
    // A string of one character a byte takes 0.4 of the time of a Buffer (measured).
    const digest = this.#hasher === undefined ? hashOnce(this.hash.name, this.#kept(), 'binary') : this.#hasher.copy().digest('binary');
    for (let index = 0; index < out.length; index += 1) out[index] = digest.charCodeAt(index);
  }

  /** A digest that may be secret. */
  digest(): Uint8Array {
    return this.#hasher === undefined ? secretDigest(this.hash, this.#kept()) : this.#hasher.copy().digest();
  }

  clone(): RunningHash {
    const copy = new RunningHash(this.hash, this.#prefix);
    if (this.#hasher !== undefined) copy.#hasher = this.#hasher.copy();
    else if (this.#length > 0) copy.#keep(this.#kept().subarray(this.#prefix.length));
    return copy;
  }

  wipe(): void {
    this.#forget();
    this.#hasher = undefined;
  }

  #kept(): Uint8Array {
    if (this.#length === 0) return this.#prefix;
    const end = this.#prefix.length + this.#length;
    return end === this.#buffer.length ? this.#buffer : this.#buffer.subarray(0, end);
  }

  #keep(data: Uint8Array): void {
    const start = this.#prefix.length + this.#length;
    const end = start + data.length;
    if (end > this.#buffer.length) {
      // The first part is mostly the only one: it gets exactly its size.
      const length = this.#length === 0 ? end : Math.min(BUFFERED_BYTES, end * 2);
      const grown = (length > IN_HEAP_BYTES ? spare.pop() : undefined) ?? new Uint8Array(length);
      if (start > 0) grown.set(this.#kept());
      if (this.#length > 0) this.#buffer.fill(0);
      this.#buffer = grown;
    }
    this.#buffer.set(data, start);
    this.#length += data.length;
  }

  #forget(): void {
    if (this.#length === 0) return;
    this.#buffer.fill(0, 0, this.#prefix.length + this.#length);
    if (this.#buffer.length === BUFFERED_BYTES && spare.length < SPARE) spare.push(this.#buffer);
    this.#buffer = empty;
    this.#length = 0;
  }
}

function feed(hasher: Hash, data: Uint8Array): void {
  for (let start = 0; start < data.length; start += LONGEST_INPUT) {
    hasher.update(data.length <= LONGEST_INPUT ? data : data.subarray(start, start + LONGEST_INPUT));
  }
}

/** Authenticated encryption with associated data. The caller has checked all sizes. */
export interface AeadCipher {
  /** Writes the ciphertext, as long as the message, and returns the tag. `out` may overlap `data`. */
  seal(key: KeyMaterial, nonce: Uint8Array, associated: Uint8Array, data: Uint8Array, out: Uint8Array): Uint8Array;
  /** Writes the message once the tag is verified; `invalid_tag` otherwise. `out` may overlap `data` and `tag`. */
  open(key: KeyMaterial, nonce: Uint8Array, associated: Uint8Array, data: Uint8Array, tag: Uint8Array, out: Uint8Array): void;
}

const TAG_BYTES = 16;
const authenticated = { authTagLength: TAG_BYTES } as const;

/** Ciphertext comes out of `node:crypto` as new Buffers: pieces that fit the cache cost less than one of a megabyte (measured: 0.85 to 0.9). */
const PIECE_BYTES = 64 * 1024;

/**
 * Throws where this Node does not have the cipher.
 *
 * @param name OpenSSL's, of a cipher with 12 bytes of nonce and 16 bytes of tag
 * @param keyLength in bytes
 */
export function opensslAead(name: 'aes-128-gcm' | 'aes-256-gcm' | 'chacha20-poly1305', keyLength: number): AeadCipher {
  // One type for all: those of GCM and ChaCha20-Poly1305 differ only in an option that neither needs.
  const cipherName = name as CipherGCMTypes;
  try {
    createCipheriv(cipherName, new Uint8Array(keyLength), new Uint8Array(12), authenticated).final();
  } catch {
    throw new Unavailable(`this OpenSSL has no ${name}`);
  }
  return {
    seal(key, nonce, associated, data, out) {
      const cipher = createCipheriv(cipherName, key.keyObject, nonce, authenticated);
      if (associated.length > 0) cipher.setAAD(associated);
      if (data.length > 0) transform((piece) => cipher.update(piece), data, out);
      cipher.final();
      return cipher.getAuthTag();
    },
    open(key, nonce, associated, data, tag, out) {
      const decipher = createDecipheriv(cipherName, key.keyObject, nonce, authenticated);
      if (associated.length > 0) decipher.setAAD(associated);
      decipher.setAuthTag(tag);
      const message: Uint8Array[] = [];
      try {
        if (data.length > 0) inPieces(data, LONGEST_INPUT, (piece) => void message.push(decipher.update(piece)));
        requireAuthentic(decipher);
        writeAll(message, out);
      } finally {
        wipe(...message);
      }
    },
  };
}

/** The only failure that `final` has once everything before it went well is a wrong tag. */
function requireAuthentic(decipher: { final(): Uint8Array }): void {
  try {
    decipher.final();
  } catch {
    throw fail.InvalidTag;
  }
}

function transform(step: (piece: Uint8Array) => Uint8Array, data: Uint8Array, out: Uint8Array): void {
  if (data.length <= PIECE_BYTES) {
    out.set(step(data));
    return;
  }
  if (overlap(data, out)) {
    // Nothing may be written before everything was read.
    const results: Uint8Array[] = [];
    inPieces(data, LONGEST_INPUT, (piece) => void results.push(step(piece)));
    writeAll(results, out);
    return;
  }
  inPieces(data, PIECE_BYTES, (piece, start) => out.set(step(piece), start));
}

function inPieces(data: Uint8Array, size: number, use: (piece: Uint8Array, start: number) => void): void {
  if (data.length <= size) use(data, 0);
  else for (let start = 0; start < data.length; start += size) use(data.subarray(start, start + size), start);
}

function writeAll(parts: readonly Uint8Array[], out: Uint8Array): void {
  let start = 0;
  for (const part of parts) {
    out.set(part, start);
    start += part.length;
  }
}
