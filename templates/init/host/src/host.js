import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { WASI } from 'node:wasi';
import { createWasiCrypto } from 'wasi-crypto-runtime';

/**
 * Runs a guest that hashes.
 *
 * @param {Uint8Array} message at most 1024 bytes
 * @returns {Promise<Uint8Array>} its SHA-256
 */
export async function digestOf(message) {
  const wasi = new WASI({ version: 'preview1' });
  // One for each guest: nothing is shared between two. Limits bound what a guest can make the host keep.
  const crypto = createWasiCrypto({ limits: { totalBytes: 1_000_000 } });
  try {
    const bytes = await readFile(fileURLToPath(new URL('../build/guest.wasm', import.meta.url)));
    const { instance } = await WebAssembly.instantiate(bytes, { ...crypto.imports, ...wasi.getImportObject() });
    crypto.attach(instance); // before the guest's first call
    wasi.start(instance);
    const { memory, inputAddress, digestOf } = instance.exports;
    new Uint8Array(memory.buffer, inputAddress(), message.length).set(message);
    return new Uint8Array(memory.buffer, digestOf(message.length), 32).slice();
  } finally {
    crypto.close(); // wipes every key and state the guest left open
  }
}
