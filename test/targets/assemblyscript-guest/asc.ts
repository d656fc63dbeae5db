/** Compiles guests against generated files, all in memory, and runs them. */
import { posix } from 'node:path';
import * as asc from 'assemblyscript/asc';

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
