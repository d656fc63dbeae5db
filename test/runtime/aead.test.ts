/** Authenticated encryption. */
import { createCipheriv } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { errnoName, errnoOf, Guest, UNTOUCHED } from '../guest/guest.js';
import { ascii, pattern, testProbes, type Probe } from '../guest/probes.js';
import { Symmetric } from '../guest/symmetric.js';

const ciphers = [
  ['AES-128-GCM', 'aes-128-gcm', 16],
  ['AES-256-GCM', 'aes-256-gcm', 32],
  ['CHACHA20-POLY1305', 'chacha20-poly1305', 32],
] as const;

const nonce = pattern(12);

/** A guest with a state over a fixed key and nonce. */
function fresh(algorithm = 'AES-256-GCM'): { readonly s: Symmetric; readonly state: number } {
  const s = new Symmetric(new Guest());
  return { s, state: openState(s, algorithm) };
}

function openState(s: Symmetric, algorithm = 'AES-256-GCM', value = nonce): number {
  const key = s.keyImport(algorithm, pattern(algorithm === 'AES-128-GCM' ? 16 : 32));
  return s.common.withOptions({ nonce: value }, (options) => s.open(algorithm, key, options));
}

/** What OpenSSL makes of it: ciphertext, then tag. */
function sealed(algorithm: string, data: Uint8Array, associated: Uint8Array = new Uint8Array(0)): Uint8Array {
  const [, name, keySize] = ciphers.find(([id]) => id === algorithm) as (typeof ciphers)[number];
  const cipher = createCipheriv(name as 'aes-256-gcm', pattern(keySize), nonce, { authTagLength: 16 });
  cipher.setAAD(associated);
  return Uint8Array.from(Buffer.concat([cipher.update(data), cipher.final(), cipher.getAuthTag()]));
}

