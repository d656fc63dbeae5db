/** Xoodyak (NIST LWC, final round): Cyclist's calls over a state that its owner keeps. */
import { timingSafeEqual } from 'node:crypto';
import { clear, newBytes } from '../../blocks.js';
import type { Duplex, DuplexFunction } from '../../contracts/primitives.js';
import { fail } from '../../failures.js';
import { INPUT, requirePrimitives, STATE, TAG, withMemory, type Primitives } from './module.js';

const STATE_BYTES = 48;
/** Rates in bytes: of unkeyed states, and of keyed ones that absorb and squeeze. */
const HASH_RATE = 16;
const ABSORB_RATE = 44;
const SQUEEZE_RATE = 24;
const RATCHET_BYTES = 16;
const TAG_BYTES = 16;

/** Domains, which keep calls apart. */
const domain = { absorb: 0x03, absorbKey: 0x02, ratchet: 0x10, squeezeKey: 0x20, squeeze: 0x40 };

export function xoodyak(): DuplexFunction {
  requirePrimitives();
  return {
    tagLength: TAG_BYTES,
    start(key, id) {
      const cyclist = new Cyclist(newBytes(STATE_BYTES), key !== undefined, true);
      if (key !== undefined) cyclist.begin(key, id);
      return cyclist;
    },
  };
}

class Cyclist implements Duplex {
  readonly #state: Uint8Array;
  readonly #keyed: boolean;
  #isUp: boolean;

  constructor(state: Uint8Array, keyed: boolean, isUp: boolean) {
    this.#state = state;
    this.#keyed = keyed;
    this.#isUp = isUp;
  }

  /** AbsorbKey, without a counter. */
  begin(key: Uint8Array, id: Uint8Array): void {
    const length = key.length + id.length + 1;
    this.#run(length, (primitives, memory) => {
      memory.set(key, INPUT);
      memory.set(id, INPUT + key.length);
      memory[INPUT + length - 1] = id.length;
      return this.#absorbAny(primitives, this.#isUp, domain.absorbKey, length);
    });
  }

  absorb(data: Uint8Array): void {
    this.#run(data.length, (primitives, memory) => {
      memory.set(data, INPUT);
      return this.#absorbAny(primitives, this.#isUp, domain.absorb, data.length);
    });
  }

  squeeze(out: Uint8Array): void {
    this.#squeeze(domain.squeeze, out);
  }

  squeezeKey(out: Uint8Array): void {
    this.#squeeze(domain.squeezeKey, out);
  }

  encrypt(data: Uint8Array, out: Uint8Array, tag: Uint8Array): void {
    this.#crypt(false, data, (message, computed) => {
      out.set(message);
      tag.set(computed);
    });
  }

  decrypt(data: Uint8Array, tag: Uint8Array, out: Uint8Array): void {
    // Outputs may overlap it.
    const given = new Uint8Array(tag);
    this.#crypt(true, data, (message, computed) => {
      if (!timingSafeEqual(computed, given)) throw fail.InvalidTag;
      out.set(message);
    });
  }

  ratchet(): void {
    this.#run(RATCHET_BYTES, (primitives) => {
      primitives.cyclistSqueeze(true, SQUEEZE_RATE, domain.ratchet, INPUT, RATCHET_BYTES);
      return this.#absorbAny(primitives, true, 0, RATCHET_BYTES);
    });
  }

  copy(): Cyclist {
    const state = newBytes(STATE_BYTES);
    state.set(this.#state);
    return new Cyclist(state, this.#keyed, this.#isUp);
  }

  wipe(): void {
    clear(this.#state);
  }

  #absorbAny(primitives: Primitives, isUp: boolean, color: number, length: number): false {
    primitives.cyclistAbsorb(this.#keyed, isUp, this.#keyed ? ABSORB_RATE : HASH_RATE, color, INPUT, length);
    return false;
  }

  #squeeze(color: number, out: Uint8Array): void {
    this.#run(out.length, (primitives, memory) => {
      primitives.cyclistSqueeze(this.#keyed, this.#keyed ? SQUEEZE_RATE : HASH_RATE, color, INPUT, out.length);
      out.set(memory.subarray(INPUT, INPUT + out.length));
      return true;
    });
  }

  /** Crypt, then Squeeze. @param finish gets the message as it is afterwards, and the tag */
  #crypt(decrypt: boolean, data: Uint8Array, finish: (message: Uint8Array, tag: Uint8Array) => void): void {
    this.#run(data.length, (primitives, memory) => {
      memory.set(data, INPUT);
      primitives.cyclistCrypt(decrypt, SQUEEZE_RATE, INPUT, data.length);
      primitives.cyclistSqueeze(true, SQUEEZE_RATE, domain.squeeze, TAG, TAG_BYTES);
      finish(memory.subarray(INPUT, INPUT + data.length), memory.subarray(TAG, TAG + TAG_BYTES));
      return true;
    });
  }

  /**
   * The state changes only if `use` ends.
   *
   * @param bytes of memory that it needs
   * @param use returns whether the phase is up afterwards
   */
  #run(bytes: number, use: (primitives: Primitives, memory: Uint8Array) => boolean): void {
    withMemory(bytes, (primitives, memory) => {
      memory.set(this.#state, STATE);
      const isUp = use(primitives, memory);
      this.#state.set(memory.subarray(STATE, STATE + STATE_BYTES));
      this.#isUp = isUp;
    });
  }
}
