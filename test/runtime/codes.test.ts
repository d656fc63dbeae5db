/** CMAC. */
import { cmac } from '@noble/ciphers/aes.js';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { backendKinds } from '../../runtime/policy.js';
import { errnoOf, Guest } from '../guest/guest.js';
import { ascii, pattern, testProbes } from '../guest/probes.js';
import { Symmetric } from '../guest/symmetric.js';

/** Guests of hosts with one backend each: those that have the algorithm. */
function guestsWith(id: string): readonly (readonly [string, Symmetric])[] {
  return backendKinds
    .map((kind) => [kind, new Symmetric(new Guest({ policy: { backends: [kind] } }))] as const)
    .filter(([, s]) => errnoOf(() => s.keyGenerate(id)) === 'Success');
}

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
    const guests = guestsWith(id);
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
          const expected = hex(cmac(message, key));
          const longer = hex(cmac(Buffer.concat([message, ascii('more')]), key));
          for (const [kind, s] of guests) {
            s.withState({ algorithm: id, key }, (state) => {
              for (const part of parts) s.absorb(state, part);
              const copy = s.clone(state);
              expect(hex(s.tagPull(s.squeezeTag(state))), kind).toBe(expected);
              s.absorb(state, ascii('more'));
              expect(hex(s.tagPull(s.squeezeTag(state))), kind).toBe(longer);
              expect(hex(s.tagPull(s.squeezeTag(copy))), kind).toBe(expected);
              s.close(copy);
            });
          }
        },
      ),
      { numRuns: 40 },
    );
  });
});

function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('hex');
}
