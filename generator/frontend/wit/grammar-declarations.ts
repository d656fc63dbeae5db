/** The grammar of types by name and of functions (WIT.md, "Item: `func`" to "Item: `resource`"), and of gates. */
import type { IToken } from 'chevrotain';
import type { AstBody, AstCase, AstField, AstFunc, AstGate, AstGates, AstLabel, AstTypedef } from './ast.js';
import { TypeParser } from './grammar-types.js';
import { isVersion, textValue } from './literals.js';
import {
  Arrow,
  At,
  Colon,
  Equals,
  Id,
  keywordType as keyword,
  LBrace,
  LParen,
  Numeral,
  RBrace,
  RParen,
  Semicolon,
  Text,
} from './tokens.js';

/** What stands before an item's keyword. */
export interface Lead {
  readonly first: IToken;
  readonly gates: AstGates;
}

export class DeclarationParser extends TypeParser {
  /** Docs may stand before the gates and after them. */
  protected docs(lead: Lead, head: IToken): string {
    const { docs } = this.here;
    const both =
      lead.first === head ? [docs.at(head.startOffset)] : [docs.at(lead.first.startOffset), docs.at(head.startOffset)];
    return both.filter((each) => each !== '').join('\n');
  }

  protected version(token: IToken): string {
    if (!isVersion(token.image)) this.here.bag.report('bad-version', this.span(token), { text: token.image });
    return token.image;
  }

  readonly gates = this.RULE('gates', (): AstGates => {
    const gates: AstGate[] = [];
    this.MANY(() => gates.push(this.SUBRULE(this.gate)));
    return gates;
  });

  readonly gate = this.RULE('gate', (): AstGate => {
    const at = this.CONSUME(At);
    return this.OR<AstGate>([
      { ALT: () => this.SUBRULE(this.versionGate, { ARGS: [at] }) },
      {
        ALT: () => {
          this.CONSUME(keyword('unstable'));
          this.CONSUME(LParen);
          this.CONSUME(keyword('feature'));
          this.CONSUME(Equals);
          const feature = this.CONSUME(Id);
          const end = this.CONSUME(RParen);
          return this.ACTION((): AstGate => ({
            kind: 'unstable',
            feature: feature.image.replace(/^%/, ''),
            span: this.span(at, end),
          }));
        },
      },
      {
        ALT: () => {
          this.CONSUME(keyword('external-id'));
          this.CONSUME1(LParen);
          const text = this.CONSUME(Text);
          const end = this.CONSUME1(RParen);
          return this.ACTION((): AstGate => {
            const id = textValue(text.image);
            if (id === undefined) this.here.bag.report('bad-string', this.span(text), { text: text.image });
            return { kind: 'external-id', id: id ?? '', span: this.span(at, end) };
          });
        },
      },
    ]);
  });

  readonly versionGate = this.RULE('versionGate', (at: IToken): AstGate => {
    const word = this.OR([
      { ALT: () => this.CONSUME(keyword('since')) },
      { ALT: () => this.CONSUME(keyword('deprecated')) },
    ]);
    this.CONSUME(LParen);
    this.CONSUME(keyword('version'));
    this.CONSUME(Equals);
    const version = this.CONSUME(Numeral);
    const end = this.CONSUME(RParen);
    return this.ACTION((): AstGate => ({
      kind: word.image === 'since' ? 'since' : 'deprecated',
      version: this.version(version),
      span: this.span(at, end),
    }));
  });

  readonly typedef = this.RULE('typedef', (lead: Lead): AstTypedef => {
    const head = this.ACTION(() => this.LA(1));
    const { name, body } = this.OR<{ readonly name: IToken; readonly body: AstBody }>([
      {
        ALT: () => {
          this.CONSUME(keyword('type'));
          const token = this.CONSUME(Id);
          this.CONSUME(Equals);
          const type = this.SUBRULE(this.type);
          this.CONSUME(Semicolon);
          return { name: token, body: { kind: 'alias', type } };
        },
      },
      {
        ALT: () => {
          this.CONSUME(keyword('record'));
          const token = this.CONSUME1(Id);
          this.CONSUME(LBrace);
          const fields = this.SUBRULE(this.fields);
          this.CONSUME(RBrace);
          return { name: token, body: { kind: 'record', fields } };
        },
      },
      {
        ALT: () => {
          const word = this.OR1([
            { ALT: () => this.CONSUME(keyword('flags')) },
            { ALT: () => this.CONSUME(keyword('enum')) },
          ]);
          const token = this.CONSUME2(Id);
          this.CONSUME1(LBrace);
          const labels = this.SUBRULE(this.labels);
          this.CONSUME1(RBrace);
          return {
            name: token,
            body: this.ACTION((): AstBody =>
              word.image === 'enum' ? { kind: 'enum', cases: labels } : { kind: 'flags', flags: labels },
            ),
          };
        },
      },
      {
        ALT: () => {
          this.CONSUME(keyword('variant'));
          const token = this.CONSUME3(Id);
          this.CONSUME2(LBrace);
          const cases = this.SUBRULE(this.cases);
          this.CONSUME2(RBrace);
          return { name: token, body: { kind: 'variant', cases } };
        },
      },
    ]);
    return this.ACTION((): AstTypedef => ({
      kind: 'type',
      name: this.name(name),
      docs: this.docs(lead, head),
      gates: lead.gates,
      body,
    }));
  });

