/** What importing the runtime loads, and that hosts can be bundled. */
import { rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { build } from 'esbuild';
import { describe, expect } from 'vitest';
import { packageRoot } from '../../runtime/backends/package-root.js';
import { asProcess, builtMain, it } from '../cli/command-line.js';

async function builtRuntime(): Promise<string> {
  return join(dirname(dirname(dirname(await builtMain()))), 'runtime/index.js');
}

/** Prints the address of every module that is imported. */
const hook = `data:text/javascript,${encodeURIComponent(`
  import { register } from 'node:module';
  register('data:text/javascript,' + encodeURIComponent(\`
    import { writeSync } from 'node:fs';
    export function load(url, context, next) { writeSync(1, url + '\\\\n'); return next(url, context); }\`));`)}`;

describe('importing the runtime', () => {
  it('opens a handful of files, and none of noble', async ({ folder }) => {
    const script = join(folder, 'import.mjs');
    writeFileSync(script, `import ${JSON.stringify(await builtRuntime())};`);
    const { stdout, stderr, code } = await asProcess([], { main: script, node: ['--import', hook] });
    const files = stdout.split('\n').filter((url) => url.startsWith('file:') && !url.endsWith('/import.mjs'));
    expect(code, stderr).toBe(0);
    expect(files.length).toBeGreaterThan(0);
    expect(files.length).toBeLessThan(8);
    expect(files.filter((url) => url.includes('noble'))).toEqual([]);
  });
});

describe('a host in a bundle that leaves packages outside', () => {
  it('has all that it has otherwise, noble and the native backend included', async ({ folder }) => {
    const text = `import { createWasiCrypto } from ${JSON.stringify(await builtRuntime())};
      const used = ({ id, backend }) => id + ' ' + backend;
      const all = createWasiCrypto().capabilities().algorithms.map(used);
      const noble = createWasiCrypto({ policy: { backends: ['noble'] } }).capabilities().algorithms;
      console.log([...all, ...noble.map(used)].join('\\n'));`;
    const script = join(folder, 'host.mjs');
    const bundle = join(packageRoot(), '.tmp', `bundled-host-${process.pid}.mjs`);
    writeFileSync(script, text);
    await build({
      entryPoints: [script],
      outfile: bundle,
      bundle: true,
      format: 'esm',
      platform: 'node',
      packages: 'external',
    });
    const bundled = await asProcess([], { main: bundle });
    rmSync(bundle);
    expect(bundled).toEqual(await asProcess([], { main: script }));
    expect(bundled.code).toBe(0);
    expect(bundled.stdout).toMatch(/X-WING @noble/);
  });
});
