/**
 * The fast path: jco hands a function that has `cabiLower` the core memory, the allocator and the
 * resource tables of a component, and gets a core function for them, which the component then calls
 * without any JavaScript of jco's between (jco's book, "Native bindings").
 */
import { HostUsageError } from '../typescript-host/failure.js';
import type { MemoryLike } from '../typescript-host/memory.js';
import { Guest, type Gate, type Realloc, type StringEncoding } from './guest.js';
import { cure, isTable, KindTable, TableGroup, type Entries } from './tables.js';

const cabiLower = Symbol.for('cabiLower');

/** What a component calls. */
export type CoreFunction = (...args: never[]) => number | bigint | void;

/** What is known of a function before any component imports it. */
export interface LowerableFunction {
  /** Names it for people and apart from others. */
  readonly id: string;
  /** The kinds of resources it mentions, each once. */
  readonly kinds: readonly string[];
  /** Those of which it returns new ones. */
  readonly makes: readonly string[];
  readonly needsMemory: boolean;
  readonly allocates: boolean;
  /** The core function for a guest. */
  readonly lower: (guest: Guest, table: (kind: string) => KindTable) => CoreFunction;
}

export class Lowering {
  readonly #enabled: boolean;
  readonly #gate: Gate;
  readonly #functions = new Map<string, LowerableFunction>();
  /** The functions that the component imports which is being instantiated, as far as that can be seen. */
  readonly #imported = new Set<string>();
  /** Those of them for which tables could be confused. */
  #unclear: ReadonlySet<string> | undefined;
  /** Whether the component's functions are being bound: the next import belongs to another one. */
  #binding = false;
  readonly #guests = new WeakMap<object, Guest[]>();
  readonly #groups = new WeakMap<object, TableGroup>();

  /** @param enabled whether there is a fast path at all */
  constructor(enabled: boolean, gate: Gate) {
    this.#enabled = enabled;
    this.#gate = gate;
  }

