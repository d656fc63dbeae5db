/**
 * Primitives of our own, for what neither Node's OpenSSL nor a kept library has (BLAKE3, TurboSHAKE and KangarooTwelve: has at a part of the speed): a
 * module of WebAssembly, which `npm run build` compiles from `assembly/`. There, words of 64 and 128 bits are ones of the
 * processor, and no type of a value can change how long an instruction takes.
 *
 * How to use it: `withMemory(bytes, use)`. Everything that was in its memory is wiped when `use` ends.
 */
import { fail } from '../../failures.js';
import type { Backend } from '../backend.js';
import { moduleBytes } from './module-bytes.js';

/** Its functions: `assembly/` tells of each. Addresses and sizes are in bytes. */
export interface Primitives {
  readonly memory: { readonly buffer: ArrayBuffer; grow(pages: number): number };
  aegis(
    long: boolean,
    lanes: number,
    decrypt: boolean,
    associated: number,
    associatedLength: number,
    message: number,
    length: number,
  ): void;
  asconAead(decrypt: boolean, associated: number, associatedLength: number, message: number, length: number): void;
  asconHashBegin(): void;
  asconHashUpdate(used: number, input: number, length: number): number;
  asconHashEnd(used: number, out: number): void;
  cyclistAbsorb(keyed: boolean, isUp: boolean, rate: number, domain: number, input: number, length: number): void;
  cyclistSqueeze(keyed: boolean, rate: number, domain: number, out: number, length: number): void;
  cyclistCrypt(decrypt: boolean, rate: number, message: number, length: number): void;
  blake3Update(state: number, input: number, length: number): void;
  blake3End(state: number): void;
  blake3Output(state: number, first: number, out: number, length: number): void;
  keccakUpdate(state: number, input: number, length: number): void;
  keccakEnd(state: number, domain: number): void;
  keccakOutput(state: number, out: number, length: number): void;
  kangarooUpdate(state: number, input: number, length: number): void;
  kangarooEnd(state: number): void;
  bytesAdd(little: boolean, a: number, b: number, length: number, carry: number): void;
  bytesAny(a: number, length: number): number;
  bytesCompare(little: boolean, a: number, b: number, length: number): number;
  bytesSelect(choice: number, a: number, b: number, length: number): void;
  paddingIso(window: number, length: number): number;
  paddingPkcs7(window: number, length: number): number;
  textDecode(alphabet: number, input: number, length: number, out: number): number;
  textEncode(alphabet: number, input: number, length: number, out: number): void;
  textStrip(text: number, length: number, set: number, size: number): number;
  polyval(input: number, length: number): void;
  counters(first: number, start: number, out: number, blocks: number): void;
  addStream(message: number, stream: number, length: number): void;
}

/** Where things lie in memory, as in `assembly/layout.ts`. */
export const KEY = 0;
export const NONCE = 32;
export const TAG = 64;
export const STATE = 96;
export const INPUT = 1024;

const PAGE = 65_536;
/** A larger memory is given up after use: it could never shrink. */
const KEPT_PAGES = 32;

export const own: Backend = { kind: 'own', name: 'WebAssembly of this package' };

/** `WebAssembly`, by what counts (its types need the DOM's library). */
interface Engine {
  Module: new (bytes: Uint8Array) => object;
  Instance: new (module: object) => { readonly exports: unknown };
}

let compiled: object | undefined;
let current: Primitives | undefined;
/** All of the memory of `current`. */
let view = new Uint8Array(0);

function instantiated(): Primitives {
  const { Module, Instance } = (globalThis as unknown as { readonly WebAssembly: Engine }).WebAssembly;
  compiled ??= new Module(moduleBytes());
  return new Instance(compiled).exports as Primitives;
}

/** Throws `Unavailable` where the module is missing. */
export function requirePrimitives(): void {
  current ??= instantiated();
}

/**
 * Runs `use` with memory for at least so many bytes of input from `INPUT` on. Errors: what `use` throws; `overflow` where
 * there is not so much memory.
 */
export function withMemory<R>(bytes: number, use: (primitives: Primitives, memory: Uint8Array) => R): R {
  const primitives = (current ??= instantiated());
  const end = INPUT + bytes;
  if (primitives.memory.buffer.byteLength < end) grow(primitives, end);
  if (view.buffer !== primitives.memory.buffer) view = new Uint8Array(primitives.memory.buffer);
  const memory = view;
  try {
    return use(primitives, memory);
  } finally {
    memory.fill(0, 0, end);
    if (memory.length > KEPT_PAGES * PAGE) {
      current = undefined;
      view = new Uint8Array(0);
    }
  }
}

function grow({ memory }: Primitives, end: number): void {
  try {
    memory.grow(Math.ceil((end - memory.buffer.byteLength) / PAGE));
  } catch {
    throw fail.Overflow;
  }
}

/** The next address where words are aligned. */
export function aligned(address: number): number {
  return (address + 63) & ~63;
}
