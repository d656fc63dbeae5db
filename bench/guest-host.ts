/** The portable guest under a host of this project, driven from outside. */
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Contestant } from './rounds.js';

export interface GuestExports {
  readonly memory: WebAssembly.Memory;
  operations(): number;
  nameOf(index: number): number;
  isSized(index: number): number;
  prepare(index: number, length: number): number;
  run(index: number, count: number): number;
}

export type RuntimeModule = typeof import('../runtime/index.js');

/** A runtime as it was built: users get that, and what loads TypeScript directly adds costs of its own. */
export async function loadRuntime(folder: string): Promise<RuntimeModule> {
  return (await import(pathToFileURL(resolve(folder, 'runtime/index.js')).href)) as RuntimeModule;
}

export interface GuestOperation {
  readonly name: string;
  /** Whether it works on messages of any length. */
  readonly sized: boolean;
}

/** A guest beside others. */
export interface MeasuredGuest {
  /**
   * The operation on messages of so many bytes, made ready; undefined if this guest does not have it.
   * Throws unless its result is right. Made anew for every length, in the order in which they are measured.
   */
  contestant(operation: string, length: number): Contestant | undefined;
}

const notMeasuredHere = (): never => {
  throw new Error('only the guest as a command uses this');
};

/** The guest as a core module. */
export function coreGuest(
  module: WebAssembly.Module,
  runtime: RuntimeModule,
  name = 'guest',
  native: 'auto' | 'off' = 'auto',
): BenchGuest {
  const host = runtime.createWasiCrypto({ native });
  const wasi = { clock_time_get: notMeasuredHere, fd_write: notMeasuredHere };
  const instance = new WebAssembly.Instance(module, {
    ...host.imports,
    wasi_snapshot_preview1: wasi,
  });
  host.attach(instance);
  return new BenchGuest(instance.exports, name);
}

/** The guest as a component, with calls by `cabiLower`. */
export async function componentGuest(module: Uint8Array, runtime: RuntimeModule): Promise<BenchGuest> {
  const { componentOf, instantiated } = await import('./components.js');
  const component = await componentOf(module, ['symmetric', 'asymmetric-common', 'signatures', 'kx']);
  const { core } = await instantiated(component, 'hybrid', runtime.createWasiCrypto().component, 'prepare');
  return new BenchGuest(core, 'guest, component');
}

export class BenchGuest implements MeasuredGuest {
  readonly exports: GuestExports;
  readonly #name: string;
  readonly #indices: ReadonlyMap<string, number>;

  constructor(exports: WebAssembly.Exports, name: string) {
    this.#name = name;
    this.exports = exports as unknown as GuestExports;
    this.#indices = new Map(
      Array.from({ length: this.exports.operations() }, (_, index) => [this.#text(this.exports.nameOf(index)), index]),
    );
  }

  operations(): readonly GuestOperation[] {
    return Array.from(this.#indices, ([name, index]) => ({ name, sized: this.exports.isSized(index) !== 0 }));
  }

  contestant(operation: string, length: number): Contestant | undefined {
    const { exports } = this;
    const index = this.#indices.get(operation);
    if (index === undefined) return undefined;
    require(exports.prepare(index, length), `${operation}, ${length} bytes`);
    return { name: this.#name, run: (count) => require(exports.run(index, count), operation) };
  }

  #text(pointer: number): string {
    const { buffer } = this.exports.memory;
    const length = new DataView(buffer).getUint32(pointer - 4, true);
    return Buffer.from(buffer, pointer, length).toString('utf16le');
  }
}

function require(errno: number, what: string): void {
  if (errno !== 0)
    throw new Error(`the guest failed at ${what}: ${errno === 1000 ? 'a wrong result' : `errno ${errno}`}`);
}
