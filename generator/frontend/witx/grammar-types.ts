/** The grammar of types, and what all rules need. */
import { EmbeddedActionsParser, type IToken, type ParserMethod } from 'chevrotain';
import type { Name } from '../../model/model.js';
import { nameOf } from '../../model/name.js';
import { SourceFile, type Span } from '../../source/source.js';
import type { Docs } from '../docs.js';
import type { ExpectationRecorder } from '../messages.js';
import type { AstCase, AstField, AstIntConstant, AstLabel, AstTag, AstType } from './ast.js';
import { integerValue } from './literals.js';
import {
  allTokens,
  Builtin,
  Id,
  Integer,
  keywordType as keyword,
  LParen,
  RParen,
  spanOf,
  type BuiltinWord,
} from './tokens.js';

/** What the actions need to know about the file a form is from. */
export interface ParseContext {
  readonly file: SourceFile;
  readonly docs: Docs;
  readonly badInteger: (token: IToken) => void;
  readonly untagged: (span: Span) => void;
}

const nowhere: ParseContext = {
  file: new SourceFile('', ''),
  docs: { at: () => '', file: '' },
  badInteger: () => undefined,
  untagged: () => undefined,
};

export class TypeParser extends EmbeddedActionsParser {
  context: ParseContext = nowhere;

  /** Whether the grammar is sound is a test's question, not every run's: asking takes longer than parsing. */
  constructor(expectations: ExpectationRecorder, skipValidations: boolean) {
    super(allTokens, { maxLookahead: 3, errorMessageProvider: expectations, skipValidations });
  }

  protected span(first: IToken, last: IToken): Span {
    return spanOf(this.context.file, first, last);
  }

  protected name(token: IToken): Name {
    return nameOf(token.image.slice(1), this.span(token, token));
  }

  protected docs(token: IToken): string {
    return this.context.docs.at(token.startOffset);
  }

  readonly named = this.RULE('named', (open: IToken): AstField => {
    const name = this.CONSUME(Id);
    const type = this.SUBRULE(this.type);
    return this.ACTION((): AstField => ({ name: this.name(name), docs: this.docs(open), type }));
  });

  readonly type: ParserMethod<[], AstType> = this.RULE('type', (): AstType =>
    this.OR<AstType>({
      ERR_MSG: 'a type',
      DEF: [
        { ALT: () => ({ kind: 'name', name: this.name(this.CONSUME(Id)) }) },
        { ALT: () => ({ kind: 'builtin', word: this.CONSUME(Builtin).image as BuiltinWord }) },
        // Without `@witx`: until 2020.
        { ALT: () => ({ kind: 'builtin', word: this.SUBRULE(this.size) }) },
        { ALT: () => this.SUBRULE(this.compound) },
      ],
    }),
  );

  readonly size = this.RULE('size', (): 'usize' | 'char8' =>
    this.OR<'usize' | 'char8'>([
      {
        ALT: () => {
          this.CONSUME(keyword('usize'));
          return 'usize';
        },
      },
      {
        ALT: () => {
          this.CONSUME(keyword('char8'));
          return 'char8';
        },
      },
    ]),
  );

  readonly compound = this.RULE('compound', (): AstType => {
    const open = this.CONSUME(LParen);
    const type = this.OR<AstType>([
      { ALT: () => this.SUBRULE(this.enum, { ARGS: [open] }) },
      { ALT: () => this.SUBRULE(this.flags, { ARGS: [open] }) },
      { ALT: () => this.SUBRULE(this.int, { ARGS: [open] }) },
      { ALT: () => this.SUBRULE(this.record, { ARGS: [open] }) },
      { ALT: () => this.SUBRULE(this.variant, { ARGS: [open] }) },
      { ALT: () => this.SUBRULE(this.union, { ARGS: [open] }) },
      { ALT: () => this.SUBRULE(this.handle, { ARGS: [open] }) },
      { ALT: () => this.SUBRULE(this.expected) },
      { ALT: () => this.SUBRULE(this.annotated) },
      { ALT: () => this.SUBRULE(this.tuple) },
      { ALT: () => this.SUBRULE(this.wrapped) },
    ]);
    this.CONSUME(RParen);
    return type;
  });

  readonly enum = this.RULE('enum', (open: IToken): AstType => {
    const word = this.CONSUME(keyword('enum'));
    // Before there were annotations: `(enum u8 …)`, `(flags u8 …)`.
    const tag = this.OPTION(() =>
      this.OR<AstTag>([{ ALT: () => this.SUBRULE(this.tag) }, { ALT: () => this.SUBRULE(this.wordTag) }]),
    );
    const cases = this.SUBRULE(this.labels);
    return this.ACTION((): AstType => ({ kind: 'enum', tag, cases, span: this.span(open, word) }));
  });

