/** How the native backend is chosen, refused, built and found. */
import { cpSync, existsSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect } from 'vitest';
import { BINARY, PREBUILDS } from '../../runtime/backends/native/library.js';
import { packageRoot } from '../../runtime/backends/package-root.js';
import { ConfigurationError, createWasiCrypto, type WasiCryptoOptions } from '../../runtime/index.js';
import { asProcess, builtMain, it } from '../cli/command-line.js';
import { describeWithNative } from './available.js';

function reportOf(options: WasiCryptoOptions): { readonly backend?: string; readonly passedOver?: readonly string[] } {
  const crypto = createWasiCrypto(options);
  const found = crypto.capabilities().algorithms.find(({ id }) => id === 'SHA-256');
  crypto.close();
  if (found === undefined) throw new Error('SHA-256 is not in the report');
  return found;
}

/** A package of its own, without binaries: that of the sources stays as it is. */
async function packageIn(folder: string): Promise<string> {
  cpSync(dirname(dirname(dirname(await builtMain()))), join(folder, 'dist'), { recursive: true });
  for (const name of ['package.json', 'runtime/backends/native', 'templates', 'witx'])
    cpSync(join(packageRoot(), name), join(folder, name), { recursive: true });
  symlinkSync(join(packageRoot(), 'node_modules'), join(folder, 'node_modules'));
  return join(folder, 'dist/generator/cli/main.js');
}

function binaryIn(folder: string): string {
  const path = join(folder, PREBUILDS, `${process.platform}-${process.arch}`);
  mkdirSync(path, { recursive: true });
  return join(path, BINARY);
}

describe('the option native', () => {
  it.for(['on', '', null, true, 1])('%o is refused', (native) => {
    expect(() => createWasiCrypto({ native } as unknown as WasiCryptoOptions)).toThrow(ConfigurationError);
  });

  it('off: the report says so, and names the backend that is used instead', () => {
    const { backend, passedOver } = reportOf({ native: 'off' });
    expect(backend).toMatch(/^OpenSSL /);
    expect(passedOver?.join()).toMatch(/^native, OpenSSL .*: turned off by the option native$/);
  });

  it('policy.backends refuses it, and refuses what is no backend', () => {
    const { backend, passedOver } = reportOf({ policy: { backends: ['openssl'] } });
    expect(backend).toMatch(/^OpenSSL /);
    expect(passedOver?.join()).toMatch(/not in the list of allowed backends/);
    expect(() => createWasiCrypto({ policy: { backends: ['C'] } } as unknown as WasiCryptoOptions)).toThrow(
      /policy\.backends/,
    );
  });
});

describeWithNative('the native backend, where it is built', () => {
  it('is used by auto and required, and policy.backends can ask for it alone', () => {
    for (const options of [{}, { native: 'required' }, { policy: { backends: ['native'] } }] as const)
      expect(reportOf(options)).toMatchObject({ backend: expect.stringMatching(/^native, OpenSSL /) as string });
  });

  it('is not even loaded with off, or where the policy allows other backends only', async ({ folder }) => {
    const main = await builtMain();
    const script = join(folder, 'off.mjs');
    const runtime = join(dirname(dirname(dirname(main))), 'runtime/index.js');
    const text = `import { createWasiCrypto } from ${JSON.stringify(runtime)};
      createWasiCrypto(JSON.parse(process.argv[2])).capabilities();
      console.log(process.report.getReport().sharedObjects.some((each) => each.endsWith('${BINARY}')));`;
    writeFileSync(script, text);
    const loaded = async (options: WasiCryptoOptions): Promise<string> =>
      (await asProcess([JSON.stringify(options)], { main: script })).stdout.trim();
    expect(await loaded({ native: 'off' })).toBe('false');
    expect(await loaded({ policy: { backends: ['openssl', 'noble'] } })).toBe('false');
    expect(await loaded({ native: 'auto' })).toBe('true');
  });

  it('is required in vain where WASI_CRYPTO_NATIVE is off: no host, and a clear code', async ({ folder }) => {
    const main = await builtMain();
    const script = join(folder, 'required.mjs');
    const runtime = join(dirname(dirname(dirname(main))), 'runtime/index.js');
    const text = `import { createWasiCrypto } from ${JSON.stringify(runtime)};
      try { createWasiCrypto({ native: 'required' }); } catch (error) { console.log(error.code, error.message); }`;
    writeFileSync(script, text);
    expect((await asProcess([], { main: script, env: { WASI_CRYPTO_NATIVE: 'off' } })).stdout).toMatch(
      /^native-unavailable .*WASI_CRYPTO_NATIVE is off/,
    );
    expect((await asProcess([], { main: script })).stdout).toBe('');
  });

  it('outlives worker threads that are terminated while they use it', async () => {
    const main = await builtMain();
    const script = fileURLToPath(new URL('threads.mjs', import.meta.url));
    const outcome = await asProcess([dirname(dirname(dirname(main)))], { main: script });
    expect(outcome).toMatchObject({ code: 0, stderr: '', stdout: expect.stringMatching(/^ok: /) as string });
  });

  it('is not loaded under Node’s permissions, unless addons are allowed', async () => {
    const [major = 0] = process.versions.node.split('.').map(Number);
    const permission = [major < 23 ? '--experimental-permission' : '--permission', '--allow-fs-read=*'];
    const refused = await asProcess(['native', 'status'], { node: permission });
    expect(refused).toMatchObject({ code: 1, stdout: expect.stringContaining('addons is disabled') as string });
    const algorithms = await asProcess(['algorithms'], { node: permission });
    expect(algorithms).toMatchObject({ code: 0, stdout: expect.stringMatching(/yes +SHA-256 /) as string });
    const allowed = await asProcess(['native', 'status'], { node: [...permission, '--allow-addons'] });
    expect(allowed).toMatchObject({ code: 0, stdout: 'the native backend is in use\n' });
  });

  it('native status exits with 0, and with 1 where WASI_CRYPTO_NATIVE is off', async () => {
    expect(await asProcess(['native', 'status'])).toMatchObject({ code: 0, stdout: 'the native backend is in use\n' });
    const off = await asProcess(['native', 'status'], { env: { WASI_CRYPTO_NATIVE: 'off' } });
    expect(off).toMatchObject({ code: 1, stdout: expect.stringContaining('WASI_CRYPTO_NATIVE is off') as string });
  });
});

