/** What objects and interfaces need to know of algorithms. Operations that draw randomness are given where from. */
import type { Random } from './context.js';
import type { KeyFamily, PublicMaterial, SecretMaterial } from './keys.js';
import type { AlgorithmType } from './vocabulary.js';

/** An algorithm belongs to one; names of another are unknown to its functions. */
export type Category = AlgorithmType;

/** What all algorithms have. */
export interface Algorithm {
  /** As the proposal spells it. */
  readonly id: string;
  readonly category: Category;
  /** Size of the modulus, for policies that set a floor. Only RSA has it. */
  readonly modulusBits?: number;
  /** Whether a changed ciphertext is detected. Undefined: it does not encrypt. */
  readonly authenticated?: boolean | undefined;
}

/** A second encoding of signatures, next to the raw one. */
export interface SignatureDerForm {
  /** The raw form, in memory that may be given back. Errors: `invalid_signature`. */
  read(der: Uint8Array): Uint8Array<ArrayBuffer>;
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
  /** A raw signature, in memory that may be given back (`blocks.ts`). What a library throws here is no fault of the message. */
  sign(secret: S, message: Uint8Array, random: Random): Uint8Array<ArrayBuffer>;
  /** Whether a raw signature of the right size is good. Throws only for reasons that are not in the signature. */
  verify(publicKey: P, message: Uint8Array, signature: Uint8Array): boolean;
}

/** Both belong to the caller, who wipes the secret. */
export interface Encapsulation {
  readonly secret: Uint8Array;
  readonly encapsulated: Uint8Array;
}

interface KeyExchange<S extends SecretMaterial, P extends PublicMaterial> extends Algorithm {
  readonly category: 'key-exchange';
  readonly keys: KeyFamily<S, P>;
}

export interface DiffieHellman<
  S extends SecretMaterial = SecretMaterial,
  P extends PublicMaterial = PublicMaterial,
> extends KeyExchange<S, P> {
  readonly kind: 'diffie-hellman';
  /** The raw shared secret, in memory that the caller gives back. `invalid_key` where it would be all zeros. */
  exchange(publicKey: P, secret: S): Uint8Array<ArrayBuffer>;
}

export interface KeyEncapsulation<
  S extends SecretMaterial = SecretMaterial,
  P extends PublicMaterial = PublicMaterial,
> extends KeyExchange<S, P> {
  readonly kind: 'key-encapsulation';
  /** Size of an encapsulated secret, in bytes. */
  readonly encapsulatedSize: number;
  encapsulate(publicKey: P, random: Random): Encapsulation;
  /** @param encapsulated of the right size */
  decapsulate(secret: S, encapsulated: Uint8Array): Uint8Array;
}

export type KeyExchangeAlgorithm = DiffieHellman | KeyEncapsulation;
