/** Laws of residues, whole numbers and groups on random values, through the ABI of core modules; backends agree on all of them. */
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { groups } from '../../../runtime/backends/arithmetic/groups.js';
import { coreExtension, type CoreExtension } from '../../guest/extension.js';
import type { ObjectKind } from '../../guest/extension-calls.js';
import { errnoOf } from '../../guest/guest.js';

const guests = [
  coreExtension(),
  coreExtension({ native: 'off' }),
  // What serves groups where nothing else does.
  coreExtension({ policy: { backends: ['noble', 'own'] } }),
] as const;
const tag = Buffer.from('laws');
const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');
const bytesOf = (length: number): fc.Arbitrary<Uint8Array> =>
  // Long runs of zeros and ones, too: carries go through them.
  fc.oneof(
    fc.uint8Array({ maxLength: length }),
    fc
      .constantFrom(0, 1, 0x7f, 0xff)
      .chain((byte) => fc.nat({ max: length }).map((count) => new Uint8Array(count).fill(byte))),
  );

afterAll(() => {
  for (const guest of guests) guest.close();
});

/** Objects of one run, which end with it: no law leaves a handle behind. */
class Objects {
  readonly guest: CoreExtension;
  readonly #made: (readonly [ObjectKind, number])[] = [];

  constructor(guest: CoreExtension) {
    this.guest = guest;
  }

  keep(kind: ObjectKind, handle: number): number {
    this.#made.push([kind, handle]);
    return handle;
  }

