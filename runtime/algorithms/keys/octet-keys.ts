/**
 * Keys that are plain strings of bytes on an Edwards or Montgomery curve (RFC 7748, 8032, 8410):
 * one family for each curve. Secrets are in the keeping of a backend; their bytes pass through wiped buffers only.
 */
import type {
  AlgorithmIdentifier,
  KeyFamily,
  KeyPrices,
  PrivateContainer,
  PublicKeyInfo,
} from '../../contracts/keys.js';
import type { CurveKeys, HeldPublic, HeldSecret } from '../../contracts/primitives.js';
import { fail } from '../../failures.js';
import { concat, copyOf, sameBytes, wipe } from '../../bytes.js';
import { DerReader, octets, Tag } from '../../encodings/der.js';
import { writePrivateKeyInfo } from '../../encodings/private-keys.js';
import { algorithmIdentifier, writePublicKeyInfo } from '../../encodings/public-keys.js';
import type { Random } from '../../contracts/context.js';
import { ifGood, SharedPublicMaterial, SharedSecretMaterial } from './material.js';

export interface OctetCurve {
  /** Contents of its object identifier. */
  readonly identifier: Uint8Array;
  readonly name: string;
  /** Bytes of either half. */
  readonly size: number;
  readonly prices: KeyPrices;
  /** Which half stands first in a raw key pair. */
  readonly firstHalf: 'secret' | 'public';
  /** Whether a public key has one encoding only: all other bytes are another key, or none. */
  readonly oneEncoding: boolean;
  /** Judges a public key of the right size at import (`invalid_key`), and gives the bytes to keep. */
  decode(bytes: Uint8Array): DecodedPoint;
  /** Judges a public key that was imported: `publickey_verify`. */
  validate(bytes: Uint8Array): void;
}

export interface DecodedPoint {
  /** In memory of ours. */
  readonly bytes: Uint8Array;
  /** The point generates only a few others: nothing that is computed with it can be trusted. */
  readonly lowOrder: boolean;
}

export class OctetPublic extends SharedPublicMaterial {
  readonly lowOrder: boolean;
  readonly #curve: OctetCurve;
  readonly #backend: CurveKeys;
  #bytes: Uint8Array | undefined;
  #held: HeldPublic | undefined;

  /** @param from the point, or a good key, whose bytes are taken out when first asked for */
  constructor(curve: OctetCurve, backend: CurveKeys, from: DecodedPoint | HeldPublic) {
    super();
    this.#curve = curve;
    this.#backend = backend;
    const decoded = 'lowOrder' in from;
    this.lowOrder = decoded && from.lowOrder;
    if (decoded) this.#bytes = from.bytes;
    else this.#held = from;
  }

  get bytes(): Uint8Array {
    this.#bytes ??= this.held.bytes();
    return this.#bytes;
  }

  get held(): HeldPublic {
    this.#held ??= this.#backend.publicFrom(this.bytes);
    return this.#held;
  }

  override raw(): Uint8Array {
    return copyOf(this.bytes);
  }

