/** The guest's side of an isolated host: what is asked of its process, and what it answers. */
import type { MemoryLike } from '../../templates/typescript-host/memory.js';
import type { CallEvent } from '../events.js';
import type { Capabilities } from '../index.js';
import type { Usage } from '../meter.js';
import { ConfigurationError } from '../options.js';
import { partsOf, type Core, type CoreFunction } from '../hosts/core-functions.js';
import {
  CAPABILITIES,
  CLOSE,
  THREW,
  USAGE,
  type Answers,
  type Begin,
  type Begun,
  type Note,
  type SentError,
} from './messages.js';
import { PipeClosed } from './pipes.js';
import type { HostProcess } from './process.js';

/** The process of a host that could not be started, or is there no more. */
export class IsolationError extends Error {
  override readonly name = 'IsolationError';
  /** Stable: `cannot-start`, `host-ended`. */
  readonly code: 'cannot-start' | 'host-ended';

  constructor(code: 'cannot-start' | 'host-ended', message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}

/** Whoever wants to hear. What they throw goes nowhere: the guest must get its errno. */
export interface Owner {
  readonly onError: (error: unknown) => void;
  readonly onEvent: ((event: CallEvent) => void) | undefined;
}

/** Processes whose hosts nobody can reach any more. */
const unreachable = new FinalizationRegistry<HostProcess>((process) => process.end());

export class Connection {
  readonly #process: HostProcess;
  readonly #owner: Owner;
  /** Undefined: calls are answered. */
  #end: 'closed' | 'ended' | undefined;
  /** What the guest held, and cost, when its host was closed. */
  #lastUsage: Usage | undefined;
  #totalBytes = 0;

  constructor(process: HostProcess, owner: Owner) {
    this.#process = process;
    this.#owner = owner;
    unreachable.register(this, process, this);
    const weak = new WeakRef(this);
    process.child.once('exit', () => {
      const connection = weak.deref();
      if (connection !== undefined) connection.#ended();
    });
  }

  /**
   * The first message. Errors: those of the host's process; `IsolationError` where it did not answer, and
   * `ConfigurationError` where its module took too long: the process is killed then, since it may never look at its pipe.
   */
  begin(begin: Begin, seconds = START_SECONDS): void {
    const { pipes, child } = this.#process;
    try {
      pipes.writeValue(begin);
      pipes.send();
      if (!this.#process.answersWithin(seconds * 1000)) {
        child.kill('SIGKILL');
        throw tooLate(begin, seconds);
      }
      const answer = pipes.readValue() as Begun;
      pipes.forget();
      if ('error' in answer) throw errorOf(answer.error);
      this.#totalBytes = answer.totalBytes;
    } catch (error) {
      this.#stop('closed');
      if (!(error instanceof PipeClosed)) throw error;
      throw new IsolationError(
        'cannot-start',
        'the process of the host ended before it answered: see what it printed',
        {
          cause: error,
        },
      );
    }
  }

