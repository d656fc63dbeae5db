/**
 * A guest without WebAssembly code: calls the import object of a host as a compiled guest would, with
 * numbers, over a real `WebAssembly.Memory`. `symmetric.ts`, `asymmetric.ts` and `common.ts` beside
 * this file have a typed function for every operation.
 */
import { CryptoErrno } from '../../generated/0.10/typescript-host/types.js';
import { ExtErrno } from '../../generated/extension-0.1/witx/typescript-host/types.js';
import { createWasiCrypto, type WasiCrypto, type WasiCryptoOptions } from '../../runtime/index.js';

/** As far as tests need it; its real type is part of the DOM's library. */
export interface Memory {
  readonly buffer: ArrayBuffer;
  grow(pages: number): number;
}

interface MemoryDescriptor {
  readonly initial: number;
  readonly maximum?: number;
  readonly shared?: boolean;
}

const engine = (
  globalThis as unknown as { readonly WebAssembly: { readonly Memory: new (descriptor: MemoryDescriptor) => Memory } }
).WebAssembly;

export function newMemory(descriptor: MemoryDescriptor): Memory {
  return new engine.Memory(descriptor);
}

export const PAGE = 65_536;

/** What memory holds where nothing was written: an error must leave it so. */
export const UNTOUCHED = 0xa5;

/** Those of wasi-crypto, and what the extension adds to them. */
export type ErrnoName = keyof typeof ExtErrno;

const errnoNames = new Map<number, ErrnoName>(
  Object.entries(ExtErrno).map(([name, value]) => [value, name as ErrnoName]),
);

export function errnoName(errno: number): ErrnoName {
  const name = errnoNames.get(errno);
  if (name === undefined) throw new Error(`${errno} is no errno`);
  return name;
}

/** Thrown by the typed functions: a call that did not succeed. */
export class CallFailed extends Error {
  readonly errno: ErrnoName;

  constructor(func: string, errno: ErrnoName) {
    super(`${func}: ${errno}`);
    this.errno = errno;
  }
}

/** The errno of the call that fails, `Success` if none does. */
export function errnoOf(calls: () => unknown): ErrnoName {
  try {
    calls();
    return 'Success';
  } catch (error) {
    if (error instanceof CallFailed) return error.errno;
    throw error;
  }
}

export type Core = number | bigint;
type Imported = (...args: Core[]) => number;

/** A host of core modules, wherever it runs. */
export type CoreHost = Pick<WasiCrypto, 'imports' | 'attach' | 'capabilities' | 'usage' | 'close'>;

export class Guest {
  readonly host: CoreHost;
  readonly memory: Memory;
  readonly #functions = new Map<string, Imported>();
  #top = 16;

  /** @param made options of a host, or one that is made */
  constructor(made: WasiCryptoOptions | CoreHost = {}, memory: Memory = newMemory({ initial: 2 })) {
    this.host = 'imports' in made ? made : createWasiCrypto(made);
    this.memory = memory;
    this.host.attach(memory);
    for (const module of Object.values(this.host.imports)) {
      for (const [name, imported] of Object.entries(module)) this.#functions.set(name, imported);
    }
  }

  /** Calls a function by its name in the definitions; throws `CallFailed` unless it succeeds. */
  call(func: string, ...args: readonly Core[]): void {
    const errno = this.raw(func, ...args);
    if (errno !== CryptoErrno.Success) throw new CallFailed(func, errnoName(errno));
  }

  /** Calls a function and returns what it returns. */
  raw(func: string, ...args: readonly Core[]): number {
    const imported = this.#functions.get(func);
    if (imported === undefined) throw new Error(`the host has no function ${func}`);
    return imported(...args);
  }

  /** Runs calls with memory of their own, which is given back afterwards. */
  scoped<T>(calls: () => T): T {
    const top = this.#top;
    try {
      return calls();
    } finally {
      this.#top = top;
    }
  }

  /** New memory, filled with `UNTOUCHED`, at an address that is not aligned. Lives until the end of `scoped`. */
  alloc(length: number): number {
    const pointer = this.#top;
    this.#top += length + 1;
    const missing = this.#top - this.memory.buffer.byteLength;
    if (missing > 0) this.memory.grow(Math.ceil(missing / PAGE));
    this.bytes(pointer, length).fill(UNTOUCHED);
    return pointer;
  }

  /** New memory that holds these bytes. */
  put(bytes: Uint8Array): number {
    const pointer = this.alloc(bytes.length);
    this.bytes(pointer, bytes.length).set(bytes);
    return pointer;
  }

  /** New memory that holds this text, as pointer and length. */
  text(text: string): readonly [number, number] {
    const bytes = new TextEncoder().encode(text);
    return [this.put(bytes), bytes.length];
  }

  /** A view; gone when memory grows. */
  bytes(pointer: number, length: number): Uint8Array {
    return new Uint8Array(this.memory.buffer, pointer, length);
  }

  /** A copy. */
  read(pointer: number, length: number): Uint8Array {
    return this.bytes(pointer, length).slice();
  }

  u32(pointer: number): number {
    return new DataView(this.memory.buffer).getUint32(pointer, true);
  }

  u64(pointer: number): bigint {
    return new DataView(this.memory.buffer).getBigUint64(pointer, true);
  }

  /** An `opt_*` union in memory: its address. */
  optional(handle: number | undefined): number {
    const pointer = this.alloc(8);
    const view = new DataView(this.memory.buffer);
    view.setUint8(pointer, handle === undefined ? 1 : 0);
    // With the tag `none` the payload is not read: it stays what it is.
    if (handle !== undefined) view.setUint32(pointer + 4, handle, true);
    return pointer;
  }

  /** Calls a function whose last argument is where its handle or size goes; returns that. */
  callForU32(func: string, ...args: readonly Core[]): number {
    return this.scoped(() => {
      const result = this.alloc(4);
      this.call(func, ...args, result);
      return this.u32(result);
    });
  }
}