describe('a package', () => {
  it('without a binary says how to get one, and a file that is no library is refused', async ({ folder }) => {
    const main = await packageIn(folder);
    // Whoever runs the tests can have turned it off.
    const env = { WASI_CRYPTO_NATIVE: 'auto' };
    const without = await asProcess(['native', 'status'], { main, env });
    expect(without).toMatchObject({ code: 1, stdout: expect.stringContaining('native build') as string });
    writeFileSync(binaryIn(folder), 'no library');
    const broken = await asProcess(['native', 'status'], { main, env });
    expect(broken).toMatchObject({ code: 1, stdout: expect.stringContaining('not used') as string });
  });

  it('without a compiler cannot build: 2 and a hint, or one line and 0 if it is only wanted', async ({ folder }) => {
    const main = await packageIn(folder);
    const env = { CC: '/nonexistent' };
    const wanted = await asProcess(['native', 'build'], { main, env });
    expect(wanted.code).toBe(2);
    expect(wanted.stderr).toMatch(/hint: install one, or set CC/);
    const possible = await asProcess(['native', 'build', '--if-possible'], { main, env });
    expect(possible.code).toBe(0);
    expect(possible.stdout.trim().split('\n')).toHaveLength(1);
    expect(existsSync(binaryIn(folder))).toBe(false);
  });
});

describeWithNative('a package with a compiler', () => {
  it('refuses a binary with a symbol that this Node does not export; the report says which, and OpenSSL does the work', async ({
    folder,
  }) => {
    const main = await packageIn(folder);
    const build = join(folder, 'dist/runtime/backends/native/build.js');
    const script = join(folder, 'build.mjs');
    writeFileSync(
      script,
      `import { buildNative } from ${JSON.stringify(build)};
      buildNative(['-DEVP_MAC_fetch=EVP_of_another_OpenSSL']);`,
    );
    expect(await asProcess([], { main: script })).toMatchObject({ code: 0, stderr: '' });
    const env = { WASI_CRYPTO_NATIVE: 'auto' };
    const report = await asProcess(['algorithms', '--why'], { main, env });
    expect(report.code).toBe(0);
    expect(report.stdout).toMatch(
      /yes +SHA-256 +required +OpenSSL \S+ .*native, OpenSSL [^:]+: .*EVP_of_another_OpenSSL/,
    );
    expect(report.stdout).not.toMatch(/yes +\S+ +\w+ +native,/);
  });

  it('refuses a binary of another revision, and required fails with its reason', async ({ folder }) => {
    const main = await packageIn(folder);
    const build = join(folder, 'dist/runtime/backends/native/build.js');
    const script = join(folder, 'build.mjs');
    writeFileSync(
      script,
      `import { buildNative } from ${JSON.stringify(build)};
      buildNative(['-UREVISION', '-DREVISION=99']);
      const { createWasiCrypto } = await import(${JSON.stringify(join(folder, 'dist/runtime/index.js'))});
      try { createWasiCrypto({ native: 'required' }); } catch (error) { console.log(error.code); }`,
    );
    expect((await asProcess([], { main: script })).stdout).toBe('native-unavailable\n');
    const { code, stdout } = await asProcess(['native', 'status'], { main });
    expect(code).toBe(1);
    expect(stdout).toMatch(/another version/);
  });
});
