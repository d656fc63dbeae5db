/**
 * The grammar of WIT (WIT.md, "Lexical structure" to "Types"). One parser reads one item at a time,
 * or the head of one with items inside; `parse.ts` cuts files into items.
 */
import type { IToken } from 'chevrotain';
import type { Name } from '../../model/model.js';
import type { Span } from '../../source/source.js';
import type { ExpectationRecorder } from '../messages.js';
import type {
  AstExtern,
  AstFunc,
  AstGates,
  AstInclude,
  AstPackageName,
  AstPath,
  AstTypedef,
  AstUsedName,
} from './ast.js';
import { DeclarationParser, type Lead } from './grammar-declarations.js';
import { At, Colon, Dot, Id, keywordType as keyword, LBrace, Numeral, RBrace, Semicolon, Slash } from './tokens.js';

/** An item, or the head of one whose own items follow. `broken`: it could be read, and says what cannot be. */
export type Parsed =
  | AstTypedef
  | AstFunc
  | AstExtern
  | AstInclude
  | { readonly kind: 'package'; readonly id: AstPackageName; readonly opens: boolean; readonly gates: AstGates }
  | {
      readonly kind: 'use';
      readonly path: AstPath;
      readonly local: Name | undefined;
      readonly names: readonly AstUsedName[] | undefined;
      readonly gates: AstGates;
    }
  | { readonly kind: 'interface' | 'world'; readonly name: Name; readonly docs: string; readonly gates: AstGates }
  | { readonly kind: 'broken'; readonly name: Name | undefined };

/** `a:b/c@1.0.0` before it is known what it is. */
interface RawPath {
  readonly ids: readonly IToken[];
  readonly slashed: readonly IToken[];
  readonly version: IToken | undefined;
}

export class WitParser extends DeclarationParser {
  constructor(expectations: ExpectationRecorder, skipValidations = true) {
    super(expectations, skipValidations);
    this.performSelfAnalysis();
  }

