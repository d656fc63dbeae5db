/**
 * Each case is a definition file, or a folder of them, beside what it gives: `<name>.model.txt`,
 * `<name>.errors.txt` (also for warnings), or both. A new case is a new file; run with `-u` to accept.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { catalog } from '../../generator/diagnostics/catalog.js';
import { inReadingOrder, render, summary } from '../../generator/diagnostics/render.js';
import { printUnit } from '../../generator/model/print.js';
import { projectRoot } from '../shared.js';
import { readerIn, readFrom, type Outcome } from './reading.js';

const accept = 'to accept what is new: npx vitest run --config test/vitest.config.ts test/frontend -u';

export interface GoldenFolder {
  /** Below the root of the project. */
  readonly folder: string;
  /** Of the definition files. */
  readonly extension: '.witx' | '.wit';
}

/** All codes that the files of a folder quote whose names end so. */
function codesIn(folder: string, ending: string): readonly string[] {
  const quoted = readdirSync(join(projectRoot, folder))
    .filter((file) => file.endsWith(ending))
    .flatMap((file) => [...readFileSync(join(projectRoot, folder, file), 'utf8').matchAll(/'([a-z0-9-]+)'/g)])
    .map((match) => match[1] ?? '');
  return [...new Set(quoted)].filter((each) => Object.hasOwn(catalog, each)).sort();
}

/** Tests every case of a folder, and that each diagnostic of the front end of these definitions is shown by one. */
export function describeGoldens({ folder: name, extension }: GoldenFolder): void {
  const folder = join(projectRoot, name);
  const listing = readdirSync(folder, { withFileTypes: true });
  const cases = listing.filter((each) => each.isDirectory() || each.name.endsWith(extension)).map((each) => each.name);
  const nameOf = (file: string): string => (file.endsWith(extension) ? file.slice(0, -extension.length) : file);
  // A folder with a `main` file is entered there, others as a whole.
  const entryOf = (file: string): string =>
    !file.endsWith(extension) && readdirSync(join(folder, file)).includes(`main${extension}`)
      ? `${file}/main${extension}`
      : file;
  const outcomes = new Map<string, Outcome>(
    cases.map((file) => [file, readFrom(readerIn(folder), [entryOf(file)], { label: nameOf(file) })]),
  );
  /** The goldens a case has: its model, its diagnostics. */
  const goldensOf = (file: string): readonly string[] => {
    const { unit, found = [] } = outcomes.get(file) ?? {};
    return [
      ...(unit === undefined ? [] : [`${nameOf(file)}.model.txt`]),
      ...(found.length === 0 ? [] : [`${nameOf(file)}.errors.txt`]),
    ];
  };

  describe('cases', () => {
    test.for([...outcomes])('%s', async ([file, { unit, found }]) => {
      expect(goldensOf(file)).not.toEqual([]);
      if (unit !== undefined)
        await expect(printUnit(unit), accept).toMatchFileSnapshot(join(folder, `${nameOf(file)}.model.txt`));
      if (found.length > 0) {
        const text = [...inReadingOrder(found).map((each) => render(each)), `${summary(found)}\n`].join('\n\n');
        await expect(text, accept).toMatchFileSnapshot(join(folder, `${nameOf(file)}.errors.txt`));
      }
    });

    test('no golden is left that belongs to no case', () => {
      const known = new Set(cases.flatMap(goldensOf));
      expect(listing.map((each) => each.name).filter((each) => each.endsWith('.txt') && !known.has(each))).toEqual([]);
    });

    // What both front ends report, each shows. `test/diagnostics/catalog.test.ts` has what is reported elsewhere.
    test('every diagnostic is shown by a case, or expected by a test beside', () => {
      const shown = new Set([...outcomes.values()].flatMap((each) => each.codes));
      for (const code of codesIn(dirname(name), '.test.ts')) shown.add(code);
      expect(codesIn(`generator/frontend/${extension.slice(1)}`, '.ts').filter((code) => !shown.has(code))).toEqual([]);
    });
  });
}
