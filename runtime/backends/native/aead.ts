/** Authenticated encryption of the native library. */
import { clear } from '../../blocks.js';
import type { AeadCipher, AeadName, CipherKey, Prepared } from '../../contracts/primitives.js';
import { missing } from '../provider.js';
import { answered, nativeLibrary, NativeObject, SHARED, type NativeLibrary } from './library.js';

/** A key whose schedule is made: once a key, not once a message. */
class NativeCipherKey implements Prepared {
  readonly number: number;
  readonly #key: NativeObject;

  constructor(answer: number) {
    this.#key = new NativeObject(answer);
    this.number = this.#key.number;
  }

  wipe(): void {
    this.#key.release();
  }
}

/** Makes keys of a cipher. Throws where there is none of that name. */
export function cipherKeys(library: NativeLibrary, name: string): (bytes: Uint8Array) => NativeCipherKey {
  const cipher = library.cipherFind(name);
  if (cipher < 0) throw missing(name);
  return (bytes) => new NativeCipherKey(library.cipherKey(cipher, bytes));
}

/** XChaCha20-Poly1305. Throws where there is no library, or no ChaCha20 in it. */
export function nativeXchacha(): AeadCipher {
  return aeadOf('XChaCha20-Poly1305');
}

/** Throws where there is no library, or no cipher of that name in it. */
export function nativeAead(name: AeadName): AeadCipher {
  return aeadOf(name);
}

function aeadOf(name: string): AeadCipher {
  const library = nativeLibrary();
  const prepare = cipherKeys(library, name);

  function open(
    key: CipherKey,
    nonce: Uint8Array,
    associated: Uint8Array,
    data: Uint8Array,
    tag: Uint8Array | undefined,
    out: Uint8Array,
  ): void {
    const { number } = key.prepared(prepare);
    const answer = library.cipherOpen(number, nonce, associated, data, out, tag);
    if (answer !== SHARED) {
      answered(answer);
      return;
    }
    // Another thread could read what stands there before it is verified.
    const message = new Uint8Array(new ArrayBuffer(out.length));
    try {
      answered(library.cipherOpen(number, nonce, associated, data, message, tag));
      out.set(message);
    } finally {
      clear(message);
    }
  }

  return {
    seal(key, nonce, associated, data, out) {
      answered(library.cipherSeal(key.prepared(prepare).number, nonce, associated, data, out, undefined));
    },
    sealDetached(key, nonce, associated, data, out, tag) {
      answered(library.cipherSeal(key.prepared(prepare).number, nonce, associated, data, out, tag));
    },
    open: (key, nonce, associated, data, out) => open(key, nonce, associated, data, undefined, out),
    openDetached: open,
  };
}
