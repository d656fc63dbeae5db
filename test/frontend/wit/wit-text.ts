/**
 * Interfaces and worlds as WIT text, as the reference parser prints them once it has resolved them:
 * a second way from the model to something to compare, which shares nothing with our parser.
 */
import { isReserved } from '../../../generator/frontend/wit/tokens.js';
import type { Func, Module, Param, Type, TypeDecl, Unit, World, WorldItem } from '../../../generator/model/model.js';

/** By `namespace:package/name@version`: the items of an interface or world, sorted, since their order has no meaning. */
export type Blocks = ReadonlyMap<string, readonly string[]>;

/** A line and those that are indented below it. */
function itemsOf(lines: readonly string[]): readonly string[] {
  const items: string[] = [];
  for (const line of lines) {
    const isHead = /^ {2}[^ }]/.test(line);
    if (isHead) items.push(line);
    else if (items.length > 0) items.push(`${items.pop() ?? ''}\n${line}`);
  }
  return items.sort();
}

/** Docs are lost when a world is encoded; `@external-id` is kept in some places only. */
function isKept(line: string): boolean {
  return line.trim() !== '' && !/^\s*@external-id/.test(line);
}

/** The blocks of some printed packages. */
export function blocksOfText(texts: readonly string[]): Blocks {
  const blocks = new Map<string, readonly string[]>();
  for (const text of texts) {
    const [, id = '', version = ''] = /^package ([^@;]*)(@[^;]*)?;/m.exec(text) ?? [];
    for (const [, name = '', body = ''] of text.matchAll(/^(?:interface|world) (\S+) \{\n(.*?)^\}/gms)) {
      // `own<r>` is `r` in the model.
      const lines = body.replace(/\bown<(%?[\w-]+)>/g, '$1').split('\n');
      blocks.set(`${id}/${name}${version}`.replaceAll('%', ''), itemsOf(lines.filter(isKept)));
    }
  }
  return blocks;
}

const escaped = (name: string): string => (isReserved(name) ? `%${name}` : name);

function packageOf(id: string): string {
  return id.replace(/\/[^@]*/, '');
}

/** A path with its keywords marked. */
function escapedPath(id: string): string {
  const [, namespace = '', name = '', item = '', version = ''] = /^([^:]*):([^/]*)\/([^@]*)(@.*)?$/.exec(id) ?? [];
  return `${escaped(namespace)}:${escaped(name)}/${escaped(item)}${version}`;
}

class Writer {
  readonly #module: Module;
  readonly #home: string;
  readonly #roots: ReadonlySet<Module>;

  constructor(module: Module, home: string, roots: ReadonlySet<Module>) {
    this.#module = module;
    this.#home = home;
    this.#roots = roots;
  }

  /** The types that are written out here: own ones, and those of included worlds, which have no place to be taken from. */
  #declared(): readonly { readonly name: string; readonly decl: TypeDecl }[] {
    const taken = (this.#module.usedTypes ?? []).filter((each) => this.#roots.has(each.from));
    return [...this.#module.types.map((decl) => ({ name: decl.name.wire, decl })), ...taken.map(({ local, decl }) => ({ name: local.wire, decl }))];
  }

  #local(decl: TypeDecl): string {
    if (decl.module === this.#module) return escaped(decl.name.wire);
    const used = this.#module.usedTypes?.find((each) => each.decl === decl);
    if (used === undefined) throw new Error(`${decl.name.wire} is not seen in ${this.#module.id}`);
    return escaped(used.local.wire);
  }

  path(module: Module): string {
    return packageOf(module.id) === this.#home ? escaped(module.name.wire) : escapedPath(module.id);
  }

  type(type: Type): string {
    const optional = (part: Type | undefined): string => (part === undefined ? '' : `<${this.type(part)}>`);
    switch (type.kind) {
      case 'scalar':
        return type.scalar;
      case 'bool':
      case 'string':
      case 'error-context':
        return type.kind;
      case 'ref':
        return this.#local(type.decl);
      case 'borrow':
        return `borrow<${this.#local(type.decl)}>`;
      case 'list':
        return `list<${this.type(type.element)}${type.length === undefined ? '' : `, ${type.length}`}>`;
      case 'option':
        return `option<${this.type(type.payload)}>`;
      case 'map':
        return `map<${this.type(type.key)}, ${this.type(type.value)}>`;
      case 'tuple':
        return `tuple<${type.items.map((each) => this.type(each)).join(', ')}>`;
      case 'future':
      case 'stream':
        return type.kind + optional(type.payload);
      case 'result': {
        const { ok, error } = type;
        if (error === undefined) return `result${optional(ok)}`;
        return `result<${ok === undefined ? '_' : this.type(ok)}, ${this.type(error)}>`;
      }
      default:
        throw new Error(`${type.kind} has no name of its own`);
    }
  }

  #fields(params: readonly Param[]): string {
    return params.map((each) => `${escaped(each.name.wire)}: ${this.type(each.type)}`).join(', ');
  }

