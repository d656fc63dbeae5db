/** Groups on the curves of SEC 1 and SEC 2, by OpenSSL's points. */
import { newBytes } from '../../blocks.js';
import { concat, wipe } from '../../bytes.js';
import type { ElementFormat, ElementOperation, GroupArithmetic, GroupPoint } from '../arithmetic/arithmetic.js';
import { bitLength, writeBigInt } from '../arithmetic/bigints.js';
import { mapParameters, SimplifiedSwu } from '../arithmetic/simplified-swu.js';
import { nativeResidues } from './residues.js';
import { nobleGroup } from '../arithmetic/noble-groups.js';
import type { GroupFacts, GroupName } from '../arithmetic/groups.js';
import type { ConstantTime } from '../backend.js';
import { missing } from '../provider.js';
import { native } from './backend.js';
import { answered, nativeLibrary, NativeObject, type NativeLibrary } from './library.js';

/** As OpenSSL calls them. */
const names: { readonly [Name in GroupName]?: string } = {
  'P-256': 'prime256v1',
  'P-384': 'secp384r1',
  'P-521': 'secp521r1',
  secp256k1: 'secp256k1',
};

const claims: Readonly<Record<ElementOperation, ConstantTime>> = {
  decode: 'variable',
  encode: 'library',
  hash: 'variable',
  map: 'variable',
  add: 'variable',
  equal: 'variable',
  mul: 'library',
  mul_base: 'library',
};

const forms: Readonly<Record<ElementFormat, 0 | 2 | 4>> = { 'x-only': 0, compressed: 2, uncompressed: 4 };

class NativePoint implements GroupPoint {
  readonly #object: NativeObject;

  constructor(object: NativeObject) {
    this.#object = object;
  }

  get number(): number {
    return this.#object.number;
  }

  release(): void {
    this.#object.release();
  }
}

/** Throws `Unavailable`; undefined for groups that OpenSSL has no points of. */
export function nativeGroup(facts: GroupFacts): GroupArithmetic<NativePoint> | undefined {
  const name = names[facts.name];
  if (name === undefined) return undefined;
  const library = nativeLibrary();
  const group = library.groupFind(name);
  if (group < 0) throw missing(facts.name);
  return new NativeGroup(library, group, facts);
}

class NativeGroup implements GroupArithmetic<NativePoint> {
  readonly backend = native;
  readonly claims: Readonly<Record<ElementOperation, ConstantTime>>;
  readonly #library: NativeLibrary;
  readonly #group: number;
  readonly #facts: GroupFacts;
  /** Maps to the curve, where its A is not 0. */
  readonly #swu: SimplifiedSwu | undefined;
  /** The same for secp256k1, by an isogeny. */
  #noble: ReturnType<typeof nobleGroup> | undefined;

  constructor(library: NativeLibrary, group: number, facts: GroupFacts) {
    this.#library = library;
    this.#group = group;
    this.#facts = facts;
    this.#swu = mapTo(facts);
    // OpenSSL does not promise that it adds in constant time, as it does of products.
    this.claims = this.#swu === undefined ? claims : { ...claims, hash: 'best-effort', map: 'best-effort' };
  }

  point(): NativePoint {
    return new NativePoint(new NativeObject(this.#library.pointNew(this.#group)));
  }

  setIdentity(to: NativePoint): void {
    answered(this.#library.pointSet(to.number, 0));
  }

  setGenerator(to: NativePoint): void {
    answered(this.#library.pointSet(to.number, 1));
  }

  decode(to: NativePoint, bytes: Uint8Array): boolean {
    if (bytes.length !== this.#facts.xOnly) return answered(this.#library.pointDecode(to.number, bytes)) === 1;
    // BIP-340: of two points the one whose y coordinate is even.
    const compressed = newBytes(bytes.length + 1);
    compressed[0] = 2;
    compressed.set(bytes, 1);
    return answered(this.#library.pointDecode(to.number, compressed)) === 1;
  }

  encode(point: NativePoint, format: ElementFormat, out: Uint8Array): boolean {
    return answered(this.#library.pointEncode(point.number, forms[format], out)) === 1;
  }

  add(to: NativePoint, left: NativePoint, right: NativePoint): void {
    answered(this.#library.pointAdd(to.number, left.number, right.number, 0));
  }

  subtract(to: NativePoint, left: NativePoint, right: NativePoint): void {
    answered(this.#library.pointAdd(to.number, left.number, right.number, 1));
  }

  negate(to: NativePoint, point: NativePoint): void {
    answered(this.#library.pointNegate(to.number, point.number));
  }

  /** The cofactor is 1. */
  clearCofactor(to: NativePoint, point: NativePoint): void {
    this.#copy(to, point);
  }

  #copy(to: NativePoint, point: NativePoint): void {
    this.negate(to, point);
    this.negate(to, to);
  }

  multiply(to: NativePoint, point: NativePoint, scalar: Uint8Array): void {
    answered(this.#library.pointMultiply(to.number, point.number, scalar));
  }

  multiplyBase(to: NativePoint, scalar: Uint8Array): void {
    answered(this.#library.pointMultiply(to.number, undefined, scalar));
  }

  multiplyPublic(to: NativePoint, points: readonly NativePoint[], scalars: readonly Uint8Array[]): void {
    const numbers = BigUint64Array.from(points, ({ number }) => BigInt(number));
    answered(this.#library.pointSum(to.number, new Uint8Array(numbers.buffer), concat(...scalars)));
  }

  equal(left: NativePoint, right: NativePoint): boolean {
    return answered(this.#library.pointEqual(left.number, right.number)) === 1;
  }

  inSubgroup(): boolean {
    return true;
  }

  map(to: NativePoint, uniform: Uint8Array): void {
    if (this.#swu === undefined) {
      this.#mapByNoble(to, uniform);
      return;
    }
    const { uniform: length } = this.#facts;
    const second = this.point();
    try {
      this.#mapOne(second, uniform.subarray(0, length));
      if (uniform.length === length) {
        this.#copy(to, second);
        return;
      }
      const first = this.point();
      this.#mapOne(first, uniform.subarray(length));
      this.add(to, first, second);
      first.release();
    } finally {
      second.release();
    }
  }

  #mapOne(to: NativePoint, uniform: Uint8Array): void {
    const { fieldLength } = this.#facts;
    const bytes = newBytes(1 + 2 * fieldLength);
    bytes[0] = 4;
    this.#swu?.map(uniform, bytes.subarray(1, 1 + fieldLength), bytes.subarray(1 + fieldLength));
    const good = this.decode(to, bytes);
    wipe(bytes);
    if (!good) throw new Error('a map to the curve gave no point of it');
  }

  #mapByNoble(to: NativePoint, uniform: Uint8Array): void {
    this.#noble ??= nobleGroup(this.#facts);
    const mapped = this.#noble.point();
    this.#noble.map(mapped, uniform);
    const bytes = newBytes(1 + 2 * this.#facts.fieldLength);
    if (this.#noble.encode(mapped, 'uncompressed', bytes)) this.decode(to, bytes);
    else this.setIdentity(to);
    wipe(bytes);
  }
}

function mapTo({ name }: GroupFacts): SimplifiedSwu | undefined {
  const parameters = mapParameters[name];
  if (parameters === undefined) return undefined;
  const prime = new Uint8Array(Math.ceil(bitLength(parameters.prime) / 8));
  writeBigInt(parameters.prime, prime);
  const field = nativeResidues(prime);
  return field === undefined ? undefined : new SimplifiedSwu(field, parameters);
}
