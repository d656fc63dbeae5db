/** The standing property of components: emitted bindings and the interpreter of plans take every call for the same, and answer the same. */
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import type { CanonicalPlan, CanonicalPass } from '../../../generator/abi/plan.js';
import { errnoOf } from '../../../generator/targets/component-host/names.js';
import { takesBytes } from '../../../generator/targets/component-host/writing.js';
import { relayComponent } from '../../components-relay/relay.js';
import { Trap, type Core, type Encoding } from './interpret.js';
import { LoweredGuest } from './lowered-guest.js';
import { everything, plans, RandomHost, Thing } from './random-host.js';
import { anyText, valueOf, withHandles } from './values.js';

const encodings = ['utf8', 'utf16', 'compact-utf16'] as const;
const token = (): fc.Arbitrary<unknown> => fc.record({ id: fc.nat() });

/** What a call passes, and what it is answered. */
interface Call {
  readonly args: readonly unknown[];
  readonly answer: unknown;
  readonly takes: boolean;
  readonly moves: boolean;
}

function calls(plan: CanonicalPlan, texts = anyText): fc.Arbitrary<Call> {
  return fc.record({
    args: fc.tuple(...plan.params.map(({ pass }) => valueOf(pass, token, texts))),
    answer: plan.result === undefined ? fc.constant(undefined) : valueOf(plan.result.pass, token, texts),
    takes: fc.boolean(),
    moves: fc.boolean(),
  });
}

/** Things in place of their numbers. */
function withThings(pass: CanonicalPass | undefined, answer: unknown): unknown {
  return pass === undefined
    ? undefined
    : withHandles(pass, answer, (each) => new Thing((each as { readonly id: number }).id));
}

let host: RandomHost;
beforeAll(async () => {
  host = await RandomHost.make();
});

function prepare(guest: LoweredGuest, plan: CanonicalPlan, { answer, takes, moves }: Call): void {
  guest.reset();
  guest.moves = moves;
  host.answer = withThings(plan.result?.pass, answer);
  host.takes = takes;
  host.calls = [];
}

describe.each(encodings)('interpreter and emitted code agree on random calls, with text as %s', (encoding) => {
  it.each(plans.map((plan) => [plan.wire, plan] as const))('%s', (_, plan) => {
    const guest = new LoweredGuest(host, encoding);
    fc.assert(
      fc.property(calls(plan), (call) => {
        prepare(guest, plan, call);
        expect(guest.values.call(plan, guest.functionOf(plan), call.args)).toEqual(call.answer);
        // Once, also where `take` moved memory.
        expect(host.calls).toEqual([call.args]);
        for (const { thing, ownership } of guest.passed) expect(thing.live).toBe(ownership === 'borrow');
        expect(host.errors).toEqual([]);
      }),
      { numRuns: 25, seed: 41 },
    );
  });
});

describe('an unexpected exception empties what the method took of guest memory', () => {
  it.each(plans.filter(takes).map((plan) => [plan.wire, plan] as const))('%s', (_, plan) => {
    const guest = new LoweredGuest(host, 'utf8');
    const [call] = fc.sample(calls(plan), { numRuns: 1, seed: 47 }) as [Call];
    prepare(guest, plan, call);
    host.breaks = true;
    try {
      expect(guest.values.call(plan, guest.functionOf(plan), call.args)).toHaveProperty('tag', 'err');
    } catch (thrown) {
      // It has no errno to return: its host's mistake goes on to its host.
      expect(thrown).toEqual(new Error('broken by the test'));
    } finally {
      host.breaks = false;
    }
    const [block] = guest.blocks.slice(-1);
    expect(block).toEqual({ start: expect.any(Number) as number, end: (block?.start ?? 0) + 16 });
    expect(new Uint8Array(guest.memory.buffer, block?.start, 16)).toEqual(new Uint8Array(16));
    host.errors.length = 0;
  });
});

/** Whether its method is given `take`. */
function takes(plan: CanonicalPlan): boolean {
  const result = plan.result?.pass;
  return takesBytes(errnoOf(plan) !== undefined && result?.how === 'result' ? result.ok.pass : result);
}

/** What a guest may pass that no compiler makes: tags, handles, addresses and lengths of all kinds. */
const wild = fc.oneof(
  fc.constantFrom(-1, -4, -8, 0, 1, 2, 3, 4, 0x7fff_ffff, -0x8000_0000, 65_535, 65_536, 65_528),
  fc.integer({ min: 0, max: 300 }),
  fc.integer(),
);

interface Damage {
  readonly core: readonly { readonly at: number; readonly value: number }[];
  readonly memory: readonly { readonly at: number; readonly value: number; readonly word: boolean }[];
  readonly result: number;
}

const place = fc.nat();
const damages: fc.Arbitrary<Damage> = fc.record({
  core: fc.array(fc.record({ at: place, value: wild }), { maxLength: 2 }),
  memory: fc.array(fc.record({ at: place, value: wild, word: fc.boolean() }), { maxLength: 3 }),
  result: fc.oneof(
    { weight: 9, arbitrary: fc.constant(0) },
    { weight: 1, arbitrary: fc.constantFrom(1, 2, 4, 65_536, -8_192, 0x7fff_0000) },
  ),
});

