/**
 * The words of WITX. Every keyword is a contextual one (names begin with `$`), so the lexer knows
 * one `Word` only and a table tells the keywords apart: a misspelt one can then be corrected in
 * place (see `parse.ts`).
 */
import { createToken, Lexer, type IToken, type TokenType } from 'chevrotain';
import type { SourceFile, Span } from '../../source/source.js';

/** Block comments nest, which no regular expression can follow. Returns the end, or -1 when it never ends. */
function endOfBlockComment(text: string, start: number): number {
  let depth = 1;
  for (let at = start + 2; at < text.length - 1; at += 1) {
    if (text[at] === '(' && text[at + 1] === ';') {
      depth += 1;
      at += 1;
    } else if (text[at] === ';' && text[at + 1] === ')') {
      depth -= 1;
      at += 1;
      if (depth === 0) return at + 1;
    }
  }
  return -1;
}

function matchBlockComment(text: string, start: number): [string] | null {
  if (text[start] !== '(' || text[start + 1] !== ';') return null;
  const end = endOfBlockComment(text, start);
  return end < 0 ? null : [text.slice(start, end)];
}

function matchUnterminatedComment(text: string, start: number): [string] | null {
  return text[start] === '(' && text[start + 1] === ';' ? [text.slice(start)] : null;
}

