/** Where the guest keeps what it passes to the host. Nothing here is ever freed. */

/** UTF-8 text, as the host takes it. */
export class Text {
  readonly pointer: usize;
  readonly length: usize;

  constructor(text: string) {
    const bytes = String.UTF8.encode(text);
    this.pointer = changetype<usize>(bytes);
    this.length = <usize>bytes.byteLength;
  }
}

/** Bytes at a fixed place. */
export class Bytes {
  readonly pointer: usize;
  readonly length: usize;

  constructor(length: usize) {
    this.pointer = heap.alloc(length);
    this.length = length;
  }

  static ofHex(hex: string): Bytes {
    const bytes = new Bytes(<usize>hex.length >> 1);
    for (let at: usize = 0; at < bytes.length; at += 1) store<u8>(bytes.pointer + at, <u8>U32.parseInt(hex.substr(<i32>at * 2, 2), 16));
    return bytes;
  }

  /** Fills with what `inputs.ts` on the host's side calls the pattern. */
  static ofPattern(length: usize, seed: u32): Bytes {
    const bytes = new Bytes(length);
    for (let at: usize = 0; at < length; at += 1) store<u8>(bytes.pointer + at, <u8>(<u32>at * 7 + (<u32>at >> 8) + seed));
    return bytes;
  }
}

/** An optional handle, as the host takes it in memory. */
export class Optional {
  readonly pointer: usize = heap.alloc(8);

  constructor() {
    store<u8>(this.pointer, 1);
  }

  set(handle: u32): void {
    store<u8>(this.pointer, 0);
    store<u32>(this.pointer, handle, 4);
  }
}

const INPUT_BYTES: usize = 1 << 24;

/** Made at first use: most runs need far less than the largest message. */
let message: Bytes | null = null;
let output: Bytes | null = null;

/** The message of every operation, of which each takes the front: the largest is made once. */
export function messageOf(length: usize): usize {
  let bytes = message;
  if (bytes === null || bytes.length < length) {
    bytes = Bytes.ofPattern(length <= 1 << 20 ? 1 << 20 : INPUT_BYTES, 1);
    message = bytes;
  }
  return bytes.pointer;
}

/** Room for a result as long as the longest message and its tag. */
export function outputOf(length: usize): usize {
  let bytes = output;
  if (bytes === null || bytes.length < length) {
    bytes = new Bytes((length <= 1 << 20 ? 1 << 20 : INPUT_BYTES) + 64);
    output = bytes;
  }
  return bytes.pointer;
}

/** Where the host writes handles and sizes. */
export const result: usize = heap.alloc(8);
export const size: usize = heap.alloc(8);

/** FNV-1a (http://www.isthe.com/chongo/tech/comp/fnv/), 32 bits. */
export function checksum(pointer: usize, length: usize): u32 {
  let hash: u32 = 0x811c9dc5;
  for (let at: usize = 0; at < length; at += 1) hash = (hash ^ load<u8>(pointer + at)) * 0x01000193;
  return hash;
}
