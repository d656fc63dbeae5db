/** Xoodyak: what is its own beside other algorithms. Its calls in turns are among the vectors. */
import { describe, expect, it } from 'vitest';
import { errnoOf, Guest } from '../guest/guest.js';
import { pattern, testProbes } from '../guest/probes.js';
import { Symmetric } from '../guest/symmetric.js';

const algorithm = 'XOODYAK-128';
const unkeyed = { algorithm };
const keyed = { algorithm, key: pattern(16) };

describe('XOODYAK-128 without a key', () => {
  testProbes([
    ['absorbing', 'Success', (s) => s.withState(unkeyed, (state) => s.absorb(state, pattern(5)))],
    ['squeezing', 'Success', (s) => s.withState(unkeyed, (state) => s.squeeze(state, 100))],
    ['a clone', 'Success', (s) => s.withState(unkeyed, (state) => s.close(s.clone(state)))],
    ['a nonce', 'UnsupportedOption', (s) => s.withState({ ...unkeyed, options: { nonce: pattern(8) } }, () => 0)],
    ['a tag', 'InvalidOperation', (s) => s.withState(unkeyed, (state) => s.squeezeTag(state))],
    ['a key', 'InvalidOperation', (s) => s.withState(unkeyed, (state) => s.squeezeKey(state, algorithm))],
    ['the size of a tag', 'InvalidOperation', (s) => s.withState(unkeyed, (state) => s.maxTagLen(state))],
    ['encrypting', 'InvalidOperation', (s) => s.withState(unkeyed, (state) => s.encrypt(state, pattern(5), 21))],
    [
      'encrypting detached',
      'InvalidOperation',
      (s) => s.withState(unkeyed, (state) => s.encryptDetached(state, pattern(5))),
    ],
    ['decrypting', 'InvalidOperation', (s) => s.withState(unkeyed, (state) => s.decrypt(state, pattern(20), 4))],
    ['ratcheting', 'InvalidOperation', (s) => s.withState(unkeyed, (state) => s.ratchet(state))],
  ]);
});

describe('XOODYAK-128 with a key', () => {
  testProbes([
    ['a nonce of 27 bytes', 'Success', (s) => s.withState({ ...keyed, options: { nonce: pattern(27) } }, () => 0)],
    ['a nonce of 28 bytes', 'InvalidNonce', (s) => s.withState({ ...keyed, options: { nonce: pattern(28) } }, () => 0)],
    ['a nonce that is not set', 'OptionNotSet', (s) => s.withState(keyed, (state) => s.optionsGet(state, 'nonce', 27))],
    ['a key for itself', 'Success', (s) => s.withState(keyed, (state) => s.squeezeKey(state, algorithm))],
    ['a key for a cipher', 'Success', (s) => s.withState(keyed, (state) => s.squeezeKey(state, 'AES-256-GCM'))],
    [
      'a key for a hash function',
      'KeyNotSupported',
      (s) => s.withState(keyed, (state) => s.squeezeKey(state, 'SHA-256')),
    ],
    [
      'a key whose size nothing fixes',
      'InvalidOperation',
      (s) => s.withState(keyed, (state) => s.squeezeKey(state, 'HKDF-EXPAND/SHA-256')),
    ],
    [
      'a key for nothing known',
      'UnsupportedAlgorithm',
      (s) => s.withState(keyed, (state) => s.squeezeKey(state, 'NONE')),
    ],
    ['no room for the tag', 'Overflow', (s) => s.withState(keyed, (state) => s.encrypt(state, pattern(5), 20))],
    ['too much room', 'InvalidLength', (s) => s.withState(keyed, (state) => s.encrypt(state, pattern(5), 22))],
    ['less than a tag', 'InvalidTag', (s) => s.withState(keyed, (state) => s.decrypt(state, pattern(15), 0))],
    [
      'a tag of 15 bytes',
      'InvalidTag',
      (s) => s.withState(keyed, (state) => s.decryptDetached(state, pattern(5), pattern(15))),
    ],
  ]);

  it('encrypts any number of times, and what came before makes each another', () => {
    const s = new Symmetric(new Guest());
    const sealed = s.withState(keyed, (state) => [0, 1, 2].map(() => s.encrypt(state, pattern(40))));
    expect(new Set(sealed.map((each) => Buffer.from(each).toString('hex'))).size).toBe(3);
    s.withState(keyed, (state) => {
      for (const each of sealed) expect(s.decrypt(state, each)).toEqual(pattern(40));
    });
  });

  it('goes on after calls that fail as if there had been none', () => {
    const s = new Symmetric(new Guest());
    const expected = s.withState(keyed, (state) => (s.absorb(state, pattern(3)), s.squeeze(state, 32)));
    s.withState(keyed, (state) => {
      s.absorb(state, pattern(3));
      expect(errnoOf(() => s.decrypt(state, pattern(60)))).toBe('InvalidTag');
      expect(errnoOf(() => s.encrypt(state, pattern(5), 20))).toBe('Overflow');
      expect(errnoOf(() => s.squeezeKey(state, 'SHA-256'))).toBe('KeyNotSupported');
      expect(s.squeeze(state, 32)).toEqual(expected);
    });
  });

  it('tells empty input from none, in each of its calls', () => {
    const s = new Symmetric(new Guest());
    const none = pattern(0);
    const after = (calls: (state: number) => unknown): string =>
      s.withState(keyed, (state) => (calls(state), Buffer.from(s.squeeze(state, 16)).toString('hex')));
    const all = [
      after(() => undefined),
      after((state) => s.absorb(state, none)),
      after((state) => s.squeeze(state, 0)),
      after((state) => s.encrypt(state, none)),
      after((state) => s.ratchet(state)),
    ];
    expect(new Set(all).size).toBe(all.length);
  });
});
