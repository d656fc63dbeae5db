/**
 * What a world tells apart and a declaration does not. `import primary: wasi:keyvalue/store;` imports an
 * interface once more, under a name of its own: other functions, and other resources, which the functions of the
 * interface itself do not take. So does `include … with { store as primary }`; and a resource of an included world
 * that gets another name there is another resource. What a world exports is not what it imports, either: the
 * guest makes its resources. From here on each is a declaration of its own.
 */
import { Copies, type Home } from './copies.js';
import type { Func, Module, Name, TypeDecl, Unit, World, WorldInterface, WorldItem } from './model.js';

export function separate(unit: Unit): Unit {
  const separating = new Separating(unit);
  const packages = unit.packages.map(({ worlds, ...others }) => ({
    ...others,
    ...(worlds && { worlds: worlds.map((world) => separating.world(world)) }),
  }));
  return { ...unit, packages };
}

/** A module that is being filled. */
interface Draft extends Module {
  readonly types: TypeDecl[];
  readonly funcs: Func[];
}

class Separating {
  readonly #imported: ReadonlySet<Module>;
  /** One copy for each name: worlds that include others have the same. */
  readonly #byName = new Map<string, Module>();
  readonly #together = new Map<string, ReadonlyMap<Module, Module>>();
  readonly #worlds = new Map<World, World>();

  constructor(unit: Unit) {
    const items = unit.packages.flatMap(({ worlds = [] }) => worlds.flatMap((world) => world.imports));
    this.#imported = new Set(items.filter((item) => item.kind === 'interface').map((item) => item.module));
  }

  world(world: World): World {
    const known = this.#worlds.get(world);
    if (known !== undefined) return known;
    const renamed = this.#renamed(world);
    const separated = {
      ...renamed,
      imports: renamed.imports.map((item) => this.#import(item)),
      exports: this.#exports(renamed),
      includes: world.includes.map((each) => this.world(each)),
    };
    this.#worlds.set(world, separated);
    return separated;
  }

  /** Resources of included worlds that have another name in this one. */
  #renamed(world: World): World {
    const names = new Map<TypeDecl, Name>();
    for (const { decl, local, from } of world.root.usedTypes ?? []) {
      if (decl.type.kind === 'handle' && decl.module === from && isRoot(from, world) && local.wire !== decl.name.wire)
        names.set(decl, local);
    }
    if (names.size === 0) return world;
    const roots = new Set([...names.keys()].map((decl) => decl.module));
    const draft = draftOf(world.root, world.root.name, world.root.id);
    const home: Home = { module: draft, nameOf: (decl) => names.get(decl) ?? decl.name };
    // What leads to no renamed resource stays where it is.
    const copies: Copies = new Copies((decl) =>
      names.has(decl) || (decl.type.kind !== 'handle' && (roots.has(decl.module) || decl.module === world.root))
        ? home
        : undefined,
    );
    for (const decl of [...roots].flatMap((root) => root.types))
      if (copies.isCopied(decl)) draft.types.push(copies.decl(decl));
    draft.types.push(...world.root.types.map((decl) => copies.decl(decl)));
    const funcs = [...roots].flatMap((root) => root.funcs.filter(({ resource }) => resource && names.has(resource)));
    draft.funcs.push(...[...funcs, ...world.root.funcs].map((func) => copies.func(func)));
    const item = (each: WorldItem): WorldItem =>
      each.kind === 'func' && [...each.func.params, ...each.func.results].some(({ type }) => copies.refers(type))
        ? { ...each, func: copies.func(each.func) }
        : each;
    return { ...world, root: draft, imports: world.imports.map(item), exports: world.exports.map(item) };
  }

  #import(item: WorldItem): WorldItem {
    if (item.kind === 'func' || !isNamed(item)) return item;
    return { ...item, form: 'inline', module: this.#copy(item, item.name, wordsOf(item.name)) };
  }

  #exports({ exports }: World): readonly WorldItem[] {
    const interfaces = exports.filter((item) => item.kind === 'interface');
    const isBoth = interfaces.some(({ module }) => this.#imported.has(module) && hasResources(module));
    const homes = isBoth
      ? this.#exported(interfaces.filter(({ form }) => form !== 'inline'))
      : new Map<Module, Module>();
    return exports.map((item): WorldItem => {
      if (item.kind === 'func') return item;
      const module = homes.get(item.module);
      if (module !== undefined) return { ...item, form: 'inline', module };
      return isNamed(item)
        ? { ...item, form: 'inline', module: this.#copy(item, `export ${item.name}`, wordsOf(item.name)) }
        : item;
    });
  }

  /** What interfaces become that are exported together: they have resources in common. */
  #exported(interfaces: readonly WorldInterface[]): ReadonlyMap<Module, Module> {
    const key = interfaces
      .map(({ name }) => name)
      .sort()
      .join(' ');
    const known = this.#together.get(key);
    if (known !== undefined) return known;
    const homes = new Map(
      interfaces.map(({ module, name }) => [module, draftOf(module, exportedName(module), name)] as const),
    );
    const copies = new Copies((decl) => {
      const module = homes.get(decl.module);
      return module && { module };
    });
    for (const [module, draft] of homes) fill(draft, module, copies);
    this.#together.set(key, homes);
    return homes;
  }

  #copy({ module: original, name: id }: WorldInterface, key: string, words: readonly string[]): Module {
    const known = this.#byName.get(`${key} ${original.id}`);
    if (known !== undefined) return known;
    const draft = draftOf(original, { words, wire: id, span: original.name.span }, id);
    fill(draft, original, new Copies((decl) => (decl.module === original ? { module: draft } : undefined)));
    this.#byName.set(`${key} ${original.id}`, draft);
    return draft;
  }
}

function wordsOf(name: string): readonly string[] {
  return name.toLowerCase().split('-');
}

function isNamed({ form, name, module }: WorldInterface): boolean {
  return form !== 'path' && name !== module.id;
}

function isRoot(module: Module, { includes }: World): boolean {
  return includes.some((each) => each.root === module || isRoot(module, each));
}

function hasResources({ types }: Module): boolean {
  return types.some((decl) => decl.type.kind === 'handle');
}

function exportedName({ name }: Module): Name {
  return { ...name, words: ['exported', ...name.words] };
}

function draftOf(original: Module, name: Name, id: string): Draft {
  return { ...original, name, id, types: [], funcs: [], constants: [] };
}

function fill(draft: Draft, original: Module, copies: Copies): void {
  for (const decl of original.types) if (copies.isCopied(decl)) draft.types.push(copies.decl(decl));
  for (const func of original.funcs) draft.funcs.push(copies.func(func));
}