  end(): void {
    for (const [kind, handle] of this.#made) this.guest.end(kind, handle);
  }
}

/** Everything that a run saw, of each guest: it must be the same. */
function onAll(
  run: (objects: Objects, see: (what: Uint8Array | string) => void) => void,
  among: readonly CoreExtension[] = guests,
): void {
  const seen = among.map((guest) => {
    const objects = new Objects(guest);
    const all: string[] = [];
    guest.guest.scoped(() => run(objects, (what) => void all.push(typeof what === 'string' ? what : hex(what))));
    objects.end();
    expect(guest.guest.host.usage().handles).toBe(0);
    return all;
  });
  for (const each of seen) expect(each).toEqual(seen[0]);
}

describe('residues', () => {
  class Residues {
    readonly #objects: Objects;
    readonly #modulus: number;

    constructor(objects: Objects, modulus: Uint8Array) {
      this.#objects = objects;
      this.#modulus = objects.keep('modulus', objects.guest.modulus('big-endian', modulus));
    }

    of(value: Uint8Array): number {
      const { guest } = this.#objects;
      return this.#objects.keep('residue', guest.residue('reduce', this.#modulus, 'big-endian', value));
    }

    do(operation: string, ...operands: readonly number[]): number {
      return this.#objects.keep('residue', this.#objects.guest.residueOf(operation, this.#modulus, ...operands));
    }

    exp(base: number, exponent: Uint8Array): number {
      return this.#objects.keep('residue', this.#objects.guest.residueExp(this.#modulus, base, exponent));
    }

    select(first: number, second: number, choice: boolean): number {
      const { guest } = this.#objects;
      return this.#objects.keep('residue', guest.residueSelect(this.#modulus, first, second, choice));
    }

    bytes(value: number, order: 'big-endian' | 'little-endian' = 'big-endian'): Uint8Array {
      return this.#objects.guest.residueExport(this.#modulus, value, order);
    }

    same(left: number, right: number, law: string): void {
      expect(this.#objects.guest.residueEqual(left, right), law).toBe(true);
    }
  }

  const moduli = bytesOf(72).filter((bytes) => bytes.some((byte) => byte !== 0));

  it('are a ring, modulo odd numbers and even ones', () => {
    fc.assert(
      fc.property(moduli, bytesOf(80), bytesOf(80), bytesOf(80), bytesOf(4), (modulus, x, y, z, exponent) => {
        onAll(
          (objects, see) => {
            const ring = new Residues(objects, modulus);
            const [a, b, c] = [ring.of(x), ring.of(y), ring.of(z)];
            const [zero, one] = [ring.of(new Uint8Array(0)), ring.of(Uint8Array.of(1))];
            const add = (left: number, right: number): number => ring.do('add', left, right);
            const mul = (left: number, right: number): number => ring.do('mul', left, right);
            ring.same(add(a, b), add(b, a), 'a + b = b + a');
            ring.same(add(add(a, b), c), add(a, add(b, c)), '(a + b) + c = a + (b + c)');
            ring.same(add(a, zero), a, 'a + 0 = a');
            ring.same(add(ring.do('sub', a, b), b), a, '(a - b) + b = a');
            ring.same(ring.do('sub', a, a), zero, 'a - a = 0');
            ring.same(mul(a, b), mul(b, a), 'a b = b a');
            ring.same(mul(mul(a, b), c), mul(a, mul(b, c)), '(a b) c = a (b c)');
            ring.same(mul(a, one), a, 'a 1 = a');
            ring.same(mul(a, add(b, c)), add(mul(a, b), mul(a, c)), 'a (b + c) = a b + a c');
            ring.same(ring.do('square', a), mul(a, a), 'square(a) = a a');
            const power = ring.exp(a, exponent);
            ring.same(ring.exp(mul(a, b), exponent), mul(power, ring.exp(b, exponent)), '(a b)^n = a^n b^n');
            ring.same(ring.exp(power, Uint8Array.of(3)), mul(power, mul(power, power)), 'p^3 = p p p');
            const inverted = errnoOf(() => ring.same(mul(ring.do('inverse', a), a), one, 'a^-1 a = 1'));
            ring.same(ring.select(a, b, true), a, 'select');
            ring.same(ring.select(a, b, false), b, 'select');
            see(inverted);
            for (const each of [a, add(a, b), ring.do('sub', a, b), mul(a, b), power]) see(ring.bytes(each));
            expect(ring.bytes(a, 'little-endian').toReversed()).toEqual(ring.bytes(a));
            ring.same(ring.of(ring.bytes(b)), b, 'what is exported is reduced to itself');
          },
          [guests[0], guests[1]],
        );
      }),
      { numRuns: 60 },
    );
  });

  it('have roots of squares modulo a prime', () => {
    // Of P-256, 2^255 - 19, and one more than a multiple of 2^96.
    const primes = [
      'ffffffff00000001000000000000000000000000ffffffffffffffffffffffff',
      '7fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffed',
      'ffffffffffffffffffffffffffffffff000000000000000000000001',
    ];
    fc.assert(
      fc.property(fc.constantFrom(...primes), bytesOf(40), (prime, x) => {
        onAll(
          (objects, see) => {
            const field = new Residues(objects, Buffer.from(prime, 'hex'));
            const square = field.do('square', field.of(x));
            const root = field.do('sqrt', square);
            field.same(field.do('square', root), square, 'sqrt(a)^2 = a');
            see(field.bytes(root));
          },
          [guests[0], guests[1]],
        );
      }),
      { numRuns: 15 },
    );
  });
});

describe('whole numbers', () => {
  it('keep the laws of arithmetic', () => {
    fc.assert(
      fc.property(bytesOf(60), bytesOf(40), bytesOf(30), fc.nat({ max: 200 }), (x, y, z, bits) => {
        onAll((objects, see) => {
          const { guest } = objects;
          const keep = (handle: number): number => objects.keep('bignum', handle);
          const of = (value: Uint8Array): number => keep(guest.bignum('big-endian', value));
          const add = (left: number, right: number): number => keep(guest.bignumOf('add', left, right));
          const sub = (left: number, right: number): number => keep(guest.bignumOf('sub', left, right));
          const mul = (left: number, right: number): number => keep(guest.bignumOf('mul', left, right));
          const gcd = (left: number, right: number): number => keep(guest.bignumOf('gcd', left, right));
          const divide = (left: number, right: number): readonly [number, number] => {
            const [quotient, remainder] = guest.bignumDivRem(left, right);
            return [keep(quotient), keep(remainder)];
          };
          const same = (left: number, right: number, law: string): void =>
            expect(guest.bignumCompare(left, right), law).toBe(0);
          const [a, b, c] = [of(x), of(y), of(z)];
          const [zero, one] = [of(new Uint8Array(0)), of(Uint8Array.of(1))];
          same(add(a, b), add(b, a), 'a + b = b + a');
          same(add(add(a, b), c), add(a, add(b, c)), '(a + b) + c = a + (b + c)');
          same(add(a, zero), a, 'a + 0 = a');
          same(sub(add(a, b), b), a, '(a + b) - b = a');
          same(mul(a, b), mul(b, a), 'a b = b a');
          same(mul(mul(a, b), c), mul(a, mul(b, c)), '(a b) c = a (b c)');
          same(mul(a, one), a, 'a 1 = a');
          same(mul(a, add(b, c)), add(mul(a, b), mul(a, c)), 'a (b + c) = a b + a c');
          same(gcd(a, b), gcd(b, a), 'gcd(a, b) = gcd(b, a)');
          same(gcd(mul(a, c), mul(b, c)), mul(gcd(a, b), c), 'gcd(a c, b c) = gcd(a, b) c');
          const power = keep(guest.bignumShift(one, bits));
          same(keep(guest.bignumShift(a, bits)), mul(a, power), 'a << n = a 2^n');
          same(keep(guest.bignumShift(a, -bits)), divide(a, power)[0], 'a >> n = a / 2^n');
          expect(guest.bignumCompare(a, b)).toBe(-guest.bignumCompare(b, a) + 0);
          if (guest.bignumCompare(b, zero) > 0) {
            const [quotient, remainder] = divide(a, b);
            same(add(mul(quotient, b), remainder), a, 'q b + r = a');
            expect(guest.bignumCompare(remainder, b)).toBe(-1);
          } else expect(errnoOf(() => guest.bignumDivRem(a, b))).toBe('NoResult');
          const big = guest.bignumExport(a, 'big-endian', 60);
          expect(guest.bignumExport(a, 'little-endian', 60).toReversed()).toEqual(big);
          same(of(big), a, 'what is exported is imported as itself');
          see(guest.bignumExport(mul(a, b), 'big-endian', 100));
        });
      }),
      { numRuns: 40 },
    );
  });
});

describe.each(groups.map((facts) => [facts.name, facts] as const))('%s', (name, facts) => {
  it('is a group, and its scalars a field that acts on it', () => {
    fc.assert(
      fc.property(bytesOf(80), bytesOf(80), bytesOf(20), bytesOf(20), bytesOf(20), (k, l, p, q, r) => {
        onAll((objects, see) => {
          const { guest } = objects;
          const group = objects.keep('group', guest.group(name));
          const element = (handle: number): number => objects.keep('element', handle);
          const scalar = (handle: number): number => objects.keep('scalar', handle);
          const hashed = (message: Uint8Array): number => element(guest.elementHash('hash', group, message, tag));
          const point = (operation: string, ...operands: readonly number[]): number =>
            element(guest.elementOf(operation, group, ...operands));
          const add = (left: number, right: number): number => point('add', left, right);
          const number = (operation: string, ...operands: readonly number[]): number =>
            scalar(guest.scalarOf(operation, group, 'public', ...operands));
          const times = (factor: number, of: number): number => element(guest.elementMul(group, of, factor));
          const same = (left: number, right: number, law: string): void =>
            expect(guest.elementEqual(left, right), law).toBe(true);
          const sameScalar = (left: number, right: number, law: string): void =>
            expect(guest.scalarEqual(left, right), law).toBe(true);
          const [P, Q, R] = [hashed(p), hashed(q), hashed(r)];
          const [s, t] = [
            scalar(guest.scalar('reduce', group, 'public', k)),
            scalar(guest.scalar('reduce', group, 'public', l)),
          ];
          const one = scalar(guest.scalar('reduce', group, 'public', oneIn(facts.scalarOrder)));
          const zero = scalar(guest.scalar('open', group, 'public'));
          const identity = element(guest.element('open', group));

          same(add(P, Q), add(Q, P), 'P + Q = Q + P');
          same(add(add(P, Q), R), add(P, add(Q, R)), '(P + Q) + R = P + (Q + R)');
          same(add(P, identity), P, 'P + 0 = P');
          same(add(P, point('neg', P)), identity, 'P + -P = 0');
          same(point('sub', add(P, Q), Q), P, '(P + Q) - Q = P');
          const [sP, tP] = [times(s, P), times(t, P)];
          same(times(number('add', s, t), P), add(sP, tP), '(s + t) P = s P + t P');
          same(times(s, add(P, Q)), add(sP, times(s, Q)), 's (P + Q) = s P + s Q');
          same(times(number('mul', s, t), P), times(s, tP), '(s t) P = s (t P)');
          same(times(one, P), P, '1 P = P');
          same(times(zero, P), identity, '0 P = 0');
          // The order times P is 0.
          same(add(times(number('neg', one), P), P), identity, '(order - 1) P + P = 0');
          const base = element(guest.elementMul(group, undefined, s));
          same(base, times(s, element(guest.element('generator', group))), 's G by its own way');
          const sum = element(guest.elementMulPublic(group, [P, Q, P], [s, t, t]));
          same(sum, add(add(sP, times(t, Q)), tP), 'the sum of products');

          sameScalar(number('add', s, t), number('add', t, s), 's + t = t + s');
          sameScalar(number('mul', s, number('add', t, one)), number('add', number('mul', s, t), s), 's (t + 1)');
          sameScalar(number('sub', number('add', s, t), t), s, '(s + t) - t = s');
          sameScalar(number('add', s, number('neg', s)), zero, 's + -s = 0');
          see(errnoOf(() => sameScalar(number('mul', number('invert', s), s), one, 's^-1 s = 1')));
          sameScalar(
            scalar(guest.scalar('decode', group, 'public', guest.scalarEncode(group, s))),
            s,
            'what is encoded is decoded to itself',
          );
          see(guest.scalarEncode(group, number('mul', s, t)));

          for (const each of [P, sP, base, sum, identity])
            see(
              errnoOf(() => {
                const encoded = guest.elementEncode(group, each, 'compressed', facts.compressed);
                see(encoded);
                same(element(guest.element('decode', group, encoded)), each, 'what is encoded is decoded to itself');
              }),
            );
          if (facts.uncompressed !== undefined) {
            const encoded = guest.elementEncode(group, P, 'uncompressed', facts.uncompressed);
            same(element(guest.element('decode', group, encoded)), P, 'uncompressed, too');
          }
        });
      }),
      { numRuns: 3 },
    );
  });
});

function oneIn(order: 'big' | 'little'): Uint8Array {
  return order === 'big' ? Uint8Array.of(0, 1) : Uint8Array.of(1, 0);
}
