import { describe, expect, it } from 'vitest';
import { hasSlowKeys, idsOf, keyExchanges, signatures, symmetricAlgorithms } from '../registry.js';
import { fuzzHost } from './host.js';

describe('a hostile guest', () => {
  const used = new Set<string>();

  it.each([1, 2])('gets errnos and nothing else, seed %i', (seed) => {
    const report = fuzzHost({ calls: 10_000, seed });
    expect(report.failures).toEqual([]);
    // A guest whose every call fails would prove little.
    expect(report.succeeded.size).toBeGreaterThan(30);
    expect(Object.keys(report.errnos).length).toBeGreaterThan(15);
    for (const name of report.algorithms) used.add(name);
  });

  it('had success with every algorithm whose keys are quick to make', () => {
    const quick = [...symmetricAlgorithms, ...signatures.filter(({ keys }) => !hasSlowKeys(keys)), ...keyExchanges];
    expect(idsOf(quick).filter((id) => !used.has(id.toLowerCase()))).toEqual([]);
  });
});
