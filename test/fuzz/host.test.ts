import { describe, expect, it } from 'vitest';
import { fuzzHost } from './host.js';

describe('a hostile guest', () => {
  it.each([1, 2, 3])('gets errnos and nothing else, seed %i', (seed) => {
    const report = fuzzHost({ calls: 12_000, seed });
    expect(report.failures).toEqual([]);
    // A guest whose every call fails would prove little.
    expect(report.succeeded.size).toBeGreaterThan(30);
    expect(Object.keys(report.errnos).length).toBeGreaterThan(15);
  });
});
