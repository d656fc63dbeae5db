/** Residues and whole numbers: laws, edges, secrets, budgets, with each choice of backends. */
import { describe, expect, it } from 'vitest';
import fc from 'fast-check';
import { createHash, generatePrimeSync } from 'node:crypto';
import { Bignum, MOST_BIGNUM_BYTES } from '../../../runtime/numbers/bignum.js';
import { Modulus, MOST_EXPONENT_BYTES, MOST_MODULUS_BYTES, Residue } from '../../../runtime/numbers/modulus.js';
import { arithmeticReport } from '../../../runtime/numbers/report.js';
import {
  bignumOf,
  bignumValue,
  bytesOf,
  choices,
  contextOf,
  failureOf,
  fromHex,
  modulusOf,
  residueOf,
  residueValue,
} from './contexts.js';

const prime256 = 2n ** 256n - 2n ** 224n + 2n ** 192n + 2n ** 96n - 1n;
/** 5 modulo 8. */
const prime255 = 2n ** 255n - 19n;
/** 1 modulo 2^32: that of BLS12-381's scalars. */
const primeOfManyTwos = 0x73eda753299d7d483339d80809a1d80553bda402fffe5bfeffffffff00000001n;
const prime521 = 2n ** 521n - 1n;

function power(base: bigint, exponent: bigint, modulus: bigint): bigint {
  let result = 1n % modulus;
  let square = base % modulus;
  for (let rest = exponent; rest > 0n; rest >>= 1n) {
    if ((rest & 1n) === 1n) result = (result * square) % modulus;
    square = (square * square) % modulus;
  }
  return result;
}

const big = (bytes: number): fc.Arbitrary<bigint> => fc.bigInt({ min: 0n, max: 2n ** BigInt(bytes * 8) - 1n });

