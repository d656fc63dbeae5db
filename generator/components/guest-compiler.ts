/**
 * Compiles a guest in AssemblyScript against bindings that are in memory. Everything else, the
 * guest's own files and packages, the compiler reads from disk as ever.
 */
import { readdir, readFile } from 'node:fs/promises';
import { relative, resolve, sep } from 'node:path';
import { InternalError } from '../diagnostics/diagnostic.js';
import { ConfigurationError } from '../project/errors.js';
import type { FileMap } from '../targets/target.js';
import KebabExports from './kebab-exports.js';
import { loadTool, type Loaded, type Tool } from '../project/tools.js';

/** What is used of asc's API. */
interface Asc {
  createMemoryStream(): MemoryStream;
  main(
    args: string[],
    options: {
      readonly stdout: MemoryStream;
      readonly stderr: MemoryStream;
      readonly readFile: (name: string, folder: string) => Promise<string | null>;
      readonly writeFile: (name: string, content: Uint8Array | string) => void;
      readonly listFiles: (name: string, folder: string) => Promise<string[] | null>;
      readonly transforms: readonly unknown[];
    },
  ): Promise<{ readonly error: Error | null }>;
}

interface MemoryStream {
  toString(): string;
}

export type AscRuntime = 'incremental' | 'minimal' | 'stub';
export const ascRuntimes: readonly AscRuntime[] = ['incremental', 'minimal', 'stub'];

export interface GuestSource {
  /** The path of the entry file. */
  readonly guest: string;
  readonly bindings: FileMap;
  /** Which of the bindings exports what a component does; it imports the guest as `guest`. */
  readonly entry: string;
  readonly runtime: AscRuntime;
  /** More options for the compiler; they win over the ones set here. */
  readonly args: readonly string[];
}

export interface CompiledGuest {
  /** `undefined` when it did not compile. */
  readonly wasm: Uint8Array<ArrayBuffer> | undefined;
  /** All that the compiler had to say, in its own form; empty when it is content. */
  readonly messages: string;
}

const assemblyscript: Tool = { name: 'assemblyscript', entry: './asc', tested: '0.28', purpose: 'compile guests' };

/** @throws ConfigurationError when it is not installed */
export function loadAsc(folders?: readonly string[]): Promise<Loaded<Asc>> {
  return loadTool<Asc>(assemblyscript, folders);
}

/** Where the bindings seem to lie, below the working folder, in messages of the compiler. */
export const bindingsFolder = '.wasi-crypto-gen';
const outFile = 'guest.wasm';

/** What a component needs otherwise than as it is set here, or what would leave nothing to make one of. */
const refused =
  /^(?:-o|--outFile|-t|--textFile|-b|--bindings|--exportStart|--runtime|--noEmit|--importMemory|--noExportMemory|--sharedMemory|-h|--help|-v|--version|--showConfig|--init|--wasm)(?:=|$)/;

/**
 * Checks the user's own options for the compiler.
 *
 * @throws ConfigurationError when there is one that a component cannot do with
 */
export function checkAscArgs(args: readonly string[]): void {
  const found = args.find((each) => refused.test(each));
  if (found === undefined) return;
  const hint = found.startsWith('--runtime')
    ? 'choose it with the option of that name of `componentize` itself'
    : 'components need it as `componentize` sets it';
  throw new ConfigurationError(`\`${found}\` cannot be given to the AssemblyScript compiler here`, hint);
}

export async function compileGuest(asc: Asc, source: GuestSource): Promise<CompiledGuest> {
  const files = filesOf(source);
  const stderr = asc.createMemoryStream();
  const stdout = asc.createMemoryStream();
  let wasm: Uint8Array<ArrayBuffer> | undefined;
  const args = [
    `${bindingsFolder}/${source.entry}`,
    ...['--optimizeLevel', '3', '--noColors'],
    // Later ones win.
    ...source.args,
    ...[
      '--path',
      bindingsFolder,
      '--use',
      'abort=',
      '--runtime',
      source.runtime,
      '--exportStart',
      '_initialize',
      '--outFile',
      outFile,
    ],
  ];
  // It is for core modules, as it stands in most projects: its entries and output are others.
  const hidden = source.args.some((each) => each.startsWith('--config')) ? undefined : resolve('asconfig.json');
  const guard = new CrashGuard();
  const result = asc.main(args, {
    stdout,
    stderr,
    transforms: [guard, KebabExports],
    readFile: async (name, folder) => {
      const path = resolve(folder, name);
      return path === hidden ? null : (files.get(path) ?? readFile(path, 'utf8').catch(() => null));
    },
    writeFile: (name, content) => {
      if (name === outFile && typeof content !== 'string') wasm = Uint8Array.from(content);
    },
    listFiles: (name, folder) =>
      readdir(resolve(folder, name)).then(
        (names) => names.filter((each) => /(?<!\.d)\.ts$/.test(each)),
        () => null,
      ),
  });
  const error = await result.then((each) => each.error, asError).finally(() => guard.end());
  const said = `${stderr.toString()}${stdout.toString()}`.trim();
  // It throws what is wrong with its configuration.
  const messages = error === null || said.includes(error.message) ? said : `${said}\n${error.message}`.trim();
  return { wasm: error === null ? wasm : undefined, messages };
}

/**
 * When the compiler crashes it prints why and ends the process. In place of that this makes it throw,
 * from when all files are read: from there on nothing else gets a turn until it is done.
 */
class CrashGuard {
  static #count = 0;
  static #undo = (): void => {};
  #isOn = false;

  /** The compiler calls it. */
  afterParse(): void {
    if (this.#isOn) return;
    this.#isOn = true;
    if (CrashGuard.#count === 0) CrashGuard.#undo = throwInPlaceOfExit();
    CrashGuard.#count += 1;
  }

  end(): void {
    if (!this.#isOn) return;
    this.#isOn = false;
    CrashGuard.#count -= 1;
    if (CrashGuard.#count === 0) CrashGuard.#undo();
  }
}

/** @returns what makes it as it was */
function throwInPlaceOfExit(): () => void {
  const { exit } = process;
  const { error } = console;
  const said: string[] = [];
  console.error = (...values: readonly unknown[]) => void said.push(values.join(' '));
  process.exit = () => {
    throw new Error(said.splice(0).join('\n').trim());
  };
  return () => {
    process.exit = exit;
    console.error = error;
  };
}

function asError(thrown: unknown): Error {
  return thrown instanceof Error ? thrown : new Error(String(thrown));
}

/** The bindings by absolute path, with the guest's own path in place of the name it has there. */
function filesOf({ bindings, entry, guest }: GuestSource): ReadonlyMap<string, string> {
  const root = resolve(bindingsFolder);
  const files = new Map([...bindings].map(([path, text]) => [resolve(root, path), text]));
  const path = resolve(root, entry);
  const parts = (files.get(path) ?? '').split('from "guest"');
  if (parts.length !== 2) throw new InternalError(`\`${entry}\` does not import the guest once`);
  const specifier = relative(resolve(path, '..'), resolve(guest)).split(sep).join('/').replace(/\.ts$/, '');
  return files.set(path, parts.join(`from ${JSON.stringify(specifier)}`));
}
