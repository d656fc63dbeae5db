/** What a key exchange algorithm is: a Diffie-Hellman exchange or a key encapsulation. */
import type { Algorithm } from '../descriptor.js';
import type { KeyFamily, PublicMaterial, SecretMaterial } from '../keys/key-family.js';
import type { RandomSource } from '../../random.js';

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
  /** The raw shared secret, to be wiped by the caller. `invalid_key` where it would be all zeros. */
  exchange(publicKey: P, secret: S): Uint8Array;
}

export interface KeyEncapsulation<
  S extends SecretMaterial = SecretMaterial,
  P extends PublicMaterial = PublicMaterial,
> extends KeyExchange<S, P> {
  readonly kind: 'key-encapsulation';
  /** Size of an encapsulated secret, in bytes. */
  readonly encapsulatedSize: number;
  encapsulate(publicKey: P, random: RandomSource): Encapsulation;
  /** @param encapsulated of the right size */
  decapsulate(secret: S, encapsulated: Uint8Array): Uint8Array;
}

export type KeyExchangeAlgorithm = DiffieHellman | KeyEncapsulation;
