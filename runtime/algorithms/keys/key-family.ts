/**
 * What all asymmetric keys have in common.
 *
 * How to use it: a family of keys (all keys of a curve, of RSA, …) is one `KeyFamily` object, which
 * makes material, and two classes of material, which know their own bytes. Forms that a family does
 * not have are methods it does not have: the codec (`encodings/key-codec.ts`) turns their absence
 * into `unsupported_encoding`, and builds `pem` and `local` out of the DER forms. An algorithm only
 * ever meets material of its own family, because keys are bound to their algorithm.
 */
import type { PrivateContainer } from '../../encodings/private-keys.js';
import type { PublicKeyInfo } from '../../encodings/public-keys.js';
import { Shared } from '../../objects/guest-object.js';
import type { RandomSource } from '../../random.js';

/** A public key, without a handle. Never changes; nothing in it is secret. */
export interface PublicMaterial {
  raw?(): Uint8Array;
  /** SEC 1, uncompressed. */
  sec?(): Uint8Array;
  /** SubjectPublicKeyInfo in DER. */
  info(): Uint8Array;
  /** What `publickey_verify` checks beyond the import; `invalid_key`. */
  validate(): void;
}

/** A secret key, and so the key pair too. Each method gives new bytes, which the caller wipes. */
export abstract class SecretMaterial extends Shared {
  protected override users = 1;
  abstract readonly publicHalf: PublicMaterial;

  /** As a secret key. */
  raw?(): Uint8Array;
  /** As a key pair. */
  rawPair?(): Uint8Array;
  /** As a secret key: SEC 1's octets. */
  sec?(): Uint8Array;
  /** PKCS#8 in DER. */
  abstract info(): Uint8Array;
}

/** All methods copy what they keep, and throw `invalid_key` for anything but a key of the family. */
export interface KeyFamily<S extends SecretMaterial = SecretMaterial, P extends PublicMaterial = PublicMaterial> {
  /** What keys they are, such as `P-256`: several algorithms can have keys of one kind. */
  readonly kind: string;

  /** Errors: `rng_error`. */
  generate(random: RandomSource): S;
  /** Only where it takes long; by OpenSSL, in a thread of its own. */
  generateInBackground?(): Promise<S>;

  publicFromRaw?(bytes: Uint8Array): P;
  publicFromSec?(bytes: Uint8Array): P;
  publicFromInfo(info: PublicKeyInfo): P;

  secretFromRaw?(bytes: Uint8Array): S;
  secretFromSec?(bytes: Uint8Array): S;
  secretFromContainer(container: PrivateContainer): S;

  pairFromRaw?(bytes: Uint8Array): S;
}
