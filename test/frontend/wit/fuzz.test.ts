import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { hasShared, projectRoot, shared } from '../../shared.js';
import { corpusIn, flaws, fuzz, noise, read, type Corpus } from '../fuzzing.js';
import { revisionsIn } from '../../revisions.js';

const splices = [
  '(',
  ')',
  '{',
  '}',
  '{{',
  '}}',
  '<',
  '>',
  '->',
  ':',
  ';',
  ',',
  '.',
  '/',
  '@',
  '*',
  '=',
  '_',
  '%',
  '%%',
  '-',
  '"',
  '//',
  '///',
  '/*',
  '*/',
  '/**',
  '\\',
  '\0',
  '\r',
  '\n',
  '\u00a0',
  '\ufeff',
  '\ud800',
  '😀',
  'ä',
  '#',
  '1',
  '1.0.0',
  '@1.0.0',
  '99999999999999999999999.0.0',
  'package a:b;',
  'package a:b { ',
  'interface i {',
  'world w {',
  'resource r {',
  'constructor',
  'use a.{b};',
  'use x:y/z@1.0.0;',
  'include w;',
  'include w with { a as b }',
  'import i;',
  'export f: func();',
  'import x: interface {',
  'func',
  'async',
  'static',
  'type t = t;',
  'list<'.repeat(120),
  'borrow<r>',
  'own<t>',
  '-> borrow<r>',
  'map<f32, u8>',
  'list<u8, 0>',
  '@since(version = 9.9.9)',
  '@unstable(feature = x)',
  '@deprecated(version = 1.0.0)',
  '@external-id("\\q")',
  'record',
  'variant v {}',
  'with',
  'as',
  'from',
  'error-context',
];

const corpora: readonly Corpus[] = [
  ...revisionsIn('wit').map(({ path, revision }) => corpusIn(path, revision, '.wit')),
  ...(hasShared ? [corpusIn(shared('spec/wit-0.11'), 'upstream', '.wit')] : []),
  corpusIn(join(projectRoot, 'test/frontend/wit/cases'), 'cases', '.wit'),
];

describe('random edits', () => {
  test.for(corpora)('$name', ({ name: corpus, files }) => {
    // The cases are packages of their own, the others one together.
    const codes = fuzz(files, splices, 500, (name) => (corpus === 'cases' ? name : '.'));
    expect(codes.size).toBeGreaterThan(8);
  });

  test('noise', () => noise('noise.wit', splices, 800));
});

describe('size', () => {
  const codesOf = (text: string): readonly string[] =>
    read(new Map([['big.wit', text]]), 'big.wit').found.map((each) => each.code);
  const inInterface = (body: string): string => `package a:b; interface i { ${body} }`;
  const many = (count: number, make: (index: number) => string): string =>
    Array.from({ length: count }, (_, index) => make(index)).join('\n');

  test('a chain of ten thousand aliases', () => {
    expect(
      codesOf(
        inInterface(`${many(10_000, (index) => `type t${index} = t${index + 1};`)} type t10000 = u8; f: func() -> t0;`),
      ),
    ).toEqual([]);
  });

  test('a chain that ends in a loan', () => {
    const chain = many(10_000, (index) => `type t${index} = t${index + 1};`);
    expect(
      codesOf(inInterface(`resource r; ${chain} type t10000 = borrow<r>; f: func() -> t0; g: func(t: t0);`)),
    ).toEqual(['borrow-in-result']);
  });

  test('a circle of ten thousand aliases', () => {
    expect(codesOf(inInterface(many(10_000, (index) => `type t${index} = t${(index + 1) % 10_000};`)))).toEqual([
      'cyclic-type',
    ]);
  });

  test('a chain of three thousand interfaces', () => {
    const chain = many(3000, (index) => `interface i${index} { use i${index + 1}.{t}; }`);
    expect(codesOf(`package a:b; ${chain} interface i3000 { type t = u8; } world w { import i0; export i1; }`)).toEqual(
      [],
    );
  });

  test('a chain of a thousand worlds', () => {
    const chain = many(1000, (index) => `world w${index} { include w${index + 1}; }`);
    expect(codesOf(`package a:b; ${chain} world w1000 { import f: func(); }`)).toEqual([]);
  });

  test('twenty thousand of one mark', () => {
    const blocks = ['interface a {', 'package a:b {', 'resource r {'].map(
      (head) => `${head.repeat(20_000)}${'}'.repeat(20_000)}`,
    );
    for (const mark of [
      '{',
      '}',
      '(',
      ')',
      '<',
      '>',
      ';',
      ':',
      '@',
      '/*',
      '-',
      'a ',
      'interface a {',
      'f: func(',
      'list<',
      '"',
      ...blocks,
    ]) {
      const count = mark.length > 100 ? 1 : 20_000;
      for (const text of [mark.repeat(count), inInterface(mark.repeat(count))])
        expect(flaws(read(new Map([['big.wit', text]]), 'big.wit'))).toEqual([]);
    }
  });
});
