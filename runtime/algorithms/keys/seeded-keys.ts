/**
 * Keys of ML-KEM and ML-DSA: a secret one is a seed, or what was expanded from a seed that nobody has any more. It
 * goes out as it came in, and a seed alone: the same on every backend.
 */
import type {
  AlgorithmIdentifier,
  KeyFamily,
  KeyPrices,
  PrivateContainer,
  PublicKeyInfo,
} from '../../contracts/keys.js';
import type { Random } from '../../contracts/context.js';
import type { Prepared } from '../../contracts/primitives.js';
import { fail } from '../../failures.js';
import { copyOf, sameBytes, wipe } from '../../bytes.js';
import { writePrivateKeyInfo } from '../../encodings/private-keys.js';
import { algorithmIdentifier, writePublicKeyInfo } from '../../encodings/public-keys.js';
import { readSeededPrivateKey, seededPrivateKey, type SeededPrivateKey } from '../../encodings/seeded-private-keys.js';
import { ifGood, SharedPublicMaterial, SharedSecretMaterial } from './material.js';

/** A parameter set. Sizes in bytes. */
export interface SeededParameters {
  /** Contents of its object identifier. */
  readonly identifier: Uint8Array;
  /** As its standard calls it. */
  readonly name: string;
  readonly seedSize: number;
  readonly expandedSize: number;
  readonly publicSize: number;
  readonly prices: KeyPrices;
}

export interface ExpandedSecret extends Prepared {
  readonly publicKey: Uint8Array;
}

/** A parameter set on a backend. All sizes have been checked. */
export interface SeededScheme<S extends ExpandedSecret, P> {
  readonly parameters: SeededParameters;
  /** Errors: `invalid_key`. */
  publicFrom(bytes: Uint8Array): P;
  /** Errors: `invalid_key` for an expanded key that is none, or not that of the seed. */
  secretFrom(key: SeededPrivateKey): S;
}

export class SeededPublic<P> extends SharedPublicMaterial {
  readonly held: P;
  readonly #identifier: Uint8Array;
  readonly #bytes: Uint8Array;

  /** @param bytes of the right size */
  constructor({ parameters, publicFrom }: SeededScheme<ExpandedSecret, P>, bytes: Uint8Array) {
    super();
    this.#identifier = parameters.identifier;
    this.#bytes = copyOf(bytes);
    this.held = publicFrom(this.#bytes);
  }

  override raw(): Uint8Array {
    return copyOf(this.#bytes);
  }

  override info(): Uint8Array {
    return writePublicKeyInfo(algorithmIdentifier(this.#identifier), this.#bytes);
  }

  /** The import has checked all that there is to check. */
  override validate(): void {}

  protected override dispose(): void {}
}

export class SeededSecret<S extends ExpandedSecret, P> extends SharedSecretMaterial {
  readonly expanded: S;
  readonly #scheme: SeededScheme<S, P>;
  /** The seed where it is known. */
  readonly #kept: SeededPrivateKey;
  #publicHalf: SeededPublic<P> | undefined;

  /** @param key of the right sizes */
  constructor(scheme: SeededScheme<S, P>, key: SeededPrivateKey) {
    super();
    this.#scheme = scheme;
    this.expanded = scheme.secretFrom(key);
    this.#kept = key.seed === undefined ? { expanded: copyOf(key.expanded) } : { seed: copyOf(key.seed) };
  }

  get publicHalf(): SeededPublic<P> {
    this.#publicHalf ??= new SeededPublic(this.#scheme, this.expanded.publicKey);
    return this.#publicHalf;
  }

  override raw(): Uint8Array {
    return copyOf(bytesOf(this.#kept));
  }

  override rawPair(): Uint8Array {
    return this.raw();
  }

  override info(): Uint8Array {
    return writePrivateKeyInfo(algorithmIdentifier(this.#scheme.parameters.identifier), seededPrivateKey(this.#kept));
  }

  protected override dispose(): void {
    wipe(bytesOf(this.#kept));
    this.expanded.wipe();
    this.#publicHalf?.release();
  }
}

function bytesOf(key: SeededPrivateKey): Uint8Array {
  return key.seed ?? key.expanded;
}

export class SeededKeys<S extends ExpandedSecret, P> implements KeyFamily<SeededSecret<S, P>, SeededPublic<P>> {
  readonly kind: string;
  readonly prices: KeyPrices;
  readonly #scheme: SeededScheme<S, P>;

  constructor(scheme: SeededScheme<S, P>) {
    this.kind = scheme.parameters.name;
    this.prices = scheme.parameters.prices;
    this.#scheme = scheme;
  }

  generate(random: Random): SeededSecret<S, P> {
    const seed = random.bytes(this.#scheme.parameters.seedSize);
    try {
      return new SeededSecret(this.#scheme, { seed });
    } finally {
      wipe(seed);
    }
  }

  publicFromRaw(bytes: Uint8Array): SeededPublic<P> {
    if (bytes.length !== this.#scheme.parameters.publicSize) throw fail.InvalidKey;
    return new SeededPublic(this.#scheme, bytes);
  }

  publicFromInfo({ algorithm, key }: PublicKeyInfo): SeededPublic<P> {
    requireAlgorithm(this.#scheme.parameters, algorithm);
    return this.publicFromRaw(key);
  }

  /** Its size says whether it is a seed. */
  secretFromRaw(bytes: Uint8Array): SeededSecret<S, P> {
    return this.#secretFrom(bytes.length === this.#scheme.parameters.seedSize ? { seed: bytes } : { expanded: bytes });
  }

  pairFromRaw(bytes: Uint8Array): SeededSecret<S, P> {
    return this.secretFromRaw(bytes);
  }

  secretFromContainer(container: PrivateContainer): SeededSecret<S, P> {
    if (container.form !== 'pkcs8') throw fail.InvalidKey;
    requireAlgorithm(this.#scheme.parameters, container.algorithm);
    const secret = this.#secretFrom(readSeededPrivateKey(container.key));
    const half = container.publicKey;
    return ifGood(secret, () => {
      if (half !== undefined && !sameBytes(half, secret.expanded.publicKey)) throw fail.InvalidKey;
    });
  }

  #secretFrom(key: SeededPrivateKey): SeededSecret<S, P> {
    const { seedSize, expandedSize } = this.#scheme.parameters;
    if (key.seed !== undefined && key.seed.length !== seedSize) throw fail.InvalidKey;
    if (key.expanded !== undefined && key.expanded.length !== expandedSize) throw fail.InvalidKey;
    return new SeededSecret(this.#scheme, key);
  }
}

/** RFC 9935, 3, and RFC 9881, 2: parameters must be absent. */
function requireAlgorithm({ identifier }: SeededParameters, { id, parameters }: AlgorithmIdentifier): void {
  if (!sameBytes(id, identifier) || parameters.length !== 0) throw fail.InvalidKey;
}
