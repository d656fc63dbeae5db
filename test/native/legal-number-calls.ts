/** Calls of the native library for residues and points that are as they should be, and what integers and ECDH say they answer. */
import { createECDH } from 'node:crypto';
import { toBigInt, writeBigInt } from '../../runtime/backends/arithmetic/bigints.js';
import { groups } from '../../runtime/backends/arithmetic/groups.js';
import type { NativeLibrary } from '../../runtime/backends/native/library.js';
import { same, type Call, type Inputs, type LiveObject, type LiveObjects } from './live-objects.js';

const curves = { prime256v1: 'P-256', secp384r1: 'P-384', secp521r1: 'P-521', secp256k1: 'secp256k1' } as const;
type CurveName = keyof typeof curves;
const names = Object.keys(curves) as readonly CurveName[];
const orders = new Map<string, bigint>(groups.map(({ name, order }) => [name, order]));
const sizes = new Map<string, number>(groups.map(({ name, scalarLength }) => [name, scalarLength]));

const orderOf = (point: LiveObject): bigint => orders.get(curves[point.name as CurveName]) ?? 1n;
const sizeOf = (point: LiveObject): number => sizes.get(curves[point.name as CurveName]) ?? 1;
const reduced = (value: bigint, modulus: bigint): bigint => ((value % modulus) + modulus) % modulus;

/** A modulus is an object of its bytes; a point one of the scalar that the generator was multiplied by, in `input`. */
export class LegalNumberCalls {
  readonly #objects: LiveObjects;
  readonly #inputs: Inputs;
  readonly #groups: ReadonlyMap<string, number>;

  constructor(library: NativeLibrary, objects: LiveObjects, inputs: Inputs) {
    this.#objects = objects;
    this.#inputs = inputs;
    this.#groups = new Map(names.map((name) => [name, library.groupFind(name)]));
  }

