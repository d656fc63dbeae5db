/** TupleHash: what one call absorbs is one string of a list. */
import { tuplehash128, tuplehash256 } from '@noble/hashes/sha3-addons.js';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { guestsByBackend } from '../guest/backends.js';
import { Guest } from '../guest/guest.js';
import { ascii, pattern, testProbes } from '../guest/probes.js';
import { Symmetric } from '../guest/symmetric.js';

describe.each([
  ['TUPLEHASH-128', 32, tuplehash128],
  ['TUPLEHASH-256', 64, tuplehash256],
] as const)('%s', (id, length, tupleHash) => {
  type Options = Parameters<Symmetric['withState']>[0]['options'];
  /** The digest of a list. */
  const digestOf = (
    s: Symmetric,
    list: readonly Uint8Array[],
    size: number = length,
    options: Options = {},
  ): Uint8Array =>
    s.withState({ algorithm: id, options: options ?? {} }, (state) => {
      for (const each of list) s.absorb(state, each);
      return s.squeeze(state, size);
    });
  const s = new Symmetric(new Guest());

  testProbes([
    ['a key', 'KeyNotSupported', (own) => own.open(id, own.keyGenerate('HMAC/SHA-256'))],
    ['a tag', 'InvalidOperation', (own) => own.withState({ algorithm: id }, (state) => own.squeezeTag(state))],
    ['more than its digest', 'InvalidLength', (own) => digestOf(own, [], length + 1)],
    ['a digest of no bytes', 'InvalidLength', (own) => digestOf(own, [], 0, { output_len: 0n })],
    ['a digest of 1 byte', 'Success', (own) => digestOf(own, [], 1, { output_len: 1n })],
    ['a digest longer than a message', 'InvalidLength', (own) => digestOf(own, [], 1, { output_len: 2n ** 26n + 1n })],
    ['a salt', 'UnsupportedOption', (own) => digestOf(own, [], 1, { salt: pattern(3) })],
  ]);

  it('tells apart lists whose strings are the same one after the other, and counts empty ones', () => {
    const lists = [[], [''], ['', ''], ['abcd'], ['ab', 'cd'], ['abc', 'd'], ['abcd', ''], ['', 'abcd']];
    const digests = lists.map((list) => String(digestOf(s, list.map(ascii))));
    expect(new Set(digests).size).toBe(lists.length);
  });

  it('gives the front of a digest, and another digest for another output_len', () => {
    const whole = digestOf(s, [ascii('abc')]);
    expect(digestOf(s, [ascii('abc')], 7)).toEqual(whole.subarray(0, 7));
    expect(digestOf(s, [ascii('abc')], 7, { output_len: 7n })).not.toEqual(whole.subarray(0, 7));
    expect(digestOf(s, [ascii('abc')], length, { output_len: BigInt(length) })).toEqual(whole);
  });

  it('gives on each backend what noble gives, for lists, customizations and digests of any size, and clones go on', () => {
    const guests = guestsByBackend((each) => digestOf(each, []));
    expect(guests.length).toBeGreaterThan(0);
    const size = fc.oneof(fc.integer({ min: 0, max: 300 }), fc.constantFrom(135, 136, 167, 168, 169, 4097, 9000));
    fc.assert(
      fc.property(
        fc.record({
          sizes: fc.array(size, { maxLength: 5 }),
          customizing: size,
          dkLen: fc.integer({ min: 1, max: 400 }),
        }),
        ({ sizes, customizing, dkLen }) => {
          const [list, context] = [sizes.map((each) => pattern(each)), pattern(customizing)];
          const options = { personalization: context, dkLen };
          const expected = tupleHash(list, options);
          const longer = tupleHash([...list, ascii('more')], options);
          for (const [kind, each] of guests) {
            each.withState({ algorithm: id, options: { context, output_len: BigInt(dkLen) } }, (state) => {
              for (const bytes of list) each.absorb(state, bytes);
              const copy = each.clone(state);
              expect(each.squeeze(state, dkLen), kind).toEqual(expected);
              each.absorb(state, ascii('more'));
              expect(each.squeeze(state, dkLen), kind).toEqual(longer);
              expect(each.squeeze(copy, dkLen), kind).toEqual(expected);
              each.close(copy);
            });
          }
        },
      ),
      { numRuns: 40 },
    );
  });
});
