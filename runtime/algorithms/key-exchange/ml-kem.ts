/**
 * ML-KEM (FIPS 203), by OpenSSL 3.5 through newer Nodes or by noble: the same keys, sizes and checks.
 * The caller checks sizes; keys are judged here and not left to the backends alone.
 */
import crypto, { createHash, type KeyObject } from 'node:crypto';
import type { Encapsulation, KeyEncapsulation } from '../../contracts/algorithms.js';
import type { Random } from '../../contracts/context.js';
import type { KeyPrices } from '../../contracts/keys.js';
import { fail } from '../../failures.js';
import { Unavailable } from '../../backends/backend.js';
import { nobleMlKem512, nobleMlKem768, nobleMlKem1024, noblePostQuantum } from '../../backends/noble.js';
import { openssl } from '../../backends/openssl/backend.js';
import { OpensslSeeded, opensslPublic } from '../../backends/openssl/seeded-keys.js';
import { missing } from '../../backends/provider.js';
import { copyOf, sameBytes, wipe } from '../../bytes.js';
import { ObjectIdentifiers } from '../../encodings/object-identifiers.js';
import {
  type ExpandedSecret,
  SeededKeys,
  type SeededParameters,
  type SeededPublic,
  type SeededScheme,
  type SeededSecret,
} from '../keys/seeded-keys.js';
import { exchangeEntry, type KeyExchangeEntry } from './entry.js';

export interface MlKemParameters extends SeededParameters {
  readonly ciphertextSize: number;
  /** Loads it. */
  readonly noble: typeof nobleMlKem768;
}

/** d, then z (FIPS 203, 7.1). */
export const SEED_BYTES = 64;
/** A seed, a hash, a secret, a message. */
const SHORT_BYTES = 32;

/** FIPS 203, 8, tables 2 and 3. @param rank k @param u bits of a coefficient of u, and of v */
function parameterSet(
  name: string,
  rank: number,
  [u, v]: readonly [u: number, v: number],
  identifier: Uint8Array,
  noble: MlKemParameters['noble'],
  prices: KeyPrices,
): MlKemParameters {
  const publicSize = 384 * rank + SHORT_BYTES;
  return {
    identifier,
    name,
    seedSize: SEED_BYTES,
    expandedSize: 384 * rank + publicSize + 2 * SHORT_BYTES,
    publicSize,
    ciphertextSize: 32 * (u * rank + v),
    prices,
    noble,
  };
}

export const mlKem512 = parameterSet('ML-KEM-512', 2, [10, 4], ObjectIdentifiers.mlKem512, nobleMlKem512, {
  bytes: 20_000,
  generate: 600_000,
  import: 1_000_000,
  publicHalf: 150_000,
  useSecret: 600_000,
  usePublic: 500_000,
  validate: 0,
});

export const mlKem768 = parameterSet('ML-KEM-768', 3, [10, 4], ObjectIdentifiers.mlKem768, nobleMlKem768, {
  bytes: 20_000,
  generate: 900_000,
  import: 1_800_000,
  publicHalf: 150_000,
  useSecret: 900_000,
  usePublic: 800_000,
  validate: 0,
});

export const mlKem1024 = parameterSet('ML-KEM-1024', 4, [11, 5], ObjectIdentifiers.mlKem1024, nobleMlKem1024, {
  bytes: 26_000,
  generate: 1_200_000,
  import: 2_300_000,
  publicHalf: 150_000,
  useSecret: 1_200_000,
  usePublic: 1_100_000,
  validate: 0,
});

export interface MlKemPublic {
  encapsulate(random: Random): Encapsulation;
}

export interface MlKemSecret extends ExpandedSecret {
  /** Another ciphertext of the right size gives another secret, not an error (FIPS 203, 6.3). */
  decapsulate(ciphertext: Uint8Array): Uint8Array;
}

export interface MlKem extends SeededScheme<MlKemSecret, MlKemPublic> {
  readonly parameters: MlKemParameters;
}

const MODULUS = 3329;

/** FIPS 203, 7.2: every coefficient, 12 bits each, is below q. In a time that does not depend on them: some are secret. */
function requireReduced(coefficients: Uint8Array): void {
  let reduced = -1;
  for (let index = 0; index < coefficients.length; index += 3) {
    const [low, middle, high] = [coefficients[index], coefficients[index + 1], coefficients[index + 2]] as [
      number,
      number,
      number,
    ];
    const pair = low | (middle << 8) | (high << 16);
    reduced &= ((pair & 0xfff) - MODULUS) & ((pair >> 12) - MODULUS);
  }
  // Negative only if all differences were.
  if (reduced >= 0) throw fail.InvalidKey;
}

/** The last bytes of an encapsulation key are a seed. */
function requireEncapsulationKey(key: Uint8Array): void {
  requireReduced(key.subarray(0, -SHORT_BYTES));
}

/** FIPS 203, 7.3: the key holds the hash of its public half. What stands before that is secret, and reduced as well. */
function requireDecapsulationKey({ publicSize }: MlKemParameters, key: Uint8Array): void {
  const half = publicKeyIn(publicSize, key);
  requireEncapsulationKey(half);
  requireReduced(key.subarray(0, publicSize - SHORT_BYTES));
  const hash = createHash('sha3-256').update(half).digest();
  if (!sameBytes(hash, key.subarray(-2 * SHORT_BYTES, -SHORT_BYTES))) throw fail.InvalidKey;
}

