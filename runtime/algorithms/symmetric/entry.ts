/** Entries of symmetric algorithms. */
import type { ConstantTime } from '../../backends/backend.js';
import { openssl } from '../../backends/openssl.js';
import type { AlgorithmEntry, AlgorithmFacts, SymmetricAlgorithm } from '../descriptor.js';

export type SymmetricEntry = AlgorithmEntry<SymmetricAlgorithm>;

/** @param make gets the id, and throws `Unavailable` where this OpenSSL lacks the algorithm */
export function byOpenssl(
  id: string,
  facts: AlgorithmFacts,
  make: (id: string) => SymmetricAlgorithm,
  constantTime: ConstantTime = 'library',
): SymmetricEntry {
  return {
    ...facts,
    id,
    category: 'symmetric',
    implementations: [{ backend: openssl, constantTime, make: () => make(id) }],
  };
}
