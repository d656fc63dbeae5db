/** X25519 (RFC 7748). */
import type { DiffieHellman } from '../../contracts/algorithms.js';
import { fail } from '../../failures.js';
import type { AsymmetricBackend } from '../../backends/backend.js';
import { copyOf, sameBytes } from '../../bytes.js';
import { ObjectIdentifiers } from '../../encodings/object-identifiers.js';
import { type OctetCurve, OctetKeys, type OctetPublic, type OctetSecret } from '../keys/octet-keys.js';
import { isLess } from '../keys/unsigned-numbers.js';
import { agreed, byOpenssl, type KeyExchangeEntry } from './entry.js';

function littleEndian(hex: string): Uint8Array {
  return Uint8Array.from(Buffer.from(hex, 'hex'));
}

/** p = 2^255 - 19, little-endian. */
const PRIME = littleEndian('edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f');

/**
 * Every u below 2^255 whose point has an order of 1, 2, 4 or 8, on the curve or its twist: 0, 1 and
 * p - 1, also as p and p + 1, and the two of order 8. A clamped scalar is a multiple of 8 and takes
 * them, and only them, to 0.
 */
const LOW_ORDER = [
  '0000000000000000000000000000000000000000000000000000000000000000',
  '0100000000000000000000000000000000000000000000000000000000000000',
  'ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f',
  'edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f',
  'eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f',
  'e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b800',
  '5f9c95bca3508c24b1d0b1559c83ef5b04445cc4581c8e86d8224eddd09f1157',
].map(littleEndian);

/** Whether X25519 with this public key gives zeros, whatever the scalar. Bit 255 must be clear. */
export function isLowOrder(u: Uint8Array): boolean {
  return LOW_ORDER.some((point) => sameBytes(point, u));
}

export const curve25519: OctetCurve = {
  identifier: ObjectIdentifiers.x25519,
  name: 'X25519',
  size: 32,
  prices: {
    bytes: 3400,
    generate: 40_000,
    import: 400_000,
    publicHalf: 40_000,
    useSecret: 40_000,
    usePublic: 0,
    validate: 3000,
  },
  firstHalf: 'public',
  oneEncoding: false,
  decode: (bytes) => {
    const u = copyOf(bytes);
    // RFC 7748, 5: the unused bit is masked.
    u[31] = (u[31] as number) & 0x7f;
    return { bytes: u, lowOrder: isLowOrder(u) };
  },
  validate: (u) => {
    if (isLowOrder(u) || !isLess(u.slice().reverse(), PRIME.slice().reverse())) throw fail.InvalidKey;
  },
};

function on(id: string, backend: AsymmetricBackend): DiffieHellman<OctetSecret, OctetPublic> {
  return {
    id,
    category: 'key-exchange',
    kind: 'diffie-hellman',
    keys: new OctetKeys(curve25519, backend.curve('x25519')),
    exchange: (publicKey, secret) => {
      if (publicKey.lowOrder) throw fail.InvalidKey;
      return agreed(publicKey.held, secret.held, curve25519.size);
    },
  };
}

export const x25519: KeyExchangeEntry = byOpenssl(
  'X25519',
  { tier: 'recommended', vectors: ['acvp', 'keys', 'wycheproof'] },
  on,
);
