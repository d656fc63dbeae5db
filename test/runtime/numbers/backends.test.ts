/** Backends of numbers and groups: the same results from random inputs, and what each promises. */
import fc from 'fast-check';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { describe, expect, it } from 'vitest';
import { libsodium, loadSodium } from '../../../runtime/backends/libsodium.js';
import { nobleGroup } from '../../../runtime/backends/arithmetic/noble-groups.js';
import { sodiumGroup } from '../../../runtime/backends/arithmetic/sodium-groups.js';
import { nativeGroup } from '../../../runtime/backends/native/points.js';
import { nativeObjection } from '../../../runtime/backends/native/library.js';
import { groups } from '../../../runtime/backends/arithmetic/groups.js';
import type { WasiCryptoOptions } from '../../../runtime/index.js';
import { Element } from '../../../runtime/numbers/element.js';
import { Group, Scalar } from '../../../runtime/numbers/group.js';
import { Residue } from '../../../runtime/numbers/modulus.js';
import { arithmeticReport } from '../../../runtime/numbers/report.js';
import { errnoOf, Guest } from '../../guest/guest.js';
import { pattern } from '../../guest/probes.js';
import { Symmetric } from '../../guest/symmetric.js';
import { describeWithNative } from '../../native/available.js';
import { describeUnless, projectRoot } from '../../shared.js';
import { contextOf, elementHex, failureOf, fromHex, modulusOf, scalarBytes, scalarOf, toHex } from './contexts.js';

const noble: WasiCryptoOptions = { policy: { backends: ['noble', 'own'] } };

/** It is an optional dependency. */
function sodiumObjection(): string | undefined {
  try {
    loadSodium();
    return undefined;
  } catch (error) {
    return `skipped: ${error instanceof Error ? error.message : 'no libsodium'}`;
  }
}

const bytes = fc.uint8Array({ minLength: 0, maxLength: 80 });

/** A chain of operations on two elements and two scalars, and everything that comes of it. */
function results(options: WasiCryptoOptions, name: string, seed: readonly Uint8Array[]): readonly string[] {
  const group = new Group(contextOf(options), name);
  const [a, b] = [new Element(group), new Element(group)];
  const [s, t] = [new Scalar(group, 'public'), new Scalar(group, 'public')];
  const found: string[] = [];
  const note = (element: Element): void =>
    void found.push(failureOf(() => found.push(elementHex(element))) ?? String(element.inSubgroup));
  const [first, second, third] = seed as [Uint8Array, Uint8Array, Uint8Array];
  s.reduce(first);
  t.hash(second, Buffer.from('tag'));
  a.hash(third, Buffer.from('tag'));
  b.mulBase(s);
  note(b);
  a.mul(a, t);
  note(a);
  a.sub(a, b);
  note(a);
  b.add(b, a);
  b.neg(b);
  note(b);
  s.mul(s, t);
  found.push(failureOf(() => t.invert(t)) ?? toHex(scalarBytes(t)));
  s.sub(t, s);
  found.push(toHex(scalarBytes(s)));
  a.mulPublic([a, b, b], [s, t, s]);
  note(a);
  const decoded = new Element(group);
  const encoding = new Uint8Array(group.elementLength);
  encoding.set(first.subarray(0, encoding.length));
  if (encoding.length % 2 === 1) encoding[0] = 2 + ((encoding[0] ?? 0) & 1);
  else encoding[encoding.length - 1] = (encoding.at(-1) ?? 0) & 0x7f;
  found.push(failureOf(() => decoded.decode(encoding)) ?? elementHex(decoded));
  return found;
}

describe.each(groups.map(({ name }) => name))('%s', (name) => {
  it('gives the same on the best backend here and on noble', () => {
    fc.assert(
      fc.property(fc.tuple(bytes, bytes, bytes), (seed) => {
        expect(results({}, name, seed)).toEqual(results(noble, name, seed));
      }),
      { numRuns: 12, examples: [[[new Uint8Array(0), new Uint8Array(0), new Uint8Array(0)]]] },
    );
  });
});

it('the maps to curves agree on numbers that are exceptions in them', () => {
  for (const name of ['P-256', 'P-384', 'P-521']) {
    const [fast, slow] = [new Group(contextOf(), name), new Group(contextOf(noble), name)];
    for (const last of [0, 1, 2]) {
      const uniform = new Uint8Array(2 * fast.arithmetic.facts.uniform).fill(last, -1);
      for (const bytes of [uniform, uniform.subarray(uniform.length / 2)]) {
        const [left, right] = [new Element(fast), new Element(slow)];
        left.map(bytes);
        right.map(bytes);
        expect(elementHex(left)).toBe(elementHex(right));
      }
    }
  }
});

