/**
 * Records and variants as the host sees them: windows on memory, not managed objects. A reference to
 * one is its address. `alloc` makes memory for one or several in a row, to be given back with
 * `free`; `at` lays one over memory that is already there.
 */

import { addressOf, lengthOf } from "./buffers";

/** What all overlays have. */
@unmanaged
export class Overlay {
  get address(): usize {
    return changetype<usize>(this);
  }

  /** Gives back memory made with `alloc`. The stub runtime only reuses what was allocated last. */
  free(): void {
    heap.free(changetype<usize>(this));
  }
}

/** Memory filled with zeros. */
export function allocateZeros(size: usize): usize {
  const address = heap.alloc(size);
  memory.fill(address, 0, size);
  return address;
}

/**
 * A pointer and a length inside a record or a list: text, a buffer or a list. It keeps nothing
 * alive; what it points to must be held elsewhere until the call is over.
 */
@final
@unmanaged
export class Segment extends Overlay {
  /** Memory for `count` segments in a row. */
  static alloc(count: u32 = 1): Segment {
    return changetype<Segment>(allocateZeros(<usize>count * 8));
  }

  static at(address: usize): Segment {
    return changetype<Segment>(address);
  }

  /** The segment `index` places after this one. */
  item(index: u32): Segment {
    return changetype<Segment>(changetype<usize>(this) + <usize>index * 8);
  }

  /** The address of the first element. */
  get start(): usize {
    return load<u32>(changetype<usize>(this));
  }

  /** The number of elements: bytes of text, elements of buffers and lists. */
  get length(): u32 {
    return load<u32>(changetype<usize>(this), 4);
  }

  /** Points it at the bytes of a buffer. */
  over<Buffer>(buffer: Buffer): void {
    this.set(addressOf(buffer), <u32>lengthOf(buffer));
  }

  /** Points it at `length` elements from `start`. */
  set(start: usize, length: u32): void {
    store<u32>(changetype<usize>(this), <u32>start);
    store<u32>(changetype<usize>(this), length, 4);
  }
}
