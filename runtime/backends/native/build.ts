/** Compiles the native library with the C compiler of this machine. */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { packageRoot } from '../package-root.js';
import { BINARY, PREBUILDS, REVISION } from './library.js';

export class BuildError extends Error {
  override readonly name = 'BuildError';
  readonly hint: string;

  constructor(message: string, hint: string) {
    super(message);
    this.hint = hint;
  }
}

/** Warnings are errors: `npm run lint:native` compares the declarations with Node's headers, too. */
const flags = ['-std=c11', '-O2', '-fPIC', '-fvisibility=hidden', '-Wall', '-Wextra', '-Werror'];

/**
 * Writes `prebuilds/<platform>-<arch>[-musl]/wasi-crypto.node` into this package, as a whole or not at all.
 *
 * @param options more options for the compiler
 * @returns the path of the binary
 * Errors: `BuildError`.
 */
export function buildNative(options: readonly string[] = []): string {
  if (process.platform === 'win32')
    throw new BuildError('the native backend is not built on Windows', 'guests run on `node:crypto` there');
  const root = packageRoot();
  const sources = join(root, 'runtime/backends/native');
  const files = existsSync(sources) ? readdirSync(sources).filter((each) => each.endsWith('.c')) : [];
  if (files.length === 0) throw new BuildError(`there is no source in ${sources}`, 'install the package anew');
  const folder = join(root, PREBUILDS, `${process.platform}-${process.arch}${usesMusl() ? '-musl' : ''}`);
  mkdirSync(folder, { recursive: true });
  const file = join(folder, BINARY);
  // Never in place of one that a process has loaded.
  const draft = `${file}.${process.pid}`;
  try {
    compile([
      ...flags,
      // Symbols are bound when it is loaded, whoever loads it: Bun and Deno do so without asking for that, and without
      // OpenSSL's symbols they ended at the first call (seen).
      ...(process.platform === 'darwin'
        ? ['-bundle', '-undefined', 'dynamic_lookup', '-Wl,-bind_at_load']
        : ['-shared', '-Wl,-z,now']),
      `-DREVISION=${REVISION}`,
      ...headers().map((each) => `-I${each}`),
      ...options,
      ...files.map((each) => join(sources, each)),
      '-o',
      draft,
    ]);
    renameSync(draft, file);
  } finally {
    rmSync(draft, { force: true });
  }
  return file;
}

function compile(args: readonly string[]): void {
  const wanted = process.env['CC'];
  const compilers = wanted === undefined || wanted === '' ? ['cc', 'gcc', 'clang'] : [wanted];
  for (const compiler of compilers) {
    const { error, status, stderr } = spawnSync(compiler, args, { encoding: 'utf8' });
    if (error !== undefined && 'code' in error && error.code === 'ENOENT') continue;
    if (error !== undefined) throw new BuildError(`${compiler} cannot be run: ${error.message}`, 'set CC to another');
    if (status !== 0) throw new BuildError(`${compiler} failed:\n${stderr.trim()}`, 'please report it');
    return;
  }
  throw new BuildError(`there is no C compiler: ${compilers.join(', ')}`, 'install one, or set CC');
}

/** Where `node_api.h` is: beside this Node, or in the package of that name. */
function headers(): readonly string[] {
  const own = join(dirname(dirname(process.execPath)), 'include/node');
  if (existsSync(join(own, 'node_api.h'))) return [own];
  try {
    const { include_dir: folder } = createRequire(import.meta.url)('node-api-headers') as {
      readonly include_dir: string;
    };
    return [folder];
  } catch {
    throw new BuildError('the headers of Node-API are not there', 'npm install node-api-headers');
  }
}

function usesMusl(): boolean {
  if (process.platform !== 'linux') return false;
  const { header } = process.report.getReport() as { readonly header: Readonly<Record<string, unknown>> };
  return header['glibcVersionRuntime'] === undefined;
}