/** The core values of a call, damaged, and where its result goes. */
function damaged(
  guest: LoweredGuest,
  plan: CanonicalPlan,
  args: readonly unknown[],
  damage: Damage,
): { readonly core: readonly Core[]; readonly area: number } {
  const core = [...guest.values.lowerParams(plan, args)];
  const view = new DataView(guest.memory.buffer);
  const used = guest.top - 1024;
  for (const { at, value, word } of used >= 4 ? damage.memory : []) {
    if (word) view.setInt32(1024 + ((at % (used - 3)) & ~3), value, true);
    else view.setInt8(1024 + (at % used), value);
  }
  for (const { at, value } of core.length > 0 ? damage.core : []) {
    const index = at % core.length;
    core[index] =
      typeof core[index] === 'bigint'
        ? BigInt(value) * 0x1_0000_0001n
        : plan.imported.params[index]?.type === 'i32'
          ? value
          : (core[index] as Core);
  }
  const area = 16 + damage.result;
  return plan.result?.in === 'memory' ? { core: [...core, area], area } : { core, area };
}

function trapOrArgs(guest: LoweredGuest, plan: CanonicalPlan, core: readonly Core[]): readonly unknown[] | Trap {
  try {
    return guest.judge.liftParams(plan, core);
  } catch (thrown) {
    if (thrown instanceof Trap) return thrown;
    throw thrown;
  }
}

/** How many damaged calls were refused, and how many were none the worse. */
const damagedCalls = { refused: 0, answered: 0 };

describe.each(encodings)(
  'what the interpreter takes for a trap never reaches the host, with text as %s',
  (encoding) => {
    it.each(plans.map((plan) => [plan.wire, plan] as const))('%s', (_, plan) => {
      const guest = new LoweredGuest(host, encoding);
      const size = plan.result?.in === 'memory' ? plan.result.pass.size : 0;
      fc.assert(
        fc.property(calls(plan), damages, (call, damage) => {
          prepare(guest, plan, call);
          const { core, area } = damaged(guest, plan, call.args, damage);
          const expected = trapOrArgs(guest, plan, core);
          const result = { start: area, end: area + size };
          const before = guest.image([result]);
          const answered = (): unknown => {
            const direct = guest.functionOf(plan)(...core);
            if (plan.result === undefined) return undefined;
            return plan.result.in === 'memory'
              ? guest.values.load(plan.result.pass, area)
              : guest.values.lift(plan.result.pass, [direct as Core]);
          };
          if (expected instanceof Trap) {
            damagedCalls.refused += 1;
            expectRefused(answered);
            expect(host.calls).toEqual([]);
            expect(guest.blocks).toEqual([]);
          } else {
            damagedCalls.answered += 1;
            expect(answered()).toEqual(call.answer);
            expect(host.calls.at(-1)).toEqual(expected);
          }
          expect(host.errors).toEqual([]);
          expect(Buffer.compare(guest.image([result, ...guest.blocks]), erased(before, guest.blocks))).toBe(0);
        }),
        { numRuns: 40, seed: 43 },
      );
    });
  },
);

it('damaged calls are of both kinds', () => {
  expect(damagedCalls.refused).toBeGreaterThan(1_000);
  expect(damagedCalls.answered).toBeGreaterThan(1_000);
});

/** A trap, or an error of the result's own type. */
function expectRefused(call: () => unknown): void {
  let answer: unknown;
  try {
    answer = call();
  } catch (thrown) {
    expect(thrown).toBeInstanceOf(WebAssembly.RuntimeError);
    return;
  }
  expect(answer).toHaveProperty('tag', 'err');
}

function erased(image: Uint8Array, ranges: readonly { readonly start: number; readonly end: number }[]): Uint8Array {
  for (const { start, end } of ranges) image.fill(0, start, end);
  return image;
}

/** jco's own path drops what it takes for a byte order mark (1.35). */
const texts = { js: anyText.filter((text) => !text.startsWith('\ufeff')), hybrid: anyText };

describe.each([
  ['js', 'utf8'],
  ['js', 'utf16'],
  ['hybrid', 'utf8'],
  ['hybrid', 'utf16'],
] as const)(
  'a real component and its host see the same, by %s, with text as %s',
  (bindings, stringEncoding: Encoding) => {
    it('whatever is called', async () => {
      // What the world only exports has no host, and what stands in the world itself no component relays.
      const unseen = ['greet', 'hello', 'loose'];
      const only = plans.map(({ wire }) => wire).filter((wire) => !unseen.includes(wire));
      const component = await relayComponent(everything, { bindings, stringEncoding, only });
      const own = await RandomHost.make();
      const guest = component.instantiate(own.bound.imports);
      const give = (id: number): number => {
        own.answer = new Thing(id);
        return guest.call('give') as number;
      };
      const idOf = (handle: unknown): unknown => {
        own.answer = 0;
        guest.call('peek', handle, undefined);
        return own.calls.at(-1)?.[0];
      };
      const imported = plans.filter(({ wire }) => wire in guest.core);
      expect(imported.length).toBe(plans.filter(({ wire }) => only.includes(wire)).length);
      guest.run(() => {
        for (const plan of imported) {
          fc.assert(
            fc.property(calls(plan, texts[bindings]), (call) => {
              own.takes = call.takes;
              const args = call.args.map((arg, index) =>
                withHandles((plan.params[index] as { readonly pass: CanonicalPass }).pass, arg, (each) =>
                  give((each as { readonly id: number }).id),
                ),
              );
              own.answer = withThings(plan.result?.pass, call.answer);
              const result = guest.call(plan.wire, ...args);
              expect(own.calls.at(-1)).toEqual(call.args);
              const answer = plan.result === undefined ? undefined : withHandles(plan.result.pass, result, idOf);
              expect(answer).toEqual(call.answer);
            }),
            { numRuns: 12, seed: 47 },
          );
        }
      });
      expect(own.errors).toEqual([]);
    });
  },
);
