/**
 * Calls to a thread that answers later, for callers that wait. Every call has a number, and an answer is taken only by the call
 * that has its number: one that was waited for in vain must not get the next call a stranger's rows.
 */
import { MessageChannel, receiveMessageOnPort, Worker, type MessagePort } from 'node:worker_threads';
import { canBeginThreads } from '../../backends/provider.js';
import { SecretsError } from '../store.js';

/**
 * What a program of a thread begins with: it defines `data`, which is what `ThreadCalls` was given, and `answer(id, body)`. Calls arrive
 * as messages of `parentPort`: `{ id, body }`.
 */
export const threadProlog = `
const { parentPort, workerData } = require('node:worker_threads');
const { data, port, signal } = workerData;
const answer = (id, body) => {
  port.postMessage({ id, body });
  Atomics.add(signal, 0, 1);
  Atomics.notify(signal, 0);
};
`;

interface Running {
  readonly thread: Worker;
  readonly port: MessagePort;
  /** Counts answers. */
  readonly signal: Int32Array;
}

export class ThreadCalls {
  readonly #program: string;
  readonly #data: (thread: number) => object;
  readonly #env: NodeJS.ProcessEnv;
  #running: Running | undefined;
  #threads = 0;
  #calls = 0;

  /**
   * @param program begins with `threadProlog`
   * @param data what a thread is given, by its number
   * @param env the thread's environment
   */
  constructor(program: string, data: (thread: number) => object, env: NodeJS.ProcessEnv) {
    this.#program = program;
    this.#data = data;
    this.#env = env;
  }

  /** @returns the answer; undefined: none came in time, and the thread is given up */
  call(body: object, milliseconds: number): unknown {
    const id = this.tell(body);
    const { port, signal } = this.#begun();
    const end = performance.now() + milliseconds;
    for (;;) {
      const before = Atomics.load(signal, 0);
      for (let got = receiveMessageOnPort(port); got !== undefined; got = receiveMessageOnPort(port)) {
        const message = got.message as { readonly id: number; readonly body: unknown };
        if (message.id === id) return message.body;
      }
      const left = end - performance.now();
      if (left <= 0 || Atomics.wait(signal, 0, before, left) === 'timed-out') break;
    }
    this.#end();
    return undefined;
  }

  /** Does not wait. @returns the number of the call */
  tell(body: object): number {
    this.#calls += 1;
    this.#begun().thread.postMessage({ id: this.#calls, body });
    return this.#calls;
  }

  /** Tells the thread something last, unless there is none. */
  close(last: object): void {
    if (this.#running === undefined) return;
    this.tell(last);
    this.#running = undefined;
  }

  #begun(): Running {
    if (this.#running !== undefined) return this.#running;
    if (!canBeginThreads()) throw new SecretsError('unavailable', 'OpenSSL has no randomness for a thread');
    this.#threads += 1;
    const { port1, port2 } = new MessageChannel();
    const signal = new Int32Array(new SharedArrayBuffer(4));
    const thread = new Worker(this.#program, {
      eval: true,
      workerData: { data: this.#data(this.#threads), port: port2, signal },
      transferList: [port2],
      // Flags of the host's process, such as loaders, are for its own code.
      execArgv: [],
      env: this.#env,
    });
    thread.unref();
    const running = { thread, port: port1, signal };
    const forget = (): void => {
      if (this.#running === running) this.#running = undefined;
    };
    thread.once('error', forget);
    thread.once('exit', forget);
    this.#running = running;
    return running;
  }

  #end(): void {
    void this.#running?.thread.terminate();
    this.#running = undefined;
  }
}
