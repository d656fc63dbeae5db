/** OpenSSL, through `node:crypto`: hashes and authenticated ciphers. */
import {
  createCipheriv, createDecipheriv, createHash, hash as hashOnce,
  type Cipheriv, type CipherGCMTypes, type Decipheriv, type Hash,
} from 'node:crypto';
import { fail } from '../../generated/0.10/typescript-host/types.js';
import { BLOCK_BYTES, giveBack, takeBytes } from '../blocks.js';
import { overlap, part, wipe } from '../bytes.js';
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

const empty = new Uint8Array(0);

/**
 * A hash that goes on after its digest was taken. Short input is kept and hashed in one call when a
 * digest is wanted: 0.4 of the time of a Hash object at 64 bytes (measured). Longer input goes into
 * a Hash object, of which every digest finishes a copy.
 */
export class RunningHash {
  readonly hash: HashFunction;
  /** Comes before all input; kept by its owner, who wipes it. */
  readonly #prefix: Uint8Array;
  #buffer: Uint8Array<ArrayBuffer> = empty;
  #length = 0;
  #hasher: Hash | undefined;

  constructor(hash: HashFunction, prefix: Uint8Array = empty) {
    this.hash = hash;
    this.#prefix = prefix;
  }

  update(data: Uint8Array): void {
    const hasher = this.#hasher;
    if (hasher !== undefined) feed(hasher, data);
    else if (this.#prefix.length + this.#length + data.length <= BLOCK_BYTES) this.#keep(data);
    else {
      const started = createHash(this.hash.name);
      // An update with nothing still takes as long as one with 64 bytes (measured).
      const kept = this.#kept();
      if (kept.length > 0) started.update(kept);
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
    else if (this.#length > 0) copy.#keep(part(this.#buffer, this.#prefix.length, this.#prefix.length + this.#length));
    return copy;
  }

  wipe(): void {
    this.#forget();
    this.#hasher = undefined;
  }

  #kept(): Uint8Array {
    if (this.#length === 0) return this.#prefix;
    const end = this.#prefix.length + this.#length;
    return end === this.#buffer.length ? this.#buffer : part(this.#buffer, 0, end);
  }

  #keep(data: Uint8Array): void {
    const start = this.#prefix.length + this.#length;
    const end = start + data.length;
    if (end > this.#buffer.length) {
      // The first part is mostly the only one: it gets exactly its size, or a block.
      const grown = takeBytes(this.#length === 0 ? end : Math.min(BLOCK_BYTES, end * 2));
      if (start > 0) grown.set(this.#kept());
      if (this.#buffer.length > 0) giveBack(this.#buffer, start);
      this.#buffer = grown;
    }
    this.#buffer.set(data, start);
    this.#length += data.length;
  }

  #forget(): void {
    if (this.#buffer.length === 0) return;
    giveBack(this.#buffer, this.#prefix.length + this.#length);
    this.#buffer = empty;
    this.#length = 0;
  }
}

function feed(hasher: Hash, data: Uint8Array): void {
  for (let start = 0; start < data.length; start += LONGEST_INPUT) {
    hasher.update(data.length <= LONGEST_INPUT ? data : part(data, start, Math.min(data.length, start + LONGEST_INPUT)));
  }
}

/** Authenticated encryption with associated data. The caller has checked all sizes. */
export interface AeadCipher {
  /** Writes the ciphertext, as long as the message, to the front of `out`, and returns the tag. `out` may overlap `data`. */
  seal(key: KeyMaterial, nonce: Uint8Array, associated: Uint8Array, data: Uint8Array, out: Uint8Array): Uint8Array;
  /** Writes the message once the tag is verified; `invalid_tag` otherwise. `out` may overlap `data` and `tag`. */
  open(key: KeyMaterial, nonce: Uint8Array, associated: Uint8Array, data: Uint8Array, tag: Uint8Array, out: Uint8Array): void;
}

const NONCE_BYTES = 12;

/** Ciphertext comes out of `node:crypto` as new Buffers: pieces that fit the cache cost less than one of a megabyte (measured: 0.85 to 0.9). */
const PIECE_BYTES = 64 * 1024;

/**
 * Throws where this Node does not have the cipher.
 *
 * @param name OpenSSL's, of a cipher with 12 bytes of nonce and 16 bytes of tag (the size that Node takes unless told otherwise)
 * @param keyLength in bytes
 */
export function opensslAead(name: 'aes-128-gcm' | 'aes-256-gcm' | 'chacha20-poly1305', keyLength: number): AeadCipher {
  // One type for all: those of GCM and ChaCha20-Poly1305 differ only in an option that neither needs.
  const cipherName = name as CipherGCMTypes;
  try {
    createCipheriv(cipherName, new Uint8Array(keyLength), new Uint8Array(NONCE_BYTES)).final();
  } catch {
    throw new Unavailable(`this OpenSSL has no ${name}`);
  }
  // Nonces are no secrets, and one that OpenSSL reads where others lay before costs less (see blocks.ts).
  const nonceRoom = new Uint8Array(new ArrayBuffer(NONCE_BYTES));
  return {
    seal(key, nonce, associated, data, out) {
      nonceRoom.set(nonce);
      const cipher = createCipheriv(cipherName, key.keyObject, nonceRoom);
      if (associated.length > 0) cipher.setAAD(associated);
      if (data.length > PIECE_BYTES) transform(cipher, data, out);
      else if (data.length > 0) out.set(cipher.update(data));
      cipher.final();
      return cipher.getAuthTag();
    },
    open(key, nonce, associated, data, tag, out) {
      nonceRoom.set(nonce);
      const decipher = createDecipheriv(cipherName, key.keyObject, nonceRoom);
      if (associated.length > 0) decipher.setAAD(associated);
      decipher.setAuthTag(tag);
      if (data.length > LONGEST_INPUT) openInPieces(decipher, data, out);
      else if (data.length === 0) requireAuthentic(decipher);
      else {
        const message = decipher.update(data);
        try {
          requireAuthentic(decipher);
          out.set(message);
        } finally {
          message.fill(0);
        }
      }
    },
  };
}

function openInPieces(decipher: Decipheriv, data: Uint8Array, out: Uint8Array): void {
  const message: Uint8Array[] = [];
  try {
    inPieces(data, LONGEST_INPUT, (piece) => void message.push(decipher.update(piece)));
    requireAuthentic(decipher);
    writeAll(message, out);
  } finally {
    wipe(...message);
  }
}

/** The only failure that `final` has once everything before it went well is a wrong tag. */
function requireAuthentic(decipher: { final(): Uint8Array }): void {
  try {
    decipher.final();
  } catch {
    throw fail.InvalidTag;
  }
}

/** Anything longer than a piece. */
function transform(cipher: Cipheriv, data: Uint8Array, out: Uint8Array): void {
  if (overlap(data, out)) {
    // Nothing may be written before everything was read.
    const results: Uint8Array[] = [];
    inPieces(data, LONGEST_INPUT, (piece) => void results.push(cipher.update(piece)));
    writeAll(results, out);
    return;
  }
  inPieces(data, PIECE_BYTES, (piece, start) => out.set(cipher.update(piece), start));
}

function inPieces(data: Uint8Array, size: number, use: (piece: Uint8Array, start: number) => void): void {
  if (data.length <= size) use(data, 0);
  else for (let start = 0; start < data.length; start += size) use(part(data, start, Math.min(data.length, start + size)), start);
}

function writeAll(parts: readonly Uint8Array[], out: Uint8Array): void {
  let start = 0;
  for (const part of parts) {
    out.set(part, start);
    start += part.length;
  }
}
