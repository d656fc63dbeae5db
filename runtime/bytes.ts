/**
 * Bytes in memory of ours: wiping, comparing, collecting.
 *
 * How to use it: `wipe` whatever held a secret; `sameBytes` for anything that an attacker could
 * guess at; `ByteCollector` for input that has to be kept until a later call (it obeys a limit, charges an
 * account, and grows by wiping what it leaves behind). Views on guest memory never outlive the call they came with.
 */
import { timingSafeEqual } from 'node:crypto';
import { fail } from './failures.js';
import { clear, giveBack, newBytes, takeBytes } from './blocks.js';
import type { Account } from './meter.js';

const empty = new Uint8Array(0);

/** Overwrites with zeros. */
export function wipe(...buffers: readonly (Uint8Array | undefined)[]): void {
  for (const buffer of buffers) if (buffer !== undefined) clear(buffer);
}

/** One new array of all parts in order. */
export function concat(...parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  let length = 0;
  for (const part of parts) length += part.length;
  const whole = newBytes(length);
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

/** Equality in a time that depends on the lengths alone; other lengths are never equal. */
export function sameBytes(left: Uint8Array, right: Uint8Array): boolean {
  return left.length === right.length && timingSafeEqual(left, right);
}

/** Whether two views share a byte. */
export function overlap(left: Uint8Array, right: Uint8Array): boolean {
  return (
    left.buffer === right.buffer &&
    left.byteOffset < right.byteOffset + right.byteLength &&
    right.byteOffset < left.byteOffset + left.byteLength
  );
}

/** A copy in memory of ours, whatever kind of view it was (`Buffer.slice` would share). */
export function copyOf(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  const copy = newBytes(bytes.length);
  copy.set(bytes);
  return copy;
}

/** The same bytes as `bytes.subarray(start, end)`, in 0.3 of its time on Node 20 and 0.6 on Node 24 (measured). The range must lie inside. */
export function part(bytes: Uint8Array, start: number, end: number): Uint8Array {
  return new Uint8Array(bytes.buffer, bytes.byteOffset + start, end - start);
}

/** Bytes that arrive in parts and are needed together. */
export class ByteCollector {
  readonly #limit: number;
  readonly #account: Account;
  #bytes: Uint8Array<ArrayBuffer> = empty;
  #length = 0;
  /** What was charged: as much of the array as may be used. A pooled array can be longer, and is not a guest's. */
  #capacity = 0;

  /**
   * @param limit greatest total, in bytes
   * @param account charged for what is kept
   */
  constructor(limit: number, account: Account) {
    this.#limit = limit;
    this.#account = account;
  }

  get length(): number {
    return this.#length;
  }

  /** Adds a copy. Over the limit, or the budget: `overflow`, and nothing is added. */
  append(data: Uint8Array): void {
    const length = this.#length + data.length;
    if (length > this.#limit) throw fail.Overflow;
    this.#account.spend(data.length);
    if (length > this.#capacity) this.#grow(length);
    this.#bytes.set(data, this.#length);
    this.#length = length;
  }

  /** Everything so far; valid until the next `append` or `wipe`. */
  view(): Uint8Array {
    return this.#length === this.#bytes.length ? this.#bytes : part(this.#bytes, 0, this.#length);
  }

  /** Errors: `overflow`. */
  clone(): ByteCollector {
    const copy = new ByteCollector(this.#limit, this.#account);
    copy.append(this.view());
    return copy;
  }

  wipe(): void {
    if (this.#bytes.length > 0) giveBack(this.#bytes, this.#length);
    this.#account.giveBack(this.#capacity);
    this.#bytes = empty;
    this.#length = 0;
    this.#capacity = 0;
  }

  #grow(length: number): void {
    // The first part is mostly the only one: it gets exactly its size.
    const wanted = this.#length === 0 ? length : Math.min(this.#limit, Math.max(length, this.#capacity * 2));
    const capacity = wanted - this.#capacity > this.#account.left ? length : wanted;
    const more = capacity - this.#capacity;
    this.#account.charge(more);
    this.#capacity = capacity;
    if (capacity <= this.#bytes.length) return;
    try {
      const grown = takeBytes(capacity);
      if (this.#length > 0) grown.set(this.view());
      // In place before the old one is wiped: a call can end anywhere where the stack does.
      const old = this.#bytes;
      this.#bytes = grown;
      if (old.length > 0) giveBack(old, this.#length);
    } catch (error) {
      // The machine has less memory than the budget.
      this.#account.giveBack(more);
      this.#capacity -= more;
      throw error;
    }
  }
}
