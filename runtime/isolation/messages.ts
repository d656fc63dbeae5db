/** What the two processes of an isolated host say to each other. */
import type { Capabilities } from '../index.js';
import type { CallEvent } from '../events.js';
import type { Usage } from '../meter.js';
import type { WasiCryptoOptions } from '../options.js';

/** The options of a host that are no functions or objects of the guest's process. */
export type SentOptions = Pick<WasiCryptoOptions, 'policy' | 'limits' | 'native'>;

/** The first message to the host's process. */
export interface Begin {
  readonly options: SentOptions;
  /** The address of a module whose default export is further options, or gives them. */
  readonly module: string | undefined;
  /** Whether the owner wants to hear of calls. */
  readonly events: boolean;
}

/** Its answer. */
export type Begun = { readonly totalBytes: number } | { readonly error: SentError };

/** An error as far as it crosses. */
export interface SentError {
  readonly name: string;
  readonly message: string;
  readonly code: string | undefined;
  readonly stack: string | undefined;
}

/** All of an error from before there were keys. */
export function sentError(error: unknown): SentError {
  if (!(error instanceof Error)) return { name: 'Error', message: String(error), code: undefined, stack: undefined };
  const code = 'code' in error && typeof error.code === 'string' ? error.code : undefined;
  return { name: error.name, message: error.message, code, stack: error.stack };
}

/** Without its message, which can quote secret bytes: those stay in the host's process. */
export function withoutMessage(error: unknown): SentError {
  const { name, code, stack = '' } = sentError(error);
  const message = 'an error inside the host, whose message stays in its process';
  const places = stack.split('\n').filter((line) => /^\s+at /.test(line));
  return { name, message, code, stack: [`${name}: ${message}`, ...places].join('\n') };
}

/** What a host's process says beside its answer. */
export type Note = { readonly error: SentError } | { readonly event: CallEvent };

/** What a message is: a call by the number of its function, or one of these. */
export const USAGE = -1;
export const CAPABILITIES = -2;
/** The last one. */
export const CLOSE = -3;

/** What these are answered. */
export interface Answers {
  readonly [USAGE]: Usage;
  readonly [CAPABILITIES]: Capabilities;
  readonly [CLOSE]: Usage;
}

/** How an answer to a call begins. */
export const RETURNED = 0;
export const THREW = 1;
