/** Authenticated encryption by primitives of our own. */
import { timingSafeEqual } from 'node:crypto';
import type { AeadCipher, CipherKey } from '../../contracts/primitives.js';
import { fail } from '../../failures.js';
import { aligned, INPUT, KEY, NONCE, requirePrimitives, TAG, withMemory, type Primitives } from './module.js';

const TAG_BYTES = 16;

/** What a cipher is given: everything lies in memory, key and nonce where all have them. */
export interface Crossing {
  readonly primitives: Primitives;
  readonly memory: Uint8Array;
  readonly key: CipherKey;
  readonly associated: number;
  readonly associatedLength: number;
  readonly message: number;
  readonly length: number;
}

/**
 * Makes a cipher with tags of 16 bytes.
 *
 * @param spare bytes that it needs behind the message
 * @param encrypt the message where it stands; leaves the tag in `TAG`
 * @param decrypt likewise; in `TAG` it finds the tag that came, and leaves the one that should have
 */
export function aeadOf(
  spare: number,
  encrypt: (crossing: Crossing) => void,
  decrypt: (crossing: Crossing) => void,
): AeadCipher {
  requirePrimitives();
  /** @param finish gets the message as it is afterwards, and the tag */
  function cross(
    run: (crossing: Crossing) => void,
    key: CipherKey,
    nonce: Uint8Array,
    associated: Uint8Array,
    data: Uint8Array,
    tag: Uint8Array | undefined,
    finish: (message: Uint8Array, tag: Uint8Array) => void,
  ): void {
    const message = aligned(INPUT + associated.length);
    const { length } = data;
    withMemory(aligned(message + length) + spare - INPUT, (primitives, memory) => {
      memory.set(key.bytes, KEY);
      memory.set(nonce, NONCE);
      memory.set(associated, INPUT);
      memory.set(data, message);
      if (tag !== undefined) memory.set(tag, TAG);
      run({
        primitives,
        memory,
        key,
        associated: INPUT,
        associatedLength: associated.length,
        message,
        length,
      });
      finish(memory.subarray(message, message + length), memory.subarray(TAG, TAG + TAG_BYTES));
    });
  }
  const cipher: AeadCipher = {
    seal(key, nonce, associated, data, out) {
      cross(encrypt, key, nonce, associated, data, undefined, (message, tag) => {
        out.set(message);
        out.set(tag, message.length);
      });
    },
    sealDetached(key, nonce, associated, data, out, into) {
      cross(encrypt, key, nonce, associated, data, undefined, (message, tag) => {
        out.set(message);
        into.set(tag);
      });
    },
    open(key, nonce, associated, data, out) {
      const end = data.length - TAG_BYTES;
      cipher.openDetached(key, nonce, associated, data.subarray(0, end), data.subarray(end), out);
    },
    openDetached(key, nonce, associated, data, tag, out) {
      // Outputs may overlap it.
      const given = new Uint8Array(tag);
      cross(decrypt, key, nonce, associated, data, given, (message, computed) => {
        if (!timingSafeEqual(computed, given)) throw fail.InvalidTag;
        out.set(message);
      });
    },
  };
  return cipher;
}

/** Ascon-AEAD128 (SP 800-232, 4). */
export function asconAead(): AeadCipher {
  const run =
    (decrypt: boolean) =>
    ({ primitives, associated, associatedLength, message, length }: Crossing): void =>
      primitives.asconAead(decrypt, associated, associatedLength, message, length);
  return aeadOf(0, run(false), run(true));
}

/**
 * AEGIS (draft-irtf-cfrg-aegis-aead).
 *
 * @param keyLength in bytes: 16 or 32
 * @param lanes 1, 2 or 4
 */
export function aegisAead(keyLength: number, lanes: 1 | 2 | 4): AeadCipher {
  const run =
    (decrypt: boolean) =>
    ({ primitives, associated, associatedLength, message, length }: Crossing): void =>
      primitives.aegis(keyLength === 32, lanes, decrypt, associated, associatedLength, message, length);
  return aeadOf(0, run(false), run(true));
}
