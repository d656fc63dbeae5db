/** KMAC (SP 800-185, 4): keys of any size, a customization, and codes of any length, which changes all of their bytes. */
import type { ConstantTime, KeccakBackend } from '../../backends/backend.js';
import { nativeSymmetric } from '../../backends/native/symmetric.js';
import { nobleKeccak } from '../../backends/noble-keccak.js';
import type { KmacFunction } from '../../contracts/primitives.js';
import { fail } from '../../failures.js';
import type { KeyMaterial } from '../../objects/symmetric-keys.js';
import { RESULT_COST } from '../../prices.js';
import type { StateSetup } from '../../objects/symmetric-states.js';
import type { SymmetricAlgorithm } from '../descriptor.js';
import { byBackends, type SymmetricEntry } from './entry.js';
import { MacState } from './mac.js';

/** Best first. */
const backends: readonly KeccakBackend[] = [nativeSymmetric, nobleKeccak];

/** SP 800-185, 8.4.2: a shorter code is too easy to guess. In bytes. */
const SHORTEST = 4;
const empty = new Uint8Array(0);

/** @param length of codes and of generated keys, unless the guest chooses another; in bytes */
function kmacAlgorithm(id: string, length: number, kmac: KmacFunction): SymmetricAlgorithm {
  return {
    id,
    category: 'symmetric',
    key: { required: true, minimum: 0, maximum: Infinity, generated: length },
    nonce: undefined,
    options: ['context', 'output_len'],
    requiredOptions: [],
    naturalOutput: undefined,
    authenticated: undefined,
    open(setup) {
      const chosen = chosenLength(setup, SHORTEST) ?? length;
      const { symmetricState } = setup.context.meter.accounts;
      const { bytes } = setup.key as KeyMaterial;
      const customization = setup.options.get('context') ?? empty;
      symmetricState.spend(RESULT_COST + bytes.length + customization.length);
      return new MacState(setup, chosen, kmac.start(bytes, customization, chosen, symmetricState));
    },
  };
}

/** What `output_len` says, where it changes the output. Errors: `invalid_length`. @param shortest in bytes */
export function chosenLength({ options, context }: StateSetup, shortest: number): number | undefined {
  const chosen = options.get('output_len');
  if (chosen === undefined) return undefined;
  if (chosen < shortest || chosen > context.limits.messageBytes) throw fail.InvalidLength;
  return Number(chosen);
}

function constantTime(backend: KeccakBackend['backend']): ConstantTime {
  return backend.kind === 'noble' ? 'best-effort' : 'library';
}

/** @param strength in bits; codes have twice as many */
function entry(id: string, strength: 128 | 256): SymmetricEntry {
  return byBackends(
    id,
    { tier: 'optional', approved: 'SP 800-185', vectors: ['acvp', 'nist', 'wycheproof'] },
    backends,
    (_id, backend) => kmacAlgorithm(id, strength / 4, backend.kmac(strength)),
    constantTime,
  );
}

export const kmacs: readonly SymmetricEntry[] = [entry('KMAC-128', 128), entry('KMAC-256', 256)];
