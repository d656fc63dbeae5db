/** The table of signature algorithms. */
import { openssl } from '../../backends/openssl.js';
import type { Candidate } from '../descriptor.js';
import type { SignatureAlgorithm } from './algorithm.js';
import { ecdsaK256, ecdsaP256, ecdsaP384 } from './ecdsa.js';
import { ed25519 } from './ed25519.js';
import { rsaAlgorithms } from './rsa.js';

export const signatureCandidates: readonly Candidate<SignatureAlgorithm>[] = [ed25519, ecdsaP256, ecdsaP384, ecdsaK256, ...rsaAlgorithms].map(
  (algorithm): Candidate<SignatureAlgorithm> => ({
    id: algorithm.id,
    backend: openssl,
    constantTime: 'library',
    make: () => algorithm,
  }),
);
