import { expect, it } from 'vitest';
import { targets } from '../../generator/targets/index.js';
import { emit, plannedUnit } from '../generated.js';
import { describeWithShared, projectRoot, shared } from '../shared.js';

/** Code without its comments: what two sets of definitions that differ in docs alone have in common. */
function code(text: string): string {
  return text
    .replace(/\/\*\*[^]*?\*\//g, '')
    .replace(/^\s*\/\/.*$/gm, '')
    .replace(/\n\s*\n+/g, '\n')
    .trim();
}

describeWithShared("upstream's own files", () => {
  const cases = ['0.9', '0.10'].flatMap((revision) => targets.filter((target) => target.dialects.includes('witx')).map((target) => [revision, target.id] as const));

  it.each(cases)('of %s give the same %s code as ours', async (revision, id) => {
    const target = targets.find((each) => each.id === id) as (typeof targets)[number];
    const theirs = await emit(target, plannedUnit(revision, shared(`spec/witx-${revision}`)));
    const ours = await emit(target, plannedUnit(revision, `${projectRoot}witx/${revision}`));
    expect([...theirs.keys()]).toEqual([...ours.keys()]);
    for (const [path, text] of theirs) expect(code(text), path).toBe(code(ours.get(path) ?? ''));
  });
});
