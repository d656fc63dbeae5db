/** Ascon-Hash256 (SP 800-232, 5.1). */
import { clear, newBytes } from '../../blocks.js';
import { part } from '../../bytes.js';
import type { HashFunction } from '../../contracts/primitives.js';
import { RunningStream, type Stream } from '../running.js';
import { INPUT, requirePrimitives, STATE, withMemory } from './module.js';

const DIGEST_BYTES = 32;
const STATE_BYTES = 40;
/** Longer input crosses in pieces, so that memory stays small. */
const PIECE_BYTES = 64 * 1024;

export function asconHash(): HashFunction {
  requirePrimitives();
  return {
    name: 'ascon-hash256',
    length: DIGEST_BYTES,
    start: (account) => new RunningStream(account, () => begun()),
  };
}

function begun(): AsconHash {
  const state = newBytes(STATE_BYTES);
  withMemory(0, (primitives, memory) => {
    primitives.asconHashBegin();
    take(state, memory);
  });
  return new AsconHash(state, 0);
}

function take(state: Uint8Array, memory: Uint8Array): void {
  state.set(memory.subarray(STATE, STATE + STATE_BYTES));
}

class AsconHash implements Stream {
  readonly #state: Uint8Array;
  /** Of the block that is being filled, in bytes. */
  #used: number;

  constructor(state: Uint8Array, used: number) {
    this.#state = state;
    this.#used = used;
  }

  update(data: Uint8Array): void {
    for (let start = 0; start < data.length; start += PIECE_BYTES) {
      const piece = part(data, start, Math.min(data.length, start + PIECE_BYTES));
      withMemory(piece.length, (primitives, memory) => {
        memory.set(this.#state, STATE);
        memory.set(piece, INPUT);
        this.#used = primitives.asconHashUpdate(this.#used, INPUT, piece.length);
        take(this.#state, memory);
      });
    }
  }

  write(out: Uint8Array): void {
    withMemory(DIGEST_BYTES, (primitives, memory) => {
      memory.set(this.#state, STATE);
      primitives.asconHashEnd(this.#used, INPUT);
      out.set(memory.subarray(INPUT, INPUT + Math.min(out.length, DIGEST_BYTES)));
    });
  }

  copy(): AsconHash {
    const state = newBytes(STATE_BYTES);
    state.set(this.#state);
    return new AsconHash(state, this.#used);
  }

  end(): void {
    clear(this.#state);
  }
}
