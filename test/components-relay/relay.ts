/**
 * Guests without a guest: components whose core module only hands on what it imports, so that a test
 * calls a host as a component does, through what `jco transpile` makes of it, but from JavaScript.
 *
 *     const component = await relayComponent(projectRoot + 'witx/0.11', { bindings: 'hybrid' });
 *     const guest = component.instantiate(createWasiCrypto().component);
 *     guest.call('symmetric-state-open', 'SHA-256', undefined, undefined);   // { tag: 'ok', val: 1 }
 *     guest.drop('symmetric-state', 1);
 *
 * - `bindings: 'js'` goes through jco's own trampolines, `'hybrid'` through `cabiLower` where a
 *   function has it. A component is made once a process for the same options.
 * - `only` imports a part of the functions (and the drops of all resources they mention).
 * - `call` lowers arguments and lifts the result by the canonical plan, with the interpreter of
 *   `abi/canonical`; handles are the guest's numbers, everything else is in jco's conventions:
 *   `undefined` for `none`, `{ tag, val }` for variants and results, enums as strings, typed arrays for
 *   lists of numbers, `bigint` for `u64`. What a call allocated is freed before the next one.
 * - `run` makes calls as part of one call of the component's own export. For many calls in a row: outside
 *   of it jco's trampolines keep something of each call and get slower with every one (measured in 1.35:
 *   three times after 10 000). A trap inside ends the instance, as it does for every component.
 * - `core` has the raw core functions, for calls that no compiler makes; `memory`, `place` and
 *   `realloc` are there for the same purpose.
 */
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { componentEmbed, componentNew } from '@bytecodealliance/jco';
import { transpileBytes } from '@bytecodealliance/jco-transpile';
import { isCanonical, type CanonicalPlan, type PlannedUnit } from '../../generator/abi/plan.js';
import { allModules, handleKinds } from '../../generator/model/kinds.js';
import type { Module, TypeDecl, Unit } from '../../generator/model/model.js';
import { usedIn } from '../../generator/model/used.js';
import { Interpreter, type CoreFunction, type Encoding } from '../abi/canonical/interpret.js';
import { plannedUnit } from '../generated.js';
import { hostModule, relayModule, type Relayed } from './wasm.js';

export type { CoreFunction, Encoding as StringEncoding } from '../abi/canonical/interpret.js';

export interface RelayOptions {
  readonly bindings: 'js' | 'hybrid';
  /** The names of the functions to import; all when not given. */
  readonly only?: readonly string[];
  /** Default: `utf8`. */
  readonly stringEncoding?: Encoding;
}

export interface RelayComponent {
  /** @param imports what jco calls the import object: interfaces by their ids without version */
  instantiate(imports: object): RelayGuest;
}

type Realloc = (old: number, oldSize: number, align: number, size: number) => number;

/** The package that a definition file, or a folder of them, declares, as one text. */
function packageText(entry: string): string {
  const paths = statSync(entry).isDirectory()
    ? readdirSync(entry)
        .filter((name) => name.endsWith('.wit'))
        .toSorted()
        .map((name) => join(entry, name))
    : [entry];
  const texts = paths.map((path) => readFileSync(path, 'utf8'));
  const header = /^package [^;]+;$/m;
  return [header.exec(texts[0] ?? '')?.[0] ?? '', ...texts.map((text) => text.replace(header, ''))].join('\n');
}

const WORLD = 'relay-of-everything';
const made = new Map<string, Promise<RelayComponent>>();

/** A component that imports the functions of a package. */
export async function relayComponent(entry: string, options: RelayOptions): Promise<RelayComponent> {
  const key = JSON.stringify([entry, options.bindings, options.only, options.stringEncoding]);
  const known = made.get(key) ?? make(entry, options);
  made.set(key, known);
  return known;
}

