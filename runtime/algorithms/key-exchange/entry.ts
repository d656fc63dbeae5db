/** Entries of key exchange algorithms. */
import type { KeyExchangeAlgorithm } from '../../contracts/algorithms.js';
import { type AsymmetricBackend, Unavailable } from '../../backends/backend.js';
import { takeBytes } from '../../blocks.js';
import { sameBytes } from '../../bytes.js';
import type { HeldPublic, HeldSecret } from '../../contracts/primitives.js';
import { RandomSource } from '../../random.js';
import { asymmetricBackends } from '../keys/backends.js';
import { importedAgain, publicImportedAgain } from '../keys/trial.js';
import type { AlgorithmEntry, AlgorithmFacts, Implementation } from '../descriptor.js';

export type KeyExchangeEntry = AlgorithmEntry<KeyExchangeAlgorithm>;

/** @param implementations of which each is tried by a whole exchange before it is used */
export function exchangeEntry(
  id: string,
  facts: AlgorithmFacts,
  ...implementations: readonly Implementation<KeyExchangeAlgorithm>[]
): KeyExchangeEntry {
  return {
    ...facts,
    id,
    category: 'key-exchange',
    implementations: implementations.map(({ make, ...rest }) => ({
      ...rest,
      make() {
        const algorithm = make();
        if (!agrees(algorithm)) throw new Unavailable(`both sides of ${id} disagree here`);
        return algorithm;
      },
    })),
  };
}

/**
 * An algorithm that several backends have.
 *
 * @param make gets a backend, which throws `Unavailable` where it lacks the algorithm
 */
export function byOpenssl(
  id: string,
  facts: AlgorithmFacts,
  make: (id: string, backend: AsymmetricBackend) => KeyExchangeAlgorithm,
): KeyExchangeEntry {
  const implementations = asymmetricBackends.map((each) => ({
    backend: each.backend,
    constantTime: 'library' as const,
    make: () => make(id, each),
  }));
  return exchangeEntry(id, facts, ...implementations);
}

/** The shared secret, in memory that the caller gives back. @param size in bytes */
export function agreed(publicKey: HeldPublic, secret: HeldSecret, size: number): Uint8Array<ArrayBuffer> {
  const shared = takeBytes(size);
  secret.agree(publicKey, shared);
  return shared;
}

/** A whole exchange between two keys, one of which was imported: a library can be built or configured without some. */
function agrees(algorithm: KeyExchangeAlgorithm): boolean {
  const { keys } = algorithm;
  const random = new RandomSource(undefined, () => undefined);
  const [generated, theirs] = [keys.generate(random), keys.generate(random)];
  const ours = importedAgain(keys, generated);
  const ourPublic = publicImportedAgain(keys, generated);
  try {
    if (algorithm.kind === 'diffie-hellman') {
      return sameBytes(algorithm.exchange(theirs.publicHalf, ours), algorithm.exchange(ourPublic, theirs));
    }
    const { secret, encapsulated } = algorithm.encapsulate(ourPublic, random);
    return sameBytes(secret, algorithm.decapsulate(ours, encapsulated));
  } finally {
    for (const each of [generated, theirs, ours, ourPublic]) each.release();
  }
}
