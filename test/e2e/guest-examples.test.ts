/** What newcomers do first: the examples, and the guest in README.md, compiled as told there and run. */
import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { cpSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, vi } from 'vitest';
import { assemblyscriptGuest } from '../../generator/targets/assemblyscript-guest/index.js';
import { builtMain, it, wasiCryptoGen } from '../cli/command-line.js';
import { emit, plannedUnit } from '../generated.js';
import { projectRoot } from '../shared.js';

// Whole compilers run here, one after another.
vi.setConfig({ testTimeout: 240_000 });

const asc = createRequire(import.meta.url).resolve('assemblyscript/bin/asc.js');

/** A project as a user has it, with the bindings where the package puts them. */
async function project(folder: string): Promise<void> {
  const modules = join(folder, 'node_modules');
  for (const name of ['@assemblyscript', 'wasi-crypto-gen']) mkdirSync(join(modules, name), { recursive: true });
  symlinkSync(join(projectRoot, 'node_modules/@assemblyscript/wasi-shim'), join(modules, '@assemblyscript/wasi-shim'));
  symlinkSync(resolve(await builtMain(), '../../..'), join(modules, 'wasi-crypto-gen/dist'));
  cpSync(join(projectRoot, 'package.json'), join(modules, 'wasi-crypto-gen/package.json'));
  const files = await emit(assemblyscriptGuest, plannedUnit('0.10', `${projectRoot}witx/0.10`));
  for (const [path, text] of files) write(join(modules, 'wasi-crypto-gen/generated/0.10/assemblyscript-guest', path), text);
}

function write(path: string, text: string): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
}

/** An example beside a package of bindings, as it lies in this repository. */
async function example(folder: string, name: string): Promise<string> {
  await project(folder);
  cpSync(join(projectRoot, 'examples', name), join(folder, 'examples', name), { recursive: true });
  symlinkSync(join(folder, 'node_modules/wasi-crypto-gen/generated'), join(folder, 'generated'));
  await compile(join(folder, 'examples', name));
  return join(folder, 'examples', name, 'dist/guest.wasm');
}

/** Whatever asc says is a warning at least. */
async function compile(folder: string): Promise<void> {
  const { stdout, stderr } = await promisify(execFile)(process.execPath, [asc, '--noColors'], { cwd: folder });
  expect(stdout + stderr).toBe('');
}

/** What the host program of an example prints. */
async function hosted(guest: string, args: readonly string[], cwd: string): Promise<string> {
  return (await promisify(execFile)(process.execPath, ['--no-warnings', join(dirname(guest), '../host.mjs'), ...args], { cwd })).stdout;
}

describe('examples', () => {
  it('hash-file prints what sha256sum prints, for a file and for the standard input', async ({ folder }) => {
    const guest = await example(folder, 'hash-file');
    const data = Buffer.from(Array.from({ length: 200_000 }, (_, index) => (index * 7) % 251));
    writeFileSync(join(folder, 'input.bin'), data);
    const digest = createHash('sha256').update(data).digest('hex');
    expect(await wasiCryptoGen(['run', guest, '--dir', '.', '--', 'input.bin'], { cwd: folder })).toEqual({ code: 0, stdout: `${digest}  input.bin\n`, stderr: '' });
    expect(await hosted(guest, ['input.bin'], folder)).toBe(`${digest}  input.bin\n`);
    const abc = createHash('sha256').update('abc').digest('hex');
    expect(await wasiCryptoGen(['run', guest], { cwd: folder, input: 'abc' })).toEqual({ code: 0, stdout: `${abc}  -\n`, stderr: '' });
    const missing = await wasiCryptoGen(['run', guest, '--dir', '.', '--', 'no-such-file'], { cwd: folder });
    expect(missing.code).not.toBe(0);
    expect(missing.stderr).toContain('no-such-file: NOENT');
  });

  it('seal-and-sign accepts what is whole and refuses what is not', async ({ folder }) => {
    const guest = await example(folder, 'seal-and-sign');
    const { code, stdout, stderr } = await wasiCryptoGen(['run', guest, '--', 'grüße 🔑'], { cwd: folder });
    expect([code, stderr]).toEqual([0, '']);
    const expected = 'sealed    …\nopened    grüße 🔑\ntampered  refused: invalid_tag\nsignature …\nverified  accepted\naltered   refused: verification_failed\n';
    for (const output of [stdout, await hosted(guest, ['grüße 🔑'], folder)]) expect(output.replace(/[0-9a-f]{50,}/g, '…')).toBe(expected);
  });
});

describe('the guest in README.md', () => {
  it('compiles with the asconfig.json that stands above it, and runs', async ({ folder }) => {
    await project(folder);
    const blocks = new Map([...readFileSync(join(projectRoot, 'README.md'), 'utf8').matchAll(/^`([\w./]+)`:\n\n```\w+\n([^]*?)^```$/gm)].map(([, name, text]) => [name, text]));
    for (const name of ['asconfig.json', 'assembly/index.ts']) {
      expect(blocks.get(name), name).toBeDefined();
      write(join(folder, name), blocks.get(name) ?? '');
    }
    await compile(folder);
    expect(await wasiCryptoGen(['run', join(folder, 'build/guest.wasm')], { cwd: folder })).toEqual({ code: 0, stdout: 'refused, as it must be\n', stderr: '' });
  });
});
