/**
 * Ed25519 (RFC 8032): pure, cofactorless, strict.
 *
 * OpenSSL computes; what its versions do differently is judged here first, and on public data only:
 * OpenSSL 3.0 accepts signatures whose key or R is of small order, 3.5 does not (measured).
 */
import { sign, verify } from 'node:crypto';
import { ed25519 as curve25519 } from '@noble/curves/ed25519.js';
import { fail } from '../../../generated/0.10/typescript-host/types.js';
import { copyOf, sameBytes } from '../../bytes.js';
import { ObjectIdentifiers } from '../../encodings/object-identifiers.js';
import { type OctetCurve, OctetKeys, type OctetPublic, type OctetSecret } from '../keys/octet-keys.js';
import type { SignatureAlgorithm } from './algorithm.js';

const SIZE = 32;

/** The order L of the base point (RFC 8032, 5.1), little-endian. */
const ORDER = Uint8Array.from(Buffer.from('edd3f55c1a631258d69cf7a2def9de1400000000000000000000000000000010', 'hex'));

/** The y of every point of order 8 at most: 1, -1, 0, and two for order 8. Both signs of x, so bit 255 is left out. */
const SMALL_ORDER = [
  '0100000000000000000000000000000000000000000000000000000000000000',
  'ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f',
  '0000000000000000000000000000000000000000000000000000000000000000',
  '26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05',
  'c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a',
].map((y) => Uint8Array.from(Buffer.from(y, 'hex')));

function isSmallOrder(point: Uint8Array): boolean {
  const y = copyOf(point);
  y[SIZE - 1] = (y[SIZE - 1] as number) & 0x7f;
  return SMALL_ORDER.some((small) => sameBytes(small, y));
}

/** RFC 8032, 5.1.3: off the curve, y >= p and the sign of an x that is 0 are no keys. */
function decodePoint(bytes: Uint8Array): InstanceType<typeof curve25519.Point> {
  try {
    return curve25519.Point.fromBytes(bytes, false);
  } catch {
    throw fail.InvalidKey;
  }
}

const edwards25519: OctetCurve = {
  identifier: ObjectIdentifiers.ed25519,
  name: 'Ed25519',
  size: SIZE,
  firstHalf: 'secret',
  decode: (bytes) => {
    decodePoint(bytes);
    return { bytes: copyOf(bytes), lowOrder: isSmallOrder(bytes) };
  },
  validate: (bytes) => {
    const point = decodePoint(bytes);
    if (point.is0() || !point.isTorsionFree()) throw fail.InvalidKey;
  },
};

/** RFC 8032, 5.1.7: S in the range 0 <= S < L. */
function isReduced(scalar: Uint8Array): boolean {
  for (let index = SIZE - 1; index >= 0; index -= 1) {
    const difference = (scalar[index] as number) - (ORDER[index] as number);
    if (difference !== 0) return difference < 0;
  }
  return false;
}

export const ed25519: SignatureAlgorithm<OctetSecret, OctetPublic> = {
  id: 'Ed25519',
  category: 'signatures',
  keys: new OctetKeys(edwards25519),
  signatureSize: 64,
  sign: (secret, message) => sign(null, message, secret.keyObject),
  verify: (publicKey, message, signature) =>
    !publicKey.lowOrder &&
    !isSmallOrder(signature.subarray(0, SIZE)) &&
    isReduced(signature.subarray(SIZE)) &&
    // OpenSSL compares R as bytes with what it computes, so R is canonical or the signature fails.
    verify(null, message, publicKey.keyObject, signature),
};
