/** `npm run corpus`: whatever others define is refused with reasons or compiles; and what goes wrong is counted. */
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { assemblyscriptGuest } from '../../generator/targets/assemblyscript-guest/index.js';
import { componentHost } from '../../generator/targets/component-host/index.js';
import { typescriptHost } from '../../generator/targets/typescript-host/index.js';
import { runCorpus, type Result } from '../corpus/corpus.js';
import { describeWithShared, projectRoot, shared } from '../shared.js';

const cases = join(projectRoot, 'test/frontend/cases');

function wrong(results: readonly Result[]): readonly string[] {
  return results
    .filter(({ outcome }) => outcome === 'crashed' || outcome === 'uncompilable')
    .map(({ path, why }) => `${path}: ${why.join('\n')}`);
}

describe('definitions in WITX of the tests', () => {
  it('crash nothing, and all that are accepted compile', { timeout: 240_000 }, async () => {
    const results = await runCorpus(cases);
    expect(wrong(results)).toEqual([]);
    const compiled = results.filter(({ outcome }) => outcome === 'compiled').map(({ path }) => path);
    // Negative constants, and one type in two files.
    expect(compiled).toEqual(expect.arrayContaining(['constants.witx', 'one-type-in-two-files/main.witx']));
    expect(results.find(({ path }) => path === 'cyclic-use-of-modules.witx')).toEqual({
      path: 'cyclic-use-of-modules.witx',
      outcome: 'refused',
      why: ['cyclic-use'],
    });
  });
});

describeWithShared('the definitions of wasi-crypto and WASI preview 1', () => {
  it('compile', { timeout: 240_000 }, async () => {
    const results = await runCorpus(shared('spec'));
    expect(wrong(results)).toEqual([]);
    // A folder of more files for the package above it.
    const refused = results.filter(({ outcome }) => outcome === 'refused').map(({ path }) => path);
    expect(refused).toEqual(['wit-0.11/batch']);
    expect(results.map(({ path }) => path)).toEqual(
      expect.arrayContaining(['wit-0.11', 'witx-preview1/wasi_snapshot_preview1.witx']),
    );
  });
});

describe('what goes wrong', () => {
  const targets = { hosts: { witx: typescriptHost, wit: componentHost }, guest: assemblyscriptGuest };
  const folder = join(cases, 'use-file');
  const everywhere = (outcome: Result['outcome']): readonly string[] =>
    ['a.witx', 'b.witx', 'main.witx'].map(() => outcome);

  it('in a host is told of the package', async () => {
    const emit: typeof typescriptHost.emit = async (...given) =>
      new Map([...(await typescriptHost.emit(...given)), ['wrong.ts', 'export const wrong: number = "text";\n']]);
    const results = await runCorpus(folder, {
      ...targets,
      hosts: { ...targets.hosts, witx: { ...typescriptHost, emit } },
    });
    expect(results.map(({ outcome }) => outcome)).toEqual(everywhere('uncompilable'));
    expect(results[0]?.why).toEqual([expect.stringMatching(/^u0\/wrong\.ts:1 Type 'string'/)]);
  });

  it('in a guest is told of the package', async () => {
    const emit: typeof assemblyscriptGuest.emit = async (...given) =>
      new Map(
        [...(await assemblyscriptGuest.emit(...given))].map(([path, text]) => [
          path,
          path.endsWith('/functions.ts') ? text.replace('{\n', '{\n  missing;\n') : text,
        ]),
      );
    const results = await runCorpus(folder, { ...targets, guest: { ...assemblyscriptGuest, emit } });
    expect(results.map(({ path, outcome }) => [path, outcome])).toContainEqual(['a.witx', 'uncompilable']);
    expect(results.flatMap(({ why }) => why).join('\n')).toContain("Cannot find name 'missing'");
  });

  it('as an exception is no end of the run', async () => {
    const emit = (): never => {
      throw new TypeError('none of that');
    };
    const results = await runCorpus(folder, { ...targets, guest: { ...assemblyscriptGuest, emit } });
    expect(results.map(({ outcome }) => outcome)).toEqual(everywhere('crashed'));
    expect(results[0]?.why[0]).toContain('none of that');
  });
});