  override info(): Uint8Array {
    return writePublicKeyInfo(algorithmIdentifier(this.#curve.identifier), this.bytes);
  }

  override validate(): void {
    this.#curve.validate(this.bytes);
  }

  protected override dispose(): void {
    this.#held?.wipe();
    this.#held = undefined;
  }
}

export class OctetSecret extends SharedSecretMaterial {
  readonly held: HeldSecret;
  readonly #curve: OctetCurve;
  readonly #backend: CurveKeys;
  #publicHalf: OctetPublic | undefined;

  /** @param publicHalf undefined: follows from the key when first asked for, which a generated one must not be (see `openssl/asymmetric.ts`) */
  constructor(curve: OctetCurve, backend: CurveKeys, held: HeldSecret, publicHalf?: OctetPublic) {
    super();
    this.#curve = curve;
    this.#backend = backend;
    this.held = held;
    this.#publicHalf = publicHalf;
  }

  /** Computed when first asked for. It is a multiple of the base point, so it needs no judging. */
  get publicHalf(): OctetPublic {
    this.#publicHalf ??= goodPublic(this.#curve, this.#backend, this.held.publicBytes());
    return this.#publicHalf;
  }

  override raw(): Uint8Array {
    return this.held.bytes();
  }

  override rawPair(): Uint8Array {
    const secret = this.raw();
    try {
      return this.#curve.firstHalf === 'secret'
        ? concat(secret, this.publicHalf.bytes)
        : concat(this.publicHalf.bytes, secret);
    } finally {
      wipe(secret);
    }
  }

  override info(): Uint8Array {
    const secret = this.raw();
    try {
      return writeInfo(this.#curve, secret);
    } finally {
      wipe(secret);
    }
  }

  protected override dispose(): void {
    this.held.wipe();
    this.#publicHalf?.release();
  }
}

export class OctetKeys implements KeyFamily<OctetSecret, OctetPublic> {
  readonly kind: string;
  readonly prices: KeyPrices;
  readonly #curve: OctetCurve;
  readonly #backend: CurveKeys;

  constructor(curve: OctetCurve, backend: CurveKeys) {
    this.kind = curve.name;
    this.prices = curve.prices;
    this.#curve = curve;
    this.#backend = backend;
  }

  /** By OpenSSL, since Node 20 takes nine times as long to import a secret as to generate one (measured); an owner's randomness has to be imported. */
  generate(random: Random): OctetSecret {
    if (random.isSystem) {
      const { secret, publicHalf } = this.#backend.generate();
      const half =
        publicHalf instanceof Uint8Array
          ? goodPublic(this.#curve, this.#backend, publicHalf)
          : new OctetPublic(this.#curve, this.#backend, publicHalf);
      return new OctetSecret(this.#curve, this.#backend, secret, half);
    }
    const secret = random.bytes(this.#curve.size);
    try {
      return this.secretFromRaw(secret);
    } finally {
      wipe(secret);
    }
  }

  publicFromRaw(bytes: Uint8Array): OctetPublic {
    if (bytes.length !== this.#curve.size) throw fail.InvalidKey;
    return new OctetPublic(this.#curve, this.#backend, this.#curve.decode(bytes));
  }

  publicFromInfo({ algorithm, key }: PublicKeyInfo): OctetPublic {
    requireCurve(this.#curve, algorithm);
    return this.publicFromRaw(key);
  }

  secretFromRaw(bytes: Uint8Array): OctetSecret {
    if (bytes.length !== this.#curve.size) throw fail.InvalidKey;
    return new OctetSecret(this.#curve, this.#backend, this.#backend.secretFrom(bytes, undefined));
  }

  secretFromContainer(container: PrivateContainer): OctetSecret {
    const secret = this.secretFromRaw(innerSecret(this.#curve, container));
    const half = container.form === 'pkcs8' ? container.publicKey : undefined;
    return half === undefined ? secret : ifGood(secret, () => this.#requireHalf(secret, half));
  }

  pairFromRaw(bytes: Uint8Array): OctetSecret {
    const { size, firstHalf } = this.#curve;
    if (bytes.length !== size * 2) throw fail.InvalidKey;
    const [first, second] = [bytes.subarray(0, size), bytes.subarray(size)];
    const secret = this.secretFromRaw(firstHalf === 'secret' ? first : second);
    return ifGood(secret, () => this.#requireHalf(secret, firstHalf === 'secret' ? second : first));
  }

  secretHeld(held: HeldSecret, info: PublicKeyInfo): OctetSecret {
    return new OctetSecret(this.#curve, this.#backend, held, this.publicFromInfo(info));
  }

  /** Where the same bytes are the only ones, no other point is judged: how long that takes depends on the point. */
  #requireHalf(secret: OctetSecret, publicKey: Uint8Array): void {
    const { bytes } = secret.publicHalf;
    if (sameBytes(publicKey, bytes)) return;
    if (this.#curve.oneEncoding || !sameBytes(this.publicFromRaw(publicKey).bytes, bytes)) throw fail.InvalidKey;
  }
}

function goodPublic(curve: OctetCurve, backend: CurveKeys, bytes: Uint8Array): OctetPublic {
  return new OctetPublic(curve, backend, { bytes, lowOrder: false });
}

/** RFC 8410, 3: parameters must be absent. */
function requireCurve(curve: OctetCurve, { id, parameters }: AlgorithmIdentifier): void {
  if (!sameBytes(id, curve.identifier) || parameters.length !== 0) throw fail.InvalidKey;
}

/** RFC 8410, 7: the key is an OCTET STRING within the OCTET STRING. */
function innerSecret(curve: OctetCurve, container: PrivateContainer): Uint8Array {
  if (container.form !== 'pkcs8') throw fail.InvalidKey;
  requireCurve(curve, container.algorithm);
  const reader = new DerReader(container.key, fail.InvalidKey);
  const secret = reader.read(Tag.OctetString);
  reader.end();
  return secret;
}

function writeInfo(curve: OctetCurve, secret: Uint8Array): Uint8Array<ArrayBuffer> {
  return writePrivateKeyInfo(algorithmIdentifier(curve.identifier), octets(secret));
}
