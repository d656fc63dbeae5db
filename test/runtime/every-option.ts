/** What must hold for every option, whatever the table of options holds. */
import { describe, expect, it } from 'vitest';
import type { SymmetricAlgorithm } from '../../runtime/algorithms/descriptor.js';
import { RuntimeContext } from '../../runtime/context.js';
import { fail } from '../../runtime/failures.js';
import { commonHost } from '../../runtime/interfaces/common.js';
import { symmetricHost } from '../../runtime/interfaces/symmetric.js';
import type { OptionSet } from '../../runtime/objects/option-sets.js';
import { type OptionName, type OptionOf, type OptionRow, optionTable } from '../../runtime/objects/option-table.js';
import { SymmetricState, type StateSetup } from '../../runtime/objects/symmetric-states.js';
import { readOptions } from '../../runtime/options.js';
import { algorithms } from '../registry.js';

const LIMIT = 40;
const context = new RuntimeContext(readOptions({ limits: { optionBytes: LIMIT } }));
const common = commonHost(context);

class PlainState extends SymmetricState {
  override live = true;
  override readonly setup: StateSetup;

  constructor(setup: StateSetup) {
    super();
    this.setup = setup;
  }
}

/** A state of an algorithm that takes these options. */
function opened(set: OptionSet, defined: SymmetricAlgorithm['options']): PlainState {
  const algorithm: SymmetricAlgorithm = {
    ...algorithms.symmetric('SHA-256'),
    options: defined,
    open: (setup) => new PlainState(setup),
  };
  const own = Object.create(context, { algorithms: { value: { symmetric: () => algorithm } } }) as RuntimeContext;
  return symmetricHost(own).symmetricStateOpen('any', undefined, set) as PlainState;
}

type Setter = (set: OptionSet, name: string, tag: number) => void;

/** By type of value. The tag tells values apart. */
const setters: Readonly<Record<OptionRow['type'], Setter>> = {
  bytes: (set, name, tag) => common.optionsSet(set, name, new Uint8Array(LIMIT).fill(tag)),
  integer: (set, name, tag) => common.optionsSetU64(set, name, BigInt(tag)),
  buffer: (set, name, tag) => common.optionsSetGuestBuffer(set, name, new Uint8Array(100).subarray(tag)),
};

/** What a state has, as its getter gives it; options without a getter as they are kept. */
function got(state: PlainState, row: OptionOf, name: string): unknown {
  switch (row.type) {
    case 'bytes': {
      const into = new Uint8Array(LIMIT + 1);
      return into.slice(0, state.optionBytes(name, into));
    }
    case 'integer':
      return state.optionInteger(name);
    case 'buffer':
      return state.setup.options.get(row.name);
  }
}

function value(row: OptionOf, tag: number): unknown {
  const values = {
    bytes: new Uint8Array(LIMIT).fill(tag),
    integer: BigInt(tag),
    buffer: { pointer: tag, length: 100 - tag },
  };
  return values[row.type];
}

function thrownBy(calls: () => unknown): unknown {
  try {
    calls();
    return undefined;
  } catch (error) {
    return error;
  }
}

function newSet(): OptionSet {
  return common.optionsOpen('symmetric');
}

