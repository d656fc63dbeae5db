/**
 * A unit as canonical text: for goldens, and to compare models. It says all that reaches bindings;
 * two units with equal text have equal bindings.
 */
import type { Constant, Func, Label, Module, Param, Type, TypeDecl, Unit, VariantCase } from './model.js';

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

class Printer {
  /** The module that is printed; without one, names are printed without theirs. */
  readonly #module: Module | undefined;
  readonly #options: PrintOptions;

  constructor(module: Module | undefined, options: PrintOptions) {
    this.#module = module;
    this.#options = options;
  }

  module(module: Module): readonly string[] {
    const { name, docs, typesOnly, uses, types, constants, funcs } = module;
    const body = [
      ...uses.map((each) => `use ${each.name.wire}`),
      ...types.flatMap((each) => this.#decl(each)),
      ...constants.flatMap((each) => this.#constant(each)),
      ...funcs.flatMap((each) => this.#func(each)),
    ];
    const title = `${typesOnly ? 'types' : 'module'} ${name.wire}`;
    return withDocs(docs, body.length === 0 ? [`${title} {}`] : [`${title} {`, ...indented(body), '}'], this.#options);
  }

  #decl(decl: TypeDecl): readonly string[] {
    const [first = '', ...rest] = this.#body(decl.type);
    return withDocs(decl.docs, [`type ${decl.name.wire} = ${first}`, ...rest], this.#options);
  }

  #constant(constant: Constant): readonly string[] {
    return withDocs(constant.docs, [`const ${this.type({ kind: 'ref', decl: constant.type })}.${constant.name.wire} = ${constant.value}`], this.#options);
  }

  #func(func: Func): readonly string[] {
    const title = `func ${func.name.wire}`;
    const lines = [
      ...func.params.flatMap((each) => this.#param(each, 'param ')),
      ...func.results.flatMap((each) => this.#param(each, 'result ')),
      ...(func.noreturn ? ['noreturn'] : []),
    ];
    return withDocs(func.docs, lines.length === 0 ? [`${title} {}`] : [`${title} {`, ...indented(lines), '}'], this.#options);
  }

  #param(param: Param, role: string): readonly string[] {
    return withDocs(param.docs, [`${role}${param.name.wire}: ${this.type(param.type)}`], this.#options);
  }

  #label(label: Label): readonly string[] {
    return withDocs(label.docs, [label.name.wire], this.#options);
  }

  #case(each: VariantCase): readonly string[] {
    return withDocs(each.docs, [each.payload === undefined ? each.name.wire : `${each.name.wire}: ${this.type(each.payload)}`], this.#options);
  }

  /** The body of a declaration: what has members takes a line for each. */
  #body(type: Type): readonly string[] {
    const members = (head: string, lines: readonly string[]): readonly string[] => (lines.length === 0 ? [`${head} {}`] : [`${head} {`, ...indented(lines), '}']);
    switch (type.kind) {
      case 'enum':
        return members(`enum ${type.tag}`, type.cases.flatMap((each) => this.#label(each)));
      case 'flags':
        return members(`flags ${type.repr}`, type.flags.flatMap((each) => this.#label(each)));
      case 'record':
        return members('record', type.fields.flatMap((each) => this.#param(each, '')));
      case 'variant': {
        const tag = type.tagDecl === undefined ? '' : ` ${this.type({ kind: 'ref', decl: type.tagDecl })}`;
        return members(`variant ${type.tag}${tag}`, type.cases.flatMap((each) => this.#case(each)));
      }
      default:
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
          : `$${type.decl.module.name.wire}.${type.decl.name.wire}`;
      case 'handle':
        return type.resource === undefined ? 'handle' : `handle of ${type.resource}`;
      case 'tuple':
        return `tuple(${type.items.map((each) => this.type(each)).join(', ')})`;
      case 'list':
        return `list(${this.type(type.element)})`;
      case 'buffer':
        return `buffer ${type.access} ${this.type(type.element)} [${type.halves.join(', ')}]`;
      case 'address':
        return `address ${type.access} ${this.type(type.pointee)}`;
      case 'result':
        return `result(${type.ok === undefined ? '_' : this.type(type.ok)}, ${type.error === undefined ? '_' : this.type(type.error)})`;
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

export function printUnit(unit: Unit, options: PrintOptions = {}): string {
  const blocks = unit.packages.flatMap((each) => [
    `package ${each.id}${each.version === undefined ? '' : `@${each.version}`}\n`,
    ...each.modules.map((module) => printModule(module, options)),
  ]);
  const errata = unit.errata.map((each) => `erratum ${each.module}.${each.func}: ${each.declared} -> ${each.corrected}\n`);
  return [...blocks, ...(errata.length > 0 ? [errata.join('')] : [])].join('\n');
}
