/** `group`: elements. A failure leaves the destination as it was. The identity is an element like others. */
import type {
  ElementFormat,
  ElementOperation,
  GroupArithmetic,
  GroupPoint,
} from '../backends/arithmetic/arithmetic.js';
import { expandMessage } from '../backends/arithmetic/expand-message.js';
import { elementPrices } from '../backends/arithmetic/prices.js';
import type { GroupFacts } from '../backends/arithmetic/groups.js';
import { newBytes } from '../blocks.js';
import { wipe } from '../bytes.js';
import { fail } from '../failures.js';
import type { Account } from '../meter.js';
import { GuestObject } from '../objects/guest-object.js';
import type { Arithmetic } from './choice.js';
import { requireConstantTime, requireExactly, spend, type NumberContext } from './context.js';
import { hashCost, withScalar, type InGroup, type Scalar } from './group.js';

/** Most products of one sum. */
export const MOST_TERMS = 4096;

/** `element`: a variable; at first the identity. */
export class Element extends GuestObject {
  override live = true;
  readonly arithmetic: Arithmetic;
  readonly context: NumberContext;
  readonly #point: GroupPoint;

  /** `element_open`. Errors: `overflow`. */
  constructor(group: InGroup) {
    super();
    this.context = group.context;
    this.arithmetic = group.arithmetic;
    this.#point = this.#group.point();
    this.open(this.#account, 0);
  }

  get #account(): Account {
    return this.context.meter.accounts.element;
  }

