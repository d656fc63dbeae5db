/** The modules of the extension over bytes, for guests of either ABI. */
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { errnoOf, Guest, UNTOUCHED } from '../../guest/guest.js';
import { componentExtension, coreExtension, encodings } from '../../guest/extension.js';
import type { ExtensionCalls, Order, Scheme } from '../../guest/extension-calls.js';

const latin1 = (text: string): Uint8Array => Buffer.from(text, 'latin1');
const text = (bytes: Uint8Array): string => Buffer.from(bytes).toString('latin1');
/** Vitest takes seconds to compare long arrays. */
const same = (a: Uint8Array, b: Uint8Array, what = ''): void => expect(Buffer.compare(a, b), what).toBe(0);
const orders: readonly Order[] = ['big-endian', 'little-endian'];

/** RFC 4648, section 10, and what the other alphabets make of the same. */
const published: Readonly<Record<string, readonly string[]>> = {
  hex: ['', '66', '666f', '666f6f', '666f6f62', '666f6f6261', '666f6f626172'],
  base64: ['', 'Zg==', 'Zm8=', 'Zm9v', 'Zm9vYg==', 'Zm9vYmE=', 'Zm9vYmFy'],
  base32: ['', 'MY======', 'MZXQ====', 'MZXW6===', 'MZXW6YQ=', 'MZXW6YTB', 'MZXW6YTBOI======'],
  'base32-hex': ['', 'CO======', 'CPNG====', 'CPNMU===', 'CPNMUOG=', 'CPNMUOJ1', 'CPNMUOJ1E8======'],
  // Crockford's alphabet is that of base32hex, letter by letter.
  'base32-crockford': ['', 'CR', 'CSQG', 'CSQPY', 'CSQPYRG', 'CSQPYRK1', 'CSQPYRK1E8'],
};

