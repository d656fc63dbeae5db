/** The table of key exchange algorithms: one line for each implementation, best first. */
import { Unavailable, type Backend, type ConstantTime } from '../../backends/backend.js';
import { noblePostQuantum } from '../../backends/noble.js';
import { openssl } from '../../backends/openssl.js';
import { sameBytes } from '../../bytes.js';
import { RandomSource } from '../../random.js';
import type { Candidate } from '../descriptor.js';
import type { KeyExchangeAlgorithm } from './algorithm.js';
import { p256Exchange, p384Exchange } from './elliptic-curve.js';
import { mlKem768, nobleMlKem, opensslMlKem } from './ml-kem.js';
import { x25519 } from './x25519.js';
import { xWing } from './x-wing.js';

function candidate(
  id: string,
  backend: Backend,
  constantTime: ConstantTime,
  make: () => KeyExchangeAlgorithm,
): Candidate<KeyExchangeAlgorithm> {
  return {
    id,
    backend,
    constantTime,
    make() {
      const algorithm = make();
      if (!agrees(algorithm)) throw new Unavailable(`both sides of ${id} disagree here`);
      return algorithm;
    },
  };
}

/** A whole exchange between two new keys: a library can be built or configured without some. */
function agrees(algorithm: KeyExchangeAlgorithm): boolean {
  const random = new RandomSource(undefined, () => undefined);
  const [ours, theirs] = [algorithm.keys.generate(random), algorithm.keys.generate(random)];
  try {
    if (algorithm.kind === 'diffie-hellman') {
      return sameBytes(algorithm.exchange(theirs.publicHalf, ours), algorithm.exchange(ours.publicHalf, theirs));
    }
    const { secret, encapsulated } = algorithm.encapsulate(ours.publicHalf, random);
    return sameBytes(secret, algorithm.decapsulate(ours, encapsulated));
  } finally {
    ours.release();
    theirs.release();
  }
}

export const keyExchangeCandidates: readonly Candidate<KeyExchangeAlgorithm>[] = [
  candidate('X25519', openssl, 'library', () => x25519),
  candidate('P256-SHA256', openssl, 'library', () => p256Exchange),
  candidate('P384-SHA384', openssl, 'library', () => p384Exchange),
  candidate('X-WING', openssl, 'library', () => xWing(opensslMlKem(mlKem768))),
  candidate('X-WING', noblePostQuantum, 'best-effort', () => xWing(nobleMlKem(mlKem768))),
];
