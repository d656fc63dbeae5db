/** A part of a unit, by the names of its interfaces and functions. */
import type { DiagnosticBag } from '../diagnostics/diagnostic.js';
import { didYouMean } from '../diagnostics/suggest.js';
import { targetsFirst } from './graph.js';
import { placedFuncs, wireName } from './kinds.js';
import type { Func, Module, Unit, World, WorldItem } from './model.js';

export interface Selection {
  /** WIT: only this world, and what it needs. */
  readonly world?: string | undefined;
  /** Only these; all where there are none. */
  readonly include?: readonly string[] | undefined;
  readonly exclude?: readonly string[] | undefined;
}

/** The unit without the functions that were not chosen, and without the interfaces that nothing chosen needs. */
export function select(unit: Unit, { include = [], exclude = [] }: Selection, bag: DiagnosticBag): Unit {
  if (include.length + exclude.length === 0) return unit;
  const names = new Map(placedFuncs(unit).map(({ module, func }) => [func, namesOf(module, func)]));
  const all = [...names.values()].flat();
  for (const pattern of [...include, ...exclude]) {
    if (all.some((name) => matches(pattern, name))) continue;
    bag.report('unknown-selection', undefined, { pattern }, { hint: didYouMean(pattern, all) });
  }
  const isChosen = (func: Func): boolean => {
    const own = names.get(func) ?? [];
    const has = (patterns: readonly string[]): boolean =>
      patterns.some((pattern) => own.some((name) => matches(pattern, name)));
    return (include.length === 0 || has(include)) && !has(exclude);
  };
  return new Selecting(isChosen).unit(unit);
}

/** The unit with one world only: of its own interfaces, those that the world imports or exports, and what these use. */
export function onlyWorld(unit: Unit, name: string | undefined, bag: DiagnosticBag): Unit {
  if (name === undefined) return unit;
  const worlds = unit.packages.filter(({ isDependency }) => isDependency !== true).flatMap((each) => each.worlds ?? []);
  const world = worlds.find((each) => each.id === name) ?? worlds.find((each) => each.name.wire === name);
  if (world === undefined) {
    const names = worlds.map((each) => each.name.wire);
    const hint =
      unit.dialect === 'witx' ? 'WITX has none' : (didYouMean(name, names) ?? `worlds are ${names.join(', ')}`);
    bag.report('unknown-world', undefined, { world: name }, { hint });
    return unit;
  }
  const needed = new Set(targetsFirst(modulesOf([...world.imports, ...world.exports]), ({ uses }) => uses));
  const kept = new Set(targetsFirst([world], ({ includes }) => includes));
  const packages = unit.packages.map((each) =>
    each.isDependency === true
      ? each
      : {
          ...each,
          modules: each.modules.filter((module) => needed.has(module)),
          ...(each.worlds && { worlds: each.worlds.filter((own) => kept.has(own)) }),
        },
  );
  return { ...unit, packages };
}

/** `wasi:io/streams`, `streams`, and both with `#[method]…` or what that is in short. */
function namesOf(module: Module, func: Func): readonly string[] {
  const id = module.id.replace(/@.*$/, '');
  const member = wireName(func);
  const short = member.replace(/^\[constructor\](.*)$/, '$1.constructor').replace(/^\[\w+\]/, '');
  const modules = [...new Set([id, module.name.wire])];
  return [...modules, ...modules.flatMap((each) => [`${each}#${member}`, `${each}#${short}`])];
}

function matches(pattern: string, name: string): boolean {
  const parts = pattern.replace(/@[^#]*/, '').split('*');
  return new RegExp(`^${parts.map((part) => part.replace(/[^\w]/g, '\\$&')).join('.*')}$`).test(name);
}

class Selecting {
  readonly #isChosen: (func: Func) => boolean;
  readonly #modules = new Map<Module, Module>();
  readonly #worlds = new Map<World, World>();
  /** Those with functions that were chosen, and those whose types these use. */
  readonly #needed = new Set<Module>();

  constructor(isChosen: (func: Func) => boolean) {
    this.#isChosen = isChosen;
  }

  unit(unit: Unit): Unit {
    const worlds = unit.packages.flatMap((each) => each.worlds ?? []);
    const all = [
      ...unit.packages.flatMap(({ modules }) => modules),
      ...worlds.flatMap(({ root, imports, exports }) => [root, ...modulesOf([...imports, ...exports])]),
    ];
    for (const module of all.map((each) => this.#module(each))) if (module.funcs.length > 0) this.#need(module);
    const packages = unit.packages.map((each) => ({
      ...each,
      modules: each.modules
        .map((module) => this.#module(module))
        .filter((module) => this.#needed.has(module) || module.typesOnly),
      ...(each.worlds && { worlds: each.worlds.map((world) => this.#world(world)) }),
    }));
    return { ...unit, packages };
  }

  #need(module: Module): void {
    if (this.#needed.has(module)) return;
    this.#needed.add(module);
    for (const each of module.uses) this.#need(each);
  }

  #module(module: Module): Module {
    const known = this.#modules.get(module) ?? {
      ...module,
      funcs: module.funcs.filter(this.#isChosen),
      uses: module.uses.map((each) => this.#module(each)),
    };
    this.#modules.set(module, known);
    return known;
  }

  #world(world: World): World {
    const known = this.#worlds.get(world) ?? {
      ...world,
      root: this.#module(world.root),
      imports: this.#items(world.imports),
      exports: this.#items(world.exports),
      includes: world.includes.map((each) => this.#world(each)),
    };
    this.#worlds.set(world, known);
    return known;
  }

  #items(items: readonly WorldItem[]): readonly WorldItem[] {
    return items.flatMap((item): readonly WorldItem[] => {
      if (item.kind === 'func') return this.#isChosen(item.func) ? [item] : [];
      const module = this.#module(item.module);
      return this.#needed.has(module) ? [{ ...item, module }] : [];
    });
  }
}

function modulesOf(items: readonly WorldItem[]): readonly Module[] {
  return items.flatMap((item) => (item.kind === 'interface' ? [item.module] : []));
}
