/** Secret-dependent paths of numbers and groups, with the native backend and without it. */
import { generatePrimeSync, randomFillSync } from 'node:crypto';
import { pow } from '@noble/curves/abstract/modular.js';
import { ristretto255 } from '@noble/curves/ed25519.js';
import type { ConstantTime } from '../runtime/backends/backend.js';
import { nativeObjection } from '../runtime/backends/native/library.js';
import { RuntimeContext } from '../runtime/context.js';
import { Element } from '../runtime/numbers/element.js';
import { Group, Scalar } from '../runtime/numbers/group.js';
import { Modulus, Residue } from '../runtime/numbers/modulus.js';
import { readOptions } from '../runtime/options.js';
import type { Path } from './timing-path.js';

const POOL = 64;

/** Inputs of both classes, made and read alike: what prepares a run could be seen in its time. */
class Pool {
  readonly current: Uint8Array;
  readonly #classes: readonly [readonly Uint8Array[], readonly Uint8Array[]];

  /** @param make fills in an input that was drawn at random: for class 0, or for class 1 */
  constructor(length: number, make: (input: Uint8Array, kind: 0 | 1) => void) {
    // Not in V8's heap, where an address could tell.
    const inputs = (kind: 0 | 1): readonly Uint8Array[] =>
      Array.from({ length: POOL }, () => {
        const input = randomFillSync(new Uint8Array(new ArrayBuffer(length)));
        make(input, kind);
        return input;
      });
    this.#classes = [inputs(0), inputs(1)];
    this.current = new Uint8Array(new ArrayBuffer(length));
  }