const operations = [['mul', 'mul_base'], ['hash', 'map'], ['decode', 'add', 'equal'], ['encode']] as const;

/** What is claimed of the time of elements, as rows of a table: groups, backend, columns of operations that are alike. */
function claimRows(): readonly string[] {
  const words = { library: 'constant', 'best-effort': 'best effort', variable: 'variable', 'no-secrets': 'public' };
  const rows = new Map<string, string[]>();
  for (const [backend, make] of [
    ['native', nativeGroup],
    ['libsodium', sodiumGroup],
    ['noble', nobleGroup],
  ] as const)
    for (const facts of groups) {
      const claims = make(facts)?.claims;
      if (claims === undefined) continue;
      const cells = operations.map((alike) => {
        const found = new Set(alike.map((each) => words[claims[each]]));
        expect(found.size).toBe(1);
        return [...found].join();
      });
      const row = `${backend} | ${cells.join(' | ')} |`;
      rows.set(row, [...(rows.get(row) ?? []), facts.name]);
    }
  return [...rows].map(([row, names]) => `| ${names.length === groups.length ? 'any' : names.join(', ')} | ${row}`);
}

describeUnless(nativeObjection() ?? sodiumObjection(), 'claims of constant time', () => {
  it('are those of docs/extension.md', () => {
    const lines = readFileSync(`${projectRoot}docs/extension.md`, 'utf8').split('\n');
    const table = lines.slice(lines.findIndex((line) => line.startsWith('| group | by |')));
    const end = table.findIndex((line) => !line.startsWith('|'));
    expect(table.slice(2, end).map((line) => line.replace(/ +/g, ' '))).toEqual(claimRows());
  });
});

describe.each<readonly [string, WasiCryptoOptions]>([
  ['what there is', {}],
  ['what there is without the native backend', { native: 'off' }],
  ['noble', { policy: { backends: ['noble', 'own'] } }],
])('with %s and no-fallback', (_, options) => {
  const strict = contextOf({ ...options, policy: { ...options.policy, profile: 'no-fallback' } });

  it.each(groups.map(({ name }) => name))(
    '%s refuses secret scalars where the time depends on them, and nothing of elements, and says so',
    (name) => {
      const group = new Group(strict, name);
      const { claims } = group.arithmetic.elements;
      const reported = arithmeticReport(strict.policy).find(({ id }) => id === name)?.functions ?? [];
      const [secret, element] = [scalarOf(group, undefined, 'secret'), new Element(group)];
      for (const [operation, run] of [
        ['mul', () => element.mul(element, secret)],
        ['mul_base', () => element.mulBase(secret)],
        ['hash', () => element.hash(Buffer.from('message'), Buffer.from('tag'))],
        ['add', () => element.add(element, element)],
      ] as const) {
        const isRefused = claims[operation] === 'variable' && operation.startsWith('mul');
        expect(failureOf(run), operation).toBe(isRefused ? 'ProhibitedOperation' : undefined);
        expect(reported.find((each) => each.name === `element_${operation}`)).toMatchObject({
          constantTime: claims[operation],
          secrets: !isRefused,
        });
      }
      // Public ones are never refused.
      element.mulBase(scalarOf(group, 5n));
      if (name === 'decaf448') expect(new Set(Object.values(claims))).toEqual(new Set(['variable']));
    },
  );
});

describeWithNative('with the native backend and no-fallback', () => {
  const context = contextOf({ policy: { profile: 'no-fallback' } });

  it('secret residues take every operation, and inverses modulo primes', () => {
    const modulus = modulusOf(context, 2n ** 255n - 19n);
    const a = new Residue(modulus);
    a.random();
    const b = new Residue(modulus);
    b.square(a);
    b.sqrt(b);
    b.inverse(b);
    b.mul(b, a);
    b.square(b);
    b.exp(b, Uint8Array.of(9));
    const one = new Residue(modulus);
    one.import('big', Uint8Array.of(1));
    expect(b.equal(one)).toBe(true);
    const composite = new Residue(modulusOf(context, 15n));
    composite.import('big', Uint8Array.of(2));
    expect(failureOf(() => composite.inverse(composite))).toBe('ProhibitedOperation');
    // What was asked before, and the value itself, change nothing: 4 is its own inverse modulo 15, by Fermat's power, too.
    for (const value of [0, 1, 4, 14, 4]) {
      composite.import('big', Uint8Array.of(value));
      expect(failureOf(() => composite.inverse(composite))).toBe('ProhibitedOperation');
    }
  });

  it('secret scalars multiply points of the curves that OpenSSL has', () => {
    for (const name of ['P-256', 'P-384', 'P-521', 'secp256k1']) {
      const group = new Group(context, name);
      const [element, secret] = [new Element(group), new Scalar(group, 'secret')];
      secret.random();
      element.mulBase(secret);
      secret.invert(secret);
      element.mul(element, secret);
      const generator = new Element(group);
      generator.generator();
      expect(element.equal(generator)).toBe(true);
    }
    const group = new Group(context, 'decaf448');
    const secret = scalarOf(group, 5n, 'secret');
    expect(failureOf(() => new Element(group).mulBase(secret))).toBe('ProhibitedOperation');
    expect(failureOf(() => new Element(group).mulBase(scalarOf(group, 5n)))).toBeUndefined();
  });
});

