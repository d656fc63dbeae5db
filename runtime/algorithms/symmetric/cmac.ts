/** CMAC over AES (SP 800-38B, RFC 4493). */
import { byOpenssl, type SymmetricEntry } from './entry.js';
import { macAlgorithm } from './mac.js';

/** @param size of a key, in bytes */
function entry(id: string, size: number): SymmetricEntry {
  return byOpenssl(
    id,
    { tier: 'optional', approved: 'SP 800-38B', vectors: ['acvp', 'botan', 'wycheproof'] },
    (_id, backend) =>
      macAlgorithm(id, { required: true, minimum: size, maximum: size, generated: size }, backend.cmac(size)),
  );
}

export const cmacs: readonly SymmetricEntry[] = [entry('AES-128-CMAC', 16), entry('AES-256-CMAC', 32)];
