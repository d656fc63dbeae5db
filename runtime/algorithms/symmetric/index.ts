/** The table of symmetric algorithms: one line for each implementation, best first. */
import { openssl, opensslAead, sha256, sha384, sha512, sha512t256, type HashFunction } from '../../backends/openssl.js';
import type { ConstantTime } from '../../backends/backend.js';
import type { Candidate, SymmetricAlgorithm } from '../descriptor.js';
import { aeadAlgorithm } from './aead.js';
import { hashAlgorithm } from './hashes.js';
import { HkdfExpand, HkdfExtract } from './hkdf.js';
import { hmacAlgorithm } from './hmac.js';

type SymmetricCandidate = Candidate<SymmetricAlgorithm>;

function byOpenssl(
  id: string,
  make: () => SymmetricAlgorithm,
  constantTime: ConstantTime = 'library',
): SymmetricCandidate {
  return { id, backend: openssl, constantTime, make };
}

function hash(id: string, hashFunction: HashFunction): SymmetricCandidate {
  return byOpenssl(id, () => hashAlgorithm(id, hashFunction), 'no-secrets');
}

function keyed(suffix: string, hashFunction: HashFunction): readonly SymmetricCandidate[] {
  const [hmac, extract, expand] = [`HMAC/${suffix}`, `HKDF-EXTRACT/${suffix}`, `HKDF-EXPAND/${suffix}`] as const;
  return [
    byOpenssl(hmac, () => hmacAlgorithm(hmac, hashFunction)),
    byOpenssl(extract, () => new HkdfExtract(extract, hashFunction)),
    byOpenssl(expand, () => new HkdfExpand(expand, hashFunction)),
  ];
}

/** 96 bits of nonce are too few for random ones (SP 800-38D, 8.3: at most 2^32 messages a key). */
function aead(id: string, key: number, cipher: Parameters<typeof opensslAead>[0]): SymmetricCandidate {
  return byOpenssl(id, () => aeadAlgorithm(id, { key, nonce: 12, tag: 16 }, 'refused', opensslAead(cipher, key)));
}

export const symmetricCandidates: readonly SymmetricCandidate[] = [
  hash('SHA-256', sha256),
  hash('SHA-384', sha384),
  hash('SHA-512', sha512),
  hash('SHA-512/256', sha512t256),
  ...keyed('SHA-256', sha256),
  ...keyed('SHA-512', sha512),
  aead('AES-128-GCM', 16, 'aes-128-gcm'),
  aead('AES-256-GCM', 32, 'aes-256-gcm'),
  aead('CHACHA20-POLY1305', 32, 'chacha20-poly1305'),
];
