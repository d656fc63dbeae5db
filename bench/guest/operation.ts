/** One thing that is measured: a whole sequence of calls, from opening to closing. */
import { checksum } from "./memory";

/** A call succeeded, and gave something else than it should have. No errno of wasi-crypto is as large. */
export const WRONG: u32 = 1000;

export abstract class Operation {
  readonly name: string;
  /** Whether the size of the message counts; operations without have one size, given as 0. */
  readonly sized: bool;
  /** Where the result of a run lies. Of length 0: it is random, or none. */
  protected out: usize = 0;
  protected outLength: usize = 0;
  private first: u64 = 0;
  private known: bool = false;

  constructor(name: string, sized: bool) {
    this.name = name;
    this.sized = sized;
  }

  /** Makes keys and inputs for messages of this length, once for each. The first errno that is no success, or 0. */
  abstract prepare(length: usize): u32;

  /** The whole sequence, once. The first errno that is no success, or 0. */
  protected abstract once(): u32;

  /** Runs the sequence so many times. Every result is compared by its first bytes with what `check` found right. */
  run(count: u32): u32 {
    for (let done: u32 = 0; done < count; done += 1) {
      if (this.known) store<u64>(this.out, ~this.first);
      const errno = this.once();
      if (errno != 0) return errno;
      if (this.known && load<u64>(this.out) != this.first) return WRONG;
    }
    return 0;
  }

  /** Runs the sequence once and compares the whole result, by its checksum, with that of another implementation. */
  check(expected: u32): u32 {
    this.known = false;
    const errno = this.once();
    if (errno != 0 || this.outLength == 0) return errno;
    if (checksum(this.out, this.outLength) != expected) return WRONG;
    this.first = load<u64>(this.out);
    this.known = this.outLength >= 8;
    return 0;
  }
}
