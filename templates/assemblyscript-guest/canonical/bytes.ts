/** Bytes that the host returns, in memory it has taken from the guest's heap. */
import { addressOf, lengthOf, Slice } from "./buffers";
import { discard } from "./realloc";

/**
 * Receives the bytes of calls. Make one and use it for many calls: each begins by giving back what the last
 * one has put there. The bytes stay until then or until `free`, and are overwritten. Of several free the
 * newest first: the stub runtime gets no others back.
 *
 * ```ts
 * const bytes = new Bytes();
 * expect(state.squeeze(bytes), "squeezing");
 * other.absorb(bytes.slice); // as a buffer, without a copy
 * const digest = bytes.toArray(); // to keep
 * bytes.free();
 * ```
 */
@final
export class Bytes {
  private start: usize = 0;
  private count: usize = 0;
  private view: Slice = new Slice();

  /** Of the first byte. */
  get address(): usize {
    return this.start;
  }

  /** How many there are. */
  get length(): usize {
    return this.count;
  }

  /** The bytes as a buffer for other calls, as long as they are there. Calls do not take `Bytes` themselves. */
  get slice(): Slice {
    return this.view.at(this.start, this.count);
  }

  /** Copies as many as the buffer has room for to its start, and returns how many that is. */
  copyTo<Buffer>(buffer: Buffer): usize {
    const count = min(this.count, lengthOf(buffer));
    memory.copy(addressOf(buffer), this.start, count);
    return count;
  }

  /** A copy of them. Allocates it. */
  toArray(): Uint8Array {
    const array = new Uint8Array(<i32>this.count);
    memory.copy(array.dataStart, this.start, this.count);
    return array;
  }

  /** Overwrites them with zeros and gives their memory back. */
  free(): void {
    discard(this.start, this.count);
    this.start = 0;
    this.count = 0;
  }

  /** Whether an address lies in them: calls that read them give them back afterwards. */
  holds(address: usize): bool {
    return address - this.start < this.count;
  }

  /** Takes over a block that the host has made. */
  take(address: usize, length: usize): void {
    this.free();
    this.start = address;
    this.count = length;
  }
}
