/**
 * A world as one WIT text, with all that it leads to: dependencies are nested packages. Printed from
 * the model, so that other tools get what was read and checked here: names are resolved, gates are
 * decided, included worlds are merged.
 */
import { InternalError } from '../diagnostics/diagnostic.js';
import { isReserved } from '../frontend/wit/tokens.js';
import type { Func, Module, Package, Param, Type, TypeDecl, Unit, World, WorldItem } from '../model/model.js';

/** A name as WIT writes it: keywords are marked. */
export function witName(name: string): string {
  return isReserved(name) ? `%${name}` : name;
}

/** `namespace:package` with its keywords marked. */
function packageName({ id, version }: Pick<Package, 'id' | 'version'>): string {
  return `${id.split(':').map(witName).join(':')}${version === undefined ? '' : `@${version}`}`;
}

/** `wasi:io@0.2.0` of `wasi:io/streams@0.2.0` */
function packageOf(id: string): string {
  return id.replace(/\/[^@]*/, '');
}

function indented(lines: readonly string[]): readonly string[] {
  return lines.map((line) => `  ${line}`);
}

function block(head: string, lines: readonly string[]): readonly string[] {
  return [`${head} {`, ...indented(lines), '}'];
}

/** What worlds hold themselves, which no path leads to. */
export function worldRoots(unit: Unit): ReadonlySet<Module> {
  return new Set(unit.packages.flatMap((each) => (each.worlds ?? []).map((world) => world.root)));
}

/** Writes the items of one interface, or of a world. */
export class WitWriter {
  readonly #module: Module;
  /** The package it stands in: names of it are written without. */
  readonly #home: string;
  readonly #roots: ReadonlySet<Module>;

  constructor(module: Module, home: string, roots: ReadonlySet<Module>) {
    this.#module = module;
    this.#home = home;
    this.#roots = roots;
  }

  static forWorld(world: World, roots: ReadonlySet<Module>): WitWriter {
    return new WitWriter(world.root, packageOf(world.id), roots);
  }

  static forInterface(module: Module, roots: ReadonlySet<Module>): WitWriter {
    return new WitWriter(module, packageOf(module.id), roots);
  }

