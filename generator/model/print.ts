/**
 * A unit as canonical text: for goldens, and to compare models. It says all that reaches bindings;
 * two units with equal text have equal bindings.
 */
import { wireName } from './kinds.js';
import type {
  Constant,
  Func,
  Gates,
  Label,
  Module,
  Package,
  Param,
  Type,
  TypeDecl,
  Unit,
  VariantCase,
  World,
  WorldItem,
} from './model.js';

export interface PrintOptions {
  /** Default: docs are printed. */
  readonly docs?: boolean;
}

const indent = '  ';

function withDocs(docs: string, lines: readonly string[], options: PrintOptions): readonly string[] {
  if (options.docs === false || docs === '') return lines;
  return [...docs.split('\n').map((line) => `;;; ${line}`.trimEnd()), ...lines];
}

function indented(lines: readonly string[]): readonly string[] {
  return lines.map((line) => (line === '' ? line : indent + line));
}

function block(title: string, lines: readonly string[]): readonly string[] {
  return lines.length === 0 ? [`${title} {}`] : [`${title} {`, ...indented(lines), '}'];
}

function gateLines({ since, unstable, deprecated, externalId }: Gates = {}): readonly string[] {
  return [
    ...(since === undefined ? [] : [`@since ${since}`]),
    ...(unstable === undefined ? [] : [`@unstable ${unstable}`]),
    ...(deprecated === undefined ? [] : [`@deprecated ${deprecated}`]),
    ...(externalId === undefined ? [] : [`@external-id ${JSON.stringify(externalId)}`]),
  ];
}

/** `wasi:io@0.2.0` of `wasi:io/streams@0.2.0`; empty for what is in no package. */
function packageOf({ id }: Module): string {
  return id.includes('/') ? id.replace(/\/[^@]*/, '') : '';
}

class Printer {
  /** The module that is printed; without one, names are printed without theirs. */
  readonly #module: Module | undefined;
  readonly #options: PrintOptions;

  constructor(module: Module | undefined, options: PrintOptions) {
    this.#module = module;
    this.#options = options;
  }

  module(module: Module): readonly string[] {
    const { name, docs, typesOnly } = module;
    return this.#described(
      module,
      block(`${typesOnly ? 'types' : 'module'} ${name.wire}`, this.#members(module)),
      docs,
    );
  }

