/**
 * Ed25519 (RFC 8032): pure, cofactorless, strict.
 *
 * OpenSSL computes; what its versions do differently is judged here first, and on public data only:
 * OpenSSL 3.0 accepts signatures under keys of small order, 3.5 does not (measured).
 */
import { sign, verify } from 'node:crypto';
import { ed25519 as curve25519 } from '@noble/curves/ed25519.js';
import { fail } from '../../../generated/0.10/typescript-host/types.js';
import { copyOf } from '../../bytes.js';
import { ObjectIdentifiers } from '../../encodings/object-identifiers.js';
import { type OctetCurve, OctetKeys, type OctetPublic, type OctetSecret } from '../keys/octet-keys.js';
import type { SignatureAlgorithm } from './algorithm.js';

const SIZE = 32;

/** The order L of the base point (RFC 8032, 5.1), little-endian. */
const ORDER = Uint8Array.from(Buffer.from('edd3f55c1a631258d69cf7a2def9de1400000000000000000000000000000010', 'hex'));

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
    const kept = copyOf(bytes);
    return { bytes: kept, lowOrder: decodePoint(kept).isSmallOrder() };
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
    // OpenSSL compares R as bytes with what it computes, so R is canonical or the signature fails.
    !publicKey.lowOrder && isReduced(signature.subarray(SIZE)) && verify(null, message, publicKey.keyObject, signature),
};