async function make(entry: string, options: RelayOptions): Promise<RelayComponent> {
  const planned = plannedUnit('relay', entry);
  const functions = relayedFunctions(planned, options.only);
  const drops = handleKinds(planned.unit).map((kind) => relayedDrop(kind));
  const binary = relayModule([...functions.map(({ relayed }) => relayed), ...drops.map(({ relayed }) => relayed)], 4);
  const interfaces = hostModules(planned.unit).map((module) => `import ${module.name.wire};`);
  const embedded = await componentEmbed({
    binary,
    witSource: `${packageText(entry)}\nworld ${WORLD} { ${interfaces.join(' ')} export run: func(); }`,
    world: WORLD,
    stringEncoding: options.stringEncoding ?? 'utf8',
  });
  const { files } = await transpileBytes(await componentNew(embedded, []), {
    name: 'relay',
    instantiation: 'sync',
    importBindings: options.bindings,
    emitTypescriptDeclarations: false,
    wasiShim: false,
  });
  const { instantiate } = await loaded(files);
  const plans = new Map(functions.map(({ plan, relayed }) => [plan.wire, { plan, exported: relayed.exported }]));
  const dropNames = new Map(drops.map(({ kind, relayed }) => [kind.name.wire, relayed.exported]));
  const modules = new Map<string, WebAssembly.Module>();
  return {
    instantiate(imports) {
      const instances: WebAssembly.Instance[] = [];
      const exported = instantiate(
        (path) => {
          const module = modules.get(path) ?? new WebAssembly.Module(files[path] as Uint8Array<ArrayBuffer>);
          modules.set(path, module);
          return module;
        },
        imports,
        (module, importObject) => {
          const instance = new WebAssembly.Instance(module, importObject);
          instances.push(instance);
          return instance;
        },
      );
      const main = instances.find((instance) => 'functions' in instance.exports);
      if (main === undefined) throw new Error('jco instantiated no core module with a table of functions');
      return new RelayGuest(main.exports, exported.run, plans, dropNames, options.stringEncoding ?? 'utf8');
    },
  };
}

/** Interfaces that hosts answer. */
function hostModules(unit: Unit): readonly Module[] {
  const { imported } = usedIn(unit);
  return allModules(unit).filter((module) => imported.has(module));
}

function relayedFunctions(
  planned: PlannedUnit,
  only: readonly string[] | undefined,
): readonly { readonly plan: CanonicalPlan; readonly relayed: Relayed }[] {
  // What stands in worlds only has no name by which another world could import it.
  const modules = hostModules(planned.unit);
  const plans = [...planned.canonical.values()].filter(isCanonical).filter((plan) => modules.includes(plan.module));
  const missing = (only ?? []).filter((name) => !plans.some((plan) => plan.wire === name));
  if (missing.length > 0) throw new Error(`the package has no ${missing.join(', ')}`);
  return plans
    .filter((plan) => only === undefined || only.includes(plan.wire))
    .map((plan, index) => ({
      plan,
      relayed: { module: plan.module.id, name: plan.wire, signature: plan.imported, exported: `function-${index}` },
    }));
}

function relayedDrop(kind: TypeDecl): { readonly kind: TypeDecl; readonly relayed: Relayed } {
  const name = kind.name.wire;
  const signature = { params: [{ name: 'handle', type: 'i32' }], result: undefined } as const;
  return {
    kind,
    relayed: { module: kind.module.id, name: `[resource-drop]${name}`, signature, exported: `drop-${name}` },
  };
}

interface Transpiled {
  instantiate(
    getCoreModule: (path: string) => WebAssembly.Module,
    imports: object,
    instantiateCore: (module: WebAssembly.Module, imports: WebAssembly.Imports) => WebAssembly.Instance,
  ): { run(): void };
}

