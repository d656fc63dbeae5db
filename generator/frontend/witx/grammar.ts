/**
 * The grammar of WITX: both its dialects (0.9: `use "file"`, definitions outside modules; 0.10:
 * `use … from $module`) and what WASI's older files write (`enum u16`, `struct`, `array`, unions
 * of fields). One parser reads one form at a time; `forms.ts` cuts files into forms.
 */
import type { IToken } from 'chevrotain';
import type { Name } from '../../model/model.js';
import { nameOf } from '../../model/name.js';
import type { ExpectationRecorder } from '../messages.js';
import type {
  AstConstant,
  AstField,
  AstFunc,
  AstImport,
  AstMember,
  AstResource,
  AstTypename,
  AstUsedName,
  AstUseFile,
  AstUseNames,
} from './ast.js';
import { TypeParser } from './grammar-types.js';
import { textValue } from './literals.js';
import { Comma, Id, Integer, keywordType as keyword, LParen, RParen, Star, Text } from './tokens.js';

export class WitxParser extends TypeParser {
  constructor(expectations: ExpectationRecorder, skipValidations = true) {
    super(expectations, skipValidations);
    this.performSelfAnalysis();
  }

  /** `(module $name`, without what follows. */
  readonly moduleHead = this.RULE('moduleHead', (): Name => {
    this.CONSUME(LParen);
    this.CONSUME(keyword('module'));
    return this.name(this.CONSUME(Id));
  });

  readonly form = this.RULE('form', (): AstMember => {
    const open = this.CONSUME(LParen);
    const item = this.OR<AstMember>([
      { ALT: () => this.SUBRULE(this.use, { ARGS: [open] }) },
      { ALT: () => this.SUBRULE(this.typename, { ARGS: [open] }) },
      { ALT: () => this.SUBRULE(this.resource) },
      { ALT: () => this.SUBRULE(this.constant, { ARGS: [open] }) },
      { ALT: () => this.SUBRULE(this.func, { ARGS: [open] }) },
      { ALT: () => this.SUBRULE(this.import) },
    ]);
    this.CONSUME(RParen);
    return item;
  });

  readonly use = this.RULE('use', (open: IToken): AstUseFile | AstUseNames => {
    this.CONSUME(keyword('use'));
    return this.OR<AstUseFile | AstUseNames>([
      {
        ALT: () => {
          const text = this.CONSUME(Text);
          return this.ACTION((): AstUseFile => ({
            kind: 'use-file',
            path: textValue(text.image),
            span: this.span(text, text),
          }));
        },
      },
      {
        ALT: () => {
          this.CONSUME(Star);
          this.CONSUME(keyword('from'));
          const from = this.CONSUME(Id);
          return this.ACTION((): AstUseNames => ({
            kind: 'use-names',
            names: undefined,
            from: this.name(from),
            span: this.span(open, from),
          }));
        },
      },
      {
        ALT: () => {
          const names: AstUsedName[] = [];
          this.AT_LEAST_ONE(() => {
            names.push(this.SUBRULE(this.usedName));
            this.OPTION(() => this.CONSUME(Comma));
          });
          this.CONSUME1(keyword('from'));
          const from = this.CONSUME1(Id);
          return this.ACTION((): AstUseNames => ({
            kind: 'use-names',
            names,
            from: this.name(from),
            span: this.span(open, from),
          }));
        },
      },
    ]);
  });

  readonly usedName = this.RULE('usedName', (): AstUsedName =>
    this.OR([
      {
        ALT: () => {
          const name = this.name(this.CONSUME(Id));
          return { name, local: name };
        },
      },
      {
        ALT: () => {
          this.CONSUME(LParen);
          const name = this.name(this.CONSUME1(Id));
          this.CONSUME(keyword('as'));
          const local = this.name(this.CONSUME2(Id));
          this.CONSUME(RParen);
          return { name, local };
        },
      },
    ]),
  );

  readonly typename = this.RULE('typename', (open: IToken): AstTypename => {
    this.CONSUME(keyword('typename'));
    const name = this.CONSUME(Id);
    const type = this.SUBRULE(this.type);
    return this.ACTION((): AstTypename => ({ kind: 'typename', name: this.name(name), docs: this.docs(open), type }));
  });

  readonly resource = this.RULE('resource', (): AstResource => {
    this.CONSUME(keyword('resource'));
    return { kind: 'resource', name: this.name(this.CONSUME(Id)) };
  });

  readonly constant = this.RULE('constant', (open: IToken): AstConstant => {
    this.CONSUME(keyword('@witx'));
    this.CONSUME(keyword('const'));
    const type = this.CONSUME(Id);
    const name = this.CONSUME1(Id);
    const value = this.CONSUME(Integer);
    return this.ACTION((): AstConstant => ({
      kind: 'constant',
      type: this.name(type),
      name: this.name(name),
      docs: this.docs(open),
      value: this.integer(value),
      valueSpan: this.span(value, value),
    }));
  });

  readonly import = this.RULE('import', (): AstImport => {
    const word = this.CONSUME(keyword('import'));
    this.CONSUME(Text);
    this.CONSUME(LParen);
    this.CONSUME(keyword('memory'));
    this.CONSUME(RParen);
    return { kind: 'import', span: this.span(word, word) };
  });

  readonly func = this.RULE('func', (open: IToken): AstFunc => {
    this.CONSUME(keyword('@interface'));
    this.CONSUME(keyword('func'));
    this.CONSUME(LParen);
    this.CONSUME(keyword('export'));
    const text = this.CONSUME(Text);
    this.CONSUME(RParen);
    const params: AstField[] = [];
    const results: AstField[] = [];
    let noreturn = false;
    this.MANY(() => {
      const start = this.CONSUME1(LParen);
      this.OR([
        { ALT: () => params.push(this.SUBRULE(this.param, { ARGS: [start] })) },
        { ALT: () => results.push(this.SUBRULE(this.result, { ARGS: [start] })) },
        {
          ALT: () => {
            this.CONSUME(keyword('@witx'));
            this.CONSUME(keyword('noreturn'));
            noreturn = true;
          },
        },
      ]);
      this.CONSUME1(RParen);
    });
    return this.ACTION((): AstFunc => ({
      kind: 'func',
      name: nameOf(textValue(text.image), this.span(text, text)),
      docs: this.docs(open),
      params,
      results,
      noreturn,
    }));
  });

  readonly param = this.RULE('param', (open: IToken): AstField => {
    this.CONSUME(keyword('param'));
    return this.SUBRULE(this.named, { ARGS: [open] });
  });

  readonly result = this.RULE('result', (open: IToken): AstField => {
    this.CONSUME(keyword('result'));
    return this.SUBRULE(this.named, { ARGS: [open] });
  });
}
