/**
 * The tables in which jco keeps what a component's handles stand for: pairs of numbers from the
 * second on, the first of a pair marked where it is free (and then part of the list of free ones),
 * the second the representation, marked where the component owns it. Every component has a table for
 * each kind of resource.
 */
import { faults, HostUsageError } from '../typescript-host/failure.js';
import type { HandleTable, HostObject } from '../typescript-host/handles.js';
import type { Objects } from './objects.js';
import { Trap } from './trap.js';

/** One of jco's tables. */
export type Entries = number[];

const MARK = 2 ** 30;

/** The versions of jco whose tables and calls these bindings were tried with. */
export const TESTED_JCO = '1.35';

/** What to do when something is not as the bindings know it. */
export const cure: string =
  `the fast path was tried with jco ${TESTED_JCO}: transpile with \`--import-bindings js\`, ` +
  'or turn the fast path off (`fastPath: false`)';

/** Finds the table of a kind, or, where several kinds cannot be told apart, theirs. */
export type FindTable = (kind: string) => Entries | readonly Entries[];

/** The objects of one kind by the handles of a component. Its table is found when it is first needed: only then all functions of the component are bound. */
export class KindTable<T extends HostObject> implements Objects<number, T> {
  readonly #kind: string;
  readonly #handles: HandleTable<T>;
  readonly #find: FindTable;
  #found: Entries | undefined;

  constructor(kind: string, handles: HandleTable<T>, find: FindTable) {
    this.#kind = kind;
    this.#handles = handles;
    this.#find = find;
  }

  get(handle: number): T {
    const object = this.#handles.get(this.#lent(handle));
    if (!object.live) throw faults.badHandle;
    return object;
  }

  close(handle: number): void {
    this.#handles.close(this.own(handle));
  }

  /** What a handle that was lent for the call stands for; faults on one that stands for nothing. */
  #lent(handle: number): number {
    const entries = this.#found ?? this.#entries();
    if (entries === undefined || !isLive(entries, handle)) throw faults.badHandle;
    return representation(entries, handle);
  }

  /** What a handle stands for that goes over to the host. The component's handle ends; traps on one that is not its own. */
  own(handle: number): number {
    const entries = this.#entries();
    const index = handle >>> 0;
    if (entries === undefined || !isLive(entries, handle)) throw new Trap(`unknown handle index ${String(index)}`);
    if (entries[2 * index] !== 0 || ((entries[2 * index + 1] as number) & MARK) === 0)
      throw new Trap('cannot give away a resource that is not owned, or is lent');
    entries[2 * index] = (entries[0] as number) | MARK;
    entries[0] = index | MARK;
    return representation(entries, handle);
  }

  room(count: number, total: number = count): this {
    this.#handles.room(count, total);
    return this;
  }

  /** A new handle that the component owns. */
  insert(object: T): number {
    const rep = this.#handles.insert(object);
    const entries = this.#entries();
    if (entries === undefined) throw ambiguous();
    const free = (entries[0] as number) & ~MARK;
    // jco takes the handles that it drops modulo 2^31, and notes them as they were: such a place does not exist.
    if (free <= 0 || 2 * free >= entries.length) {
      entries.push(0, rep | MARK);
      return entries.length / 2 - 1;
    }
    entries[0] = entries[2 * free] as number;
    entries[2 * free] = 0;
    entries[2 * free + 1] = rep | MARK;
    return free;
  }

  /** Undefined: it is one of several tables, but none of them ever had an entry. */
  #entries(): Entries | undefined {
    if (this.#found !== undefined) return this.#found;
    const found = this.#find(this.#kind);
    if (isEntries(found)) return (this.#found = found);
    if (found.some((entries) => entries.length > 2)) throw ambiguous();
    return undefined;
  }
}

function isEntries(found: Entries | readonly Entries[]): found is Entries {
  return typeof found[0] === 'number';
}

function isLive(entries: Entries, handle: number): boolean {
  const index = handle >>> 0;
  return index > 0 && 2 * index < entries.length && ((entries[2 * index] as number) & MARK) === 0;
}

function representation(entries: Entries, handle: number): number {
  return (entries[2 * (handle >>> 0) + 1] as number) & ~MARK;
}

/** Whether a value looks like a table that no handle was put into yet, or some were. */
export function isTable(value: unknown): value is Entries {
  return (
    Array.isArray(value) &&
    value.length >= 2 &&
    value.length % 2 === 0 &&
    typeof value[0] === 'number' &&
    (value[0] & MARK) !== 0 &&
    value[1] === 0
  );
}

function ambiguous(): HostUsageError {
  return new HostUsageError(
    'ambiguous-resources',
    'this component passes resources whose tables cannot be told apart, and shares its host with others: ' +
      'transpile it with `--instantiation` and give it a host of its own, or with `--import-bindings js`',
  );
}

/** A function as one component imports it. */
interface Bound {
  readonly kinds: readonly string[];
  readonly tables: readonly Entries[];
}

/**
 * The functions of one component, which share tables or memory. jco gives each function its tables
 * in an order of its own, so a table is found by the functions that have it: it belongs to the kind
 * that exactly these functions mention.
 */
export class TableGroup {
  #bound: Bound[] = [];

  add(kinds: readonly string[], tables: readonly Entries[]): void {
    this.#bound.push({ kinds, tables });
  }

  /** Takes over the functions of another group: they turned out to belong to the same component. */
  merge(other: TableGroup): void {
    if (other !== this) this.#bound = [...this.#bound, ...other.#bound];
  }

  get tables(): readonly Entries[] {
    return this.#bound.flatMap(({ tables }) => tables);
  }

  /** The table of a kind, or all that it could be. */
  find(kind: string): Entries | readonly Entries[] {
    const users = this.#users(({ kinds }) => kinds.includes(kind));
    const alike = new Set(
      this.#bound
        .flatMap(({ kinds }) => kinds)
        .filter((each) => this.#users(({ kinds }) => kinds.includes(each)) === users),
    );
    const found = [...new Set(this.tables)].filter(
      (entries) => this.#users(({ tables }) => tables.includes(entries)) === users,
    );
    if (found.length !== alike.size)
      throw new HostUsageError('unknown-jco', `the tables of a component do not match its functions; ${cure}`);
    const [only] = found;
    return found.length === 1 && only !== undefined ? only : found;
  }

  /** Which functions do, as a text to compare. */
  #users(does: (bound: Bound) => boolean): string {
    return this.#bound.flatMap((bound, index) => (does(bound) ? [index] : [])).join();
  }
}
