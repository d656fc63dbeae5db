/** Diffie-Hellman on Montgomery curves (RFC 7748). */
import type { AsymmetricBackend } from '../../backends/backend.js';
import type { DiffieHellman } from '../../contracts/algorithms.js';
import type { KeyPrices } from '../../contracts/keys.js';
import type { CurveName } from '../../contracts/primitives.js';
import { fail } from '../../failures.js';
import { copyOf, sameBytes } from '../../bytes.js';
import { type OctetCurve, OctetKeys, type OctetPublic, type OctetSecret } from '../keys/octet-keys.js';
import { isLess } from '../keys/unsigned-numbers.js';
import { agreed } from './entry.js';

/** Bytes are little-endian. */
export interface MontgomeryCurve {
  /** Contents of its object identifier. */
  readonly identifier: Uint8Array;
  readonly name: string;
  /** As OpenSSL calls it. */
  readonly opensslName: CurveName;
  /** p, in as many bytes as a key has. */
  readonly prime: Uint8Array;
  /** Which bits of the last byte count (RFC 7748, 5). */
  readonly mask: number;
  /** Every u that the bits can hold whose point has an order that divides the cofactor, on the curve or its twist. */
  readonly lowOrder: readonly Uint8Array[];
  readonly prices: KeyPrices;
}

export function littleEndian(hex: string): Uint8Array {
  return Uint8Array.from(Buffer.from(hex, 'hex'));
}

export function montgomeryKeys({ identifier, name, prime, mask, lowOrder, prices }: MontgomeryCurve): OctetCurve {
  const size = prime.length;
  const bigPrime = prime.slice().reverse();
  /** Whether the exchange with this public key gives zeros, whatever the scalar. */
  const isLowOrder = (u: Uint8Array): boolean => lowOrder.some((point) => sameBytes(point, u));
  return {
    identifier,
    name,
    size,
    prices,
    firstHalf: 'public',
    oneEncoding: false,
    decode: (bytes) => {
      const u = copyOf(bytes);
      // RFC 7748, 5: bits that are not used are masked.
      u[size - 1] = (u[size - 1] as number) & mask;
      return { bytes: u, lowOrder: isLowOrder(u) };
    },
    validate: (u) => {
      if (isLowOrder(u) || !isLess(u.slice().reverse(), bigPrime)) throw fail.InvalidKey;
    },
  };
}

export function exchangeOn(
  { name, opensslName }: MontgomeryCurve,
  keys: OctetCurve,
  backend: AsymmetricBackend,
): DiffieHellman<OctetSecret, OctetPublic> {
  return {
    id: name,
    category: 'key-exchange',
    kind: 'diffie-hellman',
    keys: new OctetKeys(keys, backend.curve(opensslName)),
    exchange: (publicKey, secret) => {
      if (publicKey.lowOrder) throw fail.InvalidKey;
      return agreed(publicKey.held, secret.held, keys.size);
    },
  };
}
