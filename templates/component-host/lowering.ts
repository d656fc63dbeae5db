/**
 * The fast path: jco hands a function that has `cabiLower` the core memory, the allocator and the
 * resource tables of a component, and gets a core function for them, which the component then calls
 * without any JavaScript of jco's between (jco's book, "Native bindings").
 */
import { HostUsageError, type Reporting } from '../typescript-host/failure.js';
import type { HostObject } from '../typescript-host/handles.js';
import { Making, type Makers } from '../typescript-host/late.js';
import type { GuestMemory, MemoryLike } from '../typescript-host/memory.js';
import { Guest, takeNew, type Gate, type Realloc, type StringEncoding } from './guest.js';
import { Owned, type Objects } from './objects.js';
import { absence, done, numberOfFailure, ok, trapped, type Answers } from './results.js';
import { cure, isTable, TableGroup, type Entries, type FindTable } from './tables.js';

const cabiLower = Symbol.for('cabiLower');

/** What jco calls, with JavaScript's values. */
export type JsFunction = (...args: unknown[]) => unknown;

/** Something by the names of a host's methods. */
type Methods = Readonly<Record<string, unknown>>;

/** What a component calls. */
export type CoreFunction = (...args: never[]) => number | bigint | void;

/** The same where all of its parameters are numbers. */
type NumbersFunction = (...args: number[]) => number | bigint | void;

/** The objects of each kind, by what a caller holds for them. */
type ObjectsOf<Held> = Readonly<Record<string, Objects<Held, HostObject>>>;

/** The one body of a function: it gets `from` what the caller holds, `owned` where it takes something over, and `take` last. */
type Call = (from: never, ...args: never[]) => unknown;

/** A function of an interface: `call` does it, on both paths; `lower` makes the core function around it. */
export interface Importable<Tables, Body, Core> {
  /** The kinds of resources it mentions. */
  readonly kinds?: { readonly [Kind in keyof Tables]?: 'given' | 'made' };
  /** What it needs of the guest beside memory; `nothing`: not even that. */
  readonly needs?: 'nothing' | 'allocator';
  /** Whether it takes something over: `call` then is given an `Owned`, and judges itself whether its method is there. */
  readonly owns?: boolean;
  /** The method of the host, if it is called otherwise; `false`: it needs none. */
  readonly method?: string | false;
  readonly call: Body;
  readonly lower: (call: Body, guest: Guest, from: Tables, memory: GuestMemory) => Core;
}

/** What is known of a function before any component imports it. */
interface LowerableFunction<Tables> {
  /** Names it for people and apart from others. */
  readonly id: string;
  /** The kinds of resources it mentions, each once. */
  readonly kinds: readonly string[];
  /** Those of which it returns new ones. */
  readonly makes: readonly string[];
  readonly needsMemory: boolean;
  readonly allocates: boolean;
  /** The core function for a guest. */
  readonly lower: (caller: Caller<Tables>) => CoreFunction;
}

/** A guest, and the tables of its component. */
interface Caller<Tables> {
  readonly guest: Guest;
  readonly from: Tables;
}

export interface LoweringParts<Tables> {
  /** Whether there is a fast path at all. */
  readonly enabled: boolean;
  readonly gate: Gate;
  /** Greatest length of a text that is decoded; undefined: any. */
  readonly longestText?: number | undefined;
  /** Told of bytes that the host returned, once a copy of them stands in guest memory. */
  readonly onCopied?: ((bytes: Uint8Array) => void) | undefined;
  readonly reporting: Reporting;
  /** What jco's own path finds objects by. */
  readonly resources: ObjectsOf<object>;
  /** What the fast path finds objects by. */
  readonly tablesOf: (find: FindTable) => Tables;
}

/** One interface as components import it. */
export class ImportedInterface<Tables extends ObjectsOf<number>> {
  readonly #id: string;
  readonly #lowering: Lowering<Tables>;
  readonly #parts: LoweringParts<Tables>;
  readonly #host: Methods;
  readonly #absent: Methods;
  /** What is known of functions, and their fast paths, once somebody imports them: by the names of members, those of a class by its name. */
  readonly #functions = new Map<string, (() => LowerableFunction<Tables>)[]>();

  constructor(id: string, lowering: Lowering<Tables>, parts: LoweringParts<Tables>, host: Methods, absent: Methods) {
    this.#id = id;
    this.#lowering = lowering;
    this.#parts = parts;
    this.#host = host;
    this.#absent = absent;
  }

  /**
   * The members for jco, made when they are read: guests import a few of them. They are noted as imported then, before jco
   * binds any. Those of a resource's class count as imported with it: jco reads them too late.
   */
  members<T extends object>(makers: Makers<T>): T {
    return new Proxy(
      makers,
      new Members<T>((name) => {
        this.#note(name);
      }),
    ) as unknown as T;
  }

