/** BLAKE3, in each of its modes: hashing, with a key, deriving keys from a context. */
import { clear, newBytes } from '../../blocks.js';
import { part } from '../../bytes.js';
import type { XofFunction, XofSetup } from '../../contracts/primitives.js';
import { STREAM_PRICE } from '../../prices.js';
import type { Stream } from '../running.js';
import { RunningOutput, type XofComputation } from '../xof.js';
import { INPUT, requirePrimitives, withMemory, type Primitives } from './module.js';

/** As in `assembly/blake3.ts`: a chunk, a node for each of 54 levels, and what tells of them. */
const STATE_BYTES = 2816;
const FLAGS = 44;
const MESSAGE = INPUT + STATE_BYTES;
const BLOCK = 64;
/** Output is written in such pieces. */
const OUTPUT_PIECE = 4 * BLOCK;
/** Longer input crosses in pieces, so that memory stays small. */
const PIECE_BYTES = 64 * 1024;

/** The key of each mode. */
interface Mode {
  readonly key: Uint8Array;
  readonly flags: number;
}

/** The initial value of SHA-256, little-endian. */
const initial = Buffer.from('67e6096a85ae67bb72f36e3c3af54fa57f520e518c68059babd9831f19cde05b', 'hex');
const hashing: Mode = { key: initial, flags: 0 };
const KEYED = 16;
const CONTEXT = 32;
const MATERIAL = 64;

const empty = new Uint8Array(0);

export function blake3(): XofFunction {
  requirePrimitives();
  return {
    start(setup, account) {
      const mode = modeOf(setup);
      const computation: XofComputation = {
        prefix: empty,
        whole: (input, out) => hash(mode, input, out),
        begin: () => new Blake3Stream(begun(mode)),
        streamPrice: STATE_BYTES + STREAM_PRICE,
        cost: 0,
      };
      return new RunningOutput(computation, account);
    },
  };
}

function modeOf({ key, customization: context }: XofSetup): Mode {
  if (key !== undefined) return { key, flags: KEYED };
  if (context === undefined) return hashing;
  const contextKey = newBytes(initial.length);
  hash({ key: initial, flags: CONTEXT }, context, contextKey);
  return { key: contextKey, flags: MATERIAL };
}

/** In one crossing. */
function hash(mode: Mode, input: Uint8Array, out: Uint8Array): void {
  const end = MESSAGE + input.length;
  withMemory(end + outputRoom(out.length) - INPUT, (primitives, memory) => {
    writeMode(mode, memory, INPUT);
    memory.set(input, MESSAGE);
    primitives.blake3Update(INPUT, MESSAGE, input.length);
    primitives.blake3End(INPUT);
    output(primitives, memory, 0, out, end);
  });
}

function begun(mode: Mode): Uint8Array {
  const state = newBytes(STATE_BYTES);
  writeMode(mode, state, 0);
  return state;
}

function writeMode({ key, flags }: Mode, out: Uint8Array, state: number): void {
  out.set(key, state);
  out[state + FLAGS] = flags;
}

/** What output of so many bytes takes, beginning anywhere in a block. */
function outputRoom(length: number): number {
  return length + BLOCK + OUTPUT_PIECE;
}

/** @param position of the first byte in all output @param at where there is room in memory */
function output(primitives: Primitives, memory: Uint8Array, position: number, out: Uint8Array, at: number): void {
  const skipped = position % BLOCK;
  primitives.blake3Output(INPUT, (position - skipped) / BLOCK, at, skipped + out.length);
  out.set(part(memory, at + skipped, at + skipped + out.length));
}

class Blake3Stream implements Stream {
  readonly #state: Uint8Array;
  /** Of the output's next byte; undefined: the input is not over. */
  #position: number | undefined;

  /** @param state its own from now on */
  constructor(state: Uint8Array, position?: number) {
    this.#state = state;
    this.#position = position;
  }

  update(data: Uint8Array): void {
    for (let start = 0; start < data.length; start += PIECE_BYTES) {
      const piece = part(data, start, Math.min(data.length, start + PIECE_BYTES));
      withMemory(STATE_BYTES + piece.length, (primitives, memory) => {
        memory.set(this.#state, INPUT);
        memory.set(piece, MESSAGE);
        primitives.blake3Update(INPUT, MESSAGE, piece.length);
        this.#take(memory);
      });
    }
  }

  write(out: Uint8Array): void {
    withMemory(STATE_BYTES + outputRoom(out.length), (primitives, memory) => {
      memory.set(this.#state, INPUT);
      primitives.blake3End(INPUT);
      output(primitives, memory, 0, out, MESSAGE);
    });
  }

  next(out: Uint8Array): void {
    const position = this.#position ?? 0;
    withMemory(STATE_BYTES + outputRoom(out.length), (primitives, memory) => {
      memory.set(this.#state, INPUT);
      if (this.#position === undefined) primitives.blake3End(INPUT);
      output(primitives, memory, position, out, MESSAGE);
      this.#take(memory);
      this.#position = position + out.length;
    });
  }

  copy(): Blake3Stream {
    const state = newBytes(STATE_BYTES);
    state.set(this.#state);
    return new Blake3Stream(state, this.#position);
  }

  end(): void {
    clear(this.#state);
  }

  #take(memory: Uint8Array): void {
    this.#state.set(part(memory, INPUT, INPUT + STATE_BYTES));
  }
}
