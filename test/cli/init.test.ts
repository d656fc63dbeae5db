/** `init` writes projects, and never over what is there; that they build and run is tested in `test/acceptance/init.test.ts`. */
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { describe, expect } from 'vitest';
import { packageRoot } from '../../generator/package-root.js';
import { projectTemplates, type TemplateName } from '../../generator/project/scaffold.js';
import { it, wasiCryptoGen, type Outcome } from './command-line.js';

const init = (folder: string, ...args: readonly string[]): Promise<Outcome> =>
  wasiCryptoGen(['init', ...args], { cwd: folder });

interface PackageFile {
  readonly name: string;
  readonly scripts: Readonly<Record<string, string>>;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly devDependencies?: Readonly<Record<string, string>>;
}

const packageOf = async (folder: string): Promise<PackageFile> =>
  JSON.parse(await readFile(join(folder, 'package.json'), 'utf8')) as PackageFile;

describe('init', () => {
  it.for(Object.keys(projectTemplates) as TemplateName[])('writes a project of %s', async (template, { folder }) => {
    const { code, stdout, stderr } = await init(folder, 'My Demo', '--template', template, '--yes');
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toMatch(/\nnext: cd My Demo && npm install && npm test\n$/);
    const made = join(folder, 'My Demo');
    const { name, scripts, dependencies, devDependencies } = await packageOf(made);
    expect(name).toBe('my-demo');
    const all = { ...dependencies, ...devDependencies };
    const { 'wasi-crypto-gen': generator = '', 'wasi-crypto-runtime': runtime, ...others } = all;
    // A checkout is no version that npm could get.
    const placeOf = (range: string): string => resolve(made, /^file:(.*)/.exec(range)?.[1] ?? '');
    expect(placeOf(generator)).toBe(resolve(packageRoot));
    // What runs does so without a generator.
    expect(Object.keys(dependencies ?? {})).toEqual(runtime === undefined ? [] : ['wasi-crypto-runtime']);
    if (runtime !== undefined) expect(placeOf(runtime)).toBe(join(packageRoot, 'dist/packages/wasi-crypto-runtime'));
    // Every version is one that this package is tested with.
    for (const each of Object.values(others)) expect(each).toMatch(/^\^?\d+\.\d+\.\d+$/);
    expect(Object.keys(scripts)).toEqual(expect.arrayContaining(['build', 'test']));
    expect(await readdir(made)).toEqual(expect.arrayContaining(['.gitignore', 'README.md', 'test', 'tsconfig.json']));
    expect(await readFile(join(made, '.gitignore'), 'utf8')).toContain('node_modules\n');
    // Editors find what guests import.
    const configs = ['tsconfig.json', 'guest/tsconfig.json'].map((path) =>
      readFile(join(made, path), 'utf8').catch(() => ''),
    );
    expect((await Promise.all(configs)).join('')).toMatch(
      /"paths": \{\s+"(wasi-crypto|greeting)": \["[^"]+\/index\.ts"\]/,
    );
  });

  it('takes the working folder and the smallest template when it asks nothing, and tells JSON', async ({ folder }) => {
    const { code, stdout } = await init(folder, '--yes', '--name', '@me/demo', '--json');
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ ok: true, folder: '.', template: 'guest-core' });
    expect((await packageOf(folder)).name).toBe('@me/demo');
  });

  it('overwrites nothing without --force, and keeps what it does not write', async ({ folder }) => {
    await writeFile(join(folder, 'README.md'), 'mine');
    await writeFile(join(folder, 'notes.txt'), 'mine');
    const refused = await init(folder, '--yes');
    expect(refused).toMatchObject({ code: 2, stdout: '' });
    expect(refused.stderr).toContain('`.` already has `README.md`');
    expect(refused.stderr).toContain('--force');
    expect((await readdir(folder)).sort()).toEqual(['README.md', 'notes.txt']);
    expect((await init(folder, '--yes', '--force')).code).toBe(0);
    expect(await readFile(join(folder, 'README.md'), 'utf8')).not.toBe('mine');
    expect(await readFile(join(folder, 'notes.txt'), 'utf8')).toBe('mine');
  });

  it.for<[readonly string[], string, string]>([
    [[], 'there is nobody to answer questions', 'add `--yes`'],
    [['demo', '--template', 'host'], 'there is nobody to answer questions', 'add `--yes`'],
    [
      ['--yes', '--template', 'guest'],
      'argument `guest` is invalid',
      'Allowed choices are guest-core, guest-component, host, definitions',
    ],
    [['--yes', '--name', 'No Name'], '`No Name` cannot be the name of a package', 'small letters'],
    [['file', '--yes'], '`file` cannot be written: it is a file', 'name another place'],
  ])('%j ends with 2, waits for nobody and writes nothing', async ([args, message, hint], { folder }) => {
    await mkdir(join(folder, 'sub'));
    await writeFile(join(folder, 'file'), '');
    const { code, stdout, stderr } = await init(folder, ...args);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toContain(message);
    expect(stderr).toContain(hint);
    expect((await readdir(folder)).sort()).toEqual(['file', 'sub']);
  });
});