describe.each([
  ['core modules', () => Promise.resolve<ExtensionCalls>(coreExtension())],
  ['components', () => componentExtension()],
])('for %s', (_abi, make) => {
  let guest: ExtensionCalls;
  beforeAll(async () => {
    guest = await make();
  });
  afterAll(() => guest.close());

  describe('encoding', () => {
    it.each(Object.entries(published))('%s is as published', (encoding, all) => {
      const known = [encoding, ...(encodings.includes(`${encoding}-no-padding`) ? [`${encoding}-no-padding`] : [])];
      for (const form of known)
        all.forEach((expected, length) => {
          const data = latin1('foobar'.slice(0, length));
          const written = form === encoding ? expected : expected.replace(/=+$/, '');
          expect(text(guest.encode(form, data)), form).toBe(written);
          expect(text(guest.decode(form, latin1(written))), form).toBe(text(data));
        });
    });

    it('agrees with Buffer, and decodes what it encodes', () => {
      const sizes = fc.oneof(
        fc.uint8Array({ maxLength: 100 }),
        fc.uint8Array({ minLength: 30_700, maxLength: 30_800 }),
      );
      fc.assert(
        fc.property(sizes, (data) => {
          const buffer = Buffer.from(data);
          expect(text(guest.encode('hex', data))).toBe(buffer.toString('hex'));
          expect(text(guest.encode('base64', data))).toBe(buffer.toString('base64'));
          expect(text(guest.encode('base64-url-no-padding', data))).toBe(buffer.toString('base64url'));
          for (const form of encodings) same(guest.decode(form, guest.encode(form, data)), data, form);
        }),
        { numRuns: 8 },
      );
    });

    it.each<[string, string, readonly string[]]>([
      ['hex', 'a length that no bytes have', ['0', '123']],
      ['hex', 'a character of no alphabet', ['0g', '0x', ' 0', '0\u00b0', '//', '::', '@@', '``', 'GG']],
      ['base64', 'a length that no bytes have', ['A', 'AA', 'AAA', 'AAAAA']],
      [
        'base64',
        'padding that is missing, more or elsewhere',
        ['Zg=', 'Zg', 'Zg===', 'Zm9v====', '====', '=', 'Z=g=', '=Zg=', 'Zg==Zg=='],
      ],
      ['base64', 'bits that are left over', ['Zh==', 'Zm9=', 'Zg=A']],
      [
        'base64',
        'a character of another alphabet',
        ['-_-_', 'Zm9\u00f6', 'Zm 9', 'Zm9,', 'Zm9.', 'Zm9:', 'Zm9@', 'Zm9[', 'Zm9`', 'Zm9{', 'Zm9\x7f'],
      ],
      ['base64-url', 'a character of another alphabet', ['+/+/', 'Zm9+', 'Zm9/', 'Zm9,', 'Zm9.', 'Zm9^', 'Zm9`']],
      ['base64-no-padding', 'padding', ['Zg==', 'Zm8=']],
      ['base64-no-padding', 'a length that no bytes have, or bits left over', ['A', 'AAAAA', 'Zh', 'Zm9']],
      [
        'base32',
        'small letters, or padding that is wrong',
        ['my======', 'MY', 'MY=====', 'MZXW6YQ', 'MZXW6YTB========'],
      ],
      ['base32', 'digits that it does not have', ['M0======', 'M1======', 'M8======', 'M9======']],
      ['base32', 'bits that are left over', ['MZ======', 'MZXR====', 'MZXW7===', 'MZXW6YR=']],
      ['base32-no-padding', 'a length that no bytes have', ['M', 'MZX', 'MZXW6Y']],
      ['base32-hex', 'letters that it does not have', ['CW======', 'CX======', 'CZ======', 'co======']],
      ['base32-crockford', 'U, hyphens and padding', ['CU', 'C-R', 'CR======', 'C']],
    ])('%s refuses %s', (encoding, _what, texts) => {
      for (const each of texts)
        expect(
          errnoOf(() => guest.decode(encoding, latin1(each))),
          each,
        ).toBe('Malformed');
    });

    it.each([
      'hex',
      'base64-no-padding',
      'base64-url-no-padding',
      'base32-no-padding',
      'base32-hex-no-padding',
      'base32-crockford',
    ])('%s takes the characters of its alphabet and no others', (encoding) => {
      const others: Readonly<Record<string, RegExp>> = {
        hex: /[0-9a-fA-F]/,
        'base64-no-padding': /[A-Za-z0-9+/]/,
        'base64-url-no-padding': /[A-Za-z0-9_-]/,
        'base32-no-padding': /[A-Z2-7]/,
        'base32-hex-no-padding': /[0-9A-V]/,
        'base32-crockford': /[0-9A-TV-Za-tv-z]/,
      };
      for (let code = 0; code < 256; code += 1) {
        const character = String.fromCharCode(code);
        const expected = others[encoding]?.test(character) === true ? 'Success' : 'Malformed';
        // Eight of them are whole bytes in every alphabet.
        expect(
          errnoOf(() => guest.decode(encoding, latin1(character.repeat(8)))),
          `${code}`,
        ).toBe(expected);
      }
    });

    it('Crockford takes either case, and what looks alike', () => {
      expect(guest.decode('base32-crockford', latin1('csqpyrk1'))).toEqual(
        guest.decode('base32-crockford', latin1('CSQPYRK1')),
      );
      expect(guest.decode('base32-crockford', latin1('OoIiLl00'))).toEqual(
        guest.decode('base32-crockford', latin1('00111100')),
      );
    });

    it('passes over characters that are to be ignored, and never over those of the alphabet', () => {
      expect(text(guest.decode('base64', latin1(' Zm9v\r\nYmFy\n'), latin1(' \r\n')))).toBe('foobar');
      expect(text(guest.decode('hex', latin1('66:6f:6f'), latin1(':')))).toBe('foo');
      expect(text(guest.decode('base64', latin1('Z m 8 ='), latin1(' =')))).toBe('fo');
      expect(text(guest.decode('base64', latin1('Zm8='), latin1('Zm8=')))).toBe('fo');
      expect(errnoOf(() => guest.decode('base64', latin1('Zm 9v'), latin1('\n')))).toBe('Malformed');
      expect(guest.decode('hex', latin1('  '), latin1(' '))).toHaveLength(0);
      expect(errnoOf(() => guest.decode('hex', latin1('00'), new Uint8Array(17)))).toBe('Overflow');
      const long = latin1('zm 9v'.replace('z', 'Z').repeat(9_000));
      expect(guest.decode('base64', long, latin1(' '))).toHaveLength(27_000);
    });

    it.each([100_000, 1_200_000])('of %i bytes: a mistake far behind is found before anything is written', (size) => {
      const long = guest.encode('base64', new Uint8Array(size).fill(7));
      expect(errnoOf(() => guest.decode('base64', long.with(-9, 0x2a)))).toBe('Malformed');
      expect(errnoOf(() => guest.decode('base64', long.with(9, 0x2a)))).toBe('Malformed');
      same(guest.decode('base64', long), new Uint8Array(size).fill(7));
    });

    it.each(encodings)('%s: one wrong character at each place of a text is found', (encoding) => {
      const written = guest.encode(encoding, new Uint8Array(100).fill(0xa5));
      for (const at of written.keys())
        expect(
          errnoOf(() => guest.decode(encoding, written.with(at, 0x21))),
          `${at}`,
        ).toBe('Malformed');
    });

    it('lengths beyond 32 bits are overflow', () => {
      expect(guest.encodedLength('base64', 3)).toBe(4);
      expect(errnoOf(() => guest.encodedLength('hex', 0x8000_0000))).toBe('Overflow');
    });
  });

  describe('bytes', () => {
    const numberOf = (order: Order, bytes: Uint8Array): bigint =>
      BigInt(`0x0${Buffer.from(order === 'big-endian' ? bytes : bytes.toReversed()).toString('hex')}`);

    it.each(orders)('compares and counts as numbers do, %s', (order) => {
      const pair = fc.integer({ min: 0, max: 40 }).chain((length) => {
        const some = fc.uint8Array({ minLength: length, maxLength: length });
        // Mostly alike, so that all bytes decide now and then.
        return fc
          .tuple(some, some, fc.nat(), fc.boolean())
          .map(([a, b, at, alike]): [Uint8Array, Uint8Array] => [
            a,
            alike && length > 0 ? a.with(at % length, b[0] ?? 0) : b,
          ]);
      });
      fc.assert(
        fc.property(pair, ([a, b]) => {
          const [x, y] = [numberOf(order, a), numberOf(order, b)];
          expect(guest.compare(order, a, b)).toBe(x < y ? -1 : x > y ? 1 : 0);
          expect(guest.equal(a, b)).toBe(x === y);
          const bits = BigInt(a.length * 8);
          expect(numberOf(order, guest.add(order, a, b))).toBe(BigInt.asUintN(Number(bits), x + y));
          expect(numberOf(order, guest.increment(order, a))).toBe(BigInt.asUintN(Number(bits), x + 1n));
          expect(guest.select(a, b, true)).toEqual(a);
          expect(guest.select(a, b, false)).toEqual(b);
          expect(guest.isZero(a)).toBe(x === 0n);
        }),
        { numRuns: 30 },
      );
    });

    it.each(orders)('of pieces the most significant that differs decides, %s', (order) => {
      const length = 70_000;
      const [low, high] = order === 'big-endian' ? [length - 1, 0] : [0, length - 1];
      const [a, b] = [new Uint8Array(length).with(low, 9), new Uint8Array(length).with(high, 1)];
      expect(guest.compare(order, a, b)).toBe(-1);
      expect(guest.compare(order, b, a)).toBe(1);
      expect(guest.compare(order, a, a)).toBe(0);
      same(guest.select(a, b, true), a);
      expect(guest.isZero(a)).toBe(false);
      expect(numberOf(order, guest.increment(order, new Uint8Array(length).fill(255)))).toBe(0n);
    });

    it('buffers of different lengths are not equal, and nothing else is done with them', () => {
      expect(guest.equal(new Uint8Array(3), new Uint8Array(4))).toBe(false);
      expect(guest.equal(new Uint8Array(0), new Uint8Array(0))).toBe(true);
      expect(guest.isZero(new Uint8Array(0))).toBe(true);
      expect(errnoOf(() => guest.compare('big-endian', new Uint8Array(3), new Uint8Array(4)))).toBe('InvalidLength');
      expect(errnoOf(() => guest.select(new Uint8Array(3), new Uint8Array(4), true))).toBe('InvalidLength');
      expect(errnoOf(() => guest.add('big-endian', new Uint8Array(3), new Uint8Array(4)))).toBe('InvalidLength');
    });
  });

  describe('padding', () => {
    const blocks: readonly (readonly [Scheme, number])[] = [
      ...([1, 2, 7, 8, 16, 255, 256, 1000] as const).map((block) => ['iso7816', block] as const),
      ...([1, 2, 7, 8, 16, 255] as const).map((block) => ['pkcs7', block] as const),
      ['padme', 0],
    ];

    it.each(blocks)('%s in blocks of %i: what is padded is found again', (scheme, block) => {
      for (const length of [...Array(20).keys(), 254, 255, 256, 257, 999, 1000, 5000]) {
        const data = new Uint8Array(length).fill(0x80);
        const padded = guest.pad(scheme, block, data);
        same(padded.subarray(0, length), data);
        expect(padded.length).toBeGreaterThan(length);
        if (block > 0) expect(padded.length % block).toBe(0);
        expect(guest.unpaddedLength(scheme, block, padded)).toBe(length);
      }
    });

    it('is as the standards say', () => {
      expect(text(guest.pad('iso7816', 4, latin1('abc')))).toBe('abc\x80');
      expect(text(guest.pad('iso7816', 4, latin1('abcd')))).toBe('abcd\x80\0\0\0');
      expect(text(guest.pad('pkcs7', 4, latin1('ab')))).toBe('ab\x02\x02');
      expect(text(guest.pad('pkcs7', 4, latin1('abcd')))).toBe('abcd\x04\x04\x04\x04');
      // The lengths of the paper's table, less the byte that marks the end.
      for (const [length, padded] of [
        [0, 1],
        [8, 10],
        [9, 10],
        [200, 208],
        [1000, 1024],
        [1_000_000, 1_015_808],
      ] as const)
        expect(guest.paddedLength('padme', 0, length - (length > 0 ? 1 : 0)), `${length}`).toBe(
          padded === 10 && length === 8 ? 8 : padded,
        );
    });

    it('Padmé adds less than 12 percent and hides all but a few bits', () => {
      for (let length = 100; length < 100_000; length += 997) {
        const padded = guest.paddedLength('padme', 0, length);
        expect((padded - length - 1) / (length + 1)).toBeLessThan(0.12);
        const bits = Math.floor(Math.log2(padded));
        expect(padded % 2 ** (bits - Math.floor(Math.log2(bits)) - 1)).toBe(0);
      }
    });

    it.each<[Scheme, number, string]>([
      ['iso7816', 4, 'abcd'],
      ['iso7816', 4, 'abc'],
      ['iso7816', 4, ''],
      ['iso7816', 4, 'ab\x80a'],
      ['iso7816', 4, '\x80\0\0\0\0\0\0\0'],
      ['iso7816', 4, '\0\0\0\0'],
      ['pkcs7', 4, 'abc\0'],
      ['pkcs7', 4, 'abc\x05'],
      ['pkcs7', 4, 'ab\x03\x03'],
      ['pkcs7', 4, 'a\x03\x02\x03'],
      ['pkcs7', 4, '\x08\x08\x08\x08\x08\x08\x08\x08'],
      ['pkcs7', 4, ''],
      ['padme', 0, ''],
      ['padme', 0, 'a'],
      ['padme', 0, '\x80' + '\0'.repeat(8)],
      ['padme', 0, 'a'.repeat(16) + '\x80' + '\0'.repeat(3)],
    ])('%s in blocks of %i refuses %j', (scheme, block, padded) => {
      expect(errnoOf(() => guest.unpaddedLength(scheme, block, latin1(padded)))).toBe('Malformed');
    });

    it.each<[Scheme, number]>([
      ['iso7816', 0],
      ['pkcs7', 0],
      ['pkcs7', 256],
      ['padme', 8],
    ])('%s has no blocks of %i', (scheme, block) => {
      expect(errnoOf(() => guest.paddedLength(scheme, block, 3))).toBe('InvalidLength');
      expect(errnoOf(() => guest.unpaddedLength(scheme, block, new Uint8Array(8)))).toBe('InvalidLength');
    });

    it('lengths beyond 32 bits are overflow', () => {
      expect(errnoOf(() => guest.paddedLength('iso7816', 16, 0xffff_fff0))).toBe('Overflow');
      expect(guest.paddedLength('iso7816', 16, 0xffff_ffe0)).toBe(0xffff_fff0);
    });
  });

  describe('random numbers', () => {
    it('fill any number of bytes, each time others', () => {
      for (const size of [0, 1, 16, 1023, 1025, 100_000]) expect(guest.fill(size)).toHaveLength(size);
      expect(guest.fill(32)).not.toEqual(guest.fill(32));
      expect(guest.fill(5000).filter((byte) => byte === 0).length).toBeLessThan(60);
    });

    it.each(orders)('are below a bound, and reach all that are, %s', (order) => {
      const seen = new Set<string>();
      for (let count = 0; count < 300; count += 1) {
        const found = guest.below(order, order === 'big-endian' ? Uint8Array.of(0, 5) : Uint8Array.of(5, 0));
        seen.add(found.join());
      }
      const expected = [0, 1, 2, 3, 4].map((each) => (order === 'big-endian' ? `0,${each}` : `${each},0`));
      expect([...seen].sort()).toEqual(expected);
      expect(guest.below(order, Uint8Array.of(1))).toEqual(Uint8Array.of(0));
      expect(guest.below(order, new Uint8Array(33).fill(255))).toHaveLength(33);
    });

    it('below a number of 64 bits', () => {
      expect(new Set(Array.from({ length: 200 }, () => guest.belowU64(3n)))).toEqual(new Set([0n, 1n, 2n]));
      expect(guest.belowU64(1n)).toBe(0n);
      for (let count = 0; count < 50; count += 1) {
        expect(guest.belowU64(0xffff_ffff_ffff_ffffn)).toBeLessThan(0xffff_ffff_ffff_ffffn);
        expect(guest.belowU64((1n << 40n) + 1n)).toBeLessThanOrEqual(1n << 40n);
      }
    });

    it('below nothing there is no number', () => {
      for (const order of orders)
        for (const bound of [new Uint8Array(0), new Uint8Array(1), new Uint8Array(40)])
          expect(errnoOf(() => guest.below(order, bound))).toBe('NoResult');
      expect(errnoOf(() => guest.belowU64(0n))).toBe('NoResult');
    });
  });
});

