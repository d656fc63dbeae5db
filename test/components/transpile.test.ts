/** From components to JavaScript that runs. */
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { describe, expect, vi } from 'vitest';
import type { Loaded } from '../../generator/project/tools.js';
import { diagnostic } from '../../generator/diagnostics/diagnostic.js';
import { transpile } from '../../generator/components/transpile.js';
import type { Jco } from '../../generator/components/jco.js';
import { it } from '../cli/command-line.js';
import { componentOf, counter, cryptographer, jco } from './component.js';

const { installed } = vi.hoisted(() => ({ installed: { jco: undefined as Loaded<Jco> | undefined } }));
vi.mock(import('../../generator/components/jco.js'), async (load) => {
  const original = await load();
  return { ...original, loadJco: async (folders) => installed.jco ?? original.loadJco(folders) };
});

async function write(folder: string, name: string, component: Uint8Array): Promise<string> {
  const path = join(folder, name);
  await writeFile(path, component);
  return path;
}

/** The counter's JavaScript, imported, and what it logged. */
async function load(
  folder: string,
  files: { readonly folder: string; readonly entry: string },
): Promise<{ readonly log: unknown[]; readonly countOn: (from: number) => number }> {
  await writeFile(
    join(files.folder, 'host.js'),
    'export const numbers = [];\nexport const log = (number) => void numbers.push(number);\n',
  );
  await writeFile(join(folder, 'package.json'), '{ "type": "module" }');
  const host = (await import(pathToFileURL(join(files.folder, 'host.js')).href)) as { readonly numbers: unknown[] };
  const guest = (await import(pathToFileURL(join(files.folder, files.entry)).href)) as {
    readonly countOn: (from: number) => number;
  };
  return { log: host.numbers, countOn: guest.countOn };
}

describe('a component', () => {
  it('becomes JavaScript that imports what its imports are mapped to, and runs', async ({ folder }) => {
    const component = await write(folder, 'counter.component.wasm', await counter());
    const result = await transpile({ component, out: join(folder, 'out'), map: { 'test:app/host': './host.js' } });
    expect(result).toEqual({
      folder: join(folder, 'out'),
      files: ['counter.d.ts', 'counter.js', 'interfaces/test-app-host.d.ts'],
      entry: 'counter.js',
      imports: ['./host.js'],
      exports: ['countOn'],
      bindings: 'hybrid',
      diagnostics: [],
    });
    const { log, countOn } = await load(folder, result);
    expect(countOn(41)).toBe(42);
    expect(log).toEqual([41]);
  });

  it('imports wasi-crypto from its runtime and the rest of WASI from preview2-shim', async ({ folder }) => {
    const component = await write(folder, 'guest.wasm', await cryptographer());
    const { entry, imports } = await transpile({ component, out: folder });
    expect(entry).toBe('guest.js');
    expect(imports).toEqual(['@bytecodealliance/preview2-shim/random', 'wasi-crypto-runtime/component']);
    const text = await readFile(join(folder, entry), 'utf8');
    expect(text).toContain("import { host } from 'wasi-crypto-runtime/component';");
    expect(text).toContain("Symbol.for('cabiLower')");
  });

  it('imports from elsewhere what the user maps', async ({ folder }) => {
    const component = await write(folder, 'guest.wasm', await cryptographer());
    const mapped = await transpile({ component, out: folder, map: { 'wasi:crypto/host': './own.js' } });
    expect(mapped.imports).toEqual(['./own.js', '@bytecodealliance/preview2-shim/random']);
    const all = await transpile({
      component,
      out: folder,
      map: { 'wasi:*': './wasi.js#*', 'wasi:crypto/*': './wasi.js#*', 'wasi:random/*': './wasi.js#*' },
    });
    expect(all.imports).toEqual(['./wasi.js']);
  });

  it.for(['sync', 'async'] as const)(
    'takes its imports from an object with `%s` instantiation',
    async (instantiation, { folder }) => {
      const component = await write(folder, 'counter.wasm', await counter());
      const result = await transpile({ component, out: folder, name: 'other', instantiation });
      expect(result).toMatchObject({ entry: 'other.js', imports: ['test:app/host'] });
      await writeFile(join(folder, 'package.json'), '{ "type": "module" }');
      const module: unknown = await import(pathToFileURL(join(folder, 'other.js')).href);
      const { instantiate } = module as {
        readonly instantiate: (core: (path: string) => unknown, imports: object) => unknown;
      };
      const log: unknown[] = [];
      const core = async (path: string): Promise<WebAssembly.Module> =>
        WebAssembly.compile(await readFile(join(folder, path)));
      const modules = new Map<string, WebAssembly.Module>();
      for (const path of result.files.filter((each) => each.endsWith('.wasm'))) modules.set(path, await core(path));
      const guest = await instantiate((path) => modules.get(path), {
        'test:app/host': { log: (number: unknown) => log.push(number) },
      });
      expect((guest as { countOn(from: number): number }).countOn(1)).toBe(2);
      expect(log).toEqual([1]);
    },
  );

  it('goes through default bindings with a version of jco that was never tested', async ({ folder }) => {
    const component = await write(folder, 'counter.wasm', await counter());
    const warning = diagnostic('untested-tool', undefined, {
      name: '@bytecodealliance/jco',
      version: '1.99.0',
      tested: '1.35',
    });
    installed.jco = { api: jco, version: '1.99.0', warning };
    try {
      const result = await transpile({ component, out: folder, map: { 'test:app/host': './host.js' } });
      expect(result).toMatchObject({ bindings: 'js', diagnostics: [warning] });
      expect(await readFile(join(folder, 'counter.js'), 'utf8')).not.toContain('cabiLower');
      expect((await load(folder, result)).countOn(7)).toBe(8);
    } finally {
      installed.jco = undefined;
    }
  });
});

