/** ECDSA (FIPS 186-5, 6), each curve with its hash. Signing is OpenSSL's, with random nonces. */
import type { AsymmetricBackend } from '../../backends/backend.js';
import type { SignatureAlgorithm } from '../../contracts/algorithms.js';
import type { SignatureScheme } from '../../contracts/primitives.js';
import { giveBack, takeBytes } from '../../blocks.js';
import { part } from '../../bytes.js';
import { derFromRaw, longestDer, rawFromDer } from '../../encodings/ecdsa-signatures.js';
import type { AlgorithmFacts } from '../descriptor.js';
import {
  EllipticKeys,
  type EllipticPublic,
  type EllipticSecret,
  type NamedCurve,
  p256,
  p384,
  p521,
  secp256k1,
} from '../keys/elliptic-curve-keys.js';
import { isLessInPublic } from '../keys/unsigned-numbers.js';
import { byOpenssl, type SignatureEntry } from './entry.js';

type Ecdsa = SignatureAlgorithm<EllipticSecret, EllipticPublic>;

function on(id: string, backend: AsymmetricBackend, curve: NamedCurve, scheme: SignatureScheme): Ecdsa {
  const width = curve.order.length;
  return {
    id,
    category: 'signatures',
    keys: new EllipticKeys(curve, backend.curve(curve.opensslName)),
    signatureSize: width * 2,
    der: { read: (der) => rawFromDer(der, width), write: derFromRaw },
    sign({ held }, message) {
      const der = takeBytes(longestDer(width));
      try {
        return rawFromDer(part(der, 0, held.sign(scheme, message, der)), width);
      } finally {
        giveBack(der, der.length);
      }
    },
    verify(publicKey, message, signature) {
      if (!inRange(signature, 0, curve) || !inRange(signature, width, curve)) return false;
      const der = derFromRaw(signature);
      try {
        return publicKey.held.verify(scheme, message, der);
      } finally {
        giveBack(der, der.length);
      }
    },
  };
}

/** FIPS 186-5, 6.4.2: 0 < r, s < n. Low and high s alike. */
function inRange(signature: Uint8Array, start: number, { order }: NamedCurve): boolean {
  let place = 0;
  while (place < order.length && signature[start + place] === 0) place += 1;
  return place < order.length && isLessInPublic(signature, order, start);
}

function entry(id: string, curve: NamedCurve, hash: SignatureScheme['hash'], facts: AlgorithmFacts): SignatureEntry {
  const scheme = { hash, saltLength: undefined };
  return byOpenssl(id, facts, (_id, backend) => on(id, backend, curve, scheme));
}

export const ecdsa: readonly SignatureEntry[] = [
  entry('ECDSA_P256_SHA256', p256, 'sha256', {
    tier: 'recommended',
    approved: 'FIPS 186-5',
    vectors: ['acvp', 'keys', 'rfc', 'wycheproof'],
  }),
  entry('ECDSA_P384_SHA384', p384, 'sha384', {
    tier: 'recommended',
    approved: 'FIPS 186-5',
    vectors: ['acvp', 'keys', 'rfc', 'wycheproof'],
  }),
  entry('ECDSA_P521_SHA512', p521, 'sha512', {
    tier: 'extra',
    approved: 'FIPS 186-5',
    vectors: ['rfc'],
  }),
  entry('ECDSA_K256_SHA256', secp256k1, 'sha256', { tier: 'recommended', vectors: ['keys', 'wycheproof'] }),
];
