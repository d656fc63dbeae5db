/** AES in counter mode and in CBC mode, and ChaCha20, by `node:crypto`. */
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

/** Throws where this Node does not have the cipher. */
function requireCipher(name: string, keyLength: number): void {
  try {
    createCipheriv(name, new Uint8Array(keyLength), zeros).final();
  } catch {
    throw missing(name);
  }
}

/** Throws where this Node does not have the cipher. */
export function opensslCounter(keyLength: number): CounterCipher {
  return streamOf(`aes-${keyLength * 8}-ctr`, keyLength);
}

/** ChaCha20: its first block is a counter of 4 bytes, little-endian, and a nonce. Throws where this Node does not have the cipher. */
export function opensslChacha20(): CounterCipher {
  return streamOf('chacha20', 32);
}

function streamOf(name: string, keyLength: number): CounterCipher {
  requireCipher(name, keyLength);
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
  const name = `aes-${keyLength * 8}-cbc`;
  requireCipher(name, keyLength);
  return {
    encrypt(key, iv, blocks) {
      inPlace(createCipheriv(name, key.keyObject, iv).setAutoPadding(false), blocks);
    },
    decrypt(key, iv, blocks) {
      inPlace(createDecipheriv(name, key.keyObject, iv).setAutoPadding(false), blocks);
    },
  };
}
