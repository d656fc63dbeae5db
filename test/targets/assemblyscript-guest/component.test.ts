/** Components: what crosses the boundary, watched by a host that follows the plans. */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { isCanonical, type CanonicalPlan, type PlannedUnit } from '../../../generator/abi/plan.js';
import { escapeExport } from '../../../generator/targets/assemblyscript-guest/component/export-names.js';
import { assemblyscriptGuest } from '../../../generator/targets/assemblyscript-guest/index.js';
import { emit, plannedUnit } from '../../generated.js';
import { compileWorld, instantiate, runtimes, type Compiled, type Runtime } from './asc.js';
import { CanonicalHost, type Action, type Value } from './canonical-host.js';
import { valueOf } from './component-values.js';

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url));
const guestText = readFileSync(here('cases/component-guest.ts'), 'utf8');
let planned: PlannedUnit;
let files: ReadonlyMap<string, string>;
const compiled = new Map<string, Promise<Compiled>>();

beforeAll(async () => {
  planned = plannedUnit('component', here('cases/component.wit'));
  files = await emit(assemblyscriptGuest, planned);
});

interface Running {
  readonly host: CanonicalHost;
  readonly memory: WebAssembly.Memory;
  /** Calls an export by its name in the world. */
  call(name: string, ...values: Value[]): Value;
}

async function start(
  actions: Readonly<Record<string, Action>>,
  runtime: Runtime = 'incremental',
  guest = guestText,
): Promise<Running> {
  const host = new CanonicalHost(planned, actions);
  const key = `${runtime} ${guest}`;
  const compiling = compiled.get(key) ?? compileWorld(files, 'w', guest, ['--runtime', runtime]);
  compiled.set(key, compiling);
  const instance = await instantiate(await compiling, host.imports);
  host.attach(instance);
  instance.exports['_initialize']?.();
  const world = planned.unit.packages[0]?.worlds?.[0];
  const plans = new Map(
    (world?.exports ?? []).flatMap((item): [string, CanonicalPlan][] => {
      const funcs =
        item.kind === 'func'
          ? [[item.name, item.func] as const]
          : item.module.funcs.map((func) => [`${item.name}#${func.name.wire}`, func] as const);
      return funcs.flatMap(([name, func]) => {
        const plan = planned.canonical.get(func);
        return plan !== undefined && isCanonical(plan) ? [[name, plan]] : [];
      });
    }),
  );
  return {
    host,
    memory: instance.memory,
    call: (name, ...values) => {
      const plan = plans.get(name);
      if (plan === undefined) throw new Error(`no ${name}`);
      // The test's modules are not renamed: names stand there as asc writes them.
      return host.call(plan, escapeExport(name), ...values);
    },
  };
}

/** Gives back what it gets, as one value. */
const echo: Action = (...values) => (values.length === 1 ? values[0] : values);

describe.each(runtimes)('values of a guest with the %s runtime', (runtime) => {
  it.each(['echo-nest', 'echo-shape', 'scalars', 'options', 'lists', 'results', 'one', 'flip'])(
    'cross both boundaries and come back: %s',
    async (name) => {
      const seen: Value[][] = [];
      const { call } = await start(
        {
          [name]: (...values) => {
            seen.push(values);
            return name === 'flip' ? [values[0] === true ? 0 : 1] : echo(...values);
          },
        },
        runtime,
      );
      const func = [...planned.canonical].flatMap(([each, plan]) =>
        each.name.wire === name && isCanonical(plan) ? [plan] : [],
      )[0];
      const values = fc.tuple(...(func?.params ?? []).map((param) => valueOf(param.pass)));
      fc.assert(
        fc.property(values, (given) => {
          const result = call(name, ...given);
          expect(seen.at(-1)).toEqual(given);
          expect(result).toEqual(name === 'flip' ? [given[0] === true ? 0 : 1] : echo(...given));
        }),
        { seed: 11, numRuns: 150 },
      );
    },
  );
});

