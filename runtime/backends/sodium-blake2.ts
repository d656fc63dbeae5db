/** BLAKE2b of libsodium in WebAssembly. Its states are kept here, and are in its memory during a call only. */
import { BLOCK_BYTES, clear, newBytes } from '../blocks.js';
import { part } from '../bytes.js';
import { STREAM_PRICE } from '../prices.js';
import { Unavailable } from './backend.js';
import { blake2Backend } from './blake2.js';
import { libsodium, loadSodium, SODIUM_ROOM, sodiumUpTo, type Sodium } from './libsodium.js';
import { opensslStream } from './openssl/hashes.js';
import type { Computation, Stream } from './running.js';

/** `crypto_generichash_blake2b_statebytes()`. */
const STATE = 384;
/** Of the longest key, and of the longest digest. */
const LARGEST = 64;
/** Longer input crosses in pieces. */
const PIECE = 64 * 1024;
/** State, then key, digest or a piece of input, which have one place. */
const ROOM = STATE + PIECE;
if (ROOM > SODIUM_ROOM) throw new RangeError('a piece of input does not fit');

const empty = new Uint8Array(0);

export const sodiumBlake2 = blake2Backend(libsodium, computationOf);

/** What is kept of long input that has no key is OpenSSL's, which takes 0.8 of libsodium's time for a byte (measured). */
export const sodiumAndOpensslBlake2 = blake2Backend(sodiumUpTo(BLOCK_BYTES), (length) => {
  if (length !== LARGEST) throw new Unavailable('node:crypto has no BLAKE2b of this size');
  const begin = opensslStream('blake2b512', LARGEST);
  const ofSodium = computationOf(length);
  return (key) => (key === undefined ? { prefix: empty, whole: ofSodium(key).whole, begin } : ofSodium(key));
});

function computationOf(length: number): (key: Uint8Array | undefined) => Computation {
  const sodium = loadSodium();
  return (key = empty) => ({
    prefix: empty,
    whole(input, out) {
      sodium.withRoom(STATE + Math.max(input.length, LARGEST), (state) => {
        begin(sodium, state, key, length);
        absorb(sodium, state, input);
        finish(sodium, state, length, out);
      });
    },
    begin() {
      const state = newBytes(STATE);
      sodium.withRoom(STATE + LARGEST, (at) => {
        begin(sodium, at, key, length);
        state.set(part(sodium.bytes, at, at + STATE));
      });
      return new SodiumStream(sodium, state, length);
    },
    streamPrice: STATE + STREAM_PRICE,
  });
}

function begin(sodium: Sodium, state: number, key: Uint8Array, length: number): void {
  sodium.bytes.set(key, state + STATE);
  succeeded(sodium.call('crypto_generichash_blake2b_init', state, state + STATE, key.length, length));
}

/** @param input up to a piece */
function absorb(sodium: Sodium, state: number, input: Uint8Array): void {
  sodium.bytes.set(input, state + STATE);
  // The length has 64 bits, which cross in halves.
  succeeded(sodium.call('crypto_generichash_blake2b_update', state, state + STATE, input.length, 0));
}

/** Writes the front of the digest. */
function finish(sodium: Sodium, state: number, length: number, out: Uint8Array): void {
  const at = state + STATE;
  succeeded(sodium.call('crypto_generichash_blake2b_final', state, at, length));
  out.set(part(sodium.bytes, at, at + out.length));
}

function succeeded(status: number): void {
  if (status !== 0) throw new Error('libsodium refused BLAKE2b');
}

/** A call changes a copy of the state, which then takes the place of the state: the end of the stack can cut it off anywhere. */
class SodiumStream implements Stream {
  readonly #sodium: Sodium;
  readonly #state: Uint8Array;
  readonly #length: number;

  /** @param state its own from now on @param length of the digest, in bytes */
  constructor(sodium: Sodium, state: Uint8Array, length: number) {
    this.#sodium = sodium;
    this.#state = state;
    this.#length = length;
  }

  update(data: Uint8Array): void {
    const { bytes } = this.#sodium;
    const size = STATE + Math.min(data.length, PIECE);
    this.#sodium.withRoom(size, (at) => {
      bytes.set(this.#state, at);
      for (let start = 0; start < data.length; start += PIECE)
        absorb(this.#sodium, at, part(data, start, Math.min(data.length, start + PIECE)));
      this.#state.set(part(bytes, at, at + STATE));
    });
  }

  write(out: Uint8Array): void {
    this.#sodium.withRoom(STATE + LARGEST, (at) => {
      this.#sodium.bytes.set(this.#state, at);
      finish(this.#sodium, at, this.#length, out);
    });
  }

  copy(): SodiumStream {
    const state = newBytes(STATE);
    state.set(this.#state);
    return new SodiumStream(this.#sodium, state, this.#length);
  }

  end(): void {
    clear(this.#state);
  }
}
