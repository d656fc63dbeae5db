/**
 * The words of WIT (WIT.md, "Lexical structure"). Names and keywords look alike, so the lexer knows
 * one `Id` only and a table tells the keywords apart: a misspelt one can then be corrected in place
 * (see `parse.ts`). What stands in a name or a number is judged later, with a better message.
 */
import { createToken, Lexer, type IToken, type TokenType } from 'chevrotain';
import type { SourceFile, Span } from '../../source/source.js';

/** Block comments nest, which no regular expression can follow. Returns the end, or -1 when it never ends. */
function endOfBlockComment(text: string, start: number): number {
  const marks = /\/\*|\*\//g;
  marks.lastIndex = start + 2;
  let depth = 1;
  for (let mark = marks.exec(text); mark !== null; mark = marks.exec(text)) {
    depth += mark[0] === '/*' ? 1 : -1;
    if (depth === 0) return marks.lastIndex;
  }
  return -1;
}

function matchBlockComment(text: string, start: number): [string] | null {
  if (text[start] !== '/' || text[start + 1] !== '*') return null;
  const end = endOfBlockComment(text, start);
  return end < 0 ? null : [text.slice(start, end)];
}

function matchUnterminatedComment(text: string, start: number): [string] | null {
  return text[start] === '/' && text[start + 1] === '*' ? [text.slice(start)] : null;
}

/** A carriage return means something before a line feed only: so the reference parser reads it. */
const WhiteSpace = createToken({
  name: 'WhiteSpace',
  pattern: /(?:[ \t\n]|\r\n)+/,
  group: Lexer.SKIPPED,
  line_breaks: true,
});
/** All comment lines; `docs.ts` tells `///` from `//`. */
const LineComment = createToken({ name: 'LineComment', pattern: /\/\/[^\n]*/, group: 'comments' });
const BlockComment = createToken({
  name: 'BlockComment',
  pattern: { exec: matchBlockComment },
  start_chars_hint: ['/'],
  line_breaks: true,
  group: 'comments',
});
const UnterminatedComment = createToken({
  name: 'UnterminatedComment',
  pattern: { exec: matchUnterminatedComment },
  start_chars_hint: ['/'],
  line_breaks: true,
  group: 'broken',
});
export const Text = createToken({ name: 'Text', pattern: /"(?:[^"\\\r\n]|\\[^\r\n])*"/, label: 'a string' });
const UnterminatedText = createToken({ name: 'UnterminatedText', pattern: /"[^"\r\n)]*/ });
export const Arrow = createToken({ name: 'Arrow', pattern: '->', label: '`->`' });

function mark(name: string, image: string): TokenType {
  return createToken({ name, pattern: image, label: `\`${image}\`` });
}

export const Equals = mark('Equals', '=');
export const Comma = mark('Comma', ',');
export const Colon = mark('Colon', ':');
export const Semicolon = mark('Semicolon', ';');
export const LParen = mark('LParen', '(');
export const RParen = mark('RParen', ')');
export const LBrace = mark('LBrace', '{');
export const RBrace = mark('RBrace', '}');
export const LAngle = mark('LAngle', '<');
export const RAngle = mark('RAngle', '>');
export const Star = mark('Star', '*');
export const Slash = mark('Slash', '/');
export const Dot = mark('Dot', '.');
export const At = mark('At', '@');