  #members({ uses, usedTypes = [], types, constants, funcs }: Module): readonly string[] {
    return [
      ...uses
        .filter((each) => usedTypes.every(({ from }) => from !== each))
        .map((each) => `use ${this.#moduleName(each)}`),
      ...usedTypes.map(
        ({ from, name, local }) =>
          `use ${this.#moduleName(from)}.${name.wire}${local.wire === name.wire ? '' : ` as ${local.wire}`}`,
      ),
      ...types.flatMap((each) => this.#decl(each)),
      ...constants.flatMap((each) => this.#constant(each)),
      ...funcs.flatMap((each) => this.#func(each)),
    ];
  }

  /** In one package the name alone says which module is meant. */
  #moduleName(module: Module): string {
    return this.#module === undefined || packageOf(module) === packageOf(this.#module) ? module.name.wire : module.id;
  }

  world(world: World): readonly string[] {
    const { name, docs, root, imports, exports, includes } = world;
    const body = [
      ...includes.map((each) => `include ${each.id}`),
      ...this.#members(root),
      ...imports.flatMap((each) => this.#worldItem('import', each)),
      ...exports.flatMap((each) => this.#worldItem('export', each)),
    ];
    return this.#described(world, block(`world ${name.wire}`, body), docs);
  }

  #worldItem(direction: string, item: WorldItem): readonly string[] {
    if (item.kind === 'func') return this.#func(item.func, direction, item.name);
    const { module, form, name, implied } = item;
    const implication = implied ? ' (implied)' : '';
    if (form === 'path') return this.#described(item, [`${direction} ${name}${implication}`]);
    if (form === 'named') return this.#described(item, [`${direction} ${name}: ${module.id}${implication}`]);
    return this.#described(
      item,
      block(`${direction} ${name}: module`, new Printer(module, this.#options).#members(module)),
      module.docs,
    );
  }

  /** Docs and gates, then what they are about. */
  #described({ gates }: { readonly gates?: Gates }, lines: readonly string[], docs = ''): readonly string[] {
    return withDocs(docs, [...gateLines(gates), ...lines], this.#options);
  }

  #decl(decl: TypeDecl): readonly string[] {
    const [first = '', ...rest] = this.#body(decl.type);
    return this.#described(decl, [`type ${decl.name.wire} = ${first}`, ...rest], decl.docs);
  }

  #constant(constant: Constant): readonly string[] {
    return withDocs(
      constant.docs,
      [`const ${this.type({ kind: 'ref', decl: constant.type })}.${constant.name.wire} = ${constant.value}`],
      this.#options,
    );
  }

  #func(func: Func, direction?: string, name = wireName(func)): readonly string[] {
    const title = `${direction === undefined ? '' : `${direction} `}${func.async === true ? 'async ' : ''}func ${name}`;
    const lines = [
      ...func.params.flatMap((each) => this.#param(each, 'param ')),
      ...func.results.flatMap((each) => this.#param(each, 'result ')),
      ...(func.noreturn ? ['noreturn'] : []),
    ];
    return this.#described(func, block(title, lines), func.docs);
  }

  #param(param: Param, role: string): readonly string[] {
    return withDocs(param.docs, [`${role}${param.name.wire}: ${this.type(param.type)}`], this.#options);
  }

  #label(label: Label): readonly string[] {
    return withDocs(label.docs, [label.name.wire], this.#options);
  }

  #case(each: VariantCase): readonly string[] {
    return withDocs(
      each.docs,
      [each.payload === undefined ? each.name.wire : `${each.name.wire}: ${this.type(each.payload)}`],
      this.#options,
    );
  }

  /** The body of a declaration: what has members takes a line for each. */
  #body(type: Type): readonly string[] {
    switch (type.kind) {
      case 'enum':
        return block(
          `enum ${type.tag}`,
          type.cases.flatMap((each) => this.#label(each)),
        );
      case 'flags':
        return block(
          `flags ${type.repr}`,
          type.flags.flatMap((each) => this.#label(each)),
        );
      case 'record':
        return block(
          'record',
          type.fields.flatMap((each) => this.#param(each, '')),
        );
      case 'variant': {
        const tag = type.tagDecl === undefined ? '' : ` ${this.type({ kind: 'ref', decl: type.tagDecl })}`;
        return block(
          `variant ${type.tag}${tag}`,
          type.cases.flatMap((each) => this.#case(each)),
        );
      }
      case 'scalar':
      case 'bool':
      case 'string':
      case 'ref':
      case 'handle':
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
        return [this.type(type)];
    }
  }

  /** A type on one line. */
  type(type: Type): string {
    switch (type.kind) {
      case 'scalar':
        return type.scalar;
      case 'bool':
      case 'string':
        return type.kind;
      case 'ref':
        return this.#module === undefined || type.decl.module === this.#module
          ? `$${type.decl.name.wire}`
          : `$${this.#moduleName(type.decl.module)}.${type.decl.name.wire}`;
      case 'handle':
        return type.resource === undefined ? 'handle' : `handle of ${type.resource}`;
      case 'tuple':
        return `tuple(${type.items.map((each) => this.type(each)).join(', ')})`;
      case 'list':
        return `list(${this.type(type.element)}${type.length === undefined ? '' : `, ${type.length}`})`;
      case 'buffer':
        return `buffer ${type.access} ${this.type(type.element)} [${type.halves.join(', ')}]`;
      case 'address':
        return `address ${type.access} ${this.type(type.pointee)}`;
      case 'result':
        return `result(${type.ok === undefined ? '_' : this.type(type.ok)}, ${type.error === undefined ? '_' : this.type(type.error)})`;
      case 'option':
        return `option(${this.type(type.payload)})`;
      case 'borrow':
        return `borrow(${this.type({ kind: 'ref', decl: type.decl })})`;
      case 'map':
        return `map(${this.type(type.key)}, ${this.type(type.value)})`;
      case 'future':
      case 'stream':
        return `${type.kind}(${type.payload === undefined ? '_' : this.type(type.payload)})`;
      case 'error-context':
        return type.kind;
      case 'enum':
      case 'flags':
      case 'record':
      case 'variant':
        return this.#body(type).join(' ').replace(/ +/g, ' ');
    }
  }
}

/** A type on one line, with the names of types alone. */
export function printType(type: Type): string {
  return new Printer(undefined, { docs: false }).type(type);
}

export function printModule(module: Module, options: PrintOptions = {}): string {
  return `${new Printer(module, options).module(module).join('\n')}\n`;
}

function printWorld(world: World, options: PrintOptions): string {
  return `${new Printer(world.root, options).world(world).join('\n')}\n`;
}

function printPackage(
  { id, version, docs = '', modules, worlds = [] }: Package,
  options: PrintOptions,
): readonly string[] {
  const title = `package ${id}${version === undefined ? '' : `@${version}`}`;
  return [
    `${withDocs(docs, [title], options).join('\n')}\n`,
    ...modules.map((module) => printModule(module, options)),
    ...worlds.map((world) => printWorld(world, options)),
  ];
}

export function printUnit(unit: Unit, options: PrintOptions = {}): string {
  const blocks = unit.packages.flatMap((each) => printPackage(each, options));
  const errata = unit.errata.map(
    (each) => `erratum ${each.module}.${each.func}: ${each.declared} -> ${each.corrected}\n`,
  );
  return [...blocks, ...(errata.length > 0 ? [errata.join('')] : [])].join('\n');
}
