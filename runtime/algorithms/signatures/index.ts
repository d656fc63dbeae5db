/** The table of signature algorithms: one line for each implementation, best first. */
import { openssl, requireHash, sha256, sha384, sha512 } from '../../backends/openssl.js';
import { Unavailable } from '../../backends/backend.js';
import { RandomSource } from '../../random.js';
import type { Candidate } from '../descriptor.js';
import type { SignatureAlgorithm } from './algorithm.js';
import { ecdsaK256, ecdsaP256, ecdsaP384 } from './ecdsa.js';
import { ed25519 } from './ed25519.js';
import { rsaAlgorithms } from './rsa.js';

function byOpenssl(
  algorithm: SignatureAlgorithm,
  requireAvailable: (algorithm: SignatureAlgorithm) => void,
): Candidate<SignatureAlgorithm> {
  return {
    id: algorithm.id,
    backend: openssl,
    constantTime: 'library',
    make() {
      requireAvailable(algorithm);
      return algorithm;
    },
  };
}

/** OpenSSL can be built without a curve, or configured to refuse it. */
function requireRoundTrip(algorithm: SignatureAlgorithm): void {
  const secret = algorithm.keys.generate(new RandomSource(undefined, () => undefined));
  const message = new Uint8Array(1);
  const good = algorithm.verify(secret.publicHalf, message, algorithm.sign(secret, message));
  secret.release();
  if (!good) throw new Unavailable(`this OpenSSL does not verify its own ${algorithm.id}`);
}

/** Every OpenSSL has RSA, and a key to try it with takes too long to make. */
function requireHashes(): void {
  for (const hash of [sha256, sha384, sha512]) requireHash(hash);
}

export const signatureCandidates: readonly Candidate<SignatureAlgorithm>[] = [
  byOpenssl(ed25519, requireRoundTrip),
  byOpenssl(ecdsaP256, requireRoundTrip),
  byOpenssl(ecdsaP384, requireRoundTrip),
  byOpenssl(ecdsaK256, requireRoundTrip),
  ...rsaAlgorithms.map((algorithm) => byOpenssl(algorithm, requireHashes)),
];
