/**
 * Some memory that is used again, for what waits for OpenSSL: nonces, associated data, short messages.
 *
 * A new array costs as much as hashing 64 bytes once it lies outside V8's heap, and a short one, which
 * V8 keeps in its heap, is garbage of 200 bytes and is moved out when native code looks at it: with a fresh
 * nonce and fresh associated data a short encryption by `createCipheriv` took 1.12 of its time with ones
 * in memory that had been used before (measured, Node 20). Arrays lie here wiped. When all are taken, or
 * for longer input, arrays are new and have exactly the size needed, so that many open states hold no
 * more than their input.
 *
 * How to use it: `takeBytes(size)` gives at least that many bytes, all zero, and exactly as many up to
 * `SHORT_BYTES`; `takeCopy(bytes)` always exactly as many; `giveBack(bytes, used)` wipes the front that was
 * used and must be the last use of them.
 */

export const BLOCK_BYTES = 4096;
/** Up to this size there are arrays of every size: nobody needs a view on a part of them. RSA-4096's signatures have it. */
export const SHORT_BYTES = 512;
const KEPT = 8;
/**
 * Up to this size a loop is faster than `fill` or `set`, which leave compiled JavaScript: decryption of 64
 * bytes takes 0.94 of its time (measured, Node 20).
 */
const LOOP_BYTES = 32;

/**
 * V8 keeps typed arrays of up to so many bytes inside its own heap, where collections move them and native code gets
 * copies made, and none of those are ever wiped (measured: every copy of a key of 32 bytes was found after its end).
 * Shorter ones are therefore views on slabs, which also is 20 times as fast as an ArrayBuffer each.
 */
const IN_HEAP_BYTES = 64;
/** Small, because one view keeps its whole slab: one of each slab takes 1 250 bytes, with slabs of 2 KiB 2 800 (measured). */
const SLAB_BYTES = 512;
let slab = new ArrayBuffer(SLAB_BYTES);
let slabUsed = 0;

/** New bytes for something secret, all zero: whoever wipes them leaves no copy. Their buffer can be larger than they are. */
export function newBytes(size: number): Uint8Array<ArrayBuffer> {
  if (size > IN_HEAP_BYTES) return new Uint8Array(size);
  if (slabUsed + size > SLAB_BYTES) {
    slab = new ArrayBuffer(SLAB_BYTES);
    slabUsed = 0;
  }
  const bytes = new Uint8Array(slab, slabUsed, size);
  // Native code reads words where they are aligned.
  slabUsed += (size + 7) & ~7;
  return bytes;
}

/** Arrays of one size, of which `count` are there: V8 makes a new backing store whenever a list grows from 0 to 1. */
interface Stack {
  readonly kept: Uint8Array<ArrayBuffer>[];
  count: number;
}

const none = new Uint8Array(0);
const blocks: Stack = { kept: Array.from({ length: KEPT }, () => new Uint8Array(BLOCK_BYTES)), count: KEPT };
/** By size. */
const shorts: readonly Stack[] = Array.from({ length: SHORT_BYTES + 1 }, () => ({
  kept: new Array<Uint8Array<ArrayBuffer>>(KEPT).fill(none),
  count: 0,
}));

export function takeBytes(size: number): Uint8Array<ArrayBuffer> {
  if (size > BLOCK_BYTES) return new Uint8Array(size);
  const stack = shorts[size] ?? blocks;
  if (stack.count === 0) return newBytes(size);
  stack.count -= 1;
  return stack.kept[stack.count] as Uint8Array<ArrayBuffer>;
}

/** A copy in memory of ours, whatever kind of view it was. */
export function takeCopy(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  if (bytes.length > SHORT_BYTES) return new Uint8Array(bytes);
  const copy = takeBytes(bytes.length);
  if (bytes.length > LOOP_BYTES) copy.set(bytes);
  else for (let index = 0; index < bytes.length; index += 1) copy[index] = bytes[index] as number;
  return copy;
}

/** Overwrites the front with zeros. */
export function clear(bytes: Uint8Array, length = bytes.length): void {
  if (length > LOOP_BYTES) bytes.fill(0, 0, length);
  else for (let index = 0; index < length; index += 1) bytes[index] = 0;
}

export function giveBack(bytes: Uint8Array<ArrayBuffer>, used: number): void {
  clear(bytes, used);
  if (bytes.length > SHORT_BYTES && bytes.length !== BLOCK_BYTES) return;
  const stack = shorts[bytes.length] ?? blocks;
  if (stack.count === KEPT) return;
  stack.kept[stack.count] = bytes;
  stack.count += 1;
}

/** A longer array is given up after use. */
const KEPT_BYTES = 2 ** 21;
let longest = none;

/**
 * Runs `use` with so many bytes, all zero, which are wiped when it ends. Long ones are used again, too: the pages of a new array
 * are made when they are touched, which takes longer than decrypting into them (measured: 1 MiB of AES-256-GCM, 1.7 of the time).
 */
export function withBytes<R>(size: number, use: (bytes: Uint8Array<ArrayBuffer>) => R): R {
  if (size <= BLOCK_BYTES) {
    const block = takeBytes(size);
    try {
      return use(block.length === size ? block : new Uint8Array(block.buffer, block.byteOffset, size));
    } finally {
      giveBack(block, size);
    }
  }
  const known = longest;
  const whole = known.length < size ? new Uint8Array(size) : known;
  if (whole === known) longest = none;
  try {
    return use(whole.length === size ? whole : new Uint8Array(whole.buffer, whole.byteOffset, size));
  } finally {
    clear(whole, size);
    if (whole.length <= KEPT_BYTES && whole.length > longest.length) longest = whole;
  }
}
