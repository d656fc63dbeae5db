/**
 * `group`: groups of prime order, or with a subgroup of one, and their scalars. A failure leaves the destination as it
 * was. Zero is a scalar like others.
 */
import type { ModularArithmetic, ResidueBytes, ResidueOperation } from '../backends/arithmetic/arithmetic.js';
import { expandMessage } from '../backends/arithmetic/expand-message.js';
import { bitLength } from '../backends/arithmetic/bigints.js';
import { residuePrices } from '../backends/arithmetic/prices.js';
import { newBytes } from '../blocks.js';
import { wipe } from '../bytes.js';
import { fail } from '../failures.js';
import type { Account } from '../meter.js';
import { GuestObject } from '../objects/guest-object.js';
import { withBigEndian, writeInOrder } from './byte-order.js';
import { valuePrice } from './modulus.js';
import { groupArithmetic, knownGroup, type Arithmetic } from './choice.js';
import { draw, requireConstantTime, requireExactly, spend, type NumberContext, type Secrecy } from './context.js';

/** `group` */
export class Group extends GuestObject {
  override live = true;
  readonly context: NumberContext;
  readonly arithmetic: Arithmetic;

  /** `group_open`. Errors: `unsupported_algorithm`, `prohibited_operation`, `overflow`. */
  constructor(context: NumberContext, name: string) {
    super();
    const facts = knownGroup(name);
    if (facts === undefined) throw fail.UnsupportedAlgorithm;
    if (context.policy.arithmeticObjection(facts.name) !== undefined) throw fail.ProhibitedOperation;
    this.context = context;
    this.arithmetic = groupArithmetic(context.policy, facts);
    this.open(context.meter.accounts.group, 0);
  }

  /** As its standard spells it. */
  get name(): string {
    return this.arithmetic.facts.name;
  }

  /** `group_element_len`: of an element, compressed where the group has that, in bytes. */
  get elementLength(): number {
    return this.arithmetic.facts.compressed;
  }

  /** `group_scalar_len`, in bytes. */
  get scalarLength(): number {
    return this.arithmetic.facts.scalarLength;
  }

  protected override dispose(): void {
    this.context.meter.accounts.group.close(0);
  }
}

/** A group, or what is of it. */
export type InGroup = Pick<Group, 'context' | 'arithmetic'>;

/** `scalar`: a variable, modulo the order of the group; at first 0. */
export class Scalar extends GuestObject {
  override live = true;
  readonly arithmetic: Arithmetic;
  readonly isSecret: boolean;
  readonly context: NumberContext;
  readonly #value: ResidueBytes;

  /**
   * `scalar_open`. Errors: `overflow`.
   *
   * @param secrecy of all its values: what takes a time that depends on them is refused where the policy says so, and
   *   no result of secret scalars becomes public silently
   */
  constructor(group: InGroup, secrecy: Secrecy) {
    super();
    this.context = group.context;
    this.arithmetic = group.arithmetic;
    this.isSecret = secrecy === 'secret';
    this.#value = newBytes(this.#residues.size);
    this.open(this.#account, valuePrice(this.#residues.width));
  }

  get #account(): Account {
    return this.context.meter.accounts.scalar;
  }

