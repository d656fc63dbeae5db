/** Output of any length that goes on, whatever a backend can do about it. */
import { BLOCK_BYTES, clear, giveBack, newBytes, takeBytes } from '../blocks.js';
import { copyOf, part } from '../bytes.js';
import type { RunningXof } from '../contracts/primitives.js';
import type { Account } from '../meter.js';
import { RESULT_COST, STREAM_PRICE } from '../prices.js';
import { RunningInput, type Computation, type Stream } from './running.js';

/** A computation whose output has any length. */
export interface XofComputation extends Computation {
  /** Cost of what it hashes beside its input, each time. */
  readonly cost: number;
}

/** Where output comes from once it has to go on. */
interface Source {
  next(out: Uint8Array): void;
  /** Errors: `overflow`. */
  copy(): Source;
  end(): void;
}

/**
 * Most output is asked for once: the first comes from the input as a digest does. Only a second one makes a source, which
 * then starts behind the first.
 */
export class RunningOutput implements RunningXof {
  readonly #computation: XofComputation;
  readonly #account: Account;
  readonly #input: RunningInput;
  readonly #byteCost: number;
  /** How much was given out before there was a source, in bytes. */
  #given: number;
  #source: Source | undefined;

  /** @param account charged for what is kept */
  constructor(
    computation: XofComputation,
    account: Account,
    input = new RunningInput(computation, account),
    given = 0,
  ) {
    this.#computation = computation;
    this.#account = account;
    this.#input = input;
    this.#given = given;
    this.#byteCost = computation.byteCost ?? 1;
  }

  update(data: Uint8Array): void {
    this.#input.update(data);
  }

  read(out: Uint8Array): void {
    const cost = out.length * this.#byteCost;
    if (this.#given === 0) {
      this.#input.write(out, cost + this.#computation.cost);
      this.#given = out.length;
      return;
    }
    this.#source ??= this.#begun();
    this.#account.spend(RESULT_COST + cost);
    this.#source.next(out);
  }

  clone(): RunningOutput {
    const copy = new RunningOutput(this.#computation, this.#account, this.#input.clone(), this.#given);
    if (this.#source === undefined) return copy;
    this.#account.charge(this.#price);
    try {
      copy.#source = this.#source.copy();
    } catch (error) {
      this.#account.giveBack(this.#price);
      throw error;
    }
    return copy;
  }

  wipe(): void {
    this.#input.wipe();
    if (this.#source === undefined) return;
    this.#source.end();
    this.#account.giveBack(this.#price);
    this.#source = undefined;
  }

  get #price(): number {
    return this.#computation.streamPrice ?? STREAM_PRICE;
  }

  #begun(): Source {
    this.#account.spend(RESULT_COST + this.#given * this.#byteCost + this.#computation.cost);
    this.#account.charge(this.#price);
    try {
      const source = sourceOf(this.#input.stream(), this.#given, this.#account);
      this.#input.wipe();
      return source;
    } catch (error) {
      this.#account.giveBack(this.#price);
      throw error;
    }
  }
}

/** What comes behind the first bytes of a stream's output. */
function sourceOf(stream: Stream, given: number, account: Account): Source {
  if (!goesOn(stream)) return new ReadAhead(stream, account, given);
  const room = takeBytes(BLOCK_BYTES);
  try {
    for (let left = given; left > 0; left -= BLOCK_BYTES) stream.next(part(room, 0, Math.min(left, BLOCK_BYTES)));
  } catch (error) {
    stream.end();
    throw error;
  } finally {
    giveBack(room, BLOCK_BYTES);
  }
  return stream;
}

function goesOn(stream: Stream): stream is Stream & Source {
  return stream.next !== undefined;
}

const empty = new Uint8Array(0);

/**
 * Output that a backend only gives from its first byte on. Each time it takes twice as much as all before, so that what is
 * computed is no more than a few times what is asked for. All of it is kept, and charged.
 */
class ReadAhead implements Source {
  readonly #stream: Stream;
  readonly #account: Account;
  /** The output, from its first byte on. */
  #known: Uint8Array = empty;
  #given: number;

  /** @param stream its own from now on */
  constructor(stream: Stream, account: Account, given: number) {
    this.#stream = stream;
    this.#account = account;
    this.#given = given;
  }

  next(out: Uint8Array): void {
    const end = this.#given + out.length;
    if (end > this.#known.length) this.#extend(end);
    out.set(part(this.#known, this.#given, end));
    this.#given = end;
  }

  copy(): ReadAhead {
    this.#account.charge(this.#known.length);
    try {
      const copy = new ReadAhead(this.#stream.copy(), this.#account, this.#given);
      copy.#known = copyOf(this.#known);
      return copy;
    } catch (error) {
      this.#account.giveBack(this.#known.length);
      throw error;
    }
  }

  end(): void {
    this.#stream.end();
    clear(this.#known);
    this.#account.giveBack(this.#known.length);
    this.#known = empty;
  }

  #extend(end: number): void {
    const wanted = Math.max(end, 2 * this.#given);
    const size = wanted - this.#known.length > this.#account.left ? end : wanted;
    const more = size - this.#known.length;
    this.#account.spend(size);
    this.#account.charge(more);
    try {
      const known = newBytes(size);
      this.#stream.write(known);
      const old = this.#known;
      this.#known = known;
      clear(old);
    } catch (error) {
      this.#account.giveBack(more);
      throw error;
    }
  }
}
