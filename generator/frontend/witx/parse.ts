/** From the text of a WITX file to its AST. */
import type { IToken } from 'chevrotain';
import type { DiagnosticBag } from '../../diagnostics/diagnostic.js';
import { closest } from '../../diagnostics/suggest.js';
import { nameOf } from '../../model/name.js';
import type { SourceFile } from '../../source/source.js';
import { attachDocs } from '../docs.js';
import { anyOf, describeExpected, ExpectationRecorder, type Expectation } from '../messages.js';
import type { AstBroken, AstFile, AstItem, AstMember } from './ast.js';
import { readForms, type Form } from './forms.js';
import type { ParseContext } from './grammar-types.js';
import { WitxParser } from './grammar.js';
import { headOf, headWords, shapeAround, takesType, typeHeads, wordsFor } from './shapes.js';
import {
  annotationWords,
  builtinWords,
  correct,
  Id,
  keywordType,
  lex,
  LParen,
  openingBefore,
  RParen,
  spanOf,
  Star,
  Text,
  Word,
  wordOf,
  type Flaw,
} from './tokens.js';

const exportHint = 'functions are written `(@interface func (export "name") …)`';
const annotationHint = `after \`@witx\` may stand ${anyOf(annotationWords.map((each) => `\`${each}\``))}`;
const typeHint = `types are ${builtinWords.map((each) => `\`${each}\``).join(', ')}, names such as \`$name\`, and forms such as \`(list u8)\``;
const nameShape = /^[A-Za-z0-9_-]*[A-Za-z0-9][A-Za-z0-9_-]*$/;

let parser: { readonly grammar: WitxParser; readonly expectations: ExpectationRecorder } | undefined;

/** Built once, when first needed: chevrotain studies the grammar for some milliseconds. */
function theParser(): NonNullable<typeof parser> {
  if (parser === undefined) {
    const expectations = new ExpectationRecorder();
    parser = { grammar: new WitxParser(expectations), expectations };
  }
  return parser;
}

class FileParser {
  readonly #file: SourceFile;
  readonly #bag: DiagnosticBag;
  readonly #context: ParseContext;
  readonly #tokens: readonly IToken[];
  readonly #docs: string;
  readonly #flaws: readonly Flaw[];
  /** Keywords whose spelling was corrected: they are not reported again when they stand in a wrong place too. */
  readonly #corrected = new Set<IToken>();