  get #residues(): ModularArithmetic {
    return this.arithmetic.scalars;
  }

  /** `scalar_decode`. Errors: `malformed` for another length, and for what is not below the order; `overflow`. */
  decode(bytes: Uint8Array): void {
    this.#require('import', this.isSecret);
    const { scalarLength, scalarOrder } = this.arithmetic.facts;
    if (bytes.length !== scalarLength) throw fail.Malformed;
    this.#spend(0);
    const taken = withBigEndian(scalarOrder, bytes, scalarLength, (number) => this.#take(number));
    if (!taken) throw fail.Malformed;
  }

  /** `scalar_encode`. Errors: `overflow` and `invalid_length` where `out` has another length. */
  encode(out: Uint8Array): void {
    this.#require('export', this.isSecret);
    const { scalarLength, scalarOrder } = this.arithmetic.facts;
    requireExactly(out, scalarLength);
    this.#spend(0);
    writeInOrder(scalarOrder, out, (bytes) => this.write(bytes));
  }

  /** Big-endian, and as long as encoded ones are. */
  write(out: Uint8Array): void {
    const before = out.length - this.#residues.width;
    out.fill(0, 0, before);
    this.#residues.encode(this.#value, out.subarray(before));
  }

  /** `scalar_reduce`. Errors: `prohibited_operation`, `overflow`. @param wide a number of any length, in the order of encoded scalars */
  reduce(wide: Uint8Array): void {
    this.#require('reduce', this.isSecret);
    this.#spend(
      residuePrices(this.#residues.width).multiply * (2 + Math.ceil(wide.length / this.#residues.width)) + wide.length,
    );
    withBigEndian(this.arithmetic.facts.scalarOrder, wide, wide.length, (bytes) =>
      this.#residues.reduce(this.#value, bytes),
    );
  }

  /** `scalar_random`: uniform from 1 on. Errors: `rng_error`, `overflow`. */
  random(): void {
    this.#require('random', this.isSecret);
    this.#spend(0);
    const { order } = this.arithmetic.facts;
    draw(this.context.random, this.#residues.width, bitLength(order) % 8 || 8, (drawn) =>
      drawn.every((byte) => byte === 0) ? false : this.#residues.decode(this.#value, drawn),
    );
  }

  /**
   * `scalar_hash`: `HashToScalar` of RFC 9497; of other groups `hash_to_field` of RFC 9380 modulo the order, with the hash of
   * the group's suite. Errors: `invalid_length` for an empty `dst`; `prohibited_operation`; `overflow`.
   *
   * @param dst tag of the domain: those over 255 bytes are hashed
   */
  hash(message: Uint8Array, dst: Uint8Array): void {
    if (dst.length === 0) throw fail.InvalidLength;
    this.#require('reduce', this.isSecret);
    this.#spend(hashCost(message, dst));
    const { expander, scalarUniform, oneWayMap } = this.arithmetic.facts;
    const uniform = expandMessage(expander, message, dst, scalarUniform);
    try {
      // RFC 9497, section 4: of ristretto255 and decaf448 it is little-endian.
      if (oneWayMap) uniform.reverse();
      this.#residues.reduce(this.#value, uniform);
    } finally {
      wipe(uniform);
    }
  }

  /** `scalar_add`. Errors: `invalid_operation` for scalars of another group; `prohibited_operation`, also where a secret would become public; `overflow`. */
  add(left: Scalar, right: Scalar): void {
    this.#begin('add', left, right);
    this.#spend(0);
    this.#residues.add(this.#value, left.#value, right.#value);
  }

  /** `scalar_sub`. Errors: as `add`. */
  sub(left: Scalar, right: Scalar): void {
    this.#begin('sub', left, right);
    this.#spend(0);
    this.#residues.subtract(this.#value, left.#value, right.#value);
  }

  /** `scalar_mul`. Errors: as `add`. */
  mul(left: Scalar, right: Scalar): void {
    this.#begin('mul', left, right);
    this.#spend(residuePrices(this.#residues.width).multiply);
    this.#residues.multiply(this.#value, left.#value, right.#value);
  }

  /** `scalar_neg`. Errors: as `add`. */
  neg(value: Scalar): void {
    this.#begin('sub', value);
    this.#spend(0);
    const zero = newBytes(this.#value.length);
    this.#residues.subtract(this.#value, zero, value.#value);
  }

  /** `scalar_invert`. Errors: `no_result` of 0; as `add`. */
  invert(value: Scalar): void {
    this.#begin('inverse', value);
    this.#spend(residuePrices(this.#residues.width).power(this.#residues.width * 8));
    // The order is prime: a backend whose inverses take a constant time has nothing else to try.
    const found = this.#residues.inverse(this.#value, value.#value, () => undefined);
    if (!found) throw fail.NoResult;
  }

  /** `scalar_equal`. Errors: `invalid_operation`. */
  equal(other: Scalar): boolean {
    this.#sameGroup(other);
    this.#require('equal', this.isSecret || other.isSecret);
    this.#spend(0);
    return this.#residues.equal(this.#value, other.#value);
  }

  #take(number: Uint8Array): boolean {
    const before = number.length - this.#residues.width;
    for (let at = 0; at < before; at += 1) if (number[at] !== 0) return false;
    return this.#residues.decode(this.#value, number.subarray(before));
  }

  #begin(operation: ResidueOperation, ...operands: readonly Scalar[]): void {
    for (const each of operands) this.#sameGroup(each);
    const secret = operands.some((each) => each.isSecret);
    if (secret && !this.isSecret) throw fail.ProhibitedOperation;
    this.#require(operation, this.isSecret);
  }

  #sameGroup(other: Scalar): void {
    if (other.arithmetic.facts !== this.arithmetic.facts) throw fail.InvalidOperation;
  }

  #require(operation: ResidueOperation, secret: boolean): void {
    requireConstantTime(this.context.policy, secret, this.#residues.claims[operation]);
  }

  #spend(cost: number): void {
    spend(this.#account, this.#residues.width + cost);
  }

  protected override dispose(): void {
    wipe(this.#value);
    this.#account.close(valuePrice(this.#residues.width));
  }
}

/** What hashing a message takes, a few short ones after it included. */
export function hashCost(message: Uint8Array, dst: Uint8Array): number {
  return 10_000 + 2 * message.length + 8 * dst.length;
}

/** A scalar in big-endian bytes of ours, which are wiped. */
export function withScalar<T>(scalar: Scalar, use: (bytes: Uint8Array) => T): T {
  const bytes = newBytes(scalar.arithmetic.facts.scalarLength);
  try {
    scalar.write(bytes);
    return use(bytes);
  } finally {
    wipe(bytes);
  }
}
