/** A socket before that of a server, which can cut off a COMMIT: it runs in a thread, since callers wait. */
import { mkdtempSync } from 'node:fs';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';

/** What becomes of the next COMMIT, and then of new connections. */
const modes = ['pass', 'lose the commit', 'lose the answer', 'lose the answer, then refuse'] as const;

const program = `
const { createServer, connect } = require('node:net');
const { parentPort, workerData: { mode, from, to } } = require('node:worker_threads');
createServer((client) => {
  if (mode[1] === 1) return client.destroy();
  const server = connect(to);
  const end = () => { client.destroy(); server.destroy(); };
  let cutsAnswer = false;
  client.on('data', (bytes) => {
    const now = mode[0];
    if (now !== 0 && bytes.includes('COMMIT\\0')) {
      mode[0] = 0;
      if (now === 1) return end();
      cutsAnswer = true;
      mode[1] = now === 3 ? 1 : 0;
    }
    server.write(bytes);
  });
  server.on('data', (bytes) => (cutsAnswer ? end() : client.write(bytes)));
  for (const each of [client, server]) each.on('error', end).on('close', end);
}).listen(from, () => parentPort.postMessage('ready'));
`;

export interface Cut {
  /** Where its socket is. */
  readonly folder: string;
  next(mode: (typeof modes)[number]): void;
  end(): Promise<unknown>;
}

/** @param folder of the server's socket */
export async function cutBefore(folder: string): Promise<Cut> {
  const own = mkdtempSync('/tmp/wasi-crypto-gen-cut-');
  const mode = new Int32Array(new SharedArrayBuffer(8));
  const name = '.s.PGSQL.5432';
  const worker = new Worker(program, {
    eval: true,
    workerData: { mode, from: join(own, name), to: join(folder, name) },
  });
  await new Promise((resolve) => worker.once('message', resolve));
  return {
    folder: own,
    next: (chosen) => {
      mode[1] = 0;
      mode[0] = modes.indexOf(chosen);
    },
    end: () => worker.terminate(),
  };
}
