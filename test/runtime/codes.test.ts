/** CMAC and KMAC. */
import { cmac } from '@noble/ciphers/aes.js';
import { kmac128, kmac256 } from '@noble/hashes/sha3-addons.js';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { hexOf } from '../hex.js';
import { guestsByBackend } from '../guest/backends.js';
import { Guest } from '../guest/guest.js';
import { ascii, pattern, testProbes } from '../guest/probes.js';
import { Symmetric } from '../guest/symmetric.js';

describe.each([
  ['AES-128-CMAC', 16],
  ['AES-256-CMAC', 32],
] as const)('%s', (id, keySize) => {
  const setup = { algorithm: id, key: pattern(keySize) };

  testProbes([
    ['without a key', 'KeyRequired', (s) => s.open(id)],
    ['a key of a byte less', 'InvalidKey', (s) => s.keyImport(id, pattern(keySize - 1))],
    ['a key of a byte more', 'InvalidKey', (s) => s.keyImport(id, pattern(keySize + 1))],
    ['an empty key', 'InvalidKey', (s) => s.keyImport(id, pattern(0))],
    ['a generated key', 'Success', (s) => s.open(id, s.keyGenerate(id))],
    ['a key of a cipher', 'InvalidKey', (s) => s.open(id, s.keyGenerate(`AES-${keySize * 8}-GCM`))],
    ['squeezing bytes', 'InvalidOperation', (s) => s.withState(setup, (state) => s.squeeze(state, 16))],
    ['squeezing a key', 'InvalidOperation', (s) => s.withState(setup, (state) => s.squeezeKey(state, id))],
    ['the tag size', 'InvalidOperation', (s) => s.withState(setup, (state) => s.maxTagLen(state))],
    ['encrypting', 'InvalidOperation', (s) => s.withState(setup, (state) => s.encrypt(state, pattern(1), 17))],
    [
      'a nonce',
      'UnsupportedOption',
      (s) => s.withState({ ...setup, options: { nonce: pattern(16) } }, (state) => s.squeezeTag(state)),
    ],
  ]);

  it('generates keys of its size', () => {
    const s = new Symmetric(new Guest());
    expect(s.keyExport(s.keyGenerate(id)).length).toBe(keySize);
  });

  it('gives on each backend what noble gives, for messages in parts of any size, and clones go on', () => {
    const guests = guestsByBackend((s) => s.keyGenerate(id));
    expect(guests.length).toBeGreaterThan(0);
    const size = fc.oneof(fc.integer({ min: 0, max: 70 }), fc.constantFrom(4095, 4096, 4097, 65_536, 65_537, 70_000));
    fc.assert(
      fc.property(
        fc.array(size, { maxLength: 6 }),
        fc.uint8Array({ minLength: keySize, maxLength: keySize }),
        fc.nat(255),
        (sizes, key, seed) => {
          const parts = sizes.map((each) => pattern(each).map((byte) => byte ^ seed));
          const message = Buffer.concat(parts);
          const expected = hexOf(cmac(message, key));
          const longer = hexOf(cmac(Buffer.concat([message, ascii('more')]), key));
          for (const [kind, s] of guests) {
            s.withState({ algorithm: id, key }, (state) => {
              for (const part of parts) s.absorb(state, part);
              const copy = s.clone(state);
              expect(hexOf(s.tagPull(s.squeezeTag(state))), kind).toBe(expected);
              s.absorb(state, ascii('more'));
              expect(hexOf(s.tagPull(s.squeezeTag(state))), kind).toBe(longer);
              expect(hexOf(s.tagPull(s.squeezeTag(copy))), kind).toBe(expected);
              s.close(copy);
            });
          }
        },
      ),
      { numRuns: 40 },
    );
  });
});

