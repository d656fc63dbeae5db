/** What emitted bindings do, through real components: on jco's own path and on the fast one, with the same results. */
import { beforeAll, describe, expect, it } from 'vitest';
import { relayComponent, type RelayGuest, type StringEncoding } from '../../components-relay/relay.js';
import {
  everything,
  everythingBindings,
  everythingHosts,
  type Bound,
  type Counter,
  type Seen,
  type Token,
} from './everything-host.js';

interface Fixture {
  readonly guest: RelayGuest;
  readonly bound: Bound;
  readonly seen: Seen;
  readonly counters: Counter[];
  readonly tokens: Token[];
  readonly errors: unknown[];
}

/** jco cannot transpile lists of fixed length in every position yet: `four` has a test of its own. */
const only = [
  '[constructor]counter',
  '[method]counter.add',
  '[method]counter.name',
  '[method]counter.rename',
  '[static]counter.merge',
  '[method]counter.to-string',
  'token-open',
  'token-close',
  'token-pull',
  'integers',
  'floats',
  'letter',
  'greet',
  'pick',
  'rights-only',
  'color-only',
  'move-point',
  'sort-points',
  'reverse',
  'reverse-checked',
  'numbers',
  'words',
  'maybe',
  'join',
  'split',
  'check',
  'compute',
  'many',
  'swap',
  'consume',
  'nothing',
];

async function fixture(bindings: 'js' | 'hybrid', stringEncoding: StringEncoding = 'utf8'): Promise<Fixture> {
  const { bindComponent, fail } = await everythingBindings();
  const component = await relayComponent(everything, { bindings, only, stringEncoding });
  const [seen, counters, tokens, errors]: [Seen, Counter[], Token[], unknown[]] = [{ args: [] }, [], [], []];
  const bound = bindComponent(everythingHosts(fail, seen, { counters, tokens }), {
    fewerParameters: true,
    onError: (error: unknown) => errors.push(error),
  });
  return { guest: component.instantiate(bound.imports), bound, seen, counters, tokens, errors };
}

