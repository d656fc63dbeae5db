/**
 * Keys on elliptic curves in Weierstrass form (SEC 1, RFC 5480, RFC 5915): one family for each curve,
 * for signatures and for Diffie-Hellman alike.
 *
 * OpenSSL takes the point at infinity, hybrid points, scalars of 0 and from n on, explicit curve
 * parameters and public halves that do not match (measured): all are refused here before.
 */
import { createECDH, ECDH } from 'node:crypto';
import type {
  AlgorithmIdentifier,
  KeyFamily,
  KeyPrices,
  PrivateContainer,
  PublicKeyInfo,
} from '../../contracts/keys.js';
import type { CurveKeys, CurveName, HeldPublic, HeldSecret } from '../../contracts/primitives.js';
import { fail } from '../../failures.js';
import { copyOf, sameBytes, wipe } from '../../bytes.js';
import { type Der, DerReader, objectIdentifier, Tag } from '../../encodings/der.js';
import { ObjectIdentifiers } from '../../encodings/object-identifiers.js';
import { ecPrivateKey, readPrivateContainer, writePrivateKeyInfo } from '../../encodings/private-keys.js';
import { algorithmIdentifier, writePublicKeyInfo } from '../../encodings/public-keys.js';
import type { Random } from '../../contracts/context.js';
import { ifGood, SharedPublicMaterial, SharedSecretMaterial } from './material.js';
import { isLess, isOdd, isZero } from './unsigned-numbers.js';

export interface NamedCurve {
  /** Contents of its object identifier. */
  readonly identifier: Uint8Array;
  /** As JSON Web Keys call it. */
  readonly name: string;
  /** As OpenSSL calls it. */
  readonly opensslName: CurveName;
  /** The order n of the base point, big-endian: its length is that of coordinates and scalars too. */
  readonly order: Uint8Array;
  readonly prices: KeyPrices;
}

/** First byte of a point (SEC 1, 2.3.3). */
const Form = { CompressedEven: 2, CompressedOdd: 3, Uncompressed: 4 } as const;

export class EllipticPublic extends SharedPublicMaterial {
  readonly #curve: NamedCurve;
  readonly #backend: CurveKeys;
  #pointBytes: Uint8Array | undefined;
  #held: HeldPublic | undefined;

  /** @param from a point, uncompressed and on the curve, which becomes this object's own; or a key whose point is taken out when first asked for */
  constructor(curve: NamedCurve, backend: CurveKeys, from: Uint8Array | HeldPublic) {
    super();
    this.#curve = curve;
    this.#backend = backend;
    if (from instanceof Uint8Array) this.#pointBytes = from;
    else this.#held = from;
  }

