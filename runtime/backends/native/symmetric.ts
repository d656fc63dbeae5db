/** Everything symmetric of the native library. */
import type { KmacBackend, SymmetricBackend } from '../backend.js';
import { nativeAead } from './aead.js';
import { native } from './backend.js';
import { nativeCmac } from './codes.js';
import { nativeHash, nativeHmac } from './hashes.js';
import { nativeKmac } from './kmac.js';
import { nativeChacha20, nativeChaining, nativeCounter } from './modes.js';

export const nativeSymmetric: SymmetricBackend & KmacBackend = {
  backend: native,
  hash: nativeHash,
  hmac: nativeHmac,
  cmac: nativeCmac,
  kmac: nativeKmac,
  aead: nativeAead,
  counter: nativeCounter,
  chacha20: nativeChacha20,
  chaining: nativeChaining,
};
