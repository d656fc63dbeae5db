// Runs the guest on a store of keys in `dist/`, which is made at the first run: each run rotates the key once more.
//   node examples/managed-keys/host.mjs
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { WASI } from 'node:wasi';
import { createKeyFile, keyFromFile, openKeyStore, sqliteStore } from 'wasi-crypto-gen/keys';
import { createWasiCrypto } from 'wasi-crypto-gen/runtime';

const inDist = (name) => fileURLToPath(new URL(`dist/${name}`, import.meta.url));
if (!existsSync(inDist('kek'))) createKeyFile(inDist('kek'));
const store = openKeyStore({ records: sqliteStore(inDist('keys.db')), kek: keyFromFile(inDist('kek')) });
if (store.list({ tenant: 'shop' }).length === 0)
  store.provision({ tenant: 'shop', name: 'signing', algorithm: 'Ed25519' });

const wasi = new WASI({ version: 'preview1', args: ['managed-keys'] });
const crypto = createWasiCrypto({ secrets: { store, tenant: 'shop' } });
const wasm = await readFile(inDist('guest.wasm'));
const { instance } = await WebAssembly.instantiate(wasm, { ...crypto.imports, ...wasi.getImportObject() });
crypto.attach(instance);
process.exitCode = wasi.start(instance);
crypto.close();

for (const { sequence, actor, operation, version } of store.audit())
  console.log(`log ${sequence}: ${actor} ${operation}${version === undefined ? '' : ` version ${version}`}`);
store.close();
