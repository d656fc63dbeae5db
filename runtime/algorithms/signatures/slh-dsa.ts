/**
 * SLH-DSA (FIPS 205), pure and with an empty context, by OpenSSL 3.5 through newer Nodes or by noble. Signing is hedged
 * (FIPS 205, 9.2): OpenSSL draws by itself, noble is given what the context draws.
 *
 * A secret key holds its public half, whose root would take as long to compute anew as a new key: it is believed, and
 * a wrong one makes signatures that do not verify.
 */
import {
  createPrivateKey,
  generateKeyPairSync,
  type KeyObject,
  type RSAKeyPairOptions,
  sign,
  verify,
} from 'node:crypto';
import type { SignatureAlgorithm } from '../../contracts/algorithms.js';
import type { Random } from '../../contracts/context.js';
import type {
  AlgorithmIdentifier,
  KeyFamily,
  KeyPrices,
  PrivateContainer,
  PublicKeyInfo,
} from '../../contracts/keys.js';
import { fail } from '../../failures.js';
import { Unavailable } from '../../backends/backend.js';
import { noblePostQuantum, nobleSlhDsa } from '../../backends/noble.js';
import { openssl } from '../../backends/openssl/backend.js';
import { opensslPublic } from '../../backends/openssl/seeded-keys.js';
import { requireKeys } from '../../backends/provider.js';
import { copyOf, sameBytes, wipe } from '../../bytes.js';
import { ObjectIdentifiers } from '../../encodings/object-identifiers.js';
import { readPrivateContainer, writePrivateKeyInfo } from '../../encodings/private-keys.js';
import { algorithmIdentifier, writePublicKeyInfo } from '../../encodings/public-keys.js';
import type { Implementation } from '../descriptor.js';
import { SharedPublicMaterial, SharedSecretMaterial } from '../keys/material.js';
import type { SignatureEntry } from './entry.js';

/** Of both the seed and the root, for the parameter sets of 128 bits. */
const PUBLIC_BYTES = 32;
const SECRET_BYTES = 64;
/** SK.seed, SK.prf, PK.seed (FIPS 205, algorithm 21). */
const SEED_BYTES = 48;

export interface SlhDsaParameters {
  /** Contents of its object identifier. */
  readonly identifier: Uint8Array;
  readonly name: string;
  readonly signatureSize: number;
  readonly prices: KeyPrices;
  /** Loads it. */
  readonly noble: () => ReturnType<typeof nobleSlhDsa>['slh_dsa_sha2_128s'];
}

/** FIPS 205, 11, table 2. */
export const slhDsaSha2128s: SlhDsaParameters = {
  identifier: ObjectIdentifiers.slhDsaSha2128s,
  name: 'SLH-DSA-SHA2-128s',
  signatureSize: 7856,
  prices: prices(400_000_000, 2_500_000_000, 6_000_000),
  noble: () => nobleSlhDsa().slh_dsa_sha2_128s,
};

export const slhDsaSha2128f: SlhDsaParameters = {
  identifier: ObjectIdentifiers.slhDsaSha2128f,
  name: 'SLH-DSA-SHA2-128f',
  signatureSize: 17_088,
  prices: prices(8_000_000, 150_000_000, 10_000_000),
  noble: () => nobleSlhDsa().slh_dsa_sha2_128f,
};

export const slhDsaShake128s: SlhDsaParameters = {
  identifier: ObjectIdentifiers.slhDsaShake128s,
  name: 'SLH-DSA-SHAKE-128s',
  signatureSize: 7856,
  prices: prices(200_000_000, 1_500_000_000, 40_000_000),
  noble: () => nobleSlhDsa().slh_dsa_shake_128s,
};

function prices(generate: number, useSecret: number, usePublic: number): KeyPrices {
  return { bytes: 3000, generate, import: 200_000, publicHalf: 100_000, useSecret, usePublic, validate: 0 };
}

/** A parameter set on a backend. All sizes have been checked. */
export interface SlhDsa {
  readonly parameters: SlhDsaParameters;
  /** New bytes of a new secret key. */
  generate(random: Random): Uint8Array;
  /** Verifies under a public key. */
  verifier(publicKey: Uint8Array): (message: Uint8Array, signature: Uint8Array) => boolean;
  /** Signs with a secret key, whose bytes stay as long as it is used. */
  signer(secretKey: Uint8Array): (message: Uint8Array, random: Random) => Uint8Array;
}

