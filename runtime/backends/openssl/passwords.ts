/** Password hashing by `node:crypto`. Results are new memory, which is wiped. */
import crypto, { pbkdf2Sync, scryptSync } from 'node:crypto';
import { clear } from '../../blocks.js';
import type { Argon2Cost, PasswordFunction, Pbkdf2Cost, ScryptCost } from '../../contracts/primitives.js';
import { missing } from '../provider.js';

/** `crypto.argon2Sync` of Node 24.7 and later. Sizes in bytes, memory in KiB. */
type Argon2Sync = (
  variant: 'argon2id',
  parameters: {
    readonly message: Uint8Array;
    readonly nonce: Uint8Array;
    readonly parallelism: number;
    readonly memory: number;
    readonly passes: number;
    readonly tagLength: number;
  },
) => Uint8Array;

function deliver(result: Uint8Array, out: Uint8Array): void {
  out.set(result);
  clear(result);
}

/** Throws where this Node does not have it. */
export function opensslArgon2(): PasswordFunction<Argon2Cost> {
  const { argon2Sync } = crypto as unknown as { readonly argon2Sync?: Argon2Sync };
  if (argon2Sync === undefined) throw missing('Argon2');
  const derive: PasswordFunction<Argon2Cost>['derive'] = ({ memory, passes, lanes }, message, nonce, out) =>
    deliver(argon2Sync('argon2id', { message, nonce, parallelism: lanes, memory, passes, tagLength: out.length }), out);
  return tried({ derive }, { memory: 8, passes: 1, lanes: 1 }, 'Argon2');
}

/** Throws where this Node does not have it. */
export function opensslScrypt(): PasswordFunction<ScryptCost> {
  const derive: PasswordFunction<ScryptCost>['derive'] = ({ logN, r, p }, password, salt, out) => {
    const N = 2 ** logN;
    // Its own arrays beside the large one are small.
    const maxmem = 128 * r * (N + p + 2) + 2 ** 16;
    deliver(scryptSync(password, salt, out.length, { N, r, p, maxmem }), out);
  };
  return tried({ derive }, { logN: 1, r: 1, p: 1 }, 'scrypt');
}

/** Throws where this Node does not have it. @param digest OpenSSL's name of the hash function */
export function opensslPbkdf2(digest: string): PasswordFunction<Pbkdf2Cost> {
  const derive: PasswordFunction<Pbkdf2Cost>['derive'] = ({ iterations }, password, salt, out) =>
    deliver(pbkdf2Sync(password, salt, iterations, out.length, digest), out);
  return tried({ derive }, { iterations: 1000 }, 'PBKDF2');
}

function tried<C>(found: PasswordFunction<C>, cost: C, name: string): PasswordFunction<C> {
  try {
    found.derive(cost, new Uint8Array(16), new Uint8Array(16), new Uint8Array(32));
  } catch {
    throw missing(name);
  }
  return found;
}
