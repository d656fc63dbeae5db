/** AES in counter mode and in CBC mode. */
import { createCipheriv } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { hexOf } from '../hex.js';
import type { PolicyOptions } from '../../runtime/index.js';
import { guestsByBackend } from '../guest/backends.js';
import { errnoOf, Guest, type ErrnoName } from '../guest/guest.js';
import { pattern } from '../guest/probes.js';
import { Symmetric } from '../guest/symmetric.js';

function allowing(policy: PolicyOptions = {}): Symmetric {
  return new Symmetric(new Guest({ policy: { unauthenticatedCiphers: true, ...policy } }));
}

type Probe = readonly [title: string, errno: ErrnoName, calls: (s: Symmetric) => unknown];

function testProbes(probes: readonly Probe[]): void {
  it.each(probes)('%s: %s', (_title, errno, calls) => {
    expect(errnoOf(() => calls(allowing()))).toBe(errno);
  });
}

describe.each([
  ['AES-128-CTR', 16],
  ['AES-256-CTR', 32],
  ['AES-128-CBC', 16],
  ['AES-256-CBC', 32],
] as const)('%s', (id, keySize) => {
  const setup = { algorithm: id, key: pattern(keySize), options: { nonce: pattern(16) } };
  const open = <T>(s: Symmetric, calls: (state: number) => T): T => s.withState(setup, calls);

  it('is refused unless the policy allows ciphers that detect no change', () => {
    const s = new Symmetric(new Guest());
    expect(errnoOf(() => s.keyGenerate(id))).toBe('ProhibitedOperation');
    expect(errnoOf(() => s.keyImport(id, pattern(keySize)))).toBe('ProhibitedOperation');
    expect(errnoOf(() => s.open(id))).toBe('ProhibitedOperation');
  });

  testProbes([
    ['associated data', 'InvalidOperation', (s) => open(s, (state) => s.absorb(state, pattern(1)))],
    ['a tag', 'InvalidOperation', (s) => open(s, (state) => s.squeezeTag(state))],
    ['encrypting detached', 'InvalidOperation', (s) => open(s, (state) => s.encryptDetached(state, pattern(16)))],
    [
      'decrypting detached',
      'InvalidOperation',
      (s) => open(s, (state) => s.decryptDetached(state, pattern(16), pattern(16))),
    ],
  ]);

  it('gives on each backend what OpenSSL gives, for messages of any size, over its input, beside it and apart', () => {
    const guests = guestsByBackend((s) => s.keyGenerate(id), [], { unauthenticatedCiphers: true }).map(
      ([kind, s]) => [kind, s, s.guest.put(new Uint8Array(400_000)) + 64] as const,
    );
    expect(guests.length).toBeGreaterThan(0);
    const size = fc.oneof(fc.integer({ min: 0, max: 100 }), fc.constantFrom(4096, 65_535, 65_536, 65_537, 140_000));
    fc.assert(
      fc.property(size, fc.constantFrom(-17, -1, 0, 1, 17, 200_000), (length, shift) => {
        const message = pattern(length);
        const cipher = createCipheriv(id.toLowerCase(), pattern(keySize), pattern(16));
        const expected = hexOf(Buffer.concat([cipher.update(message), cipher.final()]));
        const [room, sealed] = [length + (id.endsWith('CBC') ? 16 : 0), expected.length / 2];
        for (const [kind, s, place] of guests) {
          const out = place + shift;
          open(s, (state) => {
            s.guest.scoped(() => {
              s.guest.bytes(place, length).set(message);
              const size_ = s.guest.callForU32('symmetric_state_encrypt', state, out, room, place, length);
              expect(hexOf(s.guest.read(out, size_)), kind).toBe(expected);
              expect(hexOf(s.guest.read(out, room)).slice(expected.length), kind).toMatch(/^0*$/);
            });
          });
          open(s, (state) => {
            s.guest.scoped(() => {
              s.guest.bytes(out, sealed).set(Buffer.from(expected, 'hex'));
              const size_ = s.guest.callForU32('symmetric_state_decrypt', state, place, sealed, out, sealed);
              expect(hexOf(s.guest.read(place, size_)), kind).toBe(hexOf(message));
            });
          });
        }
      }),
      { numRuns: 30 },
    );
  });
});

describe.each(['AES-128-CTR', 'AES-256-CTR'])('the stream of %s', (id) => {
  const key = pattern(Number(id.slice(4, 7)) / 8);

  it('goes on over encryptions, decryptions and squeezes, on each backend, and its counter over 2^128', () => {
    const nonce = new Uint8Array(16).fill(0xff);
    nonce[15] = 0xfe;
    const parts = [0, 1, 15, 16, 17, 5, 100, 4096, 3];
    const total = parts.reduce((sum, each) => sum + each, 0);
    const stream = createCipheriv(id.toLowerCase(), key, nonce).update(new Uint8Array(total));
    for (const [kind, s] of guestsByBackend((s) => s.keyGenerate(id), [], { unauthenticatedCiphers: true })) {
      s.withState({ algorithm: id, key, options: { nonce } }, (state) => {
        expect(s.maxTagLen(state)).toBe(0);
        const given = parts.map((size, index) =>
          index % 3 === 0
            ? s.squeeze(state, size)
            : index % 3 === 1
              ? s.encrypt(state, new Uint8Array(size))
              : s.decrypt(state, new Uint8Array(size)),
        );
        expect(hexOf(Buffer.concat(given)), kind).toBe(hexOf(stream));
      });
    }
  });

  it('stands still over calls that fail, and is not cloned', () => {
    const s = allowing();
    s.withState({ algorithm: id, key, options: { nonce: pattern(16) } }, (state) => {
      expect(errnoOf(() => s.encrypt(state, pattern(10), 9))).toBe('Overflow');
      expect(errnoOf(() => s.decrypt(state, pattern(10), 11))).toBe('InvalidLength');
      expect(errnoOf(() => s.clone(state))).toBe('InvalidOperation');
      const expected = createCipheriv(id.toLowerCase(), key, pattern(16)).update(pattern(10));
      expect(hexOf(s.encrypt(state, pattern(10)))).toBe(hexOf(expected));
    });
  });
});

