/** Everything symmetric of the native library. */
import type { Blake2Backend, KeccakBackend, SymmetricBackend } from '../backend.js';
import { nativeAead } from './aead.js';
import { native } from './backend.js';
import { nativeBlake2b, nativeCmac } from './codes.js';
import { nativeHash, nativeHmac } from './hashes.js';
import { nativeCshake, nativeKmac, nativeTupleHash } from './keccak.js';
import { nativeChaining, nativeCounter } from './modes.js';
import { nativeShake } from './xofs.js';

export const nativeSymmetric: SymmetricBackend & KeccakBackend & Blake2Backend = {
  backend: native,
  hash: nativeHash,
  shake: nativeShake,
  hmac: nativeHmac,
  cmac: nativeCmac,
  blake2b: nativeBlake2b,
  kmac: nativeKmac,
  cshake: nativeCshake,
  tupleHash: nativeTupleHash,
  aead: nativeAead,
  counter: nativeCounter,
  chaining: nativeChaining,
};
