/** Groups: encodings, laws, secrets, budgets, with each choice of backends. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { createECDH } from 'node:crypto';
import { groups } from '../../../runtime/backends/arithmetic/groups.js';
import { Element } from '../../../runtime/numbers/element.js';
import { Group, Scalar } from '../../../runtime/numbers/group.js';
import {
  bytesOf,
  choices,
  choicesOf,
  contextOf,
  elementHex,
  elementOf,
  failureOf,
  fromHex,
  scalarBytes,
  scalarOf,
  toHex,
} from './contexts.js';

interface Table {
  readonly multiples: readonly string[];
  readonly malformed: readonly string[];
  readonly maps: readonly (readonly [string, string])[];
}

const tables = JSON.parse(readFileSync(new URL('rfc9496.json', import.meta.url), 'utf8')) as Readonly<
  Record<'ristretto255' | 'decaf448', Table>
>;

const rows = groups.flatMap((facts) =>
  choicesOf(facts.name).map(([title, options]) => [facts.name, title, options, facts] as const),
);

function repeated<T>(value: T, count: number): readonly T[] {
  return Array.from({ length: count }, () => value);
}

/** Not uniform, and enough for laws. */
function someScalars({ order }: { readonly order: bigint }): readonly bigint[] {
  return [0n, 1n, 2n, 8n, order - 1n, order / 3n, order - 2n ** 64n, 2n ** 200n + 12_345n];
}

