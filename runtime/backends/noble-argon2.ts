/** Argon2 by noble, for where neither Node nor a thread can be had. */
import type { Argon2Cost, PasswordFunction } from '../contracts/primitives.js';
import { clear } from '../blocks.js';
import { nobleArgon2id } from './noble.js';

export function nobleArgon2(): PasswordFunction<Argon2Cost> {
  const argon2id = nobleArgon2id();
  return {
    derive({ memory, passes, lanes }, password, salt, out) {
      const settings = { m: memory, t: passes, p: lanes, dkLen: out.length, maxmem: 2 ** 32 - 1 };
      const result = argon2id(password, salt, settings);
      out.set(result);
      clear(result);
    },
  };
}