  #packageName(
    ids: readonly IToken[],
    version: IToken | undefined,
    span: Span,
    docs = '',
    commented = false,
  ): AstPackageName {
    const [namespace = '', name = ''] = ids.map((each) => each.image.replace(/^%/, ''));
    const at = version && { text: this.version(version), span: this.span(version) };
    return { namespace, name, version: at, docs, commented, span };
  }

  /** `name` or `namespace:package/name@version`. */
  #path(raw: RawPath): AstPath | undefined {
    const all = [...raw.ids, ...raw.slashed, ...(raw.version === undefined ? [] : [raw.version])];
    const [first, last, name] = [all[0], all.at(-1), raw.slashed[0] ?? raw.ids[0]];
    if (first === undefined || last === undefined || name === undefined) return undefined;
    const span = this.span(first, last);
    if (raw.ids.length === 1 && all.length === 1) return { package: undefined, name: this.name(name), span };
    if (raw.ids.length === 2 && raw.slashed.length === 1) {
      const [, second = first] = raw.ids;
      const id = this.#packageName(raw.ids, raw.version, this.span(first, second));
      return { package: id, name: this.name(name), span };
    }
    this.here.bag.report('bad-path', span, { path: this.here.file.text.slice(span.start, span.end) });
    return undefined;
  }

  readonly item = this.RULE('item', (): Parsed => {
    const first = this.ACTION(() => this.LA(1));
    const gates = this.SUBRULE(this.gates);
    const lead: Lead = { first, gates };
    return this.OR<Parsed>({
      ERR_MSG: 'an item',
      DEF: [
        { ALT: () => this.SUBRULE(this.package, { ARGS: [lead] }) },
        { ALT: () => this.SUBRULE(this.use, { ARGS: [lead] }) },
        { ALT: () => this.SUBRULE(this.container, { ARGS: [lead] }) },
        { ALT: () => this.SUBRULE(this.typedef, { ARGS: [lead] }) },
        { ALT: () => this.SUBRULE(this.resource, { ARGS: [lead] }) },
        { ALT: () => this.SUBRULE(this.constructorFunc, { ARGS: [lead] }) },
        { ALT: () => this.SUBRULE(this.func, { ARGS: [lead] }) },
        { ALT: () => this.SUBRULE(this.extern, { ARGS: [lead] }) },
        { ALT: () => this.SUBRULE(this.include, { ARGS: [lead] }) },
      ],
    });
  });

  readonly path = this.RULE('path', (): RawPath => {
    const ids = [this.CONSUME(Id)];
    this.MANY(() => {
      this.CONSUME(Colon);
      ids.push(this.CONSUME1(Id));
    });
    const rest = this.SUBRULE(this.pathEnd);
    return { ...rest, ids };
  });

  readonly pathEnd = this.RULE('pathEnd', (): Omit<RawPath, 'ids'> => {
    const slashed: IToken[] = [];
    this.MANY(() => {
      this.CONSUME(Slash);
      slashed.push(this.CONSUME(Id));
    });
    const version = this.OPTION(() => {
      this.CONSUME(At);
      return this.CONSUME(Numeral);
    });
    return { slashed, version };
  });

  readonly package = this.RULE('package', (lead: Lead): Parsed => {
    const word = this.CONSUME(keyword('package'));
    const raw = this.SUBRULE(this.path);
    const opens = this.OR([
      {
        ALT: () => {
          this.CONSUME(Semicolon);
          return false;
        },
      },
      {
        ALT: () => {
          this.CONSUME(LBrace);
          return true;
        },
      },
    ]);
    return this.ACTION((): Parsed => {
      const last = raw.version ?? raw.slashed.at(-1) ?? raw.ids.at(-1) ?? word;
      const span = this.span(raw.ids[0] ?? word, last);
      const isSimple = raw.ids.length === 2 && raw.slashed.length === 0;
      // Interfaces may have capital letters, packages not.
      if (!isSimple || raw.ids.some((each) => /[A-Z]/.test(each.image))) {
        this.here.bag.report('bad-package-name', span, { name: this.here.file.text.slice(span.start, span.end) });
        return { kind: 'broken', name: undefined };
      }
      return {
        kind: 'package',
        id: this.#packageName(
          raw.ids,
          raw.version,
          span,
          this.docs(lead, word),
          this.here.docs.isCommented(lead.first.startOffset),
        ),
        opens,
        gates: lead.gates,
      };
    });
  });

  /** `use path;`, `use path as name;` and `use path.{a, b as c};`: which of them may stand where, `parse.ts` knows. */
  readonly use = this.RULE('use', (lead: Lead): Parsed => {
    this.CONSUME(keyword('use'));
    const raw = this.SUBRULE(this.path);
    let names: readonly AstUsedName[] | undefined;
    let local: IToken | undefined;
    this.OPTION(() =>
      this.OR([
        {
          ALT: () => {
            this.CONSUME(Dot);
            this.CONSUME(LBrace);
            names = this.SUBRULE(this.usedNames);
            this.CONSUME(RBrace);
          },
        },
        {
          ALT: () => {
            this.CONSUME(keyword('as'));
            local = this.CONSUME(Id);
          },
        },
      ]),
    );
    this.CONSUME(Semicolon);
    return this.ACTION((): Parsed => {
      const path = this.#path(raw);
      return path === undefined
        ? { kind: 'broken', name: undefined }
        : { kind: 'use', path, names, local: local && this.name(local), gates: lead.gates };
    });
  });

  readonly usedNames = this.RULE('usedNames', (): readonly AstUsedName[] => {
    const names: AstUsedName[] = [];
    this.separated(() => {
      const name = this.CONSUME(Id);
      const local = this.OPTION1(() => {
        this.CONSUME(keyword('as'));
        return this.CONSUME1(Id);
      });
      this.ACTION(() => names.push({ name: this.name(name), local: this.name(local ?? name) }));
    });
    return names;
  });

  readonly container = this.RULE('container', (lead: Lead): Parsed => {
    const word = this.OR([
      { ALT: () => this.CONSUME(keyword('interface')) },
      { ALT: () => this.CONSUME(keyword('world')) },
    ]);
    const name = this.CONSUME(Id);
    this.CONSUME(LBrace);
    return this.ACTION((): Parsed => ({
      kind: word.image === 'world' ? 'world' : 'interface',
      name: this.name(name),
      docs: this.docs(lead, word),
      gates: lead.gates,
    }));
  });

  /**
   * `import a:b/c;` and `import a: b;` begin alike: what stands after the first colon decides
   * (WIT.md, "Item: `world`", on `import a:b`; the reference parser takes `a:b` as a name and a path).
   */
  readonly extern = this.RULE('extern', (lead: Lead): Parsed => {
    const word = this.OR([
      { ALT: () => this.CONSUME(keyword('import')) },
      { ALT: () => this.CONSUME(keyword('export')) },
    ]);
    const first = this.CONSUME(Id);
    const base = this.ACTION(() => ({
      kind: 'extern' as const,
      direction: word.image === 'import' ? ('import' as const) : ('export' as const),
      docs: this.docs(lead, word),
      gates: lead.gates,
    }));
    return this.OR1<Parsed>([
      {
        ALT: () => {
          this.CONSUME(Colon);
          return this.OR2<Parsed>({
            ERR_MSG: '`func`, `interface` or the path of an interface',
            DEF: [
              {
                ALT: () => {
                  const type = this.SUBRULE(this.funcType);
                  this.CONSUME(Semicolon);
                  return this.ACTION((): Parsed => {
                    const func: AstFunc = {
                      kind: 'func',
                      name: this.name(first),
                      docs: base.docs,
                      gates: lead.gates,
                      form: 'plain',
                      ...type,
                      span: this.span(first),
                    };
                    return { ...base, what: { kind: 'func', func } };
                  });
                },
              },
              {
                ALT: () => {
                  this.CONSUME(keyword('interface'));
                  this.CONSUME(LBrace);
                  return this.ACTION((): Parsed => ({
                    ...base,
                    what: { kind: 'inline', name: this.name(first), items: [] },
                  }));
                },
              },
              {
                ALT: () => {
                  const raw = this.SUBRULE(this.path);
                  this.CONSUME1(Semicolon);
                  return this.ACTION((): Parsed => this.#externPath(base, first, raw));
                },
              },
            ],
          });
        },
      },
      {
        ALT: () => {
          const rest = this.SUBRULE(this.pathEnd);
          this.CONSUME2(Semicolon);
          return this.ACTION((): Parsed => {
            const path = this.#path({ ids: [first], ...rest });
            return path === undefined
              ? { kind: 'broken', name: undefined }
              : { ...base, what: { kind: 'path', name: undefined, path } };
          });
        },
      },
    ]);
  });

  #externPath(base: Omit<AstExtern, 'what'>, first: IToken, raw: RawPath): Parsed {
    const isWhole = raw.ids.length === 1 && raw.slashed.length > 0;
    const path = this.#path(isWhole ? { ...raw, ids: [first, ...raw.ids] } : raw);
    if (path === undefined) return { kind: 'broken', name: this.name(first) };
    return { ...base, what: { kind: 'path', name: isWhole ? undefined : this.name(first), path } };
  }

  readonly include = this.RULE('include', (lead: Lead): Parsed => {
    this.CONSUME(keyword('include'));
    const raw = this.SUBRULE(this.path);
    const renames = this.OR<readonly AstUsedName[]>([
      {
        ALT: () => {
          this.CONSUME(Semicolon);
          return [];
        },
      },
      {
        ALT: () => {
          this.CONSUME(keyword('with'));
          this.CONSUME(LBrace);
          const found = this.SUBRULE(this.renames);
          this.CONSUME(RBrace);
          return found;
        },
      },
    ]);
    return this.ACTION((): Parsed => {
      const path = this.#path(raw);
      return path === undefined
        ? { kind: 'broken', name: undefined }
        : { kind: 'include', path, renames, gates: lead.gates };
    });
  });

  readonly renames = this.RULE('renames', (): readonly AstUsedName[] => {
    const names: AstUsedName[] = [];
    this.separated(() => {
      const name = this.CONSUME(Id);
      this.CONSUME(keyword('as'));
      const local = this.CONSUME1(Id);
      this.ACTION(() => names.push({ name: this.name(name), local: this.name(local) }));
    });
    return names;
  });
}
