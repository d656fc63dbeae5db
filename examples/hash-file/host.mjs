// Runs the guest: WASI for files and printing, wasi-crypto for hashing.
//   node examples/hash-file/host.mjs [FILE]
import { readFile } from 'node:fs/promises';
import { WASI } from 'node:wasi';
import { createWasiCrypto } from 'wasi-crypto-gen/runtime';

const wasi = new WASI({
  version: 'preview1',
  args: ['hash-file', ...process.argv.slice(2)],
  preopens: { '.': process.cwd() },
});
const crypto = createWasiCrypto();

const wasm = await readFile(new URL('dist/guest.wasm', import.meta.url));
const { instance } = await WebAssembly.instantiate(wasm, { ...crypto.imports, ...wasi.getImportObject() });

crypto.attach(instance);
process.exitCode = wasi.start(instance);
crypto.close();
