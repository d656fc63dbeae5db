/** From AssemblyScript to components. The bindings are written by hand here: what is tested is all around them. */
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { describe, expect, vi } from 'vitest';
import {
  componentize,
  type ComponentizeOptions,
  type ComponentizeResult,
} from '../../generator/components/componentize.js';
import { transpile } from '../../generator/components/transpile.js';
import { render } from '../../generator/diagnostics/render.js';
import type { Target } from '../../generator/targets/target.js';
import { it } from '../cli/command-line.js';

vi.mock(import('../../generator/targets/assemblyscript-guest/index.js'), () => {
  const assemblyscriptGuest: Target = {
    id: 'assemblyscript-guest',
    summary: '',
    dialects: ['wit'],
    emit: async () => new Map(Object.entries(bindings)),
  };
  return { assemblyscriptGuest };
});

const bindings = {
  'test-app/index.ts': `
    @external("test:app/host@1.0.0", "log") export declare function log(number: u32): void;
    @external("test:app/host@1.0.0", "logs") export declare function logs(number: u32): void;
    @external("some:where/else@1.0.0", "log") export declare function elsewhere(number: u32): void;`,
  'worlds/summer.ts': `
    import * as guest from "guest";
    export function cabi_realloc(old: usize, oldSize: usize, align: usize, size: usize): usize {
      return old == 0 ? heap.alloc(size) : heap.realloc(old, size);
    }
    /** Calls \`guest.addUp(bytes: Uint8Array): u32\`. */
    export function add$2dup(pointer: usize, length: usize): u32 {
      const bytes = new Uint8Array(<i32>length);
      memory.copy(bytes.dataStart, pointer, length);
      heap.free(pointer);
      return guest.addUp(bytes);
    }`,
};

const wit = `package test:app@1.0.0;
interface host { log: func(number: u32); }
world summer { import host; export add-up: func(bytes: list<u8>) -> u32; }
`;

const guest = `import { log } from "test-app";
import { sum } from "./sum";
import { doubled } from "doubler";
let calls = 0;
export function addUp(bytes: Uint8Array): u32 {
  log(++calls);
  return doubled(sum(bytes));
}
`;

const sum =
  'export function sum(bytes: Uint8Array): u32 { let total: u32 = 0; for (let i = 0; i < bytes.length; i++) total += bytes[i]; return total; }\n';

/** A project, and the options that make a component of it. */
async function project(folder: string, files: Readonly<Record<string, string>> = {}): Promise<ComponentizeOptions> {
  const all = {
    'wit/app.wit': wit,
    'assembly/index.ts': guest,
    'assembly/sum.ts': sum,
    'packages/doubler/index.ts': 'export function doubled(n: u32): u32 { return 2 * n; }\n',
    ...files,
  };
  for (const [path, text] of Object.entries(all)) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), text);
  }
  return {
    guest: join(folder, 'assembly/index.ts'),
    wit: join(folder, 'wit'),
    out: join(folder, 'out/app.component.wasm'),
    ascArgs: ['--path', join(folder, 'packages')],
  };
}

const shown = ({ diagnostics }: ComponentizeResult): string => diagnostics.map((each) => render(each)).join('\n\n');

describe('a component', () => {
  it.for(['incremental', 'minimal', 'stub'] as const)(
    'is made with the %s runtime, runs, and keeps its state',
    async (runtime, { folder }) => {
      const options = await project(folder);
      const result = await componentize({ ...options, runtime });
      expect([shown(result), result.compiler]).toEqual(['', '']);
      const { length } = await readFile(options.out);
      expect(result).toMatchObject({
        ok: true,
        file: options.out,
        size: length,
        world: 'test:app/summer@1.0.0',
        definitions: [join(folder, 'wit/app.wit')],
      });

      const { entry, folder: out } = await transpile({
        component: options.out,
        out: join(folder, 'js'),
        map: { 'test:app/host': './host.js' },
      });
      await writeFile(
        join(out, 'host.js'),
        'export const log = (number) => void (globalThis.logged ??= []).push(number);\n',
      );
      await writeFile(join(out, 'package.json'), '{ "type": "module" }');
      const component = (await import(pathToFileURL(join(out, entry)).href)) as { addUp(bytes: Uint8Array): number };
      vi.stubGlobal('logged', []);
      expect([component.addUp(Uint8Array.of(1, 2, 3)), component.addUp(new Uint8Array(100_000).fill(1))]).toEqual([
        12, 200_000,
      ]);
      expect(Reflect.get(globalThis, 'logged')).toEqual([1, 2]);
    },
  );

  it('is made of the world that is named', async ({ folder }) => {
    const options = await project(folder, { 'wit/more.wit': 'package test:app@1.0.0;\nworld other {}\n' });
    for (const world of ['summer', 'test:app/summer@1.0.0'])
      expect(await componentize({ ...options, world })).toMatchObject({ ok: true, world: 'test:app/summer@1.0.0' });
  });

  it('is made with what the compiler is asked for', async ({ folder }) => {
    const options = await project(folder);
    const small = await componentize(options);
    const named = await componentize({ ...options, ascArgs: [...(options.ascArgs ?? []), '--debug'] });
    expect([small.ok, named.ok]).toEqual([true, true]);
    expect(named.size).toBeGreaterThan(small.size);
  });

  it('does not depend on an asconfig.json, unless it is named', async ({ folder }) => {
    const options = await project(folder, {
      'asconfig.json': '{ "options": { "exportStart": "_start", "debug": true } }',
      'broken.json': '{ "options": 1 }',
    });
    const plain = await componentize(options);
    const configured = await componentize({
      ...options,
      ascArgs: [...(options.ascArgs ?? []), '--config', join(folder, 'asconfig.json')],
    });
    expect([plain.ok, configured.ok]).toEqual([true, true]);
    expect(configured.size).toBeGreaterThan(plain.size);
    const broken = await componentize({ ...options, ascArgs: ['--config', join(folder, 'broken.json')] });
    expect(broken).toMatchObject({ ok: false, compiler: expect.stringContaining('Asconfig.options is not an object') });
  });

  it('comes with what the compiler warns of', async ({ folder }) => {
    const options = await project(folder);
    const result = await componentize({ ...options, ascArgs: [...(options.ascArgs ?? []), '--frobnicate'] });
    expect(result.ok).toBe(true);
    expect(result.compiler).toContain("Unknown option '--frobnicate'");
  });
});