  #note(name: string): void {
    this.#lowering.note((this.#functions.get(name) ?? []).map((prepare) => prepare()));
  }

  /** A function that answers failures by an errno. */
  fallible<Body extends Call>(
    name: string,
    answers: Answers,
    func: Importable<Tables, Body, NumbersFunction>,
  ): JsFunction;
  fallible<Body extends Call>(name: string, answers: Answers, func: Importable<Tables, Body, CoreFunction>): JsFunction;
  fallible<Body extends Call>(
    name: string,
    answers: Answers,
    func: Importable<Tables, Body, CoreFunction>,
  ): JsFunction {
    const { reporting } = this.#parts;
    const succeeded = (value: unknown): unknown => (value === undefined ? done : ok(value));
    const refused = (thrown: unknown): unknown => answers.failed[numberOfFailure(thrown, answers, reporting)];
    return this.#lowerable(name, func, succeeded, refused);
  }

  /** A function whose failures are traps. */
  trapping<Body extends Call>(name: string, func: Importable<Tables, Body, NumbersFunction>): JsFunction;
  trapping<Body extends Call>(name: string, func: Importable<Tables, Body, CoreFunction>): JsFunction;
  trapping<Body extends Call>(name: string, func: Importable<Tables, Body, CoreFunction>): JsFunction {
    const { reporting } = this.#parts;
    const refused = (thrown: unknown): never => {
      throw trapped(thrown, `${this.#id}#${name}`, reporting);
    };
    return this.#lowerable(name, func, (value) => value, refused);
  }

  /** The function that ends a resource; without answers its failures are traps. */
  closing(name: string, kind: keyof Tables & string, answers?: Answers): JsFunction {
    const kinds = { [kind]: 'given' } as { readonly [Each in keyof Tables]?: 'given' };
    const call = <Held>(from: Readonly<Record<keyof Tables & string, Objects<Held, unknown>>>, held: Held): void => {
      from[kind].close(held);
    };
    if (answers === undefined)
      return this.trapping(name, {
        kinds,
        needs: 'nothing',
        method: false,
        call,
        lower: (_call, guest, from) => {
          const table: Tables[typeof kind] = from[kind];
          return (index: number) => {
            guest.enter();
            try {
              table.close(index);
            } catch (thrown) {
              throw guest.trapped(thrown, `${this.#id}#${name}`);
            }
          };
        },
      });
    const { size } = answers;
    return this.fallible(name, answers, {
      kinds,
      method: false,
      call,
      lower: (_call, guest, from) => {
        const table: Tables[typeof kind] = from[kind];
        return (index: number, returned: number) => {
          guest.enterFor(returned, 2 * size, size);
          try {
            table.close(index);
            guest.done(returned);
          } catch (thrown) {
            guest.refuse(returned, size, thrown, answers);
          }
        };
      },
    });
  }

  /** The function for jco, with its fast path. */
  #lowerable<Body extends Call>(
    name: string,
    { kinds = {}, needs, owns, method, call, lower }: Importable<Tables, Body, CoreFunction>,
    succeeded: (value: unknown) => unknown,
    refused: (thrown: unknown) => unknown,
  ): JsFunction {
    const { gate, resources } = this.#parts;
    const body = call as unknown as JsFunction;
    const hosted = owns === true ? false : (method ?? name);
    const missing = () => (hosted === false ? undefined : absence(this.#host[hosted], this.#absent[hosted]));
    const func: JsFunction = (...args) => {
      gate.pass();
      const owned = owns === true ? new Owned() : undefined;
      try {
        const absent = missing();
        if (absent !== undefined) throw absent;
        return succeeded(
          owned === undefined ? body(resources, ...args, takeNew) : body(resources, owned, ...args, takeNew),
        );
      } catch (thrown) {
        return refused(thrown);
      } finally {
        owned?.end();
      }
    };
    let known: LowerableFunction<Tables> | undefined;
    const prepare = (): LowerableFunction<Tables> =>
      (known ??= this.#lowering.lowerable(func, {
        id: `${this.#id}#${name}`,
        kinds: Object.keys(kinds),
        makes: Object.entries(kinds).flatMap(([kind, use]) => (use === 'made' ? [kind] : [])),
        needsMemory: needs !== 'nothing',
        allocates: needs === 'allocator',
        lower: ({ guest, from }) => {
          const absent = missing();
          return lower(absent === undefined ? call : (refusing(absent) as Body), guest, from, guest.memory);
        },
      }));
    const dot = name.indexOf('.');
    const member = dot < 0 ? name : name.slice(0, dot);
    const others = this.#functions.get(member);
    if (others === undefined) this.#functions.set(member, [prepare]);
    else others.push(prepare);
    return func;
  }
}

