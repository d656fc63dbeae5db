/**
 * What all asymmetric keys have in common.
 *
 * How to use it: a family of keys (all keys of a curve, of RSA, …) is one `KeyFamily` object, which
 * makes material, and two classes of material, which know their own bytes. Forms that a family does
 * not have are methods it does not have: the codec (`encodings/key-codec.ts`) turns their absence
 * into `unsupported_encoding`, and builds `pem` and `local` out of the DER forms. An algorithm only
 * ever meets material of its own family, because keys are bound to their algorithm.
 */
import type { Random } from './context.js';
import type { HeldSecret } from './primitives.js';

/** An algorithm and its parameters, the latter as they stand after the identifier: empty if absent. */
export interface AlgorithmIdentifier {
  readonly id: Uint8Array;
  readonly parameters: Uint8Array;
}

export interface PublicKeyInfo {
  readonly algorithm: AlgorithmIdentifier;
  readonly key: Uint8Array;
}

export interface PrivateKeyInfo {
  readonly form: 'pkcs8';
  readonly algorithm: AlgorithmIdentifier;
  readonly key: Uint8Array;
  /** The public half that version 2 can hold. */
  readonly publicKey: Uint8Array | undefined;
}

/** The numbers of an RSA key, big-endian and without leading zeros. */
export interface RsaNumbers {
  readonly form: 'pkcs1';
  readonly n: Uint8Array;
  readonly e: Uint8Array;
  readonly d: Uint8Array;
  readonly p: Uint8Array;
  readonly q: Uint8Array;
  readonly dp: Uint8Array;
  readonly dq: Uint8Array;
  readonly qInverse: Uint8Array;
}

export interface EcPrivateKey {
  readonly form: 'sec1';
  readonly scalar: Uint8Array;
  /** Identifier of the named curve. */
  readonly curve: Uint8Array | undefined;
  readonly publicKey: Uint8Array | undefined;
}

export type PrivateContainer = PrivateKeyInfo | RsaNumbers | EcPrivateKey;

/** A public key, without a handle. Never changes; nothing in it is secret. */
export interface PublicMaterial {
  /** One more user; each calls `release` once. With the last one, OpenSSL's memory goes. */
  retain(): this;
  release(): void;
  raw?(): Uint8Array;
  /** SEC 1, uncompressed. */
  sec?(): Uint8Array;
  /** SubjectPublicKeyInfo in DER. */
  info(): Uint8Array;
  /** What `publickey_verify` checks beyond the import; `invalid_key`. */
  validate(): void;
}

/** A secret key, and so the key pair too. Each method but the first two gives new bytes, which the caller wipes. */
export interface SecretMaterial {
  /** One more user; each calls `release` once. The last one wipes. */
  retain(): this;
  release(): void;
  readonly publicHalf: PublicMaterial;

  /** As a secret key. */
  raw?(): Uint8Array;
  /** As a key pair. */
  rawPair?(): Uint8Array;
  /** As a secret key: SEC 1's octets. */
  sec?(): Uint8Array;
  /** PKCS#8 in DER. */
  info(): Uint8Array;
}

/** What keys of a family take of a guest's budgets. */
export interface KeyPrices {
  /** What a key takes in the host with everything that follows from it, in bytes (measured, rounded up). */
  readonly bytes: number;
  /** Cost of each operation beside the bytes that it hashes: nanoseconds by OpenSSL 3.0 (measured, rounded up). */
  readonly generate: number;
  readonly import: number;
  /** Of computing the public half of an imported key. */
  readonly publicHalf: number;
  /** Signing, exchanging, decapsulating. */
  readonly useSecret: number;
  /** Verifying, encapsulating. */
  readonly usePublic: number;
  /** `publickey_verify`. */
  readonly validate: number;
}

/** A computation in the background. */
export interface Job<T> {
  readonly result: Promise<T>;
  /** Nobody wants the result any more: it is dropped, and the thread ends as soon as it can. */
  stop(): void;
}

/** All methods copy what they keep, and throw `invalid_key` for anything but a key of the family. */
export interface KeyFamily<S extends SecretMaterial = SecretMaterial, P extends PublicMaterial = PublicMaterial> {
  /** What keys they are, such as `P-256`: several algorithms can have keys of one kind. */
  readonly kind: string;
  readonly prices: KeyPrices;

  /** Errors: `rng_error`. */
  generate(random: Random): S;
  /** Only where it takes long; by OpenSSL, in a thread of its own. */
  generateInBackground?(): Job<S>;

  publicFromRaw?(bytes: Uint8Array): P;
  publicFromSec?(bytes: Uint8Array): P;
  publicFromInfo(info: PublicKeyInfo): P;

  secretFromRaw?(bytes: Uint8Array): S;
  secretFromSec?(bytes: Uint8Array): S;
  secretFromContainer(container: PrivateContainer): S;

  pairFromRaw?(bytes: Uint8Array): S;

  /**
   * Around a secret that something else keeps, such as an HSM: it signs and agrees, and its `bytes` throw
   * `prohibited_operation`. Only where secrets are used through `HeldSecret` alone.
   *
   * @param held becomes the material's own: wiped with it
   * @param info of the public half
   */
  secretHeld?(held: HeldSecret, info: PublicKeyInfo): S;
}