/** No component is made; what was there before stays. */
async function refused(options: ComponentizeOptions): Promise<ComponentizeResult> {
  await mkdir(dirname(options.out), { recursive: true });
  await writeFile(options.out, 'an older component');
  const result = await componentize(options);
  expect(result).toMatchObject({ ok: false, size: 0 });
  expect(await readFile(options.out, 'utf8')).toBe('an older component');
  expect(await readdir(dirname(options.out))).toEqual(['app.component.wasm']);
  return result;
}

describe('what does not become a component leaves what is there', () => {
  it('a guest that does not compile: the compiler says where', async ({ folder }) => {
    const options = await project(folder, {
      'assembly/sum.ts': 'export function sum(bytes: Uint8Array): u32 {\n  return missing;\n}\n',
    });
    const result = await refused(options);
    expect(result.compiler).toContain("Cannot find name 'missing'");
    expect(result.compiler).toMatch(/assembly\/sum\.ts\(2,10\)/);
    expect(result.diagnostics).toMatchObject([{ code: 'guest-not-compiled', hint: undefined }]);
  });

  it('a guest on which the compiler crashes: this process goes on', async ({ folder }) => {
    const before = [process.exit, console.error];
    const crashing =
      'class A { @operator("+") static x: i32; @operator.prefix("!") f(a: i32, b: i32): void {} }\nexport function addUp(bytes: Uint8Array): u32 {\n  const z = !new A();\n  return 1;\n}\n';
    const both = await Promise.all([
      refused(await project(folder, { 'assembly/index.ts': crashing })),
      componentize(await project(join(folder, 'other'))),
    ]);
    expect(both[0].compiler).toContain('the AssemblyScript compiler has crashed');
    expect(both[0].diagnostics).toMatchObject([{ code: 'guest-not-compiled' }]);
    expect(both[1].ok).toBe(true);
    expect([process.exit, console.error]).toEqual(before);
  });

  it('a guest that does not export what the world does', async ({ folder }) => {
    const result = await refused(
      await project(folder, { 'assembly/index.ts': 'export function addDown(): void {}\n' }),
    );
    expect(result.compiler).toContain("Property 'addUp' does not exist");
    expect(result.diagnostics).toMatchObject([
      {
        code: 'guest-not-compiled',
        hint: expect.stringMatching(/^world `summer` wants `.*` to export `addUp\(bytes: Uint8Array\): u32`$/),
      },
    ]);
  });

  it('a guest that needs a host of AssemblyScript', async ({ folder }) => {
    const body = 'console.log(Math.random().toString());\n  trace("here");\n  return <u32>Date.now();';
    const result = await refused(
      await project(folder, { 'assembly/index.ts': `export function addUp(bytes: Uint8Array): u32 {\n  ${body}\n}\n` }),
    );
    expect(result.compiler).toBe('');
    expect(
      result.diagnostics.map(({ code, message, hint }) => [code, message.replace(/^.* imports /, ''), hint]).sort(),
    ).toEqual([
      [
        'foreign-import',
        '`Date.now` from `env`, which world `summer` does not import',
        'components have no clock: import `wasi:clocks` in the world',
      ],
      [
        'foreign-import',
        '`console.log` from `env`, which world `summer` does not import',
        expect.stringContaining('components have no console'),
      ],
      [
        'foreign-import',
        '`seed` from `env`, which world `summer` does not import',
        expect.stringContaining('it is for `Math.random`'),
      ],
      [
        'foreign-import',
        '`trace` from `env`, which world `summer` does not import',
        expect.stringContaining('components have no console'),
      ],
    ]);
  });

  it('a guest that imports what its world does not have', async ({ folder }) => {
    const imports =
      'import { elsewhere, logs } from "test-app";\n@external("wasi_snapshot_preview1", "fd_write") declare function write(a: i32, b: i32, c: i32, d: i32): i32;\n';
    const result = await refused(
      await project(folder, {
        'assembly/index.ts': `${imports}export function addUp(bytes: Uint8Array): u32 {\n  elsewhere(1);\n  logs(1);\n  return write(0, 0, 0, 0);\n}\n`,
      }),
    );
    expect(result.diagnostics.map(({ message, hint }) => [message.replace(/^.* imports /, ''), hint]).sort()).toEqual([
      [
        '`fd_write` from `wasi_snapshot_preview1`, which world `summer` does not import',
        expect.stringContaining('import interfaces of WASI 0.2'),
      ],
      [
        '`log` from `some:where/else@1.0.0`, which world `summer` does not import',
        expect.stringContaining('add `import some:where/else@1.0.0;`'),
      ],
      ['`logs` from `test:app/host@1.0.0`, which has no such function', 'did you mean `log`?'],
    ]);
  });

  it('a guest that imports a function with another signature: the encoder says so', async ({ folder }) => {
    const other =
      '@external("test:app/host@1.0.0", "log") declare function log(number: f64): void;\nexport function addUp(bytes: Uint8Array): u32 {\n  log(1);\n  return 1;\n}\n';
    const result = await refused(await project(folder, { 'assembly/index.ts': other }));
    expect(result.diagnostics).toMatchObject([
      { code: 'component-refused', message: expect.stringContaining('type mismatch for function `log`') },
    ]);
  });

  it('definitions with mistakes: with their places, before anything is compiled', async ({ folder }) => {
    const result = await refused(
      await project(folder, {
        'wit/app.wit': wit.replace('list<u8>', 'list<u9>'),
        'assembly/index.ts': 'not a program',
      }),
    );
    expect(result).toMatchObject({ world: undefined, compiler: '' });
    expect(shown(result)).toContain('app.wit:3:61');
  });

  it('a world that exports nothing', async ({ folder }) => {
    const result = await refused(await project(folder, { 'wit/app.wit': wit.replace(/export.*; /, '') }));
    expect(result.diagnostics).toMatchObject([{ code: 'world-without-exports', span: { start: expect.any(Number) } }]);
  });
});

