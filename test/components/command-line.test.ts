/** `componentize` and `transpile` as commands. */
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect } from 'vitest';
import { it, wasiCryptoGen } from '../cli/command-line.js';
import { counter } from './component.js';

const transpiling = ['transpile', 'counter.wasm', '--out', 'out'] as const;
const componentizing = ['componentize', 'guest.ts', '--wit', 'app.wit', '--out', 'app.component.wasm'] as const;

async function writeFiles(folder: string): Promise<void> {
  await writeFile(join(folder, 'counter.wasm'), await counter());
  await writeFile(join(folder, 'core.wasm'), Uint8Array.of(0, 0x61, 0x73, 0x6d, 1, 0, 0, 0));
  await writeFile(join(folder, 'guest.ts'), 'export function run(): void {}\n');
  await writeFile(
    join(folder, 'app.wit'),
    'package test:app;\nworld app { export run: func(); }\nworld other { export run: func(); }\n',
  );
  await writeFile(join(folder, 'broken.wit'), 'package test:app;\nworld app { export run: func(n: u33); }\n');
}

const files = ['app.wit', 'broken.wit', 'core.wasm', 'counter.wasm', 'guest.ts'];

describe('wrong arguments exit with 2 and a hint, and write nothing', () => {
  it.for<[readonly string[], string, string]>([
    [['transpile', '--out', 'out'], 'missing required argument `component`', 'wasi-crypto-gen transpile --help'],
    [
      ['transpile', 'counter.wasm'],
      'required option `-o, --out <folder>` not specified',
      'wasi-crypto-gen transpile --help',
    ],
    [
      ['transpile', 'absent.wasm', '--out', 'out'],
      'cannot read `absent.wasm` (no such file or directory)',
      'name a component',
    ],
    [
      ['transpile', 'core.wasm', '--out', 'out'],
      '`core.wasm` is a core module, not a component',
      'wasi-crypto-gen componentize',
    ],
    [['transpile', 'app.wit', '--out', 'out'], '`app.wit` is no WebAssembly', 'name a component'],
    [[...transpiling, '--instantiation', 'later'], 'argument `later` is invalid', 'Allowed choices are sync, async'],
    [[...transpiling, '--map', 'a:b/c'], '`--map a:b/c` has no `=`', '--map namespace:package/interface=./module.js'],
    [
      [...transpiling, '--map', 'a:b/c='],
      '`--map a:b/c=` maps nothing',
      '--map namespace:package/interface=./module.js',
    ],
    [
      [...transpiling, '--map', 'test:ap/host=./x.js'],
      'matches no import of the component',
      'did you mean `test:app/host`?',
    ],
    [
      [...transpiling, '--map', 'wasi:io/*=./x.js#*'],
      '`--map wasi:io/*=./x.js#*` matches no',
      'it imports `test:app/host`',
    ],
    [[...transpiling, '--name', 'a/b'], 'files cannot be called `a/b`', '--name'],
    [[...transpiling, 'more.wasm'], 'too many arguments for `transpile`', 'wasi-crypto-gen transpile --help'],
    [
      ['componentize', '--wit', 'app.wit', '--out', 'x.wasm'],
      'missing required argument `guest`',
      'wasi-crypto-gen componentize --help',
    ],
    [
      ['componentize', 'guest.ts', '--out', 'x.wasm'],
      'required option `--wit <path>` not specified',
      'wasi-crypto-gen componentize --help',
    ],
    [
      ['componentize', 'guest.ts', '--wit', 'app.wit'],
      'required option `-o, --out <file>` not specified',
      'wasi-crypto-gen componentize --help',
    ],
    [
      ['componentize', 'absent.ts', '--wit', 'app.wit', '--out', 'x.wasm'],
      'there is no file `absent.ts`',
      'assembly/index.ts',
    ],
    [
      ['componentize', 'guest.ts', '--wit', 'absent', '--out', 'x.wasm'],
      'there is no file or folder `absent`',
      '--wit',
    ],
    [['componentize', '.', '--wit', 'app.wit', '--out', 'x.wasm'], '`.` is a folder', 'assembly/index.ts'],
    [['componentize', 'guest.ts', '--wit', 'app.wit', '--out', '.'], '`.` is a folder', 'name a file'],
    [
      ['componentize', 'guest.ts', '--wit', 'app.wit', '--out', 'core.wasm/x.wasm'],
      '`core.wasm/x.wasm` cannot be written',
      'name another place',
    ],
    [
      ['transpile', 'counter.wasm', '--out', 'app.wit'],
      '`app.wit` cannot be written: it is a file',
      'name another place',
    ],
    [['transpile', '.', '--out', 'out'], 'cannot read `.` (illegal operation on a directory)', 'name a component'],
    [componentizing, '`app.wit` has several worlds', 'say which with `--world`: worlds are `app`, `other`'],
    [[...componentizing, '--world', 'ap'], '`app.wit` has no world `ap`', 'did you mean `app`?'],
    [
      [...componentizing, '--runtime', 'full'],
      'argument `full` is invalid',
      'Allowed choices are incremental, minimal, stub',
    ],
    [
      [...componentizing, '--asc-args', '--debug --outFile x.wasm'],
      '`--outFile` cannot be given',
      'as `componentize` sets it',
    ],
    [[...componentizing, '--wrold', 'app'], 'unknown option `--wrold`', 'did you mean `--world`?'],
  ])('%j', async ([args, message, hint], { folder }) => {
    await writeFiles(folder);
    const { code, stdout, stderr } = await wasiCryptoGen(args, { cwd: folder });
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toContain(message);
    expect(stderr).toContain(hint);
    expect(stderr).not.toMatch(/^ +at /m);
    expect((await readdir(folder)).sort()).toEqual(files);
  });

  it('are reported as JSON to those who ask for it', async ({ folder }) => {
    await writeFiles(folder);
    for (const args of [
      ['transpile', 'core.wasm', '--out', 'out', '--json'],
      [...componentizing, '--json'],
    ]) {
      const { code, stdout, stderr } = await wasiCryptoGen(args, { cwd: folder });
      expect({ code, stderr }).toEqual({ code: 2, stderr: '' });
      expect(JSON.parse(stdout)).toEqual({
        ok: false,
        error: { message: expect.any(String), hint: expect.any(String) },
      });
    }
  });
});

