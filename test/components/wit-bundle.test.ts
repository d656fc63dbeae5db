/** What other tools get of definitions is what the reference parser makes of the definitions themselves. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { bundleWorld, witName } from '../../generator/components/wit-bundle.js';
import type { Features } from '../../generator/frontend/wit/gates.js';
import type { Unit } from '../../generator/model/model.js';
import { diskReader } from '../../generator/source/disk.js';
import { memoryReader } from '../../generator/source/loader.js';
import { mustRead, readFrom } from '../frontend/reading.js';
import { Reference } from '../frontend/wit/reference.js';
import { accepted, snippets } from '../frontend/wit/snippets.js';
import { blocksOfWorld } from '../frontend/wit/wit-text.js';
import { projectRoot } from '../shared.js';

const reference = await Reference.load();

/** Every world as one text, which the parser takes for the same world. Gates are decided by then, so no feature is on. */
function expectBundles(unit: Unit): void {
  const worlds = unit.packages.filter((each) => each.isDependency !== true).flatMap((each) => each.worlds ?? []);
  for (const world of worlds) {
    const judgement = reference.judge({ text: bundleWorld(unit, world) }, witName(world.name.wire), []);
    expect(judgement.accepted ? '' : judgement.why, world.id).toBe('');
    if (judgement.accepted) expect(judgement.blocks).toEqual(blocksOfWorld(unit, world));
  }
}

function read(text: string, features: Features): Unit {
  return mustRead(readFrom(memoryReader(new Map([['t.wit', text]])), ['t.wit'], { features }));
}

describe('a world as one text', () => {
  test.for([...snippets('accepted'), ...accepted].map((each) => [each.title, each] as const))(
    '%s',
    ([, { text, features }]) => expectBundles(read(text, features)),
  );
});

describe('the worlds of files, folders and their dependencies as one text', () => {
  const folder = join(projectRoot, 'test/frontend/wit/cases');
  // The reference encodes what it reads, which it cannot do with these types.
  const names = readdirSync(folder).filter((name) => !name.startsWith('what-components-cannot-encode'));
  const cases = names.filter(
    (name) => !name.endsWith('.txt') && names.includes(`${name.replace(/\.wit$/, '')}.model.txt`),
  );

  test.for(cases)('%s', (name) => {
    const path = join(folder, name);
    expectBundles(
      name.endsWith('.wit') ? read(readFileSync(path, 'utf8'), []) : mustRead(readFrom(diskReader, [path])),
    );
  });

  test('wasi-crypto 0.11', () => expectBundles(mustRead(readFrom(diskReader, [join(projectRoot, 'witx/0.11')]))));
});
