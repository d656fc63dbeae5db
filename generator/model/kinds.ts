/**
 * Handle kinds and the classes derived from them. A handle kind is nominal: a typename whose body
 * is a handle founds one, as a WIT resource does; a typename of a typename is an alias. Every target
 * groups functions by the classes found here.
 */
import type { Func, Module, Type, TypeDecl, Unit, World } from './model.js';

/** Follows declared names to the type they stand for. */
export function resolve(type: Type): Exclude<Type, { kind: 'ref' }> {
  let current = type;
  while (current.kind === 'ref') current = current.decl.type;
  return current;
}

/** The declaration that a chain of aliases ends at: for `kx_keypair`, the one of `keypair`. */
export function founder(decl: TypeDecl): TypeDecl {
  let current = decl;
  while (current.type.kind === 'ref') current = current.type.decl;
  return current;
}

/** The handle kind a type stands for, if it is a handle, owned or borrowed. */
export function handleKind(type: Type): TypeDecl | undefined {
  if (type.kind === 'borrow') return founder(type.decl);
  if (type.kind !== 'ref') return undefined;
  const decl = founder(type.decl);
  if (decl.type.kind === 'borrow') return founder(decl.type.decl);
  return decl.type.kind === 'handle' ? decl : undefined;
}

/**
 * What is optional, if the type is an option: a WIT `option`, or a variant of two cases, `some` with
 * a payload and `none` without (WITX `opt_*`).
 */
export function optionPayload(
  type: Type,
): { readonly payload: Type; readonly someTag: number; readonly noneTag: number } | undefined {
  const target = resolve(type);
  if (target.kind === 'option') return { payload: target.payload, someTag: 1, noneTag: 0 };
  if (target.kind !== 'variant' || target.cases.length !== 2) return undefined;
  const some = target.cases.findIndex((each) => each.name.wire === 'some' && each.payload !== undefined);
  const none = target.cases.findIndex((each) => each.name.wire === 'none' && each.payload === undefined);
  const payload = target.cases[some]?.payload;
  return payload !== undefined && none >= 0 ? { payload, someTag: some, noneTag: none } : undefined;
}

/** All modules of a unit, in dependency order. What stands in worlds only is not among them. */
export function allModules(unit: Unit): readonly Module[] {
  return unit.packages.flatMap((each) => each.modules);
}

/** What the worlds of a unit hold themselves: their own types, and interfaces written in them. Each once, however often it is included. */
export function worldModules(unit: Unit): readonly Module[] {
  const worlds = unit.packages.flatMap((each) => each.worlds ?? []);
  const inline = (world: World): readonly Module[] =>
    [...world.imports, ...world.exports].flatMap((item) =>
      item.kind === 'interface' && item.form === 'inline' ? [item.module] : [],
    );
  return [...new Set(worlds.flatMap((world) => [world.root, ...inline(world)]))];
}

/** All functions of a unit, those of its worlds too, each with the module it stands in: for one of a world its root. */
export function placedFuncs(unit: Unit): readonly { readonly module: Module; readonly func: Func }[] {
  const placed = new Map<Func, Module>();
  for (const module of [...allModules(unit), ...worldModules(unit)])
    for (const func of module.funcs) placed.set(func, module);
  for (const world of unit.packages.flatMap((each) => each.worlds ?? [])) {
    for (const item of [...world.imports, ...world.exports]) {
      if (item.kind === 'func' && !placed.has(item.func)) placed.set(item.func, world.root);
    }
  }
  return [...placed].map(([func, module]) => ({ module, func }));
}

/** All functions of a unit, those of its worlds too. */
export function allFuncs(unit: Unit): readonly Func[] {
  return placedFuncs(unit).map(({ func }) => func);
}

/** The name of a function in the ABI: with its resource, if it belongs to one (Explainer.md, "Import and Export Definitions"). */
export function wireName(func: Func): string {
  if (func.resource === undefined) return func.name.wire;
  const resource = func.resource.name.wire;
  return func.kind === 'constructor' ? `[constructor]${resource}` : `[${func.kind}]${resource}.${func.name.wire}`;
}

/** All handle kinds of a unit, in order of declaration. */
export function handleKinds(unit: Unit): readonly TypeDecl[] {
  return allModules(unit).flatMap((module) => module.types.filter((decl) => decl.type.kind === 'handle'));
}

/** Where a function stands among the derived classes. */
export interface Membership {
  readonly func: Func;
  /** The class (a handle kind); `undefined`: a free function. */
  readonly owner: TypeDecl | undefined;
  /** The index of the parameter that is the receiver; `undefined`: static or free. */
  readonly receiver: number | undefined;
  /** The name inside the class: `symmetric_state_open` is `['open']`. */
  readonly words: readonly string[];
  /** The destructor: `<kind>_close` with the handle alone. */
  readonly closes: boolean;
}

function isPrefix(prefix: readonly string[], words: readonly string[]): boolean {
  return prefix.length < words.length && prefix.every((word, index) => words[index] === word);
}

/**
 * The longest kind name that prefixes a function's name is its class, and the receiver is the
 * first parameter of that kind, wherever it stands; without one it is static. With no such prefix
 * it is a method of the first handle's class under its full name (`kx_dh`); with neither, free.
 * What a WIT resource declares itself belongs to it.
 */
export function membership(func: Func, kinds: readonly TypeDecl[]): Membership {
  if (func.resource !== undefined) {
    return {
      func,
      owner: func.resource,
      receiver: func.kind === 'method' ? 0 : undefined,
      words: func.name.words,
      closes: false,
    };
  }
  let owner: TypeDecl | undefined;
  for (const kind of kinds) {
    if (isPrefix(kind.name.words, func.name.words) && kind.name.words.length > (owner?.name.words.length ?? 0))
      owner = kind;
  }
  const kindOf = func.params.map((param) => handleKind(param.type));
  if (owner !== undefined) {
    const receiver = kindOf.indexOf(owner);
    const words = func.name.words.slice(owner.name.words.length);
    const closes = words.length === 1 && words[0] === 'close' && func.params.length === 1 && receiver === 0;
    return { func, owner, receiver: receiver < 0 ? undefined : receiver, words, closes };
  }
  const receiver = kindOf.findIndex((kind) => kind !== undefined);
  return {
    func,
    owner: kindOf[receiver],
    receiver: receiver < 0 ? undefined : receiver,
    words: func.name.words,
    closes: false,
  };
}
