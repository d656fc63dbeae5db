/**
 * Compiles guests against generated files, all in memory, and runs them. What was compiled before, from the same
 * files by the same compiler, is taken from `.tmp/asc`.
 */
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join, posix } from 'node:path';
import { projectRoot } from '../../shared.js';

export type Runtime = 'stub' | 'minimal' | 'incremental';
export const runtimes: readonly Runtime[] = ['stub', 'minimal', 'incremental'];

export interface Compiled {
  readonly wasm: Uint8Array<ArrayBuffer>;
  /** All that asc had to say; empty when it is content. */
  readonly messages: string;
}

/** Where the generated files lie: what `--path` names. */
const folder = 'generated';

/** Compiles a guest; what is wrong with it is in the messages. */
export function compile(
  generated: ReadonlyMap<string, string>,
  guest: string,
  options: readonly string[] = [],
): Promise<Compiled> {
  return compileEntry('guest.ts', new Map([...placed(generated), ['guest.ts', guest]]), options);
}

/** Compiles a guest for a world, as a component needs it. */
export function compileWorld(
  generated: ReadonlyMap<string, string>,
  world: string,
  guest: string,
  options: readonly string[] = [],
): Promise<Compiled> {
  const files = new Map([...placed(generated), [`${folder}/guest/index.ts`, guest]]);
  return compileEntry(`${folder}/worlds/${world}.ts`, files, [
    '--use',
    'abort=',
    '--exportStart',
    '_initialize',
    ...options,
  ]);
}

function placed(generated: ReadonlyMap<string, string>): ReadonlyMap<string, string> {
  return new Map([...generated].map(([path, text]) => [`${folder}/${path}`, text]));
}

/** Compiles what an entry file leads to, and shows what is wrong with it. */
export async function compileEntry(
  entry: string,
  files: ReadonlyMap<string, string>,
  options: readonly string[],
): Promise<Compiled> {
  const hash = createHash('sha256').update(JSON.stringify([version, entry, options, [...files].toSorted()]));
  const kept = join(cache, hash.digest('hex'));
  if (existsSync(kept)) return { wasm: Uint8Array.from(readFileSync(kept)), messages: '' };
  const compiled = await run(entry, files, options);
  if (compiled.messages === '') keep(kept, compiled.wasm);
  return compiled;
}

const cache = join(projectRoot, '.tmp/asc');
const { version } = createRequire(import.meta.url)('assemblyscript/package.json') as { readonly version: string };
const week = 7 * 24 * 3_600_000;

/** Others may look for the file meanwhile, and find all of it or nothing. */
function keep(path: string, wasm: Uint8Array): void {
  if (!existsSync(cache)) mkdirSync(cache, { recursive: true });
  const unfinished = `${path}.${process.pid}`;
  writeFileSync(unfinished, wasm);
  renameSync(unfinished, path);
}

function removeOld(): void {
  for (const name of existsSync(cache) ? readdirSync(cache) : []) {
    const path = join(cache, name);
    if (Date.now() - (statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? Date.now()) > week)
      rmSync(path, { force: true });
  }
}

removeOld();

async function run(entry: string, files: ReadonlyMap<string, string>, options: readonly string[]): Promise<Compiled> {
  const asc = await import('assemblyscript/asc');
  const stderr = asc.createMemoryStream();
  let wasm = new Uint8Array();
  await asc.main([entry, '--path', folder, '--outFile', 'guest.wasm', '--noColors', ...options], {
    stderr,
    stdout: asc.createMemoryStream(),
    readFile: (name) => files.get(posix.normalize(name)) ?? null,
    writeFile: (name, contents) => {
      if (name === 'guest.wasm' && typeof contents !== 'string') wasm = Uint8Array.from(contents);
    },
    listFiles: () => [],
  });
  return { wasm, messages: stderr.toString() };
}

/** What the command `asc` does in a folder, in this process: a compiler that has compiled before takes a third of the time. */
export async function ascIn(cwd: string, args: readonly string[]): Promise<Compiled['messages']> {
  const asc = await import('assemblyscript/asc');
  const output = asc.createMemoryStream();
  const [before, library] = [process.cwd(), new Map(Object.entries(asc.libraryFiles))];
  process.chdir(cwd);
  try {
    await asc.main([...args, '--noColors'], { stdout: output, stderr: output });
  } finally {
    process.chdir(before);
    // `--lib`, as in the configuration of wasi-shim, puts files into the library for good.
    for (const name of Object.keys(asc.libraryFiles)) if (!library.has(name)) delete asc.libraryFiles[name];
    Object.assign(asc.libraryFiles, Object.fromEntries(library));
  }
  return output.toString();
}

type Imports = Readonly<Record<string, Readonly<Record<string, (...core: never[]) => unknown>>>>;

export interface Instance {
  readonly memory: WebAssembly.Memory;
  readonly exports: Readonly<Record<string, (...core: unknown[]) => unknown>>;
}

/** What an aborted guest throws. */
export class Aborted extends Error {}

/** Instantiates a guest; imports that are not given are there and must not be called. */
export async function instantiate({ wasm, messages }: Compiled, imports: Imports = {}): Promise<Instance> {
  if (messages !== '') throw new Error(messages);
  const module = await WebAssembly.compile(wasm);
  const all: Record<string, Record<string, WebAssembly.ImportValue>> = {};
  let memory: WebAssembly.Memory | undefined;
  for (const { module: from, name } of WebAssembly.Module.imports(module)) {
    const given =
      from === 'env' && name === 'abort' ? (message: number) => abort(memory, message) : imports[from]?.[name];
    (all[from] ??= {})[name] = given ?? (() => unexpected(from, name));
  }
  const { exports } = await WebAssembly.instantiate(module, all);
  memory = exports['memory'] as WebAssembly.Memory;
  return { memory, exports: exports as Instance['exports'] };
}

function unexpected(from: string, name: string): never {
  throw new Error(`the guest called ${from}.${name}`);
}

function abort(memory: WebAssembly.Memory | undefined, message: number): never {
  throw new Aborted(memory === undefined || message === 0 ? 'aborted' : textAt(memory, message));
}

/** A string of AssemblyScript, by its reference. */
export function textAt(memory: WebAssembly.Memory, reference: number): string {
  const bytes = new DataView(memory.buffer).getUint32(reference - 4, true);
  return new TextDecoder('utf-16le').decode(new Uint8Array(memory.buffer, reference, bytes));
}
