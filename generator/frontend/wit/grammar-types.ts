/** The grammar of types (WIT.md, "Types"), and what all rules need. */
import { EmbeddedActionsParser, type IToken, type ParserMethod } from 'chevrotain';
import type { DiagnosticBag } from '../../diagnostics/diagnostic.js';
import type { Name } from '../../model/model.js';
import { nameOf } from '../../model/name.js';
import type { SourceFile, Span } from '../../source/source.js';
import type { ExpectationRecorder } from '../messages.js';
import type { AstType } from './ast.js';
import type { WitDocs } from './docs.js';
import {
  allTokens,
  Builtin,
  Comma,
  Id,
  keywordType as keyword,
  LAngle,
  Numeral,
  RAngle,
  spanOf,
  type BuiltinWord,
} from './tokens.js';

/** What the actions need to know about the file an item is from. */
export interface ParseContext {
  readonly file: SourceFile;
  readonly docs: WitDocs;
  readonly bag: DiagnosticBag;
}

export class TypeParser extends EmbeddedActionsParser {
  context: ParseContext | undefined;

  /** Whether the grammar is sound is a test's question, not every run's: asking takes longer than parsing. */
  constructor(expectations: ExpectationRecorder, skipValidations: boolean) {
    super(allTokens, { maxLookahead: 2, errorMessageProvider: expectations, skipValidations });
  }

  /** Actions run in a context only: while chevrotain studies the grammar there is none. */
  protected get here(): ParseContext {
    if (this.context === undefined) throw new TypeError('a parser without a file');
    return this.context;
  }

  protected span(first: IToken, last = first): Span {
    return spanOf(this.here.file, first, last);
  }

  protected name(token: IToken): Name {
    return nameOf(token.image.replace(/^%/, ''), this.span(token));
  }

  /** Elements with commas between them, and perhaps one at the end. */
  protected separated(element: () => void): void {
    let more = true;
    this.MANY({
      GATE: () => more,
      DEF: () => {
        element();
        more = false;
        this.OPTION(() => {
          this.CONSUME(Comma);
          more = true;
        });
      },
    });
  }

  readonly type: ParserMethod<[], AstType> = this.RULE('type', (): AstType =>
    this.OR<AstType>({
      ERR_MSG: 'a type',
      DEF: [
        {
          ALT: () => {
            const name = this.CONSUME(Id);
            return this.ACTION((): AstType => ({ kind: 'name', name: this.name(name), span: this.span(name) }));
          },
        },
        {
          ALT: () => {
            const word = this.CONSUME(Builtin);
            return this.ACTION((): AstType => ({
              kind: 'builtin',
              word: word.image as BuiltinWord,
              span: this.span(word),
            }));
          },
        },
        {
          ALT: () => {
            const word = this.CONSUME(keyword('error-context'));
            return this.ACTION((): AstType => ({ kind: 'error-context', span: this.span(word) }));
          },
        },
        { ALT: () => this.SUBRULE(this.listType) },
        { ALT: () => this.SUBRULE(this.optionType) },
        { ALT: () => this.SUBRULE(this.resultType) },
        { ALT: () => this.SUBRULE(this.tupleType) },
        { ALT: () => this.SUBRULE(this.mapType) },
        { ALT: () => this.SUBRULE(this.channelType) },
        { ALT: () => this.SUBRULE(this.handleType) },
      ],
    }),
  );

  readonly listType = this.RULE('listType', (): AstType => {
    const word = this.CONSUME(keyword('list'));
    this.CONSUME(LAngle);
    const element = this.SUBRULE(this.type);
    const length = this.OPTION(() => {
      this.CONSUME(Comma);
      return this.CONSUME(Numeral);
    });
    const end = this.CONSUME(RAngle);
    return this.ACTION((): AstType => ({
      kind: 'list',
      element,
      length: length && { text: length.image, span: this.span(length) },
      span: this.span(word, end),
    }));
  });

  readonly optionType = this.RULE('optionType', (): AstType => {
    const word = this.CONSUME(keyword('option'));
    this.CONSUME(LAngle);
    const payload = this.SUBRULE(this.type);
    const end = this.CONSUME(RAngle);
    return this.ACTION((): AstType => ({ kind: 'option', payload, span: this.span(word, end) }));
  });

  readonly resultType = this.RULE('resultType', (): AstType => {
    const word = this.CONSUME(keyword('result'));
    let ok: AstType | undefined;
    let error: AstType | undefined;
    const end = this.OPTION(() => {
      this.CONSUME(LAngle);
      this.OR({
        ERR_MSG: 'a type or `_`',
        DEF: [
          {
            ALT: () => {
              this.CONSUME(keyword('_'));
              this.CONSUME(Comma);
              error = this.SUBRULE(this.type);
            },
          },
          {
            ALT: () => {
              ok = this.SUBRULE1(this.type);
              this.OPTION1(() => {
                this.CONSUME1(Comma);
                error = this.SUBRULE2(this.type);
              });
            },
          },
        ],
      });
      return this.CONSUME(RAngle);
    });
    return this.ACTION((): AstType => ({ kind: 'result', ok, error, span: this.span(word, end ?? word) }));
  });

  readonly tupleType = this.RULE('tupleType', (): AstType => {
    const word = this.CONSUME(keyword('tuple'));
    this.CONSUME(LAngle);
    const items: AstType[] = [];
    this.separated(() => items.push(this.SUBRULE(this.type)));
    const end = this.CONSUME(RAngle);
    return this.ACTION((): AstType => ({ kind: 'tuple', items, span: this.span(word, end) }));
  });

  readonly mapType = this.RULE('mapType', (): AstType => {
    const word = this.CONSUME(keyword('map'));
    this.CONSUME(LAngle);
    const key = this.SUBRULE(this.type);
    this.CONSUME(Comma);
    const value = this.SUBRULE1(this.type);
    const end = this.CONSUME(RAngle);
    return this.ACTION((): AstType => ({ kind: 'map', key, value, span: this.span(word, end) }));
  });

  readonly channelType = this.RULE('channelType', (): AstType => {
    const word = this.OR([
      { ALT: () => this.CONSUME(keyword('future')) },
      { ALT: () => this.CONSUME(keyword('stream')) },
    ]);
    let payload: AstType | undefined;
    const end = this.OPTION(() => {
      this.CONSUME(LAngle);
      payload = this.SUBRULE(this.type);
      return this.CONSUME(RAngle);
    });
    return this.ACTION((): AstType => ({
      kind: word.image === 'future' ? 'future' : 'stream',
      payload,
      span: this.span(word, end ?? word),
    }));
  });

  readonly handleType = this.RULE('handleType', (): AstType => {
    const word = this.OR([{ ALT: () => this.CONSUME(keyword('own')) }, { ALT: () => this.CONSUME(keyword('borrow')) }]);
    this.CONSUME(LAngle);
    const name = this.CONSUME(Id);
    const end = this.CONSUME(RAngle);
    return this.ACTION((): AstType => ({
      kind: word.image === 'own' ? 'own' : 'borrow',
      name: this.name(name),
      span: this.span(word, end),
    }));
  });
}
