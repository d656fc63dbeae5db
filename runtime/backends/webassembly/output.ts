/** Functions with output of any length whose state the module's memory holds during a call only. */
import { clear, newBytes } from '../../blocks.js';
import { part } from '../../bytes.js';
import type { RunningXof } from '../../contracts/primitives.js';
import type { Account } from '../../meter.js';
import { STREAM_PRICE } from '../../prices.js';
import type { Stream } from '../running.js';
import { RunningOutput, type XofComputation } from '../xof.js';
import { INPUT, withMemory, type Primitives } from './module.js';

/** One function, with its key or customization. Its state begins at `INPUT`, and holds nothing but what is public or its caller's. */
export interface Sponge {
  readonly stateBytes: number;
  /** What stands behind all input, in bytes: it costs as much each time. */
  readonly endBytes: number;
  /** Writes the state without input. It was zeros. */
  begin(memory: Uint8Array, state: number): void;
  update(primitives: Primitives, input: number, length: number): void;
  /** Ends the input. @param at where `endBytes` have room in memory */
  end(primitives: Primitives, memory: Uint8Array, at: number): void;
  /** What `output` needs in memory for so many bytes, beginning anywhere. */
  outputRoom(length: number): number;
  /** @param position of the first byte in all output @param at where there is room in memory */
  output(primitives: Primitives, memory: Uint8Array, position: number, out: Uint8Array, at: number): void;
}

/** Longer input crosses in pieces, so that memory stays small. */
const PIECE_BYTES = 64 * 1024;

const empty = new Uint8Array(0);

/** @param account charged for what is kept */
export function running(sponge: Sponge, account: Account): RunningXof {
  const computation: XofComputation = {
    prefix: empty,
    whole: (input, out) => hash(sponge, input, out),
    begin: () => new SpongeStream(sponge, begun(sponge)),
    streamPrice: sponge.stateBytes + STREAM_PRICE,
    cost: sponge.endBytes,
  };
  return new RunningOutput(computation, account);
}

/** In one crossing. */
export function hash(sponge: Sponge, input: Uint8Array, out: Uint8Array): void {
  const message = INPUT + sponge.stateBytes;
  const end = message + input.length;
  withMemory(end + sponge.endBytes + sponge.outputRoom(out.length) - INPUT, (primitives, memory) => {
    sponge.begin(memory, INPUT);
    memory.set(input, message);
    sponge.update(primitives, message, input.length);
    sponge.end(primitives, memory, end);
    sponge.output(primitives, memory, 0, out, end + sponge.endBytes);
  });
}

function begun(sponge: Sponge): Uint8Array {
  const state = newBytes(sponge.stateBytes);
  sponge.begin(state, 0);
  return state;
}

class SpongeStream implements Stream {
  readonly #sponge: Sponge;
  readonly #state: Uint8Array;
  /** Of the output's next byte; undefined: the input is not over. */
  #position: number | undefined;

  /** @param state its own from now on */
  constructor(sponge: Sponge, state: Uint8Array, position?: number) {
    this.#sponge = sponge;
    this.#state = state;
    this.#position = position;
  }

  update(data: Uint8Array): void {
    for (let start = 0; start < data.length; start += PIECE_BYTES) {
      const piece = part(data, start, Math.min(data.length, start + PIECE_BYTES));
      this.#run(piece.length, (primitives, memory, at) => {
        memory.set(piece, at);
        this.#sponge.update(primitives, at, piece.length);
        this.#take(memory);
      });
    }
  }

  write(out: Uint8Array): void {
    this.#output(0, true, out);
  }

  next(out: Uint8Array): void {
    const position = this.#position ?? 0;
    this.#output(position, this.#position === undefined, out, (memory) => {
      this.#take(memory);
      this.#position = position + out.length;
    });
  }

  copy(): SpongeStream {
    const state = newBytes(this.#state.length);
    state.set(this.#state);
    return new SpongeStream(this.#sponge, state, this.#position);
  }

  end(): void {
    clear(this.#state);
  }

  #output(position: number, ends: boolean, out: Uint8Array, afterwards?: (memory: Uint8Array) => void): void {
    const sponge = this.#sponge;
    this.#run(sponge.endBytes + sponge.outputRoom(out.length), (primitives, memory, at) => {
      if (ends) sponge.end(primitives, memory, at);
      sponge.output(primitives, memory, position, out, at + sponge.endBytes);
      afterwards?.(memory);
    });
  }

  #run(bytes: number, use: (primitives: Primitives, memory: Uint8Array, at: number) => void): void {
    withMemory(this.#state.length + bytes, (primitives, memory) => {
      memory.set(this.#state, INPUT);
      use(primitives, memory, INPUT + this.#state.length);
    });
  }

  #take(memory: Uint8Array): void {
    this.#state.set(part(memory, INPUT, INPUT + this.#state.length));
  }
}
