/**
 * ML-DSA (FIPS 204), pure and with an empty context, by OpenSSL 3.5 through newer Nodes or by noble. Signing is hedged
 * (FIPS 204, 3.4): OpenSSL draws by itself, noble is given what the context draws.
 */
import { createHash, sign, verify } from 'node:crypto';
import type { Random } from '../../contracts/context.js';
import type { SignatureAlgorithm } from '../../contracts/algorithms.js';
import type { KeyPrices } from '../../contracts/keys.js';
import { fail } from '../../failures.js';
import { nobleMlDsa44, nobleMlDsa65, nobleMlDsa87, noblePostQuantum } from '../../backends/noble.js';
import { openssl } from '../../backends/openssl/backend.js';
import { OpensslSeeded, opensslPublic } from '../../backends/openssl/seeded-keys.js';
import { requireKeys } from '../../backends/provider.js';
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
import { signatureEntry, type SignatureEntry } from './entry.js';

export interface MlDsaParameters extends SeededParameters {
  readonly signatureSize: number;
  /** Loads it. */
  readonly noble: typeof nobleMlDsa65;
}

/** FIPS 204, 4, tables 1 and 2. */
export const mlDsa44: MlDsaParameters = {
  identifier: ObjectIdentifiers.mlDsa44,
  name: 'ML-DSA-44',
  seedSize: 32,
  expandedSize: 2560,
  publicSize: 1312,
  signatureSize: 2420,
  prices: prices(35_000, 2_000_000, 8_000_000, 1_500_000),
  noble: nobleMlDsa44,
};

export const mlDsa65: MlDsaParameters = {
  identifier: ObjectIdentifiers.mlDsa65,
  name: 'ML-DSA-65',
  seedSize: 32,
  expandedSize: 4032,
  publicSize: 1952,
  signatureSize: 3309,
  prices: prices(45_000, 3_000_000, 12_000_000, 2_500_000),
  noble: nobleMlDsa65,
};

export const mlDsa87: MlDsaParameters = {
  identifier: ObjectIdentifiers.mlDsa87,
  name: 'ML-DSA-87',
  seedSize: 32,
  expandedSize: 4896,
  publicSize: 2592,
  signatureSize: 4627,
  prices: prices(55_000, 4_000_000, 15_000_000, 4_000_000),
  noble: nobleMlDsa87,
};

/** Making a key of a seed takes as long as importing one. How long signing takes is chance: this is more than most take. */
function prices(bytes: number, generate: number, useSecret: number, usePublic: number): KeyPrices {
  return { bytes, generate, import: generate, publicHalf: 200_000, useSecret, usePublic, validate: 0 };
}

export interface MlDsaPublic {
  verify(message: Uint8Array, signature: Uint8Array): boolean;
}

export interface MlDsaSecret extends ExpandedSecret {
  sign(message: Uint8Array, random: Random): Uint8Array;
}

export interface MlDsa extends SeededScheme<MlDsaSecret, MlDsaPublic> {
  readonly parameters: MlDsaParameters;
}

/** Throws `Unavailable` where Node or its OpenSSL has no ML-DSA. */
export function opensslMlDsa(parameters: MlDsaParameters): MlDsa {
  const { identifier } = parameters;
  const dsa: MlDsa = {
    parameters,
    publicFrom(bytes) {
      const keyObject = opensslPublic(identifier, bytes);
      return { verify: (message, signature) => verify(null, message, keyObject, signature) };
    },
    secretFrom(key) {
      if (key.expanded === undefined) return new OpensslSecret(identifier, key);
      try {
        return new OpensslSecret(identifier, key);
      } catch {
        throw fail.InvalidKey;
      }
    },
  };
  requireKeys(parameters.name, () => {
    const secret = dsa.secretFrom({ seed: new Uint8Array(parameters.seedSize) });
    secret.wipe();
    return opensslPublic(identifier, secret.publicKey);
  });
  return dsa;
}

class OpensslSecret extends OpensslSeeded implements MlDsaSecret {
  sign(message: Uint8Array): Uint8Array {
    return sign(null, message, this.keyObject);
  }
}

export function nobleMlDsa(parameters: MlDsaParameters): MlDsa {
  const noble = parameters.noble();

  function held(publicKey: Uint8Array, secretKey: Uint8Array): MlDsaSecret {
    return {
      publicKey,
      sign(message, random) {
        const extraEntropy = random.bytes(32);
        try {
          return noble.sign(message, secretKey, { extraEntropy });
        } finally {
          wipe(extraEntropy);
        }
      },
      wipe: () => wipe(secretKey),
    };
  }

  return {
    parameters,
    publicFrom(bytes) {
      const key = copyOf(bytes);
      return { verify: (message, signature) => noble.verify(signature, message, key) };
    },
    secretFrom({ seed, expanded }) {
      if (seed === undefined) return held(publicKeyOf(expanded, noble), copyOf(expanded));
      const { publicKey, secretKey } = noble.keygen(seed);
      if (expanded === undefined || sameBytes(expanded, secretKey)) return held(publicKey, secretKey);
      wipe(secretKey);
      throw fail.InvalidKey;
    },
  };
}

/**
 * FIPS 204, algorithm 25: coefficients of s1 and s2 out of range are no key. As OpenSSL demands, the key holds the hash
 * tr of its public half. OpenSSL also computes t0 anew, which noble does not give: a wrong one makes bad signatures.
 */
function publicKeyOf(expanded: Uint8Array, noble: ReturnType<typeof nobleMlDsa65>): Uint8Array {
  let publicKey: Uint8Array;
  try {
    publicKey = noble.getPublicKey(expanded);
  } catch {
    throw fail.InvalidKey;
  }
  // rho and K stand before it.
  const hash = createHash('shake256', { outputLength: 64 }).update(publicKey).digest();
  if (!sameBytes(hash, expanded.subarray(64, 128))) throw fail.InvalidKey;
  return publicKey;
}

type MlDsaAlgorithm = SignatureAlgorithm<SeededSecret<MlDsaSecret, MlDsaPublic>, SeededPublic<MlDsaPublic>>;

export function mlDsaOn(dsa: MlDsa): MlDsaAlgorithm {
  const { name, signatureSize } = dsa.parameters;
  return {
    id: name,
    category: 'signatures',
    keys: new SeededKeys(dsa),
    signatureSize,
    sign: (secret, message, random) => copyOf(secret.expanded.sign(message, random)),
    verify: (publicKey, message, signature) => publicKey.held.verify(message, signature),
  };
}

function entry(parameters: MlDsaParameters): SignatureEntry {
  return signatureEntry(
    parameters.name,
    { tier: 'optional', approved: 'FIPS 204', vectors: ['acvp', 'wycheproof'] },
    { backend: openssl, constantTime: 'library', make: () => mlDsaOn(opensslMlDsa(parameters)) },
    { backend: noblePostQuantum, constantTime: 'best-effort', make: () => mlDsaOn(nobleMlDsa(parameters)) },
  );
}

export const mlDsas: readonly SignatureEntry[] = [mlDsa44, mlDsa65, mlDsa87].map(entry);