async function loaded(files: Readonly<Record<string, Uint8Array>>): Promise<Transpiled> {
  const folder = mkdtempSync(join(tmpdir(), 'wasi-crypto-gen-relay-'));
  writeFileSync(join(folder, 'package.json'), '{"type":"module"}');
  for (const [name, bytes] of Object.entries(files)) if (name.endsWith('.js')) writeFileSync(join(folder, name), bytes);
  try {
    return (await import(pathToFileURL(join(folder, 'relay.js')).href)) as Transpiled;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** What is below stays as it is: a null pointer, and room for results in memory. */
const HEAP_START = 4096;
const PAGE = 65_536;

export class RelayGuest {
  readonly memory: WebAssembly.Memory;
  /** The core functions by their names, `[method]…` and the like included. */
  readonly core: Readonly<Record<string, CoreFunction>>;
  /** The guest's allocator as the host calls it. Replace it to misbehave; `allocate` is what it was. */
  realloc: Realloc;
  /** How each function is called. */
  readonly plans: ReadonlyMap<string, CanonicalPlan>;
  /** Lowers arguments and lifts results, for tests that call `core`. */
  readonly values: Interpreter;
  readonly #drops: ReadonlyMap<string, CoreFunction>;
  readonly #enter: () => void;
  /** What the component's export does when it is called. */
  #body: () => void = () => {};
  #next = HEAP_START;

  constructor(
    exports: WebAssembly.Exports,
    enter: () => void,
    plans: ReadonlyMap<string, { readonly plan: CanonicalPlan; readonly exported: string }>,
    drops: ReadonlyMap<string, string>,
    encoding: Encoding,
  ) {
    this.memory = exports['memory'] as WebAssembly.Memory;
    this.core = Object.fromEntries([...plans].map(([wire, { exported }]) => [wire, exports[exported] as CoreFunction]));
    this.plans = new Map([...plans].map(([wire, { plan }]) => [wire, plan]));
    this.#drops = new Map([...drops].map(([wire, exported]) => [wire, exports[exported] as CoreFunction]));
    this.values = new Interpreter({
      memory: this.memory,
      encoding,
      allocate: (align, size) => this.allocate(size, align),
      fromHandle: (_kind, _ownership, handle) => handle,
      toHandle: (_kind, _ownership, handle) => handle as number,
    });
    this.realloc = (_old, _oldSize, align, size) => this.allocate(size, align);
    this.#enter = enter;
    const host = { realloc: (...args: Parameters<Realloc>) => this.realloc(...args), run: () => this.#body() };
    const functions = new WebAssembly.Instance(new WebAssembly.Module(hostModule()), { host });
    ['realloc', 'run'].forEach((name, index) =>
      (exports['functions'] as WebAssembly.Table).set(index, functions.exports[name]),
    );
  }

  /** Does something as part of one call of the component. */
  run<T>(body: () => T): T {
    const results: T[] = [];
    this.#body = () => void results.push(body());
    this.#enter();
    return results[0] as T;
  }

  /** Calls a function with values; the result is a value too, `undefined` if there is none. */
  call(name: string, ...args: readonly unknown[]): unknown {
    const plan = this.plans.get(name);
    const call = this.core[name];
    if (plan === undefined || call === undefined) throw new Error(`the component does not import ${name}`);
    this.reset();
    return this.values.call(plan, call, args);
  }

  /** Drops a handle, as the guest's language does when a resource goes out of scope. */
  drop(resource: string, handle: number): void {
    const drop = this.#drops.get(resource);
    if (drop === undefined) throw new Error(`the package has no resource ${resource}`);
    drop(handle);
  }

  /** Where the next block would begin. */
  get top(): number {
    return this.#next;
  }

  /** Forgets everything that was allocated. */
  reset(): void {
    this.#next = HEAP_START;
  }

  /** A block of the guest's memory, which grows when it is full. */
  allocate(size: number, align: number): number {
    const start = Math.ceil(this.#next / align) * align;
    this.#next = start + size;
    const lack = this.#next - this.memory.buffer.byteLength;
    if (lack > 0) this.memory.grow(Math.ceil(lack / PAGE));
    return start;
  }

  /** Copies bytes into the guest's memory; returns where. */
  place(bytes: Uint8Array): number {
    const start = this.allocate(bytes.length, 8);
    new Uint8Array(this.memory.buffer).set(bytes, start);
    return start;
  }

  bytes(pointer: number, length: number): Uint8Array {
    return new Uint8Array(this.memory.buffer, pointer >>> 0, length >>> 0).slice();
  }
}
