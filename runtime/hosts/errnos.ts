/** From the runtime's failures to what one revision has for them. */
import type { RuntimeContext } from '../context.js';
import { isSignal } from '../../templates/typescript-host/failure.js';
import { fail, failures, isFailure, type FailureName, type LastResort } from '../failures.js';

/** Something for each errno of a revision, under the errno's name. It may lack any but the last resort. */
export type ByName<T> = Readonly<Record<LastResort, T>> & { readonly [Name in FailureName]?: T };

/** What a revision has for each failure, by the failure's index: its own, or its fallback's. */
export function byFailure<T>(revision: ByName<T>): readonly T[] {
  const found: T[] = [];
  for (const { name, fallback } of failures) {
    const own = revision[name] ?? found[fallback];
    if (own === undefined) throw new TypeError(`the fallback of ${name} must stand above it`);
    found.push(own);
  }
  return found;
}

/** Turns what the runtime throws into failures of a revision; everything else stays as it is. */
export function translator(context: RuntimeContext, revision: ByName<unknown>): (thrown: unknown) => unknown {
  // Most guests never fail.
  let known: readonly unknown[] | undefined;
  return (thrown) => {
    const judged = isForeignNumber(thrown) ? fail.GuestError : context.judged(thrown);
    if (!isFailure(judged)) return judged;
    known ??= byFailure(revision);
    return known[judged.index];
  };
}

/**
 * Whether the guest passed a number of another type than the function has: it declares its imports itself, and engines
 * link them as it says. V8 then throws where JavaScript mixes numbers with an i64 or a reference. It is no mistake of the
 * host, of which the owner should hear.
 */
function isForeignNumber(thrown: unknown): boolean {
  return (
    thrown instanceof TypeError &&
    /^Cannot (mix BigInt |convert (a BigInt|a Symbol|object) |convert \S+ to a BigInt$)/.test(thrown.message)
  );
}

/**
 * Whether what was thrown came after a computation began, and could leave half of its result: an `invalid_tag`,
 * an `algorithm_failure`, and all that is no failure of the guest's. Other failures come before anything is written.
 */
export function clears(thrown: unknown): boolean {
  if (isSignal(thrown) || isForeignNumber(thrown)) return false;
  return !isFailure(thrown) || thrown === fail.InvalidTag || thrown === fail.AlgorithmFailure;
}
