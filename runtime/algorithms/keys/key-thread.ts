/**
 * Key pairs of `node:crypto`, computed by a thread that is there for one of them: those of the host's pool (libuv's, four)
 * stay free for what else the program does, and a guest cannot fill them.
 *
 * A thread that computes an RSA key cannot be stopped: `terminate` takes effect when OpenSSL is done (18 seconds for
 * RSA-8192, measured), and a process that exits meanwhile waits for it as well.
 */
import type { RSAKeyPairOptions } from 'node:crypto';
import { Worker } from 'node:worker_threads';
import { canBeginThreads } from '../../backends/provider.js';
import type { Job } from '../../contracts/keys.js';
import { fail } from '../../failures.js';

/** A program of its own, so that the thread loads nothing but what it needs, and bundlers find no file missing. */
const program = `
const { generateKeyPairSync } = require('node:crypto');
const { parentPort, workerData } = require('node:worker_threads');
const { privateKey } = generateKeyPairSync('rsa', workerData);
const bytes = new Uint8Array(new ArrayBuffer(privateKey.length));
bytes.set(privateKey);
privateKey.fill(0);
parentPort.postMessage(bytes, [bytes.buffer]);
`;

/** The private key in DER: wipe it. Errors: `rng_error`. */
export function generateInThread(settings: RSAKeyPairOptions<'der', 'der'>): Job<Uint8Array> {
  if (!canBeginThreads()) throw fail.RngError;
  // Flags of the host's process, such as loaders, are for its own code.
  const worker = new Worker(program, { eval: true, workerData: settings, execArgv: [], env: {} });
  // Nobody waits for a key that nobody may ask for again.
  worker.unref();
  const result = new Promise<Uint8Array>((resolve, reject) => {
    worker.once('message', resolve);
    worker.once('error', reject);
    worker.once('exit', () => reject(new Error('the thread that computes a key was stopped')));
  });
  return { result, stop: () => void worker.terminate() };
}
