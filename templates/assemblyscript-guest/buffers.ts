/**
 * Buffers: where a call reads or writes bytes. Every call that takes one accepts an `ArrayBuffer`, a
 * typed array, a `DataView`, a `StaticArray<u8>` or a `Slice`, and works on its memory directly.
 */

/**
 * A part of a buffer, or of any memory. Unlike `subarray` it can be used again and again for other
 * parts, so that a loop over pieces allocates nothing:
 *
 * ```ts
 * const chunk = new StaticArray<u8>(4096);
 * const slice = new Slice();
 * for (let count = read(chunk); count > 0; count = read(chunk)) state.absorb(slice.of(chunk, 0, count));
 * ```
 */
@final
export class Slice {
  /** Of the first byte. */
  address: usize = 0;
  /** In bytes. */
  length: usize = 0;
  /** Keeps the buffer alive; a `StaticArray` or a view stands here under a type it does not have. */
  private owner: ArrayBuffer | null = null;

  /** Makes this the bytes from `start` up to but without `end` of a buffer, and returns it. */
  of<Buffer>(buffer: Buffer, start: usize, end: usize): Slice {
    if (start > end || end > lengthOf(buffer)) throw new RangeError("the slice does not lie in its buffer");
    this.address = addressOf(buffer) + start;
    this.length = end - start;
    if (buffer instanceof Slice) this.owner = buffer.owner;
    else this.owner = changetype<ArrayBuffer>(changetype<usize>(buffer));
    return this;
  }

  /** Makes this a range of memory that is no managed object, and returns it. */
  at(address: usize, length: usize): Slice {
    this.address = address;
    this.length = length;
    this.owner = null;
    return this;
  }
}

/** The address of a buffer's first byte. */
export function addressOf<Buffer>(buffer: Buffer): usize {
  if (isNullable<Buffer>()) {
    ERROR("a buffer may not be null: check it first, then pass it with `!`");
    return 0;
  }
  if (buffer instanceof ArrayBuffer) return changetype<usize>(buffer);
  if (buffer instanceof StaticArray<u8>) return changetype<usize>(buffer);
  if (buffer instanceof ArrayBufferView) return buffer.dataStart;
  if (buffer instanceof DataView) return buffer.dataStart;
  if (buffer instanceof Slice) return buffer.address;
  ERROR("a buffer is an ArrayBuffer, a typed array, a DataView, a StaticArray<u8> or a Slice; the bytes of a string are String.UTF8.encode(text)");
  return 0;
}

/** The number of bytes in a buffer. */
export function lengthOf<Buffer>(buffer: Buffer): usize {
  if (buffer instanceof ArrayBuffer) return <usize>buffer.byteLength;
  if (buffer instanceof StaticArray<u8>) return <usize>buffer.length;
  if (buffer instanceof ArrayBufferView) return <usize>buffer.byteLength;
  if (buffer instanceof DataView) return <usize>buffer.byteLength;
  if (buffer instanceof Slice) return buffer.length;
  // `addressOf` refuses everything else, and the two are always called together.
  return 0;
}