for (const [algorithm, , keySize] of ciphers) {
  describe(algorithm, () => {
    const withKey =
      (size: number): Probe[2] =>
      (s) =>
        s.keyImport(algorithm, pattern(size));
    const withNonce =
      (size: number): Probe[2] =>
      (s) =>
        openState(s, algorithm, pattern(size));
    testProbes([
      ['a key of its size', 'Success', withKey(keySize)],
      ['a key of a byte less', 'InvalidKey', withKey(keySize - 1)],
      ['a key of a byte more', 'InvalidKey', withKey(keySize + 1)],
      ['an empty key', 'InvalidKey', withKey(0)],
      ['no key', 'KeyRequired', (s) => s.open(algorithm)],
      [
        'a key of another algorithm',
        'InvalidKey',
        (s) => s.common.withOptions({ nonce }, (options) => s.open(algorithm, s.keyGenerate('HMAC/SHA-256'), options)),
      ],
      ['no options at all', 'NonceRequired', (s) => s.open(algorithm, s.keyGenerate(algorithm))],
      [
        'options without a nonce',
        'NonceRequired',
        (s) =>
          s.common.withOptions({ parallelism: 1n }, (options) => s.open(algorithm, s.keyGenerate(algorithm), options)),
      ],
      ['an empty nonce', 'InvalidNonce', withNonce(0)],
      ['a nonce of 8 bytes', 'InvalidNonce', withNonce(8)],
      ['a nonce of 11 bytes', 'InvalidNonce', withNonce(11)],
      ['a nonce of 13 bytes', 'InvalidNonce', withNonce(13)],
      ['a nonce of 16 bytes', 'InvalidNonce', withNonce(16)],
      ['a generated key', 'Success', (s) => expect(s.keyExport(s.keyGenerate(algorithm)).length).toBe(keySize)],
      ['the tag size', 'Success', (s) => expect(s.maxTagLen(openState(s, algorithm))).toBe(16)],
      ['squeezing bytes', 'InvalidOperation', (s) => s.squeeze(openState(s, algorithm), 16)],
      ['squeezing a tag', 'InvalidOperation', (s) => s.squeezeTag(openState(s, algorithm))],
      ['squeezing a key', 'InvalidOperation', (s) => s.squeezeKey(openState(s, algorithm), algorithm)],
      ['ratcheting', 'InvalidOperation', (s) => s.ratchet(openState(s, algorithm))],

      ['an output of exactly its size', 'Success', (s) => s.encrypt(openState(s, algorithm), pattern(5), 21)],
      ['an output without room for the tag', 'Overflow', (s) => s.encrypt(openState(s, algorithm), pattern(5), 5)],
      ['an output too small by one', 'Overflow', (s) => s.encrypt(openState(s, algorithm), pattern(5), 20)],
      ['an output too large by one', 'InvalidLength', (s) => s.encrypt(openState(s, algorithm), pattern(5), 22)],
      ['a detached output too small', 'Overflow', (s) => s.encryptDetached(openState(s, algorithm), pattern(5), 4)],
      [
        'a detached output too large',
        'InvalidLength',
        (s) => s.encryptDetached(openState(s, algorithm), pattern(5), 6),
      ],
      [
        'an opened output too small',
        'Overflow',
        (s) => s.decrypt(openState(s, algorithm), sealed(algorithm, pattern(5)), 4),
      ],
      [
        'an opened output too large',
        'InvalidLength',
        (s) => s.decrypt(openState(s, algorithm), sealed(algorithm, pattern(5)), 6),
      ],
      [
        'an opened detached output too small',
        'Overflow',
        (s) => s.decryptDetached(openState(s, algorithm), pattern(5), pattern(16), 4),
      ],
      [
        'an opened detached output too large',
        'InvalidLength',
        (s) => s.decryptDetached(openState(s, algorithm), pattern(5), pattern(16), 6),
      ],
      ['an empty ciphertext', 'InvalidTag', (s) => s.decrypt(openState(s, algorithm), pattern(0), 0)],
      ['a ciphertext shorter than a tag', 'InvalidTag', (s) => s.decrypt(openState(s, algorithm), pattern(15), 0)],
      [
        'a tag of 12 bytes',
        'InvalidTag',
        (s) =>
          s.decryptDetached(
            openState(s, algorithm),
            sealed(algorithm, pattern(5)).subarray(0, 5),
            sealed(algorithm, pattern(5)).subarray(5, 17),
          ),
      ],
      [
        'a tag of 4 bytes',
        'InvalidTag',
        (s) =>
          s.decryptDetached(
            openState(s, algorithm),
            sealed(algorithm, pattern(5)).subarray(0, 5),
            sealed(algorithm, pattern(5)).subarray(5, 9),
          ),
      ],
      ['no tag', 'InvalidTag', (s) => s.decryptDetached(openState(s, algorithm), pattern(5), pattern(0))],
      ['a tag of 17 bytes', 'InvalidTag', (s) => s.decryptDetached(openState(s, algorithm), pattern(5), pattern(17))],
      [
        'the empty message',
        'Success',
        (s) => expect(s.encrypt(openState(s, algorithm), pattern(0))).toEqual(sealed(algorithm, pattern(0))),
      ],
    ]);

    it('agrees with OpenSSL at all sizes, around the size of a piece', () => {
      const s = new Symmetric(new Guest());
      for (const size of [0, 1, 15, 16, 17, 1000, 65_536, 131_071, 131_072, 131_073, 300_000]) {
        const associated = pattern(size % 1000);
        const seal = openState(s, algorithm);
        s.absorb(seal, associated);
        const whole = s.encrypt(seal, pattern(size));
        expect(Buffer.from(whole).equals(sealed(algorithm, pattern(size), associated))).toBe(true);
        const open = openState(s, algorithm);
        s.absorb(open, associated);
        expect(Buffer.from(s.decrypt(open, whole)).equals(pattern(size))).toBe(true);
      }
    });

    it('input and output may overlap in any way', () => {
      for (const size of [24, 70_000, 140_000]) {
        const data = pattern(size);
        const right = sealed(algorithm, data);
        for (const shift of [-size, -33, -17, -16, -15, -1, 0, 1, 15, 16, 17, 33]) {
          const { s, state } = fresh(algorithm);
          const place = s.guest.alloc(3 * size + 64);
          const input = place + size + 16;
          s.guest.bytes(input, size).set(data);
          s.guest.callForU32('symmetric_state_encrypt', state, input + shift, size + 16, input, size);
          expect(Buffer.from(s.guest.read(input + shift, size + 16)).equals(right)).toBe(true);
          // And back, from where it lies now.
          s.guest.callForU32('symmetric_state_decrypt', state, input, size, input + shift, size + 16);
          expect(Buffer.from(s.guest.read(input, size)).equals(data)).toBe(true);
        }
      }
    });

    it('a wrong tag clears the output and leaves the state as it was', () => {
      const { s, state } = fresh(algorithm);
      s.absorb(state, ascii('associated'));
      const whole = sealed(algorithm, pattern(40), ascii('associated'));
      for (const wrong of [
        whole.with(55, (whole[55] as number) ^ 1),
        whole.with(0, (whole[0] as number) ^ 0x80),
        whole.subarray(1),
        whole.subarray(0, 15),
      ]) {
        const out = s.guest.alloc(99);
        const length = Math.max(0, wrong.length - 16);
        const args = [state, out, length, s.guest.put(wrong), wrong.length, out + 60];
        expect(errnoName(s.guest.raw('symmetric_state_decrypt', ...args))).toBe('InvalidTag');
        expect(s.guest.read(out, length)).toEqual(new Uint8Array(length));
        expect(s.guest.read(out + length, 99 - length).every((byte) => byte === UNTOUCHED)).toBe(true);
      }
      const before = s.clone(state);
      // More associated data, encryption and decryption are all as possible as before.
      s.absorb(state, ascii(' data'));
      expect(s.encrypt(state, pattern(40))).toEqual(sealed(algorithm, pattern(40), ascii('associated data')));
      expect(s.decrypt(before, whole)).toEqual(pattern(40));
    });

    it('a wrong detached tag of any size clears the output', () => {
      const { s, state } = fresh(algorithm);
      for (const tagSize of [0, 12, 16, 20]) {
        const out = s.guest.alloc(8);
        const args = [
          state,
          out,
          8,
          s.guest.put(pattern(8)),
          8,
          s.guest.put(pattern(tagSize)),
          tagSize,
          s.guest.alloc(4),
        ];
        expect(errnoName(s.guest.raw('symmetric_state_decrypt_detached', ...args))).toBe('InvalidTag');
        expect(s.guest.read(out, 8)).toEqual(new Uint8Array(8));
      }
    });
  });
}