describeUnless(sodiumObjection(), 'libsodium', () => {
  it('leaves nothing in its memory', () => {
    const { bytes } = loadSodium();
    const wipedBefore = Uint8Array.from(bytes);
    for (const name of ['ristretto255', 'edwards25519']) {
      const group = new Group(contextOf(), name);
      const [element, secret] = [new Element(group), new Scalar(group, 'secret')];
      secret.random();
      element.mulBase(secret);
      element.mul(element, secret);
      element.sub(element, element);
      element.hash(Buffer.from('message'), Buffer.from('tag'));
      expect(element.inSubgroup).toBe(true);
    }
    const s = new Symmetric(new Guest({ policy: { backends: ['libsodium'] } }));
    const keyed = { algorithm: 'BLAKE2B-512', key: pattern(64) };
    for (const size of [0, 64, 100_000])
      s.withState(keyed, (state) => {
        s.absorb(state, pattern(size));
        expect(s.squeeze(state, 64)).toHaveLength(64);
      });
    const sealing = new Symmetric(new Guest({ policy: { backends: ['libsodium', 'openssl'] } }));
    const extended = { algorithm: 'XCHACHA20-POLY1305', key: pattern(32), options: { nonce: pattern(24) } };
    for (const size of [0, 64, 4000])
      sealing.withState(extended, (state) => {
        sealing.absorb(state, pattern(90));
        const sealed = sealing.encrypt(state, pattern(size));
        expect(sealing.decrypt(state, sealed)).toEqual(pattern(size));
        expect(errnoOf(() => sealing.decrypt(state, sealed.fill(1)))).toBe('InvalidTag');
      });
    expect(bytes.findIndex((byte, at) => byte !== wipedBefore[at])).toBe(-1);
  });

  it('has the version that its name says', () => {
    const file = createRequire(import.meta.url).resolve('libsodium-sumo');
    const folder = file.slice(0, file.lastIndexOf('dist'));
    const { version } = JSON.parse(readFileSync(`${folder}package.json`, 'utf8')) as { readonly version: string };
    expect(libsodium.name).toBe(`libsodium-sumo ${version}`);
  });

  it('multiplies points outside of the subgroup as noble does', () => {
    const [fast, slow] = [new Group(contextOf(), 'edwards25519'), new Group(contextOf(noble), 'edwards25519')];
    const torsion = fromHex('c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a');
    const product = (group: Group, factor: bigint, base: bigint): string => {
      const [element, small] = [new Element(group), new Element(group)];
      small.decode(torsion);
      element.mulBase(scalarOf(group, base));
      element.add(element, small);
      element.mul(element, scalarOf(group, factor));
      return elementHex(element);
    };
    for (const base of [0n, 1n, 12_345n])
      for (const factor of [0n, 1n, 2n, 3n, 7n, 8n, 9n, 2n ** 200n + 5n])
        expect(product(fast, factor, base), `${factor} times ${base}`).toBe(product(slow, factor, base));
  });
});

it('a chosen backend without the operation is refused, not replaced', () => {
  const only = contextOf({ policy: { backends: ['native'] } });
  const expected = nativeObjection() === undefined ? undefined : 'ProhibitedOperation';
  expect(failureOf(() => modulusOf(only, 5n))).toBe(expected);
  expect(failureOf(() => modulusOf(only, 4n))).toBe('ProhibitedOperation');
  expect(failureOf(() => new Group(only, 'P-256'))).toBe(expected);
  expect(failureOf(() => new Group(only, 'decaf448'))).toBe('ProhibitedOperation');
});
