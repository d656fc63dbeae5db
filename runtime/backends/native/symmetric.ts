/** Everything symmetric of the native library. */
import type { KeccakBackend, SymmetricBackend } from '../backend.js';
import { nativeAead } from './aead.js';
import { native } from './backend.js';
import { nativeCmac } from './codes.js';
import { nativeHash, nativeHmac } from './hashes.js';
import { nativeCshake, nativeKmac } from './keccak.js';
import { nativeChacha20, nativeChaining, nativeCounter } from './modes.js';
import { nativeShake } from './xofs.js';

export const nativeSymmetric: SymmetricBackend & KeccakBackend = {
  backend: native,
  hash: nativeHash,
  shake: nativeShake,
  hmac: nativeHmac,
  cmac: nativeCmac,
  kmac: nativeKmac,
  cshake: nativeCshake,
  aead: nativeAead,
  counter: nativeCounter,
  chacha20: nativeChacha20,
  chaining: nativeChaining,
};
