/**
 * What belongs to one guest instance.
 *
 * How to use it: every interface function and every state gets the context it works in. Names become
 * algorithms by `context.algorithms`, randomness comes from `context.random.bytes(n)`, sizes obey
 * `context.limits`, time is `context.now()` (whole seconds since 1970). Nothing here catches
 * what a computation throws: the bindings do, for every function, and ask `hosts/errnos.ts` what it is.
 */
import { HostUsageError } from '../templates/typescript-host/failure.js';
import { HandleBudget } from '../templates/typescript-host/handles.js';
import type { OperationContext } from './contracts/context.js';
import type { CallEvent } from './events.js';
import { fail, isFailure, type Failure } from './failures.js';
import type { Limits } from './limits.js';
import { Meter } from './meter.js';
import { KeyJobs } from './objects/key-jobs.js';
import { Policy, type PolicyRules } from './policy.js';
import { RandomSource, type RandomFill } from './random.js';
import { Algorithms } from './registry.js';
import { SecretsError, type SecretsErrorCode } from './secrets/store.js';
import type { Tenant } from './secrets/tenant.js';

export interface ContextParts {
  readonly rules: PolicyRules;
  /** Whether the native backend may be used. */
  readonly native: boolean;
  readonly limits: Limits;
  readonly random: RandomFill | undefined;
  /** Whether keys that take long are computed in the background. */
  readonly backgroundKeys: boolean;
  /** Milliseconds since 1970, as `Date.now`. */
  readonly clock: () => number;
  readonly onError: (error: unknown) => void;
  /** Undefined: nobody is told of calls. */
  readonly onEvent: ((event: CallEvent) => void) | undefined;
  /** Undefined: there is no secrets manager. */
  readonly secrets: Tenant | undefined;
}

/** Finds a range of guest memory again; faults with `guest_error` where it no longer lies inside. */
export type GuestRange = (pointer: number, length: number) => Uint8Array;

export class RuntimeContext implements OperationContext {
  readonly limits: Limits;
  readonly meter: Meter;
  /** Of all definitions that the guest imports. */
  readonly handles: HandleBudget;
  readonly policy: Policy;
  readonly algorithms: Algorithms;
  readonly random: RandomSource;
  /** Undefined: every key is computed while the guest waits. */
  readonly keyJobs: KeyJobs | undefined;
  readonly onEvent: ((event: CallEvent) => void) | undefined;
  /** Undefined: there is no secrets manager. */
  readonly secrets: Tenant | undefined;
  readonly #clock: () => number;
  readonly #onError: (error: unknown) => void;
  #guestRange: GuestRange | undefined;
  #closed = false;

  /** @param meter of the guest, where it has more than one context */
  constructor(parts: ContextParts, meter = new Meter(parts.limits)) {
    this.limits = parts.limits;
    this.meter = meter;
    this.handles = new HandleBudget(parts.limits.handles);
    this.policy = new Policy(parts.rules, parts.native);
    this.algorithms = new Algorithms(this.policy);
    this.keyJobs = parts.backgroundKeys ? new KeyJobs() : undefined;
    this.#clock = parts.clock;
    this.#onError = parts.onError;
    this.onEvent = parts.onEvent;
    this.secrets = parts.secrets;
    this.random = new RandomSource(parts.random, (error) => this.report(error));
  }

  /** Whole seconds since 1970. */
  now(): bigint {
    return BigInt(Math.floor(this.#clock() / 1000));
  }

  /** Tells the owner of the host what went wrong. Never throws: the guest must get its errno. */
  report(error: unknown): void {
    try {
      this.#onError(error);
    } catch {
      // The owner's hook failed: there is nobody left to tell.
    }
  }

  /**
   * The failure that whatever was thrown is for the guest. What OpenSSL refuses for reasons of its own is an
   * `algorithm_failure`, and the owner is told; everything else comes back as it is, and what is no failure
   * becomes an `internal_error` in the bindings.
   */
  judged(thrown: unknown): unknown {
    const failure = this.failureOf(thrown);
    if (failure !== undefined && failure !== thrown) this.report(thrown);
    return failure ?? thrown;
  }

  /** The same without telling anybody; undefined: an `internal_error`, or the bindings know what it is. */
  failureOf(thrown: unknown): Failure | undefined {
    if (isFailure(thrown)) return thrown;
    if (thrown instanceof SecretsError) return storeFailures[thrown.code];
    return isLibraryError(thrown) ? fail.AlgorithmFailure : undefined;
  }

  /** Memory that the guest lent by `options_set_guest_buffer`, as it is now. */
  guestRange(pointer: number, length: number): Uint8Array {
    if (this.#guestRange === undefined)
      throw new HostUsageError('not-attached', 'this context is connected to no guest memory');
    return this.#guestRange(pointer, length);
  }

  /** Connects the memory of the guest; the binding of an ABI does so. */
  useGuestRange(guestRange: GuestRange): void {
    this.#guestRange = guestRange;
  }

  /** Throws `invalid_handle` once the context is closed. Whatever makes objects out of nothing asks first. */
  requireOpen(): void {
    if (this.#closed) throw fail.InvalidHandle;
  }

  /** Whether the guest can do nothing any more. */
  get closed(): boolean {
    return this.#closed;
  }

  /** Nothing new can be made from now on. Existing objects are released with their handles. */
  close(): void {
    this.#closed = true;
    this.algorithms.close();
    this.keyJobs?.close();
    this.random.wipe();
  }
}

/** What a guest can know of a store's troubles. */
const storeFailures: { readonly [Code in SecretsErrorCode]?: Failure } = {
  full: fail.Overflow,
  'read-only': fail.ProhibitedOperation,
};

/** `node:crypto` names what comes from OpenSSL, and what it found wrong with an operation, by a code. */
function isLibraryError(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const code: unknown = 'code' in error ? error.code : undefined;
  return 'opensslErrorStack' in error || (typeof code === 'string' && /^ERR_OSSL_|^ERR_CRYPTO_\w*FAILED$/.test(code));
}
