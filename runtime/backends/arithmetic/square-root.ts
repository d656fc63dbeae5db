/** Square roots modulo an odd prime, out of what every backend has: in constant time where that is. */
import { createHash } from 'node:crypto';
import { newBytes } from '../../blocks.js';
import { wipe } from '../../bytes.js';
import type { ModularArithmetic, ResidueBytes } from './arithmetic.js';
import { bitLength, writeBigInt } from './bigints.js';
import { residuePrices } from './prices.js';

/** Bytes of a public exponent. */
function exponentOf(value: bigint): Uint8Array {
  const bytes = new Uint8Array(Math.ceil(bitLength(value) / 8));
  writeBigInt(value, bytes);
  return bytes;
}

/** RFC 9380, appendix I.4: constants of the Tonelli-Shanks algorithm in constant time. */
export class SquareRoots {
  readonly #field: ModularArithmetic;
  /** How often 2 divides the prime less 1. */
  readonly #twos: number;
  readonly #exponent: Uint8Array;
  readonly #rootOfUnity: ResidueBytes;

  /** @param field modulo an odd prime: with another modulus the search for a non-residue may find none, and throws `RangeError` */
  constructor(field: ModularArithmetic) {
    this.#field = field;
    const { modulus } = field;
    let twos = 0;
    let odd = modulus - 1n;
    for (; (odd & 1n) === 0n; odd >>= 1n) twos += 1;
    this.#twos = twos;
    this.#exponent = exponentOf((odd - 1n) / 2n);
    this.#rootOfUnity = newBytes(field.size);
    field.power(this.#rootOfUnity, this.#nonResidue(), exponentOf(odd));
  }

  /** Cost of one root, in the unit of `prices.ts`. @param bits of the prime, less 1 so often divided by 2 as `twos` says */
  get cost(): number {
    const { multiply, power } = residuePrices(this.#field.width);
    return power(this.#exponent.length * 8) + multiply * (this.#twos * (this.#twos + 4));
  }

  #nonResidue(): ResidueBytes {
    const field = this.#field;
    const candidate = newBytes(field.size);
    const symbol = newBytes(field.size);
    const one = newBytes(field.size);
    field.reduce(one, Uint8Array.of(1));
    const half = exponentOf((field.modulus - 1n) / 2n);
    const isNone = (): boolean => {
      field.power(symbol, candidate, half);
      return !field.equal(symbol, one) && symbol.some((byte) => byte !== 0);
    };
    // -1, of every second prime. Half of all numbers are none, but there are primes, and a guest can choose one, of which the
    // first thousand are squares: what a hash makes of the prime, nobody chooses 128 times.
    field.subtract(candidate, candidate, one);
    if (isNone()) return candidate;
    for (const small of [2, 3, 5, 7]) {
      field.reduce(candidate, Uint8Array.of(small));
      if (isNone()) return candidate;
    }
    const bytes = Buffer.alloc(field.width);
    writeBigInt(field.modulus, bytes);
    for (let tries = 0; tries < 128; tries += 1) {
      field.reduce(candidate, createHash('sha512').update(bytes).update(Uint8Array.of(tries)).digest());
      if (isNone()) return candidate;
    }
    throw new RangeError('no number without a square root was found');
  }

  /** The even one of two roots. False: there is none. */
  root(to: ResidueBytes, value: ResidueBytes): boolean {
    const field = this.#field;
    const made = Array.from({ length: 5 }, () => newBytes(field.size));
    const [z, t, b, c, other] = made as [ResidueBytes, ResidueBytes, ResidueBytes, ResidueBytes, ResidueBytes];
    const one = newBytes(field.size);
    field.reduce(one, Uint8Array.of(1));
    try {
      field.power(z, value, this.#exponent);
      field.multiply(t, z, z);
      field.multiply(t, t, value);
      field.multiply(z, z, value);
      b.set(t);
      c.set(this.#rootOfUnity);
      for (let round = this.#twos; round >= 2; round -= 1) {
        for (let step = 1; step < round - 1; step += 1) field.multiply(b, b, b);
        const isOne = field.equal(b, one);
        field.multiply(other, z, c);
        field.select(z, z, other, isOne);
        field.multiply(c, c, c);
        field.multiply(other, t, c);
        field.select(t, t, other, isOne);
        b.set(t);
      }
      field.multiply(t, z, z);
      if (!field.equal(t, value)) return false;
      this.#even(to, z, other);
      return true;
    } finally {
      wipe(...made);
    }
  }

  /** @param room for a value */
  #even(to: ResidueBytes, root: ResidueBytes, room: ResidueBytes): void {
    const field = this.#field;
    const bytes = newBytes(field.width);
    field.encode(root, bytes);
    const isOdd = ((bytes.at(-1) ?? 0) & 1) === 1;
    room.fill(0);
    field.subtract(room, room, root);
    field.select(to, room, root, isOdd);
    wipe(bytes);
  }
}
