/** What right calls of the native library are made of: its objects, and inputs in a guest's memory. */
import type { KeyObject } from 'node:crypto';
import type { NativeLibrary } from '../../runtime/backends/native/library.js';
import type { Random } from '../abi/calls.js';

/** An object of the library's, and what it stands for. */
export interface LiveObject {
  readonly number: number;
  readonly kind:
    | 'digest'
    | 'long digest'
    | 'mac key'
    | 'running mac'
    | 'code key'
    | 'running code'
    | 'cipher key'
    | 'mode key'
    | 'secret key'
    | 'public key'
    | 'modulus'
    | 'point';
  /** Of its algorithm. */
  readonly name: string;
  readonly key: Buffer;
  /** The same key; only asymmetric ones have it. */
  readonly keyObject?: KeyObject;
  /** The input so far; undefined: nobody knows any more. */
  input: Buffer | undefined;
}

export interface Call {
  readonly name: keyof NativeLibrary;
  readonly args: readonly unknown[];
  /** Whether the answer is right; called right after the call. */
  readonly right: (answer: number) => boolean;
}

const sizes = [0, 1, 15, 16, 17, 55, 63, 64, 65, 127, 128, 129, 300, 4095, 4096, 4097] as const;

/** Chooses, and makes inputs. */
export class Inputs {
  readonly next: Random;
  readonly guest: Uint8Array;

  constructor(guest: Uint8Array, next: Random) {
    this.guest = guest;
    this.next = next;
  }

  size(): number {
    return this.chance(12) ? this.of(sizes) : this.of(sizes.slice(0, -3));
  }

  input(length: number): Uint8Array {
    return this.fill(this.place(length));
  }

  place(length: number): Uint8Array {
    const start = this.next() % 4096;
    return this.guest.subarray(start, start + length);
  }

  fill<T extends Uint8Array>(bytes: T): T {
    let word = this.next();
    for (let index = 0; index < bytes.length; index += 1) {
      bytes[index] = word >>> 8;
      word = Math.imul(word, 0x01_00_01_93) + index;
    }
    return bytes;
  }

  chance(of: number): boolean {
    return this.next() % of === 0;
  }

  of<T>(values: readonly T[]): T {
    return values[this.next() % values.length] as T;
  }
}

/** Keeps account of what was made and not released. */
export class LiveObjects {
  live: LiveObject[] = [];
  readonly #inputs: Inputs;

  constructor(inputs: Inputs) {
    this.#inputs = inputs;
  }

  /** Whether there is one now. */
  made(answer: number, object: Omit<LiveObject, 'number'>): boolean {
    if (answer > 0) this.live.push({ ...object, number: answer });
    return answer > 0;
  }

  gone(number: number): void {
    this.live = this.live.filter((each) => each.number !== number);
  }

  any(...kinds: readonly LiveObject['kind'][]): LiveObject | undefined {
    const found = this.live.filter(({ kind }) => kinds.includes(kind));
    return found.length === 0 ? undefined : this.#inputs.of(found);
  }
}

export function same(left: Uint8Array, right: Uint8Array): boolean {
  return Buffer.compare(left, right) === 0;
}
