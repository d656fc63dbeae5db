/** AES in counter mode and in CBC mode, of the native library. */
import type { ChainingCipher, CounterCipher } from '../../contracts/primitives.js';
import { cipherKeys } from './aead.js';
import { answered, nativeLibrary } from './library.js';

/** Throws where there is no library, or no such cipher in it. */
export function nativeCounter(keyLength: number): CounterCipher {
  const library = nativeLibrary();
  const prepare = cipherKeys(library, `AES-${keyLength * 8}-CTR`);
  return {
    add(key, counter, skip, data) {
      answered(library.cipherCount(key.prepared(prepare).number, counter, skip, data));
    },
  };
}

/** Throws where there is no library, or no such cipher in it. */
export function nativeChaining(keyLength: number): ChainingCipher {
  const library = nativeLibrary();
  const prepare = cipherKeys(library, `AES-${keyLength * 8}-CBC`);
  return {
    encrypt(key, iv, blocks) {
      answered(library.cipherChain(key.prepared(prepare).number, iv, 1, blocks));
    },
    decrypt(key, iv, blocks) {
      answered(library.cipherChain(key.prepared(prepare).number, iv, 0, blocks));
    },
  };
}
