/** The drill for a new target: one more in the registry, nothing else changed. The command line and the tests of all targets take it. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, vi } from 'vitest';
import { banner } from '../../generator/print/header.js';
import { targets } from '../../generator/targets/index.js';
import type { Target } from '../../generator/targets/target.js';
import { it, wasiCryptoGen } from '../cli/command-line.js';
import { testEveryTarget } from '../targets/every-target.js';

vi.mock(import('../../generator/targets/index.js'), async (original) => {
  const { targets } = await original();
  const outline: Target = {
    id: 'outline',
    summary: 'the names of all functions',
    dialects: ['witx', 'wit'],
    async emit({ unit: { packages } }, options) {
      const modules = packages.flatMap((each) => each.modules);
      const names = modules.flatMap(({ funcs }) => funcs.map(({ name }) => name.wire));
      const top = banner({ source: undefined, label: 'this unit', errata: [], options }).map((line) => `// ${line}`);
      return new Map([['outline.ts', [...top, `export const functions = ${JSON.stringify(names)};\n`].join('\n')]]);
    },
  };
  return { targets: [...targets, outline] };
});

testEveryTarget(targets.filter(({ id }) => id === 'outline'));

describe('a new target on the command line', () => {
  it('is named in the help, generated, checked and regenerated', async ({ folder }) => {
    const help = await wasiCryptoGen(['generate', '--help'], { cwd: folder });
    expect(help.stdout).toContain('outline');
    const made = await wasiCryptoGen(['generate', '--spec', '0.9', '--target', 'outline'], { cwd: folder });
    expect(made).toMatchObject({ code: 0 });
    const path = join(folder, 'generated/0.9/outline/outline.ts');
    expect(await readFile(path, 'utf8')).toContain('"symmetric_state_open"');
    expect(await wasiCryptoGen(['check', '--full'], { cwd: folder })).toMatchObject({ code: 0 });
  });
});
