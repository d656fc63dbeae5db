/**
 * A host in a process of its own, for guests that are core modules: the process that runs the guest never has a key. Calls cross by two
 * pipes while the guest waits. See docs/isolated-host.md for what it costs and when it pays.
 *
 * @module wasi-crypto-runtime/isolated
 */
import { isAbsolute } from 'node:path';
import { pathToFileURL } from 'node:url';
import { HostUsageError } from '../templates/typescript-host/failure.js';
import type { MemoryLike } from '../templates/typescript-host/memory.js';
import type { CallEvent } from './events.js';
import { memoryOf, type Attachable } from './hosts/attachable.js';
import type { Preview1Imports } from './hosts/preview1.js';
import type { Capabilities } from './index.js';
import { Connection, IsolationError } from './isolation/connection.js';
import { functions, type Core, type CoreFunction } from './hosts/core-functions.js';
import type { Begin, SentOptions } from './isolation/messages.js';
import { startProcess, type HostProcess } from './isolation/process.js';
import type { Usage } from './meter.js';
import { invalid, readFunction, requireKnown, type LimitOptions, type PolicyOptions } from './options.js';
import { consoleReports } from './reports.js';

export { IsolationError } from './isolation/connection.js';

export interface IsolatedOptions {
  readonly policy?: PolicyOptions | undefined;
  readonly limits?: LimitOptions | undefined;
  /** As for `createWasiCrypto`. Default: `auto`. */
  readonly native?: 'auto' | 'off' | 'required' | undefined;
  /**
   * A module in JavaScript that the host's process loads: its default export is further options of `createWasiCrypto`, or a function
   * that gives them or a promise of them, within 30 seconds of the start: the process is killed then, whatever it does. Stores of keys, clocks and sources of random bytes come from there, so that no secret is
   * in the guest's process. What stands here beside it comes first. A URL, or an absolute path.
   */
  readonly module?: URL | string | undefined;
  /**
   * Told what went wrong inside the host, and once, with code `host-ended`, when its process has ended before `close`. Errors that come from
   * there are copies without messages, which can quote secret bytes; an `onError` of `module` gets them whole. Default: as for `createWasiCrypto`.
   */
  readonly onError?: ((error: unknown) => void) | undefined;
  /** Told of each call of the guest, as for `createWasiCrypto`. Default: nobody is told. */
  readonly onEvent?: ((event: CallEvent) => void) | undefined;
  /** The environment of the host's process. Default: that of this process. */
  readonly env?: Readonly<Record<string, string | undefined>> | undefined;
  /** Flags of Node for the host's process, such as `--permission`. Default: none. */
  readonly execArgv?: readonly string[] | undefined;
}

/** A host for one guest instance, in a process of its own. */
export interface IsolatedWasiCrypto {
  /** For `WebAssembly.instantiate`, next to the guest's other imports. */
  readonly imports: Preview1Imports;
  /** Connects the guest's memory, as for `createWasiCrypto`. */
  attach(target: Attachable): void;
  /** What the host can do. Errors: `IsolationError` where its process has ended. */
  capabilities(): Capabilities;
  /** What the guest takes of the host now; after `close`, what it took then. Errors: `IsolationError` where its process has ended. */
  usage(): Usage;
  /** Of the host's process. */
  readonly pid: number;
  /** Wipes everything the guest holds, and ends the host's process. Later calls of the guest get `invalid_handle`. */
  close(): void;
  [Symbol.dispose](): void;
}

/**
 * Makes a host for one guest instance in a process of its own, and waits until it is there: about a fifth of a second, and
 * no longer than 30 seconds.
 *
 * Errors: `ConfigurationError` for an option that cannot be followed; `IsolationError` with code `cannot-start` where
 * there can be no such process, as on Windows, which has no named pipes for this.
 */
export function createIsolatedWasiCrypto(options: IsolatedOptions = {}): IsolatedWasiCrypto {
  const { onError = (error) => consoleReports.report(error), onEvent } = options;
  requireSound(options);
  const begin = beginOf(options);
  const process = started(options);
  const connection = new Connection(process, { onError, onEvent });
  connection.begin(begin);
  let memory: MemoryLike | undefined;
  const close = (): void => connection.close();
  return {
    imports: importsOf((index, func, args) => {
      if (memory === undefined)
        throw new HostUsageError(
          'not-attached',
          'the guest called its host before its memory was attached: see `attach`',
        );
      return connection.call(index, func, args, memory);
    }),
    attach(target) {
      const found = memoryOf(target);
      if (memory !== undefined && memory !== found)
        throw new HostUsageError(
          'already-attached',
          'a guest memory is already attached: make one host for each guest instance',
        );
      memory = found;
    },
    capabilities: () => connection.capabilities(),
    usage: () => connection.usage(),
    pid: process.child.pid ?? 0,
    close,
    [Symbol.dispose]: close,
  };
}

/** Errors: `ConfigurationError`. The rest is judged by the host's process. */
function requireSound(options: IsolatedOptions): void {
  requireKnown('', options, ['policy', 'limits', 'native', 'module', 'onError', 'onEvent', 'env', 'execArgv']);
  readFunction('onError', options.onError);
  readFunction('onEvent', options.onEvent);
  const { env, execArgv } = options;
  if (env !== undefined && (typeof env !== 'object' || (env as unknown) === null))
    throw invalid('env', env, 'an object of texts');
  if (execArgv !== undefined && !isTexts(execArgv)) throw invalid('execArgv', execArgv, 'a list of texts');
}

/** Errors: `IsolationError`. */
function started({ env = process.env, execArgv = [] }: IsolatedOptions): HostProcess {
  try {
    return startProcess({ env, execArgv });
  } catch (error) {
    throw new IsolationError(
      'cannot-start',
      `a host cannot have a process of its own here (${error instanceof Error ? error.message : String(error)}): it needs the command mkfifo, and leave to start processes`,
      { cause: error },
    );
  }
}

function isTexts(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.every((each) => typeof each === 'string');
}

/** Errors: `ConfigurationError`. */
function beginOf({ policy, limits, native, module, onEvent }: IsolatedOptions): Begin {
  const options: SentOptions = {
    ...(policy === undefined ? {} : { policy }),
    ...(limits === undefined ? {} : { limits }),
    ...(native === undefined ? {} : { native }),
  };
  return { options, module: module === undefined ? undefined : addressOf(module), events: onEvent !== undefined };
}

function addressOf(module: URL | string): string {
  if (module instanceof URL) return module.href;
  if (typeof module === 'string' && isAbsolute(module)) return pathToFileURL(module).href;
  if (typeof module === 'string' && URL.canParse(module)) return module;
  throw invalid('module', module, 'a URL or an absolute path');
}

function importsOf(call: (index: number, func: CoreFunction, args: readonly Core[]) => number): Preview1Imports {
  const modules: Record<string, Record<string, (...args: Core[]) => number>> = {};
  functions.forEach((func, index) => {
    (modules[func.module] ??= {})[func.name] = (...args) => call(index, func, args);
  });
  return {
    ...modules,
    /** As 0.9 spells it. */
    wasi_ephemeral_crypto_exernal_secrets: modules['wasi_ephemeral_crypto_external_secrets'],
    // The table was made of the same definitions as the type.
  } as unknown as Preview1Imports;
}