describe.each([
  ['KMAC-128', 32, kmac128],
  ['KMAC-256', 64, kmac256],
] as const)('%s', (id, length, kmac) => {
  const setup = { algorithm: id, key: pattern(32) };
  const tagOf = (s: Symmetric, options: Parameters<Symmetric['withState']>[0]['options']): Uint8Array =>
    s.withState({ ...setup, options: options ?? {} }, (state) => s.tagPull(s.squeezeTag(state)));

  testProbes([
    ['without a key', 'KeyRequired', (s) => s.open(id)],
    ['an empty key', 'Success', (s) => s.open(id, s.keyImport(id, pattern(0)))],
    ['a key of a megabyte', 'Success', (s) => s.open(id, s.keyImport(id, pattern(2 ** 20)))],
    ['a generated key', 'Success', (s) => s.open(id, s.keyGenerate(id))],
    ['a key of HMAC', 'InvalidKey', (s) => s.open(id, s.keyGenerate('HMAC/SHA-256'))],
    ['squeezing bytes', 'InvalidOperation', (s) => s.withState(setup, (state) => s.squeeze(state, 16))],
    ['encrypting', 'InvalidOperation', (s) => s.withState(setup, (state) => s.encrypt(state, pattern(1), 17))],
    ['a code of 4 bytes', 'Success', (s) => tagOf(s, { output_len: 4n })],
    ['a code of 3 bytes', 'InvalidLength', (s) => tagOf(s, { output_len: 3n })],
    ['a code longer than a message', 'InvalidLength', (s) => tagOf(s, { output_len: 2n ** 26n + 1n })],
    ['a code of 2^64 - 1 bytes', 'InvalidLength', (s) => tagOf(s, { output_len: 2n ** 64n - 1n })],
    ['a salt', 'UnsupportedOption', (s) => tagOf(s, { salt: pattern(3) })],
  ]);

  it('has codes and generated keys of its size unless output_len says another for codes, which changes all of a code', () => {
    const s = new Symmetric(new Guest());
    const whole = tagOf(s, {});
    expect(whole.length).toBe(length);
    expect(s.keyExport(s.keyGenerate(id)).length).toBe(length);
    const shorter = tagOf(s, { output_len: BigInt(length - 1) });
    expect(shorter.length).toBe(length - 1);
    expect(shorter).not.toEqual(whole.subarray(0, length - 1));
    expect(tagOf(s, { output_len: BigInt(length) })).toEqual(whole);
    // An empty customization is none.
    expect(tagOf(s, { context: pattern(0) })).toEqual(whole);
    expect(tagOf(s, { context: pattern(1) })).not.toEqual(whole);
  });

  it('gives on each backend what noble gives, for keys, customizations, codes and messages of any size, and clones go on', () => {
    const guests = guestsByBackend((s) => s.keyGenerate(id));
    expect(guests.length).toBeGreaterThan(0);
    const size = fc.oneof(fc.integer({ min: 0, max: 300 }), fc.constantFrom(135, 136, 167, 168, 169, 4097, 9000));
    fc.assert(
      fc.property(
        fc.record({
          sizes: fc.array(size, { maxLength: 5 }),
          keySize: fc.oneof(size, fc.constantFrom(3, 4, 512, 513)),
          customizing: fc.oneof(size, fc.constantFrom(0, 512, 513)),
          dkLen: fc.integer({ min: 4, max: 400 }),
        }),
        ({ sizes, keySize, customizing, dkLen }) => {
          const message = Buffer.concat(sizes.map((each) => pattern(each)));
          const [key, context] = [pattern(keySize), pattern(customizing)];
          const options = { personalization: context, dkLen };
          const expected = hexOf(kmac(key, message, options));
          const longer = hexOf(kmac(key, Buffer.concat([message, ascii('more')]), options));
          for (const [kind, s] of guests) {
            s.withState({ algorithm: id, key, options: { context, output_len: BigInt(dkLen) } }, (state) => {
              for (const each of sizes) s.absorb(state, pattern(each));
              const copy = s.clone(state);
              expect(hexOf(s.tagPull(s.squeezeTag(state))), kind).toBe(expected);
              s.absorb(state, ascii('more'));
              expect(hexOf(s.tagPull(s.squeezeTag(state))), kind).toBe(longer);
              expect(hexOf(s.tagPull(s.squeezeTag(copy))), kind).toBe(expected);
              s.close(copy);
            });
          }
        },
      ),
      { numRuns: 40 },
    );
  });
});
