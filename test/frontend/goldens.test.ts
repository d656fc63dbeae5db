/**
 * Each case is a file `<name>.witx`, or a folder of them, beside what it gives: `<name>.model.txt`,
 * `<name>.errors.txt` (also for warnings), or both. A new case is a new file; run with `-u` to accept.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { catalog } from '../../generator/diagnostics/catalog.js';
import { inReadingOrder, render, summary } from '../../generator/diagnostics/render.js';
import { printUnit } from '../../generator/model/print.js';
import { projectRoot } from '../shared.js';
import { readerIn, readFrom } from './reading.js';

const folder = join(projectRoot, 'test/frontend/cases');
const accept = 'to accept what is new: npx vitest run --config test/vitest.config.ts test/frontend -u';
const listing = readdirSync(folder, { withFileTypes: true });
const cases = listing.filter((each) => each.isDirectory() || each.name.endsWith('.witx')).map((each) => each.name);
const nameOf = (file: string): string => file.replace(/\.witx$/, '');

/** A folder with a `main.witx` is entered there, others as a whole. */
function entryOf(file: string): string {
  return !file.endsWith('.witx') && readdirSync(join(folder, file)).includes('main.witx') ? `${file}/main.witx` : file;
}

const outcomes = new Map(cases.map((file) => [file, readFrom(readerIn(folder), [entryOf(file)], { label: nameOf(file) })]));

/** The goldens a case has: its model, its diagnostics. */
function goldensOf(file: string): readonly string[] {
  const { unit, found = [] } = outcomes.get(file) ?? {};
  return [...(unit === undefined ? [] : [`${nameOf(file)}.model.txt`]), ...(found.length === 0 ? [] : [`${nameOf(file)}.errors.txt`])];
}

/** All codes that stand in the sources of the front end and the rules. */
function codesOfFrontEnd(): readonly string[] {
  const codes = new Set(Object.keys(catalog));
  const sources = ['generator/frontend', 'generator/model'].flatMap((each) =>
    readdirSync(join(projectRoot, each), { recursive: true, encoding: 'utf8' })
      .filter((file) => file.endsWith('.ts'))
      .map((file) => readFileSync(join(projectRoot, each, file), 'utf8')),
  );
  const quoted = sources.flatMap((text) => [...text.matchAll(/'([a-z0-9-]+)'/g)].map((match) => match[1] ?? ''));
  return [...new Set(quoted)].filter((each) => codes.has(each)).sort();
}

describe('cases', () => {
  test.for([...outcomes])('%s', async ([file, { unit, found }]) => {
    expect(goldensOf(file)).not.toEqual([]);
    if (unit !== undefined) await expect(printUnit(unit), accept).toMatchFileSnapshot(join(folder, `${nameOf(file)}.model.txt`));
    if (found.length > 0) {
      const text = [...inReadingOrder(found).map((each) => render(each)), `${summary(found)}\n`].join('\n\n');
      await expect(text, accept).toMatchFileSnapshot(join(folder, `${nameOf(file)}.errors.txt`));
    }
  });

  test('no golden is left that belongs to no case', () => {
    const known = new Set(cases.flatMap(goldensOf));
    expect(listing.map((each) => each.name).filter((name) => name.endsWith('.txt') && !known.has(name))).toEqual([]);
  });

  test('every diagnostic of the front end is shown by a case', () => {
    const shown = new Set([...outcomes.values()].flatMap((each) => each.codes));
    // `file-unreadable` needs an unusual reader: read.test.ts.
    expect(codesOfFrontEnd().filter((code) => !shown.has(code))).toEqual(['file-unreadable']);
  });
});