describe.each(choices)('residues, with %s', (_, options) => {
  const context = contextOf(options);

  it('agree with integers, of all widths, odd and even', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 140 }).chain((bytes) => fc.tuple(big(bytes), big(bytes + 3), big(bytes), big(9))),
        ([m, x, y, e]) => {
          const modulus = modulusOf(context, m + 1n);
          const n = m + 1n;
          const [a, b, to] = [residueOf(modulus, x), residueOf(modulus, y), residueOf(modulus)];
          const value = (): bigint => residueValue(to, modulus);
          to.add(a, b);
          expect(value()).toBe((x + y) % n);
          to.sub(a, b);
          expect(value()).toBe((((x - y) % n) + n) % n);
          to.mul(a, b);
          expect(value()).toBe((x * y) % n);
          to.square(a);
          expect(value()).toBe((x * x) % n);
          to.exp(a, bytesOf(e));
          expect(value()).toBe(power(x, e, n));
          to.select(a, b, true);
          expect(to.equal(a)).toBe(true);
          to.select(a, b, false);
          expect(to.equal(b)).toBe(true);
          if (failureOf(() => to.inverse(a)) === undefined) {
            to.mul(to, a);
            expect(value()).toBe(1n % n);
          } else {
            let [greater, less] = [n, x % n];
            while (less !== 0n) [greater, less] = [less, greater % less];
            expect(greater).not.toBe(1n);
          }
          for (const each of [a, b, to]) each.release();
          modulus.release();
        },
      ),
      { numRuns: 150 },
    );
    expect(context.meter.usage()).toMatchObject({ bytes: 0, handles: 0 });
  });

  it('may be operand and destination at once', () => {
    const modulus = modulusOf(context, prime256);
    const a = residueOf(modulus, 5n ** 90n);
    const expected = 5n ** 90n;
    a.mul(a, a);
    expect(residueValue(a, modulus)).toBe(expected ** 2n % prime256);
    a.add(a, a);
    expect(residueValue(a, modulus)).toBe((2n * expected ** 2n) % prime256);
    a.sub(a, a);
    expect(residueValue(a, modulus)).toBe(0n);
    a.reduce('big', bytesOf(7n));
    a.exp(a, Uint8Array.of(2));
    a.inverse(a);
    a.inverse(a);
    a.sqrt(a);
    expect([7n, prime256 - 7n]).toContain(residueValue(a, modulus));
  });

  it('are imported strictly, and exported in both orders with all zeros', () => {
    const modulus = new Modulus(context, 'little', Uint8Array.of(0x01, 0x01, 0, 0));
    expect(modulus.width).toBe(2);
    const a = new Residue(modulus);
    a.import('big', Uint8Array.of(5));
    expect(failureOf(() => a.import('big', Uint8Array.of(1, 1)))).toBe('Malformed');
    expect(failureOf(() => a.import('little', Uint8Array.of(0xff, 0xff)))).toBe('Malformed');
    expect(failureOf(() => a.import('big', Uint8Array.of(0, 0, 5)))).toBe('Malformed');
    const out = new Uint8Array(2);
    a.export('little', out);
    expect([...out]).toEqual([5, 0]);
    expect(failureOf(() => a.export('big', new Uint8Array(1)))).toBe('Overflow');
    expect(failureOf(() => a.export('big', new Uint8Array(3)))).toBe('InvalidLength');
    a.import('little', Uint8Array.of(0, 1));
    expect(residueValue(a, modulus)).toBe(256n);
    a.import('big', new Uint8Array(0));
    expect(residueValue(a, modulus)).toBe(0n);
    expect(failureOf(() => new Modulus(context, 'big', new Uint8Array(4)))).toBe('Malformed');
    expect(failureOf(() => new Modulus(context, 'big', new Uint8Array(0)))).toBe('Malformed');
    const long = new Uint8Array(MOST_MODULUS_BYTES + 1);
    expect(failureOf(() => new Modulus(context, 'big', long))).toBe('Malformed');
    expect(new Modulus(context, 'big', long.with(-1, 7)).width).toBe(1);
    expect(new Modulus(context, 'little', long.with(0, 7)).width).toBe(1);
    expect(failureOf(() => new Modulus(context, 'big', long.with(0, 1)))).toBe('InvalidLength');
  });

  it('reduce megabytes in a time that grows with their length', () => {
    for (const m of [2n ** 560n - 2n, 2n ** 255n - 19n, 3n]) {
      const modulus = modulusOf(context, m);
      const wide = new Uint8Array(2 ** 21).fill(0xa5);
      const a = new Residue(modulus);
      a.reduce('big', wide);
      // 0xa5 times 256^0 and on, as a sum of a geometric series.
      const all = (power(256n, BigInt(wide.length), m * 255n) - 1n + m * 255n) % (m * 255n);
      expect(residueValue(a, modulus)).toBe(((all / 255n) * 0xa5n) % m);
    }
  });

  it('have roots modulo a prime of which the first hundred primes are squares', () => {
    const primes = Array.from({ length: 520 }, (_, n) => n).filter(
      (n) => n > 2 && !Array.from({ length: 22 }, (_, d) => d + 2).some((d) => d < n && n % d === 0),
    );
    const modulus = modulusOf(context, 207n * 8n * primes.reduce((all, each) => all * BigInt(each), 1n) + 1n);
    const a = residueOf(modulus, 4n);
    a.sqrt(a);
    expect(residueValue(a, modulus)).toBe(2n);
  });

  it('take exponents of a length that has a limit', () => {
    const a = residueOf(modulusOf(context, 5n), 3n);
    expect(failureOf(() => a.exp(a, new Uint8Array(MOST_EXPONENT_BYTES + 1)))).toBe('Overflow');
  });

  it('have all values modulo 1, which is 0', () => {
    const modulus = modulusOf(context, 1n);
    const a = residueOf(modulus, 12_345n);
    a.random();
    a.add(a, a);
    a.exp(a, new Uint8Array(0));
    a.inverse(a);
    expect(residueValue(a, modulus)).toBe(0n);
    expect(failureOf(() => a.sqrt(a))).toBe('InvalidOperation');
  });

  it('have powers of 0, 1 and the modulus less 1, of exponents that are 0, and such that give these', () => {
    for (const n of [prime256, prime521, 2n ** 600n - 95n, (2n ** 300n - 1n) * (2n ** 301n - 1n)]) {
      const modulus = modulusOf(context, n);
      const to = residueOf(modulus);
      for (const base of [0n, 1n, 2n, n - 1n, 3n])
        for (const exponent of [0n, 1n, 2n, 3n, n - 1n, (n - 1n) / 2n, 2n * (n - 1n), n * n]) {
          const bytes = bytesOf(exponent, 3);
          to.exp(residueOf(modulus, base), bytes);
          expect(residueValue(to, modulus), `${base} to ${exponent}`).toBe(power(base, exponent, n));
        }
      to.exp(residueOf(modulus, 5n), new Uint8Array(0));
      expect(residueValue(to, modulus)).toBe(1n);
      to.exp(residueOf(modulus, 5n), Uint8Array.of(3, 1), 'little');
      expect(residueValue(to, modulus)).toBe(power(5n, 259n, n));
    }
  });

  it('have square roots modulo every odd prime: the even one', () => {
    for (const n of [3n, 5n, 7n, 17n, 65_537n, prime255, prime256, prime521, primeOfManyTwos]) {
      const modulus = modulusOf(context, n);
      const [a, to] = [residueOf(modulus), residueOf(modulus)];
      for (const root of [0n, 1n, 2n, 3n, n - 2n, n / 3n]) {
        const value = (root * root) % n;
        a.reduce('big', bytesOf(value));
        to.sqrt(a);
        const found = residueValue(to, modulus);
        expect((found * found) % n).toBe(value);
        expect(found & 1n).toBe(0n);
      }
      let nonResidue = 2n;
      while (power(nonResidue, (n - 1n) / 2n, n) === 1n) nonResidue += 1n;
      a.reduce('big', bytesOf(nonResidue));
      const before = residueValue(to, modulus);
      expect(failureOf(() => to.sqrt(a))).toBe('NoResult');
      expect(residueValue(to, modulus)).toBe(before);
    }
    for (const n of [15n, 561n, 2n, 2n ** 64n]) {
      const a = residueOf(modulusOf(context, n), 1n);
      expect(failureOf(() => a.sqrt(a))).toBe('InvalidOperation');
    }
  });

  it('are as they were when there is no result, and of one modulus', () => {
    const modulus = modulusOf(context, 561n);
    const [a, b] = [residueOf(modulus, 33n), residueOf(modulus, 5n)];
    expect(failureOf(() => b.inverse(a))).toBe('NoResult');
    expect(residueValue(b, modulus)).toBe(5n);
    const other = residueOf(modulusOf(context, 561n), 1n);
    for (const call of [
      () => a.add(a, other),
      () => a.mul(other, a),
      () => a.exp(other, Uint8Array.of(1)),
      () => a.equal(other),
      () => a.select(a, other, true),
      () => a.inverse(other),
    ])
      expect(failureOf(call)).toBe('InvalidOperation');
  });

  it('are drawn uniformly, and a source that never fits is no source', () => {
    const modulus = modulusOf(context, 5n);
    const a = residueOf(modulus);
    const seen = new Map<bigint, number>();
    for (let draws = 0; draws < 2000; draws += 1) {
      a.random();
      const value = residueValue(a, modulus);
      seen.set(value, (seen.get(value) ?? 0) + 1);
    }
    expect([...seen.keys()].toSorted()).toEqual([0n, 1n, 2n, 3n, 4n]);
    for (const count of seen.values()) expect(count).toBeGreaterThan(280);
    const stuck = contextOf({ ...options, random: (bytes) => void bytes.fill(0xff) });
    const never = residueOf(modulusOf(stuck, 5n));
    expect(failureOf(() => never.random())).toBe('RngError');
  });

  it('outlive the handle of their modulus', () => {
    const modulus = modulusOf(context, prime256);
    const a = residueOf(modulus, 3n);
    modulus.release();
    a.mul(a, a);
    a.release();
    a.release();
    const own = contextOf(options);
    const another = modulusOf(own, prime256);
    const kept = residueOf(another, 1n);
    another.release();
    expect(own.meter.usage().bytes).toBeGreaterThan(0);
    kept.release();
    expect(own.meter.usage()).toMatchObject({ bytes: 0, handles: 0 });
  });

  it('cost what they take before it begins', () => {
    const poor = contextOf({ ...options, limits: { callCost: 500_000 } });
    const modulus = modulusOf(poor, 2n ** 2047n + 1n);
    const a = residueOf(modulus, 3n);
    poor.meter.begin();
    expect(failureOf(() => a.exp(a, new Uint8Array(256)))).toBe('Overflow');
    expect(residueValue(a, modulus)).toBe(3n);
    const full = contextOf({ ...options, limits: { totalBytes: 1000 } });
    expect(failureOf(() => modulusOf(full, 5n))).toBe('Overflow');
    expect(full.meter.usage()).toMatchObject({ bytes: 0, handles: 0 });
  });

  it('are refused under fips, and where no backend is allowed that has them', () => {
    const fips = contextOf({ ...options, policy: { profile: 'fips' } });
    expect(failureOf(() => modulusOf(fips, 5n))).toBe('ProhibitedOperation');
    expect(failureOf(() => new Bignum(fips, 8))).toBe('ProhibitedOperation');
    const none = contextOf({ ...options, policy: { backends: ['noble'] } });
    expect(failureOf(() => modulusOf(none, 5n))).toBe('ProhibitedOperation');
    expect(failureOf(() => new Bignum(none, 8))).toBe('ProhibitedOperation');
  });
});

