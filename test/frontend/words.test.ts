/** The small parts of the front end: words, literals, docs, the grammar as such. */
import { describe, expect, test } from 'vitest';
import { attachDocs, dedent } from '../../generator/frontend/docs.js';
import { anyOf, ExpectationRecorder } from '../../generator/frontend/messages.js';
import { WitxParser } from '../../generator/frontend/witx/grammar.js';
import { integerValue, textValue } from '../../generator/frontend/witx/literals.js';
import { lex, wordOf } from '../../generator/frontend/witx/tokens.js';
import { mustRead, readText } from './reading.js';

test('the grammar is sound: chevrotain finds nothing ambiguous, left-recursive or unused', () => {
  expect(() => new WitxParser(new ExpectationRecorder(), false)).not.toThrow();
});

describe('words', () => {
  const kinds = (text: string): string[] =>
    lex(text).tokens.map((token) => wordOf(token.tokenType) ?? token.tokenType.name);

  test('keywords, names and the rest', () => {
    expect(kinds('(typename $u8 u8) "x" * , -0x1F in-buffer @witx const_pointer other')).toEqual([
      'LParen',
      'typename',
      'Id',
      'u8',
      'RParen',
      'Text',
      'Star',
      'Comma',
      'Integer',
      'in-buffer',
      '@witx',
      'const_pointer',
      'Word',
    ]);
  });

  test('keywords that begin like others', () => {
    expect(kinds('const const_pointer constant char char8 error errors')).toEqual([
      'const',
      'const_pointer',
      'Word',
      'char',
      'char8',
      'error',
      'Word',
    ]);
  });

  test('flaws have their places', () => {
    expect(lex('a "b c\n; d\n#').flaws).toEqual([
      { kind: 'string', start: 2, end: 4 },
      { kind: 'half-comment', start: 7, end: 8 },
      { kind: 'unknown', start: 11, end: 12 },
    ]);
    expect(lex('u8 (; a\nb').flaws).toEqual([{ kind: 'comment', start: 3, end: 7 }]);
  });
});

describe('literals', () => {
  test.for([
    ['"a b"', 'a b'],
    ['"\\"\\\\\\n\\t\\r"', '"\\\n\t\r'],
    ['"\\41\\u{1f600}"', 'A😀'],
    ['"\\u{110000}"', '\ufffd'],
    ['""', ''],
  ])('%s', ([image, value]) => {
    expect(textValue(image ?? '')).toBe(value);
  });

  test('integers', () => {
    expect(['0', '42', '-1', '+7', '0xff', '-0x1_0', '1_000', '18446744073709551616'].map(integerValue)).toEqual([
      0n,
      42n,
      -1n,
      7n,
      255n,
      -16n,
      1000n,
      18446744073709551616n,
    ]);
    expect(['', '0x', '1_', '_1', '1__0', '0b1', '1e3', '1.0', '0XFF'].map(integerValue)).toEqual(
      Array.from({ length: 9 }),
    );
  });
});

describe('docs', () => {
  const docsOf = (text: string): [string, string] => {
    const { comments, tokens } = lex(text);
    const docs = attachDocs(
      text,
      comments,
      tokens.map((token) => token.startOffset),
    );
    return [docs.file, docs.at(tokens[0]?.startOffset ?? 0)];
  };

  test.for([
    ['directly before', ';;; a\nx', '', 'a'],
    ['over several lines', ';;; a\n;;;\n;;; b\nx', '', 'a\n\nb'],
    ['other comments say nothing', ';; a\n;;; b\n;; c\nx', '', 'b'],
    ['a bare comment is an empty line', ';;; a\n;;\n;;; b\nx', '', 'a\n\nb'],
    ['at the head of a file, set apart', ';;; file\n\n;;; a\nx', 'file', 'a'],
    ['at the head of a file, with nothing else', ';;; file\n\nx', 'file', 'file'],
    ['rulers', ';;;;;;;;;\n;;; a\n;;;;;;;;;\nx', '', 'a'],
    ['Windows line ends', ';;; file\r\n\r\n;;; a\r\n;;; b\r\nx', 'file', 'a\nb'],
  ])('%s', ([, text, file, item]) => {
    expect(docsOf(text ?? '')).toEqual([file, item]);
  });

  test('indentation that all lines share goes', () => {
    expect(dedent([' a', '   b', '', ' c ', ''])).toBe('a\n  b\n\nc');
    expect(dedent([])).toBe('');
  });

  test('cases, fields and parameters have docs of their own', () => {
    const unit = mustRead(
      readText(
        '(typename $e (enum\n;;; of x\n$x $y))\n(module $m (@interface func (export "f")\n;;; of p\n(param $p $e)))',
      ),
    );
    const [types, module] = unit.packages[0]?.modules ?? [];
    expect(types?.types[0]?.type).toMatchObject({ cases: [{ docs: 'of x' }, { docs: '' }] });
    expect(module?.funcs[0]?.params[0]?.docs).toBe('of p');
  });
});

test('choices are listed as in a sentence', () => {
  expect([anyOf([]), anyOf(['a']), anyOf(['a', 'b']), anyOf(['a', 'b', 'c'])]).toEqual([
    '',
    'a',
    'a or b',
    'a, b or c',
  ]);
});