  draw(kind: 0 | 1): Uint8Array {
    this.current.set(this.#classes[kind][Math.floor(Math.random() * POOL)] as Uint8Array);
    return this.current;
  }
}

export function numberPaths(): readonly Path[] {
  const choices = [
    ...(nativeObjection() === undefined ? ([['native', 'auto']] as const) : []),
    ['without native', 'off'] as const,
  ];
  const planted = [plantedPower(), plantedMultiplication()];
  const measured = choices.flatMap(([title, native]) => {
    const context = new RuntimeContext(readOptions({ native, limits: { callCost: Number.MAX_SAFE_INTEGER } }));
    // Without it, those that libsodium has, and one that noble has.
    const curves =
      native === 'auto' ? ['P-256', 'P-384', 'P-521', 'secp256k1'] : ['P-256', 'edwards25519', 'ristretto255'];
    return [
      exponent(title, context),
      ...(native === 'auto' ? [zeros(title, context)] : []),
      product(title, context),
      comparison(title, context),
      ...curves.flatMap((name) => [multiplication(title, context, name), scalarInverse(title, context, name)]),
    ];
  });
  return [...planted, ...measured];
}

/** What nobody claims anything of may leak. */
function doubt(claim: ConstantTime): string {
  return claim === 'variable' ? ', of variable time' : '';
}

const ONE_BIT = 1n << 255n;
const ALL_BITS = 2n * ONE_BIT - 1n;

/** Square and multiply, on integers: as many products as bits are set. */
function plantedPower(): Path {
  const prime = generatePrimeSync(512, { bigint: true });
  let exponent = ONE_BIT;
  return {
    name: 'planted leak: power that multiplies where a bit is set',
    classes: ['2^255', '2^256 - 1'],
    prepare: (kind) => {
      exponent = kind === 0 ? ONE_BIT : ALL_BITS;
    },
    run: () => pow(3n, exponent, prime),
  };
}

/** Noble's multiplication for public scalars. */
function plantedMultiplication(): Path {
  // Where there are tables of a point, as of the base once something else of the process has used it, noble takes those.
  const point = ristretto255.Point.BASE.double();
  // Below the order. Bits that stand alone: noble adds and subtracts, so that a row of them is as quick as two.
  const [oneBit, manyBits] = [ONE_BIT >> 4n, (ALL_BITS / 3n) >> 4n];
  let scalar = oneBit;
  return {
    name: 'planted leak: element that is added where a bit is set',
    classes: ['one bit', 'every other bit'],
    prepare: (kind) => {
      scalar = kind === 0 ? oneBit : manyBits;
    },
    run: () => point.multiplyUnsafe(scalar),
  };
}

/** An exponent of few bits, against random ones: of an exponent only the length is public. */
function zeros(title: string, context: RuntimeContext): Path {
  const modulus = modulusOf(context, 512);
  const [base, to] = [new Residue(modulus), new Residue(modulus)];
  base.random();
  const pool = new Pool(modulus.width, (secret, kind) => {
    if (kind === 0) secret.fill(0, 0, -1);
  });
  return {
    name: `residue_exp, leading zeros, 512 bits, ${title}`,
    classes: ['below 256', 'random exponents'],
    slow: 4,
    prepare: (kind) => void pool.draw(kind),
    run: () => to.exp(base, pool.current),
  };
}

function modulusOf(context: RuntimeContext, bits: number): Modulus {
  return new Modulus(context, 'big', new Uint8Array(generatePrimeSync(bits)));
}

/** A secret exponent that is a single bit, against random ones: square and multiply would tell. */
function exponent(title: string, context: RuntimeContext): Path {
  const modulus = modulusOf(context, 512);
  const [base, to] = [new Residue(modulus), new Residue(modulus)];
  base.random();
  const pool = new Pool(modulus.width, (secret, kind) => {
    // Without the native backend OpenSSL gets DER, whose length tells of leading zeros: there are none.
    if (kind === 0) secret.fill(0);
    secret[0] = kind === 0 ? 2 : 2 | (secret[0] ?? 0);
  });
  return {
    name: `residue_exp, 512 bits, ${title}`,
    classes: ['2^505', 'random exponents'],
    slow: 4,
    prepare: (kind) => void pool.draw(kind),
    run: () => to.exp(base, pool.current),
  };
}

/** A factor with one bit set, against random ones: arithmetic on numbers of any length would tell. */
function product(title: string, context: RuntimeContext): Path {
  const modulus = modulusOf(context, 2048);
  const [left, right, to] = [new Residue(modulus), new Residue(modulus), new Residue(modulus)];
  const pool = new Pool(modulus.width, (factor, kind) => {
    if (kind === 0) factor.fill(0);
    factor[0] = 0;
    factor[factor.length - 1] = 1;
  });
  left.random();
  return {
    name: `residue_mul, 2048 bits, ${title}${doubt(new Group(context, 'P-256').arithmetic.scalars.claims.mul)}`,
    classes: ['1', 'random residues'],
    prepare: (kind) => right.import('big', pool.draw(kind)),
    run: () => to.mul(left, right),
  };
}

/** The first byte differs, against the last one. */
function comparison(title: string, context: RuntimeContext): Path {
  const modulus = modulusOf(context, 2048);
  const [left, right] = [new Residue(modulus), new Residue(modulus)];
  const value = randomFillSync(new Uint8Array(modulus.width));
  value[0] = 1;
  const pool = new Pool(modulus.width, (other, kind) => {
    other.set(value);
    const at = kind === 0 ? 0 : other.length - 1;
    other[at] = (other[at] ?? 0) ^ 2;
  });
  left.import('big', value);
  return {
    name: `residue_equal, 2048 bits, ${title}`,
    classes: ['first byte differs', 'last byte differs'],
    prepare: (kind) => right.import('big', pool.draw(kind)),
    run: () => left.equal(right),
  };
}

function secretScalar(group: Group): { readonly scalar: Scalar; prepare(kind: 0 | 1): void } {
  const scalar = new Scalar(group, 'secret');
  const { name, scalarOrder } = group.arithmetic.facts;
  const isBig = scalarOrder === 'big';
  // The order of P-521 is no whole number of bytes.
  const top = name === 'P-521' ? 1 : 0;
  const pool = new Pool(group.scalarLength, (encoded, kind) => {
    if (kind === 0) encoded.fill(0);
    // The same length, and below the order.
    encoded.fill(0, 0, top);
    encoded[isBig ? top : encoded.length - 1] = 8;
  });
  return { scalar, prepare: (kind) => scalar.decode(pool.draw(kind)) };
}

/** A scalar that is a single bit, against random ones. */
function multiplication(title: string, context: RuntimeContext, name: string): Path {
  const group = new Group(context, name);
  const [element, to] = [new Element(group), new Element(group)];
  element.hash(Buffer.from('element'), Buffer.from('timing'));
  const { scalar, prepare } = secretScalar(group);
  return {
    name: `element_mul, ${name}, ${title}${doubt(group.arithmetic.elements.claims.mul)}`,
    classes: ['one bit', 'random scalars'],
    slow: 10,
    prepare,
    run: () => to.mul(element, scalar),
  };
}

function scalarInverse(title: string, context: RuntimeContext, name: string): Path {
  const group = new Group(context, name);
  const to = new Scalar(group, 'secret');
  const { scalar, prepare } = secretScalar(group);
  return {
    name: `scalar_invert, ${name}, ${title}${doubt(group.arithmetic.scalars.claims.inverse)}`,
    classes: ['one bit', 'random scalars'],
    prepare,
    run: () => to.invert(scalar),
  };
}
