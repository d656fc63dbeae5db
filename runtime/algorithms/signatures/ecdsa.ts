/** ECDSA (FIPS 186-5, 6), each curve with its hash. Signing is OpenSSL's, with random nonces. */
import { sign, verify } from 'node:crypto';
import type { SignatureAlgorithm } from '../../contracts/algorithms.js';
import { giveBack } from '../../blocks.js';
import { derFromRaw, rawFromDer } from '../../encodings/ecdsa-signatures.js';
import {
  EllipticKeys,
  type EllipticPublic,
  type EllipticSecret,
  type NamedCurve,
  p256,
  p384,
  secp256k1,
} from '../keys/elliptic-curve-keys.js';
import { isLessInPublic } from '../keys/unsigned-numbers.js';
import { byOpenssl, type SignatureEntry } from './entry.js';

type Ecdsa = SignatureAlgorithm<EllipticSecret, EllipticPublic>;

function on(id: string, curve: NamedCurve, hash: string): Ecdsa {
  const width = curve.order.length;
  return {
    id,
    category: 'signatures',
    keys: new EllipticKeys(curve),
    signatureSize: width * 2,
    der: { read: (der) => rawFromDer(der, width), write: derFromRaw },
    // A bare key, and so DER: asking Node for the raw form makes it twice as slow (measured).
    sign: (secret, message) => rawFromDer(sign(hash, message, secret.keyObject), width),
    verify(publicKey, message, signature) {
      if (!inRange(signature, 0, curve) || !inRange(signature, width, curve)) return false;
      const der = derFromRaw(signature);
      try {
        return verify(hash, message, publicKey.keyObject, der);
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

export const ecdsa: readonly SignatureEntry[] = [
  byOpenssl(on('ECDSA_P256_SHA256', p256, 'sha256'), {
    tier: 'recommended',
    approved: 'FIPS 186-5',
    vectors: ['acvp', 'keys', 'rfc', 'wycheproof'],
  }),
  byOpenssl(on('ECDSA_P384_SHA384', p384, 'sha384'), {
    tier: 'recommended',
    approved: 'FIPS 186-5',
    vectors: ['acvp', 'keys', 'rfc', 'wycheproof'],
  }),
  byOpenssl(on('ECDSA_K256_SHA256', secp256k1, 'sha256'), { tier: 'recommended', vectors: ['keys', 'wycheproof'] }),
];
