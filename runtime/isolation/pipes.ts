/**
 * Messages over two pipes, one each way, written and read while everything else of the process waits. A process writes a
 * whole message before it reads one, and the other reads it before it writes: neither waits for the other in vain.
 */
import { readSync, writeSync } from 'node:fs';
import { deserialize, serialize } from 'node:v8';

/** As much as a pipe of Linux holds. */
const SCRATCH = 65_536;

/** Between two looks at a pipe. */
const PAUSE_MS = 1;
/** Who waits for it has a pause: nobody wakes them. */
const nobody = new Int32Array(new SharedArrayBuffer(4));

/** The other process has closed its end, which it does when it ends. */
export class PipeClosed extends Error {
  override readonly name = 'PipeClosed';
}

export class Pipes {
  readonly #from: number;
  readonly #to: number;
  /** What was written and not yet sent. */
  readonly #out = new Uint8Array(SCRATCH);
  readonly #outView = new DataView(this.#out.buffer);
  #pending = 0;
  /** What was received and not yet read. */
  readonly #in = new Uint8Array(SCRATCH);
  readonly #inView = new DataView(this.#in.buffer);
  #begin = 0;
  #end = 0;

  /**
   * @param from file descriptor that is read
   * @param to file descriptor that is written
   */
  constructor(from: number, to: number) {
    this.#from = from;
    this.#to = to;
  }

  writeNumber(value: number): void {
    this.#makeRoom(8);
    this.#outView.setFloat64(this.#pending, value, true);
    this.#pending += 8;
  }

  writeBigint(value: bigint): void {
    this.#makeRoom(8);
    this.#outView.setBigUint64(this.#pending, BigInt.asUintN(64, value), true);
    this.#pending += 8;
  }

  /** Bytes of any number: the reader has to know of how many. */
  writeBytes(bytes: Uint8Array): void {
    if (bytes.length <= SCRATCH - this.#pending) {
      this.#out.set(bytes, this.#pending);
      this.#pending += bytes.length;
      return;
    }
    this.#flush();
    this.#send(bytes);
  }

  /** Whatever `structuredClone` copies. */
  writeValue(value: unknown): void {
    const bytes = serialize(value);
    this.writeNumber(bytes.length);
    this.writeBytes(bytes);
  }

  /** Ends a message. Errors: `PipeClosed`. */
  send(): void {
    const used = this.#pending;
    this.#flush();
    this.#out.fill(0, 0, used);
  }

  /** Errors, as of all that read: `PipeClosed`. */
  readNumber(): number {
    this.#need(8);
    const value = this.#inView.getFloat64(this.#begin, true);
    this.#begin += 8;
    return value;
  }

  readBigint(): bigint {
    this.#need(8);
    const value = this.#inView.getBigUint64(this.#begin, true);
    this.#begin += 8;
    return value;
  }

  readBytes(into: Uint8Array): void {
    const there = Math.min(into.length, this.#end - this.#begin);
    into.set(this.#in.subarray(this.#begin, this.#begin + there));
    this.#begin += there;
    for (let at = there; at < into.length;) at += this.#receive(into, at, into.length - at);
  }

  readValue(): unknown {
    const bytes = new Uint8Array(this.readNumber());
    this.readBytes(bytes);
    return deserialize(bytes);
  }

  /**
   * Whether a message begins within so many milliseconds. A timer could not tell: no event is handled meanwhile.
   *
   * @param early the end that is read, opened so that reading does not wait
   */
  beginsWithin(milliseconds: number, early: number): boolean {
    const deadline = performance.now() + milliseconds;
    for (;;) {
      try {
        this.#end += this.#receive(this.#in, this.#end, SCRATCH - this.#end, early);
        return true;
      } catch (error) {
        if (!(error instanceof Error && 'code' in error && error.code === 'EAGAIN')) throw error;
      }
      if (performance.now() >= deadline) return false;
      Atomics.wait(nobody, 0, 0, PAUSE_MS);
    }
  }

  /** Wipes the message that was read. */
  forget(): void {
    this.#in.fill(0, 0, this.#end);
    this.#begin = this.#end = 0;
  }

  #makeRoom(size: number): void {
    if (SCRATCH - this.#pending < size) this.#flush();
  }

  #flush(): void {
    this.#send(this.#out.subarray(0, this.#pending));
    this.#pending = 0;
  }

  #send(bytes: Uint8Array): void {
    for (let at = 0; at < bytes.length;)
      at += whileOpen(() => writeSync(this.#to, bytes, at, Math.min(bytes.length - at, SCRATCH)));
  }

  #need(size: number): void {
    if (this.#end - this.#begin >= size) return;
    this.#in.copyWithin(0, this.#begin, this.#end);
    this.#end -= this.#begin;
    this.#begin = 0;
    while (this.#end < size) this.#end += this.#receive(this.#in, this.#end, SCRATCH - this.#end);
  }

  #receive(into: Uint8Array, at: number, most: number, from = this.#from): number {
    const count = whileOpen(() => readSync(from, into, at, most, null));
    if (count === 0) throw new PipeClosed();
    return count;
  }
}

/** A signal can end a call of the system early: then it is made once more. */
function whileOpen(run: () => number): number {
  for (;;) {
    try {
      return run();
    } catch (error) {
      const code = error instanceof Error && 'code' in error ? error.code : undefined;
      if (code === 'EPIPE' || code === 'EBADF') throw new PipeClosed();
      if (code !== 'EINTR') throw error;
    }
  }
}