describe('exports', () => {
  it('of interfaces are functions of a namespace of the guest', async () => {
    const texts: Value[] = [];
    const { call, host } = await start({ log: (text) => void texts.push(text), '[method]blob.read': () => [1, 2, 3] });
    expect(call('run#run', [1, 2.5, ['here']], 9)).toEqual([0]);
    expect(call('run#run', [1, 2.5, []], 9)).toEqual([0]);
    expect(texts).toEqual(['here', 'null']);
    expect(host.dropped).toEqual([
      ['blob', 9],
      ['blob', 9],
    ]);
    expect(call('run#fails')).toEqual([1, 'as it must']);
  });

  it('give back every handle they were lent, and none that they own', async () => {
    const { call, host } = await start({ '[static]blob.merge': (a, b) => Number(a) * 100 + Number(b) });
    expect(call('blobs', [11, 12], 20, [30, 1], [13])).toEqual([[20, 1113], [30]]);
    expect(host.dropped.toSorted()).toEqual([
      ['blob', 11],
      ['blob', 12],
      ['blob', 13],
    ]);
    expect(call('blobs', [], 20, [30, 0], [])).toEqual([[20], []]);
    expect(host.dropped).toHaveLength(3);
  });

  it('take more than sixteen core values from memory, and pass as many to imports there', async () => {
    const numbers = Array.from({ length: 14 }, (_, index) => BigInt(index) + 1n);
    const seen: Value[][] = [];
    const nest: Value = [[1, 1, []], [[2, 2, []]], [0], ['', [], true], [1, 0], false, 65, -1, [], [], [[1.5]], [1]];
    const { call } = await start({
      'in-memory': (...values) => {
        seen.push(values);
        return nest;
      },
    });
    expect(call('in-memory', ...numbers, 'four', [100, 1], [5])).toBe(1n + 14n + 4n + 100n + 5n + 1n);
    expect(seen).toEqual([[...numbers, 'four', [100, 1]]]);
  });

  it('may be called like words of AssemblyScript', async () => {
    const { call } = await start({ f: echo });
    expect([call('release', 'text'), call('delete'), call('guest')]).toEqual(['text', 1, 77]);
  });

  it.each(['incremental'] as const)(
    'need no more memory after a hundred thousand calls under the %s runtime',
    async (runtime) => {
      const { call, memory } = await start({}, runtime);
      const rounds = (count: number): void => {
        for (let index = 0; index < count; index += 1) {
          call('sign-it', [1, 2, 3]);
          call('greet', 'a name that is not short, so that the result is none either');
        }
      };
      rounds(3000);
      const before = memory.buffer.byteLength;
      rounds(100_000);
      expect(memory.buffer.byteLength).toBe(before);
      expect(call('sign-it', [1, 2, 3])).toEqual([3, 2, 1]);
    },
  );

  it('return what is too long to be lent without the heap', async () => {
    const { call } = await start({});
    const long = 'x'.repeat(5000);
    expect(call('greet', long)).toBe(`hello, ${long}`);
    expect(
      call(
        'sign-it',
        Array.from({ length: 3000 }, (_, index) => index % 256),
      ),
    ).toEqual(Array.from({ length: 3000 }, (_, index) => (2999 - index) % 256));
  });

  it('that the guest does not have are an error of the compiler which names them', async () => {
    const without = guestText
      .replace('export function greet', 'function greet')
      .replace('export function fails', 'export function succeeds');
    const { messages } = await compileWorld(files, 'w', without, ['--noEmit']);
    expect(messages).toContain("Property 'greet' does not exist on type");
    expect(messages).toContain("Property 'fails' does not exist on type");
  });

  it('that the guest has with other types are an error of the compiler', async () => {
    const { messages } = await compileWorld(
      files,
      'w',
      guestText.replace(
        'export function greet(who: string): string { return "hello, " + who; }',
        'export function greet(who: i32): string { return ""; }',
      ),
      ['--noEmit'],
    );
    expect(messages).toMatch(/Type '.*String' is not assignable to type 'i32'/);
  });
});

describe('a compiled guest', () => {
  it('imports nothing but what the definitions have, and exports what components need', async () => {
    const { wasm, messages } = await compileWorld(files, 'w', guestText);
    expect(messages).toBe('');
    const module = await WebAssembly.compile(wasm);
    const known = new Set(['my:app/everything@1.0.0', 'inner', '$root']);
    expect(WebAssembly.Module.imports(module).filter((each) => !known.has(each.module))).toEqual([]);
    const names = WebAssembly.Module.exports(module).map(({ name }) => name);
    expect(names).toEqual(
      expect.arrayContaining([
        'memory',
        'cabi_realloc',
        '_initialize',
        'sign$2dit',
        'cabi_post_sign$2dit',
        'run$23fails',
        'cabi_post_run$23fails',
        'flip',
        'delete',
      ]),
    );
    expect(names).not.toContain('cabi_post_flip');
  });
});