describe('one encryption for each nonce', () => {
  it('a second encryption is refused, decryptions are not', () => {
    const { s, state } = fresh();
    const whole = s.encrypt(state, pattern(5));
    expect(errnoOf(() => s.encrypt(state, pattern(5)))).toBe('NonceRequired');
    expect(errnoOf(() => s.encryptDetached(state, pattern(5)))).toBe('NonceRequired');
    expect(s.decrypt(state, whole)).toEqual(pattern(5));
    expect(s.decrypt(state, whole)).toEqual(pattern(5));
    expect(s.decryptDetached(state, whole.subarray(0, 5), whole.subarray(5))).toEqual(pattern(5));
  });

  it('after a decryption there is no encryption', () => {
    const { s, state } = fresh();
    s.decrypt(state, sealed('AES-256-GCM', pattern(5)));
    expect(errnoOf(() => s.encrypt(state, pattern(5)))).toBe('NonceRequired');
    expect(errnoOf(() => s.encrypt(s.clone(state), pattern(5)))).toBe('NonceRequired');
  });

  it('a failed encryption does not spend the nonce', () => {
    const { s, state } = fresh();
    expect(errnoOf(() => s.encrypt(state, pattern(5), 20))).toBe('Overflow');
    expect(errnoOf(() => s.encryptDetached(state, pattern(5), 6))).toBe('InvalidLength');
    expect(s.encrypt(state, pattern(5))).toEqual(sealed('AES-256-GCM', pattern(5)));
  });

  it('clones share one encryption, and all may decrypt', () => {
    const { s, state } = fresh();
    const copy = s.clone(state);
    const copyOfCopy = s.clone(copy);
    const whole = s.encrypt(copy, pattern(5));
    expect(errnoOf(() => s.encrypt(state, pattern(5)))).toBe('NonceRequired');
    expect(errnoOf(() => s.encryptDetached(copyOfCopy, pattern(5)))).toBe('NonceRequired');
    for (const each of [state, copy, copyOfCopy]) expect(s.decrypt(each, whole)).toEqual(pattern(5));
  });

  it('a decryption spends the one encryption of clones, too', () => {
    const { s, state } = fresh();
    const copy = s.clone(state);
    expect(s.decrypt(state, sealed('AES-256-GCM', pattern(5)))).toEqual(pattern(5));
    expect(errnoOf(() => s.encrypt(copy, pattern(5)))).toBe('NonceRequired');
    expect(errnoOf(() => s.encryptDetached(s.clone(copy), pattern(5)))).toBe('NonceRequired');
    expect(s.decrypt(copy, sealed('AES-256-GCM', pattern(9)))).toEqual(pattern(9));
  });

  it('a failed decryption leaves clones their encryption', () => {
    const { s, state } = fresh();
    const copy = s.clone(state);
    expect(errnoOf(() => s.decrypt(state, new Uint8Array(21)))).toBe('InvalidTag');
    expect(s.encrypt(copy, pattern(5))).toEqual(sealed('AES-256-GCM', pattern(5)));
  });

  it('associated data is added until the first encryption or decryption', () => {
    const { s, state } = fresh();
    s.absorb(state, ascii('a'));
    const copy = s.clone(state);
    s.absorb(state, ascii('b'));
    const whole = s.encrypt(state, pattern(5));
    expect(whole).toEqual(sealed('AES-256-GCM', pattern(5), ascii('ab')));
    expect(errnoOf(() => s.absorb(state, ascii('c')))).toBe('InvalidOperation');
    // The clone has its own associated data, and is still before its first operation.
    s.absorb(copy, ascii('b'));
    expect(s.decrypt(copy, whole)).toEqual(pattern(5));
    expect(errnoOf(() => s.absorb(copy, pattern(0)))).toBe('InvalidOperation');
  });

  it('associated data over the limit is refused and not added', () => {
    const s = new Symmetric(new Guest({ limits: { messageBytes: 8 } }));
    const state = s.common.withOptions({ nonce }, (options) =>
      s.open('AES-256-GCM', s.keyGenerate('AES-256-GCM'), options),
    );
    s.absorb(state, pattern(5));
    expect(errnoOf(() => s.absorb(state, pattern(4)))).toBe('Overflow');
    s.absorb(state, pattern(3));
  });
});
