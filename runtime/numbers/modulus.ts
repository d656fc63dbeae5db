/**
 * `numbers`: arithmetic modulo a number. Residues have the fixed width of their modulus; they are secret unless the
 * modulus is even. A failure leaves the destination as it was.
 */
import { checkPrimeSync } from 'node:crypto';
import type { ModularArithmetic, ResidueBytes, ResidueOperation } from '../backends/arithmetic/arithmetic.js';
import { bitLength } from '../backends/arithmetic/bigints.js';
import { residuePrices } from '../backends/arithmetic/prices.js';
import { SquareRoots } from '../backends/arithmetic/square-root.js';
import { newBytes } from '../blocks.js';
import { wipe } from '../bytes.js';
import { fail } from '../failures.js';
import type { Account } from '../meter.js';
import { GuestObject, Shared } from '../objects/guest-object.js';
import { MODULUS_PRICE } from '../prices.js';
import { bigEndian, significant, withBigEndian, writeInOrder } from './byte-order.js';
import { modularArithmetic } from './choice.js';
import { draw, requireConstantTime, requireExactly, spend, type ByteOrder, type NumberContext } from './context.js';

/** Greatest modulus, in bytes: 16 384 bits. */
export const MOST_MODULUS_BYTES = 2048;

/** Longest exponent, in bytes: eight times as long as the greatest modulus. */
export const MOST_EXPONENT_BYTES = 8 * MOST_MODULUS_BYTES;

/** Rounds of Miller and Rabin that OpenSSL takes for numbers of up to 2 048 bits; twice as many for longer ones. */
const PRIME_ROUNDS = 64;

/** What a value is charged for, in bytes: whole words, as some backends have them. */
export function valuePrice(width: number): number {
  return (width + 7) & ~7;
}

/** What the modulus and its residues share. */
class SharedModulus extends Shared {
  protected override users = 1;
  readonly arithmetic: ModularArithmetic;
  readonly context: NumberContext;
  readonly isSecret: boolean;
  /** Of the first byte. */
  readonly firstBits: number;
  readonly #bytes: Uint8Array;
  readonly #price: number;
  #isPrime: boolean | undefined;
  #roots: SquareRoots | undefined;

