/** The native library, called by somebody who means harm: `npm run fuzz:native` does it for longer. */
import { createHash } from 'node:crypto';
import { expect, it } from 'vitest';
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
    const report = fuzzNative({ library, calls: 30_000, seed });
    expect(report.failures).toEqual([]);
    expect(report.compared).toBeGreaterThan(5_000);
    // A caller whose every call is refused would prove little.
    expect(report.succeeded.size).toBeGreaterThan(15);
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

  it.each(['AES-128-CBC', 'AES-128-CTR', 'AES-128-XTS', 'AES-128-CCM', 'AES-256-WRAP', 'AES-128-SIV', 'ChaCha20'])(
    'has no %s, which is no authenticated encryption in one pass',
    (name) => {
      expect(library.cipherFind(name)).toBe(FAILED);
    },
  );

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
});
