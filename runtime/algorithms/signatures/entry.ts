/** Entries of signature algorithms. */
import type { SignatureAlgorithm } from '../../contracts/algorithms.js';
import type { HeldSecret, SignatureScheme } from '../../contracts/primitives.js';
import { type AsymmetricBackend, Unavailable } from '../../backends/backend.js';
import { takeBytes } from '../../blocks.js';
import { RandomSource } from '../../random.js';
import { asymmetricBackends } from '../keys/backends.js';
import { importedAgain, publicImportedAgain } from '../keys/trial.js';
import type { AlgorithmEntry, AlgorithmFacts, Implementation } from '../descriptor.js';

export type SignatureEntry = AlgorithmEntry<SignatureAlgorithm>;

/** @param implementations of which each is tried by a signature before it is used */
export function signatureEntry(
  id: string,
  facts: AlgorithmFacts,
  ...implementations: readonly Implementation<SignatureAlgorithm>[]
): SignatureEntry {
  return { ...facts, id, category: 'signatures', implementations: implementations.map((each) => tried(each)) };
}

/** @param requireWorking throws `Unavailable` where this machine lacks it all the same */
function tried(
  { make, ...rest }: Implementation<SignatureAlgorithm>,
  requireWorking: (algorithm: SignatureAlgorithm) => void = requireRoundTrip,
): Implementation<SignatureAlgorithm> {
  return {
    ...rest,
    make() {
      const algorithm = make();
      requireWorking(algorithm);
      return algorithm;
    },
  };
}

/**
 * An algorithm that several backends have.
 *
 * @param make gets a backend, which throws `Unavailable` where it lacks the algorithm
 * @param requireWorking throws `Unavailable` where this machine lacks it all the same
 */
export function byOpenssl(
  id: string,
  facts: AlgorithmFacts,
  make: (id: string, backend: AsymmetricBackend) => SignatureAlgorithm,
  requireWorking?: (algorithm: SignatureAlgorithm) => void,
): SignatureEntry {
  const implementations = asymmetricBackends.map((each) =>
    tried({ backend: each.backend, constantTime: 'library', make: () => make(id, each) }, requireWorking),
  );
  return { ...facts, id, category: 'signatures', implementations };
}

/** A signature of a size that is known, in memory that may be given back. */
export function signed(
  held: HeldSecret,
  scheme: SignatureScheme,
  message: Uint8Array,
  size: number,
): Uint8Array<ArrayBuffer> {
  const signature = takeBytes(size);
  const written = held.sign(scheme, message, signature);
  if (written !== size) throw new Error(`a signature of ${written} bytes instead of ${size}`);
  return signature;
}

/** Other engines lack more than curves. */
function requireRoundTrip(algorithm: SignatureAlgorithm): void {
  const random = new RandomSource(undefined, () => undefined);
  const generated = algorithm.keys.generate(random);
  const secret = importedAgain(algorithm.keys, generated);
  const publicKey = publicImportedAgain(algorithm.keys, generated);
  const message = new Uint8Array(1);
  const good = algorithm.verify(publicKey, message, algorithm.sign(secret, message, random));
  for (const each of [generated, secret, publicKey]) each.release();
  if (!good) throw new Unavailable(`its own ${algorithm.id} does not verify here`);
}
