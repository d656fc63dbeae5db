/** OpenSSL, through `node:crypto`: hashes and authenticated ciphers. */
import {
  createCipheriv,
  createDecipheriv,
  createHash,
  hash as hashOnce,
  type BinaryToTextEncoding,
  type Cipheriv,
  type CipherGCMTypes,
  type Decipheriv,
  type Hash,
  type KeyObject,
} from 'node:crypto';
import { fail } from '../failures.js';
import { BLOCK_BYTES, clear, giveBack, takeBytes } from '../blocks.js';
import { overlap, part } from '../bytes.js';
import { Unavailable, type Backend } from './backend.js';

export const openssl: Backend = {
  kind: 'openssl',
  name: `OpenSSL ${process.versions['openssl'] ?? 'of unknown version'}`,
};

/** `node:crypto` refuses inputs of 2^31 bytes; guest memory can hold twice that. */
const LONGEST_INPUT = 2 ** 30;

const empty = new Uint8Array(0);

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

/**
 * Digests that are no secrets come as strings: 0.4 of the time of a Buffer, and with two bytes in a character 0.9 of the
 * time of one (measured). Node takes more encodings than its types say.
 */
const DIGEST_TEXT = 'utf16le' as BinaryToTextEncoding;

/** Throws where this Node cannot compute the hash, in both forms. */
export function requireHash(hash: Pick<HashFunction, 'name' | 'length'>): void {
  try {
    const bytes = hashOnce(hash.name, empty, 'buffer');
    if (bytes.length === hash.length && bytes.toString('utf16le') === hashOnce(hash.name, empty, DIGEST_TEXT)) return;
  } catch {
    // OpenSSL was built or configured without it.
  }
  throw new Unavailable(`this OpenSSL has no ${hash.name}`);
}

/** The hash of input that holds a secret: the digest never becomes a string. */
export function secretDigest(hash: HashFunction, input: Uint8Array): Uint8Array {
  return hashOnce(hash.name, input, 'buffer');
}

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
      const kept = this.#kept();
      if (kept.length > 0) started.update(kept);
      feed(started, data);
      this.#hasher = started;
      this.#forget();
    }
  }

  /** Writes the front of a digest that is no secret; `out` has the digest's size at most. */
  writeDigest(out: Uint8Array): void {
    const digest =
      this.#hasher === undefined
        ? hashOnce(this.hash.name, this.#kept(), DIGEST_TEXT)
        : this.#hasher.copy().digest(DIGEST_TEXT);
    for (let index = 0; index < out.length; index += 2) {
      const pair = digest.charCodeAt(index >> 1);
      out[index] = pair;
      // Past the end of an odd length nothing is written.
      out[index + 1] = pair >> 8;
    }
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
    hasher.update(
      data.length <= LONGEST_INPUT ? data : part(data, start, Math.min(data.length, start + LONGEST_INPUT)),
    );
  }
}

/** What a cipher needs of a key. */
interface CipherKey {
  readonly keyObject: KeyObject;
}

/** Authenticated encryption with associated data. The caller has checked all sizes. */
export interface AeadCipher {
  /** Writes the ciphertext, as long as the message, to the front of `out`, and returns the tag. `out` may overlap `data`. */
  seal(key: CipherKey, nonce: Uint8Array, associated: Uint8Array, data: Uint8Array, out: Uint8Array): Uint8Array;
  /** Writes the message once the tag is verified; `invalid_tag` otherwise. `out` may overlap `data` and `tag`. */
  open(
    key: CipherKey,
    nonce: Uint8Array,
    associated: Uint8Array,
    data: Uint8Array,
    tag: Uint8Array,
    out: Uint8Array,
  ): void;
}

const NONCE_BYTES = 12;

/**
 * What `node:crypto` returns lies in new memory, which is freed when V8 collects garbage: until then
 * every result takes pages that nobody has touched yet. Where Node can free at once (22 and later), the
 * next result comes to lie where the last one was: 0.7 of the time at 64 KiB and at 1 MiB (measured,
 * Node 24). Then pieces pay, too: 0.93 of the time at 1 MiB. Without it they cost: 1.1 of the time on
 * Node 20, 1.3 on Node 24.
 */
const freesAtOnce = 'transfer' in ArrayBuffer.prototype;
const PIECE_BYTES = freesAtOnce ? 128 * 1024 : LONGEST_INPUT;
/** Shorter results are not worth the call. */
const FREED_BYTES = 4096;

interface Transferable {
  transfer(size: number): unknown;
}

/** Frees memory that nothing uses any more. The bytes are not wiped. */
function free({ length, buffer }: Uint8Array): void {
  if (freesAtOnce && length >= FREED_BYTES && buffer.byteLength === length)
    (buffer as unknown as Transferable).transfer(0);
}

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
  return {
    seal(key, nonce, associated, data, out) {
      const cipher = createCipheriv(cipherName, key.keyObject, nonce);
      if (associated.length > 0) cipher.setAAD(associated);
      if (data.length > PIECE_BYTES) transform(cipher, data, out);
      else if (data.length > 0) deliver(cipher.update(data), out, 0);
      cipher.final();
      return cipher.getAuthTag();
    },
    open(key, nonce, associated, data, tag, out) {
      const decipher = createDecipheriv(cipherName, key.keyObject, nonce);
      if (associated.length > 0) decipher.setAAD(associated);
      decipher.setAuthTag(tag);
      if (data.length > PIECE_BYTES) openInPieces(decipher, data, out);
      else if (data.length === 0) requireAuthentic(decipher);
      else {
        const message = decipher.update(data);
        try {
          requireAuthentic(decipher);
          out.set(message);
        } finally {
          clear(message);
          free(message);
        }
      }
    },
  };
}

/** Ciphertext to where the guest wants it. */
function deliver(ciphertext: Uint8Array, out: Uint8Array, start: number): void {
  out.set(ciphertext, start);
  free(ciphertext);
}

function openInPieces(decipher: Decipheriv, data: Uint8Array, out: Uint8Array): void {
  const message: Uint8Array[] = [];
  try {
    inPieces(data, PIECE_BYTES, (piece) => void message.push(decipher.update(piece)));
    requireAuthentic(decipher);
    writeAll(message, out);
  } finally {
    for (const piece of message) {
      piece.fill(0);
      free(piece);
    }
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
    inPieces(data, PIECE_BYTES, (piece) => void results.push(cipher.update(piece)));
    writeAll(results, out);
    for (const result of results) free(result);
    return;
  }
  inPieces(data, PIECE_BYTES, (piece, start) => deliver(cipher.update(piece), out, start));
}

function inPieces(data: Uint8Array, size: number, use: (piece: Uint8Array, start: number) => void): void {
  if (data.length <= size) use(data, 0);
  else
    for (let start = 0; start < data.length; start += size)
      use(part(data, start, Math.min(data.length, start + size)), start);
}

function writeAll(parts: readonly Uint8Array[], out: Uint8Array): void {
  let start = 0;
  for (const part of parts) {
    out.set(part, start);
    start += part.length;
  }
}
