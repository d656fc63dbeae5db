/** What `policy.requireProvider` says where OpenSSL keeps to no FIPS provider; `test/fips/` has the other side. */
import { execFile } from 'node:child_process';
import { getFips } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { describe, expect } from 'vitest';
import { ConfigurationError, createWasiCrypto, type WasiCryptoOptions } from '../../runtime/index.js';
import { asProcess, builtMain, it } from '../cli/command-line.js';
import { describeUnless } from '../shared.js';

function refusal(options: WasiCryptoOptions): unknown {
  try {
    createWasiCrypto(options).close();
    return undefined;
  } catch (error) {
    return error;
  }
}

describeUnless(
  getFips() === 1 ? 'skipped: OpenSSL keeps to a FIPS provider' : undefined,
  'without a FIPS provider',
  () => {
    it.for(['default', 'no-fallback', 'fips'] as const)(
      'requireProvider with the profile %s: no host, a code, and what to do',
      (profile) => {
        const error = refusal({ policy: { profile, requireProvider: true } });
        expect(error).toBeInstanceOf(ConfigurationError);
        expect(error).toMatchObject({
          code: 'fips-provider-missing',
          message: expect.stringMatching(/is not turned on: .*OPENSSL_CONF.*docs\/fips\.md/) as string,
        });
        expect(refusal({ policy: { profile, requireProvider: false } })).toBeUndefined();
      },
    );

    it('run refuses a policy that requires it', async ({ folder }) => {
      writeFileSync(join(folder, 'guest.wasm'), Buffer.from('0061736d01000000', 'hex'));
      writeFileSync(join(folder, 'policy.json'), '{ "profile": "fips", "requireProvider": true }');
      const { code, stderr } = await asProcess(['run', '--policy', './policy.json', 'guest.wasm'], { cwd: folder });
      expect(code).toBe(2);
      expect(stderr).toContain('policy.requireProvider');
    });

    /** What a process gets that turns FIPS on by itself, where no provider is loaded. */
    async function afterSetFips(folder: string, begin: 'before' | 'after'): Promise<unknown> {
      const runtime = pathToFileURL(join(dirname(await builtMain()), '../../runtime/index.js')).href;
      const script = join(folder, 'set-fips.mjs');
      const load = `const { createWasiCrypto } = await import(${JSON.stringify(runtime)});`;
      const turnOn = 'setFips(true);';
      writeFileSync(
        script,
        `import { createHash, getFips, setFips } from 'node:crypto';
      ${begin === 'before' ? turnOn + load : load + turnOn}
      const { fipsProvider } = createWasiCrypto().capabilities();
      try { createWasiCrypto({ policy: { requireProvider: true } }); } catch ({ code, message }) {
        console.log(JSON.stringify({ getFips: getFips(), fipsProvider, code, message }));
      }`,
      );
      return JSON.parse((await promisify(execFile)(process.execPath, [script])).stdout);
    }

    it('a guest that generates an RSA key there gets an errno, and the process goes on', async ({ folder }) => {
      const runtime = pathToFileURL(join(dirname(await builtMain()), '../../runtime/index.js')).href;
      const script = join(folder, 'thread.mjs');
      writeFileSync(
        script,
        `import { setFips } from 'node:crypto';
      setFips(true);
      const { createWasiCrypto } = await import(${JSON.stringify(runtime)});
      const crypto = createWasiCrypto({ keyGeneration: 'background' });
      const memory = new WebAssembly.Memory({ initial: 1 });
      crypto.attach(memory);
      const id = new TextEncoder().encode('RSA_PKCS1_2048_SHA256');
      const bytes = new Uint8Array(memory.buffer);
      bytes.set(id);
      bytes[64] = 1;
      const { keypair_generate } = crypto.imports.wasi_ephemeral_crypto_asymmetric_common;
      console.log(JSON.stringify(keypair_generate(0, 0, id.length, 64, 80)));`,
      );
      expect(Number((await promisify(execFile)(process.execPath, [script])).stdout)).toBeGreaterThan(0);
    });

    it('crypto.setFips without a provider is not taken for one', async ({ folder }) => {
      expect(await afterSetFips(folder, 'before')).toMatchObject({
        getFips: 1,
        fipsProvider: false,
        code: 'fips-provider-missing',
        message: expect.stringContaining('turned on, but not loaded') as string,
      });
    });

    it('crypto.setFips after this host was loaded is too late', async ({ folder }) => {
      expect(await afterSetFips(folder, 'after')).toMatchObject({
        getFips: 1,
        fipsProvider: false,
        code: 'fips-provider-missing',
        message: expect.stringContaining('turned on too late') as string,
      });
    });
  },
);

describe('the capability report', () => {
  it('names the publication that approves an algorithm, and none for others', () => {
    const { algorithms } = createWasiCrypto().capabilities();
    const approvedBy = (id: string): string | undefined => algorithms.find((each) => each.id === id)?.approved;
    expect([approvedBy('SHA-256'), approvedBy('CHACHA20-POLY1305')]).toEqual(['FIPS 180-4', undefined]);
  });
});
