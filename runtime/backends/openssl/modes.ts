/** AES in counter mode and in CBC mode, by `node:crypto`. */
import { createCipheriv, createDecipheriv } from 'node:crypto';
import { clear } from '../../blocks.js';
import { part } from '../../bytes.js';
import type { ChainingCipher, CounterCipher } from '../../contracts/primitives.js';
import { missing } from '../provider.js';

const zeros = new Uint8Array(16);
const PIECE_BYTES = 64 * 1024;

/** Encrypts or decrypts where it stands: results are new memory, which is wiped. */
function inPlace(cipher: { update(data: Uint8Array): Uint8Array }, data: Uint8Array): void {
  for (let start = 0; start < data.length; start += PIECE_BYTES) {
    const result = cipher.update(part(data, start, Math.min(data.length, start + PIECE_BYTES)));
    data.set(result, start);
    clear(result);
  }
}

/** The name of a cipher. Throws where this Node does not have it. */
function tried(keyLength: number, mode: string): string {
  const name = `aes-${keyLength * 8}-${mode}`;
  try {
    createCipheriv(name, new Uint8Array(keyLength), zeros).final();
  } catch {
    throw missing(name);
  }
  return name;
}

/** Throws where this Node does not have the cipher. */
export function opensslCounter(keyLength: number): CounterCipher {
  const name = tried(keyLength, 'ctr');
  return {
    add(key, counter, skip, data) {
      const cipher = createCipheriv(name, key.keyObject, counter);
      if (skip > 0) clear(cipher.update(part(zeros, 0, skip)));
      inPlace(cipher, data);
    },
  };
}

/** Throws where this Node does not have the cipher. */
export function opensslChaining(keyLength: number): ChainingCipher {
  const name = tried(keyLength, 'cbc');
  return {
    encrypt(key, iv, blocks) {
      inPlace(createCipheriv(name, key.keyObject, iv).setAutoPadding(false), blocks);
    },
    decrypt(key, iv, blocks) {
      inPlace(createDecipheriv(name, key.keyObject, iv).setAutoPadding(false), blocks);
    },
  };
}
