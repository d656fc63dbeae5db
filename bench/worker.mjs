// A worker of `workers.ts`: on every message it runs an operation for a while, and answers with operations a
// second. Plain JavaScript, since Node 20 loads no TypeScript in worker threads, even under tsx.
import { parentPort, workerData } from 'node:worker_threads';
import { createWasiCrypto } from '../dist/runtime/index.js';

const MILLISECONDS = 400;
const { module, operation, bytes } = workerData;
const unused = () => 0;
const host = createWasiCrypto();
const instance = new WebAssembly.Instance(module, {
  ...host.imports,
  wasi_snapshot_preview1: { clock_time_get: unused, fd_write: unused },
});
host.attach(instance);
const guest = instance.exports;
const index = Array.from({ length: guest.operations() }, (_, at) => at).find(
  (at) => text(guest.nameOf(at)) === operation,
);
expectSuccess(guest.prepare(index, bytes));
expectSuccess(guest.run(index, bytes > 0 ? 3000 : 100));
parentPort.on('message', () => {
  const start = performance.now();
  let count = 0;
  for (; performance.now() - start < MILLISECONDS; count += 20) expectSuccess(guest.run(index, 20));
  parentPort.postMessage((count * 1000) / (performance.now() - start));
});
parentPort.postMessage('ready');

function text(pointer) {
  const { buffer } = guest.memory;
  return Buffer.from(buffer, pointer, new DataView(buffer).getUint32(pointer - 4, true)).toString('utf16le');
}

function expectSuccess(errno) {
  if (errno !== 0) throw new Error(`${operation}: ${errno}`);
}