  /** Errors: `overflow`; a backend’s. @param bytes become its own: without leading zeros */
  constructor(context: NumberContext, bytes: Uint8Array) {
    super();
    // Backends keep it in several forms.
    this.#price = MODULUS_PRICE + 8 * bytes.length;
    context.meter.accounts.modulus.charge(this.#price);
    try {
      this.context = context;
      this.#bytes = bytes;
      this.arithmetic = modularArithmetic(context.policy, bytes);
      this.isSecret = (this.arithmetic.modulus & 1n) === 1n;
      this.firstBits = bitLength(BigInt(bytes[0] as number));
    } catch (error) {
      context.meter.accounts.modulus.giveBack(this.#price);
      throw error;
    }
  }

  require(operation: ResidueOperation): void {
    requireConstantTime(this.context.policy, this.isSecret, this.arithmetic.claims[operation]);
  }

  /** Errors: `invalid_operation` where the modulus is no odd prime; `overflow`. @param account that pays for finding out */
  roots(account: Account): SquareRoots {
    if (!this.isSecret || this.#isPrime === false || this.arithmetic.modulus === 1n) throw fail.InvalidOperation;
    if (this.#isPrime === undefined) {
      const rounds = this.arithmetic.width > 256 ? 2 * PRIME_ROUNDS : PRIME_ROUNDS;
      spend(account, rounds * residuePrices(this.arithmetic.width).power(this.arithmetic.width * 8));
      this.#isPrime = checkPrimeSync(this.#bytes);
      if (!this.#isPrime) throw fail.InvalidOperation;
    }
    if (this.#roots === undefined) {
      spend(account, 8 * residuePrices(this.arithmetic.width).power(this.arithmetic.width * 8));
      this.#roots = new SquareRoots(this.arithmetic);
    }
    return this.#roots;
  }

  protected override dispose(): void {
    this.context.meter.accounts.modulus.giveBack(this.#price);
    this.arithmetic.release();
  }
}

/** `modulus` */
export class Modulus extends GuestObject {
  override live = true;
  readonly #shared: SharedModulus;

  /**
   * `modulus_import`. Leading zeros do not count.
   *
   * Errors: `malformed` for 0 and no bytes at all; `invalid_length` over `MOST_MODULUS_BYTES`; `prohibited_operation`;
   * `overflow`.
   */
  constructor(context: NumberContext, order: ByteOrder, value: Uint8Array) {
    super();
    if (context.policy.arithmeticObjection() !== undefined) throw fail.ProhibitedOperation;
    context.meter.accounts.modulus.spend(value.length);
    const digits = significant(order, value);
    if (digits.length === 0) throw fail.Malformed;
    if (digits.length > MOST_MODULUS_BYTES) throw fail.InvalidLength;
    // What is computed in advance, and tried out of OpenSSL where that has to do the powers.
    context.meter.accounts.modulus.spend(20_000 + 4 * digits.length ** 2);
    this.#shared = new SharedModulus(context, bigEndian(order, digits));
    this.open(context.meter.accounts.modulus, 0);
  }

  /** `modulus_width`: of the modulus and each of its residues, in bytes. */
  get width(): number {
    return this.#shared.arithmetic.width;
  }

  /** For residues, which retain it. */
  get shared(): SharedModulus {
    return this.#shared;
  }

  protected override dispose(): void {
    const { accounts } = this.#shared.context.meter;
    this.#shared.release();
    accounts.modulus.close(0);
  }
}

/** `residue`: a variable; at first 0. */
export class Residue extends GuestObject {
  override live = true;
  readonly #shared: SharedModulus;
  readonly #value: ResidueBytes;

  /** `residue_open`. Errors: `overflow`. @param of the modulus, or another of its residues */
  constructor(of: Modulus | Residue) {
    super();
    this.#shared = of.shared.retain();
    this.#value = newBytes(this.#shared.arithmetic.size);
    this.open(this.#account, valuePrice(this.#arithmetic.width));
  }

  /** As `modulus_width`. */
  get width(): number {
    return this.#arithmetic.width;
  }

  /** For other residues, which retain it. */
  get shared(): SharedModulus {
    return this.#shared;
  }

  get #account(): Account {
    return this.#shared.context.meter.accounts.residue;
  }

  get #arithmetic(): ModularArithmetic {
    return this.#shared.arithmetic;
  }

  /** `residue_import`. Errors: `malformed` for a number that is not below the modulus; `overflow`. @param value shorter ones are filled up with zeros */
  import(order: ByteOrder, value: Uint8Array): void {
    this.#shared.require('import');
    const { width } = this.#arithmetic;
    if (value.length > width) throw fail.Malformed;
    this.#spend(0);
    const taken = withBigEndian(order, value, width, (bytes) => this.#arithmetic.decode(this.#value, bytes));
    if (!taken) throw fail.Malformed;
  }

  /** `residue_reduce`. Errors: `prohibited_operation`, `overflow`. @param wide of any length */
  reduce(order: ByteOrder, wide: Uint8Array): void {
    this.#shared.require('reduce');
    const { width } = this.#arithmetic;
    spend(this.#account, wide.length + residuePrices(width).multiply * (2 + Math.ceil(wide.length / width)));
    withBigEndian(order, wide, wide.length, (bytes) => this.#arithmetic.reduce(this.#value, bytes));
  }

  /** `residue_random`: uniform from 0 on. Errors: `rng_error`, `overflow`. */
  random(): void {
    this.#shared.require('random');
    this.#spend(0);
    const { random } = this.#shared.context;
    draw(random, this.#arithmetic.width, this.#shared.firstBits, (drawn) =>
      this.#arithmetic.decode(this.#value, drawn),
    );
  }

  /** `residue_export`. Errors: `overflow` and `invalid_length` where `out` has not the width of the modulus. */
  export(order: ByteOrder, out: Uint8Array): void {
    this.#shared.require('export');
    requireExactly(out, this.#arithmetic.width);
    this.#spend(0);
    writeInOrder(order, out, (bytes) => this.#arithmetic.encode(this.#value, bytes));
  }

  /** `residue_add`. Errors: `invalid_operation` for residues of another modulus; `prohibited_operation`; `overflow`. */
  add(left: Residue, right: Residue): void {
    this.#begin('add', left, right);
    this.#spend(0);
    this.#arithmetic.add(this.#value, left.#value, right.#value);
  }

  /** `residue_sub`. Errors: as `add`. */
  sub(left: Residue, right: Residue): void {
    this.#begin('sub', left, right);
    this.#spend(0);
    this.#arithmetic.subtract(this.#value, left.#value, right.#value);
  }

  /** `residue_mul`. Errors: as `add`. */
  mul(left: Residue, right: Residue): void {
    this.#begin('mul', left, right);
    this.#spend(residuePrices(this.#arithmetic.width).multiply);
    this.#arithmetic.multiply(this.#value, left.#value, right.#value);
  }

  /** `residue_square`. Errors: as `add`. */
  square(value: Residue): void {
    this.#begin('square', value);
    this.#spend(residuePrices(this.#arithmetic.width).multiply);
    this.#arithmetic.multiply(this.#value, value.#value, value.#value);
  }

  /**
   * `residue_inverse`. Errors: `no_result` where there is none; as `add`. Modulo a prime the time is constant if the
   * backend's is; modulo another odd number it never is.
   */
  inverse(value: Residue): void {
    this.#begin('inverse', value);
    this.#spend(residuePrices(this.#arithmetic.width).power(this.#arithmetic.width * 8));
    const variable = (): void => requireConstantTime(this.#shared.context.policy, this.#shared.isSecret, 'variable');
    if (!this.#arithmetic.inverse(this.#value, value.#value, variable)) throw fail.NoResult;
  }

  /** `residue_sqrt`: of two roots the even one. Errors: `no_result`; `invalid_operation` where the modulus is no odd prime; as `add`. */
  sqrt(value: Residue): void {
    this.#begin('sqrt', value);
    const roots = this.#shared.roots(this.#account);
    this.#spend(roots.cost);
    if (!roots.root(this.#value, value.#value)) throw fail.NoResult;
  }

  /** `residue_exp`; 0 to the power 0 is 1. Errors: `overflow` over `MOST_EXPONENT_BYTES`; as `add`. @param exponent of which nothing but its length is public */
  exp(base: Residue, exponent: Uint8Array, order: ByteOrder = 'big'): void {
    this.#begin('exp', base);
    if (exponent.length > MOST_EXPONENT_BYTES) throw fail.Overflow;
    this.#spend(residuePrices(this.#arithmetic.width).power(exponent.length * 8));
    withBigEndian(order, exponent, exponent.length, (bytes) => this.#arithmetic.power(this.#value, base.#value, bytes));
  }

  /** `residue_equal`. Errors: `invalid_operation`. */
  equal(other: Residue): boolean {
    this.#begin('equal', other);
    this.#spend(0);
    return this.#arithmetic.equal(this.#value, other.#value);
  }

  /** `residue_select`: the first where `choice` is true, else the second. Errors: as `add`. */
  select(first: Residue, second: Residue, choice: boolean): void {
    this.#begin('select', first, second);
    this.#spend(0);
    this.#arithmetic.select(this.#value, first.#value, second.#value, choice);
  }

  #begin(operation: ResidueOperation, ...operands: readonly Residue[]): void {
    for (const each of operands) if (each.#shared !== this.#shared) throw fail.InvalidOperation;
    this.#shared.require(operation);
  }

  /** @param cost beside that of handling the bytes */
  #spend(cost: number): void {
    spend(this.#account, this.#arithmetic.width + cost);
  }

  protected override dispose(): void {
    const account = this.#account;
    wipe(this.#value);
    this.#shared.release();
    account.close(valuePrice(this.#arithmetic.width));
  }
}
