/**
 * How calls fail. A host throws a `Failure`: one object an errno, made once and thrown again and
 * again. It is no `Error`, because capturing a stack costs twenty times the call it reports on.
 */

/** A failed call, as its errno. Throw the ones of `fail`; never make your own. */
export class Failure {
  readonly errno: number;
  /** The errno's name, for people. */
  readonly reason: string;

  constructor(errno: number, reason: string) {
    this.errno = errno;
    this.reason = reason;
  }
}

/** One `Failure` for each errno of an enum. */
export function failuresOf<Errnos extends Readonly<Record<string, number>>>(
  errnos: Errnos,
): { readonly [Name in keyof Errnos]: Failure } {
  const failures: Partial<Record<keyof Errnos, Failure>> = {};
  for (const [reason, errno] of Object.entries(errnos)) failures[reason as keyof Errnos] = new Failure(errno, reason);
  return failures as { readonly [Name in keyof Errnos]: Failure };
}

/** What the bindings themselves find wrong with a call; each definition says which errno that is. */
export type Fault =
  'badMemory' | 'badText' | 'badValue' | 'absent' | 'badHandle' | 'closedHandle' | 'tooManyHandles' | 'internal';

/** Thrown by the bindings: a fault on its way to its errno. */
export class FaultSignal {
  readonly fault: Fault;

  constructor(fault: Fault) {
    this.fault = fault;
  }
}

/** The faults, made once like the failures. */
export const faults: { readonly [Name in Fault]: FaultSignal } = {
  badMemory: new FaultSignal('badMemory'),
  badText: new FaultSignal('badText'),
  badValue: new FaultSignal('badValue'),
  absent: new FaultSignal('absent'),
  badHandle: new FaultSignal('badHandle'),
  closedHandle: new FaultSignal('closedHandle'),
  tooManyHandles: new FaultSignal('tooManyHandles'),
  internal: new FaultSignal('internal'),
};

/**
 * A mistake in how the host program uses the bindings, such as a guest called before its memory is
 * attached. It is thrown through the guest to the program that made it, never turned into an errno.
 */
export class HostUsageError extends Error {
  override readonly name = 'HostUsageError';
  /** Stable. */
  readonly code: string;

  constructor(code: string, message: string) {
    super(message);
    this.code = code;
  }
}

/**
 * The errno of whatever ended a call. Anything but a `Failure` or a fault is a bug of the host: it
 * goes to `onError`, and the guest sees the errno of `internal`.
 */
export function errnoOf(
  thrown: unknown,
  errnos: Readonly<Record<Fault, number>>,
  onError: (error: unknown) => void,
): number {
  if (thrown instanceof Failure) return thrown.errno;
  if (thrown instanceof FaultSignal) return errnos[thrown.fault];
  if (thrown instanceof HostUsageError) throw thrown;
  onError(thrown);
  return errnos.internal;
}

/** For functions that have no errno to return: the error that ends the guest's call. */
export function trapOf(thrown: unknown, func: string): unknown {
  if (thrown instanceof FaultSignal)
    return new Error(`${func}: ${thrown.fault}, and the function has no errno to say so`);
  if (thrown instanceof Failure) return new Error(`${func}: ${thrown.reason}, and the function has no errno to say so`);
  return thrown;
}
