/** Key pairs, public keys and secret keys: what their handles stand for. */
import type { KeyExchangeAlgorithm, SignatureAlgorithm } from '../contracts/algorithms.js';
import type { PublicMaterial, SecretMaterial } from '../contracts/keys.js';
import type { KeypairEncoding, PublickeyEncoding, SecretkeyEncoding } from '../contracts/vocabulary.js';
import { exportKeyPair, exportPublicKey, exportSecretKey } from '../encodings/key-codec.js';
import type { Account } from '../meter.js';
import { GuestObject } from './guest-object.js';

export type AsymmetricAlgorithm = SignatureAlgorithm | KeyExchangeAlgorithm;

/**
 * A key pair or a secret key: both are the secret material, from which the public half follows. Every handle of a key
 * is charged for all of it, since any can be the last.
 */
abstract class SecretHolder extends GuestObject {
  override live = true;
  readonly #account: Account;
  readonly algorithm: AsymmetricAlgorithm;
  /** Inherited by what comes out of the key. */
  readonly exportable: boolean;
  readonly #material: SecretMaterial;

  /**
   * Errors: `overflow`; the reference is given up.
   *
   * @param material a reference of its own, given up with the handle
   */
  constructor(account: Account, algorithm: AsymmetricAlgorithm, material: SecretMaterial, exportable: boolean) {
    super();
    this.#account = account;
    this.algorithm = algorithm;
    this.exportable = exportable;
    this.#material = material;
    this.open(account, algorithm.keys.prices.bytes);
  }

  /** For an object that outlives the handle: retain it, and release it with that object. */
  get material(): SecretMaterial {
    return this.#material;
  }

  protected override dispose(): void {
    this.#material.release();
    this.#account.close(this.algorithm.keys.prices.bytes);
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
