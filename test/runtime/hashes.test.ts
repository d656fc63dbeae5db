/** Hash functions, HMAC and tags. */
import { createHash, createHmac } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { errnoOf, Guest } from '../guest/guest.js';
import { ascii, pattern, testProbes } from '../guest/probes.js';
import { Symmetric } from '../guest/symmetric.js';

const hashes = [
  ['SHA-256', 'sha256', 32],
  ['SHA-384', 'sha384', 48],
  ['SHA-512', 'sha512', 64],
  ['SHA-512/256', 'sha512-256', 32],
  ['SHA-224', 'sha224', 28],
  ['SHA-512/224', 'sha512-224', 28],
  ['SHA3-224', 'sha3-224', 28],
  ['SHA3-256', 'sha3-256', 32],
  ['SHA3-384', 'sha3-384', 48],
  ['SHA3-512', 'sha3-512', 64],
] as const;

describe('hash functions', () => {
  testProbes([
    ['a digest cut short', 'Success', (s) => s.withState({ algorithm: 'SHA-384' }, (state) => s.squeeze(state, 5))],
    ['no bytes of a digest', 'Success', (s) => s.withState({ algorithm: 'SHA-256' }, (state) => s.squeeze(state, 0))],
    [
      'more bytes than the digest has',
      'InvalidLength',
      (s) => s.withState({ algorithm: 'SHA-512/256' }, (state) => s.squeeze(state, 33)),
    ],
    ['importing a key for a hash function', 'KeyNotSupported', (s) => s.keyImport('SHA-256', pattern(32))],
    ['generating a key for a hash function', 'UnsupportedFeature', (s) => s.keyGenerate('SHA-512')],
    ['opening a hash function with a key', 'KeyNotSupported', (s) => s.open('SHA-256', s.keyGenerate('HMAC/SHA-256'))],
    [
      'a tag of a hash function',
      'InvalidOperation',
      (s) => s.withState({ algorithm: 'SHA-256' }, (state) => s.squeezeTag(state)),
    ],
    [
      'a key of a hash function',
      'InvalidOperation',
      (s) => s.withState({ algorithm: 'SHA-256' }, (state) => s.squeezeKey(state, 'AES-128-GCM')),
    ],
    [
      'the tag size of a hash function',
      'InvalidOperation',
      (s) => s.withState({ algorithm: 'SHA-256' }, (state) => s.maxTagLen(state)),
    ],
    [
      'encrypting by a hash function',
      'InvalidOperation',
      (s) => s.withState({ algorithm: 'SHA-256' }, (state) => s.encrypt(state, pattern(1), 17)),
    ],
    [
      'encrypting by a hash function, detached',
      'InvalidOperation',
      (s) => s.withState({ algorithm: 'SHA-256' }, (state) => s.encryptDetached(state, pattern(1))),
    ],
    [
      'decrypting by a hash function',
      'InvalidOperation',
      (s) => s.withState({ algorithm: 'SHA-256' }, (state) => s.decrypt(state, pattern(17), 1)),
    ],
    [
      'decrypting by a hash function, detached',
      'InvalidOperation',
      (s) => s.withState({ algorithm: 'SHA-256' }, (state) => s.decryptDetached(state, pattern(1), pattern(16))),
    ],
    [
      'ratcheting a hash function',
      'InvalidOperation',
      (s) => s.withState({ algorithm: 'SHA-256' }, (state) => s.ratchet(state)),
    ],
  ]);

  // Around the size up to which input is kept back, and around blocks.
  const sizes = [0, 1, 55, 56, 64, 111, 112, 128, 4031, 4032, 4033, 4095, 4096, 4097, 9000, 300_000];
  for (const [id, name] of hashes) {
    it(`${id} agrees with OpenSSL at sizes where its way changes`, () => {
      const s = new Symmetric(new Guest());
      for (const size of sizes) {
        const data = pattern(size);
        s.withState({ algorithm: id }, (state) => {
          for (let start = 0; start < size; start += 1009) s.absorb(state, data.subarray(start, start + 1009));
          expect(s.squeeze(state, 4)).toEqual(expected(name, data).subarray(0, 4));
          expect(Buffer.from(s.squeeze(state, expected(name, data).length))).toEqual(Buffer.from(expected(name, data)));
        });
      }
    });
  }

  it('a squeeze leaves the state as it was, short and long', () => {
    const s = new Symmetric(new Guest());
    for (const size of [10, 10_000]) {
      s.withState({ algorithm: 'SHA-256' }, (state) => {
        s.absorb(state, pattern(size));
        const first = s.squeeze(state, 32);
        expect(s.squeeze(state, 32)).toEqual(first);
        s.absorb(state, pattern(size));
        const both = Buffer.concat([pattern(size), pattern(size)]);
        expect(s.squeeze(state, 32)).toEqual(expected('sha256', both));
      });
    }
  });

  it('a clone goes on by itself, short and long', () => {
    const s = new Symmetric(new Guest());
    for (const size of [10, 10_000]) {
      const state = s.open('SHA-512');
      s.absorb(state, pattern(size));
      const copy = s.clone(state);
      s.absorb(state, ascii('one'));
      s.close(state);
      expect(s.squeeze(copy, 64)).toEqual(expected('sha512', pattern(size)));
      s.absorb(copy, ascii('two'));
      expect(s.squeeze(copy, 64)).toEqual(expected('sha512', Buffer.concat([pattern(size), ascii('two')])));
    }
  });

  it('input and output may be the same memory', () => {
    const s = new Symmetric(new Guest());
    const state = s.open('SHA-256');
    const place = s.guest.put(pattern(64));
    s.guest.call('symmetric_state_absorb', state, place, 64);
    s.guest.call('symmetric_state_squeeze', state, place, 32);
    expect(s.guest.read(place, 32)).toEqual(expected('sha256', pattern(64)));
    // What was absorbed is not looked up in memory again.
    s.guest.call('symmetric_state_squeeze', state, place + 1, 32);
    expect(s.guest.read(place + 1, 32)).toEqual(expected('sha256', pattern(64)));
  });

  it('a digest can be cut to any length, even or odd, and nothing behind it is written', () => {
    const s = new Symmetric(new Guest());
    const place = s.guest.put(new Uint8Array(64));
    // The first input waits to be hashed at once, the second one is in a Hash object.
    for (const size of [10, 10_000]) {
      const state = s.open('SHA-256');
      s.absorb(state, pattern(size));
      for (let length = 0; length <= 32; length += 1) {
        s.guest.bytes(place, 64).fill(0xaa);
        s.guest.call('symmetric_state_squeeze', state, place, length);
        expect(s.guest.read(place, 64)).toEqual(
          Uint8Array.from({ length: 64 }, (_, at) =>
            at < length ? (expected('sha256', pattern(size))[at] as number) : 0xaa,
          ),
        );
      }
    }
  });
});