  /** `resource r;`, or the head of one with functions. */
  readonly resource = this.RULE('resource', (lead: Lead): AstTypedef => {
    const head = this.CONSUME(keyword('resource'));
    const name = this.CONSUME(Id);
    this.OR([{ ALT: () => this.CONSUME(Semicolon) }, { ALT: () => this.CONSUME(LBrace) }]);
    return this.ACTION((): AstTypedef => ({
      kind: 'type',
      name: this.name(name),
      docs: this.docs(lead, head),
      gates: lead.gates,
      body: { kind: 'resource', funcs: [] },
    }));
  });

  readonly fields = this.RULE('fields', (): readonly AstField[] => {
    const fields: AstField[] = [];
    this.separated(() => {
      const name = this.CONSUME(Id);
      this.CONSUME(Colon);
      const type = this.SUBRULE(this.type);
      this.ACTION(() => fields.push({ name: this.name(name), docs: this.here.docs.at(name.startOffset), type }));
    });
    return fields;
  });

  readonly labels = this.RULE('labels', (): readonly AstLabel[] => {
    const labels: AstLabel[] = [];
    this.separated(() => {
      const name = this.CONSUME(Id);
      this.ACTION(() => labels.push({ name: this.name(name), docs: this.here.docs.at(name.startOffset) }));
    });
    return labels;
  });

  readonly cases = this.RULE('cases', (): readonly AstCase[] => {
    const cases: AstCase[] = [];
    this.separated(() => {
      const name = this.CONSUME(Id);
      const payload = this.OPTION1(() => {
        this.CONSUME(LParen);
        const type = this.SUBRULE(this.type);
        this.CONSUME(RParen);
        return type;
      });
      this.ACTION(() => cases.push({ name: this.name(name), docs: this.here.docs.at(name.startOffset), payload }));
    });
    return cases;
  });

  readonly func = this.RULE('func', (lead: Lead): AstFunc => {
    const name = this.CONSUME(Id);
    this.CONSUME(Colon);
    const word = this.OPTION(() => this.CONSUME(keyword('static')));
    const type = this.SUBRULE(this.funcType);
    this.CONSUME(Semicolon);
    return this.ACTION((): AstFunc => ({
      kind: 'func',
      name: this.name(name),
      docs: this.docs(lead, name),
      gates: lead.gates,
      form: word === undefined ? 'plain' : 'static',
      ...type,
      span: this.span(word ?? name, word ?? name),
    }));
  });

  readonly constructorFunc = this.RULE('constructorFunc', (lead: Lead): AstFunc => {
    const word = this.CONSUME(keyword('constructor'));
    const signature = this.SUBRULE(this.signature);
    this.CONSUME(Semicolon);
    return this.ACTION((): AstFunc => ({
      kind: 'func',
      name: this.name(word),
      docs: this.docs(lead, word),
      gates: lead.gates,
      form: 'constructor',
      async: false,
      ...signature,
      span: this.span(word),
    }));
  });

  readonly funcType = this.RULE('funcType', (): Pick<AstFunc, 'async' | 'params' | 'result'> => {
    const async = this.OPTION(() => this.CONSUME(keyword('async')));
    this.CONSUME(keyword('func'));
    const signature = this.SUBRULE(this.signature);
    return { async: async !== undefined, ...signature };
  });

  readonly signature = this.RULE('signature', (): Pick<AstFunc, 'params' | 'result'> => {
    this.CONSUME(LParen);
    const params = this.SUBRULE(this.fields);
    this.CONSUME(RParen);
    const result = this.OPTION(() => {
      this.CONSUME(Arrow);
      return this.SUBRULE(this.type);
    });
    return { params, result };
  });
}