  /** All but the imports and exports of a world. */
  body(): readonly string[] {
    const free = this.#module.funcs.filter((each) => each.resource === undefined);
    const decls = this.#declared().flatMap(({ name, decl }) => this.#decl(name, decl));
    return [...this.#uses(), ...decls, ...free.map((each) => this.#func(each))];
  }

  worldItem(direction: 'import' | 'export', item: WorldItem): readonly string[] {
    if (item.kind === 'func') return [`${direction} ${this.#func(item.func, item.name)}`];
    if (item.form === 'path') return [`${direction} ${this.#path(item.module)};`];
    const head = `${direction} ${witName(item.name)}: `;
    if (item.form === 'named') return [`${head}${this.#path(item.module)};`];
    return block(`${head}interface`, new WitWriter(item.module, this.#home, this.#roots).body());
  }

  /** Own types, and those of included worlds, which have no place to be taken from. */
  #declared(): readonly { readonly name: string; readonly decl: TypeDecl }[] {
    const taken = (this.#module.usedTypes ?? []).filter((each) => this.#roots.has(each.from));
    return [
      ...this.#module.types.map((decl) => ({ name: decl.name.wire, decl })),
      ...taken.map(({ local, decl }) => ({ name: local.wire, decl })),
    ];
  }

  #uses(): readonly string[] {
    const byModule = new Map<Module, string[]>();
    for (const { from, name, local } of (this.#module.usedTypes ?? []).filter((each) => !this.#roots.has(each.from))) {
      const names = byModule.get(from) ?? [];
      byModule.set(from, [
        ...names,
        local.wire === name.wire ? witName(name.wire) : `${witName(name.wire)} as ${witName(local.wire)}`,
      ]);
    }
    return [...byModule].map(([module, names]) => `use ${this.#path(module)}.{${names.join(', ')}};`);
  }

  #path({ id, name }: Module): string {
    const [, owner = '', version] = /^([^/]*)\/[^@]*(?:@(.*))?$/.exec(id) ?? [];
    if (packageOf(id) === this.#home) return witName(name.wire);
    return `${packageName({ id: owner, version: undefined })}/${witName(name.wire)}${version === undefined ? '' : `@${version}`}`;
  }

  #decl(name: string, decl: TypeDecl): readonly string[] {
    const head = witName(name);
    const { type } = decl;
    switch (type.kind) {
      case 'enum':
        return block(
          `enum ${head}`,
          type.cases.map((each) => `${witName(each.name.wire)},`),
        );
      case 'flags':
        return block(
          `flags ${head}`,
          type.flags.map((each) => `${witName(each.name.wire)},`),
        );
      case 'record':
        return block(
          `record ${head}`,
          type.fields.map((each) => `${this.#field(each)},`),
        );
      case 'variant':
        return block(
          `variant ${head}`,
          type.cases.map(
            (each) => `${witName(each.name.wire)}${each.payload === undefined ? '' : `(${this.#type(each.payload)})`},`,
          ),
        );
      case 'handle': {
        const funcs = decl.module.funcs.filter((each) => each.resource === decl);
        return funcs.length === 0
          ? [`resource ${head};`]
          : block(
              `resource ${head}`,
              funcs.map((each) => this.#member(each)),
            );
      }
      case 'scalar':
      case 'bool':
      case 'string':
      case 'ref':
      case 'borrow':
      case 'tuple':
      case 'list':
      case 'option':
      case 'result':
      case 'buffer':
      case 'address':
      case 'map':
      case 'future':
      case 'stream':
      case 'error-context':
        return [`type ${head} = ${this.#type(type)};`];
    }
  }

  #func(func: Func, name = func.name.wire): string {
    return `${witName(name)}: ${this.#signature(func)};`;
  }

  #member(func: Func): string {
    if (func.kind === 'static') return `${witName(func.name.wire)}: static ${this.#signature(func)};`;
    if (func.kind !== 'constructor') return this.#func(func);
    const [result] = func.results;
    const isPlain = result === undefined || (result.type.kind === 'ref' && result.type.decl === func.resource);
    return `constructor(${this.#fields(func.params)})${isPlain ? '' : ` -> ${this.#type(result.type)}`};`;
  }

  #signature(func: Func): string {
    // A method's first parameter is not written.
    const written = func.kind === 'method' ? func.params.slice(1) : func.params;
    const [result] = func.results;
    return `${func.async === true ? 'async ' : ''}func(${this.#fields(written)})${result === undefined ? '' : ` -> ${this.#type(result.type)}`}`;
  }

  #fields(params: readonly Param[]): string {
    return params.map((each) => this.#field(each)).join(', ');
  }

  #field({ name, type }: Param): string {
    return `${witName(name.wire)}: ${this.#type(type)}`;
  }

  #local(decl: TypeDecl): string {
    if (decl.module === this.#module) return witName(decl.name.wire);
    const used = this.#module.usedTypes?.find((each) => each.decl === decl);
    if (used === undefined) throw new InternalError(`\`${decl.name.wire}\` is not seen in \`${this.#module.id}\``);
    return witName(used.local.wire);
  }

  #type(type: Type): string {
    const optional = (part: Type | undefined): string => (part === undefined ? '' : `<${this.#type(part)}>`);
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
        return `list<${this.#type(type.element)}${type.length === undefined ? '' : `, ${type.length}`}>`;
      case 'option':
        return `option<${this.#type(type.payload)}>`;
      case 'map':
        return `map<${this.#type(type.key)}, ${this.#type(type.value)}>`;
      case 'tuple':
        return `tuple<${type.items.map((each) => this.#type(each)).join(', ')}>`;
      case 'future':
      case 'stream':
        return type.kind + optional(type.payload);
      case 'result': {
        const { ok, error } = type;
        if (error === undefined) return `result${optional(ok)}`;
        return `result<${ok === undefined ? '_' : this.#type(ok)}, ${this.#type(error)}>`;
      }
      case 'enum':
      case 'flags':
      case 'record':
      case 'variant':
      case 'handle':
      case 'buffer':
      case 'address':
        throw new InternalError(`\`${type.kind}\` stands in a WIT type`);
    }
  }
}

/** The interfaces that a world leads to, each once. */
export function interfacesOf(world: World, roots: ReadonlySet<Module>): readonly Module[] {
  const found = new Set<Module>();
  const add = (module: Module): void => {
    if (found.has(module)) return;
    if (!roots.has(module)) found.add(module);
    module.uses.forEach(add);
  };
  for (const item of [...world.imports, ...world.exports]) {
    if (item.kind === 'func') continue;
    if (item.form === 'inline') item.module.uses.forEach(add);
    else add(item.module);
  }
  world.root.uses.filter((each) => !roots.has(each)).forEach(add);
  return [...found];
}

/**
 * The text for a world of a unit: its package, then those it leads to. Without docs.
 *
 * @param unit WIT definitions that were read without errors
 * @param world one of its worlds
 */
export function bundleWorld(unit: Unit, world: World): string {
  const roots = worldRoots(unit);
  const reached = new Set(interfacesOf(world, roots));
  const interfaces = ({ modules }: Package): readonly string[] =>
    modules
      .filter((each) => reached.has(each))
      .flatMap((each) => block(`interface ${witName(each.name.wire)}`, WitWriter.forInterface(each, roots).body()));
  const writer = WitWriter.forWorld(world, roots);
  const items = [
    ...world.imports.map((each) => writer.worldItem('import', each)),
    ...world.exports.map((each) => writer.worldItem('export', each)),
  ];
  const home = unit.packages.find((each) => each.worlds?.includes(world) === true);
  if (home === undefined) throw new InternalError(`world \`${world.id}\` is in no package`);
  const lines = [
    `package ${packageName(home)};`,
    ...interfaces(home),
    ...block(`world ${witName(world.name.wire)}`, [...writer.body(), ...items.flat()]),
    ...unit.packages.flatMap((each) =>
      each === home || interfaces(each).length === 0 ? [] : block(`package ${packageName(each)}`, interfaces(each)),
    ),
  ];
  return `${lines.join('\n')}\n`;
}