describe('a ConfigurationError is thrown for', () => {
  const more = { 'wit/more.wit': 'package test:app@1.0.0;\nworld winter {}\n' };
  it.for<[string, Readonly<Record<string, string>>, Partial<ComponentizeOptions>, string, string]>([
    [
      'several worlds and none named',
      more,
      {},
      'has several worlds',
      'say which with `--world`: worlds are `summer`, `winter`',
    ],
    ['a world that is not there', more, { world: 'sumer' }, 'has no world `sumer`', 'did you mean `summer`?'],
    ['a world that is nowhere near', more, { world: 'x' }, 'has no world `x`', 'worlds are `summer`, `winter`'],
    [
      'no world at all',
      { 'wit/app.wit': 'package test:app;\ninterface i {}\n' },
      {},
      'has no world',
      'a component is made for one',
    ],
    [
      'output of the compiler elsewhere',
      {},
      { ascArgs: ['--debug', '--outFile=x.wasm'] },
      '`--outFile=x.wasm` cannot be given',
      'components need it as `componentize` sets it',
    ],
    [
      'the runtime among options of the compiler',
      {},
      { ascArgs: ['--runtime', 'stub'] },
      '`--runtime` cannot be given',
      'choose it with the option of that name',
    ],
    ['help of the compiler', {}, { ascArgs: ['-h'] }, '`-h` cannot be given', 'components need it'],
  ])('%s', async ([, files, options, message, hint], { folder }) => {
    await expect(componentize({ ...(await project(folder, files)), ...options })).rejects.toMatchObject({
      name: 'ConfigurationError',
      message: expect.stringContaining(message),
      hint: expect.stringContaining(hint),
    });
    expect(await readdir(folder)).not.toContain('out');
  });

  it.for<[string, 'guest' | 'wit' | 'out', string, string]>([
    ['a guest that is not there', 'guest', 'assembly/absent.ts', 'there is no file'],
    ['a folder as guest', 'guest', 'assembly', 'is a folder'],
    ['a folder to write to', 'out', 'wit', 'is a folder'],
    ['a file in a file to write to', 'out', 'wit/app.wit/deep/app.wasm', 'wit/app.wit` is a file'],
    ['a guest in another language', 'guest', 'wit/app.wit', 'is no AssemblyScript'],
    ['definitions that are not there', 'wit', 'absent', 'there is no file or folder'],
    ['WITX definitions', 'wit', 'old.witx', 'has WITX definitions'],
  ])('%s', async ([, option, path, message], { folder }) => {
    const options = await project(folder, { 'old.witx': '(typename $a u8)' });
    await expect(componentize({ ...options, [option]: join(folder, path) })).rejects.toMatchObject({
      name: 'ConfigurationError',
      message: expect.stringContaining(message),
    });
  });
});
