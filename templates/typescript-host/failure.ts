/**
 * How calls fail. A host throws a `Failure`: one object an errno, made once and thrown again and
 * again. It is no `Error`, because capturing a stack costs twenty times the call it reports on.
 *
 * What is thrown says itself what it is: a program may hold more than one copy of this file, and
 * `instanceof` knows only one.
 */

/** The property that says so. */
const signal = 'wasi-crypto-gen.signal';

/** A failed call, as its errno. Throw the ones of `fail`; never make your own. */
export class Failure {
  readonly 'wasi-crypto-gen.signal' = 'failure';
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
  readonly 'wasi-crypto-gen.signal' = 'fault';
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
  readonly 'wasi-crypto-gen.signal' = 'usage';
  /** Stable. */
  readonly code: string;

  constructor(code: string, message: string) {
    super(message);
    this.code = code;
  }
}

/** What the bindings know how to end a call by. */
type Signal = Failure | FaultSignal | HostUsageError;

/** Whether something thrown is a signal, of this copy or another. */
export function isSignal(thrown: unknown): thrown is Signal {
  return typeof thrown === 'object' && thrown !== null && signal in thrown;
}

/** How calls that do not succeed are reported. */
export interface Reporting {
  /** Told about exceptions that are neither failures nor faults. */
  readonly onError: (error: unknown) => void;
  /** Turns what the host throws into a failure of these bindings; what it does not know it returns as it is. */
  readonly failureOf: (thrown: unknown) => unknown;
  /** Whether what the host threw leaves nothing in the buffers that the guest gave for results. */
  readonly clears: (thrown: unknown) => boolean;
}

/**
 * The errno of whatever ended a call. Anything but a `Failure` or a fault is a bug of the host: it
 * goes to `onError`, and the guest sees the errno of `internal`.
 */
export function errnoOf(
  thrown: unknown,
  errnos: Readonly<Record<Fault, number>>,
  { onError, failureOf }: Reporting,
): number {
  // What the bindings themselves threw needs no translation.
  const known = isSignal(thrown) ? thrown : failureOf(thrown);
  if (isSignal(known)) {
    switch (known[signal]) {
      case 'failure':
        return known.errno;
      case 'fault':
        return errnos[known.fault];
      case 'usage':
        throw known;
    }
  }
  onError(known);
  return errnos.internal;
}

/** For functions that have no errno to return: the error that ends the guest's call. */
export function trapOf(thrown: unknown, func: string): unknown {
  if (!isSignal(thrown) || thrown[signal] === 'usage') return thrown;
  const reason = thrown[signal] === 'fault' ? thrown.fault : thrown.reason;
  return new Error(`${func}: ${reason}, and the function has no errno to say so`);
}

/**
 * Refuses hosts with methods that take fewer parameters than they are given. TypeScript lets them pass, since they may
 * ignore the rest; so it does not tell of a parameter that a definition got at the end.
 */
export function checkParameters(
  hosts: object,
  counts: Readonly<Record<string, Readonly<Record<string, number>>>>,
): void {
  const fewer = Object.entries(counts).flatMap(([property, methods]) => {
    const host = (hosts as Readonly<Record<string, Readonly<Record<string, unknown>> | undefined>>)[property];
    return Object.entries(methods).flatMap(([name, count]) => {
      const method = host?.[name];
      if (typeof method !== 'function' || method.length >= count) return [];
      return [`${property}.${name} takes ${String(method.length)} of ${String(count)}`];
    });
  });
  if (fewer.length > 0)
    throw new HostUsageError(
      'fewer-parameters',
      `methods take fewer parameters than they are given: ${fewer.join(', ')}; name all of them, or set \`fewerParameters\` for methods that take them another way`,
    );
}
