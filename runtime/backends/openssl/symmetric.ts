/** Everything symmetric of `node:crypto`. */
import type { SymmetricBackend } from '../backend.js';
import { opensslAead } from './aead.js';
import { openssl } from './backend.js';
import { opensslCmac } from './cmac.js';
import { opensslHash, opensslShake } from './hashes.js';
import { opensslHmac } from './hmac.js';
import { opensslChaining, opensslCounter } from './modes.js';

export const opensslSymmetric: SymmetricBackend = {
  backend: openssl,
  hash: opensslHash,
  shake: opensslShake,
  hmac: opensslHmac,
  cmac: opensslCmac,
  aead: opensslAead,
  counter: opensslCounter,
  chaining: opensslChaining,
};
