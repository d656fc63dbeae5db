/** Text for the host: UTF-8 in memory that is lent to it. */
import { lend } from "./memory";

/** Where the bytes start: behind their number. */
const BYTES: usize = 8;

/** A text as UTF-8, until `release`. Not a managed object: its reference is an address. */
@final
@unmanaged
export class Utf8 {
  /** Encodes a text. Half a surrogate pair becomes bytes that are not UTF-8, which hosts refuse. */
  static of(text: string): Utf8 {
    const length = <usize>String.UTF8.byteLength(text);
    const block = lend(BYTES + length);
    store<u32>(block, <u32>length);
    String.UTF8.encodeUnsafe(changetype<usize>(text), text.length, block + BYTES);
    return changetype<Utf8>(block);
  }

  /** Where the bytes are. */
  get address(): usize {
    return changetype<usize>(this) + BYTES;
  }

  /** How many bytes there are. */
  get length(): usize {
    return load<u32>(changetype<usize>(this));
  }
}
