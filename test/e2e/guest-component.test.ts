/** A guest with one of everything as a real component: encoded, and run by jco, which read CanonicalABI.md on its own. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { describe, expect, vi } from 'vitest';
import { componentize } from '../../generator/components/componentize.js';
import { transpile } from '../../generator/components/transpile.js';
import { it } from '../cli/command-line.js';
import { projectRoot } from '../shared.js';

// Compilers run here.
vi.setConfig({ testTimeout: 240_000 });

const cases = join(projectRoot, 'test/targets/assemblyscript-guest/cases');

type Function = (...values: unknown[]) => unknown;
type Exports = Readonly<Record<string, Function> & Record<'run', Record<string, Function>>>;

class Blob {
  readonly content: unknown;

  constructor(content: unknown) {
    this.content = content;
  }

  read(): Uint8Array {
    return Uint8Array.of(1, 2, 3);
  }

  static merge(left: Blob, right: Blob): Blob {
    return new Blob([left.content, right.content]);
  }
}
class Pipe {}

const first: Function = (value) => value;
const all: Function = (...values) => values;
const nest = {
  p: { x: -5, y: 1.5, label: 'here' },
  l: [{ x: 1, y: 2, label: undefined }],
  s: { tag: 'at', val: { x: 7, y: 0.5, label: 'ü' } },
  t: ['text', Uint8Array.of(9, 8), true],
  r: { tag: 'err', val: 'deep-blue' },
  b: true,
  c: '🔑',
  e: -3,
  o: { tag: 'some', val: 5 },
  d: ['a', ''],
  n: { f: 2.5 },
  class: { tag: 'ok', val: undefined },
};
const shapes = [
  { tag: 'none' },
  { tag: 'circle', val: 1.5 },
  { tag: 'square', val: 2.5 },
  { tag: 'named', val: 'n' },
  { tag: 'tint', val: 'green' },
  { tag: 'bits', val: { read: true, write: false, execute: true } },
  { tag: 'both', val: [1, -5n] },
  { tag: 'maybe', val: undefined },
  { tag: 'maybe', val: 7 },
];

describe('a component with one of everything', () => {
  it('takes, passes on and returns every kind of value', async ({ folder }) => {
    const component = join(folder, 'c.wasm');
    const made = await componentize({
      guest: join(cases, 'component-guest.ts'),
      wit: join(cases, 'component.wit'),
      out: component,
    });
    expect([made.compiler, made.diagnostics.map((each) => each.message), made.ok]).toEqual(['', [], true]);
    await transpile({ component, out: folder, name: 'guest', instantiation: 'sync' });
    const { instantiate } = (await import(pathToFileURL(join(folder, 'guest.js')).href)) as {
      instantiate: (getModule: (path: string) => unknown, imports: object) => Exports;
    };
    const said: unknown[] = [];
    const everything = {
      Blob,
      Pipe,
      echoNest: first,
      echoShape: first,
      one: first,
      scalars: all,
      options: all,
      lists: all,
      results: all,
      inMemory: () => nest,
      flip: (a: unknown) => (a === true ? { tag: 'ok' } : { tag: 'err' }),
    };
    const guest = instantiate((path) => new WebAssembly.Module(readFileSync(join(folder, path))), {
      'my:app/everything': everything,
      inner: { f: first },
      log: { default: (text: unknown) => void said.push(text) },
      owned: { Owned: class {} },
    });
    const call = (name: string, ...values: unknown[]): unknown => guest[name]?.(...values);

    expect(call('echoNest', nest)).toEqual(nest);
    for (const shape of shapes) expect(call('echoShape', shape)).toEqual(shape);
    const scalars = [
      1,
      -1,
      2,
      -2,
      3,
      -3,
      4n,
      -4n,
      1.5,
      2.5,
      true,
      'x',
      'red',
      { read: true, write: true, execute: false },
      'text',
    ];
    expect(call('scalars', ...scalars)).toEqual(scalars);
    for (const options of [
      [undefined, undefined, undefined, undefined],
      [5, Uint8Array.of(1), 1.5, 'x'],
    ])
      expect(call('options', ...options)).toEqual(options);
    const lists = [
      Uint16Array.of(1, 2),
      ['a', 'b'],
      [true, false],
      [1, 2, 3],
      ['red'],
      [Float64Array.of(1.5), Float64Array.of()],
    ];
    expect(call('lists', ...lists)).toEqual(lists);
    const results = [
      { tag: 'ok', val: 3 },
      { tag: 'err', val: 'green' },
      { tag: 'ok', val: nest },
    ];
    expect(call('results', ...results)).toEqual(results);
    expect([call('one', [1.5]), call('release', 'text'), call('delete'), call('greet', 'you')]).toEqual([
      [1.5],
      'text',
      1,
      'hello, you',
    ]);
    expect(call('signIt', Uint8Array.of(1, 2, 3))).toEqual(Uint8Array.of(3, 2, 1));
    expect(
      call('inMemory', ...Array.from({ length: 14 }, (_, index) => BigInt(index + 1)), 'four', Uint8Array.of(100), {
        a: 5,
      }),
    ).toBe(125n);
    expect(() => guest.run['fails']?.()).toThrow('as it must');

    const [lent, given, held] = [new Blob(1), new Blob(2), new Blob(3)];
    expect(call('blobs', [lent], given, { b: held, n: 1 }, lent)).toEqual([[given, new Blob([1, 1])], held]);
    // Twice: it was given back after the first time.
    for (let index = 0; index < 2; index += 1) guest.run['run']?.({ x: 1, y: 2, label: 'said' }, lent);
    expect(said).toEqual(['said', 'said']);
  });
});
