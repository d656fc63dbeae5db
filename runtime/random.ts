/** Random bytes. */
import { newBytes } from './blocks.js';
import { randomFillSync } from 'node:crypto';
import { part, wipe } from './bytes.js';
import type { Random } from './contracts/context.js';
import { fail } from './failures.js';

/** Fills the whole array with random bytes fit for keys. Throws when it cannot. */
export type RandomFill = (bytes: Uint8Array) => void;

const POOL_BYTES = 4096;
const none = new Uint8Array(0);

/**
 * Random bytes from a pool: asking the system for every nonce costs twelve times as much (measured).
 * Bytes leave the pool wiped, so that it never holds one that was given out.
 */
export class RandomSource implements Random {
  readonly isSystem: boolean;
  readonly #fill: RandomFill;
  readonly #onError: (error: unknown) => void;
  /** Made when it is first needed. */
  #pool = none;
  #used = POOL_BYTES;

  /** @param fill the source; undefined: the system's, through OpenSSL */
  constructor(fill: RandomFill | undefined, onError: (error: unknown) => void) {
    this.isSystem = fill === undefined;
    this.#fill = fill ?? ((bytes) => void randomFillSync(bytes));
    this.#onError = onError;
  }

  bytes(length: number): Uint8Array<ArrayBuffer> {
    const bytes = newBytes(length);
    if (length === 0) return bytes;
    if (length > POOL_BYTES / 4) {
      this.#draw(bytes);
      return bytes;
    }
    if (this.#used + length > POOL_BYTES) {
      if (this.#pool === none) this.#pool = new Uint8Array(POOL_BYTES);
      this.#draw(this.#pool);
      this.#used = 0;
    }
    const taken = part(this.#pool, this.#used, this.#used + length);
    bytes.set(taken);
    taken.fill(0);
    this.#used += length;
    return bytes;
  }

  /** Forgets what is left of the pool. */
  wipe(): void {
    wipe(this.#pool);
    this.#used = POOL_BYTES;
  }

  #draw(bytes: Uint8Array): void {
    try {
      this.#fill(bytes);
    } catch (error) {
      // A pool filled in part must not be taken for random bytes.
      this.wipe();
      this.#onError(error);
      throw fail.RngError;
    }
  }
}
