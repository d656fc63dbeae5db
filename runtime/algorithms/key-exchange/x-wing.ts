/**
 * X-Wing (draft-connolly-cfrg-xwing-kem): ML-KEM-768 and X25519 together, safe as long as either is.
 *
 * Both halves of a key follow from a seed of 32 bytes, which is all that is ever exported. Where the
 * X25519 half comes out as zeros, the draft lets them enter the combiner; libraries that throw there
 * are not asked.
 */
import { createHash } from 'node:crypto';
import type { KeyEncapsulation } from '../../contracts/algorithms.js';
import type {
  AlgorithmIdentifier,
  KeyFamily,
  KeyPrices,
  PrivateContainer,
  PublicKeyInfo,
} from '../../contracts/keys.js';
import { fail } from '../../failures.js';
import { noblePostQuantum } from '../../backends/noble.js';
import { opensslAsymmetric } from '../../backends/openssl/asymmetric.js';
import { openssl } from '../../backends/openssl/backend.js';
import { type HashName, secretDigest } from '../../backends/openssl/hashes.js';
import { concat, copyOf, sameBytes, wipe } from '../../bytes.js';
import { ObjectIdentifiers } from '../../encodings/object-identifiers.js';
import { writePrivateKeyInfo } from '../../encodings/private-keys.js';
import { algorithmIdentifier, writePublicKeyInfo } from '../../encodings/public-keys.js';
import type { Random } from '../../contracts/context.js';
import { SharedPublicMaterial, SharedSecretMaterial } from '../keys/material.js';
import { OctetKeys, type OctetPublic, type OctetSecret } from '../keys/octet-keys.js';
import { agreed, exchangeEntry, type KeyExchangeEntry } from './entry.js';
import {
  type MlKem,
  mlKem768,
  type MlKemPublic,
  type MlKemSecret,
  nobleMlKem,
  opensslMlKem,
  SEED_BYTES,
} from './ml-kem.js';
import { curve25519 } from './x25519.js';

const SECRET_BYTES = 32;
const X25519_BYTES = 32;
const sha3: HashName = { name: 'sha3-256', length: 32 };
/** XWingLabel: `\./` over `/^\`. */
const LABEL = Uint8Array.from(Buffer.from('5c2e2f2f5e5c', 'hex'));

let keys: OctetKeys | undefined;

/** Looked for when it is first used: OpenSSL may have none, and then has no X-Wing. */
function x25519Keys(): OctetKeys {
  keys ??= new OctetKeys(curve25519, opensslAsymmetric.curve('x25519'));
  return keys;
}

export class XWingPublic extends SharedPublicMaterial {
  readonly mlKem: MlKemPublic;
  readonly x25519: OctetPublic;
  readonly #bytes: Uint8Array;