/** A version or the length of a list: a dot belongs to it only when something follows (`types@1.0.0.{t}`). */
export const Numeral = createToken({
  name: 'Numeral',
  pattern: /[0-9](?:[0-9A-Za-z_+-]|\.(?=[0-9A-Za-z]))*/,
  label: 'a number',
});
export const Id = createToken({
  name: 'Id',
  pattern:
    /(?:[%$A-Za-z_\u00a1-\ufefe\uff00-\uffff]|-(?=[%$\w]))(?:[%$0-9A-Za-z_'!#&?\u00a1-\ufefe\uff00-\uffff]|-(?!>))*/,
  label: 'a name',
});

/** The types that are one word. */
export const Builtin = createToken({ name: 'Builtin', pattern: Lexer.NA, label: 'a type' });

export const builtinWords = [
  'u8',
  'u16',
  'u32',
  'u64',
  's8',
  's16',
  's32',
  's64',
  'f32',
  'f64',
  'char',
  'bool',
  'string',
] as const;
export type BuiltinWord = (typeof builtinWords)[number];

/** The types that take others. */
export const genericWords = ['borrow', 'future', 'list', 'map', 'option', 'own', 'result', 'stream', 'tuple'] as const;

/** WIT.md, "Keywords"; `error-context` is one for the reference parser too. */
const reservedWords = [
  ...genericWords,
  '_',
  'as',
  'async',
  'constructor',
  'enum',
  'error-context',
  'export',
  'flags',
  'from',
  'func',
  'import',
  'include',
  'interface',
  'package',
  'record',
  'resource',
  'static',
  'type',
  'use',
  'variant',
  'with',
  'world',
] as const;

/** Keywords inside gates only. */
const gateWords = ['deprecated', 'external-id', 'since', 'unstable'] as const;
const fieldWords = ['feature', 'version'] as const;
export type KeywordWord = (typeof reservedWords)[number] | (typeof gateWords)[number] | (typeof fieldWords)[number];

function keyword(word: string, categories: TokenType[] = []): TokenType {
  return createToken({ name: `keyword ${word}`, pattern: Lexer.NA, label: `\`${word}\``, categories });
}

const table = new Map<string, TokenType>([
  ...[...reservedWords, ...gateWords, ...fieldWords].map((word): [string, TokenType] => [word, keyword(word)]),
  ...builtinWords.map((word): [string, TokenType] => [word, keyword(word, [Builtin])]),
]);
const reserved: ReadonlySet<string> = new Set([...reservedWords, ...builtinWords]);

export function keywordType(word: KeywordWord): TokenType {
  const found = table.get(word);
  if (found === undefined) throw new RangeError(word);
  return found;
}

/** The word a keyword's token type stands for; `undefined` for other tokens. */
export function wordOf(token: IToken | undefined): string | undefined {
  return token?.tokenType.name.startsWith('keyword ') === true
    ? token.tokenType.name.slice('keyword '.length)
    : undefined;
}

/** Whether a name would be read as a keyword, and needs a `%`. */
export function isReserved(name: string): boolean {
  return reserved.has(name);
}

export const allTokens: TokenType[] = [
  WhiteSpace,
  LineComment,
  BlockComment,
  UnterminatedComment,
  Text,
  UnterminatedText,
  Arrow,
  Equals,
  Comma,
  Colon,
  Semicolon,
  LParen,
  RParen,
  LBrace,
  RBrace,
  LAngle,
  RAngle,
  Star,
  Slash,
  Dot,
  At,
  Numeral,
  Id,
  Builtin,
  ...table.values(),
];

export function spanOf(file: SourceFile, first: IToken, last = first): Span {
  return { file, start: first.startOffset, end: (last.endOffset ?? last.startOffset + last.image.length - 1) + 1 };
}

/** Puts a keyword in the place of a word. */
export function makeKeyword(token: IToken, word: string): void {
  const type = table.get(word);
  if (type === undefined) return;
  token.endOffset = token.startOffset + token.image.length - 1;
  token.image = word;
  token.tokenType = type;
  token.tokenTypeIdx = type.tokenTypeIdx ?? 0;
}

export interface Lexed {
  readonly tokens: IToken[];
  readonly comments: readonly IToken[];
  /** What is wrong with the words themselves. */
  readonly flaws: readonly Flaw[];
}

export interface Flaw {
  /** `character`: begins nothing; `forbidden`: may stand nowhere, not even in a comment. */
  readonly kind: 'string' | 'comment' | 'character' | 'forbidden';
  readonly start: number;
  readonly end: number;
}

function flawOf(token: IToken): Flaw | undefined {
  const [start, end] = [token.startOffset, token.startOffset + token.image.length];
  if (token.tokenType === UnterminatedText) return { kind: 'string', start, end };
  // A comment is marked on its first line only.
  if (token.tokenType === UnterminatedComment)
    return { kind: 'comment', start, end: start + (/^[^\r\n]*/.exec(token.image)?.[0].length ?? 0) };
  return undefined;
}

/**
 * Control codes, bidirectional overrides, and the letters Unicode deprecates or discourages as far
 * as the reference parser knows them (WIT.md, "Lexical structure").
 */
export const forbidden =
  /[\0-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u0149\u0673\u0f77\u0f79\u17a3\u17a4\u17b4\u17b5\u202a-\u202e\u2066-\u2069]/g;

/** Words that are keywords in their place only: `since` after `@`, `version` after `@since(`. */
function nameContextualWords(tokens: readonly IToken[]): void {
  tokens.forEach((token, at) => {
    if (token.tokenType !== Id) return;
    const before = tokens[at - 1];
    const isGate = before?.tokenType === At && gateWords.some((word) => word === token.image);
    const isField =
      before?.tokenType === LParen &&
      tokens[at - 3]?.tokenType === At &&
      fieldWords.some((word) => word === token.image);
    if (isGate || isField || reserved.has(token.image)) makeKeyword(token, token.image);
  });
}

let lexer: Lexer | undefined;

export function lex(text: string): Lexed {
  lexer ??= new Lexer(
    allTokens.filter((each) => each.PATTERN !== Lexer.NA),
    { positionTracking: 'onlyOffset' },
  );
  const refused = [...text.matchAll(forbidden)].map((match): Flaw => ({
    kind: 'forbidden',
    start: match.index,
    end: match.index + 1,
  }));
  // A byte order mark at the beginning is no part of the text.
  const result = lexer.tokenize(text.replace(forbidden, ' ').replace(/^\ufeff/, ' '));
  const unknown = result.errors.map((each): Flaw => ({
    kind: 'character',
    start: each.offset,
    end: each.offset + each.length,
  }));
  const broken = [...result.tokens, ...(result.groups['broken'] ?? [])].flatMap((token) => flawOf(token) ?? []);
  nameContextualWords(result.tokens);
  return {
    tokens: result.tokens,
    comments: result.groups['comments'] ?? [],
    flaws: [...refused, ...broken, ...unknown],
  };
}
