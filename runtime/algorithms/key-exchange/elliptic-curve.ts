/**
 * Diffie-Hellman on the NIST curves (SP 800-56A, 5.7.1.2): the shared secret is the raw x coordinate.
 * An x of 0 is a result like any other: its two points are of full order, unlike those of X25519.
 */
import { diffieHellman } from 'node:crypto';
import type { DiffieHellman } from '../../contracts/algorithms.js';
import { openssl } from '../../backends/openssl/backend.js';
import {
  EllipticKeys,
  type EllipticPublic,
  type EllipticSecret,
  type NamedCurve,
  p256,
  p384,
} from '../keys/elliptic-curve-keys.js';
import { exchangeEntry, type KeyExchangeEntry } from './entry.js';

type EllipticCurveExchange = DiffieHellman<EllipticSecret, EllipticPublic>;

function exchangeOn(id: string, curve: NamedCurve): KeyExchangeEntry {
  const algorithm: EllipticCurveExchange = {
    id,
    category: 'key-exchange',
    kind: 'diffie-hellman',
    keys: new EllipticKeys(curve),
    exchange: (publicKey, secret) => diffieHellman({ privateKey: secret.keyObject, publicKey: publicKey.keyObject }),
  };
  return exchangeEntry(
    id,
    { tier: 'recommended', approved: 'SP 800-56A', vectors: ['acvp', 'cavp', 'keys', 'wycheproof'] },
    { backend: openssl, constantTime: 'library', make: () => algorithm },
  );
}

export const ellipticCurveExchanges: readonly KeyExchangeEntry[] = [
  exchangeOn('P256-SHA256', p256),
  exchangeOn('P384-SHA384', p384),
];
