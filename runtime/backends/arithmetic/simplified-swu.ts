/**
 * RFC 9380, appendix F.2: the simplified Shallue-van de Woestijne-Ulas map to P-256, P-384 and P-521, out of what every
 * backend of residues has: in constant time where that is. Their primes are 3 modulo 4.
 */
import { newBytes } from '../../blocks.js';
import { wipe } from '../../bytes.js';
import type { ModularArithmetic, ResidueBytes } from './arithmetic.js';
import { bitLength, writeBigInt } from './bigints.js';
import type { GroupName } from './groups.js';
import { SquareRoots } from './square-root.js';

interface Parameters {
  /** Of the field. */
  readonly prime: bigint;
  /** B of the curve's equation; A is -3. */
  readonly b: bigint;
  /** RFC 9380, section 8. */
  readonly z: bigint;
}

/** FIPS 186. */
export const mapParameters: { readonly [Name in GroupName]?: Parameters } = {
  'P-256': {
    prime: 2n ** 256n - 2n ** 224n + 2n ** 192n + 2n ** 96n - 1n,
    b: 0x5ac635d8aa3a93e7b3ebbd55769886bc651d06b0cc53b0f63bce3c3e27d2604bn,
    z: -10n,
  },
  'P-384': {
    prime: 2n ** 384n - 2n ** 128n - 2n ** 96n + 2n ** 32n - 1n,
    b: 0xb3312fa7e23ee7e4988e056be3f82d19181d9c6efe8141120314088f5013875ac656398d8a2ed19d2a85c8edd3ec2aefn,
    z: -12n,
  },
  'P-521': {
    prime: 2n ** 521n - 1n,
    b: 0x0051953eb9618e1c9a1f929a21a0b68540eea2da725b99b315f3b8b489918ef109e156193951ec7e937b1652c0bd3bb1bf073573df883d2c34f1ef451fd46b503f00n,
    z: -4n,
  },
};

function bytesOf(value: bigint, length = Math.ceil(bitLength(value) / 8)): Uint8Array {
  const bytes = new Uint8Array(length);
  writeBigInt(value, bytes);
  return bytes;
}

export class SimplifiedSwu {
  readonly #field: ModularArithmetic;
  readonly #one: ResidueBytes;
  readonly #zero: ResidueBytes;
  readonly #a: ResidueBytes;
  readonly #b: ResidueBytes;
  readonly #z: ResidueBytes;
  /** The exponent of `sqrt_ratio`, and the root of -Z. */
  readonly #exponent: Uint8Array;
  readonly #root: ResidueBytes;

  /** @param field modulo the prime of the parameters */
  constructor(field: ModularArithmetic, { prime, b, z }: Parameters) {
    this.#field = field;
    this.#one = this.#constant(1n);
    this.#zero = this.#constant(0n);
    this.#a = this.#constant(prime - 3n);
    this.#b = this.#constant(b);
    this.#z = this.#constant(prime + z);
    this.#exponent = bytesOf((prime - 3n) / 4n);
    this.#root = this.#constant(-z);
    new SquareRoots(field).root(this.#root, this.#root);
  }

  #constant(value: bigint): ResidueBytes {
    const made = newBytes(this.#field.size);
    this.#field.reduce(made, bytesOf(value, this.#field.width));
    return made;
  }

  /** @param uniform a number of any length @param x coordinates of the point, as long as the prime */
  map(uniform: Uint8Array, x: Uint8Array, y: Uint8Array): void {
    const field = this.#field;
    const room = Array.from({ length: 9 }, () => newBytes(field.size));
    const [u, t1, t2, t3, t4, t5, t6, root, other] = room as [
      ...[ResidueBytes, ResidueBytes, ResidueBytes, ResidueBytes, ResidueBytes],
      ...[ResidueBytes, ResidueBytes, ResidueBytes, ResidueBytes],
    ];
    try {
      field.reduce(u, uniform);
      field.multiply(t1, u, u);
      field.multiply(t1, this.#z, t1);
      field.multiply(t2, t1, t1);
      field.add(t2, t2, t1);
      field.add(t3, t2, this.#one);
      field.multiply(t3, this.#b, t3);
      field.subtract(other, this.#zero, t2);
      field.select(t4, this.#z, other, field.equal(t2, this.#zero));
      field.multiply(t4, this.#a, t4);
      field.multiply(t2, t3, t3);
      field.multiply(t6, t4, t4);
      field.multiply(t5, this.#a, t6);
      field.add(t2, t2, t5);
      field.multiply(t2, t2, t3);
      field.multiply(t6, t6, t4);
      field.multiply(t5, this.#b, t6);
      field.add(t2, t2, t5);
      field.multiply(t5, t1, t3);
      const isSquare = this.#rootOfRatio(root, t2, t6, other);
      field.multiply(t6, t1, u);
      field.multiply(t6, t6, root);
      field.select(t5, t3, t5, isSquare);
      field.select(t6, root, t6, isSquare);
      field.subtract(other, this.#zero, t6);
      field.select(t6, t6, other, this.#isOdd(u, y) === this.#isOdd(t6, y));
      // It is not 0, and the modulus is a prime.
      field.inverse(t4, t4, () => undefined);
      field.multiply(t5, t5, t4);
      field.encode(t5, x);
      field.encode(t6, y);
    } finally {
      wipe(...room);
    }
  }

  /** `sqrt_ratio` of appendix F.2.1.2: whether u / v is a square; `to` is its root, or that of Z times it. */
  #rootOfRatio(to: ResidueBytes, u: ResidueBytes, v: ResidueBytes, room: ResidueBytes): boolean {
    const field = this.#field;
    const product = newBytes(field.size);
    field.multiply(product, u, v);
    field.multiply(to, v, v);
    field.multiply(to, to, product);
    field.power(to, to, this.#exponent);
    field.multiply(to, to, product);
    field.multiply(product, to, to);
    field.multiply(product, product, v);
    const isSquare = field.equal(product, u);
    field.multiply(room, to, this.#root);
    field.select(to, to, room, isSquare);
    wipe(product);
    return isSquare;
  }

  /** @param room as long as the prime */
  #isOdd(value: ResidueBytes, room: Uint8Array): boolean {
    this.#field.encode(value, room);
    return ((room.at(-1) ?? 0) & 1) === 1;
  }
}
