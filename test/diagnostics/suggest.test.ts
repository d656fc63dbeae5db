import { expect, test } from 'vitest';
import { closest, didYouMean } from '../../generator/diagnostics/suggest.js';

test.for([
  ['typname', 'typename'],
  ['enmu', 'enum'],
  ['form', 'from'],
  ['u23', 'u32'],
  ['U8', 'u8'],
  ['symetric_key', 'symmetric_key'],
])('%s means %s', ([word, meant]) => {
  const known = ['typename', 'enum', 'from', 'flags', 'u8', 'u32', 'symmetric_key', 'symmetric_tag', 'use'];
  expect(closest(word ?? '', known)).toBe(meant);
});

test.for(['frobnicate', 'x', 'a', 'int', ''])('%s means nothing known', (word) => {
  expect(closest(word, ['typename', 'use', 'u8', 'as', 'list'])).toBeUndefined();
});

test('of equally close ones the first wins, and a word does not mean itself', () => {
  expect(closest('s17', ['s16', 's18'])).toBe('s16');
  expect(closest('list', ['list'])).toBeUndefined();
});

test('the hint', () => {
  expect(didYouMean('kye_pair', ['key_pair'], '$')).toBe('did you mean `$key_pair`?');
  expect(didYouMean('kye_pair', [])).toBeUndefined();
});
