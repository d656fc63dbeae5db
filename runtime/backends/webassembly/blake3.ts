/** BLAKE3, in each of its modes: hashing, with a key, deriving keys from a context. */
import { newBytes } from '../../blocks.js';
import { part } from '../../bytes.js';
import type { XofFunction, XofSetup } from '../../contracts/primitives.js';
import { INPUT, requirePrimitives, type Primitives } from './module.js';
import { hash, running, type Sponge } from './output.js';

/** As in `assembly/blake3.ts`: a chunk, a node for each of 54 levels, and what tells of them. */
const STATE_BYTES = 2816;
const FLAGS = 44;
const BLOCK = 64;
/** Output is written in such pieces. */
const OUTPUT_PIECE = 4 * BLOCK;

/** The initial value of SHA-256, little-endian. */
const initial = Buffer.from('67e6096a85ae67bb72f36e3c3af54fa57f520e518c68059babd9831f19cde05b', 'hex');
const KEYED = 16;
const CONTEXT = 32;
const MATERIAL = 64;

export function blake3(): XofFunction {
  requirePrimitives();
  return { start: (setup, account) => running(modeOf(setup), account) };
}

function modeOf({ key, customization: context }: XofSetup): Blake3 {
  if (key !== undefined) return new Blake3(key, KEYED);
  if (context === undefined) return hashing;
  const contextKey = newBytes(initial.length);
  hash(new Blake3(initial, CONTEXT), context, contextKey);
  return new Blake3(contextKey, MATERIAL);
}

class Blake3 implements Sponge {
  readonly stateBytes = STATE_BYTES;
  readonly endBytes = 0;
  readonly #key: Uint8Array;
  readonly #flags: number;

  constructor(key: Uint8Array, flags: number) {
    this.#key = key;
    this.#flags = flags;
  }

  begin(memory: Uint8Array, state: number): void {
    memory.set(this.#key, state);
    memory[state + FLAGS] = this.#flags;
  }

  update(primitives: Primitives, input: number, length: number): void {
    primitives.blake3Update(INPUT, input, length);
  }

  end(primitives: Primitives): void {
    primitives.blake3End(INPUT);
  }

  outputRoom(length: number): number {
    return length + BLOCK + OUTPUT_PIECE;
  }

  output(primitives: Primitives, memory: Uint8Array, position: number, out: Uint8Array, at: number): void {
    const skipped = position % BLOCK;
    primitives.blake3Output(INPUT, (position - skipped) / BLOCK, at, skipped + out.length);
    out.set(part(memory, at + skipped, at + skipped + out.length));
  }
}

const hashing = new Blake3(initial, 0);