  get #group(): GroupArithmetic {
    return this.arithmetic.elements;
  }

  get #prices(): ReturnType<typeof elementPrices> {
    return elementPrices(this.#facts.fieldLength);
  }

  get #facts(): GroupFacts {
    return this.arithmetic.facts;
  }

  /** `element_generator`. Errors: `overflow`. */
  generator(): void {
    this.#spend(this.#prices.add);
    this.#group.setGenerator(this.#point);
  }

  /**
   * `element_decode`, strictly: SEC 1, compressed or not, but not the identity; for secp256k1 32 bytes as well, the x
   * coordinate of BIP-340; RFC 8032, points of small order included (`inSubgroup`); RFC 9496.
   *
   * Errors: `malformed`, `overflow`.
   */
  decode(bytes: Uint8Array): void {
    const { compressed, uncompressed, xOnly, decodesXOnly } = this.#facts;
    const known =
      bytes.length === compressed || bytes.length === uncompressed || (decodesXOnly && bytes.length === xOnly);
    if (!known) throw fail.Malformed;
    this.#spend(this.#prices.decode);
    if (!this.#group.decode(this.#point, bytes)) throw fail.Malformed;
  }

  /**
   * `element_encode`. Edwards25519, ristretto255 and decaf448 have one format, the compressed one.
   *
   * Errors: `unsupported_encoding`; `overflow` and `invalid_length` where `out` has another length; `no_result` for the identity where
   * the format has none.
   */
  encode(format: ElementFormat, out: Uint8Array): void {
    requireExactly(out, this.lengthOf(format));
    this.#spend(this.#prices.encode);
    if (!this.#group.encode(this.#point, format, out)) throw fail.NoResult;
  }

  /**
   * `element_hash`: `hash_to_curve` of RFC 9380 with the suite of the group (`…_RO_`); `hash_to_ristretto255` and
   * `hash_to_decaf448`. Errors: `invalid_length` for an empty `dst`; `overflow`.
   *
   * @param dst tag of the domain: those over 255 bytes are hashed
   */
  hash(message: Uint8Array, dst: Uint8Array): void {
    this.#hash(message, dst, this.#facts.oneWayMap ? 1 : 2);
  }

  /** `element_encode_to_group`: `encode_to_curve` of RFC 9380 (`…_NU_`). Errors: `unsupported_feature` for ristretto255 and decaf448; as `hash`. */
  encodeToGroup(message: Uint8Array, dst: Uint8Array): void {
    if (this.#facts.oneWayMap) throw fail.UnsupportedFeature;
    this.#hash(message, dst, 1);
  }

  /**
   * `element_map`: ristretto255 and decaf448: the one-way map of RFC 9496, of 64 and 112 bytes. Curves: `map_to_curve` and
   * `clear_cofactor` of RFC 9380, of the L bytes that become a coordinate (48; P-384: 72; P-521: 98), or the sum
   * of two, of twice as many.
   *
   * Errors: `invalid_length`, `overflow`.
   */
  map(uniform: Uint8Array): void {
    const { uniform: length, oneWayMap } = this.#facts;
    if (uniform.length !== length && (oneWayMap || uniform.length !== 2 * length)) throw fail.InvalidLength;
    this.#spend(this.#prices.map * Math.ceil(uniform.length / length));
    // Another thread could change it.
    const copy = newBytes(uniform.length);
    copy.set(uniform);
    try {
      this.#group.map(this.#point, copy);
    } finally {
      wipe(copy);
    }
  }

  /** `element_add`. Errors: `invalid_operation` for elements of another group; `overflow`. */
  add(left: Element, right: Element): void {
    this.#sameGroup(left, right);
    this.#spend(this.#prices.add);
    this.#group.add(this.#point, left.#point, right.#point);
  }

  /** `element_sub`. Errors: as `add`. */
  sub(left: Element, right: Element): void {
    this.#sameGroup(left, right);
    this.#spend(this.#prices.add);
    this.#group.subtract(this.#point, left.#point, right.#point);
  }

  /** `element_neg`. Errors: as `add`. */
  neg(value: Element): void {
    this.#sameGroup(value);
    this.#spend(this.#prices.add);
    this.#group.negate(this.#point, value.#point);
  }

  /** `element_clear_cofactor`: 8 times, in edwards25519; the same element in other groups. Errors: as `add`. */
  clearCofactor(value: Element): void {
    this.#sameGroup(value);
    this.#spend(3 * this.#prices.add);
    this.#group.clearCofactor(this.#point, value.#point);
  }

  /** `element_mul`. Errors: `invalid_operation`; `prohibited_operation` for a secret scalar where the time depends on it; `overflow`. */
  mul(value: Element, scalar: Scalar): void {
    this.#sameGroup(value);
    this.#require('mul', scalar);
    this.#spend(this.#prices.multiply);
    withScalar(scalar, (bytes) => this.#group.multiply(this.#point, value.#point, bytes));
  }

  /** `element_mul_base`. Errors: as `mul`. */
  mulBase(scalar: Scalar): void {
    this.#require('mul_base', scalar);
    this.#spend(this.#prices.multiply);
    withScalar(scalar, (bytes) => this.#group.multiplyBase(this.#point, bytes));
  }

  /**
   * `element_mul_public`: the sum of all products; of none, the identity. In a time that depends on all of them.
   *
   * Errors: `invalid_length` for other numbers of elements than of scalars, and over `MOST_TERMS`; `invalid_operation`;
   * `prohibited_operation` for a secret scalar; `overflow`.
   */
  mulPublic(elements: readonly Element[], scalars: readonly Scalar[]): void {
    this.#sameGroup(...elements);
    if (scalars.some((each) => each.arithmetic.facts !== this.#facts)) throw fail.InvalidOperation;
    if (elements.length !== scalars.length || elements.length > MOST_TERMS) throw fail.InvalidLength;
    if (scalars.some((each) => each.isSecret)) throw fail.ProhibitedOperation;
    this.#spend(this.#prices.multiply * elements.length);
    const numbers = scalars.map((each) => withScalar(each, (bytes) => new Uint8Array(bytes)));
    this.#group.multiplyPublic(
      this.#point,
      elements.map((each) => each.#point),
      numbers,
    );
  }

  /** `element_equal`. Errors: `invalid_operation`. */
  equal(other: Element): boolean {
    this.#sameGroup(other);
    this.#spend(this.#prices.add);
    return this.#group.equal(this.#point, other.#point);
  }

  /** `element_in_subgroup`: whether its order divides that of the scalars, as the identity's does. Errors: `overflow`. */
  get inSubgroup(): boolean {
    this.#spend(this.#prices.subgroup);
    return this.#group.inSubgroup(this.#point);
  }

  /** Errors: `unsupported_encoding`. */
  lengthOf(format: ElementFormat): number {
    const { compressed, uncompressed, xOnly } = this.#facts;
    const length = { compressed, uncompressed, 'x-only': xOnly }[format];
    if (length === undefined) throw fail.UnsupportedEncoding;
    return length;
  }

  /** @param count of maps */
  #hash(message: Uint8Array, dst: Uint8Array, count: number): void {
    if (dst.length === 0) throw fail.InvalidLength;
    const { expander, uniform } = this.#facts;
    this.#spend(hashCost(message, dst) + count * this.#prices.map);
    const bytes = expandMessage(expander, message, dst, count * uniform);
    try {
      this.#group.map(this.#point, bytes);
    } finally {
      wipe(bytes);
    }
  }

  #sameGroup(...others: readonly Element[]): void {
    for (const each of others) if (each.#group !== this.#group) throw fail.InvalidOperation;
  }

  #require(operation: ElementOperation, scalar: Scalar): void {
    if (scalar.arithmetic.facts !== this.#facts) throw fail.InvalidOperation;
    requireConstantTime(this.context.policy, scalar.isSecret, this.#group.claims[operation]);
  }

  #spend(cost: number): void {
    spend(this.#account, cost);
  }

  protected override dispose(): void {
    this.#point.release();
    this.#account.close(0);
  }
}