describe('without the native backend and with no-fallback', () => {
  const context = contextOf({ native: 'off', policy: { profile: 'no-fallback' } });

  it('secret residues take exponents where OpenSSL does, and nothing else that depends on them', () => {
    const modulus = modulusOf(context, prime521);
    const a = new Residue(modulus);
    a.import('big', Uint8Array.of(7));
    a.exp(a, Uint8Array.of(0x11, 0x22, 0x33));
    expect(residueValue(a, modulus)).toBe(power(7n, 0x112233n, prime521));
    for (const call of [
      () => a.add(a, a),
      () => a.sub(a, a),
      () => a.mul(a, a),
      () => a.square(a),
      () => a.inverse(a),
      () => a.sqrt(a),
      () => a.reduce('big', Uint8Array.of(1)),
    ])
      expect(failureOf(call)).toBe('ProhibitedOperation');
    const small = new Residue(modulusOf(context, prime256));
    expect(failureOf(() => small.exp(small, Uint8Array.of(1)))).toBe('ProhibitedOperation');
    expect(small.equal(small)).toBe(true);
  });

  it('residues of an even modulus are public', () => {
    const modulus = modulusOf(context, 2n ** 64n);
    const a = residueOf(modulus, 3n);
    a.mul(a, a);
    expect(residueValue(a, modulus)).toBe(9n);
  });

  it('the report says so, for each function', () => {
    const strict = arithmeticReport(context.policy);
    const lenient = arithmeticReport(contextOf({ native: 'off' }).policy);
    const found = (report: typeof strict, id: string, name: string) =>
      report.find((each) => each.id === id)?.functions.find((each) => each.name === name);
    const long = 'residue, odd modulus of 512 to 10 000 bits';
    expect(found(strict, long, 'residue_exp')).toMatchObject({ constantTime: 'library', secrets: true });
    expect(found(strict, long, 'residue_mul')).toMatchObject({ constantTime: 'variable', secrets: false });
    expect(found(lenient, long, 'residue_mul')).toMatchObject({ constantTime: 'variable', secrets: true });
    expect(found(strict, 'residue, odd modulus of another size', 'residue_exp')).toMatchObject({ secrets: false });
    expect(found(strict, 'residue, even modulus', 'residue_mul')).toMatchObject({ constantTime: 'no-secrets' });
    expect(found(strict, 'P-256', 'element_mul')).toMatchObject({ constantTime: 'variable', secrets: false });
    expect(found(strict, 'P-256', 'scalar_random')).toMatchObject({ secrets: true });
    expect(strict.every(({ supported }) => supported)).toBe(true);
    const fips = arithmeticReport(contextOf({ policy: { profile: 'fips' } }).policy);
    expect(
      fips.every(({ supported, reason, functions }) => !supported && reason !== undefined && functions.length === 0),
    ).toBe(true);
  });
});

