/** Entries of symmetric algorithms. */
import type { ConstantTime, SymmetricBackend } from '../../backends/backend.js';
import { nativeSymmetric } from '../../backends/native/symmetric.js';
import { opensslSymmetric } from '../../backends/openssl/symmetric.js';
import type { AlgorithmEntry, AlgorithmFacts, SymmetricAlgorithm } from '../descriptor.js';

export type SymmetricEntry = AlgorithmEntry<SymmetricAlgorithm>;

/** Best first. */
const backends: readonly SymmetricBackend[] = [nativeSymmetric, opensslSymmetric];

/**
 * An algorithm that several backends have.
 *
 * @param make gets the id and a backend, which throws `Unavailable` where it lacks the algorithm
 */
export function byOpenssl(
  id: string,
  facts: AlgorithmFacts,
  make: (id: string, backend: SymmetricBackend) => SymmetricAlgorithm,
  constantTime: ConstantTime = 'library',
): SymmetricEntry {
  const implementations = backends.map((each) => ({
    backend: each.backend,
    constantTime,
    make: () => make(id, each),
  }));
  return { ...facts, id, category: 'symmetric', implementations };
}
