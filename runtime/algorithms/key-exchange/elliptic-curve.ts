/** Diffie-Hellman on the NIST curves (SP 800-56A): the shared secret is the raw x coordinate. */
import { diffieHellman } from 'node:crypto';
import { fail } from '../../../generated/0.10/typescript-host/types.js';
import { EllipticKeys, type EllipticPublic, type EllipticSecret, type NamedCurve, p256, p384 } from '../keys/elliptic-curve-keys.js';
import { isZero } from '../keys/unsigned-numbers.js';
import type { DiffieHellman } from './algorithm.js';

export type EllipticCurveExchange = DiffieHellman<EllipticSecret, EllipticPublic>;

function exchangeOn(id: string, curve: NamedCurve): EllipticCurveExchange {
  return {
    id,
    category: 'key-exchange',
    kind: 'diffie-hellman',
    keys: new EllipticKeys(curve),
    exchange: (publicKey, secret) => {
      const shared = diffieHellman({ privateKey: secret.keyObject, publicKey: publicKey.keyObject });
      if (isZero(shared)) throw fail.InvalidKey;
      return shared;
    },
  };
}

export const p256Exchange: EllipticCurveExchange = exchangeOn('P256-SHA256', p256);
export const p384Exchange: EllipticCurveExchange = exchangeOn('P384-SHA384', p384);