describe('whole numbers', () => {
  it('have zeros in front that do not count, in both orders and any number', () => {
    const context = contextOf();
    const a = new Bignum(context, 8);
    const zeros = new Uint8Array(MOST_BIGNUM_BYTES + 1);
    for (const [order, bytes, value] of [
      ['big', zeros, 0n],
      ['little', zeros, 0n],
      ['big', zeros.with(-1, 7), 7n],
      ['little', zeros.with(0, 7), 7n],
    ] as const) {
      a.import(order, bytes);
      expect(bignumValue(a)).toBe(value);
    }
    const out = new Uint8Array(2 ** 22).fill(1);
    a.export('big', out);
    expect([out.findIndex((byte) => byte !== 0), out.at(-1)]).toEqual([out.length - 1, 7]);
    a.export('little', out.fill(1));
    expect([out.findLastIndex((byte) => byte !== 0), out[0]]).toEqual([0, 7]);
  });

  const context = contextOf();

  it('agree with integers', () => {
    fc.assert(
      fc.property(big(60), big(40), fc.integer({ min: -500, max: 500 }), (x, y, bits) => {
        const [a, b, to, rest] = [bignumOf(context, x), bignumOf(context, y), bignumOf(context), bignumOf(context)];
        to.add(a, b);
        expect(bignumValue(to)).toBe(x + y);
        to.mul(a, b);
        expect(bignumValue(to)).toBe(x * y);
        expect(failureOf(() => to.sub(a, b))).toBe(x < y ? 'NoResult' : undefined);
        expect(bignumValue(to)).toBe(x < y ? x * y : x - y);
        expect(a.compare(b)).toBe(x < y ? -1 : Number(x > y));
        to.shift(a, bits);
        expect(bignumValue(to)).toBe(bits < 0 ? x >> BigInt(-bits) : x << BigInt(bits));
        expect(a.bitLength).toBe(x === 0n ? 0 : x.toString(2).length);
        if (y !== 0n) {
          to.divRem(rest, a, b);
          expect([bignumValue(to), bignumValue(rest)]).toEqual([x / y, x % y]);
        }
        to.gcd(a, b);
        const divisor = bignumValue(to);
        if (divisor !== 0n) expect([x % divisor, y % divisor]).toEqual([0n, 0n]);
        else expect([x, y]).toEqual([0n, 0n]);
        for (const each of [a, b, to, rest]) each.release();
      }),
    );
    expect(context.meter.usage()).toMatchObject({ bytes: 0, handles: 0 });
  });

  it('have the size that they were opened with, and stay as they were beyond it', () => {
    const [a, small] = [bignumOf(context, 255n), new Bignum(context, 1)];
    small.import('little', Uint8Array.of(255, 0, 0));
    for (const call of [
      () => small.add(small, a),
      () => small.mul(small, small),
      () => small.shift(small, 1),
      () => small.import('big', Uint8Array.of(1, 0)),
      () => small.import('little', Uint8Array.of(0, 1)),
      () => small.generatePrime(16, false),
    ])
      expect(failureOf(call)).toBe('Overflow');
    expect(bignumValue(small)).toBe(255n);
    small.shift(small, -(2 ** 31));
    expect(bignumValue(small)).toBe(0n);
    small.shift(small, 2 ** 31 - 1);
    expect(small.bitLength).toBe(0);
    const none = new Bignum(context, 0);
    none.export('big', new Uint8Array(0));
    expect(failureOf(() => a.export('big', new Uint8Array(0)))).toBe('Overflow');
    expect(failureOf(() => new Bignum(context, MOST_BIGNUM_BYTES + 1))).toBe('InvalidLength');
    const out = new Uint8Array(3);
    a.export('little', out);
    expect([...out]).toEqual([255, 0, 0]);
    expect(failureOf(() => a.divRem(a, a, a))).toBe('InvalidOperation');
    expect(failureOf(() => a.divRem(small, a, none))).toBe('NoResult');
  });

  it('know primes', () => {
    const primes = [2n, 3n, 65_537n, prime255, prime521];
    // Carmichael numbers, a strong pseudoprime to the first twelve bases, and a product of two primes.
    const others = [0n, 1n, 4n, 561n, 3_215_031_751n, 318_665_857_834_031_151_167_461n, prime255 * prime521];
    for (const value of [...primes, ...others])
      expect(bignumOf(context, value).isProbablePrime(0), `${value}`).toBe(primes.includes(value));
    expect(failureOf(() => bignumOf(context, 7n).isProbablePrime(257))).toBe('Overflow');
    expect(failureOf(() => bignumOf(context, 2n ** 8192n).isProbablePrime(1))).toBe('InvalidLength');
  });

  it.each([
    ['OpenSSL', undefined],
    ['the owner’s source', counting()],
  ])('are generated as primes by %s: of the asked size, and safe if asked', (_, random) => {
    const own = contextOf({ random });
    const prime = bignumOf(own);
    for (const [bits, safe] of [
      [16, false],
      [61, false],
      [256, false],
      [32, true],
      [65, true],
      [128, true],
    ] as const) {
      prime.generatePrime(bits, safe);
      expect(prime.bitLength).toBe(bits);
      expect(bignumValue(prime) >> BigInt(bits - 2)).toBe(3n);
      expect(prime.isProbablePrime(64)).toBe(true);
      if (safe) {
        prime.shift(prime, -1);
        expect(prime.isProbablePrime(64)).toBe(true);
      }
    }
    for (const [bits, safe] of [
      [15, false],
      [31, true],
      [8193, false],
    ] as const)
      expect(failureOf(() => prime.generatePrime(bits, safe))).toBe('InvalidLength');
    // That could take minutes.
    own.meter.begin();
    expect(failureOf(() => bignumOf(own, 0n, 1024).generatePrime(8192, true))).toBe('Overflow');
  });

  it('are not looked for in a source that repeats itself', () => {
    let drawn = 0;
    const own = contextOf({ random: (bytes) => void ((drawn += bytes.length), bytes.fill(0xff)) });
    const prime = bignumOf(own, 5n, 256);
    expect(failureOf(() => prime.generatePrime(2048, false))).toBe('RngError');
    expect(failureOf(() => prime.generatePrime(512, true))).toBe('RngError');
    expect(drawn).toBeLessThan(10_000);
    // So short that numbers repeat by chance.
    expect(failureOf(() => prime.generatePrime(40, true))).toBe('RngError');
    expect(bignumValue(prime)).toBe(5n);
  });
});

/** Deterministic, and as good as random for searches. */
function counting(): (bytes: Uint8Array) => void {
  let count = 0;
  return (bytes) => {
    for (let at = 0; at < bytes.length; at += 32) {
      count += 1;
      bytes.set(
        createHash('sha256')
          .update(String(count))
          .digest()
          .subarray(0, bytes.length - at),
        at,
      );
    }
  };
}

it('exponents of 2 048 bits give what integers do', () => {
  const context = contextOf({ native: 'off' });
  const n = generatePrimeSync(1024, { bigint: true }) * generatePrimeSync(1024, { bigint: true });
  const modulus = modulusOf(context, n);
  const a = residueOf(modulus, n / 7n);
  const exponent = fromHex('f1'.repeat(256));
  a.exp(a, exponent);
  expect(residueValue(a, modulus)).toBe(power(n / 7n, BigInt(`0x${'f1'.repeat(256)}`), n));
});
