/**
 * `import primary: wasi:keyvalue/store;` imports an interface once more, under a name of its own: other
 * functions, and other resources, which the functions of the interface itself do not take. So does
 * `include … with { store as primary }`. From here on it is an interface that is written in the world.
 */
import type { Func, Module, Name, Param, Type, TypeDecl, Unit, World, WorldItem } from './model.js';
import { withParts, walk } from './visit.js';

/** The unit with an interface of its own for each that a world imports under another name. */
export function separateNamed(unit: Unit): Unit {
  const copies = new Copies();
  const packages = unit.packages.map(({ worlds, ...others }) => ({
    ...others,
    ...(worlds && { worlds: worlds.map((world) => copies.inWorld(world)) }),
  }));
  return { ...unit, packages };
}

/** One copy for each name: worlds that include others have the same. */
class Copies {
  readonly #byName = new Map<string, Module>();

  inWorld(world: World): World {
    return { ...world, imports: world.imports.map((item) => this.#item(item)) };
  }

  #item(item: WorldItem): WorldItem {
    if (item.kind === 'func' || item.form === 'path' || item.name === item.module.id) return item;
    const key = `${item.name} ${item.module.id}`;
    const module = this.#byName.get(key) ?? copyOf(item.module, item.name);
    this.#byName.set(key, module);
    return { ...item, form: 'inline', module };
  }
}

/** Types that lead to no resource of the interface are not copied: they stay the same for all. */
function copyOf(original: Module, wire: string): Module {
  const name: Name = { words: wire.toLowerCase().split('-'), wire, span: original.name.span };
  const types: TypeDecl[] = [];
  const funcs: Func[] = [];
  const copy: Module = { ...original, name, id: wire, types, funcs, constants: [] };
  const isCopied = resourceful(original);
  const known = new Map<TypeDecl, TypeDecl>();
  const declOf = (decl: TypeDecl): TypeDecl => {
    if (!isCopied(decl)) return decl;
    const made = known.get(decl) ?? { ...decl, module: copy, type: typeOf(decl.type) };
    known.set(decl, made);
    return made;
  };
  const typeOf = (type: Type): Type =>
    type.kind === 'ref' || type.kind === 'borrow' ? { ...type, decl: declOf(type.decl) } : withParts(type, typeOf);
  const paramOf = (param: Param): Param => ({ ...param, type: typeOf(param.type) });
  for (const decl of original.types) if (isCopied(decl)) types.push(declOf(decl));
  for (const func of original.funcs) {
    const { resource, ...others } = func;
    funcs.push({
      ...others,
      ...(resource && { resource: declOf(resource) }),
      params: func.params.map(paramOf),
      results: func.results.map(paramOf),
    });
  }
  return copy;
}

/** Whether a type leads to a resource that a module declares. */
function resourceful(module: Module): (decl: TypeDecl) => boolean {
  const known = new Map<TypeDecl, boolean>();
  const leads = (decl: TypeDecl): boolean => {
    if (decl.module !== module) return false;
    const found = known.get(decl) ?? (decl.type.kind === 'handle' || refersTo(decl.type, leads));
    known.set(decl, found);
    return found;
  };
  return leads;
}

function refersTo(type: Type, condition: (decl: TypeDecl) => boolean): boolean {
  let found = false;
  walk(type, (part) => {
    if (part.kind === 'ref' || part.kind === 'borrow') found ||= condition(part.decl);
  });
  return found;
}
