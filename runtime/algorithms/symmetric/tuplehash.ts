/** TupleHash (SP 800-185, 5): the input is a list of strings, one for each `absorb`, and no two lists give the same input. */
import type { KeccakBackend } from '../../backends/backend.js';
import { nativeSymmetric } from '../../backends/native/symmetric.js';
import { nobleKeccak } from '../../backends/noble-keccak.js';
import type { TupleHashFunction } from '../../contracts/primitives.js';
import { RESULT_COST } from '../../prices.js';
import type { SymmetricAlgorithm } from '../descriptor.js';
import { byBackends, type SymmetricEntry } from './entry.js';
import { HashState } from './hashes.js';
import { chosenLength } from './kmac.js';

/** Best first. */
const backends: readonly KeccakBackend[] = [nativeSymmetric, nobleKeccak];
const empty = new Uint8Array(0);

/** @param length of digests, unless the guest chooses another, which changes all of their bytes; in bytes */
function tupleHashAlgorithm(id: string, length: number, tupleHash: TupleHashFunction): SymmetricAlgorithm {
  return {
    id,
    category: 'symmetric',
    key: undefined,
    nonce: undefined,
    options: ['context', 'output_len'],
    requiredOptions: [],
    naturalOutput: length,
    authenticated: undefined,
    open(setup) {
      const chosen = chosenLength(setup, 1) ?? length;
      const customization = setup.options.get('context') ?? empty;
      const { symmetricState } = setup.context.meter.accounts;
      symmetricState.spend(RESULT_COST + customization.length);
      return new HashState(setup, chosen, tupleHash.start(customization, chosen, symmetricState));
    },
  };
}

/** @param strength in bits; digests have twice as many */
function entry(strength: 128 | 256): SymmetricEntry {
  return byBackends(
    `TUPLEHASH-${strength}`,
    { tier: 'extra', approved: 'SP 800-185', tuples: true, vectors: ['nist'] },
    backends,
    (id, backend) => tupleHashAlgorithm(id, strength / 4, backend.tupleHash(strength)),
    () => 'no-secrets',
  );
}

export const tupleHashes: readonly SymmetricEntry[] = [entry(128), entry(256)];
