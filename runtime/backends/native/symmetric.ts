/** Everything symmetric of the native library. */
import type { Backend, SymmetricBackend } from '../backend.js';
import { nativeAead } from './aead.js';
import { nativeHash, nativeHmac } from './hashes.js';

export const native: Backend = {
  kind: 'native',
  name: `native, OpenSSL ${process.versions['openssl'] ?? 'of unknown version'}`,
};

export const nativeSymmetric: SymmetricBackend = {
  backend: native,
  hash: nativeHash,
  hmac: nativeHmac,
  aead: nativeAead,
};