  /** The function, with its fast path. */
  lowerable<F extends (...args: never[]) => unknown>(func: F, lowerable: LowerableFunction): F {
    this.#functions.set(lowerable.id, lowerable);
    Object.defineProperty(func, cabiLower, { get: () => this.#lowerOf(lowerable) });
    return func;
  }

  /** An interface whose functions are noted as imported when they are read, which jco does before it binds any. */
  imports<T extends object>(interfaceId: string, members: T): T {
    const noted = {};
    for (const [name, member] of Object.entries(members)) {
      const get = (): unknown => {
        this.#note(`${interfaceId}#${name}`);
        return member;
      };
      Object.defineProperty(noted, name, { enumerable: true, get });
    }
    return noted as T;
  }

  /** The members of a resource's class count as imported with it: jco reads them too late. */
  #note(id: string): void {
    if (this.#binding) this.#imported.clear();
    this.#binding = false;
    this.#unclear = undefined;
    for (const each of this.#functions.keys()) if (each === id || each.startsWith(`${id}.`)) this.#imported.add(each);
  }

  #lowerOf(lowerable: LowerableFunction): ((options: unknown) => CoreFunction) | undefined {
    this.#binding = true;
    if (!this.#enabled) return undefined;
    this.#unclear ??= unclearFunctions([...this.#imported].flatMap((id) => this.#functions.get(id) ?? []));
    if (this.#unclear.has(lowerable.id)) return undefined;
    return (options) => this.#bind(lowerable, options);
  }

  #bind(lowerable: LowerableFunction, options: unknown): CoreFunction {
    const { memory, realloc, encoding, tables } = read(lowerable, options);
    const group = this.#groupOf([...tables, ...(memory === undefined ? [] : [memory])]);
    group.add(lowerable.kinds, tables);
    return lowerable.lower(
      this.#guestOf(memory, realloc, encoding),
      (kind) => new KindTable(() => this.#found(tables, group).find(kind)),
    );
  }

  /** The group that a function stands in by now. */
  #found(tables: readonly Entries[], group: TableGroup): TableGroup {
    const [first] = tables;
    return (first === undefined ? undefined : this.#groups.get(first)) ?? group;
  }

  /** The group of what functions share; groups that share become one. */
  #groupOf(shared: readonly object[]): TableGroup {
    const group = new TableGroup();
    for (const known of new Set(shared.flatMap((each) => this.#groups.get(each) ?? []))) group.merge(known);
    for (const each of [...shared, ...group.tables]) this.#groups.set(each, group);
    return group;
  }

  #guestOf(memory: MemoryLike | undefined, realloc: Realloc | undefined, encoding: StringEncoding): Guest {
    if (memory === undefined) return new Guest(undefined, realloc, encoding, this.#gate);
    const known = this.#guests.get(memory) ?? [];
    const found = known.find((guest) => guest.serves(realloc, encoding));
    if (found !== undefined) return found;
    const guest = new Guest(memory, realloc, encoding, this.#gate);
    this.#guests.set(memory, [...known, guest]);
    return guest;
  }
}

/** Gives a function the fast path of another. */
export function lowerAs(func: object, other: object): void {
  Object.defineProperty(func, cabiLower, { get: () => (other as { readonly [cabiLower]?: unknown })[cabiLower] });
}

/**
 * Functions for which tables could be confused: their kinds are mentioned by exactly the same
 * functions, and some function makes such resources. They take jco's own path, on which jco finds the
 * tables. Others then see fewer functions, so this is repeated until nothing changes.
 */
function unclearFunctions(imported: readonly LowerableFunction[]): ReadonlySet<string> {
  const made = new Set(imported.flatMap(({ makes }) => makes));
  let bound = imported;
  for (;;) {
    const confusable = new Set(
      confusableKinds(bound)
        .filter((kinds) => kinds.some((kind) => made.has(kind)))
        .flat(),
    );
    const left = bound.filter(({ kinds }) => !kinds.some((kind) => confusable.has(kind)));
    if (left.length === bound.length) break;
    bound = left;
  }
  return new Set(imported.filter((each) => !bound.includes(each)).map(({ id }) => id));
}

/** Groups of kinds that exactly the same functions mention. */
function confusableKinds(functions: readonly LowerableFunction[]): readonly (readonly string[])[] {
  const groups = new Map<string, string[]>();
  for (const kind of new Set(functions.flatMap(({ kinds }) => kinds))) {
    const users = functions
      .filter(({ kinds }) => kinds.includes(kind))
      .map(({ id }) => id)
      .join();
    groups.set(users, [...(groups.get(users) ?? []), kind]);
  }
  return [...groups.values()].filter((kinds) => kinds.length > 1);
}

interface Options {
  readonly memory: MemoryLike | undefined;
  readonly realloc: Realloc | undefined;
  readonly encoding: StringEncoding;
  readonly tables: readonly Entries[];
}

/** Judges what jco gave: nothing is taken for granted that another version of it could do otherwise. */
function read({ id, kinds, needsMemory, allocates }: LowerableFunction, options: unknown): Options {
  const given = (typeof options === 'object' && options !== null ? options : {}) as Readonly<Record<string, unknown>>;
  const { memory, realloc, stringEncoding = 'utf8', resourceTables = [] } = given;
  const require = (holds: boolean, what: string): void => {
    if (!holds) throw new HostUsageError('unknown-jco', `${id} was bound ${what}; ${cure}`);
  };
  require(isMemory(memory) || (memory === undefined && !needsMemory), 'without its memory');
  require(typeof realloc === 'function' || (realloc === undefined && !allocates), 'without an allocator');
  require(isEncoding(stringEncoding), `with the text encoding ${String(stringEncoding)}`);
  require(Array.isArray(resourceTables) && resourceTables.every(isTable), 'with resource tables of another form');
  const tables = resourceTables as readonly Entries[];
  require(new Set(tables).size === kinds.length, `with ${tables.length} resource tables in place of ${kinds.length}`);
  return {
    memory: memory as MemoryLike | undefined,
    realloc: realloc as Realloc | undefined,
    encoding: stringEncoding as StringEncoding,
    tables,
  };
}

function isMemory(value: unknown): value is MemoryLike {
  return Object.prototype.toString.call(value) === '[object WebAssembly.Memory]';
}

function isEncoding(value: unknown): value is StringEncoding {
  return value === 'utf8' || value === 'utf16' || value === 'compact-utf16';
}
