/**
 * Keys on elliptic curves in Weierstrass form (SEC 1, RFC 5480, RFC 5915): one family for each curve,
 * for signatures and for Diffie-Hellman alike.
 *
 * OpenSSL takes the point at infinity, hybrid points, scalars of 0 and from n on, explicit curve
 * parameters and public halves that do not match (measured): all are refused here before.
 */
import { createECDH, createPrivateKey, createPublicKey, ECDH, generateKeyPairSync, KeyObject } from 'node:crypto';
import type {
  AlgorithmIdentifier,
  KeyFamily,
  KeyPrices,
  PrivateContainer,
  PublicKeyInfo,
  PublicMaterial,
} from '../../contracts/keys.js';
import { fail } from '../../failures.js';
import { copyOf, sameBytes, wipe } from '../../bytes.js';
import { type Der, DerReader, encodeDer, objectIdentifier, Tag } from '../../encodings/der.js';
import { ObjectIdentifiers } from '../../encodings/object-identifiers.js';
import { ecPrivateKey, readPrivateContainer, writePrivateKeyInfo } from '../../encodings/private-keys.js';
import { algorithmIdentifier, readPublicKeyInfo, writePublicKeyInfo } from '../../encodings/public-keys.js';
import type { Random } from '../../contracts/context.js';
import { SharedSecretMaterial } from './secret-material.js';
import { isLess, isOdd, isZero } from './unsigned-numbers.js';

export interface NamedCurve {
  /** Contents of its object identifier. */
  readonly identifier: Uint8Array;
  /** As JSON Web Keys call it. */
  readonly name: string;
  /** As OpenSSL calls it. */
  readonly opensslName: string;
  /** The order n of the base point, big-endian: its length is that of coordinates and scalars too. */
  readonly order: Uint8Array;
  readonly prices: KeyPrices;
}

/** What OpenSSL reads fastest: 3.0 takes 0.3 of the time for an ECPrivateKey that it takes for PKCS#8, 3.5 takes 1.7 of it (measured). */
const importForm = (process.versions['openssl'] ?? '').startsWith('3.0.') ? 'sec1' : 'pkcs8';

/** First byte of a point (SEC 1, 2.3.3). */
const Form = { CompressedEven: 2, CompressedOdd: 3, Uncompressed: 4 } as const;

export class EllipticPublic implements PublicMaterial {
  readonly #curve: NamedCurve;
  #pointBytes: Uint8Array | undefined;
  #keyObject: KeyObject | undefined;

  /** @param from a point, uncompressed and on the curve, which becomes this object's own; or OpenSSL's key, whose point is taken out when first asked for */
  constructor(curve: NamedCurve, from: Uint8Array | KeyObject) {
    this.#curve = curve;
    this.#pointBytes = from instanceof KeyObject ? undefined : from;
    this.#keyObject = from instanceof KeyObject ? from : undefined;
  }

