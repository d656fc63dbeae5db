/** What is printed says what was read: by the model, comments included, and printed again it is the same text. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { DiagnosticBag } from '../../../generator/diagnostics/diagnostic.js';
import { parseWit } from '../../../generator/frontend/wit/parse.js';
import { printUnit } from '../../../generator/model/print.js';
import { memoryReader } from '../../../generator/source/loader.js';
import { SourceFile } from '../../../generator/source/source.js';
import { printFile } from '../../../generator/targets/wit/print.js';
import { readFrom, type Outcome } from '../../frontend/reading.js';
import { accepted, snippets } from '../../frontend/wit/snippets.js';
import { projectRoot } from '../../shared.js';

type Files = ReadonlyMap<string, string>;

function read(files: Files, features: readonly string[] | 'all'): Outcome {
  const [only = ''] = files.keys();
  return readFrom(memoryReader(files), [only.includes('/') ? only.replace(/\/.*/, '') : only], { features });
}

function printed(files: Files): Files {
  const bag = new DiagnosticBag();
  return new Map([...files].map(([path, text]) => [path, printFile(parseWit(new SourceFile(path, text), bag), [])]));
}

/** All definitions below a folder, by paths that begin with its name. */
function filesBelow(folder: string): Files {
  const paths = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((each) => each.endsWith('.wit'));
  return new Map(paths.sort().map((each) => [`package/${each}`, readFileSync(join(folder, each), 'utf8')]));
}

const folder = join(projectRoot, 'test/frontend/wit/cases');
const cases = readdirSync(folder)
  .filter((name) => !name.endsWith('.txt'))
  .map((name): readonly [string, Files] => [
    name,
    name.endsWith('.wit')
      ? new Map([[name, readFileSync(join(folder, name), 'utf8')]])
      : filesBelow(join(folder, name)),
  ]);
const texts = [...snippets('accepted'), ...accepted].map(({ title, text }): readonly [string, Files] => [
  title,
  new Map([['t.wit', text]]),
]);
const shipped = ['0.11', 'extension-0.1/wit'].map((name): readonly [string, Files] => [
  name,
  filesBelow(join(projectRoot, 'witx', name)),
]);

describe('printed and read again', () => {
  const sound = [...cases, ...texts, ...shipped].filter(([, files]) => read(files, 'all').unit !== undefined);
  it.for(sound)('%s', ([, files]) => {
    const again = printed(files);
    for (const features of ['all', []] as const) {
      const { unit, codes } = read(files, features);
      const outcome = read(again, features);
      expect(outcome.codes).toEqual(codes);
      expect(outcome.unit && printUnit(outcome.unit)).toEqual(unit && printUnit(unit));
    }
    expect(printed(again)).toEqual(again);
  });
});
