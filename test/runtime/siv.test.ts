/** AES-SIV: what is its own beside other authenticated ciphers. */
import { aessiv } from '@noble/ciphers/aes.js';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { hexOf } from '../hex.js';
import { guestsByBackend } from '../guest/backends.js';
import { errnoOf, Guest } from '../guest/guest.js';
import { pattern, testProbes } from '../guest/probes.js';
import { Symmetric } from '../guest/symmetric.js';

describe.each([
  ['AES-128-SIV', 32],
  ['AES-256-SIV', 64],
] as const)('%s', (id, keySize) => {
  const key = pattern(keySize);
  const setup = { algorithm: id, key };
  const nonce = pattern(12);

  testProbes([
    ['a key of one AES key', 'InvalidKey', (s) => s.keyImport(id, pattern(keySize / 2))],
    ['no nonce', 'Success', (s) => s.withState(setup, () => 0)],
    ['an empty nonce', 'InvalidNonce', (s) => s.withState({ ...setup, options: { nonce: pattern(0) } }, () => 0)],
    ['a nonce of a byte', 'Success', (s) => s.withState({ ...setup, options: { nonce: pattern(1) } }, () => 0)],
    ['a nonce that is not set', 'OptionNotSet', (s) => s.withState(setup, (state) => s.optionsGet(state, 'nonce', 16))],
    ['no room for the tag', 'Overflow', (s) => s.withState(setup, (state) => s.encrypt(state, pattern(5), 20))],
    ['too much room', 'InvalidLength', (s) => s.withState(setup, (state) => s.encrypt(state, pattern(5), 22))],
    [
      'a ciphertext shorter than its tag',
      'InvalidTag',
      (s) => s.withState(setup, (state) => s.decrypt(state, pattern(15), 0)),
    ],
    [
      'a tag of 15 bytes',
      'InvalidTag',
      (s) => s.withState(setup, (state) => s.decryptDetached(state, pattern(5), pattern(15))),
    ],
    ['squeezing bytes', 'InvalidOperation', (s) => s.withState(setup, (state) => s.squeeze(state, 16))],
  ]);

  it('encrypts again and again without a nonce, always to the same, and once with one, over all clones', () => {
    const s = new Symmetric(new Guest());
    s.withState(setup, (state) => {
      const first = s.encrypt(state, pattern(20));
      expect(s.encrypt(state, pattern(20))).toEqual(first);
      expect(s.decrypt(state, first)).toEqual(pattern(20));
      expect(s.encrypt(s.clone(state), pattern(20))).toEqual(first);
      expect(errnoOf(() => s.absorb(state, pattern(1)))).toBe('InvalidOperation');
    });
    s.withState({ ...setup, options: { nonce } }, (state) => {
      const copy = s.clone(state);
      const first = s.encrypt(state, pattern(20));
      for (const each of [state, copy]) {
        expect(errnoOf(() => s.encrypt(each, pattern(20)))).toBe('NonceRequired');
        expect(errnoOf(() => s.encryptDetached(each, pattern(20)))).toBe('NonceRequired');
        expect(s.decrypt(each, first)).toEqual(pattern(20));
      }
    });
  });

  it('tells no associated data from an empty one, and both from an empty nonce’s place', () => {
    const s = new Symmetric(new Guest());
    const sealed = (absorbed: Uint8Array | undefined, options: { readonly nonce?: Uint8Array }): string =>
      s.withState({ ...setup, options }, (state) => {
        if (absorbed !== undefined) s.absorb(state, absorbed);
        return hexOf(s.encrypt(state, pattern(9)));
      });
    const all = [sealed(undefined, {}), sealed(pattern(0), {}), sealed(nonce, {}), sealed(undefined, { nonce })];
    // The last two have the same component.
    expect(new Set(all).size).toBe(3);
    expect(all[2]).toBe(all[3]);
    expect(new Set([...all, sealed(pattern(0), { nonce })]).size).toBe(4);
  });

  it('gives on each backend what noble gives, over its input and apart, and changed ciphertexts are refused', () => {
    const guests = guestsByBackend((s) => s.keyGenerate(id)).map(
      ([kind, s]) => [kind, s, s.guest.put(new Uint8Array(30_000)) + 64] as const,
    );
    expect(guests.length).toBeGreaterThan(0);
    const size = fc.oneof(fc.integer({ min: 0, max: 70 }), fc.constantFrom(4095, 4096, 4097, 9000));
    fc.assert(
      fc.property(
        fc.record({ size, associated: fc.option(size), nonced: fc.option(fc.integer({ min: 1, max: 40 })) }),
        fc.constantFrom(-17, -16, -1, 0, 1, 16, 17, 12_000),
        ({ size: length, associated, nonced }, shift) => {
          const message = pattern(length);
          const absorbed = associated === null ? undefined : pattern(associated);
          const options = nonced === null ? {} : { nonce: pattern(nonced) };
          const components = [absorbed, options.nonce].filter((each) => each !== undefined);
          const expected = hexOf(aessiv(key, ...components).encrypt(message));
          const sealed = length + 16;
          for (const [kind, s, place] of guests) {
            const out = place + shift;
            s.withState({ ...setup, options }, (state) => {
              if (absorbed !== undefined) s.absorb(state, absorbed);
              s.guest.scoped(() => {
                s.guest.bytes(place, length).set(message);
                s.guest.callForU32('symmetric_state_encrypt', state, out, sealed, place, length);
                expect(hexOf(s.guest.read(out, sealed)), kind).toBe(expected);
                s.guest.callForU32('symmetric_state_decrypt', state, place, length, out, sealed);
                expect(hexOf(s.guest.read(place, length)), kind).toBe(hexOf(message));
                const changed = Buffer.from(expected, 'hex');
                changed[length % sealed] = (changed[length % sealed] ?? 0) ^ 4;
                s.guest.bytes(out, sealed).set(changed);
                const open = (): unknown =>
                  s.guest.callForU32('symmetric_state_decrypt', state, place, length, out, sealed);
                expect(errnoOf(open), kind).toBe('InvalidTag');
                expect(
                  s.guest.read(place, length).every((byte) => byte === 0),
                  kind,
                ).toBe(true);
              });
            });
          }
        },
      ),
      { numRuns: 60 },
    );
  });
});