class Members<T extends object> extends Making<T> {
  readonly #note: (name: string) => void;

  constructor(note: (name: string) => void) {
    super();
    this.#note = note;
  }

  override get(makers: Makers<T>, name: string | symbol): unknown {
    const value = super.get(makers, name);
    if (typeof name === 'string') this.#note(name);
    return value;
  }
}

export class Lowering<Tables extends ObjectsOf<number>> {
  readonly #parts: LoweringParts<Tables>;
  /** The functions that the component imports which is being instantiated, as far as that can be seen. */
  readonly #imported = new Set<LowerableFunction<Tables>>();
  /** Those of them for which tables could be confused. */
  #unclear: ReadonlySet<string> | undefined;
  /** Whether the component's functions are being bound: the next import belongs to another one. */
  #binding = false;
  readonly #callers = new WeakMap<object, readonly Caller<Tables>[]>();
  readonly #groups = new WeakMap<object, TableGroup>();

  constructor(parts: LoweringParts<Tables>) {
    this.#parts = parts;
  }

  /**
   * @param id the interface, as jco's output imports it
   * @param host the methods that answer it
   * @param absent those to treat as missing, and the failures that say so
   */
  interface(id: string, host: object, absent: object): ImportedInterface<Tables> {
    return new ImportedInterface(id, this, this.#parts, host as Methods, absent as Methods);
  }

  /** Gives a function its fast path. */
  lowerable(func: JsFunction, lowerable: LowerableFunction<Tables>): LowerableFunction<Tables> {
    Object.defineProperty(func, cabiLower, { get: () => this.#lowerOf(lowerable) });
    return lowerable;
  }

  /** Functions are read together. */
  note(functions: readonly LowerableFunction<Tables>[]): void {
    if (this.#binding) this.#imported.clear();
    this.#binding = false;
    this.#unclear = undefined;
    for (const each of functions) this.#imported.add(each);
  }

  #lowerOf(lowerable: LowerableFunction<Tables>): ((options: unknown) => CoreFunction) | undefined {
    this.#binding = true;
    if (!this.#parts.enabled) return undefined;
    this.#unclear ??= unclearFunctions([...this.#imported]);
    if (this.#unclear.has(lowerable.id)) return undefined;
    return (options) => this.#bind(lowerable, options);
  }

  #bind(lowerable: LowerableFunction<Tables>, options: unknown): CoreFunction {
    const given = read(lowerable, options);
    const { memory, tables } = given;
    const group = this.#groupOf([...tables, ...(memory === undefined ? [] : [memory])]);
    group.add(lowerable.kinds, tables);
    return lowerable.lower(this.#callerOf(given, group));
  }

  /** The group of what functions share; groups that share become one. */
  #groupOf(shared: readonly object[]): TableGroup {
    const group = new TableGroup();
    for (const known of new Set(shared.flatMap((each) => this.#groups.get(each) ?? []))) group.merge(known);
    for (const each of [...shared, ...group.tables]) this.#groups.set(each, group);
    return group;
  }

  #callerOf({ memory, realloc, encoding, tables }: Options, group: TableGroup): Caller<Tables> {
    const { gate, longestText, onCopied, reporting, tablesOf } = this.#parts;
    const [first] = tables;
    const known = memory === undefined ? [] : (this.#callers.get(memory) ?? []);
    const found = known.find(({ guest }) => guest.serves(realloc, encoding));
    if (found !== undefined) return found;
    // The group that its functions stand in by then.
    const find: FindTable = (kind) => (this.#groups.get(memory ?? first ?? group) ?? group).find(kind);
    const caller = {
      guest: new Guest({ memory, realloc, encoding, longestText, onCopied, gate, reporting }),
      from: tablesOf(find),
    };
    if (memory !== undefined) this.#callers.set(memory, [...known, caller]);
    return caller;
  }
}

/** A body that only refuses. */
function refusing(absent: unknown): Call {
  return () => {
    throw absent;
  };
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
type Mentions = Pick<LowerableFunction<never>, 'id' | 'kinds' | 'makes'>;

function unclearFunctions(imported: readonly Mentions[]): ReadonlySet<string> {
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
function confusableKinds(functions: readonly Mentions[]): readonly (readonly string[])[] {
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
function read(
  { id, kinds, needsMemory, allocates }: Omit<LowerableFunction<never>, 'lower'>,
  options: unknown,
): Options {
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
  require(new Set(tables).size ===
    kinds.length, `with ${String(tables.length)} resource tables in place of ${String(kinds.length)}`);
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
