/** What is said of a token that does not fit. */
import type { IToken, TokenType } from 'chevrotain';
import type { DiagnosticBag } from '../../diagnostics/diagnostic.js';
import { closest } from '../../diagnostics/suggest.js';
import type { SourceFile } from '../../source/source.js';
import { anyOf, describeExpected, type Expectation } from '../messages.js';
import { contents, gateNames, gateShape, shapeAround, type Place } from './shapes.js';
import {
  Arrow,
  At,
  Colon,
  Comma,
  Id,
  isReserved,
  keywordType,
  LAngle,
  LBrace,
  LParen,
  RAngle,
  RBrace,
  RParen,
  Semicolon,
  spanOf,
  Text,
  wordOf,
} from './tokens.js';

export interface Unexpected {
  readonly file: SourceFile;
  readonly bag: DiagnosticBag;
  /** The tokens of the item. */
  readonly tokens: readonly IToken[];
  /** The one that does not fit; that many: the item ends too early. */
  readonly at: number;
  /** The token that does not fit, or what follows the item. */
  readonly next: IToken | undefined;
  /** What follows that. */
  readonly then: IToken | undefined;
  /** The keyword or name of the item, after its gates. */
  readonly head: number;
  readonly place: Place;
  readonly expectation: Expectation;
}

/** The rules that end with a mark which closes a list of elements. */
const listRules: ReadonlySet<string> = new Set(['typedef', 'signature', 'tupleType', 'use', 'include']);
const openers: ReadonlySet<TokenType | undefined> = new Set([LParen, LBrace, LAngle]);
const closers: ReadonlySet<TokenType | undefined> = new Set([RParen, RBrace, RAngle]);

function describe(token: IToken | undefined): string {
  if (token === undefined) return 'the end of the file';
  return token.tokenType === Text ? `the string \`${token.image}\`` : `\`${token.image}\``;
}

/** Whether one element of a list, or its end, is expected. */
function isInList({ expectation }: Unexpected): boolean {
  return closers.has(expectation.expected[0]) && listRules.has(expectation.rule);
}

function expectedBy(found: Unexpected): string {
  const { expectation, tokens, at, place } = found;
  if (expectation.description === 'an item') return contents[place];
  const described = describeExpected(expectation);
  if (!isInList(found)) return described;
  const before = tokens[at - 1]?.tokenType;
  if (before !== Comma && !openers.has(before)) return `\`,\` or ${described}`;
  return `${expectation.rule === 'tupleType' ? 'a type' : 'a name'} or ${described}`;
}

function hintFor(found: Unexpected): string | undefined {
  const { tokens, at, next, head, place } = found;
  const before = tokens[at - 1];
  if (next?.tokenType === LParen && before?.tokenType === Arrow)
    return 'a function has one result: `-> tuple<type, type>`, or a record, for several';
  if (before?.tokenType === At) return `gates are ${anyOf(gateNames.map((each) => `\`@${each}\``))}`;
  if (
    place === 'resource' &&
    next?.tokenType === LParen &&
    at === head + 1 &&
    before !== undefined &&
    closest(before.image, ['constructor']) !== undefined
  ) {
    return 'did you mean `constructor`?';
  }
  const gate = gateShape(
    tokens
      .slice(0, at)
      .map(wordOf)
      .findLast((word) => gateShape(word) !== undefined),
  );
  const isInGate = gate !== undefined && (at < head || gateShape(wordOf(before)) !== undefined);
  return isInGate ? gate : shapeAround(at, tokens, head, place);
}

/** `type u64 = u64;`, `record { type: u8 }` and `list: func();`: a keyword where a name belongs. */
function lacksPercent(found: Unexpected, next: IToken): boolean {
  const { tokens, at, head, then, expectation } = found;
  if (!isReserved(next.image) || next.image === '_' || at >= tokens.length) return false;
  const after = then?.tokenType;
  const before = tokens[at - 1]?.tokenType;
  if (at === head && after === Colon) return true;
  if (isInList(found) && (before === Comma || openers.has(before))) {
    return expectation.rule === 'signature'
      ? after === Colon
      : after === Colon || after === Comma || after === LParen || after === RBrace || after === keywordType('as');
  }
  return (
    expectation.expected[0] === Id &&
    expectation.description === undefined &&
    expectation.rule !== 'handleType' &&
    next.image !== 'with'
  );
}

export function reportUnexpected(found: Unexpected): void {
  const { file, bag, tokens, at, next, expectation } = found;
  const before = tokens[at - 1];
  if (next !== undefined && lacksPercent(found, next)) {
    bag.report(
      'keyword-as-name',
      spanOf(file, next),
      { word: next.image },
      { hint: `as a name it is written \`%${next.image}\`` },
    );
    return;
  }
  const hint = hintFor(found);
  const isAfterLine =
    next === undefined ||
    (before !== undefined && file.text.slice(before.startOffset, next.startOffset).includes('\n'));
  if (isAfterLine && before !== undefined && expectation.expected.includes(Semicolon)) {
    const { end } = spanOf(file, before);
    bag.report(
      'unexpected-token',
      { file, start: end, end },
      { expected: '`;`', found: next === undefined ? 'the end of the file' : 'the end of the line' },
      { hint },
    );
    return;
  }
  const span = next === undefined ? before && spanOf(file, before) : spanOf(file, next);
  bag.report('unexpected-token', span, { expected: expectedBy(found), found: describe(next) }, { hint });
}
