/** What README.md tells build engineers to put into continuous integration, run as it stands there. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import { projectRoot } from '../shared.js';
import { it, wasiCryptoGen } from './command-line.js';
import { smallDefinition, writeDefinition, writeProject } from './small-project.js';

/** The arguments of our command in the recipe. */
function recipe(): readonly string[] {
  const readme = readFileSync(join(projectRoot, 'README.md'), 'utf8');
  const [, yaml = ''] = /```yaml\n([^]*?)```/.exec(readme) ?? [];
  const [, command = ''] = /^- run: npx wasi-crypto-gen (.*)$/m.exec(yaml) ?? [];
  return command.split(' ');
}

it('the recipe for CI passes, and fails when a definition was edited without generating, naming files and command', async ({
  folder,
}) => {
  const out = /--out (\S+)/.exec(recipe().join(' '))?.[1] ?? '';
  await writeProject(folder, '--out', out);
  expect(await wasiCryptoGen(recipe(), { cwd: folder })).toMatchObject({ code: 0, stderr: '' });
  await writeDefinition(folder, smallDefinition.replace('$forbidden', '$not_allowed'));
  const { code, stdout } = await wasiCryptoGen(recipe(), { cwd: folder });
  expect(code).toBe(1);
  expect(stdout).toMatch(new RegExp(`^${out}: \\d+ files are not as they should be$`, 'm'));
  expect(stdout).toMatch(/^ {2}stale {4}typescript-host\/types\.ts +definition changed: common\.witx$/m);
  const [, command = ''] = /to fix: npx wasi-crypto-gen (.*)/.exec(stdout) ?? [];
  expect(await wasiCryptoGen(command.split(' '), { cwd: folder })).toMatchObject({ code: 0 });
  expect(await wasiCryptoGen(recipe(), { cwd: folder })).toMatchObject({ code: 0 });
});