/** Throws `Unavailable` where Node or its OpenSSL has no SLH-DSA. */
export function opensslSlhDsa(parameters: SlhDsaParameters): SlhDsa {
  const { identifier, name } = parameters;
  const importSecret = (secretKey: Uint8Array): KeyObject => {
    const der = writePrivateKeyInfo(algorithmIdentifier(identifier), secretKey);
    try {
      return createPrivateKey({
        key: Buffer.from(der.buffer, der.byteOffset, der.length),
        type: 'pkcs8',
        format: 'der',
      });
    } finally {
      wipe(der);
    }
  };
  requireKeys(name, () => importSecret(new Uint8Array(SECRET_BYTES)));
  return {
    parameters,
    generate() {
      const settings: RSAKeyPairOptions<'der', 'der'> = {
        modulusLength: 0,
        privateKeyEncoding: { type: 'pkcs8', format: 'der' },
        publicKeyEncoding: { type: 'spki', format: 'der' },
      };
      // As of RSA: Node's declarations lack these types, whose keys have no modulus.
      const { privateKey } = generateKeyPairSync(name.toLowerCase() as 'rsa', settings);
      try {
        const container = readPrivateContainer(privateKey);
        if (container.form !== 'pkcs8') throw new Error('a key in another container than was asked for');
        return copyOf(container.key);
      } finally {
        wipe(privateKey);
      }
    },
    verifier(publicKey) {
      const keyObject = opensslPublic(identifier, publicKey);
      return (message, signature) => verify(null, message, keyObject, signature);
    },
    signer(secretKey) {
      const keyObject = importSecret(secretKey);
      return (message) => sign(null, message, keyObject);
    },
  };
}

export function nobleSlhDsaOf(parameters: SlhDsaParameters): SlhDsa {
  const noble = parameters.noble();
  return {
    parameters,
    generate(random) {
      const seed = random.bytes(SEED_BYTES);
      try {
        return noble.keygen(seed).secretKey;
      } finally {
        wipe(seed);
      }
    },
    verifier: (publicKey) => (message, signature) => noble.verify(signature, message, publicKey),
    signer: (secretKey) => (message, random) => {
      const extraEntropy = random.bytes(SECRET_BYTES - SEED_BYTES);
      try {
        return noble.sign(message, secretKey, { extraEntropy });
      } finally {
        wipe(extraEntropy);
      }
    },
  };
}

class SlhDsaPublic extends SharedPublicMaterial {
  readonly verify: ReturnType<SlhDsa['verifier']>;
  readonly #identifier: Uint8Array;
  readonly #bytes: Uint8Array;