  constructor(file: SourceFile, bag: DiagnosticBag) {
    this.#file = file;
    this.#bag = bag;
    const { tokens, comments, flaws } = lex(file.text);
    for (const flaw of flaws) this.#reportFlaw(flaw);
    this.#flaws = flaws;
    this.#tokens = this.#withOpenings(tokens);
    const docs = attachDocs(
      file.text,
      comments,
      tokens.map((each) => each.startOffset),
    );
    this.#docs = docs.file;
    this.#context = {
      file,
      docs,
      badInteger: (token) => bag.report('bad-integer', spanOf(file, token), { text: token.image }),
      untagged: (span) => bag.report('untagged-union', span, {}),
    };
  }

  #reportFlaw({ kind, start, end }: Flaw): void {
    const span = { file: this.#file, start, end };
    const text = describeCharacters(this.#file.text.slice(start, end));
    if (kind === 'string') this.#bag.report('unterminated-string', span, {});
    else if (kind === 'comment') this.#bag.report('unterminated-comment', span, {});
    else
      this.#bag.report(
        'unexpected-character',
        span,
        { text },
        { hint: kind === 'half-comment' ? 'comments begin with `;;`' : undefined },
      );
  }

  parse(): AstFile {
    this.#checkWords();
    const forms = readForms(this.#file, this.#tokens, this.#bag);
    return { docs: this.#docs, items: forms.flatMap((form) => this.#item(form)) };
  }

  /** Adds opening parentheses where a keyword lacks its own, so that those that follow keep their partners. */
  #withOpenings(tokens: readonly IToken[]): readonly IToken[] {
    const result: IToken[] = [];
    const heads: (string | undefined)[] = [];
    tokens.forEach((token, at) => {
      const word = wordOf(token.tokenType);
      if (word !== undefined && headWords.has(word) && this.#lacksOpening(token, word, tokens[at - 1], heads.at(-1))) {
        this.#bag.report(
          'unbalanced-parenthesis',
          spanOf(this.#file, token),
          { before: word },
          { hint: `write \`(${word} …)\`` },
        );
        result.push(openingBefore(token));
        heads.push(word);
      }
      if (token.tokenType === LParen) heads.push(headOf(at, tokens));
      else if (token.tokenType === RParen) heads.pop();
      result.push(token);
    });
    return result;
  }

  /** Not where the keyword may be a name that lacks its `$` instead; in lists of names it always may. */
  #lacksOpening(token: IToken, word: string, before: IToken | undefined, inside: string | undefined): boolean {
    const previous = before?.tokenType;
    // A word that is written twice lacks nothing.
    if (previous === LParen || previous === keywordType('@witx') || before?.image === word) return false;
    if (word.startsWith('@')) return true;
    if (inside === 'enum' || inside === 'flags') return false;
    if (previous === RParen || previous === keywordType('func')) return true;
    if (typeHeads.has(word) && previous !== undefined && takesType.has(wordOf(previous) ?? '')) return true;
    if (previous === Id && (typeHeads.has(word) || (word === 'error' && inside === 'expected'))) return true;
    const { line, column } = this.#file.position(token.startOffset);
    return (
      this.#file
        .line(line)
        .slice(0, column - 1)
        .trim() === ''
    );
  }

  /** Corrects misspelt keywords, so that the grammar can go on, and looks at names. */
  #checkWords(): void {
    const badNames = new Set<string>();
    const opened: number[] = [];
    this.#tokens.forEach((token, at) => {
      if (token.tokenType === LParen) opened.push(at);
      else if (token.tokenType === RParen) opened.pop();
      else if (token.tokenType === Word) this.#correctWord(token, at, opened);
      else if (token.tokenType === Id && !nameShape.test(token.image.slice(1)) && !badNames.has(token.image)) {
        badNames.add(token.image);
        this.#bag.report('bad-name', spanOf(this.#file, token), { name: token.image });
      }
    });
  }

  #correctWord(token: IToken, at: number, opened: readonly number[]): void {
    const heads = opened.slice(-2).map((open) => headOf(open, this.#tokens));
    const meant = closest(token.image, wordsFor(at, this.#tokens, heads));
    if (meant === undefined) return;
    this.#bag.report(
      'misspelt-keyword',
      spanOf(this.#file, token),
      { found: token.image },
      { hint: `did you mean \`${meant}\`?` },
    );
    correct(token, meant);
    this.#corrected.add(token);
  }

  #item(form: Form): readonly AstItem[] {
    const open = form.tokens[0];
    if (form.members === undefined || open === undefined) return [this.#member(form)];
    const items = form.members.map((each) => this.#member(each));
    const span = spanOf(this.#file, open, form.tokens[1] ?? open);
    const docs = this.#context.docs.at(open.startOffset);
    const third = form.tokens[2];
    const name = this.#run(form.tokens, (grammar) => grammar.moduleHead());
    if (name !== undefined) return [{ kind: 'module', name, docs, items, span }];
    if (third?.tokenType === Id)
      return [{ kind: 'module', name: nameOf(third.image.slice(1), spanOf(this.#file, third)), docs, items, span }];
    const nameless: AstBroken = { kind: 'broken', declares: 'module', name: undefined };
    return [nameless, { kind: 'module', name: nameOf('', span), docs, items, span }];
  }

  #member(form: Form): AstMember {
    // What is wrong with a form that is broken, or has flawed words in it, has been said.
    const item = form.broken || this.#isFlawed(form) ? undefined : this.#run(form.tokens, (grammar) => grammar.form());
    if (item === undefined) return this.#broken(form);
    if (item.kind === 'func' && !nameShape.test(item.name.wire))
      this.#bag.report('bad-name', item.name.span, { name: item.name.wire });
    return item;
  }

  #isFlawed({ tokens }: Form): boolean {
    const [start, end] = [tokens[0]?.startOffset ?? 0, tokens.at(-1)?.startOffset ?? 0];
    return this.#flaws.some(
      (flaw) => (flaw.kind === 'unknown' || flaw.kind === 'string') && start <= flaw.start && flaw.start < end,
    );
  }

  /** What a form that cannot be parsed would have declared. */
  #broken(form: Form): AstBroken {
    const head = form.tokens[1];
    const word = head === undefined ? undefined : wordOf(head.tokenType);
    if (word === '@interface' || word === '@witx') return { kind: 'broken', declares: 'nothing', name: undefined };
    // A `use` that lost its head is one still.
    const uses =
      word === 'use' || head?.tokenType === Star || form.tokens.some((each) => each.tokenType === keywordType('from'));
    const inner = form.tokens.findIndex((each, index) => index > 0 && each.tokenType === LParen);
    const name = uses
      ? undefined
      : form.tokens.slice(1, inner < 0 ? 4 : Math.min(4, inner)).find((each) => each.tokenType === Id);
    if (name === undefined)
      return { kind: 'broken', declares: uses || word === 'typename' ? 'any' : 'nothing', name: undefined };
    return {
      kind: 'broken',
      declares: word === 'resource' ? 'resource' : 'type',
      name: nameOf(name.image.slice(1), spanOf(this.#file, name)),
    };
  }

  #run<T>(tokens: readonly IToken[], rule: (grammar: WitxParser) => T): T | undefined {
    const { grammar, expectations } = theParser();
    grammar.context = this.#context;
    grammar.input = [...tokens];
    const result = rule(grammar);
    const error = grammar.errors[0];
    const expectation = expectations.take();
    if (error === undefined) return result;
    const found = tokens.indexOf(error.token);
    // The end of the input, which only the head of a module can come to, has no place of its own.
    const at = found < 0 ? tokens.length - 1 : found;
    const token = tokens[at];
    if (token !== undefined && !this.#corrected.has(token))
      this.#reportUnexpected(tokens, at, token, expectation, found < 0);
    return undefined;
  }

  #reportUnexpected(
    tokens: readonly IToken[],
    at: number,
    token: IToken,
    expectation: Expectation,
    atEnd: boolean,
  ): void {
    const span = spanOf(this.#file, token);
    const before = tokens[at - 1];
    const shape = shapeAround(at, tokens);
    const closing = expectation.expected.length === 0 || expectation.expected[0] === RParen;
    const expected = (closing ? shape?.members : undefined) ?? describeExpected(expectation);
    const isHead = before?.tokenType === LParen;
    const isWord = token.tokenType === Word;
    if (isWord && before?.tokenType === keywordType('@witx')) {
      this.#bag.report('unsupported-form', span, { form: `@witx ${token.image}` }, { hint: annotationHint });
    } else if (isWord && isHead) {
      this.#bag.report('misspelt-keyword', span, { found: token.image }, { hint: `here may stand ${expected}` });
    } else {
      const forgotten =
        !isHead && /^[A-Za-z_]/.test(token.image) && expected.includes('$')
          ? `names begin with \`$\`: \`$${token.image}\``
          : undefined;
      const general =
        (isWord || token.tokenType === keywordType('int')) && expected === 'a type' ? typeHint : shape?.written;
      const hint = isHead && ['export', 'func'].includes(token.image) ? exportHint : (forgotten ?? general);
      this.#bag.report(
        'unexpected-token',
        span,
        { expected, found: atEnd ? 'the end of it' : describeToken(token) },
        { hint },
      );
    }
  }
}

function describeToken(token: IToken): string {
  return token.tokenType === Text ? `the string \`${token.image}\`` : `\`${token.image}\``;
}

function describeCharacters(text: string): string {
  const shown = text.length > 20 ? `${text.slice(0, 20)}…` : text;
  return /^[\x21-\x7e\u00a1-\u024f…]+$/.test(shown)
    ? `\`${shown}\``
    : `character U+${(text.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}`;
}

export function parseWitx(file: SourceFile, bag: DiagnosticBag): AstFile {
  return new FileParser(file, bag).parse();
}
