import { getFips } from 'node:crypto';
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
    const { algorithms } = JSON.parse(json) as Report;
    for (const { id, supported } of algorithms) {
      const lines = table.split('\n').filter((line) => line.startsWith(`  ${supported ? 'yes' : 'no '}  ${id} `));
      // What only a policy keeps out is there for those who ask for it.
      const asked = table.split('\n').filter((line) => line.startsWith(`  ask  ${id} `));
      expect(lines.length + asked.length, id).toBe(1);
      expect(asked.length > 0, id).toBe(/^AES-\d+-(?:CBC|CTR)$/.test(id));
    }
    expect(table).toContain('supported here, 4 of them where a policy has `unauthenticatedCiphers: true`');
    const proposed = algorithms.filter(({ supported, tier }) => supported && tier !== 'extra').length + 4;
    if (getFips() === 0) expect(proposed).toBe(72);
    expect(table).toMatch(new RegExp(`^in all: ${proposed} of 72 of the proposal, \\d+ of 23 beyond it$`, 'm'));
  });
});