  any(): Call {
    const kind = this.#inputs.of(['modulus', 'point'] as const);
    const object = this.#objects.any(kind);
    if (object === undefined || this.#inputs.chance(6)) return kind === 'modulus' ? this.#modulus() : this.#point();
    return kind === 'modulus' ? this.#residues(object) : (this.#points(object) ?? this.#point());
  }

  #modulus(): Call {
    const bytes = this.#inputs.input(this.#inputs.of([1, 7, 8, 9, 16, 32, 33, 66, 96, 128, 300]));
    bytes[0] = (bytes[0] ?? 0) | 1;
    bytes[bytes.length - 1] = (bytes.at(-1) ?? 0) | 1;
    const made = { kind: 'modulus', name: 'modulus', key: Buffer.from(bytes), input: undefined } as const;
    return { name: 'modulusNew', args: [bytes], right: (answer) => this.#objects.made(answer, made) };
  }

  #residues({ number, key }: LiveObject): Call {
    const modulus = toBigInt(key);
    const words = Math.ceil(key.length / 8);
    const radix = 2n ** BigInt(words * 64) % modulus;
    // Values are little-endian here, as on every machine that this is tested on.
    const read = (bytes: Uint8Array): bigint => toBigInt(Uint8Array.from(bytes).reverse());
    const operand = (): Uint8Array => {
      const bytes = this.#inputs.place(words * 8);
      const drawn = new Uint8Array(words * 8);
      writeBigInt(toBigInt(this.#inputs.fill(new Uint8Array(words * 8))) % modulus, drawn);
      bytes.set(drawn.reverse());
      return bytes;
    };
    const bytes = this.#inputs.input(this.#inputs.of([1, 2, 16, 40]));
    const width = this.#inputs.place(key.length);
    const to = this.#inputs.place(words * 8);
    // Where one was written over the other it can be above the modulus.
    let [left, right] = [operand(), operand()];
    while (read(left) >= modulus || read(right) >= modulus) [left, right] = [operand(), operand()];
    const [a, b, wide, exact] = [read(left), read(right), toBigInt(bytes), toBigInt(width)];
    const gives =
      (expected: bigint) =>
      (answer: number): boolean =>
        answer === 0 && read(to) === reduced(expected, modulus);
    const choice = this.#inputs.next() % 2;
    switch (this.#inputs.next() % 8) {
      case 0:
        return {
          name: 'residueDecode',
          args: [number, to, width],
          right: (answer) => (exact < modulus ? answer === 1 && read(to) === (exact * radix) % modulus : answer === 0),
        };
      case 1:
        return { name: 'residueReduce', args: [number, to, bytes], right: gives(wide * radix) };
      case 2:
        return {
          name: 'residueEncode',
          args: [number, left, width],
          right: (answer) => answer === 0 && (toBigInt(width) * radix) % modulus === a % modulus,
        };
      case 3:
        return { name: 'residueAdd', args: [number, to, left, right], right: gives(a + b) };
      case 4:
        return { name: 'residueSubtract', args: [number, to, left, right], right: gives(a - b) };
      case 5:
        return {
          name: 'residueMultiply',
          args: [number, to, left, right],
          right: (answer) => answer === 0 && (read(to) * radix - a * b) % modulus === 0n && read(to) < modulus,
        };
      case 6:
        return { name: 'residueSelect', args: [number, to, left, right, choice], right: gives(choice === 1 ? a : b) };
      default: {
        // The form of a power: a^e / R^(e - 1).
        const exponent = wide % 16n;
        const small = Uint8Array.of(Number(exponent));
        return {
          name: 'residuePower',
          args: [number, to, left, small],
          right: (answer) => answer === 0 && (read(to) * radix ** exponent - a ** exponent * radix) % modulus === 0n,
        };
      }
    }
  }

  #point(): Call {
    const name = this.#inputs.of(names);
    const made = { kind: 'point', name, key: Buffer.alloc(0), input: Buffer.alloc(1) } as const;
    return {
      name: 'pointNew',
      args: [this.#groups.get(name)],
      right: (answer) => this.#objects.made(answer, made),
    };
  }

  #points(to: LiveObject): Call | undefined {
    const others = this.#objects.live.filter(
      ({ kind, name, input }) => kind === 'point' && name === to.name && input !== undefined,
    );
    if (others.length === 0) return undefined;
    const [left, right] = [this.#inputs.of(others), this.#inputs.of(others)];
    const order = orderOf(to);
    const [a, b] = [left, right].map(({ input }) => toBigInt(input ?? Buffer.alloc(0))) as [bigint, bigint];
    const becomes =
      (scalar: bigint) =>
      (answer: number): boolean => {
        to.input = Buffer.alloc(sizeOf(to));
        writeBigInt(reduced(scalar, order), to.input);
        return answer === 0;
      };
    const bit = this.#inputs.next() % 2;
    switch (this.#inputs.next() % 8) {
      case 0:
        return { name: 'pointSet', args: [to.number, bit], right: becomes(BigInt(bit)) };
      case 1:
        return {
          name: 'pointAdd',
          args: [to.number, left.number, right.number, bit],
          right: becomes(bit === 1 ? a - b : a + b),
        };
      case 2:
        return { name: 'pointNegate', args: [to.number, left.number], right: becomes(-a) };
      case 3: {
        const scalar = this.#inputs.input(sizeOf(to));
        // Below the order: the first bytes of all orders are ones, but for that of P-521.
        scalar[0] = 0;
        const value = toBigInt(scalar);
        return bit === 1
          ? { name: 'pointMultiply', args: [to.number, undefined, scalar], right: becomes(value) }
          : { name: 'pointMultiply', args: [to.number, left.number, scalar], right: becomes(value * a) };
      }
      case 4:
        return { name: 'pointEqual', args: [left.number, right.number], right: (answer) => answer === Number(a === b) };
      case 5: {
        const form = this.#inputs.of([0, 2, 4]);
        const [size, encoded] = [sizeOf(to), encodedOf(left, form)];
        const out = this.#inputs.place(form === 4 ? 2 * size + 1 : form === 2 ? size + 1 : size);
        return {
          name: 'pointEncode',
          args: [left.number, form, out],
          right: (answer) => (encoded === undefined ? answer === 0 : answer === 1 && same(out, encoded)),
        };
      }
      case 6: {
        const terms = [left, right, left].slice(0, this.#inputs.next() % 4);
        const [size, factors] = [sizeOf(to), this.#inputs.input(terms.length * sizeOf(to))];
        const numbers = this.#inputs.place(terms.length * 8);
        const view = new DataView(numbers.buffer, numbers.byteOffset, numbers.length);
        terms.forEach(({ number }, index) => view.setBigUint64(index * 8, BigInt(number), true));
        // A scalar for each, after all of the places were filled, which may lie over each other.
        const sum = terms.reduce((total, { input }, index) => {
          const factor = toBigInt(factors.subarray(index * size, (index + 1) * size));
          return total + factor * toBigInt(input ?? Buffer.alloc(0));
        }, 0n);
        return { name: 'pointSum', args: [to.number, numbers, factors], right: becomes(sum) };
      }
      default: {
        const encoded = encodedOf(left, this.#inputs.of([2, 4]));
        if (encoded === undefined) return undefined;
        const bytes = this.#inputs.place(encoded.length);
        bytes.set(encoded);
        const good = becomes(a);
        return { name: 'pointDecode', args: [to.number, bytes], right: (answer) => good(0) && answer === 1 };
      }
    }
  }
}

/** Undefined: the identity. @param form as the library has it */
function encodedOf({ name, input }: LiveObject, form: number): Buffer | undefined {
  if (input === undefined || input.every((byte) => byte === 0)) return undefined;
  const ecdh = createECDH(name);
  ecdh.setPrivateKey(input);
  const encoded = ecdh.getPublicKey(undefined, form === 4 ? 'uncompressed' : 'compressed') as unknown as Buffer;
  return form === 0 ? encoded.subarray(1) : encoded;
}
