/** Clang for WebAssembly, as Debian has it: tests that compile C are skipped, visibly, where it is missing. */
import { execFile, execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

const target = '--target=wasm32-wasi';

/** Why C cannot be compiled here, for the titles of tests; undefined: it can. */
export const clangMissing = missing();

function missing(): string | undefined {
  const folder = mkdtempSync(join(tmpdir(), 'wasi-crypto-gen-clang-'));
  try {
    writeFileSync(join(folder, 'one.c'), '#include <stdio.h>\nint main(void) { return puts(""); }\n');
    execFileSync('clang', [target, 'one.c', '-o', 'one.wasm'], { cwd: folder, stdio: 'pipe' });
    return undefined;
  } catch {
    return 'skipped: no clang for wasm32-wasi (Debian: clang lld wasi-libc libclang-rt-14-dev-wasm32)';
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** What the header has to be taken as, without a word. */
export const standards = [
  ['C11', ['-std=c11', '-Wconversion', '-x', 'c']],
  ['C17', ['-std=c17', '-Wconversion', '-x', 'c']],
  ['C++11', ['-std=c++11', '-x', 'c++']],
  ['C++20', ['-std=c++20', '-x', 'c++']],
] as const;

/** Much of the standard library, whose macros stand before a guest's own code. */
const library = 'assert ctype errno inttypes limits math stdio stdlib string time unistd'
  .split(' ')
  .map((each) => `#include <${each}.h>\n`)
  .join('');

/** Reads a header by all rules of a standard: alone, and behind the standard library. */
export async function readHeader(folder: string, file: string, standard: readonly string[]): Promise<void> {
  for (const before of ['', library]) {
    writeFileSync(join(folder, 'guest.c'), `${before}#include "${file}"\n`);
    await clang(folder, ['-Wall', '-Wextra', '-pedantic', '-fsyntax-only', ...standard, 'guest.c']);
  }
}

/** The names of macros of compiler and library; none without clang. */
export function macros(): readonly string[] {
  if (clangMissing !== undefined) return [];
  const text = execFileSync('clang', [target, '-E', '-dM', '-x', 'c', '-'], { input: library, encoding: 'utf8' });
  return [...text.matchAll(/^#define ([A-Za-z]\w*)/gm)].map(([, name = '']) => name);
}

/** Compiles what is told, in a folder. Whatever the compiler says is an error. */
export async function clang(folder: string, args: readonly string[]): Promise<void> {
  const { stdout, stderr } = await promisify(execFile)('clang', [target, '-Werror', ...args], { cwd: folder });
  if (stdout + stderr !== '') throw new Error(stdout + stderr);
}
