/** From types as they are written to types of the model. */
import type { DiagnosticBag } from '../../diagnostics/diagnostic.js';
import { erroneous, type DeclDraft } from '../../model/build.js';
import type { Func, FuncKind, IntegerRepr, Name, Param, Type, TypeDecl } from '../../model/model.js';
import { nameOf } from '../../model/name.js';
import { follow } from '../../model/rules/cyclic-types.js';
import type { Span } from '../../source/source.js';
import type { AstBody, AstField, AstFunc, AstLength, AstType } from './ast.js';
import type { Gating } from './gates.js';
import type { Resolver } from './resolve.js';
import type { TypeScope } from './scope.js';

/** The narrowest that tells all cases apart (CanonicalABI.md, "Alignment"). */
function tagFor(cases: number): IntegerRepr {
  return cases <= 2 ** 8 ? 'u8' : cases <= 2 ** 16 ? 'u16' : 'u32';
}

export class TypeLowering {
  readonly #resolver: Resolver;
  readonly #bag: DiagnosticBag;
  /** Other names of handles, `type s = own<r>`: there is no handle of a handle. */
  readonly #handles = new Set<TypeDecl>();
  /** What types behind names are can be asked only when all are there. */
  readonly #unsettled: (() => void)[] = [];

  constructor(resolver: Resolver, bag: DiagnosticBag) {
    this.#resolver = resolver;
    this.#bag = bag;
  }

  /** Gives a declaration its type. */
  define(decl: DeclDraft, body: AstBody, scope: TypeScope): void {
    if (body.kind === 'alias' && body.type.kind === 'own') this.#handles.add(decl);
    decl.type = this.#body(decl.name, body, scope);
  }

  settle(): void {
    for (const each of this.#unsettled) each();
  }

  #body(name: Name, body: AstBody, scope: TypeScope): Type {
    switch (body.kind) {
      case 'alias':
        return this.lower(body.type, scope);
      case 'record':
        return { kind: 'record', fields: body.fields.map((each) => this.#field(each, scope)) };
      case 'flags': {
        const count = body.flags.length;
        return { kind: 'flags', repr: count <= 8 ? 'u8' : count <= 16 ? 'u16' : 'u32', flags: body.flags };
      }
      case 'enum':
        this.#refuseEmpty('enum', name, body.cases.length);
        return { kind: 'enum', tag: tagFor(body.cases.length), cases: body.cases };
      case 'variant': {
        this.#refuseEmpty('variant', name, body.cases.length);
        const cases = body.cases.map((each) => ({ ...each, payload: each.payload && this.lower(each.payload, scope) }));
        return { kind: 'variant', tag: tagFor(cases.length), tagDecl: undefined, cases };
      }
      case 'resource':
        return { kind: 'handle', resource: undefined };
    }
  }

  #refuseEmpty(what: string, name: Name, cases: number): void {
    if (cases === 0)
      this.#bag.report(
        'empty-type',
        name.span,
        { what, name: name.wire },
        { hint: 'no value could ever be of this type' },
      );
  }

