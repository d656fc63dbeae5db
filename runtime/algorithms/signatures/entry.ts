/** Entries of signature algorithms that OpenSSL does. */
import type { SignatureAlgorithm } from '../../contracts/algorithms.js';
import { Unavailable } from '../../backends/backend.js';
import { openssl } from '../../backends/openssl/backend.js';
import { RandomSource } from '../../random.js';
import type { AlgorithmEntry, AlgorithmFacts } from '../descriptor.js';

export type SignatureEntry = AlgorithmEntry<SignatureAlgorithm>;

/** @param requireAvailable throws `Unavailable` where this machine lacks the algorithm */
export function byOpenssl(
  algorithm: SignatureAlgorithm,
  facts: AlgorithmFacts,
  requireAvailable: (algorithm: SignatureAlgorithm) => void = requireRoundTrip,
): SignatureEntry {
  return {
    ...facts,
    id: algorithm.id,
    category: 'signatures',
    implementations: [
      {
        backend: openssl,
        constantTime: 'library',
        make() {
          requireAvailable(algorithm);
          return algorithm;
        },
      },
    ],
  };
}

/** OpenSSL can be built without a curve, or configured to refuse it. */
function requireRoundTrip(algorithm: SignatureAlgorithm): void {
  const random = new RandomSource(undefined, () => undefined);
  const secret = algorithm.keys.generate(random);
  const message = new Uint8Array(1);
  const good = algorithm.verify(secret.publicHalf, message, algorithm.sign(secret, message, random));
  secret.release();
  if (!good) throw new Unavailable(`this OpenSSL does not verify its own ${algorithm.id}`);
}
