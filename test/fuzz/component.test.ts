import { describe, expect, it } from 'vitest';
import { fuzzComponent } from './component.js';
import { runOnBoth } from './component-agreement.js';

describe('a hostile component', () => {
  it('gets errnos and traps and nothing else', async () => {
    const report = await fuzzComponent({ calls: 4_500, seed: 1 });
    expect(report.failures).toEqual([]);
    // A guest whose every call fails would prove little; so would one that never traps.
    expect(report.succeeded.size).toBeGreaterThan(40);
    expect(Object.keys(report.errnos).length).toBeGreaterThan(15);
    expect(report.errnos['trap']).toBeGreaterThan(20);
  });
});

describe('a component and a core module', () => {
  it.each([1, 2, 3])('that make the same calls get the same errnos and bytes, seed %i', async (seed) => {
    const { core, component, answers } = await runOnBoth({ calls: 600, seed });
    expect(component).toEqual(core);
    expect(answers.bytes).toBeGreaterThan(100);
    expect(answers.errnos.size).toBeGreaterThan(8);
  });
});