describe('HMAC', () => {
  testProbes([
    ['without a key', 'KeyRequired', (s) => s.open('HMAC/SHA-256')],
    ['with an empty key', 'Success', (s) => s.open('HMAC/SHA-256', s.keyImport('HMAC/SHA-256', pattern(0)))],
    [
      'with a key of a megabyte',
      'Success',
      (s) => s.open('HMAC/SHA-512', s.keyImport('HMAC/SHA-512', pattern(2 ** 20))),
    ],
    ['with a key of another hash', 'InvalidKey', (s) => s.open('HMAC/SHA-256', s.keyGenerate('HMAC/SHA-512'))],
    [
      'squeezing bytes',
      'InvalidOperation',
      (s) => s.withState({ algorithm: 'HMAC/SHA-256', key: pattern(32) }, (state) => s.squeeze(state, 32)),
    ],
    [
      'squeezing a key',
      'InvalidOperation',
      (s) =>
        s.withState({ algorithm: 'HMAC/SHA-256', key: pattern(32) }, (state) => s.squeezeKey(state, 'HMAC/SHA-256')),
    ],
    [
      'the tag size',
      'InvalidOperation',
      (s) => s.withState({ algorithm: 'HMAC/SHA-256', key: pattern(32) }, (state) => s.maxTagLen(state)),
    ],
    [
      'encrypting',
      'InvalidOperation',
      (s) => s.withState({ algorithm: 'HMAC/SHA-256', key: pattern(32) }, (state) => s.encrypt(state, pattern(1), 33)),
    ],
  ]);

  for (const [id, name, length] of [
    ['HMAC/SHA-256', 'sha256', 32],
    ['HMAC/SHA-512', 'sha512', 64],
    ['HMAC/SHA-384', 'sha384', 48],
  ] as const) {
    it(`${id} agrees with OpenSSL for keys and messages of all sizes`, () => {
      const s = new Symmetric(new Guest());
      for (const keySize of [0, 1, 63, 64, 65, 127, 128, 129, 5000]) {
        for (const size of [0, 1, 3967, 3968, 3969, 4032, 4033, 4096, 20_000]) {
          s.withState({ algorithm: id, key: pattern(keySize) }, (state) => {
            s.absorb(state, pattern(size).subarray(0, 10));
            s.absorb(state, pattern(size).subarray(10));
            const code = createHmac(name, pattern(keySize)).update(pattern(size)).digest();
            expect(Buffer.from(s.tagPull(s.squeezeTag(state)))).toEqual(code);
          });
        }
      }
    });

    it(`${id} generates keys of the size of its hash`, () => {
      const s = new Symmetric(new Guest());
      const [first, second] = [s.keyGenerate(id), s.keyGenerate(id)].map((key) => s.keyExport(key));
      expect(first?.length).toBe(length);
      expect(first).not.toEqual(second);
    });
  }

  it('a tag leaves the state as it was', () => {
    const s = new Symmetric(new Guest());
    s.withState({ algorithm: 'HMAC/SHA-256', key: ascii('key') }, (state) => {
      const code = (text: string): Uint8Array => Uint8Array.from(createHmac('sha256', 'key').update(text).digest());
      expect(s.tagPull(s.squeezeTag(state))).toEqual(code(''));
      s.absorb(state, ascii('one'));
      expect(s.tagPull(s.squeezeTag(state))).toEqual(code('one'));
      const copy = s.clone(state);
      s.absorb(state, ascii('two'));
      expect(s.tagPull(s.squeezeTag(state))).toEqual(code('onetwo'));
      expect(s.tagPull(s.squeezeTag(copy))).toEqual(code('one'));
    });
  });
});

