// One guest, built twice and run twice: node examples/component-assemblyscript/run.mjs [MESSAGE]
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { componentize, transpile } from 'wasi-crypto-gen';
import { createWasiCrypto } from 'wasi-crypto-gen/runtime';

const folder = fileURLToPath(new URL('.', import.meta.url));
const dist = join(folder, 'dist');
const message = process.argv[2] ?? 'The quick brown fox jumps over the lazy dog.';
const require = createRequire(import.meta.url);

/** The output of a program of Node's. */
function run(program, args) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [program, ...args], { cwd: folder, encoding: 'utf8' });
  if (status !== 0) throw new Error(`${program} ended with ${status}:\n${stdout}${stderr}`);
  return stdout;
}

/** Compiled against the bindings of 0.10, for any host of WASI preview 1 with wasi-crypto. */
function asCoreModule() {
  run(require.resolve('assemblyscript/bin/asc.js'), []);
  const command = join(dirname(require.resolve('wasi-crypto-gen/package.json')), 'dist/generator/cli/main.js');
  return run(command, ['run', 'dist/core.wasm', message]);
}

/** Compiled against the bindings of 0.11, and called from JavaScript. */
async function asComponent() {
  const component = join(dist, 'report.component.wasm');
  const { ok, compiler, diagnostics } = await componentize({
    guest: join(folder, 'assembly/report.ts'),
    wit: join(folder, 'wit'),
    out: component,
  });
  if (!ok) throw new Error([compiler, ...diagnostics.map((each) => each.message)].join('\n'));
  await transpile({ component, out: dist, name: 'report', instantiation: 'sync' });
  const { instantiate } = await import('./dist/report.js');
  const crypto = createWasiCrypto();
  const guest = instantiate((path) => new WebAssembly.Module(readFileSync(join(dist, path))), crypto.component);
  const lines = guest.report(new TextEncoder().encode(message));
  crypto.close();
  return lines;
}

const core = asCoreModule();
process.stdout.write(`as a core module (wasi-crypto 0.10)\n${core}\n`);
const component = await asComponent();
process.stdout.write(`as a component (wasi-crypto 0.11)\n${component}`);
if (core !== component) throw new Error('they differ');
