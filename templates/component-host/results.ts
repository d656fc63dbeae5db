/** How calls end, in the shapes that jco takes: `{ tag: 'ok', val }` and `{ tag: 'err', val }`. */
import { errnoOf, faults, trapOf, type Failure, type Fault, type Reporting } from '../typescript-host/failure.js';
import { Trap } from './trap.js';

export interface Ok<T> {
  readonly tag: 'ok';
  readonly val: T;
}

export interface Err<E> {
  readonly tag: 'err';
  readonly val: E;
}

/** What a function returns that can fail. Returned, not thrown: a throw costs thirty times as much. */
export type Result<T, E> = Ok<T> | Err<E>;

/** An optional value that may itself be optional. */
export type Option<T> = { readonly tag: 'none' } | { readonly tag: 'some'; readonly val: T };

export function ok<T>(val: T): Ok<T> {
  return { tag: 'ok', val };
}

export function err<E>(val: E): Err<E> {
  return { tag: 'err', val };
}

/** The success of functions that return nothing. */
export const done: Ok<undefined> = { tag: 'ok', val: undefined };

/** How calls answer the cases of a type of errnos. */
export interface Answers {
  /** The failed results, by number: made once. */
  readonly failed: readonly Err<unknown>[];
  /** The errno of each fault that the bindings find themselves. */
  readonly ofFault: Readonly<Record<Fault, number>>;
  /** The bytes of an errno in memory. */
  readonly size: 1 | 2;
}

export function answersOf(cases: Readonly<Record<string, unknown>>, ofFault: Readonly<Record<Fault, number>>): Answers {
  const failed = Object.values(cases).map((val) => ({ tag: 'err', val }) as const);
  return { failed, ofFault, size: failed.length > 256 ? 2 : 1 };
}

/** The number of each case: its place. */
export function numbersOf<Cases extends Readonly<Record<string, unknown>>>(
  cases: Cases,
): { readonly [Name in keyof Cases]: number } {
  return Object.fromEntries(Object.keys(cases).map((name, number) => [name, number])) as {
    readonly [Name in keyof Cases]: number;
  };
}

/** The case of a number that the guest gave. */
export function caseAt<T>(values: readonly T[], number: number): T {
  const value = values[number >>> 0];
  if (value === undefined) throw faults.badValue;
  return value;
}

/** The number of a case of an enum. */
export function numberOf<T extends string>(values: readonly T[], value: T): number {
  return known(values.indexOf(value), value);
}

/** The number of a case of a variant without payloads. */
export function numberOfTag<T extends string>(
  values: readonly { readonly tag: T }[],
  value: { readonly tag: T },
): number {
  return known(
    values.findIndex(({ tag }) => tag === value.tag),
    value.tag,
  );
}

function known(number: number, name: string): number {
  if (number < 0) throw new TypeError(`the host returned the case '${name}', which the definition does not have`);
  return number;
}

/** Why a method cannot be called: its host lacks it, or treats it as missing. */
export function absence(method: unknown, absent: unknown): unknown {
  return absent ?? (method ? undefined : faults.absent);
}

/** Ends the call if its method cannot be called. */
export function present(method: unknown, absent: Failure | undefined): void {
  const missing = absence(method, absent);
  if (missing !== undefined) throw missing;
}

/** The errno of whatever ended a call. Traps go on through the guest. */
export function numberOfFailure(thrown: unknown, { ofFault }: Answers, reporting: Reporting): number {
  if (thrown instanceof Trap) throw thrown;
  return errnoOf(thrown, ofFault, reporting);
}

/** For functions that have no errno to return: what ends the guest's call. A failure is a trap; what the host threw by mistake goes on to its program. */
export function trapped(thrown: unknown, id: string, { failureOf }: Reporting): unknown {
  const known = failureOf(thrown);
  const ended = trapOf(known, id);
  return ended === known ? known : new Trap((ended as Error).message);
}
