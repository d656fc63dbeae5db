/** What a signature algorithm is. */
import type { Algorithm } from '../descriptor.js';
import type { KeyFamily, PublicMaterial, SecretMaterial } from '../keys/key-family.js';

/** A second encoding of signatures, next to the raw one. */
export interface SignatureDerForm {
  /** The raw form. Errors: `invalid_signature`. */
  read(der: Uint8Array): Uint8Array;
  write(raw: Uint8Array): Uint8Array;
}

/** Messages are whole: Node's signing objects cannot be copied, and a state must be able to go on after a signature. */
export interface SignatureAlgorithm<
  S extends SecretMaterial = SecretMaterial,
  P extends PublicMaterial = PublicMaterial,
> extends Algorithm {
  readonly category: 'signatures';
  readonly keys: KeyFamily<S, P>;
  /** Size of a raw signature, in bytes. */
  readonly signatureSize: number;
  /** Only where the interface has `der`. */
  readonly der?: SignatureDerForm;
  /** A raw signature. What a library throws here is no fault of the message. */
  sign(secret: S, message: Uint8Array): Uint8Array;
  /** Whether a raw signature of the right size is good. Throws only for reasons that are not in the signature. */
  verify(publicKey: P, message: Uint8Array, signature: Uint8Array): boolean;
}
