/** Authenticated encryption by `node:crypto`. */
import { createCipheriv, createDecipheriv, type Cipheriv, type CipherGCMTypes, type Decipheriv } from 'node:crypto';
import { clear } from '../../blocks.js';
import { overlap, part } from '../../bytes.js';
import type { AeadCipher, AeadName, CipherKey } from '../../contracts/primitives.js';
import { fail } from '../../failures.js';
import { missing } from '../provider.js';
import { LONGEST_INPUT } from './backend.js';

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

/** Throws where this Node does not have the cipher. Its tags have 16 bytes, the size that Node takes unless told otherwise. */
export function opensslAead(name: AeadName, keyLength: number): AeadCipher {
  // One type for all: those of GCM and ChaCha20-Poly1305 differ only in an option that neither needs.
  const cipherName = name as CipherGCMTypes;
  try {
    createCipheriv(cipherName, new Uint8Array(keyLength), new Uint8Array(NONCE_BYTES)).final();
  } catch {
    throw missing(name);
  }
  function seal(
    key: CipherKey,
    nonce: Uint8Array,
    associated: Uint8Array,
    data: Uint8Array,
    out: Uint8Array,
  ): Uint8Array {
    const cipher = createCipheriv(cipherName, key.keyObject, nonce);
    if (associated.length > 0) cipher.setAAD(associated);
    if (data.length > PIECE_BYTES) transform(cipher, data, out);
    else if (data.length > 0) deliver(cipher.update(data), out, 0);
    cipher.final();
    return cipher.getAuthTag();
  }
  const open: AeadCipher['openDetached'] = (key, nonce, associated, data, tag, out) => {
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
  };
  return {
    seal(key, nonce, associated, data, out) {
      out.set(seal(key, nonce, associated, data, out), data.length);
    },
    sealDetached(key, nonce, associated, data, out, tag) {
      tag.set(seal(key, nonce, associated, data, out));
    },
    open(key, nonce, associated, data, out) {
      const { length } = out;
      open(key, nonce, associated, part(data, 0, length), part(data, length, data.length), out);
    },
    openDetached: open,
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