  /** A call of the guest. Errors: where the stack of the guest's process ends, before the host is asked. */
  call(index: number, func: CoreFunction, args: readonly Core[], memory: MemoryLike): number {
    if (this.#end === 'closed') return func.errnos.badHandle;
    if (this.#end === 'ended') return func.errnos.internal;
    if (func.ranges === undefined) return func.errnos.absent;
    const { buffer } = memory;
    const parts = partsOf(func.ranges, args, buffer.byteLength);
    // What crosses is kept there while the call runs.
    if (parts.reduce((sum, { size }) => sum + size, 0) > this.#totalBytes) return func.errnos.overflow;
    needStack(...room);
    try {
      const { pipes } = this.#process;
      pipes.writeNumber(index);
      pipes.writeNumber(args.length);
      for (const arg of args) {
        pipes.writeNumber(typeof arg === 'bigint' ? 1 : 0);
        if (typeof arg === 'bigint') pipes.writeBigint(arg);
        else pipes.writeNumber(arg);
      }
      pipes.writeNumber(buffer.byteLength);
      for (const { start, size } of parts) pipes.writeBytes(new Uint8Array(buffer, start, size));
      pipes.send();
      const status = pipes.readNumber();
      const result = pipes.readNumber();
      const notes = pipes.readNumber() > 0 ? (pipes.readValue() as readonly Note[]) : [];
      for (const { start, size, written } of parts) if (written) pipes.readBytes(new Uint8Array(buffer, start, size));
      pipes.forget();
      for (const note of notes) this.#tell(note);
      return status === THREW ? func.errnos.internal : result;
    } catch (error) {
      // Whatever it was, what is in the pipes can no more be told apart.
      this.#ended(error);
      return func.errnos.internal;
    }
  }

  /** Errors: `IsolationError` where the process has ended. */
  usage(): Usage {
    return this.#lastUsage ?? this.#ask(USAGE);
  }

  /** Errors: `IsolationError` where there is no process any more. */
  capabilities(): Capabilities {
    return this.#ask(CAPABILITIES);
  }

  /** Returns when the process has wiped what it had. */
  close(): void {
    if (this.#end !== undefined) return;
    try {
      this.#lastUsage = this.#ask(CLOSE);
    } catch (error) {
      // The owner has been told.
      if (!(error instanceof IsolationError)) throw error;
    }
    this.#stop('closed');
  }

  #ask<Asked extends keyof Answers>(asked: Asked): Answers[Asked] {
    if (this.#end === 'closed') throw new IsolationError('host-ended', 'the host is closed');
    if (this.#end === 'ended') throw new IsolationError('host-ended', ENDED);
    const { pipes } = this.#process;
    try {
      pipes.writeNumber(asked);
      pipes.send();
      const answer = pipes.readValue() as Answers[Asked];
      pipes.forget();
      return answer;
    } catch (error) {
      this.#ended(error);
      throw new IsolationError('host-ended', ENDED, { cause: error });
    }
  }

  #tell(note: Note): void {
    if ('error' in note) {
      this.#report(errorOf(note.error));
      return;
    }
    try {
      this.#owner.onEvent?.(note.event);
    } catch (error) {
      this.#report(error);
    }
  }

  #report(error: unknown): void {
    try {
      this.#owner.onError(error);
    } catch {
      // The owner's hook failed: there is nobody left to tell.
    }
  }

  /** The process is there no more, or makes no sense any more. */
  #ended(cause?: unknown): void {
    if (this.#end !== undefined) return;
    this.#stop('ended');
    this.#report(new IsolationError('host-ended', `${ENDED}, and the keys of its guest with it`, { cause }));
  }

  #stop(end: 'closed' | 'ended'): void {
    if (this.#end !== undefined) return;
    this.#end = end;
    unreachable.unregister(this);
    this.#process.end();
  }
}

const ENDED = 'the process of the host has ended';

/** For what has no end in the module of an owner. A process takes a fifth of one. */
const START_SECONDS = 30;

function tooLate({ module }: Begin, seconds: number): Error {
  return module === undefined
    ? new IsolationError('cannot-start', `the process of the host did not answer within ${seconds} seconds`)
    : new ConfigurationError('invalid-option', `${module} gave no options within ${seconds} seconds`);
}

/**
 * 16 KiB of stack, more than what follows needs: were it to end in the middle of a message, the host would be lost.
 * Arguments take as much of it whether code is compiled or not.
 */
const room: readonly number[] = new Array<number>(2048).fill(0);

/** Throws where the stack has no room for its arguments. */
function needStack(..._room: readonly number[]): void {
  // They were passed.
}

function errorOf({ name, message, code, stack }: SentError): Error {
  if (name === 'ConfigurationError' && code !== undefined) return new ConfigurationError(code, message);
  return Object.assign(new Error(message), { name, ...(code === undefined ? {} : { code }), stack });
}
