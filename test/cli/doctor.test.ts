import { describe, expect } from 'vitest';
import { it, wasiCryptoGen } from './command-line.js';
import { nativeObjection } from '../../runtime/backends/native/library.js';

interface Finding {
  readonly what: string;
  readonly state: string;
  readonly found: string;
  readonly cure?: string;
}

async function findings(): Promise<readonly Finding[]> {
  const { code, stdout, stderr } = await wasiCryptoGen(['doctor', '--json']);
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  return (JSON.parse(stdout) as { findings: readonly Finding[] }).findings;
}

describe('doctor', () => {
  it('tells what is here, and what to do about what is not', async () => {
    const all = await findings();
    const of = (what: string): Finding | undefined => all.find((each) => each.what === what);
    expect(of('Node')).toEqual({ what: 'Node', state: 'good', found: process.versions.node });
    expect(of('@bytecodealliance/jco')).toMatchObject({
      state: 'good',
      found: expect.stringMatching(/^1\./) as string,
    });
    expect(of('native backend')?.state).toBe(nativeObjection() === undefined ? 'good' : 'absent');
    for (const { state, cure } of all) expect(cure === undefined).toBe(state === 'good');
  });

  it('is a table for people', async () => {
    const { code, stdout } = await wasiCryptoGen(['doctor']);
    expect(code).toBe(0);
    for (const { what, found } of await findings())
      expect(stdout.split('\n').some((line) => line.includes(what) && line.endsWith(found))).toBe(true);
  });
});
