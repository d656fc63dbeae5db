/** BLAKE2b, with a key and without. */
import { blake2b } from '@noble/hashes/blake2.js';
import fc from 'fast-check';
import { createBLAKE2b } from 'hash-wasm';
import { describe, expect, it } from 'vitest';
import { hexOf } from '../hex.js';
import { guestsByBackend, together } from '../guest/backends.js';
import { Guest } from '../guest/guest.js';
import { ascii, pattern, testProbes } from '../guest/probes.js';
import { Symmetric } from '../guest/symmetric.js';

describe.each([
  ['BLAKE2B-256', 32],
  ['BLAKE2B-512', 64],
] as const)('%s', (algorithm, length) => {
  const keyed = { algorithm, key: pattern(length) };

  testProbes([
    ['an empty key', 'InvalidKey', (s) => s.keyImport(algorithm, pattern(0))],
    ['a key of a byte', 'Success', (s) => s.open(algorithm, s.keyImport(algorithm, pattern(1)))],
    ['the longest key', 'Success', (s) => s.open(algorithm, s.keyImport(algorithm, pattern(length)))],
    ['a key longer than a digest', 'InvalidKey', (s) => s.keyImport(algorithm, pattern(length + 1))],
    ['a key of another algorithm', 'InvalidKey', (s) => s.open(algorithm, s.keyGenerate('HMAC/SHA-256'))],
    ['a tag without a key', 'InvalidOperation', (s) => s.withState({ algorithm }, (state) => s.squeezeTag(state))],
    ['a tag with a key', 'Success', (s) => s.withState(keyed, (state) => s.squeezeTag(state))],
    [
      'more bytes than a digest has',
      'InvalidLength',
      (s) => s.withState(keyed, (state) => s.squeeze(state, length + 1)),
    ],
    [
      'a context',
      'UnsupportedOption',
      (s) => s.withState({ algorithm, options: { context: pattern(3) } }, (state) => s.squeeze(state, 1)),
    ],
    ['encrypting', 'InvalidOperation', (s) => s.withState(keyed, (state) => s.encrypt(state, pattern(1), 17))],
  ]);

  it('generates keys of the size of a digest', () => {
    const s = new Symmetric(new Guest());
    expect(s.keyExport(s.keyGenerate(algorithm)).length).toBe(length);
  });

  it('gives on each backend what other libraries give, in front and in whole, and clones and tags leave it as it was', async () => {
    const compiled = await createBLAKE2b(length * 8);
    const guests = guestsByBackend((s) => s.close(s.open(algorithm)), together);
    expect(guests.map(([name]) => name)).toContain('noble');
    const size = fc.oneof(
      fc.integer({ min: 0, max: 300 }),
      fc.constantFrom(127, 128, 129, 256, 4096, 4097, 9000, 70_000),
    );
    fc.assert(
      fc.property(
        fc.array(size, { maxLength: 5 }),
        fc.uint8Array({ maxLength: length }),
        fc.integer({ min: 1, max: length }),
        (parts, key, front) => {
          const message = Buffer.concat(parts.map(pattern));
          const options = { dkLen: length, ...(key.length === 0 ? {} : { key }) };
          const expected = hexOf(blake2b(message, options));
          if (key.length === 0) expect(compiled.init().update(message).digest('hex')).toBe(expected);
          const longer = hexOf(blake2b(Buffer.concat([message, ascii('more')]), options));
          for (const [name, s] of guests) {
            s.withState({ algorithm, ...(key.length === 0 ? {} : { key }) }, (state) => {
              for (const part of parts) s.absorb(state, pattern(part));
              const copy = s.clone(state);
              expect(hexOf(s.squeeze(state, front)), name).toBe(expected.slice(0, 2 * front));
              if (key.length > 0) expect(hexOf(s.tagPull(s.squeezeTag(state))), name).toBe(expected);
              expect(hexOf(s.squeeze(state, length)), name).toBe(expected);
              s.absorb(state, ascii('more'));
              expect(hexOf(s.squeeze(state, length)), name).toBe(longer);
              expect(hexOf(s.squeeze(copy, length)), name).toBe(expected);
              s.close(copy);
            });
            expect(s.guest.host.usage().bytes).toBe(0);
          }
        },
      ),
      { numRuns: 60 },
    );
  });
});

it('the shorter digest of BLAKE2b is no front of the longer one', () => {
  const s = new Symmetric(new Guest());
  const [shorter, longer] = ['BLAKE2B-256', 'BLAKE2B-512'].map((algorithm) =>
    s.withState({ algorithm }, (state) => s.squeeze(state, 32)),
  );
  expect(shorter).not.toEqual(longer);
});
