/** What holds only where OpenSSL keeps to a FIPS provider: `npm run fips`. */
import { createECDH, createHash } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect } from 'vitest';
import { nativeLibrary } from '../../runtime/backends/native/library.js';
import { createWasiCrypto } from '../../runtime/index.js';
import { asProcess, it } from '../cli/command-line.js';
import { describeWithNative } from '../native/available.js';

describe('with a FIPS provider', () => {
  it.for(['default', 'no-fallback', 'fips'] as const)('requireProvider with the profile %s makes a host', (profile) => {
    using crypto = createWasiCrypto({ policy: { profile, requireProvider: true } });
    const { fipsProvider, algorithms } = crypto.capabilities();
    expect(fipsProvider).toBe(true);
    const supported = algorithms.filter((each) => each.supported);
    expect(supported.length).toBeGreaterThan(20);
    for (const { backend } of supported) if (profile !== 'default') expect(backend).toMatch(/, FIPS provider$/);
    if (profile === 'fips') expect(supported.filter((each) => each.approved === undefined)).toEqual([]);
  });

  it('every approved id that this host implements is there, and the provider is the only reason of what is absent', () => {
    using crypto = createWasiCrypto({ policy: { requireProvider: true } });
    const absent = crypto.capabilities().algorithms.filter((each) => !each.supported && each.tier !== 'optional');
    // Noble would take seconds for it, so that it is OpenSSL's alone; providers have it from 3.5 on.
    const alone = (id: string): boolean => id === 'SLH-DSA-SHAKE-128s';
    expect(absent.filter(({ id, approved }) => approved !== undefined && !alone(id))).toEqual([]);
    for (const { reason = '' } of absent)
      for (const each of reason.split('; '))
        expect(each).toMatch(/: (?:the FIPS provider has no [\w-]+|WASI_CRYPTO_NATIVE is off)$/);
  });

  it('the native backend or node:crypto: either says what is absent in the same words', () => {
    const reasons = (id: string): string | undefined =>
      createWasiCrypto()
        .capabilities()
        .algorithms.find((each) => each.id === id)?.reason;
    expect(reasons('ECDSA_K256_SHA256')).toContain(': the FIPS provider has no secp256k1');
    expect(reasons('CHACHA20-POLY1305')).toContain(': the FIPS provider has no chacha20-poly1305');
  });

  it('run takes a policy that requires it', async ({ folder }) => {
    const guest =
      '0061736d01000000010401600000030201000503010001071302066d656d6f72790200065f737461727400000a040102000b';
    writeFileSync(join(folder, 'guest.wasm'), Buffer.from(guest, 'hex'));
    writeFileSync(join(folder, 'policy.json'), '{ "profile": "fips", "requireProvider": true }');
    expect(await asProcess(['run', '--policy', './policy.json', 'guest.wasm'], { cwd: folder })).toEqual({
      code: 0,
      stdout: '',
      stderr: '',
    });
  });

  it('MD5 is refused by node:crypto', () => {
    expect(() => createHash('md5')).toThrow();
  });

  it('the public half of an imported secret is not computed by the provider, as docs/fips.md says', () => {
    const computation = createECDH('secp256k1');
    computation.setPrivateKey(new Uint8Array(32).fill(1));
    expect(computation.getPublicKey()).toHaveLength(65);
  });

  describeWithNative('the native library', () => {
    it.for([
      ['digest', 'md5', 'sha256'],
      ['digest', 'blake2b512', 'sha512'],
      ['cipher', 'chacha20-poly1305', 'aes-256-gcm'],
    ] as const)('keeps to it: %s %s is refused, %s is not', ([kind, refused, taken]) => {
      const library = nativeLibrary();
      const find = { digest: library.digestFind, cipher: library.cipherFind }[kind];
      expect(find(refused)).toBeLessThan(0);
      expect(find(taken)).toBeGreaterThanOrEqual(0);
    });

    it('makes no key on a curve that the provider lacks', () => {
      const library = nativeLibrary();
      const made = library.keyGenerate(library.keyFind('prime256v1'));
      expect(made).toBeGreaterThanOrEqual(0);
      library.release(made);
      expect(library.keyGenerate(library.keyFind('secp256k1'))).toBeLessThan(0);
    });
  });
});
