/** BLAKE2b and BLAKE3 of noble's. */
import { giveBack, takeCopy } from '../blocks.js';
import type { KeyedHashFunction, MacKey, XofFunction } from '../contracts/primitives.js';
import { NOBLE_BYTE_COST } from '../prices.js';
import type { Blake2Backend } from './backend.js';
import { nobleBlake2b, nobleBlake3, nobleHashes } from './noble.js';
import { NobleDigestStream, nobleXof, writeDigest } from './noble-streams.js';
import { RunningInput, type Computation } from './running.js';

const empty = new Uint8Array(0);

export const nobleBlake2: Blake2Backend = {
  backend: nobleHashes,
  blake2b(length): KeyedHashFunction {
    const blake2b = nobleBlake2b();
    const computation = (key: Uint8Array | undefined): Computation => {
      const made = (): ReturnType<typeof blake2b.create> =>
        blake2b.create({ dkLen: length, ...(key === undefined ? {} : { key }) });
      return {
        prefix: empty,
        whole(input, out) {
          const hash = made();
          try {
            hash.update(input);
            writeDigest(hash, length, out);
          } finally {
            hash.destroy();
          }
        },
        begin: () => new NobleDigestStream(made(), length),
        byteCost: NOBLE_BYTE_COST,
      };
    };
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

/** Its customization is the context of its mode for deriving keys, which has no key of its own. */
export function nobleBlake3Xof(): XofFunction {
  const blake3 = nobleBlake3();
  return nobleXof(({ key, customization: context }) =>
    blake3.create({ ...(key === undefined ? {} : { key }), ...(context === undefined ? {} : { context }) }),
  );
}
