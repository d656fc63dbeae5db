/**
 * Memory of calls: where the host writes results, and what is lent to it while a call runs. One of each
 * serves all calls, because a component is never entered while it calls out, and every call takes its
 * result out before it returns.
 */

// A second thread would use the same memory.
if (ASC_FEATURE_THREADS) {
  ERROR("these bindings are for guests with one thread: compile without `--enable threads`");
}

/** The address of the result area, of 64 bytes. */
export const AREA: usize = memory.data(64, 16);

/** Where short values are lent, so that most calls take nothing from the heap. */
const PLACE: usize = memory.data(512, 16);
const PLACE_SIZE: usize = 512;

/** How much of it is in use. */
let used: usize = 0;

/** The newest block on the heap, which leads to the one before it; 0: there is none. */
let newest: usize = 0;

/** In front of a block: the address of the one before it, and its size. */
const HEADER: usize = 16;

/** What is lent now; to be given to `release` when the call is over. */
@inline
export function lent(): u64 {
  return ((<u64>used) << 32) | (<u64>newest);
}

/** Zeros that the host may read, at an address divisible by 8. */
export function lend(size: usize): usize {
  const rounded = (size + 7) & ~7;
  if (rounded <= PLACE_SIZE - used) {
    const address = PLACE + used;
    used += rounded;
    return address;
  }
  const block = heap.alloc(HEADER + rounded);
  store<usize>(block, newest);
  store<usize>(block, rounded, 4);
  memory.fill(block + HEADER, 0, rounded);
  newest = block;
  return block + HEADER;
}

/**
 * Takes back what was lent since `lent` was asked, the newest first, so that even the stub runtime, which
 * frees nothing but its newest block, gets all of it back. It is overwritten: it may be secret.
 */
export function release(before: u64): void {
  const block = <usize>(<u32>before);
  while (newest != block) {
    const last = newest;
    newest = load<usize>(last);
    memory.fill(last + HEADER, 0, load<usize>(last, 4));
    heap.free(last);
  }
  const start = <usize>(before >> 32);
  memory.fill(PLACE + start, 0, used - start);
  used = start;
}

/**
 * The errno of a `result` that the host has written to `at`, with an errno of type `Tag` at `payload`: 0 for
 * `ok`. An error called `success` is none a guest could tell from success: it becomes the largest number.
 */
@inline
export function takeErrno<Tag>(at: usize, payload: usize): u32 {
  return load<u8>(at) == 0 ? 0 : failure(<u32>load<Tag>(at + payload));
}

/** What the host has written to the area as a result: its errno, or the `T` that stands at `payload`. */
@inline
export function takeResult<T, Tag>(payload: usize): u64 {
  const errno = takeErrno<Tag>(AREA, payload);
  return errno != 0 ? (<u64>errno) << 32 : <u64>(<u32>load<T>(AREA + payload));
}

function failure(errno: u32): u32 {
  return errno != 0 ? errno : u32.MAX_VALUE;
}
