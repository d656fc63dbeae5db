/** What no caller ought to give the native library. */
import type { Random } from '../abi/calls.js';
import { newMemory, PAGE } from '../guest/guest.js';

interface Resizable {
  resize(size: number): void;
}

/** Numbers at the edges of what the library reads: offsets, sizes, handles. */
const numbers: readonly number[] = [
  ...[0, -0, 1, 2, 15, 16, 63, 64, 65, 255, 1023, 0.5, 1.5, -1, -0.5, -65_536, Number.NaN],
  ...[Infinity, -Infinity, 5e-324, 1.8e308, Number.MAX_VALUE, Number.EPSILON],
  ...[24, 29, 31, 32, 53, 63, 64].flatMap((power) => [2 ** power - 1, 2 ** power, 2 ** power + 1, -(2 ** power)]),
  2 ** 32 + 5,
  2 ** 53 - 2 ** 24,
];

const names: readonly string[] = ['', 'SHA256', 'SHA3-224', 'SHAKE128', 'MD5', 'NULL', 'x'.repeat(31), 'x'.repeat(32)];
const cipherNames: readonly string[] = ['aes-256-gcm', 'AES-128-CBC', 'AES-128-XTS', 'AES-256-WRAP', 'AES-128-CCM'];
const keyNames: readonly string[] = [
  'ed25519',
  'prime256v1',
  'rsa',
  'RSA',
  'X448',
  'x448',
  'ed448',
  'secp521r1',
  'sm2',
  'dsa',
];
const strangeNames: readonly string[] = ['x'.repeat(70_000), 'SHA256\0x', '\u{1F600}', '\ud800', 'SHA256,SHA512', '?'];

/** A buffer with less or other memory than its views were made for. */
function oddViews(): readonly Uint8Array[] {
  const detached = new Uint8Array(64);
  structuredClone(detached.buffer, { transfer: [detached.buffer] });
  const resizable = Reflect.construct(ArrayBuffer, [64, { maxByteLength: 128 }]) as ArrayBuffer & Resizable;
  const [fixed, tracking, beyond] = [
    new Uint8Array(resizable, 0, 64),
    new Uint8Array(resizable),
    new Uint8Array(resizable, 48),
  ];
  resizable.resize(32);
  const growing = Reflect.construct(ArrayBuffer, [16, { maxByteLength: 4096 }]) as ArrayBuffer & Resizable;
  const grown = new Uint8Array(growing);
  growing.resize(200);
  const memory = newMemory({ initial: 1, maximum: 3 });
  const stale = new Uint8Array(memory.buffer, 100, 64);
  memory.grow(1);
  const shared = newMemory({ initial: 1, maximum: 3, shared: true });
  const [early, whole] = [new Uint8Array(shared.buffer, 200, 64), new Uint8Array(shared.buffer)];
  shared.grow(1);
  const sharedBytes = new SharedArrayBuffer(80);
  return [
    ...[detached, fixed, tracking, beyond, grown, stale, early, whole],
    ...[new Uint8Array(shared.buffer, PAGE - 8, 16), new Uint8Array(memory.buffer, 2 * PAGE - 1, 1)],
    ...[new Uint8Array(sharedBytes), new Uint8Array(sharedBytes, 8, 16), new Uint8Array(sharedBytes, 1, 32)],
    // Small enough for V8's own heap.
    ...[0, 1, 12, 16, 32, 64, 65].map((size) => new Uint8Array(size)),
    ...[Buffer.alloc(0), Buffer.alloc(32), Buffer.from('from the pool')],
  ];
}

function throwing(): never {
  throw new Error('the library ran JavaScript');
}

/** Values that are no bytes; whoever asks them anything hears of it by an error. */
function wrongValues(): readonly unknown[] {
  const trap = new Proxy({}, { get: throwing, has: throwing, getPrototypeOf: throwing, ownKeys: throwing });
  return [
    ...[undefined, null, true, false, 0n, 2n ** 64n, -1n, Symbol('number'), throwing, [], [1, 2], {}, new Date()],
    ...[trap, new Proxy(new Uint8Array(16), {}), Object.create(Uint8Array.prototype), Object.create(null)],
    ...[new ArrayBuffer(32), new SharedArrayBuffer(32), new DataView(new ArrayBuffer(32)), new Uint8ClampedArray(16)],
    ...[new Int8Array(16), new Uint16Array(16), new Int32Array(4), new Float64Array(2), new BigInt64Array(2)],
    { valueOf: throwing, toString: throwing, length: 16, byteLength: 16, [Symbol.toPrimitive]: throwing },
    ...[Object(5), Object('SHA256'), new WeakMap(), /x/, Promise.resolve(), newMemory({ initial: 1 })],
  ];
}

/** Chooses arguments: some are right by accident. */
export class HostileValues {
  readonly #next: Random;
  readonly #views = oddViews();
  readonly #wrong = wrongValues();

  constructor(next: Random) {
    this.#next = next;
  }

  /**
   * @param handles of objects, live and freed
   * @param guest memory of which views are made
   */
  any(handles: readonly number[], guest: Uint8Array): unknown {
    switch (this.#next() % 16) {
      case 0:
        return this.#wrongValue();
      case 1:
        return this.number();
      case 2:
        return this.#of([...names, ...cipherNames, ...keyNames, ...strangeNames]);
      case 3:
      case 4:
        return this.#of(this.#views);
      case 5:
      case 6:
      case 7:
      case 8:
      case 9:
        return this.#view(guest);
      case 10:
        return (handles.length === 0 ? 0 : this.#of(handles)) + this.#of([2 ** 24, -1, 1, 0.5, 2 ** 53, -(2 ** 24)]);
      default:
        return handles.length === 0 ? this.number() : this.#of(handles);
    }
  }

  number(): number {
    return this.#next() % 4 === 0 ? this.#next() * this.#of([1, 0.5, 2 ** 21, -1]) : this.#of(numbers);
  }

  #wrongValue(): unknown {
    return this.#of(this.#wrong);
  }

  /** Of sizes that calls ask for, often one upon the other. */
  #view(guest: Uint8Array): Uint8Array {
    const length = this.#of([0, 1, 12, 12, 16, 16, 16, 32, 32, 48, 64, this.#next() % 300]);
    return guest.subarray(this.#next() % 200, 200 + (this.#next() % 100)).subarray(0, length);
  }

  #of<T>(values: readonly T[]): T {
    return values[this.#next() % values.length] as T;
  }
}
