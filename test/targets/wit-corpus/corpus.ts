/** Every accepted WIT text there is: those of the tests of the front end, and some written for targets. */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Unit } from '../../../generator/model/model.js';
import { diskReader } from '../../../generator/source/disk.js';
import { memoryReader } from '../../../generator/source/loader.js';
import { mustRead, readFrom } from '../../frontend/reading.js';
import { accepted, snippets } from '../../frontend/wit/snippets.js';
import { projectRoot } from '../../shared.js';

export interface Text {
  readonly title: string;
  readonly unit: Unit;
}

const goldens = join(projectRoot, 'test/frontend/wit/cases');
const own = join(projectRoot, 'test/targets/wit-corpus');

export function corpus(): readonly Text[] {
  const texts = [...snippets('accepted'), ...accepted].map(({ title, text, features }): Text => ({
    title,
    unit: mustRead(readFrom(memoryReader(new Map([['t.wit', text]])), ['t.wit'], { features })),
  }));
  const names = readdirSync(goldens);
  const paths = [
    ...names
      .filter((name) => names.includes(`${name.replace(/\.wit$/, '')}.model.txt`))
      .map((name) => join(goldens, name)),
    ...['everybody.wit', 'names.wit', 'nesting.wit', 'worlds.wit', 'ecosystem'].map((name) => join(own, name)),
    join(projectRoot, 'test/abi/canonical/everything.wit'),
  ];
  return [
    ...texts,
    ...paths
      .filter((path) => !path.endsWith('.txt'))
      .map((path) => ({ title: path.slice(projectRoot.length), unit: mustRead(readFrom(diskReader, [path])) })),
  ];
}
