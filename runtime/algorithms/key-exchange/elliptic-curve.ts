/**
 * Diffie-Hellman on the NIST curves (SP 800-56A, 5.7.1.2): the shared secret is the raw x coordinate.
 * An x of 0 is a result like any other: its two points are of full order, unlike those of X25519.
 */
import { diffieHellman } from 'node:crypto';
import {
  EllipticKeys,
  type EllipticPublic,
  type EllipticSecret,
  type NamedCurve,
  p256,
  p384,
} from '../keys/elliptic-curve-keys.js';
import type { DiffieHellman } from './algorithm.js';

export type EllipticCurveExchange = DiffieHellman<EllipticSecret, EllipticPublic>;

function exchangeOn(id: string, curve: NamedCurve): EllipticCurveExchange {
  return {
    id,
    category: 'key-exchange',
    kind: 'diffie-hellman',
    keys: new EllipticKeys(curve),
    exchange: (publicKey, secret) => diffieHellman({ privateKey: secret.keyObject, publicKey: publicKey.keyObject }),
  };
}

export const p256Exchange: EllipticCurveExchange = exchangeOn('P256-SHA256', p256);
export const p384Exchange: EllipticCurveExchange = exchangeOn('P384-SHA384', p384);