describe.each(rows)('%s, with %s', (name, _, options, facts) => {
  const context = contextOf(options);
  const group = new Group(context, name.toUpperCase());

  it('has the sizes of its standard', () => {
    expect(group.name).toBe(name);
    expect([group.elementLength, group.scalarLength]).toEqual([facts.compressed, facts.scalarLength]);
  });

  it('keeps the laws of groups', () => {
    const scalars = someScalars(facts);
    const [left, right, sum] = [new Element(group), new Element(group), new Element(group)];
    const other = elementOf(group, 77n);
    for (const [index, a] of scalars.entries()) {
      const b = scalars[(index + 3) % scalars.length] as bigint;
      left.mul(other, scalarOf(group, a));
      right.mul(other, scalarOf(group, b));
      sum.add(left, right);
      const total = new Element(group);
      total.mul(other, scalarOf(group, (a + b) % facts.order));
      expect(sum.equal(total), `${a} + ${b}`).toBe(true);
      expect(sum.inSubgroup).toBe(true);
      sum.sub(sum, right);
      expect(sum.equal(left)).toBe(true);
      sum.neg(sum);
      sum.add(sum, left);
      expect(sum.equal(new Element(group))).toBe(true);
      total.mulPublic([other, other, left], [scalarOf(group, a), scalarOf(group, b), scalarOf(group, 1n)]);
      right.add(right, left);
      right.add(right, left);
      expect(total.equal(right)).toBe(true);
      // The generator by its own way.
      left.mulBase(scalarOf(group, a));
      right.generator();
      right.mul(right, scalarOf(group, a));
      expect(left.equal(right)).toBe(true);
    }
    left.mulPublic([], []);
    expect(left.equal(new Element(group))).toBe(true);
  });

  it('sums products, of the identity, by zero and of the destination, too', () => {
    const to = elementOf(group, 7n);
    const last = facts.order - 1n;
    const factors = [3n, 0n, 1n, last, 2n ** 130n + 1n, 12_345n, 5n, facts.order / 2n, 1n, 9n];
    const points = [to, to, new Element(group), elementOf(group, 2n), to, elementOf(group, last), ...repeated(to, 4)];
    const logarithms = [7n, 7n, 0n, 2n, 7n, last, 7n, 7n, 7n, 7n];
    const sum = factors.reduce((total, factor, index) => total + factor * (logarithms[index] as bigint), 0n);
    to.mulPublic(
      points,
      factors.map((factor) => scalarOf(group, factor)),
    );
    expect(to.equal(elementOf(group, sum % facts.order))).toBe(true);
    to.mulPublic([to, to], [scalarOf(group, 1n), scalarOf(group, last)]);
    expect(to.equal(new Element(group))).toBe(true);
  });

  it('decodes what it encodes, and nothing else', () => {
    const element = elementOf(group, 123_456_789n);
    const again = new Element(group);
    const lengths = { compressed: facts.compressed, uncompressed: facts.uncompressed, 'x-only': facts.xOnly } as const;
    for (const [format, length] of Object.entries(lengths) as [keyof typeof lengths, number | undefined][]) {
      const out = new Uint8Array(length ?? 32);
      if (length === undefined) {
        expect(failureOf(() => element.encode(format, out))).toBe('UnsupportedEncoding');
        continue;
      }
      expect(failureOf(() => element.encode(format, new Uint8Array(length - 1)))).toBe('Overflow');
      expect(failureOf(() => element.encode(format, new Uint8Array(length + 1)))).toBe('InvalidLength');
      element.encode(format, out);
      if (format === 'x-only' && !facts.decodesXOnly) {
        expect(failureOf(() => again.decode(out))).toBe('Malformed');
        continue;
      }
      again.decode(out);
      if (format === 'x-only') {
        const compressed = fromHex(elementHex(again));
        expect(compressed[0]).toBe(2);
        expect(toHex(compressed.subarray(1))).toBe(toHex(out));
      } else expect(again.equal(element)).toBe(true);
    }
    const before = elementHex(again);
    for (const length of [0, 1, 31, facts.compressed - 1, facts.compressed + 1, 200])
      expect(failureOf(() => again.decode(new Uint8Array(length)))).toBe('Malformed');
    expect(failureOf(() => again.decode(new Uint8Array(facts.compressed).fill(0xff)))).toBe('Malformed');
    expect(elementHex(again)).toBe(before);
  });

  it('has an identity, which is encoded where its standard says how', () => {
    const identity = new Element(group);
    const out = new Uint8Array(facts.compressed);
    if (facts.encodesIdentity) {
      identity.encode('compressed', out);
      const again = elementOf(group, 5n);
      again.decode(out);
      expect(again.equal(identity)).toBe(true);
    } else {
      for (const [format, length] of [
        ['compressed', facts.compressed],
        ['uncompressed', 2 * facts.fieldLength + 1],
        ['x-only', facts.fieldLength],
      ] as const)
        expect(failureOf(() => identity.encode(format, new Uint8Array(length)))).toBe('NoResult');
      expect(failureOf(() => identity.decode(Uint8Array.of(0)))).toBe('Malformed');
    }
    const zero = scalarOf(group, 0n);
    const element = elementOf(group, 5n);
    element.mul(element, zero);
    expect(element.equal(identity)).toBe(true);
    element.mul(identity, scalarOf(group, 12n));
    expect(element.equal(identity)).toBe(true);
    element.mulBase(zero);
    expect(element.equal(identity)).toBe(true);
    element.clearCofactor(identity);
    element.neg(identity);
    expect([element.equal(identity), element.inSubgroup]).toEqual([true, true]);
  });

  it('has a field of scalars', () => {
    const { order } = facts;
    const [a, b, to] = [scalarOf(group), scalarOf(group), scalarOf(group)];
    a.random();
    b.reduce(new Uint8Array(100).fill(0xa7));
    to.mul(a, b);
    b.invert(b);
    to.mul(to, b);
    expect(to.equal(a)).toBe(true);
    to.sub(to, a);
    expect(to.equal(scalarOf(group, 0n))).toBe(true);
    expect(failureOf(() => to.invert(to))).toBe('NoResult');
    to.neg(to);
    expect(scalarBytes(to).every((byte) => byte === 0)).toBe(true);
    to.neg(scalarOf(group, 1n));
    expect(to.equal(scalarOf(group, order - 1n))).toBe(true);
    to.add(to, scalarOf(group, 3n));
    expect(to.equal(scalarOf(group, 2n))).toBe(true);
    for (const value of [order, order + 1n]) {
      const bytes = bytesOf(value, facts.scalarLength);
      if (facts.scalarOrder === 'little') bytes.reverse();
      expect(failureOf(() => to.decode(bytes))).toBe('Malformed');
      const reduced = new Scalar(group, 'public');
      reduced.reduce(bytes);
      expect(reduced.equal(scalarOf(group, value - order))).toBe(true);
    }
    expect(failureOf(() => to.decode(new Uint8Array(facts.scalarLength).fill(0xff)))).toBe('Malformed');
    expect(failureOf(() => to.decode(new Uint8Array(facts.scalarLength - 1)))).toBe('Malformed');
    expect(failureOf(() => to.encode(new Uint8Array(facts.scalarLength - 1)))).toBe('Overflow');
    expect(failureOf(() => to.encode(new Uint8Array(facts.scalarLength + 1)))).toBe('InvalidLength');
    expect(to.equal(scalarOf(group, 2n))).toBe(true);
  });

  it('hashes and maps to elements of the subgroup, each to another', () => {
    const seen = new Set<string>();
    const element = new Element(group);
    for (const text of ['', 'a', 'b', 'x'.repeat(300)]) {
      element.hash(Buffer.from(text), Buffer.from('tag'));
      expect(element.inSubgroup).toBe(true);
      seen.add(elementHex(element));
      element.hash(Buffer.from(text), Buffer.alloc(300, 't'));
      seen.add(elementHex(element));
    }
    expect(seen.size).toBe(8);
    expect(failureOf(() => element.hash(Buffer.from('a'), Buffer.alloc(0)))).toBe('InvalidLength');
    expect(failureOf(() => element.encodeToGroup(Buffer.from('a'), Buffer.from('tag')))).toBe(
      facts.oneWayMap ? 'UnsupportedFeature' : undefined,
    );
    element.map(new Uint8Array(facts.uniform).fill(3));
    expect(element.inSubgroup).toBe(true);
    expect(failureOf(() => element.map(new Uint8Array(facts.uniform - 1)))).toBe('InvalidLength');
    expect(failureOf(() => element.map(new Uint8Array(2 * facts.uniform)))).toBe(
      facts.oneWayMap ? 'InvalidLength' : undefined,
    );
  });

  it('gives back all that it was charged', () => {
    const own = contextOf(options);
    const opened = new Group(own, name);
    const objects = [opened, new Element(opened), new Scalar(opened, 'secret')];
    expect(own.meter.usage().byKind.element.handles).toBe(1);
    for (const each of objects) each.release();
    expect(own.meter.usage()).toMatchObject({ bytes: 0, handles: 0 });
  });
});