function publicKeyIn(publicSize: number, key: Uint8Array): Uint8Array {
  const start = publicSize - SHORT_BYTES;
  return key.subarray(start, start + publicSize);
}

/** Throws `Unavailable` where Node or its OpenSSL has no ML-KEM. */
export function opensslMlKem(parameters: MlKemParameters): MlKem {
  const { identifier } = parameters;
  const kem: MlKem = {
    parameters,
    publicFrom(bytes) {
      requireEncapsulationKey(bytes);
      const keyObject = opensslPublic(identifier, bytes);
      return { encapsulate: () => encapsulatedBy(keyObject) };
    },
    secretFrom(key) {
      if (key.expanded === undefined) return new OpensslSecret(identifier, key);
      requireDecapsulationKey(parameters, key.expanded);
      try {
        return new OpensslSecret(identifier, key);
      } catch {
        throw fail.InvalidKey;
      }
    },
  };
  if (typeof crypto.encapsulate !== 'function') throw new Unavailable('this Node has no key encapsulation');
  try {
    requireWorking(kem);
  } catch {
    throw missing(parameters.name);
  }
  return kem;
}

function encapsulatedBy(keyObject: KeyObject): Encapsulation {
  const { sharedKey, ciphertext } = crypto.encapsulate(keyObject);
  return { secret: sharedKey, encapsulated: ciphertext };
}

class OpensslSecret extends OpensslSeeded implements MlKemSecret {
  decapsulate(ciphertext: Uint8Array): Uint8Array {
    return crypto.decapsulate(this.keyObject, ciphertext);
  }
}

export function nobleMlKem(parameters: MlKemParameters): MlKem {
  const noble = parameters.noble();

  function held(publicKey: Uint8Array, secretKey: Uint8Array): MlKemSecret {
    return {
      publicKey,
      decapsulate: (ciphertext) => noble.decapsulate(ciphertext, secretKey),
      wipe: () => wipe(secretKey),
    };
  }

  return {
    parameters,
    publicFrom(bytes) {
      requireEncapsulationKey(bytes);
      const key = copyOf(bytes);
      return {
        encapsulate(random) {
          const message = random.bytes(SHORT_BYTES);
          try {
            const { sharedSecret, cipherText } = noble.encapsulate(key, message);
            return { secret: sharedSecret, encapsulated: cipherText };
          } finally {
            wipe(message);
          }
        },
      };
    },
    secretFrom({ seed, expanded }) {
      if (seed === undefined) {
        requireDecapsulationKey(parameters, expanded);
        const secret = held(copyOf(publicKeyIn(parameters.publicSize, expanded)), copyOf(expanded));
        if (isPair(secret, noble)) return secret;
        secret.wipe();
        throw fail.InvalidKey;
      }
      const { publicKey, secretKey } = noble.keygen(seed);
      if (expanded === undefined || sameBytes(expanded, secretKey)) return held(publicKey, secretKey);
      wipe(secretKey);
      throw fail.InvalidKey;
    },
  };
}

/** Whether the halves of a key belong together, as OpenSSL tries it with every expanded key. */
function isPair(secret: MlKemSecret, noble: ReturnType<typeof nobleMlKem768>): boolean {
  const { sharedSecret, cipherText } = noble.encapsulate(secret.publicKey, new Uint8Array(SHORT_BYTES));
  return sameBytes(secret.decapsulate(cipherText), sharedSecret);
}

/** Imports both halves of a key and uses the secret one. */
function requireWorking(kem: MlKem): void {
  const secret = kem.secretFrom({ seed: new Uint8Array(SEED_BYTES) });
  secret.decapsulate(new Uint8Array(kem.parameters.ciphertextSize));
  kem.publicFrom(secret.publicKey);
  secret.wipe();
}

type MlKemAlgorithm = KeyEncapsulation<SeededSecret<MlKemSecret, MlKemPublic>, SeededPublic<MlKemPublic>>;

export function mlKemOn(kem: MlKem): MlKemAlgorithm {
  return {
    id: kem.parameters.name,
    category: 'key-exchange',
    kind: 'key-encapsulation',
    keys: new SeededKeys(kem),
    encapsulatedSize: kem.parameters.ciphertextSize,
    encapsulate: (publicKey, random) => publicKey.held.encapsulate(random),
    decapsulate: (secret, encapsulated) => secret.expanded.decapsulate(encapsulated),
  };
}

function entry(parameters: MlKemParameters): KeyExchangeEntry {
  return exchangeEntry(
    parameters.name,
    { tier: 'optional', approved: 'FIPS 203', vectors: ['acvp', 'wycheproof'] },
    { backend: openssl, constantTime: 'library', make: () => mlKemOn(opensslMlKem(parameters)) },
    { backend: noblePostQuantum, constantTime: 'best-effort', make: () => mlKemOn(nobleMlKem(parameters)) },
  );
}

export const mlKems: readonly KeyExchangeEntry[] = [mlKem512, mlKem768, mlKem1024].map(entry);
