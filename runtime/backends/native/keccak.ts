/**
 * KMAC, cSHAKE and TupleHash (SP 800-185) of the native library: Keccak with their padding is OpenSSL's, the encodings of what they take
 * are here. OpenSSL's whole KMAC takes keys of 4 to 512 bytes only.
 */
import { giveBack, takeBytes } from '../../blocks.js';
import { part } from '../../bytes.js';
import type { KmacFunction, TupleHashFunction, XofFunction } from '../../contracts/primitives.js';
import { missing } from '../provider.js';
import { RunningStream, type Stream } from '../running.js';
import { RunningOutput } from '../xof.js';
import { nativeLibrary } from './library.js';
import { nativeShake, outputStreams, type OutputStream } from './xofs.js';

const KMAC = Uint8Array.from(Buffer.from('KMAC'));
const TUPLE_HASH = Uint8Array.from(Buffer.from('TupleHash'));
const empty = new Uint8Array(0);

/** Makes streams of Keccak with the padding of cSHAKE, which KMAC is made of. Throws where there are none. */
function paddedKeccak(strength: 128 | 256): () => OutputStream {
  const library = nativeLibrary();
  const digest = library.digestFind(`KECCAK-KMAC-${strength}`);
  if (digest < 0) throw missing(`Keccak for SP 800-185 of ${strength} bits`);
  return outputStreams(library, digest);
}

/** What is made of a new stream, which ends where that fails. */
function begun<S>(begin: () => OutputStream, use: (stream: OutputStream) => S): S {
  const stream = begin();
  try {
    return use(stream);
  } catch (error) {
    stream.end();
    throw error;
  }
}

/** How much input Keccak takes at once, in bytes: its state has 200, and the capacity, twice the strength, takes none. */
function rateOf(strength: 128 | 256): number {
  return 200 - strength / 4;
}

/** Throws where there is no library, or no Keccak for KMAC in it. @param strength in bits */
export function nativeKmac(strength: 128 | 256): KmacFunction {
  const begin = paddedKeccak(strength);
  const rate = rateOf(strength);
  return {
    start: (key, customization, length, account) =>
      new RunningStream(account, () =>
        begun(begin, (keccak) => {
          takeBlocks(keccak, rate, KMAC, customization);
          takeBlocks(keccak, rate, key);
          return new SizedStream(keccak, length);
        }),
      ),
  };
}

/** Throws where there is no library, or no Keccak for TupleHash in it. @param strength in bits */
export function nativeTupleHash(strength: 128 | 256): TupleHashFunction {
  const begin = paddedKeccak(strength);
  const rate = rateOf(strength);
  return {
    start: (customization, length, account) =>
      new RunningStream(account, () =>
        begun(begin, (keccak) => {
          takeBlocks(keccak, rate, TUPLE_HASH, customization);
          return new TupleStream(keccak, length);
        }),
      ),
  };
}

/** Throws where there is no library, or no Keccak for cSHAKE in it. @param strength in bits */
export function nativeCshake(strength: 128 | 256): XofFunction {
  // SP 800-185, 3.3: without customization it is SHAKE.
  const shake = nativeShake(strength);
  const keccak = paddedKeccak(strength);
  const rate = rateOf(strength);
  return {
    start(setup, account) {
      const { customization = empty } = setup;
      if (customization.length === 0) return shake.start(setup, account);
      const begin = (): OutputStream =>
        begun(keccak, (stream) => {
          takeBlocks(stream, rate, empty, customization);
          return stream;
        });
      const whole = (input: Uint8Array, out: Uint8Array): void => {
        const stream = begin();
        try {
          stream.update(input);
          stream.write(out);
        } finally {
          stream.end();
        }
      };
      return new RunningOutput({ prefix: empty, whole, begin, cost: customization.length }, account);
    },
  };
}

/** Output that the length changes: KMAC's. */
class SizedStream implements Stream {
  protected keccak: OutputStream;
  protected readonly length: number;

  /** @param keccak its own from now on */
  constructor(keccak: OutputStream, length: number) {
    this.keccak = keccak;
    this.length = length;
  }

  update(data: Uint8Array): void {
    this.keccak.update(data);
  }

  write(out: Uint8Array): void {
    const copy = this.keccak.copy();
    try {
      copy.update(rightEncode(this.length * 8));
      copy.write(out);
    } finally {
      copy.end();
    }
  }

  copy(): SizedStream {
    return new SizedStream(this.keccak.copy(), this.length);
  }

  end(): void {
    this.keccak.end();
  }
}

/** A list of strings, each encoded with its length (SP 800-185, 2.3.2). */
class TupleStream extends SizedStream {
  /** In a copy, which then takes the place of the original: the end of the stack can cut off a call between two. */
  override update(data: Uint8Array): void {
    const old = this.keccak;
    this.keccak = begun(
      () => old.copy(),
      (copy) => {
        copy.update(leftEncode(data.length * 8));
        copy.update(data);
        return copy;
      },
    );
    old.end();
  }

  override copy(): TupleStream {
    return new TupleStream(this.keccak.copy(), this.length);
  }
}

/** SP 800-185, 2.3.2 and 2.3.3: bytepad of encoded strings. */
function takeBlocks(stream: Stream, rate: number, ...strings: readonly Uint8Array[]): void {
  const pieces = [leftEncode(rate), ...strings.flatMap((each) => [leftEncode(each.length * 8), each])];
  const used = pieces.reduce((sum, { length }) => sum + length, 0);
  const size = Math.ceil(used / rate) * rate;
  const room = takeBytes(size);
  try {
    let at = 0;
    for (const piece of pieces) {
      room.set(piece, at);
      at += piece.length;
    }
    stream.update(part(room, 0, size));
  } finally {
    giveBack(room, size);
  }
}

/** Big-endian, without leading zeros, a zero byte for zero. */
function wholeNumber(value: number): readonly number[] {
  const bytes = [value % 256];
  for (let rest = Math.floor(value / 256); rest > 0; rest = Math.floor(rest / 256)) bytes.unshift(rest % 256);
  return bytes;
}

/** SP 800-185, 2.3.1. */
function leftEncode(value: number): Uint8Array {
  const bytes = wholeNumber(value);
  return Uint8Array.of(bytes.length, ...bytes);
}

function rightEncode(value: number): Uint8Array {
  const bytes = wholeNumber(value);
  return Uint8Array.of(...bytes, bytes.length);
}
