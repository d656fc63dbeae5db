/**
 * Ed25519 (RFC 8032): pure, cofactorless, strict.
 *
 * OpenSSL computes; what its versions do differently is judged here first, and on public data only:
 * OpenSSL 3.0 accepts signatures whose key or R is of small order, 3.5 does not (measured).
 */
import type { AsymmetricBackend } from '../../backends/backend.js';
import { nobleEd25519 } from '../../backends/noble.js';
import type { SignatureAlgorithm } from '../../contracts/algorithms.js';
import type { SignatureScheme } from '../../contracts/primitives.js';
import { fail } from '../../failures.js';
import { copyOf } from '../../bytes.js';
import { ObjectIdentifiers } from '../../encodings/object-identifiers.js';
import { jacobiSymbol } from '../keys/jacobi-symbol.js';
import { type OctetCurve, OctetKeys, type OctetPublic, type OctetSecret } from '../keys/octet-keys.js';
import { byOpenssl, signed, type SignatureEntry } from './entry.js';

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

/** Points are public: the comparison stops at the first difference. */
function isSmallOrder(point: Uint8Array): boolean {
  return SMALL_ORDER.some((small) => hasY(point, small));
}

function hasY(point: Uint8Array, y: Uint8Array): boolean {
  for (let index = 0; index < SIZE - 1; index += 1) if (point[index] !== y[index]) return false;
  return ((point[SIZE - 1] as number) & 0x7f) === y[SIZE - 1];
}

/** p and d of the curve -x^2 + y^2 = 1 + d x^2 y^2 (RFC 8032, 5.1). */
const PRIME = 2n ** 255n - 19n;
const D = 37095705934669439343138083508754565189542113879843219016388785533085940283555n;

/**
 * RFC 8032, 5.1.3: off the curve, y >= p and the sign of an x that is 0 are no keys. x itself is not needed, only
 * that x^2 = (y^2 - 1) / (d y^2 + 1) has a root; the divisor is never 0, and has the same symbol as its inverse.
 */
function isPoint(bytes: Uint8Array): boolean {
  const whole = BigInt(`0x${Buffer.from(bytes).reverse().toString('hex')}`);
  const y = BigInt.asUintN(255, whole);
  if (y >= PRIME) return false;
  const square = (y * y) % PRIME;
  if (square === 1n) return y === whole;
  return jacobiSymbol(((square + PRIME - 1n) * (D * square + 1n)) % PRIME, PRIME) === 1;
}

const edwards25519: OctetCurve = {
  identifier: ObjectIdentifiers.ed25519,
  name: 'Ed25519',
  size: SIZE,
  prices: {
    bytes: 3400,
    generate: 70_000,
    import: 600_000,
    publicHalf: 60_000,
    useSecret: 35_000,
    usePublic: 100_000,
    validate: 5_000_000,
  },
  firstHalf: 'secret',
  // RFC 8032, 5.1.3: y has to be below p.
  oneEncoding: true,
  decode: (bytes) => {
    if (!isPoint(bytes)) throw fail.InvalidKey;
    return { bytes: copyOf(bytes), lowOrder: isSmallOrder(bytes) };
  },
  validate: (bytes) => {
    const point = nobleEd25519().Point.fromBytes(bytes, false);
    if (point.is0() || !point.isTorsionFree()) throw fail.InvalidKey;
  },
};

/** RFC 8032, 5.1.7: S, which follows R, in the range 0 <= S < L. */
function isReduced(signature: Uint8Array): boolean {
  for (let index = SIZE - 1; index >= 0; index -= 1) {
    const difference = (signature[SIZE + index] as number) - (ORDER[index] as number);
    if (difference !== 0) return difference < 0;
  }
  return false;
}

const scheme: SignatureScheme = { hash: undefined, saltLength: undefined };

function on(id: string, backend: AsymmetricBackend): SignatureAlgorithm<OctetSecret, OctetPublic> {
  return {
    id,
    category: 'signatures',
    keys: new OctetKeys(edwards25519, backend.curve('ed25519')),
    signatureSize: SIZE * 2,
    sign: ({ held }, message) => signed(held, scheme, message, SIZE * 2),
    verify: (publicKey, message, signature) =>
      !publicKey.lowOrder &&
      !isSmallOrder(signature) &&
      isReduced(signature) &&
      // OpenSSL compares R as bytes with what it computes, so R is canonical or the signature fails.
      publicKey.held.verify(scheme, message, signature),
  };
}

export const ed25519: SignatureEntry = byOpenssl(
  'Ed25519',
  { tier: 'recommended', approved: 'FIPS 186-5', vectors: ['acvp', 'keys', 'rfc', 'wycheproof'] },
  on,
);