const WhiteSpace = createToken({
  name: 'WhiteSpace',
  pattern: /[ \t\r\n\f\ufeff]+/,
  group: Lexer.SKIPPED,
  line_breaks: true,
});
/** Both kinds of comment lines; `docs.ts` tells `;;;` from `;;`. */
const LineComment = createToken({ name: 'LineComment', pattern: /;;[^\r\n]*/, group: 'comments' });
const BlockComment = createToken({
  name: 'BlockComment',
  pattern: { exec: matchBlockComment },
  start_chars_hint: ['('],
  line_breaks: true,
  group: Lexer.SKIPPED,
});
const UnterminatedComment = createToken({
  name: 'UnterminatedComment',
  pattern: { exec: matchUnterminatedComment },
  start_chars_hint: ['('],
  line_breaks: true,
  group: 'broken',
});
export const Text = createToken({ name: 'Text', pattern: /"(?:[^"\\\r\n]|\\[^\r\n])*"/, label: 'a string' });
/** Ends where a forgotten quote most likely belongs, so that the parentheses after it still count. */
const UnterminatedText = createToken({ name: 'UnterminatedText', pattern: /"[^"\\\s()]*/ });
export const LParen = createToken({ name: 'LParen', pattern: '(', label: '`(`' });
export const RParen = createToken({ name: 'RParen', pattern: ')', label: '`)`' });
export const Comma = createToken({ name: 'Comma', pattern: ',', label: '`,`' });
export const Star = createToken({ name: 'Star', pattern: '*', label: '`*`' });
/** Everything up to the next delimiter: what stands in a name is judged later, with a better message. */
export const Id = createToken({ name: 'Id', pattern: /\$[^\s()[\]{}";,]*/, label: 'a name (`$…`)' });
export const Integer = createToken({ name: 'Integer', pattern: /[+-]?[0-9][^\s()[\]{}";,$]*/, label: 'an integer' });
export const Word = createToken({ name: 'Word', pattern: /[A-Za-z@_][^\s()[\]{}";,$]*/, label: 'a keyword' });

/** `; text`: a comment with half its mark. */
const HalfComment = createToken({ name: 'HalfComment', pattern: /;[^\r\n]*/, group: 'broken' });

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

const keywordWords = [
  '@interface',
  '@witx',
  'array',
  'as',
  'bitflags',
  'case',
  'char8',
  'const',
  'const_pointer',
  'empty',
  'enum',
  'error',
  'expected',
  'export',
  'field',
  'flag',
  'flags',
  'from',
  'func',
  'handle',
  'import',
  'in-buffer',
  'int',
  'list',
  'memory',
  'module',
  'noreturn',
  'option',
  'out-buffer',
  'param',
  'pointer',
  'record',
  'repr',
  'resource',
  'result',
  'struct',
  'tag',
  'tuple',
  'typename',
  'union',
  'use',
  'usize',
  'variant',
] as const;
export type KeywordWord = (typeof keywordWords)[number];

function keyword(word: string, categories: TokenType[] = []): TokenType {
  return createToken({ name: `keyword ${word}`, pattern: Lexer.NA, label: `\`${word}\``, categories });
}

const table = new Map<string, TokenType>([
  ...keywordWords.map((word): [string, TokenType] => [word, keyword(word)]),
  ...builtinWords.map((word): [string, TokenType] => [word, keyword(word, [Builtin])]),
]);

export function keywordType(word: KeywordWord): TokenType {
  const found = table.get(word);
  if (found === undefined) throw new RangeError(word);
  return found;
}

/** The word a keyword's token type stands for; `undefined` for other tokens. */
export function wordOf(type: TokenType): string | undefined {
  return type.name.startsWith('keyword ') ? type.name.slice('keyword '.length) : undefined;
}

export const allTokens: TokenType[] = [
  WhiteSpace,
  LineComment,
  BlockComment,
  UnterminatedComment,
  HalfComment,
  Text,
  UnterminatedText,
  LParen,
  RParen,
  Comma,
  Star,
  Id,
  Integer,
  Word,
  Builtin,
  ...table.values(),
];

/** The words that may follow `@witx`. */
export const annotationWords = [
  'bitflags',
  'char8',
  'const',
  'const_pointer',
  'noreturn',
  'pointer',
  'repr',
  'tag',
  'usize',
] as const;

export function spanOf(file: SourceFile, first: IToken, last = first): Span {
  return { file, start: first.startOffset, end: (last.endOffset ?? last.startOffset + last.image.length - 1) + 1 };
}

function setType(token: IToken, type: TokenType): void {
  token.tokenType = type;
  token.tokenTypeIdx = type.tokenTypeIdx ?? 0;
}

/** A parenthesis that was forgotten before a token. */
export function openingBefore(token: IToken): IToken {
  return {
    image: '(',
    startOffset: token.startOffset,
    endOffset: token.startOffset - 1,
    tokenType: LParen,
    tokenTypeIdx: LParen.tokenTypeIdx ?? 0,
  };
}

/** Puts a keyword in the place of a misspelt word. */
export function correct(token: IToken, word: string): void {
  const type = table.get(word);
  if (type === undefined) return;
  token.endOffset = token.startOffset + token.image.length - 1;
  token.image = word;
  setType(token, type);
}

export interface Lexed {
  readonly tokens: IToken[];
  readonly comments: readonly IToken[];
  /** What is wrong with the words themselves. */
  readonly flaws: readonly Flaw[];
}

export interface Flaw {
  /** `unknown`: characters that begin nothing. */
  readonly kind: 'string' | 'comment' | 'half-comment' | 'unknown';
  readonly start: number;
  readonly end: number;
}

function flawOf(token: IToken): Flaw | undefined {
  const [start, end] = [token.startOffset, token.startOffset + token.image.length];
  if (token.tokenType === UnterminatedText) return { kind: 'string', start, end };
  if (token.tokenType === HalfComment) return { kind: 'half-comment', start, end: start + 1 };
  // A comment is marked on its first line only.
  if (token.tokenType === UnterminatedComment)
    return { kind: 'comment', start, end: start + (/^[^\r\n]*/.exec(token.image)?.[0].length ?? 0) };
  return undefined;
}

let lexer: Lexer | undefined;

export function lex(text: string): Lexed {
  lexer ??= new Lexer(
    allTokens.filter((each) => each.PATTERN !== Lexer.NA),
    { positionTracking: 'onlyOffset' },
  );
  const result = lexer.tokenize(text);
  const unknown = result.errors.map((each): Flaw => ({
    kind: 'unknown',
    start: each.offset,
    end: each.offset + each.length,
  }));
  const broken = [...result.tokens, ...(result.groups['broken'] ?? [])].flatMap((token) => flawOf(token) ?? []);
  for (const token of result.tokens) {
    const keywordOf = token.tokenType === Word ? table.get(token.image) : undefined;
    if (keywordOf !== undefined) setType(token, keywordOf);
  }
  return { tokens: result.tokens, comments: result.groups['comments'] ?? [], flaws: [...broken, ...unknown] };
}
