/** RSASSA-PKCS1-v1_5 and RSASSA-PSS (RFC 8017, 8). */
import type { AsymmetricBackend } from '../../backends/backend.js';
import type { SignatureAlgorithm } from '../../contracts/algorithms.js';
import type { SignatureScheme } from '../../contracts/primitives.js';
import { ObjectIdentifiers } from '../../encodings/object-identifiers.js';
import type { Tier } from '../descriptor.js';
import { type PssHash, RsaKeys, type RsaPublic, type RsaSecret } from '../keys/rsa-keys.js';
import { requireRsaImport } from '../keys/trial.js';
import { isLessInPublic } from '../keys/unsigned-numbers.js';
import { byOpenssl, signed, type SignatureEntry } from './entry.js';

type Rsa = SignatureAlgorithm<RsaSecret, RsaPublic>;

interface RsaHash extends PssHash {
  readonly name: 'sha256' | 'sha384' | 'sha512';
}

const sha256: RsaHash = { name: 'sha256', identifier: ObjectIdentifiers.sha256, length: 32 };
const sha384: RsaHash = { name: 'sha384', identifier: ObjectIdentifiers.sha384, length: 48 };
const sha512: RsaHash = { name: 'sha512', identifier: ObjectIdentifiers.sha512, length: 64 };

/** @param pss the salt's size is that of the hash then; undefined: PKCS #1 v1.5 */
function on(
  id: string,
  backend: AsymmetricBackend,
  bits: number,
  scheme: SignatureScheme,
  pss: PssHash | undefined,
): Rsa {
  return {
    id,
    category: 'signatures',
    modulusBits: bits,
    keys: new RsaKeys(backend.rsa(), bits, pss),
    signatureSize: bits / 8,
    sign: ({ held }, message) => signed(held, scheme, message, bits / 8),
    verify: (publicKey, message, signature) =>
      isLessInPublic(signature, publicKey.modulus) && publicKey.held.verify(scheme, message, signature),
  };
}

function entry(
  id: string,
  bits: number,
  scheme: SignatureScheme,
  pss: PssHash | undefined,
  tier: Tier,
  vectors: readonly string[],
): SignatureEntry {
  const facts = { tier, approved: 'FIPS 186-5', vectors } as const;
  const make = (_id: string, backend: AsymmetricBackend): Rsa => {
    requireRsaImport(backend);
    return on(id, backend, bits, scheme, pss);
  };
  // A key of this size to try it with takes too long to make.
  return byOpenssl(id, facts, make, () => undefined);
}

function pkcs1(bits: number, { name }: RsaHash, tier: Tier, vectors: readonly string[]): SignatureEntry {
  const scheme = { hash: name, saltLength: undefined };
  return entry(`RSA_PKCS1_${bits}_${name.toUpperCase()}`, bits, scheme, undefined, tier, vectors);
}

function pss(bits: number, hash: RsaHash, tier: Tier, vectors: readonly string[]): SignatureEntry {
  const scheme = { hash: hash.name, saltLength: hash.length };
  return entry(`RSA_PSS_${bits}_${hash.name.toUpperCase()}`, bits, scheme, hash, tier, vectors);
}

export const rsa: readonly SignatureEntry[] = [
  pkcs1(2048, sha256, 'required', ['acvp', 'keys', 'wycheproof']),
  pkcs1(2048, sha384, 'recommended', ['keys', 'wycheproof']),
  pkcs1(2048, sha512, 'recommended', ['acvp', 'keys', 'wycheproof']),
  pkcs1(3072, sha384, 'required', ['keys', 'wycheproof']),
  pkcs1(3072, sha512, 'recommended', ['acvp', 'keys', 'wycheproof']),
  pkcs1(4096, sha512, 'required', ['acvp', 'keys', 'wycheproof']),
  pss(2048, sha256, 'recommended', ['acvp', 'cavp', 'keys', 'wycheproof']),
  pss(2048, sha384, 'recommended', ['cavp', 'keys', 'wycheproof']),
  pss(2048, sha512, 'recommended', ['acvp', 'cavp', 'keys', 'wycheproof']),
  pss(3072, sha384, 'recommended', ['cavp', 'keys']),
  pss(3072, sha512, 'recommended', ['acvp', 'cavp', 'keys']),
  pss(4096, sha512, 'recommended', ['acvp', 'keys', 'wycheproof']),
];