  /** @param bytes of the right size */
  constructor({ parameters, verifier }: SlhDsa, bytes: Uint8Array) {
    super();
    this.#identifier = parameters.identifier;
    this.#bytes = copyOf(bytes);
    this.verify = verifier(this.#bytes);
  }

  override raw(): Uint8Array {
    return copyOf(this.#bytes);
  }

  override info(): Uint8Array {
    return writePublicKeyInfo(algorithmIdentifier(this.#identifier), this.#bytes);
  }

  /** Any bytes are a key. */
  override validate(): void {}

  protected override dispose(): void {}
}

class SlhDsaSecret extends SharedSecretMaterial {
  readonly #dsa: SlhDsa;
  readonly #bytes: Uint8Array;
  #sign: ReturnType<SlhDsa['signer']> | undefined;
  #publicHalf: SlhDsaPublic | undefined;

  /** @param bytes of the right size, copied */
  constructor(dsa: SlhDsa, bytes: Uint8Array) {
    super();
    this.#dsa = dsa;
    this.#bytes = copyOf(bytes);
  }

  get publicHalf(): SlhDsaPublic {
    this.#publicHalf ??= new SlhDsaPublic(this.#dsa, this.#bytes.subarray(-PUBLIC_BYTES));
    return this.#publicHalf;
  }

  sign(message: Uint8Array, random: Random): Uint8Array {
    this.#sign ??= this.#dsa.signer(this.#bytes);
    return this.#sign(message, random);
  }

  override raw(): Uint8Array {
    return copyOf(this.#bytes);
  }

  override rawPair(): Uint8Array {
    return this.raw();
  }

  override info(): Uint8Array {
    return writePrivateKeyInfo(algorithmIdentifier(this.#dsa.parameters.identifier), this.#bytes);
  }

  protected override dispose(): void {
    wipe(this.#bytes);
    this.#sign = undefined;
    this.#publicHalf?.release();
  }
}

class SlhDsaKeys implements KeyFamily<SlhDsaSecret, SlhDsaPublic> {
  readonly kind: string;
  readonly prices: KeyPrices;
  readonly #dsa: SlhDsa;

  constructor(dsa: SlhDsa) {
    this.kind = dsa.parameters.name;
    this.prices = dsa.parameters.prices;
    this.#dsa = dsa;
  }

  generate(random: Random): SlhDsaSecret {
    const bytes = this.#dsa.generate(random);
    try {
      return new SlhDsaSecret(this.#dsa, bytes);
    } finally {
      wipe(bytes);
    }
  }

  publicFromRaw(bytes: Uint8Array): SlhDsaPublic {
    if (bytes.length !== PUBLIC_BYTES) throw fail.InvalidKey;
    return new SlhDsaPublic(this.#dsa, bytes);
  }

  publicFromInfo({ algorithm, key }: PublicKeyInfo): SlhDsaPublic {
    this.#requireAlgorithm(algorithm);
    return this.publicFromRaw(key);
  }

  secretFromRaw(bytes: Uint8Array): SlhDsaSecret {
    if (bytes.length !== SECRET_BYTES) throw fail.InvalidKey;
    return new SlhDsaSecret(this.#dsa, bytes);
  }

  pairFromRaw(bytes: Uint8Array): SlhDsaSecret {
    return this.secretFromRaw(bytes);
  }

  /** RFC 9909, 6: the key stands in the container without a wrapping of its own. */
  secretFromContainer(container: PrivateContainer): SlhDsaSecret {
    if (container.form !== 'pkcs8') throw fail.InvalidKey;
    this.#requireAlgorithm(container.algorithm);
    const half = container.publicKey;
    if (half !== undefined && !sameBytes(half, container.key.subarray(-PUBLIC_BYTES))) throw fail.InvalidKey;
    return this.secretFromRaw(container.key);
  }

  /** RFC 9909, 3: parameters must be absent. */
  #requireAlgorithm({ id, parameters }: AlgorithmIdentifier): void {
    if (!sameBytes(id, this.#dsa.parameters.identifier) || parameters.length !== 0) throw fail.InvalidKey;
  }
}

export function slhDsaOn(dsa: SlhDsa): SignatureAlgorithm<SlhDsaSecret, SlhDsaPublic> {
  const { name, signatureSize } = dsa.parameters;
  return {
    id: name,
    category: 'signatures',
    keys: new SlhDsaKeys(dsa),
    signatureSize,
    sign: (secret, message, random) => copyOf(secret.sign(message, random)),
    verify: (publicKey, message, signature) => publicKey.verify(message, signature),
  };
}

/** Tried by what is quick: signing takes up to seconds. */
function tried(dsa: SlhDsa): SignatureAlgorithm {
  const verifies = dsa.verifier(new Uint8Array(PUBLIC_BYTES));
  if (verifies(new Uint8Array(1), new Uint8Array(dsa.parameters.signatureSize)))
    throw new Unavailable('a signature of zeros verifies here');
  return slhDsaOn(dsa);
}

function entry(parameters: SlhDsaParameters, byNoble: boolean): SignatureEntry {
  const implementations: Implementation<SignatureAlgorithm>[] = [
    { backend: openssl, constantTime: 'library', make: () => tried(opensslSlhDsa(parameters)) },
  ];
  if (byNoble)
    implementations.push({
      backend: noblePostQuantum,
      constantTime: 'best-effort',
      make: () => tried(nobleSlhDsaOf(parameters)),
    });
  return {
    tier: 'extra',
    approved: 'FIPS 205',
    vectors: ['generated'],
    id: parameters.name,
    category: 'signatures',
    implementations,
  };
}

/** A signature of SLH-DSA-SHAKE-128s takes noble 11 seconds (measured), for which the host would stand still. */
export const slhDsas: readonly SignatureEntry[] = [
  entry(slhDsaSha2128s, true),
  entry(slhDsaSha2128f, true),
  entry(slhDsaShake128s, false),
];
