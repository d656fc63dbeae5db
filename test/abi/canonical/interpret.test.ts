import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isCanonical, type CanonicalPass } from '../../../generator/abi/plan.js';
import { plannedUnit } from '../../generated.js';
import { Interpreter, Trap, type Encoding, type Side } from './interpret.js';
import { valueOf } from './values.js';

const planned = plannedUnit('everything', fileURLToPath(new URL('everything.wit', import.meta.url)));
const plans = [...planned.canonical.values()].filter(isCanonical);

/** Handles stand for themselves. */
function side(encoding: Encoding): Side & { readonly memory: { readonly buffer: ArrayBuffer } } {
  let top = 4096;
  return {
    memory: { buffer: new ArrayBuffer(65_536) },
    encoding,
    allocate: (align, size) => {
      const pointer = Math.ceil(top / align) * align;
      top = pointer + size;
      return pointer;
    },
    fromHandle: (_kind, _ownership, handle) => handle,
    toHandle: (_kind, _ownership, value) => value as number,
  };
}

const handle = (): fc.Arbitrary<unknown> => fc.nat();

function everyPass(): readonly CanonicalPass[] {
  return plans.flatMap((plan) => [
    ...plan.params.map((param) => param.pass),
    ...(plan.result === undefined ? [] : [plan.result.pass]),
  ]);
}

describe('values that are written as a plan says', () => {
  const encodings = ['utf8', 'utf16', 'compact-utf16'] as const;

  it.each(encodings)('read back the same from core values, with text as %s', (encoding) => {
    for (const pass of everyPass()) {
      fc.assert(
        fc.property(valueOf(pass, handle), (value) => {
          const interpreter = new Interpreter(side(encoding));
          expect(interpreter.lift(pass, [...interpreter.lower(pass, value)])).toEqual(value);
        }),
        { numRuns: 30, seed: 11 },
      );
    }
  });

  it.each(encodings)('read back the same from memory, with text as %s', (encoding) => {
    for (const pass of everyPass()) {
      fc.assert(
        fc.property(valueOf(pass, handle), (value) => {
          const interpreter = new Interpreter(side(encoding));
          interpreter.store(pass, 64, value);
          expect(interpreter.load(pass, 64)).toEqual(value);
        }),
        { numRuns: 30, seed: 12 },
      );
    }
  });

  it('stay inside the size that the plan gives them', () => {
    for (const pass of everyPass()) {
      fc.assert(
        fc.property(valueOf(pass, handle), (value) => {
          const own = side('utf8');
          new Uint8Array(own.memory.buffer, 0, 4096).fill(0xa5);
          new Interpreter(own).store(pass, 64, value);
          const around = new Uint8Array(own.memory.buffer, 0, 4096);
          expect(
            around.subarray(0, 64).every((byte) => byte === 0xa5) &&
              around.subarray(64 + pass.size).every((byte) => byte === 0xa5),
          ).toBe(true);
        }),
        { numRuns: 20, seed: 13 },
      );
    }
  });
});

describe('what no plan allows traps', () => {
  it.each([
    ['a list beyond memory', 'octets', [65_530, 7]],
    ['a list that wraps around', 'octets', [-1, 2]],
    ['a list that is not aligned', 'words', [1026, 1]],
    ['text that is not UTF-8', 'text', [0, 4]],
    ['a surrogate as a character', 'letter', [0xd800]],
    ['a case beyond the last', 'simple', [3]],
    ['an option that is neither', 'maybe', [2, 0]],
  ])('%s', (_, name, core) => {
    const plan = plans.find((each) => each.wire === name);
    const own = side('utf8');
    new Uint8Array(own.memory.buffer, 0, 4).set([0xff, 0xfe, 0, 0]);
    expect(() => new Interpreter(own).lift(plan?.params[0]?.pass as CanonicalPass, [...core])).toThrow(Trap);
  });
});
