/** Objects of noble's as streams, and as functions with output of any length. */
import { giveBack, takeBytes } from '../blocks.js';
import { part } from '../bytes.js';
import type { XofFunction, XofSetup } from '../contracts/primitives.js';
import { NOBLE_BYTE_COST, NOBLE_STREAM_PRICE } from '../prices.js';
import type { Stream } from './running.js';
import { RunningOutput } from './xof.js';

/** What its objects have in common. */
interface NobleObject<H> {
  update(data: Uint8Array): unknown;
  clone(): H;
  destroy(): void;
}

export interface NobleDigest<H> extends NobleObject<H> {
  digestInto(out: Uint8Array): void;
}

export interface NobleOutput<H> extends NobleObject<H> {
  xofInto(out: Uint8Array): unknown;
}

/**
 * Every change is made in a copy, which then takes the place of the object: the end of the stack can cut off a call
 * anywhere, also in the middle of the library's.
 */
abstract class NobleStream<H extends NobleObject<H>> implements Stream {
  #hash: H;

  /** @param hash its own from now on */
  constructor(hash: H) {
    this.#hash = hash;
  }

  update(data: Uint8Array): void {
    this.change((copy) => void copy.update(data));
  }

  write(out: Uint8Array): void {
    const copy = this.cloned();
    try {
      this.finish(copy, out);
    } finally {
      copy.destroy();
    }
  }

  abstract copy(): Stream;

  end(): void {
    this.#hash.destroy();
  }

  protected cloned(): H {
    return this.#hash.clone();
  }

  protected change(use: (copy: H) => void): void {
    const copy = this.cloned();
    try {
      use(copy);
    } catch (error) {
      copy.destroy();
      throw error;
    }
    const old = this.#hash;
    this.#hash = copy;
    old.destroy();
  }

  /** Writes the front of the result. The object is not used any more. */
  protected abstract finish(hash: H, out: Uint8Array): void;
}

/** Of a fixed size. */
export class NobleDigestStream<H extends NobleDigest<H>> extends NobleStream<H> {
  readonly #length: number;

  /** @param length of the result, in bytes */
  constructor(hash: H, length: number) {
    super(hash);
    this.#length = length;
  }

  override copy(): NobleDigestStream<H> {
    return new NobleDigestStream(this.cloned(), this.#length);
  }

  protected override finish(hash: H, out: Uint8Array): void {
    writeDigest(hash, this.#length, out);
  }
}

/** Writes the front of a digest. */
export function writeDigest(hash: NobleDigest<unknown>, length: number, out: Uint8Array): void {
  // BLAKE2 writes words, where they are aligned only.
  const room = takeBytes(length);
  try {
    hash.digestInto(part(room, 0, length));
    out.set(part(room, 0, out.length));
  } finally {
    giveBack(room, length);
  }
}

class NobleOutputStream<H extends NobleOutput<H>> extends NobleStream<H> {
  override copy(): NobleOutputStream<H> {
    return new NobleOutputStream(this.cloned());
  }

  next(out: Uint8Array): void {
    this.change((copy) => void copy.xofInto(out));
  }

  protected override finish(hash: H, out: Uint8Array): void {
    hash.xofInto(out);
  }
}

const empty = new Uint8Array(0);

/** @param make a new object. It can keep a copy of the customization. */
export function nobleXof<H extends NobleOutput<H>>(make: (setup: XofSetup) => H): XofFunction {
  return {
    start(setup, account) {
      const besides = setup.customization?.length ?? 0;
      const computation = {
        prefix: empty,
        whole(input: Uint8Array, out: Uint8Array): void {
          const hash = make(setup);
          try {
            hash.update(input);
            hash.xofInto(out);
          } finally {
            hash.destroy();
          }
        },
        begin: (): Stream => new NobleOutputStream(make(setup)),
        streamPrice: NOBLE_STREAM_PRICE + besides,
        byteCost: NOBLE_BYTE_COST,
        cost: besides * NOBLE_BYTE_COST,
      };
      return new RunningOutput(computation, account);
    },
  };
}
