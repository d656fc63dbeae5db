/** Keys of symmetric algorithms. */
import { createSecretKey, type KeyObject } from 'node:crypto';
import { copyOf, wipe } from '../bytes.js';
import type { Account } from '../meter.js';
import { KEY_PRICE, PREPARED_PRICE } from '../prices.js';
import type { CipherKey, HeldKey, Prepared } from '../contracts/primitives.js';
import { fail } from '../failures.js';
import { GuestObject, Shared } from './guest-object.js';
import { type KeyTerms, type ManagedKey, MANAGED_PRICE, type Stored } from './key-terms.js';
import type { SymmetricRules } from './symmetric-rules.js';

const nothing = new Uint8Array(0);

/**
 * The bytes of a key. Handles of the key and states opened with it share them; the last one to let
 * go wipes them. OpenSSL's own copy, in the KeyObject, is wiped when that is garbage collected.
 */
export class KeyMaterial extends Shared implements CipherKey {
  protected override users = 1;
  readonly algorithm: SymmetricRules;
  /** Inherited by keys that are derived from this one. */
  terms: KeyTerms;
  /** Of all keys of a guest. */
  readonly account: Account;
  readonly #bytes: Uint8Array;
  /** Undefined: the bytes are here. */
  readonly held: HeldKey | undefined;
  #keyObject: KeyObject | undefined;
  #prepared: Prepared | undefined;
  #preparedPrice = 0;

  /**
   * Errors: `overflow`; the bytes are wiped.
   *
   * @param key its bytes, or what keeps them; becomes this object's own and is wiped by it: hand over a copy
   */
  constructor(account: Account, algorithm: SymmetricRules, key: Uint8Array | HeldKey, terms: KeyTerms) {
    super();
    this.account = account;
    this.algorithm = algorithm;
    this.terms = terms;
    const isHere = key instanceof Uint8Array;
    this.#bytes = isHere ? key : nothing;
    this.held = isHere ? undefined : key;
    try {
      account.charge(this.#size);
    } catch (error) {
      wipe(this.#bytes);
      this.held?.wipe();
      throw error;
    }
  }

  get length(): number {
    return this.held?.length ?? this.#bytes.length;
  }

  /** The bytes themselves: read them, wipe every copy. Errors: `prohibited_operation` where something else keeps them. */
  get bytes(): Uint8Array {
    if (this.held !== undefined) throw fail.ProhibitedOperation;
    return this.#bytes;
  }

  /** Errors: `overflow`. Made once a key: Node 24 takes 9 microseconds longer for every call that gets raw bytes (measured). */
  get keyObject(): KeyObject {
    if (this.#keyObject === undefined) {
      const made = createSecretKey(this.bytes);
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
    // Of an algorithm that prepares codes for messages.
    if (this.held?.code !== undefined) return this.held.code as Prepared as P;
    if (this.#prepared === undefined) {
      this.account.charge(price);
      try {
        this.#prepared = prepare(this.bytes);
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
    this.held?.wipe();
    this.#keyObject = undefined;
    this.#prepared?.wipe();
    this.#prepared = undefined;
  }
}

/** A handle's view of a key. */
export class SymmetricKey extends GuestObject {
  override live = true;
  readonly #material: KeyMaterial;
  #managed: ManagedKey | undefined;

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

  get terms(): KeyTerms {
    return this.#material.terms;
  }

  /** Which key of the secrets manager it is; undefined: none. */
  get managed(): ManagedKey | undefined {
    return this.#managed;
  }

  /** Makes it a managed key. Errors: `overflow`, before it is stored; and what `store` throws. */
  manage(store: () => Stored): void {
    const { account } = this.#material;
    account.charge(MANAGED_PRICE);
    try {
      ({ managed: this.#managed, terms: this.#material.terms } = store());
    } catch (error) {
      account.giveBack(MANAGED_PRICE);
      throw error;
    }
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
    this.#material.account.close(this.#managed === undefined ? 0 : MANAGED_PRICE);
  }
}
