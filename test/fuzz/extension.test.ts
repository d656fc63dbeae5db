import { describe, expect, it } from 'vitest';
import { groups } from '../../runtime/backends/arithmetic/groups.js';
import { fuzzExtension } from './extension.js';

describe('a hostile guest of the extension', () => {
  const succeeded = new Set<string>();
  const used = new Set<string>();

  it.each([1, 2])('gets errnos and nothing else, seed %i', (seed) => {
    const report = fuzzExtension({ calls: 2_500, seed });
    expect(report.failures).toEqual([]);
    for (const name of report.succeeded) succeeded.add(name);
    for (const name of report.algorithms) used.add(name);
  });

  it('had success with every group, and with nearly every function', () => {
    expect(groups.filter(({ name }) => !used.has(name.toLowerCase()))).toEqual([]);
    expect(succeeded.size).toBeGreaterThan(70);
    for (const name of ['query_algorithm', 'query_function', 'query_algorithms_len']) expect(succeeded).toContain(name);
  });
});