  #field({ name, docs, type }: AstField, scope: TypeScope): Param {
    return { name, docs, type: this.lower(type, scope) };
  }

  lower(type: AstType, scope: TypeScope): Type {
    const optional = (part: AstType | undefined): Type | undefined => part && this.lower(part, scope);
    switch (type.kind) {
      case 'name':
        return this.#reference(type.name, scope);
      case 'builtin':
        return type.word === 'bool' || type.word === 'string'
          ? { kind: type.word }
          : { kind: 'scalar', scalar: type.word };
      case 'error-context':
        return { kind: 'error-context' };
      case 'list': {
        const element = this.lower(type.element, scope);
        const length = type.length && this.#length(type.length);
        return length === undefined ? { kind: 'list', element } : { kind: 'list', element, length };
      }
      case 'option':
        return { kind: 'option', payload: this.lower(type.payload, scope) };
      case 'result':
        return { kind: 'result', ok: optional(type.ok), error: optional(type.error) };
      case 'tuple':
        return { kind: 'tuple', items: type.items.map((each) => this.lower(each, scope)) };
      case 'map':
        this.#checkKey(type.key);
        return { kind: 'map', key: this.lower(type.key, scope), value: this.lower(type.value, scope) };
      case 'future':
      case 'stream':
        return { kind: type.kind, payload: optional(type.payload) };
      case 'own':
      case 'borrow':
        return this.#handle(type.kind, type.name, scope);
    }
  }

  #reference(name: Name, scope: TypeScope): Type {
    const decl = this.#resolver.type(scope, name);
    return decl === undefined ? erroneous : { kind: 'ref', decl };
  }

  #handle(word: 'own' | 'borrow', name: Name, scope: TypeScope): Type {
    const decl = this.#resolver.type(scope, name);
    if (decl === undefined) return erroneous;
    this.#unsettled.push(() => {
      const target = follow(decl.type);
      if (target === undefined || target === erroneous || (target.kind === 'handle' && !this.#namesHandle(decl)))
        return;
      this.#bag.report(
        'not-a-resource',
        name.span,
        { name: name.wire, word },
        { related: [{ message: 'it is declared here', span: decl.name.span }] },
      );
    });
    return word === 'own' ? { kind: 'ref', decl } : { kind: 'borrow', decl };
  }

  /** Aliases that go in a circle have no end, and are not asked. */
  #namesHandle(decl: TypeDecl): boolean {
    let current = decl;
    while (current.type.kind === 'ref' && !this.#handles.has(current)) current = current.type.decl;
    return this.#handles.has(current);
  }

  #length({ text, span }: AstLength): number | undefined {
    const length = /^[0-9]+$/.test(text) ? Number(text) : 0;
    if (length >= 1 && length < 2 ** 32) return length;
    this.#bag.report('bad-list-length', span, { text });
    return undefined;
  }

  #checkKey(key: AstType): void {
    if (key.kind === 'builtin' && key.word !== 'f32' && key.word !== 'f64') return;
    const { file, start, end } = key.span;
    this.#bag.report('bad-map-key', key.span, { found: `\`${file.text.slice(start, end)}\`` });
  }

  /** A function of an interface or world, or of a resource. */
  func(ast: AstFunc, scope: TypeScope, resource: DeclDraft | undefined, gating: Gating): Func {
    const kind: FuncKind = resource === undefined ? 'free' : ast.form === 'plain' ? 'method' : ast.form;
    const params = ast.params.map((each) => this.#field(each, scope));
    const self: Param[] = [];
    if (resource !== undefined && kind === 'method')
      self.push({ name: nameOf('self', ast.name.span), docs: '', type: { kind: 'borrow', decl: resource } });
    return {
      name: ast.name,
      docs: ast.docs,
      kind,
      ...(resource === undefined ? {} : { resource }),
      ...(ast.async ? { async: true } : {}),
      ...(gating.gates === undefined ? {} : { gates: gating.gates }),
      params: [...self, ...params],
      results: this.#results(ast, scope, resource),
      noreturn: false,
    };
  }

  #results(ast: AstFunc, scope: TypeScope, resource: DeclDraft | undefined): readonly Param[] {
    const result = (type: Type, span: Span): Param[] => [{ name: nameOf('result', span), docs: '', type }];
    if (ast.result !== undefined) {
      const type = this.lower(ast.result, scope);
      if (ast.form === 'constructor' && resource !== undefined) this.#checkConstructed(type, ast.result.span, resource);
      return result(type, ast.result.span);
    }
    return ast.form === 'constructor' && resource !== undefined
      ? result({ kind: 'ref', decl: resource }, ast.span)
      : [];
  }

  /** WIT.md, "Item: `resource`": it is `result<r, …>`, with `r` by its own name. */
  #checkConstructed(type: Type, span: Span, resource: DeclDraft): void {
    this.#unsettled.push(() => {
      const target = follow(type);
      if (target === undefined || target === erroneous) return;
      const ok = target.kind === 'result' ? target.ok : undefined;
      if (ok === erroneous || (ok?.kind === 'ref' && ok.decl === resource)) return;
      const name = resource.name.wire;
      const hint = `a constructor that can fail returns \`result<${name}, error>\`; one that cannot says nothing of a result`;
      this.#bag.report('bad-constructor', span, { name }, { hint });
    });
  }
}