  /** Uncompressed. */
  get #point(): Uint8Array {
    this.#pointBytes ??= this.held.bytes();
    return this.#pointBytes;
  }

  get held(): HeldPublic {
    this.#held ??= this.#backend.publicFrom(this.#point);
    return this.#held;
  }

  /** Compressed. */
  override raw(): Uint8Array {
    const x = this.#coordinate(0);
    const bytes = new Uint8Array(1 + x.length);
    bytes[0] = isOdd(this.#point) ? Form.CompressedOdd : Form.CompressedEven;
    bytes.set(x, 1);
    return bytes;
  }

  override sec(): Uint8Array {
    return copyOf(this.#point);
  }

  override info(): Uint8Array {
    return writePublicKeyInfo(curveIdentifier(this.#curve), this.#point);
  }

  /** The import has checked that the point is on the curve; the curves have no other subgroups. */
  override validate(): void {}

  protected override dispose(): void {
    this.#held?.wipe();
    this.#held = undefined;
  }

  #coordinate(index: 0 | 1): Uint8Array {
    const size = this.#curve.order.length;
    return this.#point.subarray(1 + index * size, 1 + (index + 1) * size);
  }
}

export class EllipticSecret extends SharedSecretMaterial {
  readonly publicHalf: EllipticPublic;
  readonly held: HeldSecret;
  readonly #curve: NamedCurve;

  constructor(curve: NamedCurve, held: HeldSecret, publicHalf: EllipticPublic) {
    super();
    this.#curve = curve;
    this.held = held;
    this.publicHalf = publicHalf;
  }

  /** The scalar. */
  override raw(): Uint8Array {
    return this.held.bytes();
  }

  override rawPair(): Uint8Array {
    return this.raw();
  }

  override sec(): Uint8Array {
    return this.raw();
  }

  override info(): Uint8Array {
    const scalar = this.raw();
    try {
      return writeInfo(this.#curve, scalar, this.publicHalf.sec());
    } finally {
      wipe(scalar);
    }
  }

  protected override dispose(): void {
    this.held.wipe();
    this.publicHalf.release();
  }
}

export class EllipticKeys implements KeyFamily<EllipticSecret, EllipticPublic> {
  readonly kind: string;
  readonly prices: KeyPrices;
  readonly #curve: NamedCurve;
  readonly #backend: CurveKeys;

  constructor(curve: NamedCurve, backend: CurveKeys) {
    this.kind = curve.name;
    this.prices = curve.prices;
    this.#curve = curve;
    this.#backend = backend;
  }

  /** By OpenSSL, since Node 20 takes ten times as long to import a secret as to generate one (measured); out of an owner's randomness by testing candidates (FIPS 186-5, A.2.2). */
  generate(random: Random): EllipticSecret {
    if (random.isSystem) {
      const { secret, publicHalf } = this.#backend.generate();
      return new EllipticSecret(this.#curve, secret, new EllipticPublic(this.#curve, this.#backend, publicHalf));
    }
    for (;;) {
      const scalar = random.bytes(this.#curve.order.length);
      try {
        // Bits beyond those of n: none but on P-521.
        scalar[0] = (scalar[0] as number) & (this.#curve.order[0] as number);
        if (isScalar(this.#curve, scalar)) return this.secretFromRaw(scalar);
      } finally {
        wipe(scalar);
      }
    }
  }

  publicFromRaw(bytes: Uint8Array): EllipticPublic {
    if (bytes[0] === Form.Uncompressed) throw fail.InvalidKey;
    return this.publicFromSec(bytes);
  }

  publicFromSec(bytes: Uint8Array): EllipticPublic {
    const size = this.#curve.order.length;
    const [form] = bytes;
    const expected =
      form === Form.Uncompressed
        ? 1 + 2 * size
        : form === Form.CompressedEven || form === Form.CompressedOdd
          ? 1 + size
          : 0;
    if (bytes.length === 0 || bytes.length !== expected) throw fail.InvalidKey;
    return new EllipticPublic(this.#curve, this.#backend, uncompressed(this.#curve, bytes));
  }

  secretHeld(held: HeldSecret, info: PublicKeyInfo): EllipticSecret {
    return new EllipticSecret(this.#curve, held, this.publicFromInfo(info));
  }

  publicFromInfo({ algorithm, key }: PublicKeyInfo): EllipticPublic {
    requireCurve(this.#curve, algorithm);
    return this.publicFromSec(key);
  }

  secretFromRaw(bytes: Uint8Array): EllipticSecret {
    if (!isScalar(this.#curve, bytes)) throw fail.InvalidKey;
    const computation = createECDH(this.#curve.opensslName);
    computation.setPrivateKey(bytes);
    const point = copyOf(computation.getPublicKey());
    const secret = this.#backend.secretFrom(bytes, point);
    return new EllipticSecret(this.#curve, secret, new EllipticPublic(this.#curve, this.#backend, point));
  }

  secretFromSec(bytes: Uint8Array): EllipticSecret {
    return this.secretFromRaw(bytes);
  }

  pairFromRaw(bytes: Uint8Array): EllipticSecret {
    return this.secretFromRaw(bytes);
  }

  secretFromContainer(container: PrivateContainer): EllipticSecret {
    const inner = innerKey(this.#curve, container);
    const secret = this.secretFromRaw(inner.scalar);
    return ifGood(secret, () => {
      if (inner.publicKey !== undefined) this.#requireHalf(secret, inner.publicKey);
      if (container.form === 'pkcs8' && container.publicKey !== undefined)
        this.#requireHalf(secret, container.publicKey);
    });
  }

  #requireHalf(secret: EllipticSecret, publicKey: Uint8Array): void {
    if (!sameBytes(this.publicFromSec(publicKey).sec(), secret.publicHalf.sec())) throw fail.InvalidKey;
  }
}

/** 0 < scalar < n, of the full width. */
function isScalar({ order }: NamedCurve, bytes: Uint8Array): boolean {
  return bytes.length === order.length && !isZero(bytes) && isLess(bytes, order);
}

/** OpenSSL computes the other coordinate, or checks it, and throws if there is none. */
function uncompressed(curve: NamedCurve, point: Uint8Array): Uint8Array {
  try {
    return copyOf(ECDH.convertKey(point, curve.opensslName, undefined, undefined, 'uncompressed') as Buffer);
  } catch {
    throw fail.InvalidKey;
  }
}

function curveIdentifier(curve: NamedCurve): Der {
  return algorithmIdentifier(ObjectIdentifiers.ecPublicKey, objectIdentifier(curve.identifier));
}

/** RFC 5480, 2.1.1: the curve by its name and in no other way. */
function requireCurve(curve: NamedCurve, { id, parameters }: AlgorithmIdentifier): void {
  if (!sameBytes(id, ObjectIdentifiers.ecPublicKey)) throw fail.InvalidKey;
  const reader = new DerReader(parameters, fail.InvalidKey);
  if (!sameBytes(reader.read(Tag.ObjectIdentifier), curve.identifier)) throw fail.InvalidKey;
  reader.end();
}

/** The ECPrivateKey on its own, where it must name the curve (RFC 5915, 3), or in PKCS#8, where it may. */
function innerKey(
  curve: NamedCurve,
  container: PrivateContainer,
): { scalar: Uint8Array; publicKey: Uint8Array | undefined } {
  if (container.form === 'pkcs8') requireCurve(curve, container.algorithm);
  const inner = container.form === 'pkcs8' ? readPrivateContainer(container.key) : container;
  if (inner.form !== 'sec1') throw fail.InvalidKey;
  const named = inner.curve ?? (container.form === 'pkcs8' ? curve.identifier : undefined);
  if (named === undefined || !sameBytes(named, curve.identifier)) throw fail.InvalidKey;
  return inner;
}

function writeInfo(curve: NamedCurve, scalar: Uint8Array, point: Uint8Array): Uint8Array<ArrayBuffer> {
  return writePrivateKeyInfo(curveIdentifier(curve), ecPrivateKey(scalar, point));
}

function hex(digits: string): Uint8Array {
  return Uint8Array.from(Buffer.from(digits, 'hex'));
}

/** SP 800-186, 3.2.1.3 */
export const p256: NamedCurve = {
  identifier: ObjectIdentifiers.p256,
  name: 'P-256',
  opensslName: 'prime256v1',
  order: hex('ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551'),
  prices: {
    bytes: 7000,
    generate: 60_000,
    import: 350_000,
    publicHalf: 60_000,
    useSecret: 60_000,
    usePublic: 80_000,
    validate: 0,
  },
};

/** SP 800-186, 3.2.1.4 */
export const p384: NamedCurve = {
  identifier: ObjectIdentifiers.p384,
  name: 'P-384',
  opensslName: 'secp384r1',
  order: hex('ffffffffffffffffffffffffffffffffffffffffffffffffc7634d81f4372ddf581a0db248b0a77aecec196accc52973'),
  prices: {
    bytes: 7000,
    generate: 1_000_000,
    import: 1_000_000,
    publicHalf: 900_000,
    useSecret: 1_000_000,
    usePublic: 600_000,
    validate: 0,
  },
};

/** SP 800-186, 3.2.1.5 */
export const p521: NamedCurve = {
  identifier: ObjectIdentifiers.p521,
  name: 'P-521',
  opensslName: 'secp521r1',
  order: hex(
    '01fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffa' +
      '51868783bf2f966b7fcc0148f709a5d03bb5c9b8899c47aebb6fb71e91386409',
  ),
  prices: {
    bytes: 7000,
    generate: 2_500_000,
    import: 2_500_000,
    publicHalf: 1_000_000,
    useSecret: 2_500_000,
    usePublic: 2_000_000,
    validate: 0,
  },
};

/** SEC 2, 2.4.1 */
export const secp256k1: NamedCurve = {
  identifier: ObjectIdentifiers.secp256k1,
  name: 'secp256k1',
  opensslName: 'secp256k1',
  order: hex('fffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141'),
  prices: {
    bytes: 7000,
    generate: 500_000,
    import: 700_000,
    publicHalf: 300_000,
    useSecret: 350_000,
    usePublic: 300_000,
    validate: 0,
  },
};
