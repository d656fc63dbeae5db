/** From types as they are written to types of the model. */
import type { DiagnosticBag } from '../../diagnostics/diagnostic.js';
import { didYouMean } from '../../diagnostics/suggest.js';
import { erroneous, type DeclDraft } from '../../model/build.js';
import type {
  EnumType,
  FlagsType,
  IntegerRepr,
  Label,
  Name,
  RecordType,
  ScalarName,
  Type,
  TypeDecl,
  VariantCase,
  VariantType,
} from '../../model/model.js';
import { nameOf } from '../../model/name.js';
import { printType } from '../../model/print.js';
import { follow, references } from '../../model/rules/cyclic-types.js';
import type { Span } from '../../source/source.js';
import { anyOf } from '../messages.js';
import type { AstCase, AstField, AstTag, AstType } from './ast.js';
import type { Scope } from './scope.js';

const integerReprs = ['u8', 'u16', 'u32', 'u64'] as const satisfies readonly IntegerRepr[];
const reprHint = `it is one of ${anyOf(integerReprs.map((each) => `\`${each}\``))}`;

/** What the reference implementation of WITX takes when no tag is given. */
const defaultTag: IntegerRepr = 'u32';

function integerRepr(word: string): IntegerRepr | undefined {
  return integerReprs.find((each) => each === word);
}

function narrowestRepr(flags: number): IntegerRepr {
  return flags <= 8 ? 'u8' : flags <= 16 ? 'u16' : flags <= 32 ? 'u32' : 'u64';
}

export class TypeLowering {
  readonly #bag: DiagnosticBag;
  readonly #scopes: readonly Scope[];
  readonly #reported = new Set<string>();
  /** Tags that are names can be looked at only when all types are there. */
  readonly #unsettled: (() => void)[] = [];
  readonly #twins: { readonly decls: readonly [TypeDecl, ...TypeDecl[]]; readonly otherwise: () => void }[] = [];

  constructor(bag: DiagnosticBag, scopes: readonly Scope[]) {
    this.#bag = bag;
    this.#scopes = scopes;
  }

  /** Gives a declaration its type: here alone types that need a name may stand. */
  define(decl: DeclDraft, type: AstType, scope: Scope): void {
    switch (type.kind) {
      case 'enum':
        decl.type = this.#enum(decl, type.cases, type.tag, scope);
        break;
      case 'flags':
        decl.type = this.#flags(type.flags, type.repr);
        break;
      case 'int': {
        const scalar = this.#repr(type.repr, 'representation of an integer');
        decl.type = scalar === undefined ? erroneous : { kind: 'scalar', scalar };
        break;
      }
      case 'record':
        decl.type =
          type.bitflags === undefined ? this.#record(type.fields, scope) : this.#bitflags(type.fields, type.bitflags);
        break;
      case 'variant':
        decl.type = this.#variant(decl, type.cases, type.tag, scope);
        break;
      case 'handle':
        decl.type = { kind: 'handle', resource: this.#resource(type.resource, scope) };
        break;
      case 'name':
      case 'builtin':
      case 'tuple':
      case 'list':
      case 'option':
      case 'buffer':
      case 'pointer':
      case 'expected':
        decl.type = this.lower(type, scope);
    }
  }

  settle(): void {
    for (const each of this.#unsettled) each();
    for (const { decls, otherwise } of this.#twins) if (!decls.every((each) => sayTheSame(decls[0], each))) otherwise();
  }

  /** Types of one name may come from several files that say the same of it. What they say is known when all types are there. */
  expectSame(decls: readonly [TypeDecl, ...TypeDecl[]], otherwise: () => void): void {
    this.#twins.push({ decls, otherwise });
  }

  lower(type: AstType, scope: Scope): Type {
    switch (type.kind) {
      case 'name': {
        const decl = this.find(scope, type.name);
        return decl === undefined ? erroneous : { kind: 'ref', decl };
      }
      case 'builtin':
        if (type.word === 'bool' || type.word === 'string') return { kind: type.word };
        return { kind: 'scalar', scalar: type.word satisfies ScalarName };
      case 'tuple':
        return { kind: 'tuple', items: type.items.map((each) => this.lower(each, scope)) };
      case 'list':
        return { kind: 'list', element: this.lower(type.element, scope) };
      case 'option':
        return {
          kind: 'variant',
          tag: defaultTag,
          tagDecl: undefined,
          cases: [
            { name: nameOf('none', type.span), docs: '', payload: undefined },
            { name: nameOf('some', type.span), docs: '', payload: this.lower(type.payload, scope) },
          ],
        };
      case 'buffer':
        return {
          kind: 'buffer',
          access: type.access,
          element: this.lower(type.element, scope),
          halves: ['pointer', 'length'],
        };
      case 'pointer':
        return { kind: 'address', access: type.access, pointee: this.lower(type.pointee, scope) };
      case 'expected':
        return {
          kind: 'result',
          ok: type.ok === undefined ? undefined : this.lower(type.ok, scope),
          error: type.error === undefined ? undefined : this.lower(type.error, scope),
        };
      case 'enum':
        return this.#unnamed('an enum', type.span);
      case 'flags':
        return this.#unnamed('a flags type', type.span);
      case 'int':
        return this.#unnamed('an integer with constants', type.span);
      case 'record':
        return this.#unnamed('a record', type.span);
      case 'variant':
        return this.#unnamed('a variant', type.span);
      case 'handle':
        return this.#unnamed('a handle', type.span);
    }
  }

  /** As the reference implementation has it: bindings could not call these types anything. */
  #unnamed(what: string, span: Span): Type {
    this.#bag.report('unnamed-type', span, { what });
    return erroneous;
  }

  /** The declaration of a type; what is not there is reported once. */
  find(scope: Scope, name: Name): TypeDecl | undefined {
    const found = scope.find('types', name.wire);
    const [first, ...others] =
      found === 'ambiguous' ? scope.candidates(name.wire) : found === undefined ? scope.findInUsers(name.wire) : [];
    if (first !== undefined) {
      this.expectSame([first, ...others], () =>
        this.#once(name, () => this.#bag.report('ambiguous-name', name.span, { name: name.wire })),
      );
      return first;
    }
    if (found === undefined) {
      this.#once(name, () =>
        this.#bag.report(
          'unknown-name',
          name.span,
          { what: 'type', name: `$${name.wire}` },
          { hint: this.#hint(scope, name) },
        ),
      );
    }
    return typeof found === 'string' ? undefined : found;
  }

  #once(name: Name, report: () => void): void {
    if (this.#reported.has(name.wire)) return;
    this.#reported.add(name.wire);
    report();
  }

  #hint(scope: Scope, name: Name): string | undefined {
    if (typeof scope.find('resources', name.wire) === 'object')
      return `\`$${name.wire}\` is a resource: types of it are declared as \`(handle $${name.wire})\``;
    const elsewhere = this.#scopes.find((each) => each.types.has(name.wire));
    if (elsewhere?.parent !== undefined)
      return `module \`$${elsewhere.title}\` has it: add \`(use $${name.wire} from $${elsewhere.title})\``;
    if (elsewhere !== undefined) return `\`${elsewhere.title}\` has it: add a \`use\` of that file`;
    return this.#bag.suggest(() => didYouMean(name.wire, scope.visible('types'), '$'));
  }

  #resource(name: Name | undefined, scope: Scope): string | undefined {
    if (name !== undefined && scope.find('resources', name.wire) === undefined) {
      this.#once(name, () => {
        const meant = this.#bag.suggest(() => didYouMean(name.wire, scope.visible('resources'), '$'));
        const hint = meant ?? `declare it: \`(resource $${name.wire})\``;
        this.#bag.report('unknown-name', name.span, { what: 'resource', name: `$${name.wire}` }, { hint });
      });
    }
    return name?.wire;
  }

  #record(fields: readonly AstField[], scope: Scope): RecordType {
    return {
      kind: 'record',
      fields: fields.map((each) => ({ name: each.name, docs: each.docs, type: this.lower(each.type, scope) })),
    };
  }

  #repr(tag: AstTag, role: string): IntegerRepr | undefined {
    const [text, span] = tag.kind === 'word' ? [tag.word, tag.span] : [`$${tag.name.wire}`, tag.name.span];
    const found = tag.kind === 'word' ? integerRepr(tag.word) : undefined;
    if (found === undefined) this.#bag.report('bad-tag', span, { role, found: `\`${text}\`` }, { hint: reprHint });
    return found;
  }

  #flags(flags: readonly Label[], repr: AstTag | undefined): FlagsType {
    const given = repr === undefined ? undefined : this.#repr(repr, 'representation of flags');
    return { kind: 'flags', repr: given ?? narrowestRepr(flags.length), flags };
  }

  /** `(record (@witx bitflags u16) (field $a bool) …)` is flags in another spelling. */
  #bitflags(fields: readonly AstField[], repr: AstTag): FlagsType {
    for (const field of fields) {
      if (field.type.kind === 'builtin' && field.type.word === 'bool') continue;
      this.#bag.report(
        'bitflags-field',
        field.name.span,
        { name: field.name.wire },
        { hint: 'leave out `(@witx bitflags …)`, or make all fields `bool`' },
      );
    }
    return this.#flags(
      fields.map(({ name, docs }) => ({ name, docs })),
      repr,
    );
  }

  #enum(decl: DeclDraft, cases: readonly Label[], tag: AstTag | undefined, scope: Scope): EnumType {
    if (tag?.kind === 'name')
      this.#whenSettled(decl, tag.name, scope, (found) => ({ kind: 'enum', tag: found.repr, cases }), false);
    const given = tag?.kind === 'word' ? this.#repr(tag, 'tag of an enum') : undefined;
    return { kind: 'enum', tag: given ?? defaultTag, cases };
  }

  #variant(decl: DeclDraft, cases: readonly AstCase[], tag: AstTag | undefined, scope: Scope): VariantType {
    const lowered = cases.map((each) => ({
      name: each.name,
      docs: each.docs,
      payload: each.payload && this.lower(each.payload, scope),
    }));
    const build = (repr: IntegerRepr, tagDecl: TypeDecl | undefined, names: readonly Name[]): VariantType => {
      const named = lowered.map((each, index): VariantCase => ({
        ...each,
        name: each.name ?? names[index] ?? nameOf(`case_${index}`, decl.name.span),
      }));
      return { kind: 'variant', tag: repr, tagDecl, cases: inOrder(named, names) };
    };
    if (tag?.kind === 'name') {
      this.#whenSettled(
        decl,
        tag.name,
        scope,
        (found) => build(found.repr, found.names === undefined ? undefined : found.decl, found.names ?? []),
        true,
      );
    }
    const given = tag?.kind === 'word' ? this.#repr(tag, 'tag of a variant') : undefined;
    return build(given ?? defaultTag, undefined, []);
  }

  /** Gives `decl` its type once the tag that `name` stands for is known: an integer, or (for variants) an enum. */
  #whenSettled(
    decl: DeclDraft,
    name: Name,
    scope: Scope,
    build: (tag: {
      readonly decl: TypeDecl;
      readonly repr: IntegerRepr;
      readonly names: readonly Name[] | undefined;
    }) => Type,
    enumAllowed: boolean,
  ): void {
    const tagDecl = this.find(scope, name);
    if (tagDecl === undefined) {
      decl.type = erroneous;
      return;
    }
    this.#unsettled.push(() => {
      const target = follow({ kind: 'ref', decl: tagDecl });
      const repr = target?.kind === 'scalar' ? integerRepr(target.scalar) : undefined;
      if (target?.kind === 'enum' && enumAllowed) {
        decl.type = build({ decl: tagDecl, repr: target.tag, names: target.cases.map((each) => each.name) });
      } else if (repr !== undefined) {
        decl.type = build({ decl: tagDecl, repr, names: undefined });
      } else if (target !== undefined && target !== erroneous) {
        const related = [{ message: 'declared here', span: tagDecl.name.span }];
        const hint = enumAllowed ? 'a tag is an enum or an unsigned integer' : reprHint;
        this.#bag.report(
          'bad-tag',
          name.span,
          { role: `tag of \`$${decl.name.wire}\``, found: `\`$${name.wire}\`` },
          { hint, related },
        );
      }
    });
  }
}

/** Whether two declarations have the same text, and so have all that names in it stand for. */
function sayTheSame(left: TypeDecl, right: TypeDecl, compared = new Set<TypeDecl>()): boolean {
  if (left === right || compared.has(left)) return true;
  compared.add(left);
  if (printType(left.type) !== printType(right.type)) return false;
  const others = references(right);
  return references(left).every((each, index) => {
    const other = others[index];
    return other !== undefined && sayTheSame(each, other, compared);
  });
}

/** The cases of a variant stand in the order of the enum that is its tag, however they are written (WITX's own test `union.witxt`). */
function inOrder(cases: readonly VariantCase[], names: readonly Name[]): readonly VariantCase[] {
  const position = new Map(names.map((name, index) => [name.wire, index]));
  if (cases.some((each) => !position.has(each.name.wire))) return cases;
  return cases.toSorted((a, b) => (position.get(a.name.wire) ?? 0) - (position.get(b.name.wire) ?? 0));
}
