/** The native library, called by somebody who means harm: `npm run fuzz:native` does it for longer. */
import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { nativeLibrary } from '../../runtime/backends/native/library.js';
import { describeWithNative } from './available.js';
import { fuzzNative } from './hostile.js';

const BAD_ARGUMENT = -1;
const BAD_HANDLE = -2;
const FAILED = -4;

describeWithNative('the native library', () => {
  const library = nativeLibrary();
  const [sha256, sha512] = [library.digestFind('SHA256'), library.digestFind('SHA512')];

  it.each([1, 2])('answers numbers, writes to outputs only and stays right, seed %i', (seed) => {
    const report = fuzzNative({ library, calls: 20_000, seed });
    expect(report.failures).toEqual([]);
    expect(report.compared).toBeGreaterThan(4_000);
    // A caller whose every call is refused would prove little.
    expect(report.succeeded.size).toBeGreaterThan(22);
    expect(Object.keys(report.answers)).toEqual(expect.arrayContaining(['-1', '-2', '-3', '-6', 'made', 'done']));
  });

  it('reads a running digest as one of its own hash function only', () => {
    const running = library.digestBegin(sha512);
    const key = library.macKey(sha256, new Uint8Array(32));
    const memory = new Uint8Array(128);
    expect(library.digestRead(sha256, running, memory.subarray(0, 32))).toBe(BAD_ARGUMENT);
    expect(library.macRead(key, running, memory.subarray(0, 32))).toBe(BAD_ARGUMENT);
    expect(memory.every((byte) => byte === 0)).toBe(true);
    expect(library.digestRead(sha512, running, memory.subarray(0, 64))).toBe(0);
    expect(Buffer.from(memory.subarray(0, 64))).toEqual(createHash('sha512').digest());
    expect([library.release(running), library.release(key)]).toEqual([0, 0]);
  });

  it.each([
    'AES-128-CBC-CTS',
    'AES-128-CBC-HMAC-SHA1',
    'AES-192-CTR',
    'aes-128-ctr',
    'AES-128-CFB',
    'AES-128-XTS',
    'AES-128-CCM',
    'AES-256-WRAP',
    'AES-128-SIV',
    'ChaCha20',
    'XChaCha20',
  ])('has no %s, which it would use wrongly', (name) => {
    expect(library.cipherFind(name)).toBe(FAILED);
  });

  it('knows no number of an object that was released, and none of another kind', () => {
    const first = library.digestBegin(sha256);
    expect(library.release(first)).toBe(0);
    const second = library.digestBegin(sha256);
    expect(second).not.toBe(first);
    const out = new Uint8Array(32);
    expect(library.digestRead(sha256, first, out)).toBe(BAD_HANDLE);
    expect(library.macWhole(second, new Uint8Array(1), out)).toBe(BAD_HANDLE);
    expect(library.cipherSeal(second, new Uint8Array(12), out, out, out, new Uint8Array(16))).toBe(BAD_HANDLE);
    expect([library.release(first), library.release(second), library.release(second)]).toEqual([
      BAD_HANDLE,
      0,
      BAD_HANDLE,
    ]);
    expect(library.live()).toBe(0);
  });

  describe('keys', () => {
    const ed25519 = library.keyFind('ed25519');
    const message = new Uint8Array(64).fill(1);

    it('sign what they were given, wherever the signature goes', () => {
      const first = library.keyGenerate(ed25519);
      const point = new Uint8Array(32);
      library.keyPublicBytes(first, point);
      const publicKey = library.keyPublic(ed25519, point, undefined);
      for (const shift of [0, 1, 32, 63]) {
        const memory = new Uint8Array(200).fill(7);
        const expected = memory.slice(0, 64);
        expect(library.keySign(first, undefined, undefined, memory.subarray(0, 64), memory.subarray(shift))).toBe(64);
        const signature = memory.subarray(shift, shift + 64);
        expect(library.keyVerify(publicKey, undefined, undefined, expected, signature)).toBe(1);
      }
      expect([library.release(first), library.release(publicKey)]).toEqual([0, 0]);
    });

    it('do only what they are for', () => {
      const [signing, agreeing] = [library.keyGenerate(ed25519), library.keyGenerate(library.keyFind('x25519'))];
      const [own, other] = [new Uint8Array(32), new Uint8Array(32)];
      expect([library.keyPublicBytes(signing, own), library.keyPublicBytes(agreeing, other)]).toEqual([0, 0]);
      const publicSigning = library.keyPublic(ed25519, own, undefined);
      const publicAgreeing = library.keyPublic(library.keyFind('x25519'), other, undefined);
      const out = new Uint8Array(64);
      expect(library.keySign(agreeing, undefined, undefined, message, out)).toBe(BAD_ARGUMENT);
      expect(library.keySign(publicSigning, undefined, undefined, message, out)).toBe(BAD_HANDLE);
      expect(library.keyVerify(signing, undefined, undefined, message, out)).toBe(BAD_HANDLE);
      expect(library.keyVerify(publicAgreeing, undefined, undefined, message, out)).toBe(BAD_ARGUMENT);
      expect(library.keyDerive(signing, publicSigning, out.subarray(0, 32))).toBe(BAD_ARGUMENT);
      expect(library.keyDerive(agreeing, publicSigning, out.subarray(0, 32))).toBe(BAD_ARGUMENT);
      expect(library.keyDerive(agreeing, agreeing, out.subarray(0, 32))).toBe(BAD_HANDLE);
      expect(library.keySecretBytes(publicSigning, out)).toBe(BAD_HANDLE);
      expect(out.every((byte) => byte === 0)).toBe(true);
      for (const key of [signing, agreeing, publicSigning, publicAgreeing]) expect(library.release(key)).toBe(0);
    });

    it('are no points off the curve, hybrid, compressed or at infinity', () => {
      const type = library.keyFind('prime256v1');
      const key = library.keyGenerate(type);
      const point = new Uint8Array(65);
      expect(library.keyPublicBytes(key, point)).toBe(0);
      const last = point[64] ?? 0;
      for (const [first, end] of [
        [4, last ^ 1],
        [6 + (last & 1), last],
        [2 + (last & 1), last],
        [0, last],
      ])
        expect(library.keyPublic(type, Uint8Array.of(first ?? 0, ...point.subarray(1, 64), end ?? 0), undefined)).toBe(
          FAILED,
        );
      expect(library.keyPublic(type, point.subarray(0, 33), undefined)).toBe(BAD_ARGUMENT);
      expect(library.keyPublic(type, point.subarray(0, 1), undefined)).toBe(BAD_ARGUMENT);
      expect(library.release(key)).toBe(0);
    });
  });
});