describe.each(['js', 'hybrid'] as const)('component bindings, %s', (bindings) => {
  let made: Fixture;
  beforeAll(async () => {
    made = await fixture(bindings);
  });

  it('passes integers in their ranges', () => {
    const args = [255, -128, 65_535, -32_768, 4_294_967_295, -2_147_483_648, 2n ** 64n - 1n, -(2n ** 63n)];
    expect(made.guest.call('integers', ...args)).toBe(2n ** 64n - 1n);
    expect(made.seen.args).toEqual(args);
  });

  it('passes floats, characters and booleans', () => {
    expect(made.guest.call('floats', 0.5, 1e300)).toBe(1e300);
    expect(made.seen.args).toEqual([0.5, 1e300]);
    expect(made.guest.call('letter', 'ß', false)).toBe('ß');
    expect(made.guest.call('letter', '🦀', true)).toBe('🦀');
    expect(made.seen.args).toEqual(['🦀', true]);
  });

  it('passes text', () => {
    expect(made.guest.call('greet', '')).toBe('hello, ');
    expect(made.guest.call('greet', 'wörld 🦀\ufeff')).toBe('hello, wörld 🦀\ufeff');
    expect(made.guest.call('words', ['a', '', 'ü'])).toEqual(['a!', '!', 'ü!']);
  });

  it('passes enums and flags by name', () => {
    const rights = { read: true, write: false, createDirectory: true };
    expect(made.guest.call('pick', 'dark-blue', rights)).toEqual(['dark-blue', rights]);
    expect(made.seen.args).toEqual(['dark-blue', rights]);
    expect(made.guest.call('rights-only', rights)).toEqual(rights);
    expect(made.guest.call('color-only', 'green')).toBe('green');
  });

  it('passes records, tuples and lists of them', () => {
    expect(made.guest.call('move-point', { x: 1, y: 0.5, label: 'a' }, [2, 0.25])).toEqual({
      x: 3,
      y: 0.75,
      label: undefined,
    });
    expect(made.seen.args).toEqual([{ x: 1, y: 0.5, label: 'a' }]);
    expect(made.guest.call('move-point', { x: -1, y: 0, label: undefined }, [0, 0])).toEqual({
      x: -1,
      y: 0,
      label: 'moved',
    });
    const points = [
      { x: 3, y: 0, label: 'three' },
      { x: 1, y: 0, label: undefined },
    ];
    expect(made.guest.call('sort-points', points)).toEqual(points.toReversed());
    expect(made.guest.call('sort-points', [])).toEqual([]);
  });

  it('passes bytes', () => {
    expect(made.guest.call('reverse', Uint8Array.of(1, 2, 3))).toEqual(Uint8Array.of(3, 2, 1));
    expect(made.guest.call('reverse', new Uint8Array(0))).toEqual(new Uint8Array(0));
    expect(made.guest.call('reverse-checked', Uint8Array.of(1, 2, 3), 3)).toEqual({
      tag: 'ok',
      val: Uint8Array.of(3, 2, 1),
    });
    expect(made.guest.call('reverse-checked', Uint8Array.of(1, 2, 3), 2)).toEqual({ tag: 'err', val: 'invalid' });
  });

  it('passes lists of numbers as typed arrays', () => {
    expect(made.guest.call('numbers', [1, 65_535], [-1], [2n ** 64n - 1n], [0.1, -0])).toEqual(
      Uint32Array.of(2, 1, 1, 2),
    );
    expect(made.seen.args).toEqual([
      Uint16Array.of(1, 65_535),
      Int32Array.of(-1),
      BigUint64Array.of(2n ** 64n - 1n),
      Float64Array.of(0.1, -0),
    ]);
  });

  it('passes options, also in options', () => {
    expect(made.guest.call('maybe', undefined, { tag: 'none' })).toEqual({ tag: 'none' });
    expect(made.seen.args).toEqual([undefined, { tag: 'none' }]);
    expect(made.guest.call('maybe', 0, { tag: 'some', val: undefined })).toEqual({ tag: 'some', val: undefined });
    expect(made.seen.args).toEqual([0, { tag: 'some', val: undefined }]);
    expect(made.guest.call('maybe', 7, { tag: 'some', val: 'x' })).toEqual({ tag: 'some', val: 7 });
    expect(made.seen.args).toEqual([7, { tag: 'some', val: 'x' }]);
  });

  it('passes variants, whose payloads share core values', () => {
    for (const failure of [
      { tag: 'other', val: 'why' },
      { tag: 'code', val: 2n ** 63n },
      { tag: 'fraction', val: -0.25 },
      { tag: 'none' },
    ]) {
      expect(made.guest.call('join', failure)).toEqual(failure);
    }
  });

  it('passes results whose errors are more than names', () => {
    expect(made.guest.call('split', 3)).toEqual({ tag: 'ok', val: 4 });
    expect(made.guest.call('split', 12)).toEqual({ tag: 'err', val: { tag: 'code', val: 12n } });
    expect(made.guest.call('check', 0)).toEqual({ tag: 'ok' });
    expect(made.guest.call('check', 1)).toEqual({ tag: 'err' });
    expect(made.guest.call('compute', { tag: 'ok', val: 5 })).toEqual({ tag: 'ok', val: 'is 5' });
    expect(made.guest.call('compute', { tag: 'err', val: 'no' })).toEqual({ tag: 'err' });
  });

  it('reads parameters out of memory when there are many', () => {
    const args = [
      1,
      2n,
      0.5,
      0.25,
      'e',
      Uint8Array.of(6),
      7n,
      { x: 8, y: 8.5, label: 'h' },
      { tag: 'code', val: 9n },
      10,
      11,
    ];
    expect(made.guest.call('many', ...args)).toEqual({ tag: 'ok', val: [Uint8Array.of(1, 2, 3), 9n] });
    expect(made.seen.args).toEqual(args);
  });

  it('calls what takes and returns nothing', () => {
    made.seen.args = [1];
    expect(made.guest.call('nothing')).toBeUndefined();
    expect(made.seen.args).toEqual([]);
  });

  it('makes resources by constructors, and calls their methods', () => {
    const { guest } = made;
    const counter = guest.call('[constructor]counter', 40) as number;
    expect(guest.call('[method]counter.add', counter, 2)).toBe(42);
    expect(guest.call('[method]counter.rename', counter, 'answer')).toEqual({ tag: 'ok' });
    expect(guest.call('[method]counter.rename', counter, '')).toEqual({ tag: 'err', val: 'invalid' });
    expect(guest.call('[method]counter.name', counter)).toBe('answer');
    expect(guest.call('[method]counter.to-string', counter)).toBe('answer: 42');
    guest.drop('counter', counter);
    expect(made.counters.at(-1)?.live).toBe(false);
  });

  it('ends what goes over to the host, and keeps what is lent', () => {
    const { guest, counters } = made;
    const [left, right] = [guest.call('[constructor]counter', 1), guest.call('[constructor]counter', 2)] as [
      number,
      number,
    ];
    const [leftObject, rightObject] = counters.slice(-2);
    const merged = guest.call('[static]counter.merge', left, right) as number;
    expect([leftObject?.live, rightObject?.live]).toEqual([false, true]);
    expect(guest.call('[method]counter.add', merged, 0)).toBe(3);
    expect(
      guest.call('swap', [
        [right, 5],
        [merged, 10],
      ]),
    ).toHaveLength(2);
    expect(counters.slice(-2).map(({ value }) => value)).toEqual([10, 30]);
    expect(rightObject?.live).toBe(true);
  });

  it('ends resources that stand in lists and options, whatever becomes of the call', () => {
    const { guest, tokens, counters } = made;
    const open = (label: string): number => (guest.call('token-open', label) as { readonly val: number }).val;
    const spare = guest.call('[constructor]counter', 7) as number;
    const result = guest.call('consume', [open('a'), open('b')], spare) as { readonly val: number };
    expect(made.seen.args).toEqual([['a', 'b'], 7]);
    expect(tokens.slice(-3).map(({ live }) => live)).toEqual([false, false, true]);
    expect(counters.at(-1)?.live).toBe(false);
    expect(guest.call('token-pull', result.val)).toEqual({ tag: 'ok', val: new TextEncoder().encode('a+b') });
    expect(guest.call('consume', [open('c'), open('d'), open('e')], undefined)).toEqual({ tag: 'err', val: 'invalid' });
    expect(tokens.slice(-3).map(({ live }) => live)).toEqual([false, false, false]);
    expect(guest.call('consume', [], undefined)).toEqual({ tag: 'ok', val: undefined });
  });

  it('refuses what its host ended by itself, and does not end it again', () => {
    const { guest, tokens, errors } = made;
    const { val } = guest.call('token-open', 'used up') as { readonly val: number };
    tokens.at(-1)?.release();
    expect(guest.call('token-close', val)).toEqual({ tag: 'err', val: 'bad-descriptor' });
    const counter = guest.call('[constructor]counter', 1) as number;
    made.counters.at(-1)?.release();
    expect(() => guest.call('[method]counter.add', counter, 1)).toThrow();
    expect(errors).toEqual([]);
  });

  it('ends a resource by its own function, which hosts do not implement', () => {
    const { guest, tokens } = made;
    const { val } = guest.call('token-open', 'closed') as { readonly val: number };
    expect(guest.call('token-close', val)).toEqual({ tag: 'ok' });
    expect(tokens.at(-1)?.live).toBe(false);
  });

  it('answers failures as errors, and reports bugs of the host', () => {
    const { guest, errors } = made;
    expect(guest.call('token-open', 'none')).toEqual({ tag: 'err', val: 'access' });
    const { val } = guest.call('token-open', 'broken') as { readonly val: number };
    expect(guest.call('token-pull', val)).toEqual({ tag: 'err', val: 'io' });
    expect(String(errors.pop())).toMatch('a bug of the host');
    expect(made.tokens.at(-1)?.live).toBe(false);
  });

  it('passes text in UTF-16', async () => {
    const { guest } = await fixture(bindings, 'utf16');
    expect(guest.call('greet', 'wörld 🦀')).toBe('hello, wörld 🦀');
    expect(guest.call('words', ['a', '', '🦀'])).toEqual(['a!', '!', '🦀!']);
    const { val } = guest.call('token-open', 'ü') as { readonly val: number };
    expect(guest.call('token-close', val)).toEqual({ tag: 'ok' });
  });
});

