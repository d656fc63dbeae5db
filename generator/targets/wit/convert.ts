/**
 * From definitions in WITX to what WIT says for them, by rules: handles become resources, which functions borrow unless
 * they close them; memory that is read becomes a list, and memory that is filled a list that is returned.
 */
import type { DiagnosticBag } from '../../diagnostics/diagnostic.js';
import type { AstBody, AstField, AstFunc, AstLabel, AstType, AstTypedef } from '../../frontend/wit/ast.js';
import { allModules, founder, optionPayload, resolve } from '../../model/kinds.js';
import type {
  BufferType,
  Constant,
  Func,
  Label,
  Module,
  Param,
  RefType,
  ScalarName,
  Type,
  TypeDecl,
  Unit,
} from '../../model/model.js';
import { kebab, nameOf } from '../../model/name.js';
import { holds, parts, signatureTypes, walk } from '../../model/visit.js';
import type { Span } from '../../source/source.js';
import type { Said } from './annotations.js';
import type { Words } from './words.js';

/** Why something cannot be said. */
class Inexpressible extends Error {}

/** Where a handle stands: in what is passed it is lent, in what is returned it is given. */
type Place = 'passed' | 'returned';

const scalars: Readonly<Record<ScalarName, Extract<AstType, { kind: 'builtin' }>['word']>> = {
  u8: 'u8',
  u16: 'u16',
  u32: 'u32',
  u64: 'u64',
  s8: 's8',
  s16: 's16',
  s32: 's32',
  s64: 's64',
  f32: 'f32',
  f64: 'f64',
  char: 'char',
  char8: 'u8',
  usize: 'u32',
};

export class Conversion {
  readonly #words: Words;
  readonly #bag: DiagnosticBag;
  /** What is declared otherwise: whatever can be said of it is left to that. */
  readonly #said: (module: Module, name: string) => Said | undefined;
  readonly #decls: readonly TypeDecl[];
  readonly #places: ReadonlyMap<TypeDecl, ReadonlySet<Place>>;
  readonly #lengths: ReadonlySet<TypeDecl>;
  /** `(typename $size (@witx usize))`, or `u32` in preview 1 */
  readonly #size: TypeDecl | undefined;
  readonly #unsaid = new Map<TypeDecl, string | undefined>();

  constructor(unit: Unit, words: Words, said: (module: Module, name: string) => Said | undefined, bag: DiagnosticBag) {
    this.#words = words;
    this.#bag = bag;
    this.#said = said;
    this.#places = placesOf(unit);
    this.#decls = allModules(unit).flatMap((module) => module.types);
    this.#lengths = lengthsOf(unit, this.#decls);
    this.#size = this.#decls.find((decl) => decl.type.kind === 'scalar' && isSize({ kind: 'ref', decl }));
  }