  readonly flags = this.RULE('flags', (open: IToken): AstType => {
    const word = this.CONSUME(keyword('flags'));
    const repr = this.OPTION(() =>
      this.OR<AstTag>([
        {
          ALT: () => {
            this.CONSUME(LParen);
            this.CONSUME(keyword('@witx'));
            this.CONSUME(keyword('repr'));
            const found = this.SUBRULE(this.wordTag);
            this.CONSUME(RParen);
            return found;
          },
        },
        { ALT: () => this.SUBRULE1(this.wordTag) },
      ]),
    );
    const flags = this.SUBRULE(this.flagLabels);
    return this.ACTION((): AstType => ({ kind: 'flags', repr, flags, span: this.span(open, word) }));
  });

  /** `(@witx tag u8)`, `(@witx tag $enum)` */
  readonly tag = this.RULE('tag', (): AstTag => {
    this.CONSUME(LParen);
    this.CONSUME(keyword('@witx'));
    this.CONSUME(keyword('tag'));
    const found = this.OR<AstTag>([
      { ALT: () => this.SUBRULE(this.wordTag) },
      { ALT: () => ({ kind: 'name', name: this.name(this.CONSUME(Id)) }) },
    ]);
    this.CONSUME(RParen);
    return found;
  });

  readonly wordTag = this.RULE('wordTag', (): AstTag => {
    const word = this.CONSUME(Builtin);
    return this.ACTION((): AstTag => ({ kind: 'word', word: word.image as BuiltinWord, span: this.span(word, word) }));
  });

  readonly labels = this.RULE('labels', (): AstLabel[] => {
    const labels: AstLabel[] = [];
    this.MANY(() => {
      const label = this.CONSUME(Id);
      this.ACTION(() => labels.push({ name: this.name(label), docs: this.docs(label) }));
    });
    return labels;
  });

  /** `$read $write`; in 2019 `(flag $read) (flag $write)`. */
  readonly flagLabels = this.RULE('flagLabels', (): AstLabel[] => {
    const labels: AstLabel[] = [];
    const add = (label: IToken, start: IToken): void =>
      this.ACTION(() => void labels.push({ name: this.name(label), docs: this.docs(start) }));
    this.MANY(() =>
      this.OR([
        {
          ALT: () => {
            const label = this.CONSUME(Id);
            add(label, label);
          },
        },
        {
          ALT: () => {
            const start = this.CONSUME(LParen);
            this.CONSUME(keyword('flag'));
            add(this.CONSUME1(Id), start);
            this.CONSUME(RParen);
          },
        },
      ]),
    );
    return labels;
  });

  /** `(int u64 (const $start 0))` */
  readonly int = this.RULE('int', (open: IToken): AstType => {
    const word = this.CONSUME(keyword('int'));
    const repr = this.SUBRULE(this.wordTag);
    const constants: AstIntConstant[] = [];
    this.MANY(() => {
      const start = this.CONSUME(LParen);
      this.CONSUME(keyword('const'));
      const name = this.CONSUME(Id);
      const value = this.CONSUME(Integer);
      this.CONSUME(RParen);
      this.ACTION(() => {
        constants.push({ name: this.name(name), docs: this.docs(start), value: this.integer(value) });
      });
    });
    return this.ACTION((): AstType => ({ kind: 'int', repr, constants, span: this.span(open, word) }));
  });

  /** The value of an integer; `undefined`: it is none, which is reported. */
  protected integer(token: IToken): bigint | undefined {
    const value = integerValue(token.image);
    if (value === undefined) this.context.badInteger(token);
    return value;
  }

  readonly record = this.RULE('record', (open: IToken): AstType => {
    const word = this.OR([
      { ALT: () => this.CONSUME(keyword('record')) },
      { ALT: () => this.CONSUME(keyword('struct')) },
    ]);
    const bitflags = this.OPTION(() => {
      this.CONSUME(LParen);
      this.CONSUME(keyword('@witx'));
      this.CONSUME(keyword('bitflags'));
      const found = this.SUBRULE(this.wordTag);
      this.CONSUME(RParen);
      return found;
    });
    const fields: AstField[] = [];
    this.MANY(() => {
      const start = this.CONSUME1(LParen);
      this.CONSUME(keyword('field'));
      fields.push(this.SUBRULE(this.named, { ARGS: [start] }));
      this.CONSUME1(RParen);
    });
    return this.ACTION((): AstType => ({ kind: 'record', bitflags, fields, span: this.span(open, word) }));
  });

  readonly variant = this.RULE('variant', (open: IToken): AstType => {
    const word = this.CONSUME(keyword('variant'));
    const tag = this.OPTION(() => this.SUBRULE(this.tag));
    const cases: AstCase[] = [];
    this.MANY(() => {
      const start = this.CONSUME(LParen);
      this.CONSUME(keyword('case'));
      const name = this.CONSUME(Id);
      const payload = this.OPTION1(() => this.SUBRULE(this.type));
      this.CONSUME(RParen);
      this.ACTION(() => cases.push({ name: this.name(name), docs: this.docs(start), payload }));
    });
    return this.ACTION((): AstType => ({ kind: 'variant', tag, cases, span: this.span(open, word) }));
  });