  /** `async func(…) -> …`, with the parameters that are written. */
  #signature(func: Func, word = 'func'): string {
    const written = func.kind === 'method' ? func.params.slice(1) : func.params;
    const [result] = func.results;
    return `${func.async === true ? 'async ' : ''}${word}(${this.#fields(written)})${result === undefined ? '' : ` -> ${this.type(result.type)}`}`;
  }

  func(func: Func, name = func.name.wire): string {
    return `${escaped(name)}: ${this.#signature(func)};`;
  }

  #member(func: Func): string {
    if (func.kind === 'static') return `${escaped(func.name.wire)}: static ${this.#signature(func)};`;
    if (func.kind !== 'constructor') return this.func(func);
    const [result] = func.results;
    const isPlain = result?.type.kind === 'ref' && result.type.decl === func.resource;
    return `constructor(${this.#fields(func.params)})${isPlain || result === undefined ? '' : ` -> ${this.type(result.type)}`};`;
  }

  #decl(name: string, decl: TypeDecl): readonly string[] {
    const head = escaped(name);
    const { type } = decl;
    const block = (word: string, lines: readonly string[]): readonly string[] => [`${word} ${head} {`, ...lines.map((line) => `  ${line}`), '}'];
    switch (type.kind) {
      case 'enum':
        return block('enum', type.cases.map((each) => `${escaped(each.name.wire)},`));
      case 'flags':
        return block('flags', type.flags.map((each) => `${escaped(each.name.wire)},`));
      case 'record':
        return block('record', type.fields.map((each) => `${escaped(each.name.wire)}: ${this.type(each.type)},`));
      case 'variant':
        return block('variant', type.cases.map((each) => `${escaped(each.name.wire)}${each.payload === undefined ? '' : `(${this.type(each.payload)})`},`));
      case 'handle': {
        const funcs = decl.module.funcs.filter((each) => each.resource === decl);
        return funcs.length === 0 ? [`resource ${head};`] : block('resource', funcs.map((each) => this.#member(each)));
      }
      default:
        return [`type ${head} = ${this.type(type)};`];
    }
  }

  #uses(): readonly string[] {
    const byModule = new Map<Module, string[]>();
    for (const { from, name, local } of (this.#module.usedTypes ?? []).filter((each) => !this.#roots.has(each.from))) {
      const names = byModule.get(from) ?? [];
      byModule.set(from, [...names, local.wire === name.wire ? escaped(name.wire) : `${escaped(name.wire)} as ${escaped(local.wire)}`]);
    }
    return [...byModule].map(([module, names]) => `use ${this.path(module)}.{${names.join(', ')}};`);
  }

  body(): readonly string[] {
    const free = this.#module.funcs.filter((each) => each.resource === undefined);
    const decls = this.#declared().flatMap(({ name, decl }) => this.#decl(name, decl));
    return [...this.#uses(), ...decls, ...free.map((each) => this.func(each))].map((line) => `  ${line}`);
  }

  worldItem(direction: string, item: WorldItem): readonly string[] {
    if (item.kind === 'func') return [`  ${direction} ${this.func(item.func, item.name)}`];
    if (item.form === 'path') return [`  ${direction} ${this.path(item.module)};`];
    if (item.form === 'named') return [`  ${direction} ${escaped(item.name)}: ${this.path(item.module)};`];
    const body = new Writer(item.module, this.#home, this.#roots).body();
    return [`  ${direction} ${escaped(item.name)}: interface {`, ...body.map((line) => `  ${line}`), '  }'];
  }
}

/** A world of a unit, and all interfaces it leads to. */
export function blocksOfWorld(unit: Unit, world: World): Blocks {
  const roots = new Set(unit.packages.flatMap((each) => (each.worlds ?? []).map((other) => other.root)));
  const items: readonly (readonly [string, WorldItem])[] = [
    ...world.imports.map((item) => ['import', item] as const),
    ...world.exports.map((item) => ['export', item] as const),
  ];
  const writer = new Writer(world.root, packageOf(world.id), roots);
  const lines = [...writer.body(), ...items.flatMap(([direction, item]) => writer.worldItem(direction, item))];
  const blocks = new Map<string, readonly string[]>([[world.id, itemsOf(lines)]]);
  const add = (module: Module): void => {
    if (blocks.has(module.id) || roots.has(module)) return;
    blocks.set(module.id, itemsOf(new Writer(module, packageOf(module.id), roots).body()));
    for (const used of module.uses) add(used);
  };
  for (const [, item] of items) {
    if (item.kind === 'interface' && item.form !== 'inline') add(item.module);
    else if (item.kind === 'interface') for (const used of item.module.uses) add(used);
  }
  for (const used of world.root.uses) add(used);
  return blocks;
}