  /** Uncompressed. Out of DER: Node 20 can hang for ever when it exports a key that it generated as a JSON Web Key (measured). */
  get #point(): Uint8Array {
    this.#pointBytes ??= copyOf(readPublicKeyInfo(this.keyObject.export({ type: 'spki', format: 'der' })).key);
    return this.#pointBytes;
  }

  /** From a JSON Web Key, since Node parses that many times as fast as DER (measured on Node 20). */
  get keyObject(): KeyObject {
    this.#keyObject ??= createPublicKey({
      key: {
        kty: 'EC',
        crv: this.#curve.name,
        x: Buffer.from(this.#coordinate(0)).toString('base64url'),
        y: Buffer.from(this.#coordinate(1)).toString('base64url'),
      },
      format: 'jwk',
    });
    return this.#keyObject;
  }

  /** Compressed. */
  raw(): Uint8Array {
    const x = this.#coordinate(0);
    const bytes = new Uint8Array(1 + x.length);
    bytes[0] = isOdd(this.#point) ? Form.CompressedOdd : Form.CompressedEven;
    bytes.set(x, 1);
    return bytes;
  }

  sec(): Uint8Array {
    return copyOf(this.#point);
  }

  info(): Uint8Array {
    return writePublicKeyInfo(curveIdentifier(this.#curve), this.#point);
  }

  /** The import has checked that the point is on the curve; the curves have no other subgroups. */
  validate(): void {}

  #coordinate(index: 0 | 1): Uint8Array {
    const size = this.#curve.order.length;
    return this.#point.subarray(1 + index * size, 1 + (index + 1) * size);
  }
}

export class EllipticSecret extends SharedSecretMaterial {
  readonly publicHalf: EllipticPublic;
  readonly #curve: NamedCurve;
  #keyObject: KeyObject | undefined;

  constructor(curve: NamedCurve, keyObject: KeyObject, publicHalf: EllipticPublic) {
    super();
    this.#curve = curve;
    this.#keyObject = keyObject;
    this.publicHalf = publicHalf;
  }

  get keyObject(): KeyObject {
    if (this.#keyObject === undefined) throw fail.InvalidHandle;
    return this.#keyObject;
  }

  /** The scalar. */
  override raw(): Uint8Array {
    const der = this.keyObject.export({ type: 'pkcs8', format: 'der' });
    try {
      return copyOf(innerKey(this.#curve, readPrivateContainer(der)).scalar);
    } finally {
      wipe(der);
    }
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
    this.#keyObject = undefined;
  }
}

export class EllipticKeys implements KeyFamily<EllipticSecret, EllipticPublic> {
  readonly kind: string;
  readonly prices: KeyPrices;
  readonly #curve: NamedCurve;

  constructor(curve: NamedCurve) {
    this.kind = curve.name;
    this.prices = curve.prices;
    this.#curve = curve;
  }

  /** By OpenSSL, since Node 20 takes ten times as long to import a secret as to generate one (measured); out of an owner's randomness by testing candidates (FIPS 186-5, A.2.2). */
  generate(random: Random): EllipticSecret {
    if (random.isSystem) {
      const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: this.#curve.opensslName });
      return new EllipticSecret(this.#curve, privateKey, new EllipticPublic(this.#curve, publicKey));
    }
    for (;;) {
      const scalar = random.bytes(this.#curve.order.length);
      try {
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
    return new EllipticPublic(this.#curve, uncompressed(this.#curve, bytes));
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
    const der =
      importForm === 'sec1'
        ? encodeDer(ecPrivateKey(bytes, point, this.#curve.identifier))
        : writeInfo(this.#curve, bytes, point);
    try {
      const keyObject = createPrivateKey({ key: Buffer.from(der.buffer), type: importForm, format: 'der' });
      return new EllipticSecret(this.#curve, keyObject, new EllipticPublic(this.#curve, point));
    } finally {
      wipe(der);
    }
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
    if (inner.publicKey !== undefined) this.#requireHalf(secret, inner.publicKey);
    if (container.form === 'pkcs8' && container.publicKey !== undefined) this.#requireHalf(secret, container.publicKey);
    return secret;
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
  prices: { bytes: 7000 },
};

/** SP 800-186, 3.2.1.4 */
export const p384: NamedCurve = {
  identifier: ObjectIdentifiers.p384,
  name: 'P-384',
  opensslName: 'secp384r1',
  order: hex('ffffffffffffffffffffffffffffffffffffffffffffffffc7634d81f4372ddf581a0db248b0a77aecec196accc52973'),
  prices: { bytes: 7000 },
};

/** SEC 2, 2.4.1 */
export const secp256k1: NamedCurve = {
  identifier: ObjectIdentifiers.secp256k1,
  name: 'secp256k1',
  opensslName: 'secp256k1',
  order: hex('fffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141'),
  prices: { bytes: 7000 },
};
