import type { DiagnosticBag, ReportOptions } from '../../diagnostics/diagnostic.js';
import { allModules } from '../kinds.js';
import type { Module, Name, Type, TypeDecl, Unit } from '../model.js';

interface Finding {
  readonly name: Name;
  readonly first: Name;
}

/** Names that stood before, and names that only casing or separators tell from an earlier one. */
function repeated(names: readonly Name[]): {
  readonly same: readonly Finding[];
  readonly colliding: readonly Finding[];
} {
  const byWire = new Map<string, Name>();
  const byWords = new Map<string, Name>();
  const same: Finding[] = [];
  const colliding: Finding[] = [];
  for (const name of names) {
    // Nothing that could be called anything: reported when it was read.
    if (name.words.length === 0) continue;
    const words = name.words.join('_');
    const first = byWire.get(name.wire);
    const similar = byWords.get(words);
    if (first !== undefined) same.push({ name, first });
    else if (similar !== undefined) colliding.push({ name, first: similar });
    byWire.set(name.wire, first ?? name);
    byWords.set(words, similar ?? name);
  }
  return { same, colliding };
}

function firstAt(name: Name): ReportOptions {
  return { related: [{ message: 'first declared here', span: name.span }] };
}

class NameCheck {
  readonly #bag: DiagnosticBag;

  constructor(bag: DiagnosticBag) {
    this.#bag = bag;
  }

  #collisions(what: string, sigil: string, found: readonly Finding[]): void {
    for (const { name, first } of found) {
      this.#bag.report(
        'colliding-name',
        name.span,
        { what, name: sigil + name.wire, other: sigil + first.wire },
        firstAt(first),
      );
    }
  }

  declared(what: string, sigil: string, names: readonly Name[], of?: string): void {
    const { same, colliding } = repeated(names);
    const owner = of === undefined ? {} : { of };
    for (const { name, first } of same)
      this.#bag.report('duplicate-name', name.span, { what, name: sigil + name.wire, ...owner }, firstAt(first));
    this.#collisions(what, sigil, colliding);
  }

  /** The members of a type: cases, flags, fields. */
  members(what: string, type: string, names: readonly Name[]): void {
    const { same, colliding } = repeated(names);
    for (const { name, first } of same)
      this.#bag.report('duplicate-case', name.span, { what, name: name.wire, type }, firstAt(first));
    this.#collisions(what, '$', colliding);
  }

  type(name: string, type: Type): void {
    if (type.kind === 'enum')
      this.members(
        'case',
        name,
        type.cases.map((each) => each.name),
      );
    else if (type.kind === 'flags')
      this.members(
        'flag',
        name,
        type.flags.map((each) => each.name),
      );
    else if (type.kind === 'record')
      this.members(
        'field',
        name,
        type.fields.map((each) => each.name),
      );
    // The cases of a variant with a tag are the tag's, and reported there.
    else if (type.kind === 'variant' && type.tagDecl === undefined)
      this.members(
        'case',
        name,
        type.cases.map((each) => each.name),
      );
  }

  module(module: Module): void {
    this.declared(
      'type',
      '$',
      module.types.map((each) => each.name),
    );
    for (const decl of module.types) this.type(decl.name.wire, decl.type);
    const constants = new Map<TypeDecl, Name[]>(module.constants.map((each) => [each.type, []]));
    for (const constant of module.constants) constants.get(constant.type)?.push(constant.name);
    for (const [type, names] of constants) this.declared('constant', '$', names, `$${type.name.wire}`);
    this.declared(
      'function',
      '',
      module.funcs.map((each) => each.name),
    );
    for (const func of module.funcs) {
      this.declared(
        'parameter',
        '$',
        func.params.map((each) => each.name),
        func.name.wire,
      );
      this.declared(
        'result',
        '$',
        func.results.map((each) => each.name),
        func.name.wire,
      );
    }
  }
}

/** Nothing has the name of its neighbour: modules, types, constants, functions, parameters, members. */
export function checkNames(unit: Unit, bag: DiagnosticBag): void {
  const check = new NameCheck(bag);
  const modules = allModules(unit);
  check.declared(
    'module',
    '$',
    modules.map((each) => each.name),
  );
  for (const module of modules) check.module(module);
}
