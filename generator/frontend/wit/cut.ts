/**
 * Where items begin and end, found by their marks alone, so that a mistake in one item leaves the
 * others whole: `;` and braces end items, and a line that can only begin another ends what was
 * forgotten to end.
 */
import type { IToken, TokenType } from 'chevrotain';
import { At, Colon, Comma, Equals, Id, LAngle, LBrace, LParen, RBrace, RParen, Semicolon, wordOf } from './tokens.js';

/** Keywords that only items begin with. */
const heads: ReadonlySet<string> = new Set([
  'constructor',
  'enum',
  'export',
  'flags',
  'import',
  'include',
  'interface',
  'package',
  'record',
  'resource',
  'type',
  'use',
  'variant',
  'world',
]);

/** Items whose braces hold no items. */
const braced: ReadonlySet<string> = new Set(['record', 'flags', 'enum', 'variant', 'include']);

/** Items whose braces hold items. */
const containers: ReadonlySet<string> = new Set(['package', 'interface', 'world', 'resource']);

/** What goes on after one of these begins no item. */
const unfinished: ReadonlySet<TokenType | undefined> = new Set([Colon, Equals, Comma, LParen, LAngle]);

export class ItemCutter {
  readonly #text: string;
  readonly #tokens: readonly IToken[];
  /** Whether the file opens more braces than it closes. */
  readonly lacksClosing: boolean;

  constructor(text: string, tokens: readonly IToken[]) {
    this.#text = text;
    this.#tokens = tokens;
    const count = (type: TokenType): number => tokens.filter((each) => each.tokenType === type).length;
    this.lacksClosing = count(LBrace) > count(RBrace);
  }

  /** The keyword or name after the gates of an item. */
  head(start: number): number {
    let at = start;
    while (this.#tokens[at]?.tokenType === At) {
      // `@name ( … )`
      at += 2;
      if (this.#tokens[at]?.tokenType !== LParen) continue;
      while (at < this.#tokens.length && this.#tokens[at]?.tokenType !== RParen && !this.#beginsLine(at + 1)) at += 1;
      at += 1;
    }
    return Math.min(at, this.#tokens.length);
  }

  #beginsLine(at: number): boolean {
    const [before, token] = [this.#tokens[at - 1], this.#tokens[at]];
    if (before === undefined || token === undefined) return true;
    return this.#text.slice(before.startOffset + before.image.length, token.startOffset).includes('\n');
  }

  /** A line that begins an item, whatever stands before it. */
  #beginsItem(at: number): boolean {
    if (!this.#beginsLine(at)) return false;
    const [token, next] = [this.#tokens[at], this.#tokens[at + 1]];
    const isHead = heads.has(wordOf(token) ?? '');
    // Nothing else has a name after a keyword.
    if (isHead && next?.tokenType === Id) return true;
    if (unfinished.has(this.#tokens[at - 1]?.tokenType)) return false;
    if (token?.tokenType === At) return true;
    if (token?.tokenType === Id)
      return next?.tokenType === Colon && ['func', 'async', 'static'].includes(wordOf(this.#tokens[at + 2]) ?? '');
    // `type: u8` is a name that lacks its `%`.
    return isHead && next?.tokenType !== Colon && next?.tokenType !== Comma;
  }

  /** Whether a keyword that begins items follows a name on its line: `default world`. */
  isPrefix(at: number): boolean {
    return (
      this.#tokens[at]?.tokenType === Id && heads.has(wordOf(this.#tokens[at + 1]) ?? '') && !this.#beginsLine(at + 1)
    );
  }

  /** Whether the braces of an item hold items. */
  #isContainer(head: number, brace: number): boolean {
    const word = wordOf(this.#tokens[head]) ?? '';
    return (
      containers.has(word) ||
      ((word === 'import' || word === 'export') && wordOf(this.#tokens[brace - 1]) === 'interface')
    );
  }

  /** The end of an item that begins at `start`; of one with items inside, the end of its head. */
  end(start: number): number {
    const head = Math.max(this.head(start), start);
    const isBraced = braced.has(wordOf(this.#tokens[head]) ?? '') || this.isUnknownBlock(head);
    let depth = 0;
    for (let at = head; at < this.#tokens.length; at += 1) {
      const type = this.#tokens[at]?.tokenType;
      if (at > head && this.#beginsItem(at)) return at;
      if (type === Semicolon && (depth === 0 || !isBraced)) return at + 1;
      if (type === LBrace) {
        if (depth === 0 && this.#isContainer(head, at)) return at + 1;
        depth += 1;
      } else if (type === RBrace) {
        if (depth === 0) return at;
        depth -= 1;
        if (depth === 0 && this.#endsWithBrace(head, at, isBraced)) return at + 1;
      }
    }
    return this.#tokens.length;
  }

  /** What takes a `;` after its braces goes on to it, as long as it is on the same line. */
  #endsWithBrace(head: number, at: number, isBraced: boolean): boolean {
    if (isBraced) return this.#tokens[head]?.tokenType !== Id || this.#tokens[at + 1]?.tokenType !== Semicolon;
    return this.#beginsLine(at + 1) || this.#tokens[at + 1]?.tokenType === RBrace;
  }

  /** What is left on the line of an item that was wrong, if it begins no other: `list<u8; 4>;` ends twice. */
  afterRest(start: number): number {
    const type = this.#tokens[start]?.tokenType;
    const begins =
      this.#beginsLine(start) ||
      type === Id ||
      type === At ||
      type === RBrace ||
      type === Semicolon ||
      heads.has(wordOf(this.#tokens[start]) ?? '');
    if (begins) return start;
    let at = start;
    while (at < this.#tokens.length && !this.#beginsLine(at) && this.#tokens[at]?.tokenType !== RBrace) {
      at += 1;
      if (this.#tokens[at - 1]?.tokenType === Semicolon) break;
    }
    return at;
  }

  /** `struct name {`: two names where a keyword and a name belong. */
  isUnknownBlock(head: number): boolean {
    const [first, second, third] = [this.#tokens[head], this.#tokens[head + 1], this.#tokens[head + 2]];
    return first?.tokenType === Id && second?.tokenType === Id && third?.tokenType === LBrace;
  }

  /** What follows the braces that were opened right before `start`. */
  afterBlock(start: number): number {
    let depth = 1;
    let at = start;
    for (; at < this.#tokens.length && depth > 0; at += 1) {
      const type = this.#tokens[at]?.tokenType;
      if (type === LBrace) depth += 1;
      else if (type === RBrace) depth -= 1;
    }
    return at;
  }
}
