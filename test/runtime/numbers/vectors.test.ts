/** Numbers and groups against what others computed: RFC 9380, RFC 9497, CPython. */
import { readdirSync, readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { expandMessage, type Expander } from '../../../runtime/backends/arithmetic/expand-message.js';
import { Element } from '../../../runtime/numbers/element.js';
import { Group, Scalar } from '../../../runtime/numbers/group.js';
import { describeWithShared, shared } from '../../shared.js';
import {
  bignumOf,
  bignumValue,
  choices,
  choicesOf,
  contextOf,
  elementHex,
  failureOf,
  fromHex,
  modulusOf,
  residueOf,
  residueValue,
  scalarBytes,
  toHex,
} from './contexts.js';

interface HashToCurve {
  readonly ciphersuite: string;
  readonly dst: string;
  readonly randomOracle: boolean;
  readonly vectors: readonly { readonly msg: string; readonly P: { readonly x: string; readonly y: string } }[];
}

interface Expansion {
  readonly DST: string;
  readonly hash: string;
  readonly k: number;
  readonly tests: readonly { readonly msg: string; readonly len_in_bytes: string; readonly uniform_bytes: string }[];
}

interface Oprf {
  readonly identifier: string;
  readonly mode: number;
  readonly groupDST: string;
  readonly seed: string;
  readonly keyInfo: string;
  readonly skSm: string;
  readonly pkSm?: string;
  readonly vectors: readonly {
    readonly Blind: string;
    readonly BlindedElement: string;
    readonly EvaluationElement: string;
    readonly Input: string;
  }[];
}

interface Case {
  readonly op: string;
  readonly a: string;
  readonly b?: string;
  readonly m?: string;
  readonly q?: string | null;
  readonly r: string | null;
}

function read<T>(path: string): T {
  return JSON.parse(readFileSync(shared(`vectors/${path}`), 'utf8')) as T;
}

/** Names of the suites that are the groups' own. */
const suites: Readonly<Record<string, string>> = {
  P256: 'P-256',
  P384: 'P-384',
  P521: 'P-521',
  secp256k1: 'secp256k1',
  edwards25519: 'edwards25519',
};

const oprfGroups: Readonly<Record<string, string>> = {
  'ristretto255-SHA512': 'ristretto255',
  'decaf448-SHAKE256': 'decaf448',
  'P256-SHA256': 'P-256',
  'P384-SHA384': 'P-384',
  'P521-SHA512': 'P-521',
};

const fields = { 'P-256': 32, 'P-384': 48, 'P-521': 66, secp256k1: 32, edwards25519: 32 };

/** The encoding of affine coordinates. */
function encoded(group: string, { x, y }: { readonly x: string; readonly y: string }): string {
  const length = fields[group as keyof typeof fields] * 2;
  const [left, right] = [x, y].map((each) => each.slice(2).padStart(length, '0')) as [string, string];
  const isOdd = (digits: string): number => parseInt(digits.slice(-1), 16) & 1;
  if (group !== 'edwards25519') return `0${2 + isOdd(right)}${left}`;
  const bytes = fromHex(right).reverse();
  bytes[31] = (bytes[31] ?? 0) | (isOdd(left) << 7);
  return toHex(bytes);
}

describeWithShared('vectors of numbers and groups', () => {
  const files = readdirSync(shared('vectors/group'));
  const hashes = files.filter((each) => suites[each.split('_')[1] ?? ''] !== undefined && !each.includes('expand_'));

  it('are there for five suites in both forms', () => expect(hashes).toHaveLength(10));

  it.each(
    hashes.flatMap((file) =>
      choicesOf(suites[file.split('_')[1] ?? ''] ?? '').map(([title, options]) => [file, title, options] as const),
    ),
  )('RFC 9380: %s, with %s', (file, _, options) => {
    const { dst, randomOracle, vectors, ciphersuite } = read<HashToCurve>(`group/${file}`);
    const name = suites[ciphersuite.split('_')[0] ?? ''] ?? '';
    const element = new Element(new Group(contextOf(options), name));
    expect(vectors.length).toBeGreaterThan(3);
    for (const { msg, P } of vectors) {
      if (randomOracle) element.hash(Buffer.from(msg), Buffer.from(dst));
      else element.encodeToGroup(Buffer.from(msg), Buffer.from(dst));
      expect(elementHex(element)).toBe(encoded(name, P));
    }
  });

  it.each(files.filter((each) => each.includes('expand_message') && !each.includes('SHAKE128')))(
    'RFC 9380: %s',
    (file) => {
      const { DST, hash, k, tests } = read<Expansion>(`group/${file}`);
      const expander = { hash: hash.toLowerCase(), strength: k } as Expander;
      for (const { msg, len_in_bytes: length, uniform_bytes: uniform } of tests)
        expect(toHex(expandMessage(expander, Buffer.from(msg), Buffer.from(DST), Number(length)))).toBe(uniform);
      expect(tests.length).toBeGreaterThan(5);
    },
  );

  const oprfs = read<readonly Oprf[]>('group/voprf_rfc9497.json');
  it.each(
    oprfs.flatMap((each) =>
      choicesOf(oprfGroups[each.identifier] ?? '').map(
        ([title, options]) => [each.identifier, each.mode, title, options, each] as const,
      ),
    ),
  )('RFC 9497: %s, mode %i, with %s', (identifier, mode, _, options, suite) => {
    const group = new Group(contextOf(options), oprfGroups[identifier] ?? '');
    // DeriveKeyPair (section 3.2.1), which ends at the first attempt.
    const context = Buffer.concat([Buffer.from('OPRFV1-'), Buffer.of(mode), Buffer.from(`-${identifier}`)]);
    const info = fromHex(suite.keyInfo);
    const derivation = Buffer.concat([fromHex(suite.seed), Buffer.of(0, info.length), info, Buffer.of(0)]);
    const key = new Scalar(group, 'secret');
    key.hash(derivation, Buffer.concat([Buffer.from('DeriveKeyPair'), context]));
    expect(toHex(scalarBytes(key))).toBe(suite.skSm);
    const element = new Element(group);
    if (suite.pkSm !== undefined) {
      element.mulBase(key);
      expect(elementHex(element)).toBe(suite.pkSm);
    }
    const [blind, inverse] = [new Scalar(group, 'secret'), new Scalar(group, 'secret')];
    for (const { Blind, BlindedElement, EvaluationElement, Input } of suite.vectors) {
      const [blinds, blindeds, evaluateds, inputs] = [Blind, BlindedElement, EvaluationElement, Input].map((each) =>
        each.split(','),
      ) as [string[], string[], string[], string[]];
      for (const [index, hex] of blinds.entries()) {
        const dst = fromHex(suite.groupDST);
        element.hash(fromHex(inputs[index] ?? ''), dst);
        blind.decode(fromHex(hex));
        element.mul(element, blind);
        expect(elementHex(element)).toBe(blindeds[index]);
        if (mode === 2) continue;
        element.mul(element, key);
        expect(elementHex(element)).toBe(evaluateds[index]);
        inverse.invert(blind);
        element.mul(element, inverse);
        const unblinded = new Element(group);
        unblinded.hash(fromHex(inputs[index] ?? ''), dst);
        unblinded.mul(unblinded, key);
        expect(element.equal(unblinded)).toBe(true);
      }
    }
  });

  const { cases } = read<{ readonly cases: readonly Case[] }>('bignum/generated.json');
  const number = (hex: string | null | undefined): bigint => BigInt(`0x${hex ?? ''}`);

  it.each(choices)('CPython, modulo a number, with %s', (_, options) => {
    const context = contextOf(options);
    let seen = 0;
    for (const each of cases.filter(({ op }) => op.startsWith('mod-'))) {
      seen += 1;
      if (number(each.m) === 0n) {
        expect(failureOf(() => modulusOf(context, 0n))).toBe('Malformed');
        continue;
      }
      const modulus = modulusOf(context, number(each.m));
      const [a, b, to] = [residueOf(modulus, number(each.a)), residueOf(modulus), residueOf(modulus)];
      if (each.b !== undefined) b.reduce('big', fromHex(each.b));
      const failure = failureOf(() => {
        if (each.op === 'mod-add') to.add(a, b);
        else if (each.op === 'mod-sub') to.sub(a, b);
        else if (each.op === 'mod-mul') to.mul(a, b);
        else if (each.op === 'mod-inv') to.inverse(a);
        else to.exp(a, fromHex(each.b ?? ''));
      });
      expect(failure, JSON.stringify(each)).toBe(each.r === null ? 'NoResult' : undefined);
      if (each.r !== null) expect(residueValue(to, modulus), JSON.stringify(each)).toBe(number(each.r));
      for (const residue of [a, b, to]) residue.release();
      modulus.release();
    }
    expect(seen).toBeGreaterThan(300);
    expect(context.meter.usage().bytes).toBe(0);
  });

  it('CPython, whole numbers', () => {
    const context = contextOf();
    const [to, remainder] = [bignumOf(context), bignumOf(context)];
    for (const { op, a, b, q, r } of cases) {
      if (op.startsWith('mod-')) continue;
      const [left, right] = [bignumOf(context, number(a)), bignumOf(context, number(b))];
      if (op === 'div-rem') {
        expect(failureOf(() => to.divRem(remainder, left, right))).toBe(q === null ? 'NoResult' : undefined);
        if (q === null) continue;
        expect([bignumValue(to), bignumValue(remainder)]).toEqual([number(q), number(r)]);
        continue;
      }
      if (op === 'add') to.add(left, right);
      else to.mul(left, right);
      expect(bignumValue(to)).toBe(number(r));
      if (op === 'add') {
        to.sub(to, right);
        expect(bignumValue(to)).toBe(number(a));
      }
    }
  });
});
