/** Targets that a configuration brings along: made, checked and recorded like all others. */
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect } from 'vitest';
import { it, wasiCryptoGen, type Outcome } from './command-line.js';
import { writeDefinition } from './small-project.js';

const run = (folder: string, ...args: readonly string[]): Promise<Outcome> => wasiCryptoGen(args, { cwd: folder });

/** A configuration whose target lists functions in a file. */
async function project(folder: string, { id = 'names', path = 'names.txt', besides = '' } = {}): Promise<void> {
  await writeDefinition(folder);
  await writeFile(
    join(folder, 'wasi-crypto.config.mjs'),
    `const names = {
  id: '${id}',
  summary: 'functions, a line each',
  dialects: ['witx'],
  emit: async ({ plans }) => new Map([['${path}', [...plans.keys()].map((func) => func.name.wire + '${besides}').join('\\n')]]),
};
export default { outputs: [{ spec: 'definitions', targets: ['c-guest', names], out: 'made' }] };
`,
  );
}

describe('a target of a configuration', () => {
  it('is made beside ours, and up to date until its code changes', async ({ folder }) => {
    await project(folder);
    expect(await run(folder, 'generate')).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(/^made: \d+ written definitions: c-guest, names\n$/),
    });
    const text = await readFile(join(folder, 'made/names/names.txt'), 'utf8');
    expect(text).toMatch(/^\w+$/);
    expect(await run(folder, 'check')).toMatchObject({ code: 0, stdout: expect.stringContaining('up to date') });

    const config = join(folder, 'wasi-crypto.config.mjs');
    await writeFile(config, (await readFile(config, 'utf8')).replace("wire + ''", "wire + '!'"));
    // Modules are loaded once: another name for the changed one.
    await writeFile(join(folder, 'changed.mjs'), await readFile(config, 'utf8'));
    const checked = await run(folder, 'check', '--config', 'changed.mjs');
    expect([checked.code, checked.stdout]).toEqual([1, expect.stringMatching(/stale +names\/names\.txt/)]);
  });

  it('is chosen by its id on the command line', async ({ folder }) => {
    await project(folder);
    const { stdout } = await run(folder, 'generate', '--target', 'names');
    expect(stdout).toMatch(/^made: 3 written definitions: names\n$/);
  });

  it('is unknown without its configuration', async ({ folder }) => {
    await project(folder);
    await run(folder, 'generate');
    await writeFile(join(folder, 'wasi-crypto.config.mjs'), '');
    await writeFile(
      join(folder, 'other.json'),
      '{ "outputs": [{ "spec": "definitions", "out": "made", "targets": ["names"] }] }',
    );
    const { code, stderr } = await run(folder, 'generate', '--config', 'other.json');
    expect([code, stderr]).toEqual([2, expect.stringContaining('there is no target `names`')]);
  });

  it.for<[string, Parameters<typeof project>[1], string]>([
    ['that has the id of ours', { id: 'c-guest' }, 'target `c-guest` is there already'],
    ['whose id is no name of a folder', { id: '../up' }, 'target `../up`: this is no id'],
    ['that writes elsewhere', { path: '../../away.txt' }, 'target `names` makes a file called `names/../../away.txt`'],
  ])('%s is refused, and nothing is written', async ([, options, message], { folder }) => {
    await project(folder, options);
    const { code, stderr } = await run(folder, 'generate');
    expect([code, stderr]).toEqual([2, expect.stringContaining(message)]);
    await expect(readFile(join(folder, 'made/manifest.json'))).rejects.toMatchObject({ code: 'ENOENT' });
  });

  it('that is none is told where it stands', async ({ folder }) => {
    await writeDefinition(folder);
    await writeFile(
      join(folder, 'wasi-crypto.config.mjs'),
      "export default { outputs: [{ spec: 'definitions', targets: [{ id: 'names', dialects: ['witx'] }] }] };\n",
    );
    const { code, stderr } = await run(folder, 'generate');
    expect([code, stderr]).toEqual([2, expect.stringContaining('`outputs[0].targets[0]` has no `emit`')]);
  });
});
