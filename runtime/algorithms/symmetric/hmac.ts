/** HMAC (RFC 2104, FIPS 198-1). */
import type { HmacFunction } from '../../contracts/primitives.js';
import type { AlgorithmFacts, SymmetricAlgorithm } from '../descriptor.js';
import { byOpenssl, type SymmetricEntry } from './entry.js';
import { macAlgorithm } from './mac.js';

/** Keys of any size; generated ones have the size of the hash. */
function hmacAlgorithm(id: string, hmac: HmacFunction): SymmetricAlgorithm {
  return macAlgorithm(id, { required: true, minimum: 0, maximum: Infinity, generated: hmac.length }, hmac);
}

/** Approval is no fact of a family: it holds for these hashes. */
const approved: AlgorithmFacts = { tier: 'required', approved: 'FIPS 198-1', vectors: ['acvp', 'wycheproof'] };

const extra: AlgorithmFacts = { tier: 'extra', approved: 'FIPS 198-1', vectors: ['rfc'] };

export const hmacs: readonly SymmetricEntry[] = [
  byOpenssl('HMAC/SHA-256', approved, (id, backend) => hmacAlgorithm(id, backend.hmac('sha256', 32, 64))),
  byOpenssl('HMAC/SHA-512', approved, (id, backend) => hmacAlgorithm(id, backend.hmac('sha512', 64, 128))),
  byOpenssl('HMAC/SHA-384', extra, (id, backend) => hmacAlgorithm(id, backend.hmac('sha384', 48, 128))),
];
