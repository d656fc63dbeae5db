/** BLAKE2b and BLAKE3 of noble's. */
import type { XofFunction } from '../contracts/primitives.js';
import { NOBLE_BYTE_COST } from '../prices.js';
import { blake2Backend } from './blake2.js';
import { nobleBlake2b, nobleBlake3, nobleHashes } from './noble.js';
import { NobleDigestStream, nobleXof, writeDigest } from './noble-streams.js';

const empty = new Uint8Array(0);

export const nobleBlake2 = blake2Backend(nobleHashes, (length) => {
  const blake2b = nobleBlake2b();
  return (key) => {
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
});

/** Its customization is the context of its mode for deriving keys, which has no key of its own. */
export function nobleBlake3Xof(): XofFunction {
  const blake3 = nobleBlake3();
  return nobleXof(({ key, customization: context }) =>
    blake3.create({ ...(key === undefined ? {} : { key }), ...(context === undefined ? {} : { context }) }),
  );
}