describe('transpile', () => {
  it('lists what it wrote, and what that imports and exports', async ({ folder }) => {
    await writeFiles(folder);
    const { code, stdout, stderr } = await wasiCryptoGen([...transpiling, '--map', 'test:app/host=./host.js?a=b'], {
      cwd: folder,
    });
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toBe(
      'out: 3 files hybrid bindings\n  counter.d.ts\n  counter.js\n  interfaces/test-app-host.d.ts\nexports countOn\nimports ./host.js?a=b\n',
    );
    expect((await readdir(join(folder, 'out'))).sort()).toEqual(['counter.d.ts', 'counter.js', 'interfaces']);
  });

  it('tells the same as JSON', async ({ folder }) => {
    await writeFiles(folder);
    const { code, stdout, stderr } = await wasiCryptoGen(
      [...transpiling, '--instantiation', 'sync', '--name', 'guest', '--json'],
      { cwd: folder },
    );
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(JSON.parse(stdout)).toEqual({
      ok: true,
      folder: 'out',
      files: ['guest.core.wasm', 'guest.d.ts', 'guest.js', 'interfaces/test-app-host.d.ts'],
      entry: 'guest.js',
      imports: ['test:app/host'],
      exports: ['countOn'],
      bindings: 'hybrid',
      diagnostics: [],
    });
  });
});

describe('componentize exits with 3', () => {
  it('when the definitions have errors, and shows where', async ({ folder }) => {
    await writeFiles(folder);
    const { code, stdout, stderr } = await wasiCryptoGen(
      ['componentize', 'guest.ts', '--wit', 'broken.wit', '--out', 'x.wasm'],
      { cwd: folder },
    );
    expect({ code, stdout }).toEqual({ code: 3, stdout: '' });
    expect(stderr).toContain('error[unknown-name]: there is no type `u33`\n --> broken.wit:2:33\n');
    expect(stderr).toContain('`x.wasm` was not written');
    expect((await readdir(folder)).sort()).toEqual(files);
  });

  it('when the guest lacks an export, and says how it is called', async ({ folder }) => {
    await writeFiles(folder);
    await writeFile(join(folder, 'guest.ts'), 'export function runs(): void {}\n');
    const { code, stdout, stderr } = await wasiCryptoGen([...componentizing, '--world', 'app'], { cwd: folder });
    expect({ code, stdout }).toEqual({ code: 3, stdout: '' });
    expect(stderr).toContain("Property 'run' does not exist");
    expect(stderr).toContain('hint: world `app` wants `guest.ts` to export `run(): void`');
    expect((await readdir(folder)).sort()).toEqual(files);
  });

  it('and tells the same as JSON', async ({ folder }) => {
    await writeFiles(folder);
    const { code, stdout, stderr } = await wasiCryptoGen(
      ['componentize', 'guest.ts', '--wit', 'broken.wit', '--out', 'x.wasm', '--json'],
      { cwd: folder },
    );
    expect({ code, stderr }).toEqual({ code: 3, stderr: '' });
    expect(JSON.parse(stdout)).toMatchObject({
      ok: false,
      file: 'x.wasm',
      size: 0,
      world: null,
      compiler: '',
      diagnostics: [{ code: 'unknown-name', file: 'broken.wit' }],
    });
  });
});

describe('help', () => {
  it.for<[string, readonly string[]]>([
    ['transpile', ['--out', '--name', '--instantiation', '--map', '--json', 'Examples:']],
    ['componentize', ['--wit', '--world', '--out', '--runtime', '--asc-args', '--json', 'Examples:']],
  ])('of %s', async ([command, parts]) => {
    const { code, stdout, stderr } = await wasiCryptoGen([command, '--help']);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    for (const part of parts) expect(stdout).toContain(part);
  });
});

it('the transform for the compiler alone is an entry of the package', async () => {
  const { exports } = JSON.parse(await readFile(new URL('../../package.json', import.meta.url), 'utf8')) as {
    readonly exports: Readonly<Record<string, { readonly default: string }>>;
  };
  expect(exports['./asc-transform']?.default).toBe('./dist/generator/components/kebab-exports.js');
});
