// Runs the component on wasi-crypto in this process: node examples/component-javascript/run.mjs [MESSAGE]
import './build.mjs';
import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { transpile } from 'wasi-crypto-gen';
import { createWasiCrypto } from 'wasi-crypto-gen/runtime';

const folder = new URL('build/', import.meta.url);
await transpile({
  component: fileURLToPath(new URL('guest.component.wasm', folder)),
  out: fileURLToPath(folder),
  instantiation: 'sync',
});
const { instantiate } = await import('./build/guest.js');

const crypto = createWasiCrypto();
const coreModule = (path) => new WebAssembly.Module(readFileSync(new URL(path, folder)));
const guest = instantiate(coreModule, crypto.component);

const hex = (bytes) => Buffer.from(bytes).toString('hex');
const message = new TextEncoder().encode(process.argv[2] ?? 'The quick brown fox jumps over the lazy dog');
console.log(`digest    ${hex(guest.hash('SHA-256', message))}`);

const key = randomBytes(32);
const nonce = randomBytes(12);
const sealed = guest.seal(key, nonce, message);
console.log(`sealed    ${hex(sealed)}`);
console.log(`opened    ${new TextDecoder().decode(guest.open(key, nonce, sealed))}`);

sealed[0] ^= 1;
try {
  guest.open(key, nonce, sealed);
  console.log('tampered  accepted');
} catch (error) {
  console.log(`tampered  refused: ${error.payload}`);
}
crypto.close();
