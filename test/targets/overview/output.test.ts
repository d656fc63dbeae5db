import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { describeFunctions } from '../../../generator/abi/describe.js';
import { shippedDefinitions } from '../../../generator/shipped.js';
import { overview } from '../../../generator/targets/overview/index.js';
import { emit, plannedUnit } from '../../generated.js';
import { projectRoot } from '../../shared.js';

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

describe('overview', () => {
  it.each([
    ['witx', '../../abi/cases/everything.witx'],
    ['wit', '../../abi/canonical/everything.wit'],
  ])('has one of everything in %s, as recorded', async (name, entry) => {
    const files = await emit(overview, plannedUnit('everything', here(entry)));
    expect([...files.keys()]).toEqual(['overview.md']);
    await expect(files.get('overview.md')).toMatchFileSnapshot(here(`cases/${name}.md`));
  });

  it.each(shippedDefinitions())('of %s names each function once, in one line, and is short', async (name) => {
    const planned = plannedUnit(name, `${projectRoot}witx/${name}`);
    const text = (await emit(overview, planned)).get('overview.md') ?? '';
    for (const { name: wire } of describeFunctions(planned))
      expect(
        text.split('\n').filter((line) => line.startsWith(`- \`${wire}(`)),
        wire,
      ).toHaveLength(1);
    expect(text.length).toBeLessThan(50_000);
  });
});
