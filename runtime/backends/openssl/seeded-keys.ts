/** Keys of ML-KEM and ML-DSA as KeyObjects, where OpenSSL 3.5 has them. */
import crypto, { type KeyObject } from 'node:crypto';
import { copyOf, wipe } from '../../bytes.js';
import { writePrivateKeyInfo } from '../../encodings/private-keys.js';
import { algorithmIdentifier, readPublicKeyInfo, writePublicKeyInfo } from '../../encodings/public-keys.js';
import { seededPrivateKey, type SeededPrivateKey } from '../../encodings/seeded-private-keys.js';
import { fail } from '../../failures.js';

/** @param identifier contents of the object identifier */
export function opensslPublic(identifier: Uint8Array, bytes: Uint8Array): KeyObject {
  const key = writePublicKeyInfo(algorithmIdentifier(identifier), bytes);
  return crypto.createPublicKey({
    key: Buffer.from(key.buffer, key.byteOffset, key.length),
    type: 'spki',
    format: 'der',
  });
}

export class OpensslSeeded {
  readonly publicKey: Uint8Array;
  #keyObject: KeyObject | undefined;

  /** Throws what OpenSSL does: it compares an expanded key with its seed, and its halves with each other. */
  constructor(identifier: Uint8Array, given: SeededPrivateKey) {
    const key = writePrivateKeyInfo(algorithmIdentifier(identifier), seededPrivateKey(given));
    try {
      this.#keyObject = crypto.createPrivateKey({
        key: Buffer.from(key.buffer, key.byteOffset, key.length),
        type: 'pkcs8',
        format: 'der',
      });
    } finally {
      wipe(key);
    }
    const info = crypto.createPublicKey(this.#keyObject).export({ type: 'spki', format: 'der' });
    this.publicKey = copyOf(readPublicKeyInfo(info).key);
  }

  protected get keyObject(): KeyObject {
    if (this.#keyObject === undefined) throw fail.InvalidHandle;
    return this.#keyObject;
  }

  /** OpenSSL frees its key when the KeyObject is garbage collected. */
  wipe(): void {
    this.#keyObject = undefined;
  }
}