  /** What a module declares, in order. What WIT cannot say is reported and left out. */
  items(module: Module): readonly (AstTypedef | AstFunc)[] {
    const types = module.types
      .filter((decl) => !this.#lengths.has(decl))
      .map((decl) => this.#typedef(decl, module.constants));
    return [...types, ...module.funcs.map((func) => this.#func(module, func))].filter((each) => each !== undefined);
  }

  #typedef(decl: TypeDecl, constants: readonly Constant[]): AstTypedef | undefined {
    const name = this.#words.name(decl.name);
    const named = constants.filter((each) => each.type === decl);
    const docs = this.#words.docs([decl.docs, valuesText(named)].filter((each) => each !== '').join('\n\n'));
    const why = this.#unsayable(decl);
    if (why === undefined) return { kind: 'type', name, docs, gates: [], body: this.#body(decl) };
    if (this.#said(decl.module, name.wire) === undefined)
      this.#bag.report('no-wit', decl.name.span, { name: decl.name.wire, why });
    return undefined;
  }

  /** Why a type cannot be said, if it cannot. */
  #unsayable(decl: TypeDecl): string | undefined {
    if (!this.#unsaid.has(decl)) {
      // Types that go in circles are refused by the front end, but for those that an annotation gives.
      this.#unsaid.set(decl, undefined);
      this.#unsaid.set(
        decl,
        whyNot(() => this.#body(decl)),
      );
    }
    return this.#unsaid.get(decl);
  }

  #body(decl: TypeDecl): AstBody {
    const { type } = decl;
    const place = this.#placeOf(decl);
    if (type.kind === 'handle') return { kind: 'resource', funcs: [] };
    if (type.kind === 'enum') return { kind: 'enum', cases: type.cases.map((each) => this.#label(each)) };
    if (type.kind === 'flags') return { kind: 'flags', flags: type.flags.map((each) => this.#label(each)) };
    if (type.kind === 'record') {
      if (type.fields.length === 0) throw new Inexpressible('it is an empty record, which components have not');
      return { kind: 'record', fields: type.fields.map((each) => this.#field(each, place)) };
    }
    if (type.kind === 'variant' && optionPayload(type) === undefined) {
      const cases = type.cases.map(({ name, docs, payload }) => ({
        name: this.#words.name(name),
        docs: this.#words.docs(docs),
        payload: payload && this.#type(payload, place, name.span),
      }));
      return { kind: 'variant', cases };
    }
    return { kind: 'alias', type: this.#aliased(type, place, decl.name.span) };
  }

  #aliased(type: Type, place: Place, span: Span): AstType {
    if (type.kind === 'buffer') return this.#list(type, place, span);
    // Another name of a resource is one of the resource, not of a loan.
    if (type.kind === 'ref' && this.#resource(type) !== undefined)
      return { kind: 'name', name: this.#words.name(type.decl.name), span };
    return this.#type(type, place, span);
  }

  #label({ name, docs }: Label): AstLabel {
    return { name: this.#words.name(name), docs: this.#words.docs(docs) };
  }

  #field({ name, docs, type }: Param, place: Place): AstField {
    return {
      name: this.#words.name(name),
      docs: this.#words.docs(docs),
      type: this.#type(type, place, name.span),
    };
  }

  #func(module: Module, func: Func): AstFunc | undefined {
    const name = this.#words.name(func.name);
    const found: { func?: AstFunc } = {};
    const why = whyNot(() => {
      found.func = this.#signature(func);
    });
    if (why !== undefined && this.#said(module, name.wire) === undefined)
      this.#bag.report('no-wit', func.name.span, { name: func.name.wire, why });
    return found.func;
  }

  #signature(func: Func): AstFunc {
    const { span } = func.name;
    const filled = func.params.flatMap((param) => {
      const type = resolve(param.type);
      return type.kind === 'buffer' && type.access === 'out' ? [{ param, type }] : [];
    });
    const { error, values } = outcomeOf(func);
    // A number for each is how much of it was filled, which a list says itself.
    const counted = filled.length > 0 && values.slice(0, filled.length).filter(isSize).length === filled.length;
    const results = [
      ...filled.map(({ type }) => this.#list(type, 'returned', span)),
      ...values.slice(counted ? filled.length : 0).map((each) => this.#type(each, 'returned', span)),
    ];
    const params = func.params.flatMap((param): readonly AstField[] => {
      const out = filled.find((each) => each.param === param);
      if (out === undefined) return [this.#param(func, param)];
      // Where nobody counts, the caller says how much it wants; `max_len` is room, which it need not have here.
      return counted || /max_len$/.test(out.type.halves[1]) ? [] : [this.#length(out.param, out.type)];
    });
    return {
      kind: 'func',
      form: 'plain',
      async: false,
      name: this.#words.name(func.name),
      docs: this.#words.docs(
        [func.docs, ...func.results.map((each) => each.docs), func.noreturn ? 'It does not return.' : '']
          .filter((each) => each !== '')
          .join('\n\n'),
      ),
      gates: [],
      params,
      result: this.#result(results, error, span),
      span,
    };
  }

  #param(func: Func, param: Param): AstField {
    const kind = this.#resource(param.type);
    const field = this.#field(param, 'passed');
    if (kind === undefined) return field;
    const closes = func.params.length === 1 && kebab(func.name.words) === `${kebab(kind.name.words)}-close`;
    const type: AstType = closes && field.type.kind === 'borrow' ? { ...field.type, kind: 'name' } : field.type;
    // That it is a handle says nothing here.
    const last = kind.name.words.at(-1) ?? '';
    const isTaken = func.params.some(({ name }) => name.wire === last);
    const name =
      param.name.wire === 'handle' && !isTaken ? this.#words.name(nameOf(last, param.name.span)) : field.name;
    return { ...field, name, type };
  }

  /** How much the caller wants. */
  #length({ name: { span }, docs }: Param, { halves }: BufferType): AstField {
    const type: AstType =
      this.#size === undefined
        ? { kind: 'builtin', word: 'u32', span }
        : { kind: 'name', name: this.#words.name(this.#size.name), span };
    return { name: this.#words.name(nameOf(halves[1], span)), docs: this.#words.docs(docs), type };
  }

  #result(values: readonly AstType[], error: Type | undefined, span: Span): AstType | undefined {
    const [only] = values;
    const value: AstType | undefined = values.length > 1 ? { kind: 'tuple', items: values, span } : only;
    if (error === undefined) return value;
    return { kind: 'result', ok: value, error: this.#type(error, 'returned', span), span };
  }

  #type(type: Type, place: Place, span: Span): AstType {
    switch (type.kind) {
      case 'scalar':
        return { kind: 'builtin', word: scalars[type.scalar], span };
      case 'bool':
      case 'string':
        return { kind: 'builtin', word: type.kind, span };
      case 'ref':
        return this.#reference(type, place, span);
      case 'tuple':
        if (type.items.length === 0) throw new Inexpressible('it holds an empty tuple, which components have not');
        return { kind: 'tuple', items: type.items.map((each) => this.#type(each, place, span)), span };
      case 'list':
        return { kind: 'list', element: this.#type(type.element, place, span), length: undefined, span };
      case 'buffer':
        if (type.access === 'out') throw new Inexpressible('it holds memory that the function fills');
        return this.#list(type, place, span);
      case 'result':
        return {
          kind: 'result',
          ok: type.ok && this.#type(type.ok, place, span),
          error: type.error && this.#type(type.error, place, span),
          span,
        };
      case 'variant': {
        const option = optionPayload(type);
        if (option !== undefined) return { kind: 'option', payload: this.#type(option.payload, place, span), span };
        throw new Inexpressible('it has a variant without a name, for which a type must be declared');
      }
      case 'enum':
      case 'flags':
      case 'record':
        throw new Inexpressible(`it has ${nouns[type.kind]} without a name, for which a type must be declared`);
      case 'address':
        throw new Inexpressible('it holds an address, and components share no memory');
      case 'handle':
      case 'option':
      case 'borrow':
      case 'map':
      case 'future':
      case 'stream':
      case 'error-context':
        throw new Inexpressible(`it holds a ${type.kind}`);
    }
  }

  #reference(type: RefType, place: Place, span: Span): AstType {
    const { decl } = type;
    const name = this.#words.name(decl.name);
    if (this.#resource(type) !== undefined) return { kind: place === 'passed' ? 'borrow' : 'name', name, span };
    const said = this.#said(decl.module, name.wire);
    const isLent = holds(type, (part) => this.#resource(part) !== undefined);
    // An option that is declared owns its handle; where it is passed, that is lent all the same.
    if (optionPayload(type) !== undefined && (said === undefined || (isLent && isOption(said))))
      return this.#type(founder(decl).type, place, span);
    if (said !== undefined) return { kind: 'name', name, span };
    if (this.#unsayable(decl) !== undefined) throw new Inexpressible(`it uses \`${decl.name.wire}\`, which has none`);
    // What is both passed and returned owns its handles; where it is passed, they are lent all the same.
    if (place !== this.#placeOf(decl) && isLent) {
      if (['record', 'variant'].includes(decl.type.kind))
        throw new Inexpressible(
          `\`${decl.name.wire}\` holds handles, which are lent where it is passed and given where it is returned`,
        );
      return this.#type(decl.type, place, span);
    }
    return { kind: 'name', name, span };
  }

  /** What founds the resource that a type stands for, if it is one: a handle, or what is declared as a resource. */
  #resource(type: Type, seen: readonly TypeDecl[] = []): TypeDecl | undefined {
    if (type.kind !== 'ref' || seen.includes(type.decl)) return undefined;
    const { decl } = type;
    const said = this.#said(decl.module, this.#words.name(decl.name).wire);
    if (said === undefined) return decl.type.kind === 'handle' ? decl : this.#resource(decl.type, [...seen, decl]);
    if (said.kind !== 'type') return undefined;
    if (said.body.kind === 'resource') return decl;
    if (said.body.kind !== 'alias' || said.body.type.kind !== 'name') return undefined;
    const { wire } = said.body.type.name;
    const other = this.#decls.find(({ name }) => this.#words.name(name).wire === wire);
    return other && this.#resource({ kind: 'ref', decl: other }, [...seen, decl]);
  }

  #list({ access, element }: BufferType, place: Place, span: Span): AstType {
    return {
      kind: 'list',
      element: this.#type(element, access === 'out' ? 'returned' : place, span),
      length: undefined,
      span,
    };
  }

  #placeOf(decl: TypeDecl): Place {
    return this.#places.get(decl)?.has('returned') === false ? 'passed' : 'returned';
  }
}

function isOption(said: Said): boolean {
  return said.kind === 'type' && said.body.kind === 'alias' && said.body.type.kind === 'option';
}

const nouns = { enum: 'an enum', flags: 'flags', record: 'a record' } as const;

function whyNot(attempt: () => void): string | undefined {
  try {
    attempt();
    return undefined;
  } catch (error) {
    if (error instanceof Inexpressible) return error.message;
    throw error;
  }
}

/** Values with names have no place in WIT but comments. */
function valuesText(constants: readonly Constant[]): string {
  if (constants.length === 0) return '';
  const lines = constants.map(({ name, value, docs }) => {
    const [first = '', ...more] = docs.split('\n');
    return [
      `- \`${name.wire}\`, 0x${value.toString(16)}${first === '' ? '' : `: ${first}`}`,
      ...more.map((line) => `  ${line}`),
    ];
  });
  return ['Values with names:', ...lines.flat()].join('\n');
}

/** What a function returns: its error, and the values of success. */
function outcomeOf(func: Func): { readonly error: Type | undefined; readonly values: readonly Type[] } {
  const [first, ...rest] = func.results;
  if (first === undefined) return { error: undefined, values: [] };
  const type = resolve(first.type);
  if (type.kind === 'result') return { error: type.error, values: type.ok === undefined ? [] : itemsOf(type.ok) };
  // Several results, or one named `error`: the vintage of WITX before `expected`.
  if (type.kind === 'enum' && (rest.length > 0 || first.name.wire === 'error'))
    return { error: first.type, values: rest.map((each) => each.type) };
  return { error: undefined, values: func.results.map((each) => each.type) };
}

function itemsOf(type: Type): readonly Type[] {
  return type.kind === 'tuple' ? type.items : [type];
}

/** Preview 1 has `(typename $size u32)`. */
function isSize(type: Type): boolean {
  const target = resolve(type);
  if (target.kind !== 'scalar') return false;
  return (
    target.scalar === 'usize' ||
    (target.scalar === 'u32' && type.kind === 'ref' && founder(type.decl).name.wire === 'size')
  );
}

/** Where the values of declared types go. */
function placesOf(unit: Unit): ReadonlyMap<TypeDecl, ReadonlySet<Place>> {
  const places = new Map<TypeDecl, Set<Place>>();
  const enter = (type: Type, place: Place): void => {
    if (type.kind !== 'ref') {
      const isFilled = (type.kind === 'buffer' || type.kind === 'address') && type.access === 'out';
      for (const part of parts(type)) enter(part, isFilled ? 'returned' : place);
      return;
    }
    const known = places.get(type.decl) ?? new Set();
    if (known.has(place)) return;
    places.set(type.decl, known.add(place));
    enter(type.decl.type, place);
  };
  for (const func of allModules(unit).flatMap((module) => module.funcs)) {
    for (const { type } of func.params) enter(type, 'passed');
    for (const { type } of func.results) enter(type, 'returned');
  }
  return places;
}

/** `$data_len` beside `(typename $data (in-buffer u8))`: lengths of lists, which WIT does not pass apart. */
function lengthsOf(unit: Unit, decls: readonly TypeDecl[]): ReadonlySet<TypeDecl> {
  const used = new Set<TypeDecl>();
  const types = [
    ...decls.map(({ type }) => type),
    ...allModules(unit).flatMap(({ funcs }) => funcs.flatMap(signatureTypes)),
  ];
  for (const each of types) walk(each, (part) => part.kind === 'ref' && used.add(part.decl));
  const buffers = new Set(decls.filter(({ type }) => type.kind === 'buffer').map(({ name }) => name.wire));
  return new Set(
    decls.filter((decl) => {
      const stem = /^(.*)_len$/.exec(decl.name.wire)?.[1];
      return stem !== undefined && buffers.has(stem) && isSize(decl.type) && !used.has(decl);
    }),
  );
}
