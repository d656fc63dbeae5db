// Worker threads that use the native backend and are ended in the middle of it. Plain JavaScript, since Node 20 loads
// no TypeScript in worker threads. Run with the folder of the compiled runtime; prints `ok` and what it did.
import { once } from 'node:events';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads';

const folder = isMainThread ? process.argv[2] : workerData.folder;
const load = (file) => import(pathToFileURL(join(folder, file)).href);
const { createWasiCrypto } = await load('runtime/index.js');
const { nativeLibrary } = await load('runtime/backends/native/library.js');

const SIGNATURES = 0;
const SYMMETRIC = 1;

/** A guest without code. */
class Guest {
  constructor() {
    this.memory = new WebAssembly.Memory({ initial: 4 });
    this.host = createWasiCrypto({ native: 'required' });
    this.host.attach(this.memory);
    this.functions = Object.assign({}, ...Object.values(this.host.imports));
    this.view = new DataView(this.memory.buffer);
    this.bytes = new Uint8Array(this.memory.buffer);
    // No options.
    this.view.setUint32(8, 1, true);
  }

  call(name, ...args) {
    const errno = this.functions[name](...args, 0);
    if (errno !== 0) throw new Error(`${name}: errno ${errno}`);
    return this.view.getUint32(0, true);
  }

  text(value) {
    return [100, new TextEncoder().encodeInto(value, this.bytes.subarray(100)).written];
  }

  /** A little of everything, left open. */
  use() {
    const pair = this.call('keypair_generate', SIGNATURES, ...this.text('Ed25519'), 8);
    const state = this.call('signature_state_open', pair);
    const signature = this.call('signature_state_sign', state);
    const verification = this.call('signature_verification_state_open', this.call('keypair_publickey', pair));
    this.call('signature_verification_state_verify', verification, signature);
    const hash = this.call('symmetric_state_open', ...this.text('SHA-256'), 8, 8);
    this.call('symmetric_state_absorb', hash, 1000, 100_000);
    const options = this.call('options_open', SYMMETRIC);
    this.call('options_set', options, ...this.text('nonce'), 500, 12);
    const key = this.call('symmetric_key_generate', ...this.text('AES-256-GCM'), 8);
    this.view.setUint32(16, 0, true);
    this.view.setUint32(20, key, true);
    this.view.setUint32(24, 0, true);
    this.view.setUint32(28, options, true);
    const cipher = this.call('symmetric_state_open', ...this.text('AES-256-GCM'), 16, 24);
    this.call('symmetric_state_encrypt', cipher, 1000, 100_016, 1000, 100_000);
  }
}

if (!isMainThread) {
  const guest = new Guest();
  if (parentPort === null) throw new Error('a worker has a parent');
  guest.use();
  parentPort.postMessage('busy');
  // Until it is terminated, or for a while: then it ends with everything open.
  for (let count = 0; count < 100 || !workerData.ends; count += 1) guest.use();
} else {
  const ROUNDS = 4;
  const guest = new Guest();
  guest.use();
  const live = nativeLibrary().live();
  let [terminated, finished] = [0, 0];
  for (let round = 0; round < ROUNDS; round += 1) {
    const workers = [true, false, false].map(
      (ends) => new Worker(new URL(import.meta.url), { workerData: { folder, ends } }),
    );
    const ends = workers.map((worker) => once(worker, 'exit'));
    await Promise.all(workers.map((worker) => once(worker, 'message')));
    // In the middle of whatever they do.
    await new Promise((done) => setTimeout(done, 20 * round));
    for (const worker of workers.slice(1)) void worker.terminate();
    for (const [code] of await Promise.all(ends)) {
      if (code === 0) finished += 1;
      else terminated += 1;
    }
    guest.use();
  }
  guest.host.close();
  if (finished !== ROUNDS || terminated !== 2 * ROUNDS)
    throw new Error(`${finished} finished, ${terminated} were terminated`);
  if (nativeLibrary().live() >= live) throw new Error('objects are left of a host that was closed');
  console.log(`ok: ${terminated} workers terminated, ${finished} finished`);
}
