/** RSASSA-PKCS1-v1_5 and RSASSA-PSS (RFC 8017, 8). */
import { constants, sign, verify } from 'node:crypto';
import type { SignatureAlgorithm } from '../../contracts/algorithms.js';
import { requireHash } from '../../backends/openssl/hashes.js';
import { ObjectIdentifiers } from '../../encodings/object-identifiers.js';
import type { Tier } from '../descriptor.js';
import { type PssHash, RsaKeys, type RsaPublic, type RsaSecret } from '../keys/rsa-keys.js';
import { isLessInPublic } from '../keys/unsigned-numbers.js';
import { byOpenssl, type SignatureEntry } from './entry.js';

type Rsa = SignatureAlgorithm<RsaSecret, RsaPublic>;

interface RsaHash extends PssHash {
  readonly name: 'sha256' | 'sha384' | 'sha512';
}

const sha256: RsaHash = { name: 'sha256', identifier: ObjectIdentifiers.sha256, length: 32 };
const sha384: RsaHash = { name: 'sha384', identifier: ObjectIdentifiers.sha384, length: 48 };
const sha512: RsaHash = { name: 'sha512', identifier: ObjectIdentifiers.sha512, length: 64 };

function pkcs1(bits: number, hash: RsaHash): Rsa {
  return {
    id: `RSA_PKCS1_${bits}_${hash.name.toUpperCase()}`,
    category: 'signatures',
    modulusBits: bits,
    keys: new RsaKeys(bits, undefined),
    signatureSize: bits / 8,
    sign: (secret, message) => sign(hash.name, message, secret.keyObject),
    verify: (publicKey, message, signature) =>
      isLessInPublic(signature, publicKey.modulus) && verify(hash.name, message, publicKey.keyObject, signature),
  };
}

/** MGF1 with the same hash. The salt's size is always given: by default Node signs with the longest and verifies any. */
function pss(bits: number, hash: RsaHash): Rsa {
  const scheme = { padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: hash.length };
  return {
    id: `RSA_PSS_${bits}_${hash.name.toUpperCase()}`,
    category: 'signatures',
    modulusBits: bits,
    keys: new RsaKeys(bits, hash),
    signatureSize: bits / 8,
    sign: (secret, message) => sign(hash.name, message, { key: secret.keyObject, ...scheme }),
    verify: (publicKey, message, signature) =>
      isLessInPublic(signature, publicKey.modulus) &&
      verify(hash.name, message, { key: publicKey.keyObject, ...scheme }, signature),
  };
}

/** Every OpenSSL has RSA, and a key to try it with takes too long to make. */
function requireHashes(): void {
  for (const hash of [sha256, sha384, sha512]) requireHash(hash);
}

function entry(algorithm: Rsa, tier: Tier, vectors: readonly string[]): SignatureEntry {
  return byOpenssl(algorithm, { tier, approved: 'FIPS 186-5', vectors }, requireHashes);
}

export const rsa: readonly SignatureEntry[] = [
  entry(pkcs1(2048, sha256), 'required', ['acvp', 'keys', 'wycheproof']),
  entry(pkcs1(2048, sha384), 'recommended', ['keys', 'wycheproof']),
  entry(pkcs1(2048, sha512), 'recommended', ['acvp', 'keys', 'wycheproof']),
  entry(pkcs1(3072, sha384), 'required', ['keys', 'wycheproof']),
  entry(pkcs1(3072, sha512), 'recommended', ['acvp', 'keys', 'wycheproof']),
  entry(pkcs1(4096, sha512), 'required', ['acvp', 'keys', 'wycheproof']),
  entry(pss(2048, sha256), 'recommended', ['acvp', 'cavp', 'keys', 'wycheproof']),
  entry(pss(2048, sha384), 'recommended', ['cavp', 'keys', 'wycheproof']),
  entry(pss(2048, sha512), 'recommended', ['acvp', 'cavp', 'keys', 'wycheproof']),
  entry(pss(3072, sha384), 'recommended', ['cavp', 'keys']),
  entry(pss(3072, sha512), 'recommended', ['acvp', 'cavp', 'keys']),
  entry(pss(4096, sha512), 'recommended', ['acvp', 'keys', 'wycheproof']),
];
