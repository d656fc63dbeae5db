/** The table of key exchange algorithms: one line for each implementation, best first. */
import type { Backend, ConstantTime } from '../../backends/backend.js';
import { noblePostQuantum } from '../../backends/noble.js';
import { openssl } from '../../backends/openssl.js';
import type { Candidate } from '../descriptor.js';
import type { KeyExchangeAlgorithm } from './algorithm.js';
import { p256Exchange, p384Exchange } from './elliptic-curve.js';
import { mlKem768, nobleMlKem, opensslMlKem } from './ml-kem.js';
import { x25519 } from './x25519.js';
import { xWing } from './x-wing.js';

function candidate(id: string, backend: Backend, constantTime: ConstantTime, make: () => KeyExchangeAlgorithm): Candidate<KeyExchangeAlgorithm> {
  return { id, backend, constantTime, make };
}

export const keyExchangeCandidates: readonly Candidate<KeyExchangeAlgorithm>[] = [
  candidate('X25519', openssl, 'library', () => x25519),
  candidate('P256-SHA256', openssl, 'library', () => p256Exchange),
  candidate('P384-SHA384', openssl, 'library', () => p384Exchange),
  candidate('X-WING', openssl, 'library', () => xWing(opensslMlKem(mlKem768))),
  candidate('X-WING', noblePostQuantum, 'best-effort', () => xWing(nobleMlKem(mlKem768))),
];
