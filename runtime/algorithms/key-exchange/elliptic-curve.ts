/**
 * Diffie-Hellman on the NIST curves (SP 800-56A, 5.7.1.2): the shared secret is the raw x coordinate.
 * An x of 0 is a result like any other: its two points are of full order, unlike those of X25519.
 */
import type { DiffieHellman } from '../../contracts/algorithms.js';
import type { AsymmetricBackend } from '../../backends/backend.js';
import {
  EllipticKeys,
  type EllipticPublic,
  type EllipticSecret,
  type NamedCurve,
  p256,
  p384,
  p521,
} from '../keys/elliptic-curve-keys.js';
import type { AlgorithmFacts } from '../descriptor.js';
import { agreed, byOpenssl, type KeyExchangeEntry } from './entry.js';

type EllipticCurveExchange = DiffieHellman<EllipticSecret, EllipticPublic>;

function on(id: string, backend: AsymmetricBackend, curve: NamedCurve): EllipticCurveExchange {
  const size = curve.order.length;
  return {
    id,
    category: 'key-exchange',
    kind: 'diffie-hellman',
    keys: new EllipticKeys(curve, backend.curve(curve.opensslName)),
    exchange: (publicKey, secret) => agreed(publicKey.held, secret.held, size),
  };
}

function exchangeOn(id: string, curve: NamedCurve, facts: Pick<AlgorithmFacts, 'tier' | 'vectors'>): KeyExchangeEntry {
  return byOpenssl(id, { approved: 'SP 800-56A', ...facts }, (_id, backend) => on(id, backend, curve));
}

const vectors = ['acvp', 'cavp', 'keys', 'wycheproof'];

export const ellipticCurveExchanges: readonly KeyExchangeEntry[] = [
  exchangeOn('P256-SHA256', p256, { tier: 'recommended', vectors }),
  exchangeOn('P384-SHA384', p384, { tier: 'recommended', vectors }),
  exchangeOn('P521-SHA512', p521, { tier: 'extra', vectors: ['rfc'] }),
];
