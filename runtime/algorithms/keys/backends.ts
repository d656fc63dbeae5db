/** What makes keys for signatures and Diffie-Hellman, best first. */
import type { AsymmetricBackend } from '../../backends/backend.js';
import { nativeAsymmetric } from '../../backends/native/asymmetric.js';
import { opensslAsymmetric } from '../../backends/openssl/asymmetric.js';

export const asymmetricBackends: readonly AsymmetricBackend[] = [nativeAsymmetric, opensslAsymmetric];
