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

/** Compiles what is told, in a folder. Whatever the compiler says is an error. */
export async function clang(folder: string, args: readonly string[]): Promise<void> {
  const { stdout, stderr } = await promisify(execFile)('clang', [target, '-Werror', ...args], { cwd: folder });
  if (stdout + stderr !== '') throw new Error(stdout + stderr);
}
