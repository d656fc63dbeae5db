/** What guests may take by the extension: sizes, work, handles. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { groups } from '../../../runtime/backends/arithmetic/groups.js';
import type { WasiCryptoOptions } from '../../../runtime/index.js';
import { MOST_BIGNUM_BYTES } from '../../../runtime/numbers/bignum.js';
import { MOST_TERMS } from '../../../runtime/numbers/element.js';
import { BIGNUM_COST } from '../../../runtime/prices.js';
import { componentExtension, coreExtension } from '../../guest/extension.js';
import type { ExtensionCalls } from '../../guest/extension-calls.js';
import { errnoOf } from '../../guest/guest.js';
import { projectRoot } from '../../shared.js';

const latin1 = (text: string): Uint8Array => Buffer.from(text, 'latin1');
const MiB = 2 ** 20;

describe.each<readonly [string, (options: WasiCryptoOptions) => Promise<ExtensionCalls>]>([
  ['core modules', (options) => Promise.resolve(coreExtension(options))],
  ['components', componentExtension],
])('limits of messages, for %s', (_abi, make) => {
  it('hold for inputs and for results', async () => {
    const guest = await make({ limits: { messageBytes: 100 } });
    expect(guest.fill(100)).toHaveLength(100);
    expect(errnoOf(() => guest.fill(101))).toBe('Overflow');
    expect(guest.encode('hex', new Uint8Array(50))).toHaveLength(100);
    expect(errnoOf(() => guest.encode('hex', new Uint8Array(51)))).toBe('Overflow');
    expect(errnoOf(() => guest.equal(new Uint8Array(101), new Uint8Array(1)))).toBe('Overflow');
    expect(guest.increment('big-endian', new Uint8Array(100))).toHaveLength(100);
    expect(errnoOf(() => guest.increment('big-endian', new Uint8Array(101)))).toBe('Overflow');
    expect(errnoOf(() => guest.select(new Uint8Array(101), new Uint8Array(101), true))).toBe('Overflow');
    expect(errnoOf(() => guest.select(new Uint8Array(101), new Uint8Array(1), true))).toBe('InvalidLength');
    expect(guest.pad('iso7816', 16, new Uint8Array(95))).toHaveLength(96);
    expect(errnoOf(() => guest.pad('iso7816', 16, new Uint8Array(96)))).toBe('Overflow');
    const number = guest.bignum('big-endian', Uint8Array.of(7));
    expect(guest.bignumExport(number, 'big-endian', 100)).toHaveLength(100);
    expect(errnoOf(() => guest.bignumExport(number, 'big-endian', 101))).toBe('Overflow');
    // Work for each byte counts as cost, not as size.
    expect(guest.decode('hex', latin1('0'.repeat(100)), latin1(' :-'))).toHaveLength(50);
    expect(guest.below('big-endian', new Uint8Array(100).fill(1))).toHaveLength(100);
  });

  it.each<readonly [string, WasiCryptoOptions['limits']]>([
    ['size', { messageBytes: 2 * MiB }],
    ['cost', { messageBytes: 512 * MiB, callCost: 2 * MiB }],
  ])('hold before there is room for a result: of %s', async (_limit, limits) => {
    const guest = await make({ limits });
    const number = guest.bignum('big-endian', Uint8Array.of(7));
    const data = new Uint8Array(3 * MiB);
    for (const call of [
      () => guest.encode('hex', data),
      () => guest.pad('padme', 0, data),
      () => guest.increment('big-endian', data),
      () => guest.decode('hex', data),
      () => guest.bignumExport(number, 'big-endian', 8 * MiB),
    ])
      expect(errnoOf(call)).toBe('Overflow');
  });
});

it('a component gets no room for a result over a limit', async () => {
  const guest = await componentExtension({ limits: { messageBytes: 512 * MiB, callCost: MiB } });
  const number = guest.bignum('big-endian', Uint8Array.of(7));
  const before = process.memoryUsage().arrayBuffers;
  expect(errnoOf(() => guest.bignumExport(number, 'big-endian', 512 * MiB))).toBe('Overflow');
  expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(100 * MiB);
});

describe('limits of cost', () => {
  it('count bytes that are written, and what is ignored', () => {
    const guest = coreExtension({ limits: { totalCost: 2000 } });
    guest.encode('hex', new Uint8Array(500));
    expect(guest.guest.host.usage().cost).toBe(1000);
    guest.decode('hex', latin1('0'.repeat(100)), latin1(' :'));
    expect(guest.guest.host.usage().cost).toBe(1300);
    expect(errnoOf(() => guest.fill(701))).toBe('Overflow');
    expect(guest.fill(700)).toHaveLength(700);
  });

  it('are reached by calls that compute next to nothing, refused ones too', () => {
    const guest = coreExtension();
    const cost = (call: () => unknown): number => {
      const before = guest.guest.host.usage().cost;
      errnoOf(call);
      return guest.guest.host.usage().cost - before;
    };
    const [big, small] = [new Uint8Array(MOST_BIGNUM_BYTES).fill(1), Uint8Array.of(7)].map((value) =>
      guest.bignum('big-endian', value),
    ) as [number, number];
    const zero = guest.bignum('big-endian', new Uint8Array(0));
    for (const call of [
      () => guest.call('bignum_mul', small, big, big),
      () => guest.call('bignum_shift', small, big, 1),
      () => guest.call('bignum_div_rem', small, zero, big, zero),
      () => guest.call('bignum_export', big, 0, { size: 7 }),
      () => guest.call('bignum_generate_prime', small, 15, false),
    ]) {
      expect(errnoOf(call)).not.toBe('Success');
      expect(cost(call)).toBe(BIGNUM_COST);
    }
    expect(cost(() => guest.call('bignum_sub', small, zero, small))).toBeGreaterThan(BIGNUM_COST);
    for (const { name } of groups) {
      const element = guest.element('open', guest.group(name));
      expect(
        cost(() => guest.call('element_generator', element)),
        name,
      ).toBeGreaterThanOrEqual(5000);
    }
    const poor = coreExtension({ limits: { totalCost: 1_000_000 } });
    const element = poor.element('open', poor.group('P-256'));
    let calls = 0;
    while (errnoOf(() => poor.call('element_generator', element)) === 'Success') calls += 1;
    expect(calls).toBe(200);
  });
});

it('limits of handles are those of wasi-crypto and the extension together', () => {
  const guest = coreExtension({ limits: { handles: 2 } });
  guest.guest.callForU32('options_open', 1);
  const modulus = guest.modulus('big-endian', Uint8Array.of(7));
  expect(errnoOf(() => guest.residue('open', modulus))).toBe('TooManyHandles');
  expect(errnoOf(() => guest.guest.callForU32('options_open', 1))).toBe('TooManyHandles');
  guest.end('modulus', modulus);
  guest.guest.callForU32('options_open', 1);
});

/** Whole numbers in rows of a table of docs/extension.md, by what the rows begin with. */
function documentedSizes(): ReadonlyMap<string, number> {
  const lines = readFileSync(`${projectRoot}docs/extension.md`, 'utf8').split('\n');
  const table = lines.slice(lines.indexOf('| call | up to |') + 2);
  const rows = table.slice(
    0,
    table.findIndex((line) => !line.startsWith('|')),
  );
  return new Map(
    rows.map((row) => {
      const [, call = '', most = ''] = row.split('|').map((cell) => cell.trim());
      return [call, Number(most.replace(/ (?=\d)/g, '').replace(/ .*/, ''))];
    }),
  );
}

