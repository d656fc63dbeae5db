/** ECDSA (FIPS 186-5, 6), each curve with its hash. Signing is OpenSSL's, with random nonces. */
import { sign, verify } from 'node:crypto';
import { part } from '../../bytes.js';
import { derFromRaw, rawFromDer } from '../../encodings/ecdsa-signatures.js';
import { EllipticKeys, type EllipticPublic, type EllipticSecret, type NamedCurve, p256, p384, secp256k1 } from '../keys/elliptic-curve-keys.js';
import { isLessInPublic, isZero } from '../keys/unsigned-numbers.js';
import type { SignatureAlgorithm } from './algorithm.js';

export type Ecdsa = SignatureAlgorithm<EllipticSecret, EllipticPublic>;

function ecdsa(id: string, curve: NamedCurve, hash: string): Ecdsa {
  const width = curve.order.length;
  return {
    id,
    category: 'signatures',
    keys: new EllipticKeys(curve),
    signatureSize: width * 2,
    der: { read: (der) => rawFromDer(der, width), write: derFromRaw },
    // A bare key, and so DER: asking Node for the raw form makes it twice as slow (measured).
    sign: (secret, message) => rawFromDer(sign(hash, message, secret.keyObject), width),
    verify: (publicKey, message, signature) =>
      inRange(part(signature, 0, width), curve) &&
      inRange(part(signature, width, width * 2), curve) &&
      verify(hash, message, publicKey.keyObject, derFromRaw(signature)),
  };
}

/** FIPS 186-5, 6.4.2: 0 < r, s < n. Low and high s alike. */
function inRange(value: Uint8Array, curve: NamedCurve): boolean {
  return !isZero(value) && isLessInPublic(value, curve.order);
}

export const ecdsaP256: Ecdsa = ecdsa('ECDSA_P256_SHA256', p256, 'sha256');
export const ecdsaP384: Ecdsa = ecdsa('ECDSA_P384_SHA384', p384, 'sha384');
export const ecdsaK256: Ecdsa = ecdsa('ECDSA_K256_SHA256', secp256k1, 'sha256');
