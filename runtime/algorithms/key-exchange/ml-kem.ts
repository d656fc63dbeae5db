/**
 * ML-KEM (FIPS 203), by OpenSSL 3.5 through newer Nodes or by noble: the same keys, sizes and checks.
 * The caller checks sizes; public keys are judged here and not left to the backends.
 */
import crypto, { type KeyObject } from 'node:crypto';
import type { Encapsulation } from '../../contracts/algorithms.js';
import { fail } from '../../failures.js';
import { Unavailable } from '../../backends/backend.js';
import { missing } from '../../backends/provider.js';
import { nobleMlKem768 } from '../../backends/noble.js';
import { copyOf, wipe } from '../../bytes.js';
import { primitiveContextTag } from '../../encodings/der.js';
import { ObjectIdentifiers } from '../../encodings/object-identifiers.js';
import { writePrivateKeyInfo } from '../../encodings/private-keys.js';
import { algorithmIdentifier, readPublicKeyInfo, writePublicKeyInfo } from '../../encodings/public-keys.js';
import type { Random } from '../../contracts/context.js';

/** A parameter set. Sizes in bytes. */
export interface MlKemParameters {
  readonly identifier: Uint8Array;
  /** As `node:crypto` calls it. */
  readonly name: string;
  readonly publicSize: number;
  readonly ciphertextSize: number;
  /** Loads it. */
  readonly noble: typeof nobleMlKem768;
}

/** d, then z (FIPS 203, 7.1). */
export const SEED_BYTES = 64;

export const mlKem768: MlKemParameters = {
  identifier: ObjectIdentifiers.mlKem768,
  name: 'ml-kem-768',
  publicSize: 1184,
  ciphertextSize: 1088,
  noble: nobleMlKem768,
};

export interface MlKemPublic {
  encapsulate(random: Random): Encapsulation;
}

export interface MlKemSecret {
  /** The encapsulation key. */
  readonly publicKey: Uint8Array;
  /** Another ciphertext of the right size gives another secret, not an error (FIPS 203, 6.3). */
  decapsulate(ciphertext: Uint8Array): Uint8Array;
  wipe(): void;
}

export interface MlKem {
  readonly parameters: MlKemParameters;
  /** `invalid_key` for a key that fails the modulus check. */
  publicFromBytes(bytes: Uint8Array): MlKemPublic;
  secretFromSeed(seed: Uint8Array): MlKemSecret;
}

const MODULUS = 3329;

/** FIPS 203, 7.2: every coefficient, 12 bits each, is below q. The last 32 bytes are a seed. */
function requireReduced(key: Uint8Array): void {
  for (let index = 0; index < key.length - 32; index += 3) {
    const pair = (key[index] as number) | ((key[index + 1] as number) << 8) | ((key[index + 2] as number) << 16);
    if ((pair & 0xfff) >= MODULUS || pair >> 12 >= MODULUS) throw fail.InvalidKey;
  }
}

/** Throws `Unavailable` where Node or its OpenSSL has no ML-KEM. */
export function opensslMlKem(parameters: MlKemParameters): MlKem {
  const kem: MlKem = {
    parameters,
    publicFromBytes(bytes) {
      requireReduced(bytes);
      const key = writePublicKeyInfo(algorithmIdentifier(parameters.identifier), bytes);
      const keyObject = crypto.createPublicKey({
        key: Buffer.from(key.buffer, key.byteOffset, key.length),
        type: 'spki',
        format: 'der',
      });
      return {
        encapsulate() {
          const { sharedKey, ciphertext } = crypto.encapsulate(keyObject);
          return { secret: sharedKey, encapsulated: ciphertext };
        },
      };
    },
    secretFromSeed: (seed) => new OpensslSecret(parameters, seed),
  };
  if (typeof crypto.encapsulate !== 'function') throw new Unavailable('this Node has no key encapsulation');
  try {
    requireWorking(kem);
  } catch {
    throw missing(parameters.name);
  }
  return kem;
}

class OpensslSecret implements MlKemSecret {
  readonly publicKey: Uint8Array;
  #keyObject: KeyObject | undefined;

  constructor({ identifier }: MlKemParameters, seed: Uint8Array) {
    // RFC 9935, 6: the seed alone, as [0] IMPLICIT OCTET STRING.
    const key = writePrivateKeyInfo(algorithmIdentifier(identifier), { tag: primitiveContextTag(0), contents: seed });
    try {
      this.#keyObject = crypto.createPrivateKey({
        key: Buffer.from(key.buffer, key.byteOffset, key.length),
        type: 'pkcs8',
        format: 'der',
      });
    } finally {
      wipe(key);
    }
    const info = crypto.createPublicKey(this.#keyObject).export({ type: 'spki', format: 'der' });
    this.publicKey = copyOf(readPublicKeyInfo(info).key);
  }

  decapsulate(ciphertext: Uint8Array): Uint8Array {
    if (this.#keyObject === undefined) throw fail.InvalidHandle;
    return crypto.decapsulate(this.#keyObject, ciphertext);
  }

  wipe(): void {
    this.#keyObject = undefined;
  }
}

export function nobleMlKem(parameters: MlKemParameters): MlKem {
  const noble = parameters.noble();
  return {
    parameters,
    publicFromBytes(bytes) {
      requireReduced(bytes);
      const key = copyOf(bytes);
      return {
        encapsulate(random) {
          const message = random.bytes(32);
          try {
            const { sharedSecret, cipherText } = noble.encapsulate(key, message);
            return { secret: sharedSecret, encapsulated: cipherText };
          } finally {
            wipe(message);
          }
        },
      };
    },
    secretFromSeed(seed) {
      const { publicKey, secretKey } = noble.keygen(seed);
      return {
        publicKey,
        decapsulate: (ciphertext) => noble.decapsulate(ciphertext, secretKey),
        wipe: () => wipe(secretKey),
      };
    },
  };
}

/** Imports both halves of a key and uses the secret one. */
function requireWorking(kem: MlKem): void {
  const secret = kem.secretFromSeed(new Uint8Array(SEED_BYTES));
  secret.decapsulate(new Uint8Array(kem.parameters.ciphertextSize));
  kem.publicFromBytes(secret.publicKey);
  secret.wipe();
}
