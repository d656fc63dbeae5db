/** BLAKE3 of noble's. */
import type { XofFunction } from '../contracts/primitives.js';
import { nobleBlake3 } from './noble.js';
import { nobleXof } from './noble-streams.js';

/** Its customization is the context of its mode for deriving keys, which has no key of its own. */
export function nobleBlake3Xof(): XofFunction {
  const blake3 = nobleBlake3();
  return nobleXof(({ key, customization: context }) =>
    blake3.create({ ...(key === undefined ? {} : { key }), ...(context === undefined ? {} : { context }) }),
  );
}
