/** The drill for a new option: a row of each type more in the table, nothing else changed, and all holds for them too. */
import { expect, it, vi } from 'vitest';
import { type OptionRow, optionTable } from '../../runtime/objects/option-table.js';
import { testEveryOption } from '../runtime/every-option.js';

const added = vi.hoisted((): readonly OptionRow[] => [
  { name: 'pepper', spellings: ['secret_value', 'ad'], type: 'bytes', hint: false },
  { name: 'rounds', spellings: [], type: 'integer', hint: false },
  { name: 'pace', spellings: ['speed'], type: 'integer', hint: true },
  { name: 'scratch', spellings: [], type: 'buffer', hint: false },
]);

vi.mock(import('../../runtime/objects/option-table.js'), async (original) => {
  const { optionTable: table } = await original();
  return { optionTable: [...table, ...added] as unknown as typeof table };
});

it('the table has the new rows', () => {
  expect(optionTable.slice(-added.length)).toEqual(added);
});

testEveryOption();
