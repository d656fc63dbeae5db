/** Every entry of the catalogue is reported by something, and shown by some test. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { catalog } from '../../generator/diagnostics/catalog.js';
import { projectRoot } from '../shared.js';

/** All files of a folder whose names end so, as one text. */
function textOf(folder: string, ending: string): string {
  return readdirSync(join(projectRoot, folder), { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith(ending) && !path.endsWith('catalog.ts'))
    .map((path) => readFileSync(join(projectRoot, folder, path), 'utf8'))
    .join('\n');
}

const codes = Object.keys(catalog);

it('is reported from somewhere', () => {
  const sources = textOf('generator', '.ts');
  expect(codes.filter((code) => !sources.includes(`'${code}'`))).toEqual([]);
});

it('is shown by a golden, or expected by the test of what reports it', () => {
  const texts = textOf('test/frontend', '.errors.txt') + textOf('test', '.test.ts');
  expect(codes.filter((code) => !texts.includes(`[${code}]`) && !texts.includes(`'${code}'`))).toEqual([]);
});
