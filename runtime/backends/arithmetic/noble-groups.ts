/** All groups, by noble: on the integers of the engine, which take a time that depends on their values. */
import type { CurvePoint, CurvePointCons } from '@noble/curves/abstract/curve.js';
import type { ConstantTime } from '../backend.js';
import { nobleCurve, nobleCurve25519, nobleCurve448, nobleCurves, nobleNist, nobleSecp256k1 } from '../noble.js';
import type { ElementFormat, ElementOperation, GroupArithmetic, GroupPoint } from './arithmetic.js';
import { publicBigInt, toBigInt } from './bigints.js';
import type { GroupFacts } from './groups.js';

type Point = CurvePoint<bigint, Point>;

/** Of scalars that are public: tables of four multiples of each element are best for up to some hundred (measured). */
const TABLE_BITS = 4;

/** What is different from curve to curve. */
interface Curve {
  readonly points: CurvePointCons<Point>;
  /** Of one part of uniform bytes; the cofactor is cleared. */
  map(uniform: Uint8Array): Point;
  bytes(point: Point, format: ElementFormat): Uint8Array;
}

/** Noble's points have a type of their own for each curve; nothing here mixes them. */
interface Hasher {
  readonly Point: object;
  mapToCurve(scalar: never): unknown;
}

function hashing({ Point, mapToCurve }: Hasher): Curve {
  const points = Point as CurvePointCons<Point>;
  const { ORDER } = points.Fp as unknown as { readonly ORDER: bigint };
  return {
    points,
    map: (uniform) => mapToCurve((toBigInt(uniform) % ORDER) as never) as Point,
    bytes(point, format) {
      const encoded = (point as unknown as { toBytes(compressed: boolean): Uint8Array }).toBytes(
        format !== 'uncompressed',
      );
      return format === 'x-only' ? encoded.subarray(1) : encoded;
    },
  };
}

function oneWay(hasher: { readonly Point: object; readonly deriveToCurve?: unknown }): Curve {
  const derive = hasher.deriveToCurve as (uniform: Uint8Array) => Point;
  return {
    points: hasher.Point as CurvePointCons<Point>,
    map: derive,
    bytes: (point) => point.toBytes(),
  };
}

function curveOf({ name }: GroupFacts): Curve {
  switch (name) {
    case 'P-256':
      return hashing(nobleNist().p256_hasher);
    case 'P-384':
      return hashing(nobleNist().p384_hasher);
    case 'P-521':
      return hashing(nobleNist().p521_hasher);
    case 'secp256k1':
      return hashing(nobleSecp256k1().secp256k1_hasher);
    case 'edwards25519':
      return hashing(nobleCurve25519().ed25519_hasher);
    case 'ristretto255':
      return oneWay(nobleCurve25519().ristretto255_hasher);
    case 'decaf448':
      return oneWay(nobleCurve448().decaf448_hasher);
  }
}

const claims: Readonly<Record<ElementOperation, ConstantTime>> = {
  decode: 'variable',
  encode: 'variable',
  hash: 'variable',
  map: 'variable',
  add: 'variable',
  equal: 'variable',
  mul: 'variable',
  mul_base: 'variable',
};

/** @returns a variable: points of noble's cannot be changed, or wiped */
class NoblePoint implements GroupPoint {
  value: Point;
  readonly #identity: Point;

  constructor(identity: Point) {
    this.value = identity;
    this.#identity = identity;
  }

  release(): void {
    this.value = this.#identity;
  }
}

export function nobleGroup(facts: GroupFacts): GroupArithmetic<NoblePoint> {
  const { points, map, bytes } = curveOf(facts);
  const { ZERO, BASE } = points;
  const times = (point: Point, scalar: bigint): Point => (scalar === 0n || point.is0() ? ZERO : point.multiply(scalar));
  return {
    backend: nobleCurves,
    claims,
    point: () => new NoblePoint(ZERO),
    setIdentity(to) {
      to.value = ZERO;
    },
    setGenerator(to) {
      to.value = BASE;
    },
    decode(to, encoded) {
      // BIP-340: of two points the one whose y coordinate is even.
      const whole =
        facts.decodesXOnly && encoded.length === facts.xOnly ? Uint8Array.of(2, ...encoded) : new Uint8Array(encoded);
      try {
        to.value = points.fromBytes(whole);
        return true;
      } catch {
        // Noble says by errors that bytes encode nothing.
        return false;
      }
    },
    encode(point, format, out) {
      if (!facts.encodesIdentity && point.value.is0()) return false;
      out.set(bytes(point.value, format));
      return true;
    },
    add(to, left, right) {
      to.value = left.value.add(right.value);
    },
    subtract(to, left, right) {
      to.value = left.value.subtract(right.value);
    },
    negate(to, point) {
      to.value = point.value.negate();
    },
    clearCofactor(to, point) {
      to.value = point.value.clearCofactor();
    },
    multiply(to, point, scalar) {
      to.value = times(point.value, toBigInt(scalar));
    },
    multiplyBase(to, scalar) {
      to.value = times(BASE, toBigInt(scalar));
    },
    multiplyPublic(to, terms, scalars) {
      const values = terms.map(({ value }) => value);
      to.value = nobleCurve().interleavedMSMUnsafe(points, values, TABLE_BITS)(scalars.map(publicBigInt));
    },
    equal: (left, right) => left.value.equals(right.value),
    inSubgroup: (point) => facts.name !== 'edwards25519' || point.value.isTorsionFree(),
    map(to, uniform) {
      if (uniform.length === facts.uniform) to.value = map(uniform);
      else to.value = map(uniform.subarray(0, facts.uniform)).add(map(uniform.subarray(facts.uniform)));
    },
  };
}
