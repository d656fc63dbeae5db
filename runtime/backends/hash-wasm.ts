/**
 * Argon2 and bcrypt of hash-wasm, whose functions return promises: they run in a thread of their own, for which the call
 * waits. The thread ends when it was idle for a second: with it ends the memory of its WebAssembly, which nobody else can wipe.
 * It ends by itself, since a program whose guest runs on does not come to its timers.
 */
import { createRequire } from 'node:module';
import { Worker } from 'node:worker_threads';
import { part } from '../bytes.js';
import type { Argon2Cost, BcryptCost, PasswordFunction } from '../contracts/primitives.js';
import { fail } from '../failures.js';
import { Unavailable, type Backend } from './backend.js';
import { nobleArgon2 } from './noble-argon2.js';
import { canBeginThreads } from './provider.js';

export const hashWasm: Backend = { kind: 'hash-wasm', name: 'hash-wasm 4.13.0' };

const resolve = createRequire(import.meta.url).resolve;

/** What crosses, from 4 on: password, salt, output. In the first 4 bytes the thread says how it went. */
interface Request {
  readonly shared: SharedArrayBuffer;
  /** File of the package. */
  readonly file: string;
  readonly name: 'argon2id' | 'bcrypt';
  readonly passwordLength: number;
  readonly saltLength: number;
  readonly outLength: number;
  readonly cost: Readonly<Record<string, number>>;
}

const HEADER = 4;
const WAITING = 0;
const DONE = 1;

const IDLE_MILLISECONDS = 1000;
/** What a thread does, in memory that it shares: it takes no more requests once it has ended. */
const IDLE = 0;
const BUSY = 1;
const ENDED = 2;

/** A program of its own, so that the thread loads nothing but what it needs, and bundlers find no file missing. */
const program = `
const { parentPort, workerData } = require('node:worker_threads');
const doing = new Int32Array(workerData);
let end;
parentPort.on('message', async ({ shared, file, name, passwordLength, saltLength, outLength, cost }) => {
  clearTimeout(end);
  const state = new Int32Array(shared, 0, 1);
  // Not in V8's heap, where short arrays are copied and never wiped.
  const given = new Uint8Array(new ArrayBuffer(passwordLength + saltLength));
  given.set(new Uint8Array(shared, ${HEADER}, given.length));
  let answer = 2;
  try {
    const [password, salt] = [given.subarray(0, passwordLength), given.subarray(passwordLength)];
    const result = await require(file)[name]({ password, salt, ...cost, outputType: 'binary' });
    new Uint8Array(shared, ${HEADER} + passwordLength + saltLength, outLength).set(result.subarray(0, outLength));
    result.fill(0);
    answer = ${DONE};
  } finally {
    given.fill(0);
    Atomics.store(doing, 0, ${IDLE});
    Atomics.store(state, 0, answer);
    Atomics.notify(state, 0);
    end = setTimeout(() => {
      if (Atomics.compareExchange(doing, 0, ${IDLE}, ${ENDED}) === ${IDLE}) process.exit();
    }, ${IDLE_MILLISECONDS});
  }
});
`;

/** Longer than the longest call that any limit of cost lets begin by far: who waits so long has lost the thread. */
const PATIENCE_MILLISECONDS = 600_000;
/** For the first, tiny call: where threads do not run while this one waits, that is known then. */
const TRIAL_MILLISECONDS = 10_000;

interface Thread {
  readonly worker: Worker;
  readonly doing: Int32Array<SharedArrayBuffer>;
}

let thread: Thread | undefined;

/** A thread that waits for a request. */
function waiting(): Worker {
  if (thread !== undefined && Atomics.compareExchange(thread.doing, 0, IDLE, BUSY) !== IDLE) thread = undefined;
  if (thread === undefined) {
    if (!canBeginThreads()) throw new Error('OpenSSL has no randomness for a thread');
    // Flags of the host's process, such as loaders, are for its own code.
    const doing = new Int32Array(new SharedArrayBuffer(4)).fill(BUSY);
    const worker = new Worker(program, { eval: true, execArgv: [], env: {}, workerData: doing.buffer });
    worker.unref();
    const made = { worker, doing };
    const forget = (): void => {
      if (thread === made) thread = undefined;
    };
    worker.once('error', forget);
    worker.once('exit', forget);
    thread = made;
  }
  return thread.worker;
}

/** Ends the thread, if there is one. */
function endThread(): Promise<unknown> {
  const ended = thread?.worker.terminate();
  thread = undefined;
  return Promise.resolve(ended);
}

function compute(
  file: string,
  name: Request['name'],
  cost: Request['cost'],
  password: Uint8Array,
  salt: Uint8Array,
  out: Uint8Array,
  patience: number,
): void {
  const [passwordLength, saltLength, outLength] = [password.length, salt.length, out.length];
  const shared = new SharedArrayBuffer(HEADER + passwordLength + saltLength + outLength);
  const bytes = new Uint8Array(shared);
  const state = new Int32Array(shared, 0, 1);
  try {
    bytes.set(password, HEADER);
    bytes.set(salt, HEADER + passwordLength);
    const request: Request = { shared, file, name, passwordLength, saltLength, outLength, cost };
    waiting().postMessage(request);
    Atomics.wait(state, 0, WAITING, patience);
    if (Atomics.load(state, 0) !== DONE) {
      void endThread();
      throw fail.AlgorithmFailure;
    }
    out.set(part(bytes, HEADER + passwordLength + saltLength, bytes.length));
  } finally {
    bytes.fill(0, HEADER);
  }
}

/** The file of a function, once a call succeeded. */
function tried(file: string, name: Request['name'], cost: Request['cost'], outLength: number): string {
  try {
    const path = resolve(file);
    const [bytes, out] = [new Uint8Array(16), new Uint8Array(outLength)];
    compute(path, name, cost, bytes, bytes, out, TRIAL_MILLISECONDS);
    return path;
  } catch (error) {
    throw new Unavailable(
      error === fail.AlgorithmFailure
        ? 'a thread for it does not run'
        : `it cannot be had: ${(error as Error).message}`,
    );
  }
}

function argon2Parameters({ memory, passes, lanes }: Argon2Cost, hashLength: number): Request['cost'] {
  return { memorySize: memory, iterations: passes, parallelism: lanes, hashLength };
}

/** Throws `Unavailable` where threads cannot be had. */
export function hashWasmArgon2(): PasswordFunction<Argon2Cost> {
  const trial = argon2Parameters({ memory: 8, passes: 1, lanes: 1 }, 32);
  const file = tried('hash-wasm/dist/argon2.umd.min.js', 'argon2id', trial, 32);
  return {
    derive(cost, password, salt, out) {
      // It refuses empty ones.
      if (password.length === 0) nobleArgon2().derive(cost, password, salt, out);
      else compute(file, 'argon2id', argon2Parameters(cost, out.length), password, salt, out, PATIENCE_MILLISECONDS);
    },
  };
}

/** A byte that is zero: bcrypt ends every password with one and repeats it, so that the empty one is the same. */
const terminator = new Uint8Array(1);

/** Throws `Unavailable` where threads cannot be had. */
export function hashWasmBcrypt(): PasswordFunction<BcryptCost> {
  const file = tried('hash-wasm/dist/bcrypt.umd.min.js', 'bcrypt', { costFactor: 4 }, 23);
  return {
    derive({ log }, password, salt, out) {
      const some = password.length === 0 ? terminator : password;
      compute(file, 'bcrypt', { costFactor: log }, some, salt, out, PATIENCE_MILLISECONDS);
    },
  };
}
