/** BLAKE2b of libraries that know keys of it: as a hash function and as a code. */
import { giveBack, takeCopy } from '../blocks.js';
import type { KeyedHashFunction, MacKey } from '../contracts/primitives.js';
import type { Backend, Blake2Backend } from './backend.js';
import { RunningInput, type Computation } from './running.js';

/**
 * @param load the computation for digests of so many bytes; throws `Unavailable`. It does not keep the key, which is wiped by
 *   its owner.
 */
export function blake2Backend(
  backend: Backend,
  load: (length: number) => (key: Uint8Array | undefined) => Computation,
): Blake2Backend {
  return {
    backend,
    blake2b(length): KeyedHashFunction {
      const computation = load(length);
      const unkeyed = computation(undefined);
      return {
        hash: { name: `BLAKE2B-${length * 8}`, length, start: (account) => new RunningInput(unkeyed, account) },
        mac: {
          length,
          key(bytes): MacKey {
            const key = takeCopy(bytes);
            const keyed = computation(key);
            return {
              start: (account) => new RunningInput(keyed, account),
              wipe: () => giveBack(key, key.length),
            };
          },
        },
      };
    },
  };
}
