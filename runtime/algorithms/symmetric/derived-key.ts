/** Keys that an algorithm makes of its own. */
import { createSecretKey, type KeyObject } from 'node:crypto';
import { giveBack, takeCopy } from '../../blocks.js';
import type { CipherKey, Prepared } from '../../contracts/primitives.js';

/** A part of a key, or what is computed from it, as ciphers take keys. */
export class DerivedKey implements CipherKey, Prepared {
  readonly bytes: Uint8Array<ArrayBuffer>;
  #keyObject: KeyObject | undefined;
  #prepared: Prepared | undefined;

  /** @param bytes copied */
  constructor(bytes: Uint8Array) {
    this.bytes = takeCopy(bytes);
  }

  get keyObject(): KeyObject {
    this.#keyObject ??= createSecretKey(this.bytes);
    return this.#keyObject;
  }

  prepared<P extends Prepared>(prepare: (bytes: Uint8Array) => P): P {
    this.#prepared ??= prepare(this.bytes);
    return this.#prepared as P;
  }

  wipe(): void {
    this.#prepared?.wipe();
    this.#keyObject = undefined;
    giveBack(this.bytes, this.bytes.length);
  }
}
