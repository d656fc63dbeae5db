/**
 * libsodium in WebAssembly, instantiated at once: the package itself does so behind a promise, and a guest's calls
 * cannot wait. Its file holds the module as text, and says which export is which function.
 *
 * The module's memory is used for one call at a time, and what a call left in it is wiped, its stack included.
 */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { Unavailable, type Backend } from './backend.js';
import { openssl } from './openssl/backend.js';

export const libsodium: Backend = { kind: 'libsodium', name: 'libsodium-sumo 0.8.4' };

/** Input of up to so many bytes by libsodium, and longer input by OpenSSL. */
export function sodiumUpTo(bytes: number): Backend {
  return { ...libsodium, also: openssl.kind, name: `${libsodium.name}; ${openssl.name} from ${bytes + 1} bytes` };
}

/** Of points and scalars. */
const SIZE = 32;
/** Of one call, in bytes. */
export const SODIUM_ROOM = 72 * 1024;
/** The deepest stack of these functions has 4.5 KiB (measured). */
const STACK_BYTES = 16_384;
/** Of a block of the heap. */
const HEADER_BYTES = 8;
const functionNames = [
  'crypto_core_ristretto255_is_valid_point',
  'crypto_core_ristretto255_add',
  'crypto_core_ristretto255_sub',
  'crypto_core_ristretto255_from_hash',
  'crypto_scalarmult_ristretto255',
  'crypto_scalarmult_ristretto255_base',
  'crypto_core_ed25519_is_valid_point',
  'crypto_core_ed25519_add',
  'crypto_core_ed25519_sub',
  'crypto_scalarmult_ed25519_noclamp',
  'crypto_scalarmult_ed25519_base_noclamp',
  'crypto_generichash_blake2b_init',
  'crypto_generichash_blake2b_update',
  'crypto_generichash_blake2b_final',
  'crypto_aead_xchacha20poly1305_ietf_encrypt_detached',
  'crypto_aead_xchacha20poly1305_ietf_decrypt_detached',
  'malloc',
] as const;

type FunctionName = (typeof functionNames)[number];
type WasmFunction = (...args: readonly number[]) => number;
type Exports = Readonly<Record<string, unknown>>;

/** `WebAssembly`, by what counts (its types need the DOM's library). */
interface Engine {
  readonly Module: {
    new (bytes: Uint8Array): object;
    imports(module: object): readonly { readonly module: string; readonly name: string }[];
  };
  readonly Instance: new (module: object, imports: object) => { readonly exports: Exports };
}

/** Functions of libsodium. */
export class Sodium {
  readonly #functions: ReadonlyMap<FunctionName, WasmFunction>;
  /** All of its memory. */
  readonly bytes: Uint8Array;
  /** Room for what goes into a call, and comes out. */
  readonly #room: number;

  /** @param exported names of exports, by those of functions */
  constructor(found: Exports, exported: ReadonlyMap<string, string>) {
    this.#functions = new Map(
      functionNames.map((name) => {
        const each = found[exported.get(name) ?? ''];
        if (typeof each !== 'function') throw new Unavailable(`this libsodium has no ${name}`);
        return [name, each as WasmFunction];
      }),
    );
    const memory = Object.values(found).find(isMemory);
    if (memory === undefined) throw new Unavailable('this libsodium has no memory');
    this.#room = this.call('malloc', SODIUM_ROOM);
    this.bytes = new Uint8Array(memory.buffer);
  }

  /** Runs `use` with so many bytes of room, up to `SODIUM_ROOM`; what is in them then is wiped. @param use gets their address */
  withRoom(size: number, use: (at: number) => void): void {
    try {
      use(this.#room);
    } finally {
      this.#wipe(size);
    }
  }

  call(name: FunctionName, ...args: readonly number[]): number {
    return (this.#functions.get(name) as WasmFunction)(...args);
  }

  /** Calls a function whose result comes first; false: it refuses, and nothing is written. @param out 32 bytes @param inputs 32 or 64 bytes each, up to four */
  into(name: FunctionName, out: Uint8Array, ...inputs: readonly Uint8Array[]): boolean {
    try {
      let at = this.#room + SIZE;
      const addresses = inputs.map((input) => {
        this.bytes.set(input, at);
        at += input.length;
        return at - input.length;
      });
      if (this.call(name, this.#room, ...addresses) !== 0) return false;
      out.set(this.bytes.subarray(this.#room, this.#room + SIZE));
      return true;
    } finally {
      this.#wipe(9 * SIZE);
    }
  }

  /** Whether a function says yes to 32 bytes. */
  holds(name: FunctionName, input: Uint8Array): boolean {
    this.bytes.set(input, this.#room);
    const answer = this.call(name, this.#room);
    this.#wipe(SIZE);
    return answer === 1;
  }

  /** The room, and the stack, which ends where the heap begins: before the first block. */
  #wipe(size: number): void {
    const stack = this.#room - HEADER_BYTES;
    this.bytes.fill(0, stack - STACK_BYTES, stack);
    this.bytes.fill(0, this.#room, this.#room + size);
  }
}

function isMemory(value: unknown): value is { readonly buffer: ArrayBuffer } {
  return typeof value === 'object' && value !== null && 'buffer' in value && value.buffer instanceof ArrayBuffer;
}

type Loaded = { readonly sodium: Sodium } | { readonly reason: string };
let loaded: Loaded | undefined;

/** Throws `Unavailable` where the package is not installed, or is not as expected. */
export function loadSodium(): Sodium {
  loaded ??= load();
  if ('reason' in loaded) throw new Unavailable(loaded.reason);
  return loaded.sodium;
}

function load(): Loaded {
  try {
    const main = createRequire(import.meta.url).resolve('libsodium-sumo');
    const file = join(dirname(dirname(main)), 'modules-sumo-esm/libsodium-sumo.mjs');
    return { sodium: instantiate(readFileSync(file, 'utf8')) };
  } catch (error) {
    if (error instanceof Unavailable) return { reason: error.message };
    const missing = error instanceof Error && 'code' in error && error.code === 'MODULE_NOT_FOUND';
    return { reason: missing ? 'libsodium-sumo is not installed' : 'libsodium-sumo cannot be loaded' };
  }
}

/** @param source of the package: the module as text, beside statements that name its exports */
function instantiate(source: string): Sodium {
  const text = /"(AGFzb[A-Za-z0-9+/=]+)"/.exec(source)?.[1];
  if (text === undefined) throw new Unavailable('libsodium-sumo holds no module where it did');
  const { Module, Instance } = (globalThis as unknown as { readonly WebAssembly: Engine }).WebAssembly;
  const module = new Module(Buffer.from(text, 'base64'));
  const refused = (): never => {
    throw new Error('libsodium asked for something of its environment');
  };
  const imports: Record<string, Record<string, () => never>> = {};
  for (const { module: from, name } of Module.imports(module)) imports[from] = { ...imports[from], [name]: refused };
  const names = [...source.matchAll(/\._(\w+)=\w\.(\w+)/g)].map(([, name = '', short = '']) => [name, short] as const);
  return new Sodium(new Instance(module, imports).exports, new Map(names));
}
