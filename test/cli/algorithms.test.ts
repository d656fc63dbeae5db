import { describe, expect } from 'vitest';
import { it, wasiCryptoGen } from './command-line.js';

interface Report {
  readonly node: string;
  readonly algorithms: readonly {
    readonly id: string;
    readonly supported: boolean;
    readonly tier: string;
    readonly backend?: string;
    readonly constantTime?: string;
    readonly reason?: string;
  }[];
}

describe('algorithms', () => {
  it('lists every id once, with a backend or a reason', async () => {
    const { code, stdout, stderr } = await wasiCryptoGen(['algorithms', '--json']);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    const { node, algorithms } = JSON.parse(stdout) as Report;
    expect(node).toBe(process.versions.node);
    expect(new Set(algorithms.map((each) => each.id)).size).toBe(algorithms.length);
    for (const each of algorithms) {
      if (each.supported) expect(each).toMatchObject({ backend: expect.any(String), constantTime: expect.any(String) });
      else expect(each).toMatchObject({ reason: expect.any(String) });
    }
    expect(algorithms.filter((each) => each.tier === 'required' && !each.supported)).toEqual([]);
  });

  it('is a table for people', async () => {
    const [{ stdout: json }, { stdout: table }] = [
      await wasiCryptoGen(['algorithms', '--json']),
      await wasiCryptoGen(['algorithms']),
    ];
    expect(table).toMatch(/^Node \d+\.\d+\.\d+, OpenSSL \d/);
    for (const { id, supported } of (JSON.parse(json) as Report).algorithms) {
      expect(
        table.split('\n').filter((line) => line.startsWith(`  ${supported ? 'yes' : 'no '}  ${id} `)),
      ).toHaveLength(1);
    }
  });
});
