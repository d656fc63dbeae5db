/**
 * A few blocks of memory that are used again, for input that waits for OpenSSL.
 *
 * A new array costs as much as hashing 64 bytes once it lies outside V8's heap, and a short one, which
 * V8 keeps in its heap, is moved out when native code looks at it: with a fresh nonce and fresh
 * associated data a short encryption by `createCipheriv` took 1.12 of its time with ones in memory that
 * had been used before (measured, Node 20). Blocks lie here wiped. When all are taken, or for longer
 * input, arrays are new and have exactly the size needed, so that many open states hold no more than
 * their input.
 *
 * How to use it: `takeBytes(size)` gives at least that many bytes, all zero; `giveBack(bytes, used)`
 * wipes the front that was used and must be the last use of them.
 */

export const BLOCK_BYTES = 4096;
const KEPT = 8;
const kept: Uint8Array<ArrayBuffer>[] = Array.from({ length: KEPT }, () => new Uint8Array(BLOCK_BYTES));

export function takeBytes(size: number): Uint8Array<ArrayBuffer> {
  return (size <= BLOCK_BYTES ? kept.pop() : undefined) ?? new Uint8Array(size);
}

export function giveBack(bytes: Uint8Array<ArrayBuffer>, used: number): void {
  bytes.fill(0, 0, used);
  if (bytes.length === BLOCK_BYTES && kept.length < KEPT) kept.push(bytes);
}
