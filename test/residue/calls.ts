/** What the guest that is scanned asks of its host, in the terms of either ABI, and where things lie in its memory. */
import { CryptoErrno } from '../../generated/0.10/typescript-host/types.js';
import type { Core, CoreHost, Memory } from '../guest/guest.js';

/** What calls return. */
export const RESULT = 512;
export const KEY = 1024;
export const INPUT = 2048;
export const OUTPUT = 16 * 1024;
export const OTHER = 32 * 1024;
export const TEXT = 40 * 1024;
/** Optional handles of a core module. */
const OPTIONAL = 520;

/** Names are those of core modules, arguments those that both ABIs pass: ranges as an address and a length. */
export interface Calls {
  readonly memory: Pick<Memory, 'buffer'>;
  /** Whether there are batches, and squeezing has no size. */
  readonly component: boolean;
  run(func: string, ...args: readonly Core[]): void;
  /** A call that makes an object. */
  handle(func: string, ...args: readonly Core[]): number;
  /** A call for bytes, of so many at most. */
  bytes(func: string, subject: number, size: number, ...args: readonly Core[]): void;
  /** `symmetric_state_decrypt`, into so many bytes. */
  decrypt(state: number, size: number, ...input: readonly Core[]): void;
  /** `symmetric_state_encrypt_detached`; returns the tag. */
  encryptDetached(state: number, size: number, ...input: readonly Core[]): number;
  /** Pulls an array output; where that can be done in two parts, in two. */
  pull(output: number): void;
  open(algorithm: readonly [number, number], key: number | undefined, options: number): number;
  /** A batch whose entries are the same; the first must succeed. Ranges are an entry's. Returns the object in its result, if there is one. */
  batch(func: string, state: number, ...ranges: readonly number[]): number | undefined;
}

export class CoreCalls implements Calls {
  readonly memory: Pick<Memory, 'buffer'>;
  readonly component = false;
  readonly #functions: ReadonlyMap<string, (...args: Core[]) => unknown>;

  constructor(host: CoreHost, memory: Memory) {
    host.attach(memory);
    this.memory = memory;
    this.#functions = new Map(
      Object.values(host.imports as Record<string, Record<string, (...args: Core[]) => unknown>>).flatMap((module) =>
        Object.entries(module),
      ),
    );
  }

  run(func: string, ...args: readonly Core[]): void {
    const errno = this.#functions.get(func)?.(...args);
    if (errno !== CryptoErrno.Success) throw new Error(`${func}: ${String(errno)}`);
  }

  handle(func: string, ...args: readonly Core[]): number {
    this.run(func, ...args, RESULT);
    return new DataView(this.memory.buffer).getUint32(RESULT, true);
  }

  bytes(func: string, subject: number, size: number, ...args: readonly Core[]): void {
    // How many bytes there are is told by all but this one.
    const told = func === 'symmetric_state_squeeze' ? [] : [RESULT];
    this.run(func, subject, OUTPUT, size, ...args, ...told);
  }

  decrypt(state: number, size: number, ...input: readonly Core[]): void {
    this.bytes('symmetric_state_decrypt', state, size, ...input);
  }

  encryptDetached(state: number, size: number, ...input: readonly Core[]): number {
    return this.handle('symmetric_state_encrypt_detached', state, OUTPUT, size, ...input);
  }

  /** The first part leaves a rest. */
  pull(output: number): void {
    const size = this.handle('array_output_len', output);
    const half = size >> 1;
    if (half > 0) this.bytes('array_output_pull', output, half);
    this.run('array_output_pull', output, OUTPUT + half, size - half, RESULT);
  }

  open(algorithm: readonly [number, number], key: number | undefined, options: number): number {
    const view = new DataView(this.memory.buffer);
    view.setUint8(OPTIONAL, key === undefined ? 1 : 0);
    view.setUint32(OPTIONAL + 4, key ?? 0, true);
    view.setUint8(OPTIONAL + 8, 0);
    view.setUint32(OPTIONAL + 12, options, true);
    return this.handle('symmetric_state_open', ...algorithm, OPTIONAL, OPTIONAL + 8);
  }

  batch(func: string): never {
    throw new Error(`${func}: not implemented for core modules`);
  }
}