  /** `(union (@witx tag $t) $a $b)`; before, `(union $t (field $x $a) (empty $y))`. */
  readonly union = this.RULE('union', (open: IToken): AstType => {
    const word = this.CONSUME(keyword('union'));
    let tag = this.OPTION(() => this.SUBRULE(this.tag));
    const cases: AstCase[] = [];
    this.MANY(() => cases.push(this.SUBRULE(this.member)));
    return this.ACTION((): AstType => {
      const first = cases[0];
      if (
        tag === undefined &&
        first?.name === undefined &&
        first?.payload?.kind === 'name' &&
        cases.slice(1).some((each) => each.name !== undefined)
      ) {
        tag = { kind: 'name', name: first.payload.name };
        cases.shift();
      }
      if (tag === undefined && cases.some((each) => each.name !== undefined))
        this.context.untagged(this.span(open, word));
      return { kind: 'variant', tag, cases, span: this.span(open, word) };
    });
  });

  readonly member = this.RULE('member', (): AstCase => {
    const start = this.ACTION(() => this.LA(1));
    return this.OR<AstCase>([
      {
        ALT: () => {
          this.CONSUME(LParen);
          this.CONSUME(keyword('field'));
          const name = this.CONSUME(Id);
          const payload = this.SUBRULE(this.type);
          this.CONSUME(RParen);
          return this.ACTION((): AstCase => ({ name: this.name(name), docs: this.docs(start), payload }));
        },
      },
      {
        ALT: () => {
          this.CONSUME1(LParen);
          this.CONSUME(keyword('empty'));
          const name = this.CONSUME1(Id);
          this.CONSUME1(RParen);
          return this.ACTION((): AstCase => ({ name: this.name(name), docs: this.docs(start), payload: undefined }));
        },
      },
      {
        ALT: () => {
          const payload = this.SUBRULE1(this.type);
          return this.ACTION((): AstCase => ({ name: undefined, docs: this.docs(start), payload }));
        },
      },
    ]);
  });

  readonly handle = this.RULE('handle', (open: IToken): AstType => {
    const word = this.CONSUME(keyword('handle'));
    const resource = this.OPTION(() => this.name(this.CONSUME(Id)));
    return this.ACTION((): AstType => ({ kind: 'handle', resource, span: this.span(open, word) }));
  });

  readonly expected = this.RULE('expected', (): AstType => {
    this.CONSUME(keyword('expected'));
    const ok = this.OPTION(() => this.SUBRULE(this.type));
    const error = this.OPTION1(() => {
      this.CONSUME(LParen);
      this.CONSUME(keyword('error'));
      const found = this.OPTION2(() => this.SUBRULE1(this.type));
      this.CONSUME(RParen);
      return found;
    });
    return { kind: 'expected', ok, error };
  });

  readonly annotated = this.RULE('annotated', (): AstType => {
    this.CONSUME(keyword('@witx'));
    return this.OR<AstType>([
      { ALT: () => ({ kind: 'builtin', word: this.SUBRULE(this.size) }) },
      {
        ALT: () => {
          this.CONSUME(keyword('pointer'));
          return { kind: 'pointer', access: 'out', pointee: this.SUBRULE(this.type) };
        },
      },
      {
        ALT: () => {
          this.CONSUME(keyword('const_pointer'));
          return { kind: 'pointer', access: 'in', pointee: this.SUBRULE1(this.type) };
        },
      },
    ]);
  });

  readonly tuple = this.RULE('tuple', (): AstType => {
    this.CONSUME(keyword('tuple'));
    const items: AstType[] = [];
    this.MANY(() => items.push(this.SUBRULE(this.type)));
    return { kind: 'tuple', items };
  });

  /** The forms of one type over another. */
  readonly wrapped = this.RULE('wrapped', (): AstType => {
    const word = this.OR([
      { ALT: () => this.CONSUME(keyword('list')) },
      { ALT: () => this.CONSUME(keyword('array')) },
      { ALT: () => this.CONSUME(keyword('option')) },
      { ALT: () => this.CONSUME(keyword('in-buffer')) },
      { ALT: () => this.CONSUME(keyword('out-buffer')) },
    ]);
    const type = this.SUBRULE(this.type);
    return this.ACTION((): AstType => {
      if (word.image === 'option') return { kind: 'option', payload: type, span: this.span(word, word) };
      if (word.image === 'in-buffer') return { kind: 'buffer', access: 'in', element: type };
      if (word.image === 'out-buffer') return { kind: 'buffer', access: 'out', element: type };
      return { kind: 'list', element: type };
    });
  });
}
