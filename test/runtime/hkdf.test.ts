/** HKDF. */
import { hkdfSync } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { errnoOf, Guest } from '../guest/guest.js';
import { ascii, pattern, testProbes } from '../guest/probes.js';
import { Symmetric } from '../guest/symmetric.js';

describe('HKDF-EXTRACT', () => {
  const extracting = { algorithm: 'HKDF-EXTRACT/SHA-256', key: pattern(20) };
  testProbes([
    ['without a key', 'KeyRequired', (s) => s.open('HKDF-EXTRACT/SHA-256')],
    [
      'with an empty key',
      'Success',
      (s) => s.withState({ ...extracting, key: pattern(0) }, (state) => s.squeezeKey(state, 'HKDF-EXPAND/SHA-256')),
    ],
    ['a generated key', 'Success', (s) => expect(s.keyExport(s.keyGenerate('HKDF-EXTRACT/SHA-512')).length).toBe(64)],
    [
      'a key for the step of another hash',
      'InvalidOperation',
      (s) => s.withState(extracting, (state) => s.squeezeKey(state, 'HKDF-EXPAND/SHA-512')),
    ],
    [
      'a key for another algorithm',
      'InvalidOperation',
      (s) => s.withState(extracting, (state) => s.squeezeKey(state, 'AES-256-GCM')),
    ],
    [
      'a key for a hash function',
      'InvalidOperation',
      (s) => s.withState(extracting, (state) => s.squeezeKey(state, 'SHA-256')),
    ],
    [
      'a key for an unknown algorithm',
      'UnsupportedAlgorithm',
      (s) => s.withState(extracting, (state) => s.squeezeKey(state, 'HKDF-EXPAND/SHA-3')),
    ],
    ['squeezing bytes', 'InvalidOperation', (s) => s.withState(extracting, (state) => s.squeeze(state, 32))],
    ['squeezing a tag', 'InvalidOperation', (s) => s.withState(extracting, (state) => s.squeezeTag(state))],
  ]);

  it('a key may be squeezed again, and the salt go on', () => {
    const s = new Symmetric(new Guest());
    const prk = (state: number): Uint8Array => s.keyExport(s.squeezeKey(state, 'hkdf-expand/sha-256'));
    s.withState(extracting, (state) => {
      s.absorb(state, ascii('sa'));
      const first = prk(state);
      expect(prk(state)).toEqual(first);
      const copy = s.clone(state);
      s.absorb(state, ascii('lt'));
      const whole = s.withState(extracting, (other) => {
        s.absorb(other, ascii('salt'));
        return prk(other);
      });
      expect(prk(state)).toEqual(whole);
      expect(prk(copy)).toEqual(first);
    });
  });

  it('no salt is the empty salt', () => {
    const s = new Symmetric(new Guest());
    const prk = (state: number): Uint8Array => s.keyExport(s.squeezeKey(state, 'HKDF-EXPAND/SHA-256'));
    const without = s.withState(extracting, prk);
    const empty = s.withState(extracting, (state) => {
      s.absorb(state, pattern(0));
      return prk(state);
    });
    expect(without).toEqual(empty);
  });

  it('a salt over the limit is refused and not added', () => {
    const s = new Symmetric(new Guest({ limits: { messageBytes: 64 } }));
    s.withState(extracting, (state) => {
      s.absorb(state, pattern(40));
      expect(errnoOf(() => s.absorb(state, pattern(25)))).toBe('Overflow');
      s.absorb(state, pattern(24));
    });
  });
});

describe('HKDF-EXPAND', () => {
  const expanding = { algorithm: 'HKDF-EXPAND/SHA-512', key: pattern(64) };
  testProbes([
    ['generating a key', 'UnsupportedFeature', (s) => s.keyGenerate('HKDF-EXPAND/SHA-256')],
    ['a key shorter than the hash', 'InvalidKey', (s) => s.keyImport('HKDF-EXPAND/SHA-256', pattern(31))],
    ['a key longer than the hash', 'Success', (s) => s.keyImport('HKDF-EXPAND/SHA-256', pattern(33))],
    [
      'a key of the other step',
      'InvalidKey',
      (s) => s.open('HKDF-EXPAND/SHA-256', s.keyGenerate('HKDF-EXTRACT/SHA-256')),
    ],
    ['no bytes', 'Success', (s) => s.withState(expanding, (state) => s.squeeze(state, 0))],
    ['255 blocks', 'Success', (s) => s.withState(expanding, (state) => s.squeeze(state, 255 * 64))],
    [
      'a byte more than 255 blocks',
      'InvalidLength',
      (s) => s.withState(expanding, (state) => s.squeeze(state, 255 * 64 + 1)),
    ],
    [
      'squeezing a key',
      'InvalidOperation',
      (s) => s.withState(expanding, (state) => s.squeezeKey(state, 'HKDF-EXPAND/SHA-512')),
    ],
    ['squeezing a tag', 'InvalidOperation', (s) => s.withState(expanding, (state) => s.squeezeTag(state))],
  ]);

  it('every squeeze starts with the first byte, and the info may go on', () => {
    const s = new Symmetric(new Guest());
    s.withState(expanding, (state) => {
      s.absorb(state, ascii('in'));
      const long = s.squeeze(state, 1000);
      expect(s.squeeze(state, 100)).toEqual(long.subarray(0, 100));
      const copy = s.clone(state);
      s.absorb(state, ascii('fo'));
      expect(s.squeeze(state, 100)).not.toEqual(long.subarray(0, 100));
      expect(s.squeeze(copy, 1000)).toEqual(long);
    });
  });

  it('both steps agree with OpenSSL', () => {
    const s = new Symmetric(new Guest());
    for (const [hash, name] of [
      ['SHA-256', 'sha256'],
      ['SHA-512', 'sha512'],
    ] as const) {
      for (const [saltSize, size] of [
        [0, 1],
        [7, 64],
        [64, 65],
        [200, 500],
        [5000, 8160],
      ] as const) {
        const key = s.withState({ algorithm: `HKDF-EXTRACT/${hash}`, key: pattern(77) }, (state) => {
          s.absorb(state, pattern(saltSize));
          return s.squeezeKey(state, `HKDF-EXPAND/${hash}`);
        });
        const state = s.open(`HKDF-EXPAND/${hash}`, key);
        s.absorb(state, ascii('info'));
        const derived = hkdfSync(name, pattern(77), pattern(saltSize), ascii('info'), size);
        expect(Buffer.from(s.squeeze(state, size))).toEqual(Buffer.from(derived));
      }
    }
  });
});
