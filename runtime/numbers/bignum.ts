/**
 * `numbers`: whole numbers that are not negative, and always public. A failure leaves the destination as it was. Each
 * call has a price, refused ones too.
 */
import { checkPrimeSync, generatePrimeSync } from 'node:crypto';
import { bigints } from '../backends/arithmetic/bigint-residues.js';
import { bitLength, publicBigInt, writePublicBigInt } from '../backends/arithmetic/bigints.js';
import { fail } from '../failures.js';
import type { Account } from '../meter.js';
import { GuestObject } from '../objects/guest-object.js';
import { BIGNUM_COST } from '../prices.js';
import { bigEndian, significant, writeInOrder } from './byte-order.js';
import { draw, spend, type ByteOrder, type NumberContext } from './context.js';

/** Greatest `max_bytes`. */
export const MOST_BIGNUM_BYTES = 65_536;
/** Greatest prime that is generated or tested, in bits. */
export const MOST_PRIME_BITS = 8192;
/** Most rounds of a test for primes; OpenSSL has at least 64 by itself. */
const MOST_ROUNDS = 256;
const LEAST_ROUNDS = 64;

/** `bignum`: a variable; at first 0. */
export class Bignum extends GuestObject {
  override live = true;
  readonly #context: NumberContext;
  readonly #account: Account;
  readonly #most: number;
  #value = 0n;
  /** Of the value: to count them takes as long as a sum. */
  #bits = 0;

