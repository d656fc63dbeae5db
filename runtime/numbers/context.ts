/** What numbers and groups ask of the context that they are made in; `RuntimeContext` is one. */
import type { ConstantTime } from '../backends/backend.js';
import type { Random } from '../contracts/context.js';
import { fail } from '../failures.js';
import type { Limits } from '../limits.js';
import type { Account, Accounts } from '../meter.js';
import type { Policy } from '../policy.js';

export interface NumberContext {
  readonly policy: Policy;
  readonly limits: Limits;
  readonly random: Random;
  readonly meter: { readonly accounts: Accounts };
}

/** Of bytes that encode a number: which comes first. */
export type ByteOrder = 'big' | 'little';

/** Whether the time that operations take may depend on a scalar. */
export type Secrecy = 'public' | 'secret';

/** Throws where the policy wants secrets only where time is constant: `prohibited_operation`. */
export function requireConstantTime(policy: Policy, secret: boolean, claim: ConstantTime): void {
  if (secret && !policy.allowsForSecrets(claim)) throw fail.ProhibitedOperation;
}

/** Errors: `overflow` for fewer bytes than expected, `invalid_length` for more. */
export function requireExactly(out: Uint8Array, length: number): void {
  if (out.length < length) throw fail.Overflow;
  if (out.length > length) throw fail.InvalidLength;
}

/** What uniform numbers are drawn for: half of all draws fit at least, so that a source that never gives one is none. */
const MOST_DRAWS = 200;

/**
 * Draws until a number is taken. Errors: `rng_error`.
 *
 * @param length in bytes
 * @param bits of the first byte that may be set
 * @param take gets the draw, which is wiped afterwards; false: another one
 */
export function draw(random: Random, length: number, bits: number, take: (drawn: Uint8Array) => boolean): void {
  const mask = 0xff >> (8 - bits);
  for (let draws = 0; draws < MOST_DRAWS; draws += 1) {
    const drawn = random.bytes(length);
    drawn[0] = (drawn[0] ?? 0) & mask;
    const taken = take(drawn);
    drawn.fill(0);
    if (taken) return;
  }
  throw fail.RngError;
}

/** Errors: `overflow`, and nothing is spent. */
export function spend(account: Account, cost: number): void {
  account.spend(Math.ceil(cost));
}
