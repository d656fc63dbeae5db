/**
 * EdDSA (RFC 8032): pure, with an empty context, strict.
 *
 * OpenSSL computes; what its versions do differently is judged here first, and on public data only:
 * OpenSSL 3.0 accepts signatures of Ed25519 whose key or R is of small order, 3.5 does not (measured).
 */
import type { AsymmetricBackend } from '../../backends/backend.js';
import type { SignatureAlgorithm } from '../../contracts/algorithms.js';
import type { KeyPrices } from '../../contracts/keys.js';
import type { CurveName, SignatureScheme } from '../../contracts/primitives.js';
import { fail } from '../../failures.js';
import { copyOf } from '../../bytes.js';
import { jacobiSymbol } from '../keys/jacobi-symbol.js';
import { type OctetCurve, OctetKeys, type OctetPublic, type OctetSecret } from '../keys/octet-keys.js';
import { signed } from './entry.js';

/** a x^2 + y^2 = 1 + d x^2 y^2, modulo p. Bytes are little-endian. */
export interface EdwardsCurve {
  /** Contents of its object identifier. */
  readonly identifier: Uint8Array;
  readonly name: string;
  /** As OpenSSL calls it. */
  readonly opensslName: CurveName;
  readonly prime: bigint;
  readonly a: 1n | -1n;
  readonly d: bigint;
  /** The order L of the base point, in as many bytes as a point has. */
  readonly order: Uint8Array;
  /** The y of every point whose order divides the cofactor, in all encodings but for the sign of x. */
  readonly smallOrder: readonly Uint8Array[];
  readonly prices: KeyPrices;
  /** Whether a point is neither the identity nor has a part of small order. */
  isTorsionFree(point: Uint8Array): boolean;
}

export function littleEndian(hex: string): Uint8Array {
  return Uint8Array.from(Buffer.from(hex, 'hex'));
}

/** Points are public: the comparison stops at the first difference. */
function hasY(point: Uint8Array, y: Uint8Array): boolean {
  const last = y.length - 1;
  for (let index = 0; index < last; index += 1) if (point[index] !== y[index]) return false;
  return ((point[last] as number) & 0x7f) === y[last];
}

/** @param point or more bytes, of which it is the front */
function isSmallOrder({ smallOrder }: EdwardsCurve, point: Uint8Array): boolean {
  return smallOrder.some((y) => hasY(point, y));
}

/**
 * RFC 8032, 5.1.3 and 5.2.3: off the curve, y >= p and the sign of an x that is 0 are no keys. x itself is not needed,
 * only that x^2 = (y^2 - 1) / (d y^2 - a) has a root; the divisor is never 0, and has the same symbol as its inverse.
 */
function isPoint({ prime, a, d }: EdwardsCurve, bytes: Uint8Array): boolean {
  const whole = BigInt(`0x${Buffer.from(bytes).reverse().toString('hex')}`);
  const y = BigInt.asUintN(bytes.length * 8 - 1, whole);
  if (y >= prime) return false;
  const square = (y * y) % prime;
  if (square === 1n) return y === whole;
  return jacobiSymbol(((square + prime - 1n) * (d * square + prime - a)) % prime, prime) === 1;
}

/** RFC 8032, 5.1.7 and 5.2.7: S, which follows R, in the range 0 <= S < L. */
function isReduced({ order }: EdwardsCurve, signature: Uint8Array): boolean {
  const size = order.length;
  for (let index = size - 1; index >= 0; index -= 1) {
    const difference = (signature[size + index] as number) - (order[index] as number);
    if (difference !== 0) return difference < 0;
  }
  return false;
}

function keysOn(curve: EdwardsCurve): OctetCurve {
  const { identifier, name, prices, order } = curve;
  return {
    identifier,
    name,
    size: order.length,
    prices,
    firstHalf: 'secret',
    // RFC 8032, 5.1.3 and 5.2.3: y has to be below p.
    oneEncoding: true,
    decode: (bytes) => {
      if (!isPoint(curve, bytes)) throw fail.InvalidKey;
      return { bytes: copyOf(bytes), lowOrder: isSmallOrder(curve, bytes) };
    },
    validate: (bytes) => {
      if (!curve.isTorsionFree(bytes)) throw fail.InvalidKey;
    },
  };
}

const scheme: SignatureScheme = { hash: undefined, saltLength: undefined };

export function eddsaOn(curve: EdwardsCurve, backend: AsymmetricBackend): SignatureAlgorithm<OctetSecret, OctetPublic> {
  const size = curve.order.length * 2;
  return {
    id: curve.name,
    category: 'signatures',
    keys: new OctetKeys(keysOn(curve), backend.curve(curve.opensslName)),
    signatureSize: size,
    sign: ({ held }, message) => signed(held, scheme, message, size),
    verify: (publicKey, message, signature) =>
      !publicKey.lowOrder &&
      !isSmallOrder(curve, signature) &&
      isReduced(curve, signature) &&
      // OpenSSL takes no other encodings of R: those of Ed25519 it compares as bytes, those of Ed448 have to be canonical.
      publicKey.held.verify(scheme, message, signature),
  };
}
