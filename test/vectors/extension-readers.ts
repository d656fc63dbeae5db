/** Vectors of numbers and groups, through the guest ABI: RFC 9380, RFC 9497, RFC 9496, CPython. */
import { readdirSync, readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { bytesOf, hexOf } from '../hex.js';
import { errnoOf } from '../guest/guest.js';
import type { ExtensionCalls } from '../guest/extension-calls.js';
import { describeWithShared, shared } from '../shared.js';
import { readVectors } from './suite.js';

interface HashToCurve {
  readonly ciphersuite: string;
  readonly dst: string;
  readonly randomOracle: boolean;
  readonly vectors: readonly { readonly msg: string; readonly P: { readonly x: string; readonly y: string } }[];
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

/** By the first word of a suite. */
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

/** The compressed encoding of published coordinates: SEC 1, or RFC 8032. */
function encoded(name: string, size: number, { x, y }: { readonly x: string; readonly y: string }): string {
  const isOdd = (digits: string): number => parseInt(digits.slice(-1), 16) & 1;
  const digits = (value: string): string =>
    value.slice(2).padStart((name === 'edwards25519' ? size : size - 1) * 2, '0');
  if (name !== 'edwards25519') return `0${2 + isOdd(y)}${digits(x)}`;
  const bytes = bytesOf(digits(y)).toReversed();
  return hexOf(bytes.with(31, (bytes[31] ?? 0) | (isOdd(x) << 7)));
}

function compressed(guest: ExtensionCalls, group: number, element: number): string {
  return hexOf(guest.elementEncode(group, element, 'compressed', guest.elementLength(group)));
}

/** @param guestOf a guest whose calls go through the ABI that is tested */
export function testExtensionVectors(guestOf: () => ExtensionCalls): void {
  describeWithShared('vectors of the extension', () => {
    const files = readdirSync(shared('vectors/group'));
    const hashes = files.filter((each) => suites[each.split('_')[1] ?? ''] !== undefined && !each.includes('expand_'));

    it.each(hashes)('RFC 9380: %s', (file) => {
      const guest = guestOf();
      const { dst, randomOracle, vectors, ciphersuite } = readVectors(`group/${file}`) as HashToCurve;
      const name = suites[ciphersuite.split('_')[0] ?? ''] ?? '';
      const group = guest.group(name);
      expect(vectors.length).toBeGreaterThan(3);
      for (const { msg, P } of vectors) {
        const made = randomOracle ? 'hash' : 'encode-to-group';
        const element = guest.elementHash(made, group, Buffer.from(msg), Buffer.from(dst));
        expect(compressed(guest, group, element)).toBe(encoded(name, guest.elementLength(group), P));
        guest.end('element', element);
      }
      guest.end('group', group);
    });

    const oprfs = readVectors('group/voprf_rfc9497.json') as readonly Oprf[];
    it.each(oprfs.map((each) => [each.identifier, each.mode, each] as const))('RFC 9497: %s, mode %i', (...row) => {
      const [identifier, mode, suite] = row;
      const guest = guestOf();
      const group = guest.group(oprfGroups[identifier] ?? '');
      // DeriveKeyPair (section 3.2.1), which ends at the first attempt.
      const context = Buffer.concat([Buffer.from('OPRFV1-'), Buffer.of(mode), Buffer.from(`-${identifier}`)]);
      const info = bytesOf(suite.keyInfo);
      const derivation = Buffer.concat([bytesOf(suite.seed), Buffer.of(0, info.length), info, Buffer.of(0)]);
      const dst = Buffer.concat([Buffer.from('DeriveKeyPair'), context]);
      const key = guest.scalarHash(group, 'secret', derivation, dst);
      expect(hexOf(guest.scalarEncode(group, key))).toBe(suite.skSm);
      if (suite.pkSm !== undefined)
        expect(compressed(guest, group, guest.elementMul(group, undefined, key))).toBe(suite.pkSm);
      for (const { Blind, BlindedElement, EvaluationElement, Input } of suite.vectors) {
        const [blinds, blindeds, evaluateds, inputs] = [Blind, BlindedElement, EvaluationElement, Input].map((each) =>
          each.split(','),
        ) as [string[], string[], string[], string[]];
        for (const [index, hex] of blinds.entries()) {
          const input = guest.elementHash('hash', group, bytesOf(inputs[index] ?? ''), bytesOf(suite.groupDST));
          const blind = guest.scalar('decode', group, 'secret', bytesOf(hex));
          const blinded = guest.elementMul(group, input, blind);
          expect(compressed(guest, group, blinded)).toBe(blindeds[index]);
          if (mode === 2) continue;
          const evaluated = guest.elementMul(group, blinded, key);
          expect(compressed(guest, group, evaluated)).toBe(evaluateds[index]);
          const inverse = guest.scalarOf('invert', group, 'secret', blind);
          const unblinded = guest.elementMul(group, evaluated, inverse);
          expect(guest.elementEqual(unblinded, guest.elementMul(group, input, key))).toBe(true);
        }
      }
    });

    const { cases } = readVectors('bignum/generated.json') as { readonly cases: readonly Case[] };
    const number = (hex: string): bigint => BigInt(`0x0${hex}`);

    it('CPython, modulo a number', () => {
      const guest = guestOf();
      let seen = 0;
      for (const { op, a, b = '', m = '', r } of cases.filter((each) => each.op.startsWith('mod-'))) {
        seen += 1;
        if (number(m) === 0n) {
          expect(errnoOf(() => guest.modulus('big-endian', bytesOf(m)))).toBe('Malformed');
          continue;
        }
        const modulus = guest.modulus('big-endian', bytesOf(m));
        const left = guest.residue('reduce', modulus, 'big-endian', bytesOf(a));
        const right = guest.residue('reduce', modulus, 'big-endian', bytesOf(b));
        const found: number[] = [];
        const errno = errnoOf(() => {
          if (op === 'mod-inv') found.push(guest.residueOf('inverse', modulus, left));
          else if (op === 'mod-exp') found.push(guest.residueExp(modulus, left, bytesOf(b)));
          else found.push(guest.residueOf(op.slice(4) as 'add', modulus, left, right));
        });
        expect(errno, `${op} ${a} ${b} ${m}`).toBe(r === null ? 'NoResult' : 'Success');
        for (const each of found) {
          expect(number(hexOf(guest.residueExport(modulus, each, 'big-endian'))), `${op} ${a} ${b} ${m}`).toBe(
            number(r ?? ''),
          );
          guest.end('residue', each);
        }
        for (const each of [left, right]) guest.end('residue', each);
        guest.end('modulus', modulus);
      }
      expect(seen).toBeGreaterThan(300);
    });

    it('CPython, whole numbers', () => {
      const guest = guestOf();
      const valueOf = (x: number): bigint =>
        number(hexOf(guest.bignumExport(x, 'big-endian', Math.ceil(guest.bignumBitLength(x) / 8))));
      for (const { op, a, b = '', q, r } of cases.filter((each) => !each.op.startsWith('mod-'))) {
        const [left, right] = [a, b].map((hex) => guest.bignum('big-endian', bytesOf(hex))) as [number, number];
        const ended = [left, right];
        if (op === 'div-rem' && q === null) {
          expect(errnoOf(() => guest.bignumDivRem(left, right))).toBe('NoResult');
        } else if (op === 'div-rem') {
          const results = guest.bignumDivRem(left, right);
          expect(results.map(valueOf)).toEqual([number(q ?? ''), number(r ?? '')]);
          ended.push(...results);
        } else {
          const result = guest.bignumOf(op as 'add', left, right);
          expect(valueOf(result), `${op} ${a} ${b}`).toBe(number(r ?? ''));
          ended.push(result);
        }
        for (const each of ended) guest.end('bignum', each);
      }
    });

    interface Tables {
      readonly multiples: readonly string[];
      readonly malformed: readonly string[];
      readonly maps: readonly (readonly [input: string, encoded: string])[];
    }
    const tables = JSON.parse(
      readFileSync(new URL('../runtime/numbers/rfc9496.json', import.meta.url), 'utf8'),
    ) as Readonly<Record<'ristretto255' | 'decaf448', Tables>>;

    it.each(['ristretto255', 'decaf448'] as const)('RFC 9496: %s', (name) => {
      const guest = guestOf();
      const group = guest.group(name);
      const { multiples, malformed, maps } = tables[name];
      const generator = guest.element('generator', group);
      let current = guest.element('open', group);
      for (const expected of multiples) {
        expect(compressed(guest, group, current)).toBe(expected);
        current = guest.elementOf('add', group, current, generator);
      }
      for (const each of malformed)
        expect(
          errnoOf(() => guest.element('decode', group, bytesOf(each))),
          each,
        ).toBe('Malformed');
      for (const [input, expected] of maps)
        expect(compressed(guest, group, guest.element('map', group, bytesOf(input)))).toBe(expected);
      expect([multiples.length, malformed.length, maps.length].every((count) => count > 3)).toBe(true);
    });
  });
}