export function testEveryOption(): void {
  for (const row of optionTable as readonly OptionOf[]) {
    const set: Setter = setters[row.type];
    const defined = row.hint ? [] : [row.name];
    const spellings: readonly string[] = [row.name, ...row.spellings].flatMap((each) => [each, each.toUpperCase()]);

    describe(`the option ${row.name}`, () => {
      it('is set, read and replaced by every spelling', () => {
        for (const spelling of spellings) {
          const options = newSet();
          set(options, spelling, 1);
          for (const other of spellings) expect(got(opened(options, defined), row, other)).toEqual(value(row, 1));
          set(options, row.name, 2);
          expect(got(opened(options, defined), row, spelling)).toEqual(value(row, 2));
        }
      });

      it('is refused by the setters of other types', () => {
        for (const [type, wrong] of Object.entries(setters)) {
          if (type !== row.type)
            for (const spelling of spellings)
              expect(thrownBy(() => wrong(newSet(), spelling, 1))).toBe(fail.UnsupportedOption);
        }
        const state = opened(newSet(), defined);
        if (row.type !== 'bytes')
          expect(thrownBy(() => state.optionBytes(row.name, new Uint8Array(9)))).toBe(fail.UnsupportedOption);
        if (row.type !== 'integer') expect(thrownBy(() => state.optionInteger(row.name))).toBe(fail.UnsupportedOption);
      });

      it('is not set at first', () => {
        const state = opened(newSet(), defined);
        expect(state.setup.options.get(row.name)).toBeUndefined();
        if (row.type !== 'buffer') expect(thrownBy(() => got(state, row, row.name))).toBe(fail.OptionNotSet);
      });

      it('is unsupported where an algorithm does not define it, unless it is a hint', () => {
        const options = newSet();
        set(options, row.name, 1);
        const others = (optionTable as readonly OptionOf[]).flatMap((each) =>
          each.hint || each.name === row.name ? [] : [each.name],
        );
        const expected = row.hint ? undefined : fail.UnsupportedOption;
        expect(thrownBy(() => opened(options, []))).toBe(expected);
        expect(thrownBy(() => opened(options, others))).toBe(expected);
        const state = opened(newSet(), others);
        if (row.type !== 'buffer')
          expect(thrownBy(() => got(state, row, row.name))).toBe(row.hint ? fail.OptionNotSet : fail.UnsupportedOption);
      });

      it('stays in states when their set changes, whichever option changes', () => {
        for (const changed of optionTable as readonly OptionOf[]) {
          const options = newSet();
          set(options, row.name, 1);
          const all = [row, changed].flatMap((each): SymmetricAlgorithm['options'] => (each.hint ? [] : [each.name]));
          const state = opened(options, all);
          setters[changed.type](options, changed.name, 2);
          const later = opened(options, all);
          options.release();
          expect(got(state, row, row.name)).toEqual(value(row, 1));
          expect(got(later, row, row.name)).toEqual(value(row, changed.name === row.name ? 2 : 1));
          state.release();
          expect(got(later, changed, changed.name)).toEqual(value(changed, 2));
          later.release();
        }
      });

      it('belongs to sets of symmetric algorithms only', () => {
        for (const category of ['signatures', 'key-exchange'] as const)
          expect(thrownBy(() => set(common.optionsOpen(category), row.name, 1))).toBe(fail.UnsupportedOption);
      });

      if (row.type === 'bytes') testBytes(row.name, defined);
    });
  }
}

/** @param defined the option, as an algorithm defines it */
function testBytes(name: OptionName, defined: SymmetricAlgorithm['options']): void {
  it('is wiped with its last user, and when it is replaced', () => {
    const kept = (state: PlainState): Uint8Array => state.setup.options.get(name) as Uint8Array;
    const options = newSet();
    setters.bytes(options, name, 1);
    const state = opened(options, defined);
    const shared = kept(state);
    options.release();
    expect(shared).toEqual(new Uint8Array(LIMIT).fill(1));
    state.release();
    expect(shared).toEqual(new Uint8Array(LIMIT));

    const again = newSet();
    setters.bytes(again, name, 1);
    const first = opened(again, defined);
    const replaced = kept(first);
    first.release();
    setters.bytes(again, name, 2);
    expect(replaced).not.toContain(1);
  });

  it('is a copy, and obeys the limit', () => {
    const options = newSet();
    const given = new Uint8Array(LIMIT).fill(7);
    common.optionsSet(options, name, given);
    given.fill(8);
    expect(thrownBy(() => common.optionsSet(options, name, new Uint8Array(LIMIT + 1)))).toBe(fail.Overflow);
    const state = opened(options, defined);
    expect(thrownBy(() => state.optionBytes(name, new Uint8Array(LIMIT - 1)))).toBe(fail.Overflow);
    const into = new Uint8Array(LIMIT);
    expect(state.optionBytes(name, into)).toBe(LIMIT);
    expect(into).toEqual(new Uint8Array(LIMIT).fill(7));
    common.optionsSet(options, name, new Uint8Array(0));
    expect(opened(options, defined).optionBytes(name, into)).toBe(0);
  });
}
