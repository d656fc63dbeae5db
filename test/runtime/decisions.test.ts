/** Every entry of the ledger names tests that exist: a decision that nothing proves is a wish. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { createVitest } from 'vitest/node';
import { optionTable } from '../../runtime/objects/option-table.js';
import { hasShared, projectRoot } from '../shared.js';

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

/** Full titles, by the file below `test/`. */
type Titles = ReadonlyMap<string, readonly string[]>;

/** The titles of tests as a run would have them, rows of tables and all. No test is run. */
async function collect(files: readonly string[]): Promise<Titles> {
  const folder = join(projectRoot, 'test');
  const vitest = await createVitest('test', {
    config: false,
    root: folder,
    include: [...files],
    isolate: false,
    maxWorkers: 1,
    watch: false,
    hookTimeout: 120_000,
  });
  try {
    const { testModules } = await vitest.collect();
    return new Map(
      testModules.map((module) => [
        module.relativeModuleId,
        [...module.children.allTests()].map((test) => test.fullName),
      ]),
    );
  } finally {
    await vitest.close();
  }
}

interface Proof {
  readonly file: string;
  readonly titles: readonly string[];
}

/** The proofs that an entry names; nothing if they are not written as they should be. */
function proofsOf(cell: string): readonly Proof[] | undefined {
  const parts = cell.split('; ').map((part) => /^`([^`]+)` "([^"]+(?:", "[^"]+)*)"$/.exec(part));
  const proofs = parts.flatMap((part) => {
    const [, file, titles] = part ?? [];
    return file === undefined || titles === undefined ? [] : [{ file, titles: titles.split('", "') }];
  });
  return proofs.length === parts.length ? proofs : undefined;
}

/** Whether a test has the title; `*` stands for what differs between rows of a table, within one level of the title. */
function exists(title: string, all: readonly string[]): boolean {
  const literal = title.replace(/[.+?^${}()|[\]\\/]/g, '\\$&');
  const pattern = new RegExp(`^${literal.replaceAll('*', '(?:(?! > ).)+')}$`, 'u');
  return all.some((each) => pattern.test(each));
}

/** What is wrong with the proof of an entry. */
function missing(cell: string, titles: Titles): readonly string[] {
  const proofs = proofsOf(cell);
  if (proofs === undefined) return ['the proof is not files with titles in quotes'];
  return proofs.flatMap(({ file, titles: named }) => {
    const all = titles.get(file);
    if (all === undefined) return [`there is no file ${file}`];
    return named.filter((title) => !exists(title, all)).map((title) => `${file} has no test "${title}"`);
  });
}

it('the ledger has entries, and each of them four cells and an id of its own', () => {
  expect(entries.length).toBeGreaterThan(50);
  expect(
    entries.filter((entry) => entry.cells.length !== 4 || entry.cells.includes('')).map((entry) => entry.id),
  ).toEqual([]);
  expect(new Set(entries.map((entry) => entry.id)).size).toBe(entries.length);
});

it('the decision on names of options has all of them', () => {
  const [, decision = ''] = entries.find((entry) => entry.id === 'option-names')?.cells ?? [];
  for (const { name } of optionTable) expect(decision).toContain(`\`${name}\``);
});

// Loading 30 test files takes its time on a busy machine.
it('every decision names tests that exist', async () => {
  const proofs = entries.flatMap((entry) => proofsOf(entry.cells[3] ?? '') ?? []);
  const titles = await collect([...new Set(proofs.map((proof) => proof.file))]);
  const problems = entries.flatMap((entry) =>
    missing(entry.cells[3] ?? '', titles).map((problem) => `${entry.id}: ${problem}`),
  );
  // Without the shared data there are no tests of vectors.
  expect(problems.filter((each) => hasShared || !each.includes(': vectors/'))).toEqual([]);
}, 180_000);

it('a title must be that of a whole test', () => {
  const titles: Titles = new Map([['a.test.ts', ['keys > of X: refused', 'keys > of Y: refused', 'all > is well']]]);
  const problems = (cell: string): number => missing(cell, titles).length;
  expect(problems('`a.test.ts` "all > is well", "keys > of X: refused"')).toBe(0);
  expect(problems('`a.test.ts` "keys > of *: refused"; `a.test.ts` "all > is well"')).toBe(0);
  expect(problems('`a.test.ts` "is well"')).toBe(1);
  expect(problems('`a.test.ts` "all > is"')).toBe(1);
  expect(problems('`a.test.ts` "all > is well", "keys > of"')).toBe(1);
  expect(problems('`a.test.ts` "*: refused"')).toBe(1);
  expect(problems('`a.test.ts` "keys > of X*: refused"')).toBe(1);
  expect(problems('`b.test.ts` "all > is well"')).toBe(1);
  expect(problems('see the tests')).toBe(1);
});
