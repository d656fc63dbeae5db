// Builds the guest of a protocol both ways: as a core module for wasi-crypto 0.10, and as a component for 0.11.
import { mkdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import asc from 'assemblyscript/asc';
import { componentize, transpile } from 'wasi-crypto-gen';
import { createWasiCrypto } from 'wasi-crypto-gen/runtime';

const folder = fileURLToPath(new URL('.', import.meta.url));
const generated = join(dirname(createRequire(import.meta.url).resolve('wasi-crypto-gen/package.json')), 'generated');

export const protocols = ['hpke', 'oprf', 'bip340', 'noise', 'cpace'];

const built = new Map();

/**
 * Compiles a guest, once. Returns what makes instances of it, each with a host of its own: `core()` and `component()` have
 * the same functions, which take and return the same. What is refused is `null`.
 */
export function build(name) {
  if (!built.has(name)) built.set(name, compile(name));
  return built.get(name);
}

async function compile(name) {
  const dist = join(folder, 'dist', name);
  mkdirSync(dist, { recursive: true });
  return { core: await coreModule(name, dist), component: await asComponent(name, dist) };
}

async function coreModule(name, dist) {
  const wasm = join(dist, 'core.wasm');
  const { error, stderr } = await asc.main([
    join(folder, 'assembly', `${name}.ts`),
    ...['--outFile', wasm, '--optimizeLevel', '3', '--runtime', 'incremental'],
    // The script beside it passes bytes, texts and lists.
    ...['--bindings', 'raw'],
    ...['--path', join(generated, '0.10/assemblyscript-guest')],
    ...['--path', join(generated, 'extension-0.1/witx/assemblyscript-guest')],
  ]);
  const said = stderr.toString();
  if (error !== null || said !== '') throw new Error(`${name} does not compile:\n${said}`, { cause: error });
  const { instantiate } = await import(pathToFileURL(join(dist, 'core.js')).href);
  const module = await WebAssembly.compile(readFileSync(wasm));
  return async (options) => {
    const crypto = createWasiCrypto(options);
    const guest = await instantiate(module, crypto.imports);
    crypto.attach(guest.memory);
    return withoutUndefined(guest, crypto);
  };
}

async function asComponent(name, dist) {
  const component = join(dist, 'component.wasm');
  const { ok, compiler, diagnostics } = await componentize({
    guest: join(folder, 'assembly', `${name}.ts`),
    wit: join(folder, 'wit', `${name}.wit`),
    out: component,
  });
  const said = [compiler, ...diagnostics.map((each) => each.message)].filter((each) => each !== '').join('\n');
  if (!ok || said !== '') throw new Error(`${name} does not become a component:\n${said}`);
  await transpile({ component, out: dist, name: 'component', instantiation: 'sync' });
  const { instantiate } = await import(pathToFileURL(join(dist, 'component.js')).href);
  const modules = new Map();
  const moduleOf = (path) => {
    if (!modules.has(path)) modules.set(path, new WebAssembly.Module(readFileSync(join(dist, path))));
    return modules.get(path);
  };
  return async (options) => {
    const crypto = createWasiCrypto(options);
    return withoutUndefined(instantiate(moduleOf, crypto.component), crypto);
  };
}

/** The functions of a guest, of which nothing is `null` for both ABIs, and its host. */
function withoutUndefined(guest, crypto) {
  const it = { crypto };
  // Some are inherited.
  for (const name in guest)
    if (typeof guest[name] === 'function') it[name] = (...values) => guest[name](...values) ?? null;
  return it;
}