describe('tags', () => {
  const tagOf = (s: Symmetric): number =>
    s.withState({ algorithm: 'HMAC/SHA-256', key: pattern(9) }, (state) => s.squeezeTag(state));
  const code = Uint8Array.from(createHmac('sha256', pattern(9)).digest());

  testProbes([
    ['verifying the right bytes', 'Success', (s) => s.tagVerify(tagOf(s), code)],
    [
      'verifying a changed last byte',
      'InvalidTag',
      (s) => s.tagVerify(tagOf(s), code.with(31, (code[31] as number) ^ 1)),
    ],
    ['verifying a prefix', 'InvalidTag', (s) => s.tagVerify(tagOf(s), code.subarray(0, 16))],
    ['verifying no bytes', 'InvalidTag', (s) => s.tagVerify(tagOf(s), pattern(0))],
    ['verifying a byte too many', 'InvalidTag', (s) => s.tagVerify(tagOf(s), Buffer.concat([code, pattern(1)]))],
    ['pulling into a smaller buffer', 'Overflow', (s) => s.tagPull(tagOf(s), 31)],
    ['pulling into a larger buffer', 'InvalidLength', (s) => s.tagPull(tagOf(s), 33)],
    [
      'pulling twice',
      'InvalidHandle',
      (s) => {
        const tag = tagOf(s);
        s.tagPull(tag);
        s.tagPull(tag, 32);
      },
    ],
  ]);

  it('stay open until they are pulled', () => {
    const s = new Symmetric(new Guest());
    const tag = tagOf(s);
    expect(errnoOf(() => s.tagPull(tag, 31))).toBe('Overflow');
    expect(errnoOf(() => s.tagVerify(tag, pattern(32)))).toBe('InvalidTag');
    s.tagVerify(tag, code);
    expect(s.tagLen(tag)).toBe(32);
    expect(s.tagPull(tag)).toEqual(code);
  });
});

function expected(name: string, data: Uint8Array): Uint8Array {
  return Uint8Array.from(createHash(name).update(data).digest());
}
