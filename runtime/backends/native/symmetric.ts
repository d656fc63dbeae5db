/** Everything symmetric of the native library. */
import type { SymmetricBackend } from '../backend.js';
import { nativeAead } from './aead.js';
import { native } from './backend.js';
import { nativeCmac } from './codes.js';
import { nativeHash, nativeHmac } from './hashes.js';

export const nativeSymmetric: SymmetricBackend = {
  backend: native,
  hash: nativeHash,
  hmac: nativeHmac,
  cmac: nativeCmac,
  aead: nativeAead,
};
