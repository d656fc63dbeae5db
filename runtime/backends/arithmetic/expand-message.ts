/** RFC 9380, section 5.3: many uniform bytes out of a message and a tag of its domain. */
import { createHash } from 'node:crypto';
import { newBytes } from '../../blocks.js';
import { concat, wipe } from '../../bytes.js';

export interface Expander {
  /** Of a hash function (`expand_message_xmd`), or SHAKE256 (`expand_message_xof`). */
  readonly hash: 'sha256' | 'sha384' | 'sha512' | 'shake256';
  /** Bits of security that the suite aims at: SHAKE256 hashes tags over 255 bytes to twice as many. */
  readonly strength: number;
}

const sizes = { sha256: [32, 64], sha384: [48, 128], sha512: [64, 128] } as const;
const oversize = Buffer.from('H2C-OVERSIZE-DST-');
const MOST_TAG = 255;

/**
 * @param tag at least one byte
 * @param length of the result, in bytes: at most 255 digests
 * @returns new bytes, which the caller wipes
 */
export function expandMessage(
  expander: Expander,
  message: Uint8Array,
  tag: Uint8Array,
  length: number,
): Uint8Array<ArrayBuffer> {
  const { hash, strength } = expander;
  const shortened = hash === 'shake256' ? strength / 4 : sizes[hash][0];
  const short = tag.length > MOST_TAG ? digest(hash, shortened, oversize, tag) : tag;
  const prime = concat(short, Uint8Array.of(short.length));
  const asked = Uint8Array.of(length >> 8, length & 0xff);
  if (hash === 'shake256') return digest(hash, length, message, asked, prime);
  const [size, block] = sizes[hash];
  const first = digest(hash, size, new Uint8Array(block), message, asked, Uint8Array.of(0), prime);
  const mixed = newBytes(size);
  const out = newBytes(length);
  for (let index = 1, at = 0; at < length; index += 1, at += size) {
    for (let byte = 0; byte < size; byte += 1) mixed[byte] = (mixed[byte] as number) ^ (first[byte] as number);
    const next = digest(hash, size, mixed, Uint8Array.of(index), prime);
    out.set(next.subarray(0, length - at), at);
    mixed.set(next);
    wipe(next);
  }
  wipe(first, mixed);
  return out;
}

function digest(hash: Expander['hash'], size: number, ...parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const running = createHash(hash, hash === 'shake256' ? { outputLength: size } : {});
  for (const each of parts) running.update(each);
  const made = running.digest();
  const out = newBytes(size);
  out.set(made.subarray(0, size));
  wipe(made);
  return out;
}
