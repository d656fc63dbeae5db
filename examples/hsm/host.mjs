// Runs the guest with an HSM: SoftHSM, with a token in a temporary folder.
//   node examples/hsm/host.mjs [TEXT]
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { WASI } from 'node:wasi';
import { memoryStore, openHsm, openKeyStore } from 'wasi-crypto-gen/keys';
import { createWasiCrypto } from 'wasi-crypto-gen/runtime';

const module = '/usr/lib/softhsm/libsofthsm2.so';
const PIN = '648219';

function missing() {
  if (!existsSync(module)) return `there is no ${module}: apt-get install softhsm2`;
  try {
    createRequire(import.meta.url).resolve('pkcs11js');
    return undefined;
  } catch {
    return 'pkcs11js is not installed: npm install pkcs11js';
  }
}

/** Makes an empty token. Your HSM has one, and its vendor's tools. */
function initialize(folder) {
  mkdirSync(join(folder, 'tokens'));
  process.env.SOFTHSM2_CONF = join(folder, 'softhsm2.conf');
  writeFileSync(process.env.SOFTHSM2_CONF, `directories.tokendir = ${folder}/tokens\nlog.level = ERROR\n`);
  execFileSync('softhsm2-util', ['--init-token', '--free', '--label', 'guests', '--pin', PIN, '--so-pin', '87654321']);
}

async function run(folder) {
  initialize(folder);
  const hsm = openHsm({ module, token: 'guests', pin: () => PIN, onError: (error) => console.error(error.message) });
  // The key of the store is wrapped inside, and guests' keys are made there.
  const store = openKeyStore({ records: memoryStore(), kek: hsm.createKeyEncryptionKey('store'), keepers: [hsm] });

  const wasi = new WASI({ version: 'preview1', args: ['hsm', ...process.argv.slice(2)] });
  const crypto = createWasiCrypto({ secrets: { store, tenant: 'example', keeper: hsm.name } });
  const wasm = await readFile(new URL('dist/guest.wasm', import.meta.url));
  const { instance } = await WebAssembly.instantiate(wasm, { ...crypto.imports, ...wasi.getImportObject() });
  crypto.attach(instance);
  process.exitCode = wasi.start(instance);
  crypto.close();

  const [key] = store.list();
  console.log(`kept      ${key.algorithm}, ${[...hsm.references()].length} key in the token`);
  store.close();
  hsm.close();
}

const reason = missing();
if (reason !== undefined) console.log(`skipped   ${reason}`);
else {
  const folder = mkdtempSync(join(tmpdir(), 'wasi-crypto-hsm-'));
  try {
    await run(folder);
  } finally {
    rmSync(folder, { recursive: true });
  }
}
