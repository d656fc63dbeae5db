/**
 * KMAC (SP 800-185, 4) of the native library: Keccak with the padding of KMAC is OpenSSL's, the encodings of what it takes
 * are here. OpenSSL's whole KMAC takes keys of 4 to 512 bytes only.
 */
import { giveBack, takeBytes } from '../../blocks.js';
import { part } from '../../bytes.js';
import type { KmacFunction } from '../../contracts/primitives.js';
import { missing } from '../provider.js';
import { RunningStream, type Stream } from '../running.js';
import { answered, nativeLibrary, NativeObject, type NativeLibrary } from './library.js';

const NAME = Uint8Array.from(Buffer.from('KMAC'));

/** Throws where there is no library, or no Keccak for KMAC in it. @param strength in bits */
export function nativeKmac(strength: 128 | 256): KmacFunction {
  const library = nativeLibrary();
  const digest = library.digestFind(`KECCAK-KMAC-${strength}`);
  if (digest < 0) throw missing(`KMAC-${strength}`);
  // The state of Keccak has 200 bytes, of which the capacity, twice the strength, takes no input.
  const rate = 200 - strength / 4;
  return {
    start: (key, customization, length, account) =>
      new RunningStream(account, () => {
        const stream = new KmacStream(library, digest, length, library.digestBegin(digest));
        try {
          stream.takeBlocks(rate, NAME, customization);
          stream.takeBlocks(rate, key);
          return stream;
        } catch (error) {
          stream.end();
          throw error;
        }
      }),
  };
}

class KmacStream implements Stream {
  readonly #library: NativeLibrary;
  readonly #digest: number;
  readonly #length: number;
  readonly #running: NativeObject;

  constructor(library: NativeLibrary, digest: number, length: number, answer: number) {
    this.#library = library;
    this.#digest = digest;
    this.#length = length;
    this.#running = new NativeObject(answer);
  }

  update(data: Uint8Array): void {
    answered(this.#library.digestUpdate(this.#running.number, data));
  }

  /** SP 800-185, 2.3.2 and 2.3.3: bytepad of encoded strings. */
  takeBlocks(rate: number, ...strings: readonly Uint8Array[]): void {
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
      this.update(part(room, 0, size));
    } finally {
      giveBack(room, size);
    }
  }

  write(out: Uint8Array): void {
    const copy = this.copy();
    try {
      copy.update(rightEncode(this.#length * 8));
      answered(this.#library.digestReadLong(this.#digest, copy.#running.number, out));
    } finally {
      copy.end();
    }
  }

  copy(): KmacStream {
    return new KmacStream(this.#library, this.#digest, this.#length, this.#library.digestCopy(this.#running.number));
  }

  end(): void {
    this.#running.release();
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
