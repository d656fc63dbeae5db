/** Key pairs, public keys and secret keys: what their handles stand for. */
import type { KeyExchangeAlgorithm, SignatureAlgorithm } from '../contracts/algorithms.js';
import type { PublicMaterial, SecretMaterial } from '../contracts/keys.js';
import type { KeypairEncoding, PublickeyEncoding, SecretkeyEncoding } from '../contracts/vocabulary.js';
import { exportKeyPair, exportPublicKey, exportSecretKey } from '../encodings/key-codec.js';
import type { Account } from '../meter.js';
import { GuestObject } from './guest-object.js';
import { type KeyTerms, type ManagedKey, MANAGED_PRICE, type Stored } from './key-terms.js';

export type AsymmetricAlgorithm = SignatureAlgorithm | KeyExchangeAlgorithm;

/**
 * A key pair or a secret key: both are the secret material, from which the public half follows. Every handle of a key
 * is charged for all of it, since any can be the last.
 */
abstract class SecretHolder extends GuestObject {
  override live = true;
  readonly #account: Account;
  readonly algorithm: AsymmetricAlgorithm;
  readonly #material: SecretMaterial;
  #terms: KeyTerms;
  #managed: ManagedKey | undefined;

  /**
   * Errors: `overflow`; the reference is given up.
   *
   * @param material a reference of its own, given up with the handle
   */
  constructor(account: Account, algorithm: AsymmetricAlgorithm, material: SecretMaterial, terms: KeyTerms) {
    super();
    this.#account = account;
    this.algorithm = algorithm;
    this.#terms = terms;
    this.#material = material;
    this.open(account, algorithm.keys.prices.bytes);
  }

  /** For an object that outlives the handle: retain it, and release it with that object. */
  get material(): SecretMaterial {
    return this.#material;
  }

  /** Inherited by what comes out of the key. */
  get terms(): KeyTerms {
    return this.#terms;
  }

  /** Which key of the secrets manager it is; undefined: none. */
  get managed(): ManagedKey | undefined {
    return this.#managed;
  }

  /** Makes it a managed key. Errors: `overflow`, before it is stored; and what `store` throws. */
  manage(store: () => Stored): void {
    this.#account.charge(MANAGED_PRICE);
    try {
      ({ managed: this.#managed, terms: this.#terms } = store());
    } catch (error) {
      this.#account.giveBack(MANAGED_PRICE);
      throw error;
    }
  }

  protected override dispose(): void {
    this.#material.release();
    this.#account.close(this.algorithm.keys.prices.bytes + (this.#managed === undefined ? 0 : MANAGED_PRICE));
  }
}

export class KeyPair extends SecretHolder {
  /** New bytes: wipe them. Whether they may leave the host is the caller's to ask. Errors: `unsupported_encoding`. */
  exported(encoding: KeypairEncoding): Uint8Array {
    return exportKeyPair(this.algorithm, this.material, encoding);
  }
}

export class SecretKey extends SecretHolder {
  /** New bytes: wipe them. Whether they may leave the host is the caller's to ask. Errors: `unsupported_encoding`. */
  exported(encoding: SecretkeyEncoding): Uint8Array {
    return exportSecretKey(this.algorithm, this.material, encoding);
  }
}

export class PublicKey extends GuestObject {
  override live = true;
  readonly #account: Account;
  readonly algorithm: AsymmetricAlgorithm;
  readonly material: PublicMaterial;

  /**
   * Errors: `overflow`; the reference is given up.
   *
   * @param material a reference of its own, given up with the handle
   */
  constructor(account: Account, algorithm: AsymmetricAlgorithm, material: PublicMaterial) {
    super();
    this.#account = account;
    this.algorithm = algorithm;
    this.material = material;
    this.open(account, algorithm.keys.prices.bytes);
  }

  /** Errors: `unsupported_encoding`. */
  exported(encoding: PublickeyEncoding): Uint8Array {
    return exportPublicKey(this.algorithm, this.material, encoding);
  }

  /** Nothing to wipe: a public key holds no secret. */
  protected override dispose(): void {
    this.material.release();
    this.#account.close(this.algorithm.keys.prices.bytes);
  }
}
