// Runs the guest: WASI for printing and random numbers, wasi-crypto for the rest.
//   node examples/post-quantum/host.mjs [MESSAGE]
import { readFile } from 'node:fs/promises';
import { WASI } from 'node:wasi';
import { createWasiCrypto } from 'wasi-crypto-gen/runtime';

const wasi = new WASI({ version: 'preview1', args: ['post-quantum', ...process.argv.slice(2)] });
const crypto = createWasiCrypto();

const wasm = await readFile(new URL('dist/guest.wasm', import.meta.url));
const { instance } = await WebAssembly.instantiate(wasm, { ...crypto.imports, ...wasi.getImportObject() });

crypto.attach(instance);
process.exitCode = wasi.start(instance);
crypto.close();