  /**
   * `bignum_open`. Errors: `invalid_length` over `MOST_BIGNUM_BYTES`; `prohibited_operation`; `overflow`.
   *
   * @param maxBytes greatest size of its values, in bytes: longer results are `overflow`
   */
  constructor(context: NumberContext, maxBytes: number) {
    super();
    const { policy, meter } = context;
    if (policy.arithmeticObjection() !== undefined || policy.backendObjection(bigints) !== undefined)
      throw fail.ProhibitedOperation;
    if (maxBytes > MOST_BIGNUM_BYTES) throw fail.InvalidLength;
    this.#context = context;
    this.#account = meter.accounts.bignum;
    this.#most = maxBytes;
    this.open(this.#account, maxBytes);
  }

  /** `bignum_import`. Errors: `overflow`. */
  import(order: ByteOrder, value: Uint8Array): void {
    this.#spend(value.length);
    // A long run of zeros is no number of that size.
    const digits = significant(order, value);
    if (digits.length > MOST_BIGNUM_BYTES) throw fail.Overflow;
    this.#set(publicBigInt(bigEndian(order, digits)));
  }

  /** `bignum_export`, filled up with zeros. Errors: `overflow` where it does not fit, and over a limit. */
  export(order: ByteOrder, out: Uint8Array): void {
    this.#spend(0);
    const size = this.#size;
    if (size > out.length || out.length > this.#context.limits.messageBytes) throw fail.Overflow;
    this.#spend(out.length);
    const digits = order === 'big' ? out.subarray(out.length - size) : out.subarray(0, size);
    out.fill(0);
    writeInOrder(order, digits, (bytes) => writePublicBigInt(this.#value, bytes));
  }

  /** `bignum_bit_len`: 0 has none. */
  get bitLength(): number {
    this.#spend(0);
    return this.#bits;
  }

  /** `bignum_add`. Errors: `overflow`. */
  add(left: Bignum, right: Bignum): void {
    this.#spend(left.#size + right.#size);
    this.#set(left.#value + right.#value);
  }

  /** `bignum_sub`. Errors: `no_result` below 0; `overflow`. */
  sub(left: Bignum, right: Bignum): void {
    this.#spend(left.#size + right.#size);
    if (left.#value < right.#value) throw fail.NoResult;
    this.#set(left.#value - right.#value);
  }

  /** `bignum_mul`. Errors: `overflow`, before it is computed where that can be known. */
  mul(left: Bignum, right: Bignum): void {
    this.#spend(0);
    if (left.#bits > 0 && right.#bits > 0 && left.#bits + right.#bits - 1 > this.#most * 8) throw fail.Overflow;
    this.#spend(product(left.#size, right.#size));
    this.#set(left.#value * right.#value);
  }

  /** `bignum_gcd`: of 0 and a number, that number. Errors: `overflow`. */
  gcd(left: Bignum, right: Bignum): void {
    const shorter = Math.min(left.#size, right.#size);
    // Euclid takes 0.6 steps a bit (Knuth, volume 2, 4.5.3), each over all of the number.
    this.#spend(product(left.#size, right.#size) + shorter * 5 * (200 + shorter * 0.2));
    let [greater, less] = [left.#value, right.#value];
    while (less !== 0n) [greater, less] = [less, greater % less];
    this.#set(greater);
  }

  /** `bignum_div_rem`: this is the quotient. Errors: `no_result` by 0; `overflow`; `invalid_operation` where both results are one variable. */
  divRem(remainder: Bignum, dividend: Bignum, divisor: Bignum): void {
    this.#spend(0);
    if (remainder === this) throw fail.InvalidOperation;
    if (divisor.#bits === 0) throw fail.NoResult;
    this.#spend(product(dividend.#size, divisor.#size) * 2);
    const [quotient, rest] = [dividend.#value / divisor.#value, dividend.#value % divisor.#value];
    const quotientBits = this.#fitting(quotient);
    remainder.#set(rest);
    this.#value = quotient;
    this.#bits = quotientBits;
  }

  /** `bignum_shift`. Errors: `overflow`. @param bits to greater numbers; negative: to less, and what falls out is lost */
  shift(value: Bignum, bits: number): void {
    this.#spend(0);
    if (value.#bits > 0 && value.#bits + bits > this.#most * 8) throw fail.Overflow;
    this.#spend(value.#size + Math.max(bits, 0) / 8);
    // All of the number falls out: the engine would take the count for a size.
    this.#set(bits >= 0 ? (value.#bits === 0 ? 0n : value.#value << BigInt(bits)) : value.#value >> BigInt(-bits));
  }

  /** `bignum_compare`: -1, 0 or 1. */
  compare(other: Bignum): -1 | 0 | 1 {
    this.#spend(Math.min(this.#size, other.#size));
    if (this.#value === other.#value) return 0;
    return this.#value < other.#value ? -1 : 1;
  }

  /**
   * `bignum_is_probable_prime`. A composite number passes with a probability of at most 4^-rounds, whoever chose it.
   *
   * Errors: `invalid_length` over `MOST_PRIME_BITS`; `overflow` over 256 rounds, and over a budget.
   *
   * @param rounds of Miller and Rabin; OpenSSL takes at least 64, or 128 over 2 048 bits
   */
  isProbablePrime(rounds: number): boolean {
    const bits = this.bitLength;
    if (bits > MOST_PRIME_BITS) throw fail.InvalidLength;
    if (rounds > MOST_ROUNDS) throw fail.Overflow;
    this.#spend(Math.max(LEAST_ROUNDS * (bits > 2048 ? 2 : 1), rounds) * exponentiation(bits));
    return this.#value > 1n && checkPrimeSync(this.#value, { checks: rounds });
  }

  /**
   * `bignum_generate_prime`: with both of its first bits set. A safe one is twice a prime and 1.
   *
   * Errors: `invalid_length` under 16 bits, 32 for safe ones, or over `MOST_PRIME_BITS`; `rng_error`; `overflow`, safe primes of 2 048 bits
   * included, unless the owner raised `callCost`.
   */
  generatePrime(bits: number, safe: boolean): void {
    this.#spend(0);
    if (bits < (safe ? 32 : 16) || bits > MOST_PRIME_BITS) throw fail.InvalidLength;
    if (bits > this.#most * 8) throw fail.Overflow;
    // One number in `bits * ln(2) / 2` odd ones is prime, and a fifth of the others is left by OpenSSL's divisions.
    const candidates = safe ? (bits * bits) / 60 : bits / 14;
    this.#spend((candidates + LEAST_ROUNDS) * exponentiation(bits));
    const { random } = this.#context;
    this.#set(random.isSystem ? generatePrimeSync(bits, { safe, bigint: true }) : this.#drawPrime(bits, safe));
  }

  /** From the owner’s source. */
  #drawPrime(bits: number, safe: boolean): bigint {
    const length = Math.ceil(bits / 8);
    // One odd number in `bits * ln(2) / 2` is a prime, and one of `bits ** 2 / 11` a safe one: forty times as many tries make
    // a failure less likely than one of the machine.
    const most = safe ? 4 * bits * bits : 14 * bits;
    let last: bigint | undefined;
    for (let tries = 0; tries < most; tries += 1) {
      let candidate = 0n;
      draw(this.#context.random, length, bits % 8 || 8, (drawn) => {
        candidate = publicBigInt(drawn);
        return true;
      });
      candidate |= (3n << BigInt(bits - 2)) | (safe ? 3n : 1n);
      // A source that repeats itself is none; short numbers can be the same by chance.
      if (bits >= 64 && candidate === last) throw fail.RngError;
      if (checkPrimeSync(candidate) && (!safe || checkPrimeSync(candidate >> 1n))) return candidate;
      last = candidate;
    }
    throw fail.RngError;
  }

  get #size(): number {
    return Math.ceil(this.#bits / 8);
  }

  #spend(cost: number): void {
    spend(this.#account, BIGNUM_COST + cost);
  }

  /** Its bits. Errors: `overflow`. */
  #fitting(value: bigint): number {
    const bits = bitLength(value);
    if (bits > this.#most * 8) throw fail.Overflow;
    return bits;
  }

  #set(value: bigint): void {
    this.#bits = this.#fitting(value);
    this.#value = value;
  }

  protected override dispose(): void {
    this.#value = 0n;
    this.#bits = 0;
    this.#account.close(this.#most);
  }
}

/** Nanoseconds of a product of so many bytes, or fewer (measured: 2 microseconds for two numbers of 256). */
function product(left: number, right: number): number {
  return left * right * 0.05;
}

/** Nanoseconds of one by OpenSSL (measured: 4.5 milliseconds for 2 048 bits). */
function exponentiation(bits: number): number {
  return 2000 + bits ** 3 / 1900;
}
