/** Keys of symmetric algorithms. */
import { createSecretKey, type KeyObject } from 'node:crypto';
import { copyOf, wipe } from '../bytes.js';
import type { Account } from '../meter.js';
import { KEY_PRICE, PREPARED_PRICE } from '../prices.js';
import type { CipherKey, Prepared } from '../contracts/primitives.js';
import { GuestObject, Shared } from './guest-object.js';
import type { SymmetricRules } from './symmetric-rules.js';

/**
 * The bytes of a key. Handles of the key and states opened with it share them; the last one to let
 * go wipes them. OpenSSL's own copy, in the KeyObject, is wiped when that is garbage collected.
 */
export class KeyMaterial extends Shared implements CipherKey {
  protected override users = 1;
  readonly algorithm: SymmetricRules;
  /** Inherited by keys that are derived from this one. */
  readonly exportable: boolean;
  /** Of all keys of a guest. */
  readonly account: Account;
  readonly #bytes: Uint8Array;
  #keyObject: KeyObject | undefined;
  #prepared: Prepared | undefined;
  #preparedPrice = 0;

  /**
   * Errors: `overflow`; the bytes are wiped.
   *
   * @param bytes becomes this object's own and is wiped by it: hand over a copy
   */
  constructor(account: Account, algorithm: SymmetricRules, bytes: Uint8Array, exportable: boolean) {
    super();
    this.account = account;
    this.algorithm = algorithm;
    this.exportable = exportable;
    this.#bytes = bytes;
    try {
      account.charge(this.#size);
    } catch (error) {
      wipe(bytes);
      throw error;
    }
  }

  get length(): number {
    return this.#bytes.length;
  }

  /** The bytes themselves: read them, wipe every copy. */
  get bytes(): Uint8Array {
    return this.#bytes;
  }

  /** Errors: `overflow`. Made once a key: Node 24 takes 9 microseconds longer for every call that gets raw bytes (measured). */
  get keyObject(): KeyObject {
    if (this.#keyObject === undefined) {
      const made = createSecretKey(this.#bytes);
      this.account.charge(PREPARED_PRICE);
      this.#keyObject = made;
    }
    return this.#keyObject;
  }

  /**
   * What the key's algorithm computes from the key once. Only that algorithm asks, always for the same thing. Errors: `overflow`.
   *
   * @param price of what is computed
   */
  prepared<P extends Prepared>(prepare: (bytes: Uint8Array) => P, price = PREPARED_PRICE): P {
    if (this.#prepared === undefined) {
      this.account.charge(price);
      try {
        this.#prepared = prepare(this.#bytes);
        this.#preparedPrice = price;
      } catch (error) {
        this.account.giveBack(price);
        throw error;
      }
    }
    return this.#prepared as P;
  }

  get #size(): number {
    return KEY_PRICE + this.#bytes.length;
  }

  protected override dispose(): void {
    this.account.giveBack(this.#size + (this.#keyObject === undefined ? 0 : PREPARED_PRICE) + this.#preparedPrice);
    wipe(this.#bytes);
    this.#keyObject = undefined;
    this.#prepared?.wipe();
    this.#prepared = undefined;
  }
}

/** A handle's view of a key. */
export class SymmetricKey extends GuestObject {
  override live = true;
  readonly #material: KeyMaterial;

  /**
   * Errors: `overflow`; the reference is given up.
   *
   * @param material a reference of its own, given up with the key
   */
  constructor(material: KeyMaterial) {
    super();
    this.#material = material;
    this.open(material.account, 0);
  }

  get algorithm(): SymmetricRules {
    return this.#material.algorithm;
  }

  get exportable(): boolean {
    return this.#material.exportable;
  }

  /** For a state that outlives the handle: retain it, and release it with the state. */
  get material(): KeyMaterial {
    return this.#material;
  }

  /** A copy of the bytes: wipe it. */
  exported(): Uint8Array {
    return copyOf(this.#material.bytes);
  }

  protected override dispose(): void {
    this.#material.release();
    // Keys are charged for their bytes on their own: they can outlive their handles.
    this.#material.account.close(0);
  }
}
