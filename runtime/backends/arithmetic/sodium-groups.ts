/** ristretto255 and edwards25519 by libsodium in WebAssembly. Elements are their encodings. */
import { newBytes } from '../../blocks.js';
import { sameBytes, wipe } from '../../bytes.js';
import type { ConstantTime } from '../backend.js';
import type { ElementFormat, ElementOperation, GroupArithmetic, GroupPoint } from './arithmetic.js';
import { writeBigInt } from './bigints.js';
import type { GroupFacts } from './groups.js';
import { libsodium, loadSodium, type Sodium } from '../libsodium.js';
import { nobleGroup } from './noble-groups.js';

const SIZE = 32;

const claims: Readonly<Record<ElementOperation, ConstantTime>> = {
  decode: 'library',
  encode: 'library',
  hash: 'library',
  map: 'library',
  add: 'library',
  equal: 'library',
  mul: 'library',
  mul_base: 'library',
};

class SodiumPoint implements GroupPoint {
  readonly bytes = newBytes(SIZE);

  release(): void {
    wipe(this.bytes);
  }
}

/** Throws `Unavailable`; undefined for groups that libsodium does not have. */
export function sodiumGroup(facts: GroupFacts): GroupArithmetic<SodiumPoint> | undefined {
  if (facts.name === 'ristretto255') return new Ristretto(loadSodium(), new Uint8Array(SIZE));
  return facts.name === 'edwards25519' ? new Edwards(loadSodium(), facts) : undefined;
}

abstract class SodiumGroup implements GroupArithmetic<SodiumPoint> {
  readonly backend = libsodium;
  abstract readonly claims: Readonly<Record<ElementOperation, ConstantTime>>;
  protected readonly sodium: Sodium;
  protected readonly identity: Uint8Array;
  #generator: SodiumPoint | undefined;

  constructor(sodium: Sodium, identity: Uint8Array) {
    this.sodium = sodium;
    this.identity = identity;
  }

  abstract decode(to: SodiumPoint, bytes: Uint8Array): boolean;
  abstract add(to: SodiumPoint, left: SodiumPoint, right: SodiumPoint): void;
  abstract subtract(to: SodiumPoint, left: SodiumPoint, right: SodiumPoint): void;
  abstract clearCofactor(to: SodiumPoint, point: SodiumPoint): void;
  abstract inSubgroup(point: SodiumPoint): boolean;
  abstract map(to: SodiumPoint, uniform: Uint8Array): void;
  /** @param scalar little-endian */
  protected abstract product(to: SodiumPoint, point: SodiumPoint, scalar: Uint8Array): void;
  /** False: the identity. @param scalar little-endian */
  protected abstract baseProduct(to: SodiumPoint, scalar: Uint8Array): boolean;

  point(): SodiumPoint {
    const made = new SodiumPoint();
    this.setIdentity(made);
    return made;
  }

  setIdentity(to: SodiumPoint): void {
    to.bytes.set(this.identity);
  }

