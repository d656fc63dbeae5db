/** BLAKE2b (RFC 7693): a hash function, and with a key a code for messages. */
import type { Blake2Backend } from '../../backends/backend.js';
import { nativeSymmetric } from '../../backends/native/symmetric.js';
import { nobleBlake2 } from '../../backends/noble-blake.js';
import { sodiumAndOpensslBlake2, sodiumBlake2 } from '../../backends/sodium-blake2.js';
import type { KeyedHashFunction } from '../../contracts/primitives.js';
import type { SymmetricAlgorithm } from '../descriptor.js';
import { byBackends, type SymmetricEntry } from './entry.js';
import { HashState } from './hashes.js';

/** Best first. OpenSSL has the shorter digest from 3.2 on; `node:crypto` knows no keys of it. */
const backends: readonly Blake2Backend[] = [nativeSymmetric, sodiumAndOpensslBlake2, sodiumBlake2, nobleBlake2];

function blake2Algorithm(id: string, { hash, mac }: KeyedHashFunction): SymmetricAlgorithm {
  const prepare = (bytes: Uint8Array): ReturnType<typeof mac.key> => mac.key(bytes);
  return {
    id,
    category: 'symmetric',
    // Keys are as long as digests at most, and the shortest has a byte: an empty one is none.
    key: { required: false, minimum: 1, maximum: hash.length, generated: hash.length },
    nonce: undefined,
    options: [],
    requiredOptions: [],
    naturalOutput: hash.length,
    authenticated: undefined,
    open(setup) {
      const { symmetricState } = setup.context.meter.accounts;
      const started = setup.key === undefined ? hash : setup.key.prepared(prepare);
      return new HashState(setup, hash.length, started.start(symmetricState));
    },
  };
}

function entry(id: string, length: 32 | 64): SymmetricEntry {
  return byBackends(
    id,
    { tier: 'optional', vectors: ['blake2'] },
    backends,
    (_id, backend) => blake2Algorithm(id, backend.blake2b(length)),
    ({ kind }) => (kind === 'noble' ? 'best-effort' : 'library'),
  );
}

export const blake2s: readonly SymmetricEntry[] = [entry('BLAKE2B-256', 32), entry('BLAKE2B-512', 64)];
