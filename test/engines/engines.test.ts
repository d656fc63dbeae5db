/**
 * The runtime on other JavaScript engines than Node: whatever the report calls supported works there, and nothing crashes,
 * with a native library at hand that was built for Node.
 */
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';
import { build } from 'esbuild';
import { expect, it } from 'vitest';
import { entries } from '../../runtime/registry.js';
import { idsOf, supportedEntries } from '../registry.js';
import { describeUnless, projectRoot } from '../shared.js';

interface Outcome {
  readonly worked: number;
  readonly failed: Readonly<Record<string, string>>;
  readonly missing: Readonly<Record<string, string>>;
}

const program = join(projectRoot, '.tmp/engines/program.mjs');
/** Where `.ci/run` installs them. */
const tools = join(projectRoot, '.tmp/engines/node_modules/.bin');

function pathOf(name: string): string | undefined {
  const folders = [tools, ...(process.env['PATH'] ?? '').split(delimiter)];
  return folders.map((folder) => join(folder, name)).find((path) => existsSync(path));
}

async function run(command: string, args: readonly string[]): Promise<Outcome> {
  await build({
    entryPoints: [join(projectRoot, 'test/engines/program.ts')],
    outfile: program,
    bundle: true,
    platform: 'node',
    format: 'esm',
    packages: 'external',
    logLevel: 'silent',
  });
  const { stdout } = await promisify(execFile)(command, [...args, program], { cwd: projectRoot });
  return JSON.parse(stdout) as Outcome;
}

const rsa = idsOf(supportedEntries).filter((id) => id.startsWith('RSA_'));

const absent = idsOf(entries.filter(({ id }) => !supportedEntries.some((each) => each.id === id)));
/** Too slow by noble. */
const slow = 'SLH-DSA-SHAKE-128s';

/** What the README says that they lack. */
const engines = [
  ['Node', process.execPath, [], absent],
  ['Bun', pathOf('bun'), ['run'], [...rsa, 'ECDSA_K256_SHA256', 'CHACHA20-POLY1305', slow]],
  ['Deno', pathOf('deno'), ['run', '-A'], [...rsa, 'ECDSA_P521_SHA512', 'P521-SHA512', slow]],
] as const;

for (const [name, command, args, lacks] of engines) {
  describeUnless(command === undefined ? `skipped: no ${name} here` : undefined, `on ${name}`, () => {
    it('every algorithm that is called supported works, and the others say why not', async () => {
      const { worked, failed, missing } = await run(command ?? '', args);
      expect(failed).toEqual({});
      expect(worked).toBeGreaterThan(15);
      expect(Object.keys(missing).toSorted()).toEqual([...lacks].toSorted());
      for (const reason of Object.values(missing)) expect(reason).toMatch(/\w/);
    });
  });
}