describe('sizes of docs/extension.md fit the default limits, and no greater ones', () => {
  // A source that gives no prime: the search ends once it was paid for.
  const guest = coreExtension({ random: (bytes) => void bytes.fill(0xff) });
  const bytes = (length: number): Uint8Array => new Uint8Array(length).fill(0xff);
  /** Even, so that no test for primes takes long. */
  const even = (bits: number): number => guest.bignumShift(guest.bignum('big-endian', Uint8Array.of(1)), bits - 1);
  const one = (modulus: number): number => guest.residue('import', modulus, 'big-endian', Uint8Array.of(1));
  const modulusOf = (value: Uint8Array): number => guest.modulus('big-endian', value);
  /** The greatest primes of so many bytes that are 3 modulo 4. */
  const primes: Readonly<Record<number, bigint>> = { 290: 2n ** 2320n - 6377n, 291: 2n ** 2328n - 65n };
  const sums = (name: string) => {
    const group = guest.group(name);
    const [element, scalar] = [guest.element('open', group), guest.scalar('open', group, 'public')];
    return (terms: number) =>
      guest.elementMulPublic(group, new Array<number>(terms).fill(element), new Array<number>(terms).fill(scalar));
  };
  const calls: Readonly<Record<string, readonly ((size: number) => unknown)[]>> = {
    '`bignum_is_probable_prime`, of 0 to 128 rounds': [
      (bits) => guest.isProbablePrime(even(bits), 0),
      (bits) => guest.isProbablePrime(even(bits), 128),
    ],
    '`bignum_is_probable_prime`, of 256 rounds': [(bits) => guest.isProbablePrime(even(bits), 256)],
    '`bignum_generate_prime`': [(bits) => guest.generatePrime(bits, false)],
    '`bignum_generate_prime`, safe': [(bits) => guest.generatePrime(bits, true)],
    '`bignum_gcd`, of two of the same length': [
      (size) => {
        const number = guest.bignum('big-endian', bytes(size));
        const to = guest.bignum('big-endian', bytes(size));
        guest.call('bignum_gcd', to, number, number);
      },
    ],
    '`residue_inverse`; `residue_exp`, by an exponent as long as the modulus': [
      (size) => {
        const modulus = modulusOf(bytes(size));
        guest.residueOf('inverse', modulus, one(modulus));
      },
      (size) => {
        const modulus = modulusOf(bytes(size));
        guest.residueExp(modulus, one(modulus), new Uint8Array(size));
      },
    ],
    '`residue_sqrt`, the first modulo a prime that is 3 modulo 4': [
      (size) => {
        const modulus = modulusOf(Buffer.from((primes[size] ?? 0n).toString(16), 'hex'));
        guest.residueOf('sqrt', modulus, one(modulus));
      },
    ],
    '`residue_reduce`, modulo 2 048 bytes': [
      (size) => guest.residue('reduce', modulusOf(bytes(2048)), 'big-endian', new Uint8Array(size)),
    ],
    '`element_mul_public` in P-256, secp256k1, edwards25519, ristretto255': [
      sums('P-256'),
      sums('secp256k1'),
      sums('edwards25519'),
      sums('ristretto255'),
    ],
    '`element_mul_public` in P-384': [sums('P-384')],
    '`element_mul_public` in decaf448': [sums('decaf448')],
    '`element_mul_public` in P-521': [sums('P-521')],
  };
  const sizes = documentedSizes();

  it('of all rows', () => {
    expect([...sizes.keys()]).toEqual(Object.keys(calls));
  });

  it.each(Object.entries(calls).flatMap(([name, all]) => all.map((call) => [name, call] as const)))(
    '%s',
    (name, call) => {
      const size = sizes.get(name) ?? NaN;
      expect(errnoOf(() => call(size))).not.toBe('Overflow');
      expect(errnoOf(() => call(size + 1))).toBe(size === MOST_TERMS ? 'InvalidLength' : 'Overflow');
    },
  );
});
