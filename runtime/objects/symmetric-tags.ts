/** Authentication tags. */
import { fail } from '../failures.js';
import { giveBack } from '../blocks.js';
import { sameBytes } from '../bytes.js';
import type { Account } from '../meter.js';
import { GuestObject } from './guest-object.js';

/** A tag that the host computed. There is no other way to get one. */
export class SymmetricTag extends GuestObject {
  override live = true;
  readonly #account: Account;
  readonly #bytes: Uint8Array<ArrayBuffer>;

  /**
   * Errors: `overflow`; the bytes are given back.
   *
   * @param bytes of `takeBytes`; they become this object's own
   */
  constructor(account: Account, bytes: Uint8Array<ArrayBuffer>) {
    super();
    this.#account = account;
    this.#bytes = bytes;
    this.open(account, bytes.length);
  }

  get length(): number {
    return this.#bytes.length;
  }

  /** What it keeps: wiped with it. */
  protected get bytes(): Uint8Array {
    return this.#bytes;
  }

  /** Copies the tag into a buffer of exactly its size, and ends it. Returns the size. */
  pull(into: Uint8Array): number {
    const { length } = this.#bytes;
    requireSize(into, length);
    into.set(this.#bytes);
    this.consume();
    return length;
  }

  /** Compares in constant time. Another length never matches, so no prefix does: `invalid_tag`. */
  verify(expected: Uint8Array): void {
    if (!sameBytes(this.#bytes, expected)) throw fail.InvalidTag;
  }

  protected override dispose(): void {
    this.#account.close(this.#bytes.length);
    giveBack(this.#bytes, this.#bytes.length);
  }
}

/** Output buffers have exactly the size of the output: smaller is `overflow`, larger `invalid_length`. */
export function requireSize(out: Uint8Array, length: number): void {
  if (out.length < length) throw fail.Overflow;
  if (out.length > length) throw fail.InvalidLength;
}