  setGenerator(to: SodiumPoint): void {
    if (this.#generator === undefined) {
      this.#generator = this.point();
      this.multiplyBase(this.#generator, new Uint8Array(SIZE).fill(1, -1));
    }
    to.bytes.set(this.#generator.bytes);
  }

  encode(point: SodiumPoint, _format: ElementFormat, out: Uint8Array): boolean {
    out.set(point.bytes);
    return true;
  }

  negate(to: SodiumPoint, point: SodiumPoint): void {
    this.subtract(to, this.point(), point);
  }

  multiply(to: SodiumPoint, point: SodiumPoint, scalar: Uint8Array): void {
    const reversed = newBytes(SIZE);
    try {
      reversed.set(scalar);
      this.product(to, point, reversed.reverse());
    } finally {
      wipe(reversed);
    }
  }

  multiplyBase(to: SodiumPoint, scalar: Uint8Array): void {
    const reversed = newBytes(SIZE);
    try {
      reversed.set(scalar);
      if (!this.baseProduct(to, reversed.reverse())) this.setIdentity(to);
    } finally {
      wipe(reversed);
    }
  }

  multiplyPublic(to: SodiumPoint, points: readonly SodiumPoint[], scalars: readonly Uint8Array[]): void {
    const [sum, product] = [this.point(), this.point()];
    for (const [index, point] of points.entries()) {
      this.multiply(product, point, scalars[index] as Uint8Array);
      this.add(sum, sum, product);
    }
    to.bytes.set(sum.bytes);
  }

  equal(left: SodiumPoint, right: SodiumPoint): boolean {
    return sameBytes(left.bytes, right.bytes);
  }

  /** For what takes every element. */
  protected must(done: boolean): void {
    if (!done) throw new Error('libsodium refused an element that it made');
  }
}

class Ristretto extends SodiumGroup {
  override readonly claims = claims;

  override decode(to: SodiumPoint, bytes: Uint8Array): boolean {
    const copy = newBytes(SIZE);
    copy.set(bytes);
    if (!this.sodium.holds('crypto_core_ristretto255_is_valid_point', copy)) return false;
    to.bytes.set(copy);
    return true;
  }

  override add(to: SodiumPoint, left: SodiumPoint, right: SodiumPoint): void {
    this.must(this.sodium.into('crypto_core_ristretto255_add', to.bytes, left.bytes, right.bytes));
  }

  override subtract(to: SodiumPoint, left: SodiumPoint, right: SodiumPoint): void {
    this.must(this.sodium.into('crypto_core_ristretto255_sub', to.bytes, left.bytes, right.bytes));
  }

  override clearCofactor(to: SodiumPoint, point: SodiumPoint): void {
    to.bytes.set(point.bytes);
  }

  override inSubgroup(): boolean {
    return true;
  }

  override map(to: SodiumPoint, uniform: Uint8Array): void {
    this.must(this.sodium.into('crypto_core_ristretto255_from_hash', to.bytes, uniform));
  }

  protected override product(to: SodiumPoint, point: SodiumPoint, scalar: Uint8Array): void {
    // It refuses the identity as a result.
    if (!this.sodium.into('crypto_scalarmult_ristretto255', to.bytes, scalar, point.bytes)) this.setIdentity(to);
  }

  protected override baseProduct(to: SodiumPoint, scalar: Uint8Array): boolean {
    return this.sodium.into('crypto_scalarmult_ristretto255_base', to.bytes, scalar);
  }
}

class Edwards extends SodiumGroup {
  /** Coordinates are mapped by noble. */
  override readonly claims = { ...claims, hash: 'variable', map: 'variable' } as const;
  readonly #facts: GroupFacts;
  /** The greatest scalar. */
  readonly #last = new Uint8Array(SIZE);
  #noble: ReturnType<typeof nobleGroup> | undefined;

  constructor(sodium: Sodium, facts: GroupFacts) {
    super(sodium, new Uint8Array(SIZE).fill(1, 0, 1));
    this.#facts = facts;
    writeBigInt(facts.order - 1n, this.#last);
  }

  override decode(to: SodiumPoint, bytes: Uint8Array): boolean {
    const sum = newBytes(SIZE);
    const copy = newBytes(SIZE);
    copy.set(bytes);
    // It takes other encodings than RFC 8032's, but makes none.
    if (!this.sodium.into('crypto_core_ed25519_add', sum, copy, this.identity) || !sameBytes(sum, copy)) return false;
    to.bytes.set(sum);
    return true;
  }

  override add(to: SodiumPoint, left: SodiumPoint, right: SodiumPoint): void {
    this.must(this.sodium.into('crypto_core_ed25519_add', to.bytes, left.bytes, right.bytes));
  }

  override subtract(to: SodiumPoint, left: SodiumPoint, right: SodiumPoint): void {
    this.must(this.sodium.into('crypto_core_ed25519_sub', to.bytes, left.bytes, right.bytes));
  }

  override clearCofactor(to: SodiumPoint, point: SodiumPoint): void {
    this.add(to, point, point);
    this.add(to, to, to);
    this.add(to, to, to);
  }

  override inSubgroup(point: SodiumPoint): boolean {
    return (
      sameBytes(point.bytes, this.identity) || this.sodium.holds('crypto_core_ed25519_is_valid_point', point.bytes)
    );
  }

  override map(to: SodiumPoint, uniform: Uint8Array): void {
    this.#noble ??= nobleGroup(this.#facts);
    const mapped = this.#noble.point();
    this.#noble.map(mapped, uniform);
    this.#noble.encode(mapped, 'compressed', to.bytes);
  }

  protected override product(to: SodiumPoint, point: SodiumPoint, scalar: Uint8Array): void {
    if (this.sodium.into('crypto_scalarmult_ed25519_noclamp', to.bytes, scalar, point.bytes)) return;
    // A product that is the identity, or a point outside of the subgroup: both are seen by everybody.
    if (this.inSubgroup(point)) this.setIdentity(to);
    else this.#mixedProduct(to, point, scalar);
  }

  /** A point is the sum of one in the subgroup and one of small order, which is multiplied by three bits of the scalar. */
  #mixedProduct(to: SodiumPoint, point: SodiumPoint, scalar: Uint8Array): void {
    const [main, small, multiple, chosen] = [this.point(), this.point(), this.point(), this.point()];
    // All of it public: the order times the point is 5 times the part of small order, and 5 times 5 is 1 modulo 8.
    this.#timesOrder(small, point);
    for (let count = 0; count < 4; count += 1) this.add(multiple, multiple, small);
    this.add(small, small, multiple);
    this.subtract(main, point, small);
    this.setIdentity(multiple);
    const bits = (scalar[0] ?? 0) & 7;
    for (let count = 0; count < 8; count += 1) {
      const mask = ((bits ^ count) - 1) >> 31;
      for (let at = 0; at < SIZE; at += 1)
        chosen.bytes[at] = ((chosen.bytes[at] as number) & ~mask) | ((multiple.bytes[at] as number) & mask);
      this.add(multiple, multiple, small);
    }
    if (!this.sodium.into('crypto_scalarmult_ed25519_noclamp', main.bytes, scalar, main.bytes)) this.setIdentity(main);
    this.add(to, main, chosen);
    for (const each of [main, small, multiple, chosen]) each.release();
  }

  #timesOrder(to: SodiumPoint, point: SodiumPoint): void {
    this.#noble ??= nobleGroup(this.#facts);
    const [value, product] = [this.#noble.point(), this.#noble.point()];
    this.#noble.decode(value, point.bytes);
    this.#noble.multiplyPublic(product, [value], [this.#last]);
    this.#noble.add(product, product, value);
    this.#noble.encode(product, 'compressed', to.bytes);
  }

  protected override baseProduct(to: SodiumPoint, scalar: Uint8Array): boolean {
    return this.sodium.into('crypto_scalarmult_ed25519_base_noclamp', to.bytes, scalar);
  }
}