describe('nothing is written for', () => {
  const core = Uint8Array.of(0, 0x61, 0x73, 0x6d, 1, 0, 0, 0);
  const older = Uint8Array.of(0, 0x61, 0x73, 0x6d, 0x0c, 0, 1, 0);
  const broken = Uint8Array.of(0, 0x61, 0x73, 0x6d, 0x0d, 0, 1, 0, 9, 9);

  it.for<[string, Uint8Array, string]>([
    ['a core module', core, 'is a core module, not a component'],
    ['a component of an older format', older, 'is in a version of the binary format that is not known here'],
    ['another file', new TextEncoder().encode('no WebAssembly at all'), 'is no WebAssembly'],
    ['an empty file', new Uint8Array(), 'is no WebAssembly'],
    ['a broken component', broken, 'jco cannot transpile'],
  ])('%s', async ([, bytes, message], { folder }) => {
    const component = await write(folder, 'guest.wasm', bytes);
    await expect(transpile({ component, out: join(folder, 'out') })).rejects.toMatchObject({
      name: 'ConfigurationError',
      message: expect.stringContaining(message),
      hint: expect.any(String),
    });
    expect(await readdir(folder)).toEqual(['guest.wasm']);
  });

  it('a file that is not there', async ({ folder }) => {
    await expect(transpile({ component: join(folder, 'absent.wasm'), out: folder })).rejects.toMatchObject({
      name: 'ConfigurationError',
      message: expect.stringContaining('(no such file or directory)'),
    });
  });

  it.for<[string, object, string]>([
    ['a name that is a path', { name: '../guest' }, 'files cannot be called `../guest`'],
    ['an empty name', { name: '' }, 'files cannot be called ``'],
    ['a mapping to nothing', { map: { 'a:b/c': '' } }, '`--map a:b/c=` maps nothing'],
    ['a mapping of nothing', { map: { '': './x.js' } }, '`--map =./x.js` maps nothing'],
  ])('%s', async ([, options, message], { folder }) => {
    const component = await write(folder, 'counter.wasm', await counter());
    await expect(transpile({ component, out: join(folder, 'out'), ...options })).rejects.toMatchObject({
      name: 'ConfigurationError',
      message,
    });
    expect(await readdir(folder)).toEqual(['counter.wasm']);
  });
});

describe('a name that JavaScript takes for no variable', () => {
  it.for([undefined, 'sync'] as const)('is told, instantiation: %s', async (instantiation, { folder }) => {
    const module = `(module
      (import "$root" "arguments" (func $f))
      (func (export "run") (call $f)))`;
    const wit = 'package test:app; world w { import arguments: func(); export run: func(); }';
    const component = await write(folder, 'app.wasm', await componentOf(module, wit, 'w'));
    const made = transpile({ component, out: join(folder, 'out'), instantiation });
    await expect(made).rejects.toMatchObject({
      message: expect.stringContaining('what is no JavaScript (Unexpected eval or arguments in strict mode)') as string,
      hint: expect.stringContaining('the component imports or exports `arguments`') as string,
    });
    await expect(readdir(join(folder, 'out'))).rejects.toThrow('ENOENT');
  });

  it('is a name of exports all the same', async ({ folder }) => {
    const module = '(module (func (export "eval")) (func (export "class")))';
    const wit = 'package test:app; world w { export eval: func(); export class: func(); }';
    const component = await write(folder, 'app.wasm', await componentOf(module, wit, 'w'));
    const { folder: out, entry } = await transpile({ component, out: join(folder, 'out') });
    await writeFile(join(folder, 'package.json'), '{ "type": "module" }');
    const loaded = (await import(pathToFileURL(join(out, entry)).href)) as object;
    expect(Object.keys(loaded)).toEqual(expect.arrayContaining(['class', 'eval']));
  });
});