describe('RFC 9496', () => {
  it.each(
    (['ristretto255', 'decaf448'] as const).flatMap((name) =>
      choicesOf(name).map(([title, options]) => [name, title, options] as const),
    ),
  )('%s, with %s: multiples of the generator, malformed encodings, one-way maps', (name, _, options) => {
    const { multiples, malformed, maps } = tables[name];
    const group = new Group(contextOf(options), name);
    const [element, generator] = [new Element(group), new Element(group)];
    generator.generator();
    for (const [times, hex] of multiples.entries()) {
      expect(elementHex(element)).toBe(hex);
      expect(elementHex(elementOf(group, BigInt(times)))).toBe(hex);
      element.add(element, generator);
    }
    for (const hex of malformed)
      expect(
        failureOf(() => element.decode(fromHex(hex))),
        hex,
      ).toBe('Malformed');
    for (const [uniform, hex] of maps) {
      element.map(fromHex(uniform));
      expect(elementHex(element)).toBe(hex);
    }
  });
});

describe.each(choices)('groups, with %s', (_, options) => {
  const context = contextOf(options);

  it('agree with ECDH of OpenSSL on curves', () => {
    for (const [name, opensslName] of [
      ['P-256', 'prime256v1'],
      ['P-384', 'secp384r1'],
      ['P-521', 'secp521r1'],
      ['secp256k1', 'secp256k1'],
    ] as const) {
      const group = new Group(context, name);
      const ecdh = createECDH(opensslName);
      ecdh.generateKeys();
      const peer = createECDH(opensslName);
      peer.generateKeys();
      const element = new Element(group);
      element.decode(peer.getPublicKey());
      const secret = new Scalar(group, 'secret');
      secret.decode(
        new Uint8Array(
          Buffer.concat([Buffer.alloc(group.scalarLength), ecdh.getPrivateKey()]).subarray(-group.scalarLength),
        ),
      );
      element.mul(element, secret);
      const x = new Uint8Array(group.elementLength - 1);
      element.encode('x-only', x);
      expect(toHex(x)).toBe(ecdh.computeSecret(peer.getPublicKey()).toString('hex'));
    }
  });

  it('have points of small order only in edwards25519, and clear them', () => {
    const group = new Group(context, 'edwards25519');
    // RFC 8032 decodes it: of order 8.
    const torsion = new Element(group);
    torsion.decode(fromHex('c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a'));
    expect(torsion.inSubgroup).toBe(false);
    const mixed = elementOf(group, 42n);
    mixed.add(mixed, torsion);
    expect(mixed.inSubgroup).toBe(false);
    mixed.clearCofactor(mixed);
    expect(mixed.equal(elementOf(group, 336n))).toBe(true);
    torsion.mul(torsion, scalarOf(group, 9n));
    expect(elementHex(torsion)).toBe('c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a');
    torsion.clearCofactor(torsion);
    expect(torsion.equal(new Element(group))).toBe(true);
    for (const hex of [
      // y is the prime, and one more; x is 0 with a sign.
      'edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f',
      'eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f',
      '0100000000000000000000000000000000000000000000000000000000000080',
    ])
      expect(
        failureOf(() => torsion.decode(fromHex(hex))),
        hex,
      ).toBe('Malformed');
  });

  it('do not mix', () => {
    const [p256, p384] = [new Group(context, 'P-256'), new Group(context, 'P-384')];
    const [element, other] = [elementOf(p256, 2n), elementOf(p384, 2n)];
    expect(failureOf(() => element.add(element, other))).toBe('InvalidOperation');
    expect(failureOf(() => element.mul(element, scalarOf(p384, 1n)))).toBe('InvalidOperation');
    expect(failureOf(() => element.mulBase(scalarOf(p384, 1n)))).toBe('InvalidOperation');
    expect(failureOf(() => element.mulPublic([element], [scalarOf(p384, 1n)]))).toBe('InvalidOperation');
    expect(failureOf(() => element.mulPublic([element], []))).toBe('InvalidLength');
    // What does not belong together comes before sizes, and these before secrecy.
    const secret = new Scalar(p256, 'secret');
    expect(failureOf(() => element.mulPublic([other], [scalarOf(p256, 1n), secret]))).toBe('InvalidOperation');
    expect(failureOf(() => element.mulPublic([element, element], [secret, scalarOf(p384, 1n)]))).toBe(
      'InvalidOperation',
    );
    expect(failureOf(() => element.mulPublic([element], [secret, secret]))).toBe('InvalidLength');
    expect(failureOf(() => element.mulPublic([element], [secret]))).toBe('ProhibitedOperation');
    expect(failureOf(() => element.equal(other))).toBe('InvalidOperation');
    const scalar = scalarOf(p256, 3n);
    expect(failureOf(() => scalar.add(scalar, scalarOf(p384, 1n)))).toBe('InvalidOperation');
    expect(failureOf(() => scalar.equal(scalarOf(p384, 1n)))).toBe('InvalidOperation');
    // Two handles of one group are of one group.
    element.add(element, elementOf(new Group(context, 'p-256'), 1n));
    expect(element.equal(elementOf(p256, 3n))).toBe(true);
  });

  it('refuse SEC 1 that is hybrid, off the curve or out of range', () => {
    const group = new Group(context, 'P-256');
    const element = elementOf(group, 2n);
    const out = new Uint8Array(65);
    element.encode('uncompressed', out);
    const hybrid = out.with(0, 6 + ((out[64] ?? 0) & 1));
    const off = out.with(64, (out[64] ?? 0) ^ 1);
    const high = Buffer.concat([Buffer.of(2), bytesOf(2n ** 256n - 2n ** 224n + 2n ** 192n + 2n ** 96n - 1n)]);
    for (const bytes of [hybrid, off, high, out.with(0, 2), new Uint8Array(65)])
      expect(failureOf(() => element.decode(bytes))).toBe('Malformed');
  });

  it('do not let secrets become public silently, and no sum of products take them', () => {
    const group = new Group(context, 'ristretto255');
    const [secret, open] = [scalarOf(group, 5n, 'secret'), scalarOf(group, 7n)];
    expect(failureOf(() => open.add(open, secret))).toBe('ProhibitedOperation');
    expect(failureOf(() => open.neg(secret))).toBe('ProhibitedOperation');
    secret.add(open, secret);
    expect(secret.equal(scalarOf(group, 12n))).toBe(true);
    expect(failureOf(() => new Element(group).mulPublic([new Element(group)], [secret]))).toBe('ProhibitedOperation');
  });

  it('no group of another name, and none under fips', () => {
    expect(failureOf(() => new Group(context, 'P-224'))).toBe('UnsupportedAlgorithm');
    expect(failureOf(() => new Group(context, ''))).toBe('UnsupportedAlgorithm');
    const fips = contextOf({ ...options, policy: { profile: 'fips' } });
    expect(failureOf(() => new Group(fips, 'P-256'))).toBe('ProhibitedOperation');
    const listed = contextOf({ ...options, policy: { algorithms: ['p-384'] } });
    expect(failureOf(() => new Group(listed, 'P-256'))).toBe('ProhibitedOperation');
    expect(failureOf(() => new Group(listed, 'P-384'))).toBeUndefined();
    const none = contextOf({ ...options, policy: { backends: ['openssl'] } });
    expect(failureOf(() => new Group(none, 'ristretto255'))).toBe('ProhibitedOperation');
  });

  it('cost what they take before it begins', () => {
    const poor = contextOf({ ...options, limits: { callCost: 50_000 } });
    const group = new Group(poor, 'P-521');
    const element = new Element(group);
    poor.meter.begin();
    element.generator();
    expect(failureOf(() => element.generator())).toBe('Overflow');
    expect(failureOf(() => element.mulBase(scalarOf(group)))).toBe('Overflow');
    const full = contextOf({ ...options, limits: { totalBytes: 300 } });
    const tight = new Group(full, 'P-256');
    expect(failureOf(() => new Element(tight))).toBe('Overflow');
    tight.release();
    expect(full.meter.usage()).toMatchObject({ bytes: 0, handles: 0 });
  });
});