describe.each(['AES-128-CBC', 'AES-256-CBC'])('a ciphertext of %s', (id) => {
  const key = pattern(Number(id.slice(4, 7)) / 8);
  const setup = { algorithm: id, key, options: { nonce: pattern(16) } };
  const raw = (blocks: Uint8Array): Uint8Array => {
    const cipher = createCipheriv(id.toLowerCase(), key, pattern(16)).setAutoPadding(false);
    return Buffer.concat([cipher.update(blocks), cipher.final()]);
  };

  it('is made once for a nonce, over all clones, and decrypting spends it, too', () => {
    const s = allowing();
    s.withState(setup, (state) => {
      expect(s.maxTagLen(state)).toBe(16);
      const copy = s.clone(state);
      expect(errnoOf(() => s.encrypt(state, pattern(5), 20))).toBe('Overflow');
      expect(errnoOf(() => s.encrypt(state, pattern(5), 22))).toBe('InvalidLength');
      const ciphertext = s.encrypt(state, pattern(5), 21);
      expect(ciphertext.length).toBe(16);
      for (const each of [state, copy]) {
        expect(errnoOf(() => s.encrypt(each, pattern(5), 21))).toBe('NonceRequired');
        for (let count = 0; count < 2; count += 1) expect(s.decrypt(each, ciphertext, 16)).toEqual(pattern(5));
      }
    });
    s.withState(setup, (state) => {
      const copy = s.clone(state);
      // What fails spends nothing: neither this nor, after it, the last line but one.
      expect(errnoOf(() => s.decrypt(state, raw(new Uint8Array(16)), 16))).toBe('InvalidTag');
      expect(s.decrypt(copy, raw(new Uint8Array(16).fill(16)), 16)).toEqual(new Uint8Array(0));
      expect(errnoOf(() => s.encrypt(state, pattern(5), 21))).toBe('NonceRequired');
    });
    s.withState(setup, (state) => {
      expect(errnoOf(() => s.decrypt(state, raw(new Uint8Array(16)), 16))).toBe('InvalidTag');
      expect(errnoOf(() => s.encrypt(state, pattern(5), 21))).toBe('Success');
    });
  });

  it('has padding as PKCS #7 has it, or is invalid, and all of the output zeros, on each backend', () => {
    for (const [kind, s] of guestsByBackend((s) => s.keyGenerate(id), [], { unauthenticatedCiphers: true })) {
      const outcome = (block: readonly number[]): string =>
        s.withState(setup, (state) =>
          s.guest.scoped(() => {
            const place = s.guest.put(new Uint8Array(32).fill(0xaa));
            const result = s.guest.alloc(4);
            const data = s.guest.put(raw(Uint8Array.from([...new Array<number>(16).fill(7), ...block])));
            const errno = errnoOf(() => s.guest.call('symmetric_state_decrypt', state, place, 32, data, 32, result));
            const rest = s.guest.read(place, 32).subarray(errno === 'Success' ? s.guest.u32(result) : 0);
            return `${errno}, ${rest.length} bytes are ${rest.every((byte) => byte === 0) ? 'zeros' : 'something'}`;
          }),
        );
      for (let length = 1; length <= 16; length += 1) {
        const block = [...new Array<number>(16 - length).fill(9), ...new Array<number>(length).fill(length)];
        expect(outcome(block), kind).toBe(`Success, ${length} bytes are zeros`);
        for (let index = 16 - length; index < 15; index += 1)
          expect(outcome(block.with(index, length ^ (1 << (index % 8)))), kind).toBe('InvalidTag, 32 bytes are zeros');
      }
      for (const last of [0, 17, 32, 128, 255])
        expect(outcome(new Array<number>(16).fill(last)), kind).toBe('InvalidTag, 32 bytes are zeros');
    }
  });

  it('that is no whole number of blocks is invalid, before its output is judged', () => {
    const s = allowing();
    s.withState(setup, (state) => {
      for (const size of [0, 1, 15, 17, 31])
        expect(errnoOf(() => s.decrypt(state, pattern(size), 3))).toBe('InvalidTag');
      expect(errnoOf(() => s.decrypt(state, pattern(32), 31))).toBe('Overflow');
      expect(errnoOf(() => s.decrypt(state, pattern(32), 33))).toBe('InvalidLength');
    });
  });
});