  /** @param bytes of the right size */
  constructor(kem: MlKem, bytes: Uint8Array) {
    super();
    this.#bytes = copyOf(bytes);
    this.mlKem = kem.publicFrom(this.#bytes.subarray(0, -X25519_BYTES));
    this.x25519 = x25519Keys().publicFromRaw(this.x25519Bytes);
  }

  /** As they were given, with bit 255: the combiner takes them so. */
  get x25519Bytes(): Uint8Array {
    return this.#bytes.subarray(-X25519_BYTES);
  }

  override raw(): Uint8Array {
    return copyOf(this.#bytes);
  }

  override info(): Uint8Array {
    return writePublicKeyInfo(algorithmIdentifier(ObjectIdentifiers.xWing), this.#bytes);
  }

  override validate(): void {
    if (this.x25519.lowOrder) throw fail.InvalidKey;
  }

  protected override dispose(): void {
    this.x25519.release();
  }
}

export class XWingSecret extends SharedSecretMaterial {
  readonly mlKem: MlKemSecret;
  readonly x25519: OctetSecret;
  readonly #kem: MlKem;
  readonly #seed: Uint8Array;
  #publicHalf: XWingPublic | undefined;

  /** @param seed of 32 bytes */
  constructor(kem: MlKem, seed: Uint8Array) {
    super();
    this.#kem = kem;
    this.#seed = copyOf(seed);
    const expanded = createHash('shake256', { outputLength: SEED_BYTES + X25519_BYTES })
      .update(this.#seed)
      .digest();
    try {
      this.mlKem = kem.secretFrom({ seed: expanded.subarray(0, SEED_BYTES) });
      this.x25519 = x25519Keys().secretFromRaw(expanded.subarray(SEED_BYTES));
    } finally {
      wipe(expanded);
    }
  }

  get publicHalf(): XWingPublic {
    this.#publicHalf ??= new XWingPublic(this.#kem, concat(this.mlKem.publicKey, this.x25519.publicHalf.bytes));
    return this.#publicHalf;
  }

  override raw(): Uint8Array {
    return copyOf(this.#seed);
  }

  override rawPair(): Uint8Array {
    return this.raw();
  }

  override info(): Uint8Array {
    return writePrivateKeyInfo(algorithmIdentifier(ObjectIdentifiers.xWing), this.#seed);
  }

  protected override dispose(): void {
    wipe(this.#seed);
    this.mlKem.wipe();
    this.x25519.release();
    this.#publicHalf?.release();
  }
}

export class XWingKeys implements KeyFamily<XWingSecret, XWingPublic> {
  readonly kind = 'X-Wing';
  readonly prices: KeyPrices = {
    bytes: 13_500,
    generate: 1_100_000,
    import: 1_000_000,
    publicHalf: 900_000,
    useSecret: 1_000_000,
    usePublic: 900_000,
    validate: 1000,
  };
  readonly #kem: MlKem;

  constructor(kem: MlKem) {
    this.#kem = kem;
  }

  generate(random: Random): XWingSecret {
    const seed = random.bytes(SECRET_BYTES);
    try {
      return new XWingSecret(this.#kem, seed);
    } finally {
      wipe(seed);
    }
  }

  publicFromRaw(bytes: Uint8Array): XWingPublic {
    if (bytes.length !== this.#kem.parameters.publicSize + X25519_BYTES) throw fail.InvalidKey;
    return new XWingPublic(this.#kem, bytes);
  }

  publicFromInfo({ algorithm, key }: PublicKeyInfo): XWingPublic {
    requireXWing(algorithm);
    return this.publicFromRaw(key);
  }

  secretFromRaw(bytes: Uint8Array): XWingSecret {
    if (bytes.length !== SECRET_BYTES) throw fail.InvalidKey;
    return new XWingSecret(this.#kem, bytes);
  }

  pairFromRaw(bytes: Uint8Array): XWingSecret {
    return this.secretFromRaw(bytes);
  }

  /** The seed stands in the container without a wrapping of its own. */
  secretFromContainer(container: PrivateContainer): XWingSecret {
    if (container.form !== 'pkcs8') throw fail.InvalidKey;
    requireXWing(container.algorithm);
    const secret = this.secretFromRaw(container.key);
    if (container.publicKey !== undefined && !sameBytes(container.publicKey, secret.publicHalf.raw())) {
      secret.release();
      throw fail.InvalidKey;
    }
    return secret;
  }
}

function requireXWing({ id, parameters }: AlgorithmIdentifier): void {
  if (!sameBytes(id, ObjectIdentifiers.xWing) || parameters.length !== 0) throw fail.InvalidKey;
}

/** X25519 as the draft has it: zeros are a result. */
function exchange(publicKey: OctetPublic, secret: OctetSecret): Uint8Array {
  if (publicKey.lowOrder) return new Uint8Array(X25519_BYTES);
  return agreed(publicKey.held, secret.held, X25519_BYTES);
}

/** The shared secret of both halves, which are wiped. */
function combine(
  mlKemSecret: Uint8Array,
  x25519Secret: Uint8Array,
  x25519Ciphertext: Uint8Array,
  x25519Public: Uint8Array,
): Uint8Array {
  const input = concat(mlKemSecret, x25519Secret, x25519Ciphertext, x25519Public, LABEL);
  try {
    return secretDigest(sha3, input);
  } finally {
    wipe(input, mlKemSecret, x25519Secret);
  }
}

export function xWingOn(kem: MlKem): KeyEncapsulation<XWingSecret, XWingPublic> {
  const { ciphertextSize } = kem.parameters;
  return {
    id: 'X-WING',
    category: 'key-exchange',
    kind: 'key-encapsulation',
    keys: new XWingKeys(kem),
    encapsulatedSize: ciphertextSize + X25519_BYTES,

    encapsulate(publicKey, random) {
      const ephemeral = x25519Keys().generate(random);
      try {
        const inner = publicKey.mlKem.encapsulate(random);
        const ciphertext = ephemeral.publicHalf.bytes;
        const secret = combine(inner.secret, exchange(publicKey.x25519, ephemeral), ciphertext, publicKey.x25519Bytes);
        return { secret, encapsulated: concat(inner.encapsulated, ciphertext) };
      } finally {
        ephemeral.release();
      }
    },

    decapsulate(secret, encapsulated) {
      const ciphertext = encapsulated.subarray(ciphertextSize);
      const shared = exchange(x25519Keys().publicFromRaw(ciphertext), secret.x25519);
      const inner = secret.mlKem.decapsulate(encapsulated.subarray(0, ciphertextSize));
      return combine(inner, shared, ciphertext, secret.x25519.publicHalf.bytes);
    },
  };
}

export const xWing: KeyExchangeEntry = exchangeEntry(
  'X-WING',
  { tier: 'recommended', vectors: ['xwing'] },
  { backend: openssl, constantTime: 'library', make: () => xWingOn(opensslMlKem(mlKem768)) },
  { backend: noblePostQuantum, constantTime: 'best-effort', make: () => xWingOn(nobleMlKem(mlKem768)) },
);
