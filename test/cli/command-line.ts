/**
 * The command line, in two ways. `wasiCryptoGen` runs a command in this process, on the sources: what it prints and
 * how it ends is the same, and costs a tenth. `asProcess` runs it as users have it: compiled, as a process, for what
 * only a process shows (a guest's streams, Node's options, what is loaded). It is built once for every state of the
 * sources, or copied from `dist/` if that is newer than they are: beside it, so that tests and builds do not disturb each
 * other.
 */
import { execFile, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync } from 'node:fs';
import { mkdtemp, realpath, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { promisify } from 'node:util';
import { test } from 'vitest';
import { runCommandLine } from '../../generator/cli/program.js';
import type { OutputStream, Surroundings } from '../../generator/cli/terminal.js';
import { packageRoot } from '../../generator/package-root.js';

export interface Outcome {
  readonly code: number | string | null | undefined;
  readonly stdout: string;
  readonly stderr: string;
}

export interface RunOptions {
  /** The working folder. */
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
}

export interface ProcessOptions extends RunOptions {
  readonly input?: string;
  /** Options for Node itself. */
  readonly node?: readonly string[];
  /** Another compiled `main.js` than that of the sources as they are. */
  readonly main?: string;
}

/** Runs `wasi-crypto-gen` in this process, whose working folder changes meanwhile: one command at a time. */
export async function wasiCryptoGen(args: readonly string[], options: RunOptions = {}): Promise<Outcome> {
  const [stdout, stderr] = [gathered(), gathered()];
  const surroundings: Surroundings = { stdout, stderr, env: variables(options), exitCode: undefined };
  const before = process.cwd();
  process.chdir(options.cwd ?? before);
  try {
    await runCommandLine(args, surroundings);
  } finally {
    process.chdir(before);
  }
  return { code: surroundings.exitCode ?? 0, stdout: stdout.text, stderr: stderr.text };
}

/** A stream that nobody sees, and which keeps all of its text. */
function gathered(): OutputStream & { text: string } {
  const stream = { text: '', write: (text: string) => (stream.text += text), on: () => {} };
  return stream;
}

function variables({ env }: RunOptions): NodeJS.ProcessEnv {
  const { NO_COLOR: _no, FORCE_COLOR: _force, ...inherited } = process.env;
  return { ...inherited, ...env };
}

/** Runs the compiled `wasi-crypto-gen` as a process, and waits for its end. */
export async function asProcess(args: readonly string[], options: ProcessOptions = {}): Promise<Outcome> {
  const path = options.main ?? (await builtMain());
  const child = spawn(process.execPath, [...(options.node ?? []), path, ...args], {
    cwd: options.cwd,
    env: variables(options),
  });
  let stdout = '';
  let stderr = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
  // A guest need not read its input.
  child.stdin.on('error', () => {});
  child.stdin.end(options.input ?? '');
  const code = await new Promise<number | null>((resolve, reject) => {
    child.on('error', reject);
    child.on('close', resolve);
  });
  return { code, stdout, stderr };
}

/** `it` with a new, empty folder for every test, by its real path. */
export const it = test.extend<{ readonly folder: string }>({
  folder: async ({ task: _ }, use) => {
    const folder = await realpath(await mkdtemp(join(tmpdir(), 'wasi-crypto-gen-')));
    await use(folder);
    await rm(folder, { recursive: true, force: true });
  },
});

const buildRoot = join(packageRoot, '.tmp');
/** Where what is compiled stands, whichever of it that is. */
const sourceFolders = ['generator', 'runtime', 'generated', 'templates'];

let main: Promise<string> | undefined;

/** The path of the compiled `main.js`: one build for all of a test file, even if the sources change meanwhile. */
export function builtMain(): Promise<string> {
  main ??= build();
  return main;
}

async function build(): Promise<string> {
  const folder = join(buildRoot, `build-${hashSources()}`);
  const built = join(folder, 'generator/cli/main.js');
  mkdirSync(buildRoot, { recursive: true });
  const lock = `${folder}.lock`;
  while (!existsSync(built)) {
    try {
      mkdirSync(lock);
    } catch {
      // Another test file is building. A lock that stays is of a process that was killed.
      if (existsSync(lock) && Date.now() - statSync(lock).mtimeMs > 60_000)
        rmSync(lock, { recursive: true, force: true });
      await wait(100);
      continue;
    }
    try {
      if (!existsSync(built)) await compile(folder);
    } finally {
      rmSync(lock, { recursive: true, force: true });
    }
  }
  return built;
}

async function compile(folder: string): Promise<void> {
  removeOldBuilds();
  const unfinished = `${folder}.unfinished`;
  if (distIsCurrent()) cpSync(join(packageRoot, 'dist'), unfinished, { recursive: true });
  else await compileTo(unfinished);
  renameSync(unfinished, folder);
}

/** Whether `npm run build` ran after the last change of what it compiles, of which the last part is the runtime's bundle. */
function distIsCurrent(): boolean {
  const built = statSync(join(packageRoot, 'dist/runtime/index.js'), { throwIfNoEntry: false });
  return built !== undefined && sources().every((path) => statSync(path).mtimeMs < built.mtimeMs);
}

async function compileTo(folder: string): Promise<void> {
  const compiler = createRequire(import.meta.url).resolve('typescript/bin/tsc');
  const without = ['--declaration', '--sourceMap', '--inlineSources'].flatMap((each) => [each, 'false']);
  const options = ['-p', join(packageRoot, 'tsconfig.json'), '--outDir', folder, ...without, '--noCheck'];
  // Type errors have a step of their own, which costs twice as much as the rest.
  const output = await promisify(execFile)(process.execPath, [compiler, ...options]).then(
    () => '',
    (error: Error & { readonly stdout?: string }) => error.stdout ?? String(error),
  );
  if (!existsSync(join(folder, 'generator/cli/main.js')))
    throw new Error(`the command line was not compiled:\n${output}`);
  await promisify(execFile)(process.execPath, [join(packageRoot, '.bundle-runtime.mjs'), folder]);
  await promisify(execFile)(process.execPath, [join(packageRoot, '.bundle-memory.mjs'), folder]);
  await promisify(execFile)(process.execPath, [join(packageRoot, '.packages.mjs'), relative(packageRoot, folder)]);
}

function removeOldBuilds(): void {
  for (const name of readdirSync(buildRoot)) {
    const path = join(buildRoot, name);
    const age = Date.now() - (statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? Date.now());
    if (name.startsWith('build-') && age > 3_600_000) rmSync(path, { recursive: true, force: true });
  }
}

/** Paths of what is compiled, and of what says how. */
function sources(): readonly string[] {
  const files = [
    'package.json',
    'package-lock.json',
    'tsconfig.json',
    '.bundle-runtime.mjs',
    '.bundle-memory.mjs',
    '.packages.mjs',
  ];
  for (const folder of sourceFolders)
    for (const name of readdirSync(join(packageRoot, folder), { recursive: true, encoding: 'utf8' }).sort())
      if (name.endsWith('.ts')) files.push(join(folder, name));
  return files.map((file) => join(packageRoot, file));
}

function hashSources(): string {
  const hash = createHash('sha256');
  for (const path of sources()) hash.update(path).update(readFileSync(path));
  return hash.digest('hex').slice(0, 16);
}