describe('core functions that no component of jco has yet', () => {
  type Core = (...args: readonly (number | bigint)[]) => number | bigint | undefined;
  const lowered = async (
    name: string,
    seen: Seen,
    stringEncoding?: string,
  ): Promise<{ readonly call: Core; readonly memory: WebAssembly.Memory }> => {
    const { bindComponent, fail } = await everythingBindings();
    const { imports } = bindComponent(everythingHosts(fail, seen, { counters: [], tokens: [] }), {
      fewerParameters: true,
      onError: console.error,
    });
    const func = imports['test:everything/values']?.[name] as { readonly [lower: symbol]: (options: object) => Core };
    const memory = new WebAssembly.Memory({ initial: 1 });
    let next = 1024;
    const realloc = (_old: number, _size: number, align: number, size: number): number => {
      const start = Math.ceil(next / align) * align;
      next = start + size;
      return start;
    };
    const options = {
      memory,
      realloc,
      ...(stringEncoding === undefined ? {} : { stringEncoding }),
      resourceTables: [],
    };
    return { call: func[Symbol.for('cabiLower')]?.(options) as Core, memory };
  };

  it.each([
    ['utf8', 'ü', 'utf8', 9],
    ['utf16', 'ü🦀', 'utf16le', 10],
    ['compact-utf16', 'ü', 'latin1', 8],
    ['compact-utf16', '🦀', 'utf16le', 9],
  ] as const)('write text in %s: %s as %s', async (encoding, name, written, length) => {
    const { call, memory } = await lowered('greet', { args: [] }, encoding);
    const view = new DataView(memory.buffer);
    const units = Buffer.from(name, written);
    new Uint8Array(memory.buffer).set(units, 64);
    const tag = encoding === 'compact-utf16' && written === 'utf16le' ? 0x8000_0000 : 0;
    call(64, (written === 'utf16le' ? units.length / 2 : units.length) + tag, 0);
    expect(view.getUint32(4, true)).toBe(length + tag);
    const at = view.getUint32(0, true);
    const size = written === 'utf16le' ? length * 2 : length;
    expect(Buffer.from(memory.buffer, at, size).toString(written)).toBe(`hello, ${name}`);
  });

  it('take lists of fixed length apart', async () => {
    const seen: Seen = { args: [] };
    const { call, memory } = await lowered('four', seen);
    call(1, 2, 3, 255, 8);
    expect(seen.args).toEqual([[1, 2, 3, 255]]);
    expect(new Uint16Array(memory.buffer, 8, 2)).toEqual(Uint16Array.of(256, 255));
  });
});
