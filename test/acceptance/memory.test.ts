/** `wasi-crypto-gen/memory` in a bundle for browsers, run where there is nothing of Node. */
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { createContext, runInContext } from 'node:vm';
import { build } from 'esbuild';
import { expect, it, vi } from 'vitest';
import { generate } from '../../generator/memory.js';
import { builtMain } from '../cli/command-line.js';
import { projectRoot } from '../shared.js';

vi.setConfig({ testTimeout: 120_000 });

it('makes the same of definitions as here, for every target', async () => {
  const memory = resolve(await builtMain(), '../../memory.js');
  const bundle = await build({
    stdin: {
      contents: `import { generate } from ${JSON.stringify(memory)}; globalThis.generate = generate;`,
      resolveDir: projectRoot,
    },
    bundle: true,
    write: false,
    format: 'iife',
    platform: 'browser',
    target: 'es2022',
    logLevel: 'silent',
    // Builds for tests stand where no packages are found.
    nodePaths: [join(projectRoot, 'node_modules')],
  });
  const context = createContext({ TextEncoder, TextDecoder, URL, performance, setTimeout, clearTimeout, crypto });
  runInContext(bundle.outputFiles[0]?.text ?? '', context);
  const there = (context as { readonly generate: typeof generate }).generate;
  for (const [path, targets] of [
    [
      'test/abi/cases/everything.witx',
      ['typescript-host', 'assemblyscript-guest', 'c-guest', 'wit', 'markdown', 'html', 'overview'],
    ],
    ['test/abi/canonical/everything.wit', ['component-host', 'assemblyscript-guest', 'markdown', 'html', 'overview']],
  ] as const) {
    const files = { [path.replace(/^.*\//, '')]: readFileSync(join(projectRoot, path), 'utf8') };
    const [made, expected] = await Promise.all([
      there(files, { targets: [...targets] }),
      generate(files, { targets: [...targets] }),
    ]);
    expect(Object.keys(expected.files).length).toBeGreaterThan(10);
    expect({ ...made.files }).toEqual(expected.files);
  }
});
