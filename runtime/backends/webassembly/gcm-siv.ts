/** AES-GCM-SIV (RFC 8452): AES is OpenSSL's, everything between is our own. */
import { createCipheriv, type Cipheriv } from 'node:crypto';
import { clear } from '../../blocks.js';
import type { AeadCipher } from '../../contracts/primitives.js';
import type { Backend } from '../backend.js';
import { missing, opensslName } from '../provider.js';
import { aeadOf, type Crossing } from './aead.js';
import { aligned, KEY, NONCE, own, STATE, TAG } from './module.js';

export const ownWithOpenssl: Backend = { kind: 'own', name: `${own.name}, with AES of ${opensslName}` };

const BLOCK = 16;
const NONCE_BYTES = 12;
/** As much of a stream as is made at once. */
const PIECE_BYTES = 16 * 1024;

/** Throws where this Node does not have AES. @param keyLength in bytes */
export function gcmSiv(keyLength: 16 | 32): AeadCipher {
  const name = `aes-${keyLength * 8}-ecb`;
  const cipherOf = (key: Parameters<typeof createCipheriv>[1]): Cipheriv => createCipheriv(name, key, null);
  try {
    cipherOf(new Uint8Array(keyLength)).final();
  } catch {
    throw missing(name);
  }
  return aeadOf(
    PIECE_BYTES,
    (crossing) => {
      const cipher = keysFor(crossing, keyLength, cipherOf);
      writeTag(crossing, cipher);
      addStream(crossing, cipher);
    },
    (crossing) => {
      const cipher = keysFor(crossing, keyLength, cipherOf);
      addStream(crossing, cipher);
      writeTag(crossing, cipher);
    },
  );
}

/** Encrypts blocks where they stand: results are new memory, which is wiped. */
function encryptBlocks(cipher: Cipheriv, blocks: Uint8Array): void {
  const result = cipher.update(blocks);
  blocks.set(result);
  clear(result);
}

/** Derives the keys of a nonce (4): that of POLYVAL to `KEY`, and the cipher with the other. */
function keysFor(
  { memory, key, message, length }: Crossing,
  keyLength: number,
  cipherOf: (key: Parameters<typeof createCipheriv>[1]) => Cipheriv,
): Cipheriv {
  const count = 2 + keyLength / 8;
  // Behind the message there is room.
  const start = aligned(message + length);
  const blocks = memory.subarray(start, start + count * BLOCK);
  for (let index = 0; index < count; index += 1) {
    blocks.fill(0, index * BLOCK, index * BLOCK + 4);
    blocks[index * BLOCK] = index;
    blocks.set(memory.subarray(NONCE, NONCE + NONCE_BYTES), index * BLOCK + 4);
  }
  encryptBlocks(cipherOf(key.keyObject), blocks);
  // Of each block one half counts.
  for (let index = 0; index < count; index += 1)
    blocks.copyWithin(index * (BLOCK / 2), index * BLOCK, index * BLOCK + BLOCK / 2);
  memory.set(blocks.subarray(0, BLOCK), KEY);
  return cipherOf(blocks.subarray(BLOCK, BLOCK + keyLength));
}

/** Of the message as it is before encryption (5). */
function writeTag(crossing: Crossing, cipher: Cipheriv): void {
  const { primitives, memory, associated, associatedLength, message, length } = crossing;
  const sum = memory.subarray(STATE, STATE + BLOCK);
  sum.fill(0);
  primitives.polyval(associated, associatedLength);
  primitives.polyval(message, length);
  const lengths = new DataView(memory.buffer, TAG, BLOCK);
  lengths.setBigUint64(0, BigInt(associatedLength) * 8n, true);
  lengths.setBigUint64(8, BigInt(length) * 8n, true);
  primitives.polyval(TAG, BLOCK);
  primitives.addStream(STATE, NONCE, NONCE_BYTES);
  sum[15] = (sum[15] as number) & 0x7f;
  encryptBlocks(cipher, sum);
  memory.copyWithin(TAG, STATE, STATE + BLOCK);
}

/** The first counter is the tag with its highest bit set. */
function addStream({ primitives, memory, message, length }: Crossing, cipher: Cipheriv): void {
  const stream = aligned(message + length);
  memory.copyWithin(STATE, TAG, TAG + BLOCK);
  memory[STATE + 15] = (memory[STATE + 15] as number) | 0x80;
  for (let done = 0; done < length; done += PIECE_BYTES) {
    const bytes = Math.min(PIECE_BYTES, length - done);
    const blocks = Math.ceil(bytes / BLOCK);
    primitives.counters(STATE, done / BLOCK, stream, blocks);
    encryptBlocks(cipher, memory.subarray(stream, stream + blocks * BLOCK));
    primitives.addStream(message + done, stream, bytes);
  }
}