describe('a closed host', () => {
  it('answers invalid_handle to functions without objects', () => {
    const guest = coreExtension();
    guest.close();
    expect(errnoOf(() => guest.fill(1))).toBe('InvalidHandle');
    expect(errnoOf(() => guest.equal(new Uint8Array(1), new Uint8Array(1)))).toBe('InvalidHandle');
    expect(errnoOf(() => guest.encode('hex', new Uint8Array(1)))).toBe('InvalidHandle');
    expect(errnoOf(() => guest.unpaddedLength('pkcs7', 8, new Uint8Array(8)))).toBe('InvalidHandle');
    expect(errnoOf(() => guest.hasModule('wasi_crypto_ext_bytes'))).toBe('InvalidHandle');
    expect(errnoOf(() => guest.group('P-256'))).toBe('InvalidHandle');
    expect(errnoOf(() => guest.modulus('big-endian', Uint8Array.of(7)))).toBe('InvalidHandle');
  });
});

describe('outputs in guest memory', () => {
  it('may lie over inputs', () => {
    const guest = new Guest();
    const at = guest.alloc(2_000_000);
    const data = (size: number): Uint8Array => Uint8Array.from({ length: size }, (_, index) => index * 7);
    for (const [from, to, size] of [
      [0, 0, 60],
      [10, 3, 60],
      [3, 10, 60],
      [0, 100, 31_000],
      [500, 0, 31_000],
      [300, 0, 800_000],
    ] as const) {
      const bytes = data(size);
      guest.bytes(at + from, size).set(bytes);
      guest.call('encoding_encode', 0, at + from, size, at + to, size * 2);
      expect(text(guest.read(at + to, size * 2))).toBe(Buffer.from(bytes).toString('hex'));
      const length = guest.callForU32('encoding_decode', 0, at + to, size * 2, 0, 0, at + from, size);
      expect(length).toBe(size);
      same(guest.read(at + from, size), bytes);
    }
    for (const [a, b, out] of [
      [0, 50, 0],
      [0, 50, 50],
      [0, 3, 5],
      [5, 0, 3],
      [0, 0, 0],
    ] as const) {
      guest.bytes(at, 200).set(data(200));
      const [first, second] = [guest.read(at + a, 40), guest.read(at + b, 40)];
      guest.call('bytes_select', at + a, 40, at + b, 40, 1, at + out, 40);
      expect(guest.read(at + out, 40)).toEqual(first);
      guest.bytes(at, 200).set(data(200));
      guest.call('bytes_select', at + a, 40, at + b, 40, 0, at + out, 40);
      expect(guest.read(at + out, 40)).toEqual(second);
    }
    guest.bytes(at, 8).fill(255);
    guest.call('bytes_increment', 1, at, 8, at, 8);
    expect(guest.read(at, 8)).toEqual(new Uint8Array(8));
    guest.call('padding_pad', 1, 8, at, 5, at, 8);
    expect(guest.read(at, 8)).toEqual(Uint8Array.of(0, 0, 0, 0, 0, 3, 3, 3));
    guest.call('bytes_wipe', at, 8);
    expect(guest.read(at, 8)).toEqual(new Uint8Array(8));
  });

  it('have exactly the right size, and stay as they were after a failure', () => {
    const guest = coreExtension();
    const { guest: core } = guest;
    const [data, out] = [core.put(new Uint8Array(4)), core.alloc(12)];
    // Longer than what crosses at once.
    const long = latin1('0'.repeat(1_600_000)).with(-1, 0x78);
    const large = core.alloc(long.length / 2);
    const failures = [
      ['Overflow', 'encoding_encode', 0, data, 4, out, 7],
      ['InvalidLength', 'encoding_encode', 0, data, 4, out, 9],
      ['Overflow', 'bytes_increment', 0, data, 4, out, 3],
      ['InvalidLength', 'bytes_add', 0, data, 4, data, 4, out, 5],
      ['Overflow', 'bytes_select', data, 4, data, 4, 1, out, 3],
      ['Overflow', 'padding_pad', 1, 8, data, 4, out, 7],
      ['InvalidLength', 'padding_pad', 1, 8, data, 4, out, 9],
      ['Overflow', 'random_below', 0, core.put(Uint8Array.of(1, 2)), 2, out, 1],
      ['InvalidLength', 'random_below', 0, core.put(Uint8Array.of(1, 2)), 2, out, 3],
      ['Overflow', 'encoding_decode', 0, core.put(latin1('0001')), 4, 0, 0, out, 1, core.alloc(4)],
      ['Malformed', 'encoding_decode', 0, core.put(latin1('000x')), 4, 0, 0, out, 2, core.alloc(4)],
      ['Malformed', 'encoding_decode', 0, core.put(long), long.length, 0, 0, large, long.length / 2, core.alloc(4)],
      ['GuestError', 'encoding_encode', 10, data, 4, out, 8],
      ['GuestError', 'random_fill', 0xffff_0000, 8],
    ] as const;
    for (const [expected, name, ...args] of failures) {
      expect(
        errnoOf(() => core.call(name, ...args)),
        name,
      ).toBe(expected);
      expect(core.read(out, 12), name).toEqual(new Uint8Array(12).fill(UNTOUCHED));
    }
    same(core.read(large, long.length / 2), new Uint8Array(long.length / 2).fill(UNTOUCHED));
  });

  it('are found again where the memory of the guest grew while numbers were drawn', () => {
    const guest: Guest = new Guest({
      random: (bytes) => {
        guest.memory.grow(1);
        bytes.fill(0x21);
      },
    });
    const out = guest.alloc(2000);
    guest.call('random_fill', out, 2000);
    expect(guest.read(out, 2000)).toEqual(new Uint8Array(2000).fill(0x21));
    const bound = guest.put(Uint8Array.of(0x22, 0));
    guest.call('random_below', 0, bound, 2, out, 2);
    expect(guest.read(out, 2)).toEqual(Uint8Array.of(0x21, 0x21));
  });

  it('a source that gives nothing below a bound is none', () => {
    const guest = new Guest({ random: (bytes) => void bytes.fill(255) });
    const at = guest.alloc(1);
    expect(errnoOf(() => guest.call('random_below', 0, guest.put(Uint8Array.of(3)), 1, at, 1))).toBe('RngError');
    expect(guest.read(at, 1)).toEqual(Uint8Array.of(UNTOUCHED));
  });
});
