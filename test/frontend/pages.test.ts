/** The definitions that documentation shows are definitions. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { DiagnosticBag } from '../../generator/diagnostics/diagnostic.js';
import { planUnit } from '../../generator/generate.js';
import { projectRoot } from '../shared.js';
import { readTexts } from './reading.js';

const page = readFileSync(join(projectRoot, 'docs/definitions.md'), 'utf8');

it.each(['witx', 'wit'])('docs/definitions.md: what is shown in %s has no diagnostic', (language) => {
  const blocks = [...page.matchAll(new RegExp(`^\`\`\`${language}\n([^]*?)^\`\`\`$`, 'gm'))];
  expect(blocks.length).toBeGreaterThan(0);
  for (const [, text = ''] of blocks) {
    const { unit, found } = readTexts({ [`shown.${language}`]: text });
    expect(found).toEqual([]);
    if (unit === undefined) return expect.fail('nothing was read');
    const bag = new DiagnosticBag();
    planUnit(unit, bag);
    expect(bag.all).toEqual([]);
  }
});
