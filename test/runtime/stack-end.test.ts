/**
 * Calls near the end of the stack: V8 can end any of them anywhere, even where an error is handled. What is left must be
 * what was before the call, or what is after it.
 */
import { describe, expect, it } from 'vitest';
import { hexOf } from '../hex.js';
import { idsOf, symmetricAlgorithms } from '../registry.js';
import { CallFailed } from '../guest/guest.js';
import type { Symmetric } from '../guest/symmetric.js';
import {
  clonable,
  inputOf,
  isSession,
  outputFrom,
  outputOf,
  symmetricGuest,
  usesOf,
  withInput,
  type Input,
  type Use,
} from '../guest/uses.js';

/** How many depths before the last one at which a call succeeds, and how many after it: frames of ours are some 20. */
const DEPTHS = 40;

function at(depth: number, call: () => void): void {
  if (depth === 0) call();
  else at(depth - 1, call);
}

/** A call at a depth: false where the stack ended. Errnos are what guests see of it. */
function reached(depth: number, call: () => void): boolean {
  try {
    at(depth, call);
    return true;
  } catch (error) {
    if (error instanceof RangeError || error instanceof CallFailed) return false;
    throw error;
  }
}

/**
 * Tries a call at every depth around that where the stack ends for it. Compiled code takes less of the stack, so that the
 * end can move meanwhile: the last depths tried are so many that do not reach the end of the call.
 *
 * @param call returns whether the stack was long enough
 */
function atEveryEnd(call: (depth: number) => boolean): void {
  let [low, high] = [0, 100_000];
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if (call(middle)) low = middle;
    else high = middle;
  }
  let short = 0;
  for (let depth = low - DEPTHS; short < DEPTHS; depth += 1) short = call(depth) ? 0 : short + 1;
}

describe.each(idsOf(symmetricAlgorithms))('%s near the end of the stack', (id) => {
  const algorithm = symmetricAlgorithms.find((each) => each.id === id) as (typeof symmetricAlgorithms)[number];
  const [use] = usesOf(algorithm) as [Use];
  const s: Symmetric = symmetricGuest();
  const input: Input = inputOf(use, 100, 50);

  it('absorbs all of an input or nothing of it', () => {
    if (input.absorbed.length === 0) return;
    const outputs = [0, 1, 2].map((times) =>
      withInput(s, use, { ...input, absorbed: new Uint8Array(0) }, (state) => {
        for (let time = 0; time < times; time += 1) s.absorb(state, input.absorbed);
        return hexOf(outputFrom(s, use, state, input.message));
      }),
    );
    atEveryEnd((depth) =>
      withInput(s, use, input, (state) => {
        const whole = reached(depth, () => s.absorb(state, input.absorbed));
        const output = hexOf(outputFrom(s, use, state, input.message));
        // What failed may have been done: the end of the stack can come on the way back.
        expect(whole ? outputs.slice(2) : outputs.slice(1)).toContain(output);
        return whole;
      }),
    );
  });

  it('gives its output or none, and the same later, and of one nonce no two', () => {
    const right = hexOf(outputOf(s, use, input));
    const isStream = isSession(algorithm) || !clonable.has(algorithm);
    const output = (state: number): string => hexOf(outputFrom(s, use, state, input.message));
    const once = !isStream && use.way.startsWith('encrypt');
    const next = once ? right : withInput(s, use, input, (state) => [output(state), output(state)][1]);
    atEveryEnd((depth) =>
      withInput(s, use, input, (state) => {
        const first: string[] = [];
        reached(depth, () => void first.push(output(state)));
        const later: string[] = [];
        reached(0, () => void later.push(output(state)));
        for (const each of first) expect(each).toBe(right);
        for (const each of later) expect(first.length === 1 ? [next] : [right, next]).toContain(each);
        if (algorithm.nonce === undefined || isStream || !use.way.startsWith('encrypt')) expect(later.length).toBe(1);
        else expect(first.length + later.length).toBeLessThanOrEqual(1);
        return first.length === 1;
      }),
    );
  });

  it('makes copies that are whole or none', () => {
    if (!clonable.has(algorithm)) return;
    const own = symmetricGuest();
    const right = hexOf(outputOf(own, use, input));
    atEveryEnd((depth) =>
      withInput(own, use, input, (state) => {
        const copies: number[] = [];
        reached(depth, () => void copies.push(own.clone(state)));
        for (const copy of copies) {
          expect(hexOf(outputFrom(own, use, copy, input.message))).toBe(right);
          own.close(copy);
        }
        return copies.length === 1;
      }),
    );
    own.guest.host.close();
    // An object that was made, and whose call ended before it had a handle.
    expect(own.guest.host.usage().handles).toBeLessThanOrEqual(2);
  });
});
