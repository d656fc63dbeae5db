/** How calls end, in the shapes that jco takes: `{ tag: 'ok', val }` and `{ tag: 'err', val }`. */
import { errnoOf, faults, trapOf, type Fault, type Reporting } from '../typescript-host/failure.js';
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

/** The success of functions that return nothing. */
export const done: Ok<undefined> = { tag: 'ok', val: undefined };

/** The failed results of an errno type, by its number: made once. */
export function errorsOf<E>(cases: Readonly<Record<string, E>>): readonly Err<E>[] {
  return Object.values(cases).map((val) => ({ tag: 'err', val }));
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

/** The errno of whatever ended a call. Traps go on through the guest. */
export function numberOfFailure(
  thrown: unknown,
  errnos: Readonly<Record<Fault, number>>,
  reporting: Reporting,
): number {
  if (thrown instanceof Trap) throw thrown;
  return errnoOf(thrown, errnos, reporting);
}

/** The failed result of whatever ended a call. */
export function failed<E>(
  thrown: unknown,
  errors: readonly Err<E>[],
  errnos: Readonly<Record<Fault, number>>,
  reporting: Reporting,
): Err<E> {
  return errors[numberOfFailure(thrown, errnos, reporting)] as Err<E>;
}

/** For functions that have no errno to return: what ends the guest's call. A failure is a trap; what the host threw by mistake goes on to its program. */
export function trapped(thrown: unknown, id: string, { failureOf }: Reporting): unknown {
  const known = failureOf(thrown);
  const ended = trapOf(known, id);
  return ended === known ? known : new Trap((ended as Error).message);
}
