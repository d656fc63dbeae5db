/**
 * Every entry of the ledger names tests that exist: a decision that nothing proves is a wish.
 * Titles are searched as text, since many tests are rows of tables, some in a file beside the test.
 */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { projectRoot } from '../shared.js';

interface Entry {
  readonly id: string;
  readonly cells: readonly string[];
}

const ledger = readFileSync(join(projectRoot, 'runtime/DECISIONS.md'), 'utf8');

const entries: readonly Entry[] = ledger
  .split('\n')
  .filter((line) => /^\| (?!id \||--- )/.test(line))
  .map((line) => {
    const cells = line
      .slice(1, -1)
      .split(' | ')
      .map((cell) => cell.trim());
    return { id: cells[0] ?? '', cells };
  });

/** What is wrong with the proof of an entry. */
function missing(proof: string): readonly string[] {
  const parts = proof.split('; ').map((part) => /^`([^`]+)` ("[^"]+"(?:, "[^"]+")*)$/.exec(part));
  return parts.flatMap((part, index) => {
    if (part === null) return [`part ${index + 1} is not a file and titles in quotes`];
    const [, file, titles] = part as unknown as readonly [string, string, string];
    const path = join(projectRoot, 'test', file);
    if (!existsSync(path)) return [`there is no file ${file}`];
    const text = readFileSync(path, 'utf8');
    return titles
      .slice(1, -1)
      .split('", "')
      .filter((title) => !text.includes(title))
      .map((title) => `${file} has no test "${title}"`);
  });
}

it('the ledger has entries, and each of them four cells and an id of its own', () => {
  expect(entries.length).toBeGreaterThan(50);
  expect(
    entries.filter((entry) => entry.cells.length !== 4 || entry.cells.includes('')).map((entry) => entry.id),
  ).toEqual([]);
  expect(new Set(entries.map((entry) => entry.id)).size).toBe(entries.length);
});

it('every decision names tests that exist', () => {
  expect(entries.flatMap((entry) => missing(entry.cells[3] ?? '').map((problem) => `${entry.id}: ${problem}`))).toEqual(
    [],
  );
});

it('a decision without a test is found', () => {
  expect(missing('`runtime/decisions.test.ts` "a title that stands ' + 'nowhere"')).toHaveLength(1);
  expect(missing('`runtime/no-such.test.ts` "x"')).toHaveLength(1);
  expect(missing('see the tests')).toHaveLength(1);
});
