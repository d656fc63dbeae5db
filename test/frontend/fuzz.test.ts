import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { hasShared, projectRoot, shared } from '../shared.js';
import { corpusIn, flaws, fuzz, noise, read, type Corpus } from './fuzzing.js';
import { revisionsIn } from '../revisions.js';

const splices = [
  '(',
  ')',
  '((',
  '))',
  '"',
  ';',
  ';;',
  ';;;',
  '(;',
  ';)',
  '$',
  '$x',
  '@witx',
  '@',
  ',',
  '*',
  '\\',
  '\0',
  '\r',
  '\n',
  '\t',
  '\ufeff',
  '\ud800',
  '😀',
  'ä',
  '0x',
  '-1',
  '99999999999999999999999',
  'typename',
  'module',
  'use',
  'from',
  '(typename $a $a)',
  '(use "x.witx")',
  '(use * from $nowhere)',
  '(module $m',
  '(@interface func (export "f")',
  '(param $x_len u32)',
  '(@witx const_pointer u8)',
  '(enum',
  '(variant (case $a',
  '(list '.repeat(80),
  '(resource $r)',
  '(handle $r)',
  '[',
  '{}',
  "'",
  '#',
];

const corpora: readonly Corpus[] = [
  ...revisionsIn('witx').map(({ path, revision }) => corpusIn(path, revision, '.witx')),
  ...(hasShared ? [corpusIn(shared('spec/witx-preview1'), 'preview 1', '.witx')] : []),
  corpusIn(join(projectRoot, 'test/frontend/cases'), 'cases', '.witx'),
];

describe('random edits', () => {
  test.for(corpora)('$name', ({ files }) => {
    // Edits that break nothing would prove nothing.
    expect(fuzz(files, splices, 600, (name) => name).size).toBeGreaterThan(8);
  });

  test('noise', () => noise('noise.witx', splices, 500));
});

describe('size', () => {
  test('a chain of ten thousand aliases', () => {
    const links = Array.from({ length: 10_000 }, (_, index) => `(typename $t${index} $t${index + 1})`);
    const { found } = read(new Map([['long.witx', `${links.join('\n')}\n(typename $t10000 u8)\n`]]), 'long.witx');
    expect(found).toEqual([]);
  });

  test('a circle of ten thousand aliases', () => {
    const links = Array.from({ length: 10_000 }, (_, index) => `(typename $t${index} $t${(index + 1) % 10_000})`);
    const { found } = read(new Map([['long.witx', links.join('\n')]]), 'long.witx');
    expect(found.map((each) => each.code)).toEqual(['cyclic-type']);
  });

  test('a hundred thousand parentheses', () => {
    for (const text of [
      '('.repeat(100_000),
      ')'.repeat(3000),
      `(typename $a ${'(list '.repeat(50_000)}`,
      '()'.repeat(1000),
    ]) {
      const reading = read(new Map([['deep.witx', text]]), 'deep.witx');
      expect(flaws(reading)).toEqual([]);
      expect(reading.model).toBeUndefined();
    }
  });

  test('a chain of a thousand files', () => {
    const files = Array.from({ length: 1000 }, (_, index): [string, string] => [
      `f${index}.witx`,
      `(use "f${index + 1}.witx")`,
    ]);
    const { model } = read(new Map([...files, ['f1000.witx', '(typename $t u8)']]), 'f0.witx');
    expect(model).toContain('type t = u8');
  });
});
