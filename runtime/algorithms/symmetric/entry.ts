/** Entries of symmetric algorithms. */
import type { Backend, ConstantTime, SymmetricBackend } from '../../backends/backend.js';
import { nativeSymmetric } from '../../backends/native/symmetric.js';
import { opensslSymmetric } from '../../backends/openssl/symmetric.js';
import type { AlgorithmEntry, AlgorithmFacts, SymmetricAlgorithm } from '../descriptor.js';

export type SymmetricEntry = AlgorithmEntry<SymmetricAlgorithm>;

/** Best first. */
const backends: readonly SymmetricBackend[] = [nativeSymmetric, opensslSymmetric];

/**
 * An algorithm that OpenSSL has.
 *
 * @param make gets the id and a backend, which throws `Unavailable` where it lacks the algorithm
 */
export function byOpenssl(
  id: string,
  facts: AlgorithmFacts,
  make: (id: string, backend: SymmetricBackend) => SymmetricAlgorithm,
  constantTime: ConstantTime = 'library',
): SymmetricEntry {
  return byBackends(id, facts, backends, make, () => constantTime);
}

/** An algorithm that several backends have. @param backends best first */
export function byBackends<B extends { readonly backend: Backend }>(
  id: string,
  facts: AlgorithmFacts,
  backends: readonly B[],
  make: (id: string, backend: B) => SymmetricAlgorithm,
  constantTime: (backend: Backend) => ConstantTime,
): SymmetricEntry {
  const implementations = backends.map((each) => ({
    backend: each.backend,
    constantTime: constantTime(each.backend),
    make: () => make(id, each),
  }));
  return { ...facts, id, category: 'symmetric', implementations };
}
