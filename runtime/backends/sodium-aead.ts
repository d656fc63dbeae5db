/** XChaCha20-Poly1305 of libsodium in WebAssembly. */
import { part } from '../bytes.js';
import type { AeadCipher } from '../contracts/primitives.js';
import { fail } from '../failures.js';
import { loadSodium, SODIUM_ROOM } from './libsodium.js';

const KEY = 32;
const NONCE = 24;
const TAG = 16;
/** One after the other: key, nonce, tag, associated data, message. */
const PARTS = KEY + NONCE + TAG;

/**
 * The longest input, associated data and message, in bytes. Three cipher objects of `node:crypto` take ten microseconds
 * before they encrypt anything; libsodium takes one, and then three times as long for every byte (measured).
 */
export const SODIUM_AEAD_BYTES = 4096;
if (PARTS + SODIUM_AEAD_BYTES > SODIUM_ROOM) throw new RangeError('the longest input does not fit');

/** For input up to `SODIUM_AEAD_BYTES`. Throws where libsodium is not installed. */
export function sodiumXchacha(): AeadCipher {
  const sodium = loadSodium();
  const { bytes } = sodium;
  type Parts = { readonly tag: number; readonly associated: number; readonly data: number };

  /** @param use gets the addresses, once everything but the tag stands there; parameters of 64 bits cross in halves */
  function run(
    key: Uint8Array,
    nonce: Uint8Array,
    associated: Uint8Array,
    data: Uint8Array,
    use: (at: number, parts: Parts) => void,
  ): void {
    sodium.withRoom(PARTS + associated.length + data.length, (at) => {
      const parts = { tag: at + KEY + NONCE, associated: at + PARTS, data: at + PARTS + associated.length };
      bytes.set(key, at);
      bytes.set(nonce, at + KEY);
      bytes.set(associated, parts.associated);
      bytes.set(data, parts.data);
      use(at, parts);
    });
  }

  const sealDetached: AeadCipher['sealDetached'] = (key, nonce, associated, data, out, tag) => {
    run(key.bytes, nonce, associated, data, (at, parts) => {
      // Where it writes the size of the tag, and a nonce of its own that it does not take: nowhere.
      const status = sodium.call(
        'crypto_aead_xchacha20poly1305_ietf_encrypt_detached',
        parts.data,
        parts.tag,
        0,
        parts.data,
        data.length,
        0,
        parts.associated,
        associated.length,
        0,
        0,
        at + KEY,
        at,
      );
      if (status !== 0) throw new Error('libsodium refused XChaCha20-Poly1305');
      out.set(part(bytes, parts.data, parts.data + data.length));
      tag.set(part(bytes, parts.tag, parts.tag + TAG));
    });
  };
  const openDetached: AeadCipher['openDetached'] = (key, nonce, associated, data, tag, out) => {
    run(key.bytes, nonce, associated, data, (at, parts) => {
      bytes.set(tag, parts.tag);
      const status = sodium.call(
        'crypto_aead_xchacha20poly1305_ietf_decrypt_detached',
        parts.data,
        0,
        parts.data,
        data.length,
        0,
        parts.tag,
        parts.associated,
        associated.length,
        0,
        at + KEY,
        at,
      );
      if (status !== 0) throw fail.InvalidTag;
      out.set(part(bytes, parts.data, parts.data + data.length));
    });
  };
  return {
    sealDetached,
    openDetached,
    seal(key, nonce, associated, data, out) {
      const { length } = data;
      sealDetached(key, nonce, associated, data, part(out, 0, length), part(out, length, length + TAG));
    },
    open(key, nonce, associated, data, out) {
      const { length } = out;
      openDetached(key, nonce, associated, part(data, 0, length), part(data, length, length + TAG), out);
    },
  };
}
