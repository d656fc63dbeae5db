/**
 * One host for each guest instance, instances in worker threads: nothing is shared, so throughput
 * should grow with the cores. `npm run bench:workers`.
 */
import { once } from 'node:events';
import { cpus } from 'node:os';
import { Worker } from 'node:worker_threads';
import { buildGuest } from './build-guest.js';
import { quick } from './quick.js';
import { machine } from './report.js';
import { spread } from './rounds.js';

/** What `worker.mjs` gets. */
interface Job {
  readonly module: WebAssembly.Module;
  readonly operation: string;
  readonly bytes: number;
}

const ROUNDS = quick ? 1 : 9;

async function answer(worker: Worker): Promise<unknown> {
  const [value] = (await once(worker, 'message')) as readonly unknown[];
  return value;
}

async function scaling(module: WebAssembly.Module, operation: string, bytes: number): Promise<void> {
  const workers = cpus().map(
    () =>
      new Worker(new URL('./worker.mjs', import.meta.url), { workerData: { module, operation, bytes } satisfies Job }),
  );
  await Promise.all(workers.map(answer));
  const gains: number[] = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    const one = await sum(workers.slice(0, 1));
    gains.push((await sum(workers)) / one);
  }
  const { median, low, high } = spread(gains);
  console.log(
    `${operation}${bytes > 0 ? `, ${bytes} bytes` : ''}: ${workers.length} instances do ${median.toFixed(2)} (${low.toFixed(2)}–${high.toFixed(2)}) times the work of one`,
  );
  await Promise.all(workers.map((worker) => worker.terminate()));
}

/** Operations a second of all workers together. */
async function sum(workers: readonly Worker[]): Promise<number> {
  const rates = workers.map(async (worker) => {
    worker.postMessage('go');
    return (await answer(worker)) as number;
  });
  return (await Promise.all(rates)).reduce((left, right) => left + right, 0);
}

console.log(machine().join('\n'));
const module = new WebAssembly.Module(Uint8Array.from(await buildGuest()));
await scaling(module, 'SHA-256', 64);
await scaling(module, 'SHA-256', 65_536);
await scaling(module, 'AES-256-GCM encrypt', 1024);
await scaling(module, 'Ed25519 sign', 0);
