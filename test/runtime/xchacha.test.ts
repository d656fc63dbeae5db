/** XChaCha20-Poly1305: what is its own beside other authenticated ciphers. */
import { xchacha20poly1305 } from '@noble/ciphers/chacha.js';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { hexOf } from '../hex.js';
import { guestsByBackend, together } from '../guest/backends.js';
import { errnoOf, Guest } from '../guest/guest.js';
import { pattern, testProbes } from '../guest/probes.js';
import { Symmetric } from '../guest/symmetric.js';

const algorithm = 'XCHACHA20-POLY1305';
const setup = { algorithm, key: pattern(32) };

describe(algorithm, () => {
  const nonced = (size: number) => (s: Symmetric) =>
    s.withState({ ...setup, options: { nonce: pattern(size) } }, (state) => s.optionsGet(state, 'nonce', size));

  testProbes([
    ['a key of a byte less', 'InvalidKey', (s) => s.keyImport(algorithm, pattern(31))],
    ['a key of ChaCha20-Poly1305', 'InvalidKey', (s) => s.open(algorithm, s.keyGenerate('CHACHA20-POLY1305'))],
    ['an empty nonce', 'InvalidNonce', nonced(0)],
    ['a nonce of 12 bytes', 'InvalidNonce', nonced(12)],
    ['a nonce of 23 bytes', 'InvalidNonce', nonced(23)],
    ['a nonce of 24 bytes', 'Success', nonced(24)],
    ['a nonce of 25 bytes', 'InvalidNonce', nonced(25)],
    ['no nonce', 'Success', (s) => s.withState(setup, (state) => s.encrypt(state, pattern(5)))],
    ['squeezing bytes', 'InvalidOperation', (s) => s.withState(setup, (state) => s.squeeze(state, 16))],
  ]);

  it('generates a nonce for each state, which can be read and decrypts, and leaves the set of options as it was', () => {
    const s = new Symmetric(new Guest());
    const key = s.keyImport(algorithm, setup.key);
    s.common.withOptions({ parallelism: 1n }, (options) => {
      const nonces = new Set<string>();
      for (let count = 0; count < 20; count += 1) {
        const state = s.open(algorithm, key, count % 2 === 0 ? options : undefined);
        const nonce = s.optionsGet(state, 'nonce', 24);
        nonces.add(hexOf(nonce));
        const sealed = s.encrypt(state, pattern(9));
        expect(sealed).toEqual(xchacha20poly1305(setup.key, nonce).encrypt(pattern(9)));
        expect(errnoOf(() => s.encrypt(state, pattern(9)))).toBe('NonceRequired');
        // Its clone has the same nonce, and so no encryption of its own.
        const copy = s.clone(state);
        expect(s.optionsGet(copy, 'nonce', 24)).toEqual(nonce);
        expect(errnoOf(() => s.encrypt(copy, pattern(9)))).toBe('NonceRequired');
        expect(s.decrypt(copy, sealed)).toEqual(pattern(9));
      }
      expect(nonces.size).toBe(20);
    });
  });

  it('gives on each backend what noble gives, whole and detached', () => {
    const guests = guestsByBackend((s) => s.keyGenerate(algorithm), together);
    const names = guests.map(([name]) => name);
    expect(names).toEqual(expect.arrayContaining(['openssl', 'libsodium and openssl']));
    // It computes only a part of the messages.
    expect(names).not.toContain('libsodium');
    const size = fc.oneof(fc.integer({ min: 0, max: 130 }), fc.constantFrom(4095, 4096, 4097, 70_000));
    fc.assert(
      fc.property(
        fc.uint8Array({ minLength: 32, maxLength: 32 }),
        fc.uint8Array({ minLength: 24, maxLength: 24 }),
        size,
        size,
        (key, nonce, length, absorbed) => {
          const [message, associated] = [pattern(length), pattern(absorbed)];
          const expected = hexOf(xchacha20poly1305(key, nonce, associated).encrypt(message));
          for (const [name, s] of guests) {
            s.withState({ algorithm, key, options: { nonce } }, (state) => {
              s.absorb(state, associated);
              const apart = s.clone(state);
              const { ciphertext, tag } = s.encryptDetached(apart, message);
              expect(hexOf(ciphertext) + hexOf(s.tagPull(tag)), name).toBe(expected);
              expect(hexOf(s.decrypt(state, Buffer.from(expected, 'hex'))), name).toBe(hexOf(message));
            });
            s.withState({ algorithm, key, options: { nonce } }, (state) => {
              s.absorb(state, associated);
              expect(hexOf(s.encrypt(state, message)), name).toBe(expected);
            });
          }
        },
      ),
      { numRuns: 40 },
    );
  });

  it('refuses what was changed and writes nothing, whichever library the length chooses', () => {
    const s = new Symmetric(new Guest({ policy: { backends: ['libsodium', 'openssl'] } }));
    const nonce = pattern(24);
    for (const length of [0, 1, 4095, 4096, 4097]) {
      const sealed = Buffer.from(xchacha20poly1305(setup.key, nonce).encrypt(pattern(length)));
      for (const at of new Set([0, length, sealed.length - 1])) {
        const changed = Buffer.from(sealed);
        changed.writeUInt8(changed.readUInt8(at) ^ 0x10, at);
        s.withState({ ...setup, options: { nonce } }, (state) => {
          expect(
            errnoOf(() => s.decrypt(state, changed)),
            `${length} bytes, changed at ${at}`,
          ).toBe('InvalidTag');
          expect(s.decrypt(state, sealed)).toEqual(pattern(length));
        });
      }
    }
  });
});
