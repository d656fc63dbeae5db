/**
 * `npm run bench:numbers`: products of elements and scalars beside noble, and powers of residues beside BigInt and
 * `node:crypto`, in one run. What is measured of the host are its objects, as its bindings call them.
 */
import { createDiffieHellman, generatePrimeSync, randomBytes } from 'node:crypto';
import { parseArgs } from 'node:util';
import { pippenger } from '@noble/curves/abstract/curve.js';
import { pow } from '@noble/curves/abstract/modular.js';
import { ed25519, ristretto255, ristretto255_hasher } from '@noble/curves/ed25519.js';
import { decaf448 } from '@noble/curves/ed448.js';
import { p256, p256_hasher, p384, p521 } from '@noble/curves/nist.js';
import { secp256k1 } from '@noble/curves/secp256k1.js';
import { toBigInt } from '../runtime/backends/arithmetic/bigints.js';
import { RuntimeContext } from '../runtime/context.js';
import { Element } from '../runtime/numbers/element.js';
import { Group, Scalar } from '../runtime/numbers/group.js';
import { Modulus, Residue } from '../runtime/numbers/modulus.js';
import { readOptions } from '../runtime/options.js';
import { machine } from './report.js';
import { contestant, measure, type Contestant } from './rounds.js';
import { time } from './rows.js';

const { values } = parseArgs({
  options: {
    quick: { type: 'boolean' },
    rounds: { type: 'string', default: '21' },
    milliseconds: { type: 'string', default: '30' },
  },
});
const pace = { rounds: Number(values.rounds), milliseconds: Number(values.milliseconds) };
const HOST = 'this host';
const limits = { callCost: Number.MAX_SAFE_INTEGER };
const context = new RuntimeContext(readOptions({ limits }));

const points = {
  'P-256': p256.Point,
  'P-384': p384.Point,
  'P-521': p521.Point,
  secp256k1: secp256k1.Point,
  edwards25519: ed25519.Point,
  ristretto255: ristretto255.Point,
  decaf448: decaf448.Point,
} as const;

interface NoblePoint {
  multiply(scalar: bigint): NoblePoint;
  toBytes(): Uint8Array;
}

/** A new element each time, as a protocol has it: noble keeps tables for those that it was told of. */
function products(name: keyof typeof points): readonly [string, readonly Contestant[]] {
  const group = new Group(context, name);
  const [scalar, element, to] = [new Scalar(group, 'secret'), new Element(group), new Element(group)];
  scalar.random();
  element.mulBase(scalar);
  const encoded = new Uint8Array(group.elementLength);
  element.encode('compressed', encoded);
  const own = new Uint8Array(group.scalarLength);
  scalar.encode(own);
  const number = toBigInt(group.arithmetic.facts.scalarOrder === 'big' ? own : own.toReversed());
  const point = points[name].fromBytes(encoded) as unknown as NoblePoint;
  return [
    `${name}, element times secret scalar`,
    [contestant(HOST, () => to.mul(element, scalar)), contestant('noble', () => point.multiply(number))],
  ];
}

/** What a verification of many signatures computes. */
function sums(name: 'P-256' | 'secp256k1' | 'ristretto255' | 'decaf448'): readonly [string, readonly Contestant[]] {
  const group = new Group(context, name);
  const [to, encoded, own] = [
    new Element(group),
    new Uint8Array(group.elementLength),
    new Uint8Array(group.scalarLength),
  ];
  const terms = Array.from({ length: 16 }, () => {
    const [element, scalar] = [new Element(group), new Scalar(group, 'public')];
    scalar.random();
    element.mulBase(scalar);
    element.encode('compressed', encoded);
    scalar.encode(own);
    const number = toBigInt(group.arithmetic.facts.scalarOrder === 'big' ? own : own.toReversed());
    return { element, scalar, number, point: points[name].fromBytes(encoded) };
  });
  const [elements, scalars] = [terms.map(({ element }) => element), terms.map(({ scalar }) => scalar)];
  const sumOf = pippenger as unknown as (
    curve: object,
    points: readonly NoblePoint[],
    by: readonly bigint[],
  ) => unknown;
  const [others, numbers] = [terms.map(({ point }) => point), terms.map(({ number }) => number)];
  return [
    `${name}, sum of 16 public products`,
    [
      contestant(HOST, () => to.mulPublic(elements, scalars)),
      contestant('noble', () => sumOf(points[name], others, numbers)),
    ],
  ];
}

function hashes(
  name: 'P-256' | 'ristretto255',
  hasher: { hashToCurve(message: Uint8Array, options: { readonly DST: string }): unknown },
): readonly [string, readonly Contestant[]] {
  const to = new Element(new Group(context, name));
  const [message, tag] = [randomBytes(32), Buffer.from('bench')];
  return [
    `${name}, hash to an element`,
    [
      contestant(HOST, () => to.hash(message, tag)),
      contestant('noble', () => hasher.hashToCurve(message, { DST: 'bench' })),
    ],
  ];
}

function powers(bits: number): readonly [string, readonly Contestant[]] {
  const prime = generatePrimeSync(bits, { bigint: true });
  const bytes = Buffer.from(prime.toString(16).padStart(bits / 4, '0'), 'hex');
  const without = new RuntimeContext(readOptions({ native: 'off', limits }));
  const residues = [context, without].map((each) => {
    const modulus = new Modulus(each, 'big', bytes);
    const [base, to] = [new Residue(modulus), new Residue(modulus)];
    base.reduce('big', Buffer.from('e7'.repeat(bits / 8), 'hex'));
    return [base, to] as const;
  });
  const [[base, to], [otherBase, otherTo]] = residues as [readonly [Residue, Residue], readonly [Residue, Residue]];
  const exponent = randomBytes(bits / 8);
  const number = BigInt(`0x${exponent.toString('hex')}`);
  const publicBase = BigInt(`0x${'e7'.repeat(bits / 8)}`) % prime;
  const group = createDiffieHellman(bytes, Buffer.of(2));
  group.setPrivateKey(exponent);
  const publicKey = Buffer.from(publicBase.toString(16).padStart(bits / 4, '0'), 'hex');
  return [
    `power modulo ${bits} bits`,
    [
      contestant(HOST, () => to.exp(base, exponent)),
      contestant('this host without native', () => otherTo.exp(otherBase, exponent)),
      contestant('BigInt', () => pow(publicBase, number, prime)),
      contestant('DiffieHellman', () => group.computeSecret(publicKey)),
    ],
  ];
}

console.log(machine());
const rows = [
  ...(Object.keys(points) as readonly (keyof typeof points)[]).map(products),
  ...(['P-256', 'secp256k1', 'ristretto255', 'decaf448'] as const).map(sums),
  hashes('P-256', p256_hasher),
  hashes('ristretto255', ristretto255_hasher),
  powers(1024),
  powers(2048),
];
for (const [title, contestants] of rows) {
  const measured = measure(contestants, [HOST], pace);
  const cells = measured.map(
    ({ name, nanoseconds, ratios }) =>
      `${name} ${time(nanoseconds.median)}${name === HOST ? '' : ` (${(ratios[HOST]?.median ?? 0).toFixed(1)})`}`,
  );
  console.log(`${title}: ${cells.join(', ')}`);
}
