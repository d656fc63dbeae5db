/** What the console is told of errors inside hosts. */
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { ErrorReports } from '../../runtime/reports.js';

describe('errors inside hosts', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  const reporting = (): { readonly reports: ErrorReports; readonly lines: string[] } => {
    const lines: string[] = [];
    return { reports: new ErrorReports((text) => void lines.push(text), Date.now), lines };
  };

  it('are told by name, code and place, never by a message', () => {
    const { reports, lines } = reporting();
    reports.report(Object.assign(new RangeError('secret bytes'), { code: 'ERR_SOMETHING' }));
    reports.report('secret bytes');
    expect(lines[0]).toMatch(/^wasi-crypto host: RangeError ERR_SOMETHING inside the host\n\s+at /);
    expect(lines[1]).toMatch(/no Error was thrown/);
    expect(lines.join()).not.toContain('secret');
  });

  it('are told 20 times at once, and how many were left out', () => {
    const { reports, lines } = reporting();
    for (let count = 0; count < 1000; count += 1) reports.report(new Error());
    expect(lines.length).toBe(20);
    vi.advanceTimersByTime(10_000);
    expect(lines[20]).toBe('wasi-crypto host: 980 more errors inside hosts were left out here');
    expect(lines.length).toBe(21);
  });

  it('are told again, one each 10 seconds', () => {
    const { reports, lines } = reporting();
    for (let second = 0; second < 100; second += 1) {
      for (let count = 0; count < 50; count += 1) reports.report(new Error());
      vi.advanceTimersByTime(1000);
    }
    const counts = lines.flatMap((line) => /: (\d+) more/.exec(line)?.[1] ?? []).map(Number);
    const told = lines.length - counts.length;
    expect(told).toBeGreaterThanOrEqual(28);
    expect(told).toBeLessThanOrEqual(30);
    vi.advanceTimersByTime(10_000);
    const all = lines.flatMap((line) => /: (\d+) more/.exec(line)?.[1] ?? []).map(Number);
    expect(told + all.reduce((sum, each) => sum + each, 0)).toBe(5000);
  });
});
