/** Results whose size the guest cannot know beforehand. */
import { clear, giveBack } from '../blocks.js';
import { part } from '../bytes.js';
import type { Account } from '../meter.js';
import { GuestObject } from './guest-object.js';

/** Bytes that the guest pulls in as many parts as it likes; wiped when it has them all. */
export class ArrayOutput extends GuestObject {
  override live = true;
  readonly #account: Account;
  readonly #bytes: Uint8Array;
  readonly #length: number;
  /** Memory to give back. */
  readonly #taken: Uint8Array<ArrayBuffer> | undefined;
  #pulled = 0;

  /**
   * Errors: `overflow`; the bytes are wiped.
   *
   * @param bytes becomes this object's own and is wiped by it: hand over a copy
   * @param taken the same, where it lies in memory to give back (`blocks.ts`)
   */
  constructor(account: Account, bytes: Uint8Array, taken?: Uint8Array<ArrayBuffer>) {
    super();
    this.#account = account;
    this.#bytes = bytes;
    this.#taken = taken;
    this.#length = bytes.length;
    this.open(account, bytes.length);
  }

  /** The total, whatever has been pulled. */
  get length(): number {
    return this.#length;
  }

  /** Copies the next bytes, and ends the object with the last one. Returns how many. */
  pull(into: Uint8Array): number {
    const count = Math.min(into.length, this.#length - this.#pulled);
    into.set(count === this.#length ? this.#bytes : part(this.#bytes, this.#pulled, this.#pulled + count));
    this.#pulled += count;
    if (this.#pulled === this.#length) this.consume();
    return count;
  }

  protected override dispose(): void {
    if (this.#taken === undefined) clear(this.#bytes);
    else giveBack(this.#taken, this.#length);
    this.#account.close(this.#length);
  }
}
