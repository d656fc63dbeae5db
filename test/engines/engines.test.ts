/**
 * The runtime on other JavaScript engines than Node: whatever the report calls supported works there, and nothing crashes,
 * with a native library at hand that was built for Node.
 */
import { execFile } from 'node:child_process';
import { existsSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';
import binaryen from 'assemblyscript/binaryen';
import { build } from 'esbuild';
import { expect } from 'vitest';
import { entries } from '../../runtime/registry.js';
import { builtMain, it } from '../cli/command-line.js';
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

/** Writes to standard output, opens a state of SHA-256 that it never closes, and exits with the errno plus 7. */
const guest = `(module
  (import "wasi_snapshot_preview1" "fd_write" (func $write (param i32 i32 i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "proc_exit" (func $exit (param i32)))
  (import "wasi_ephemeral_crypto_symmetric" "symmetric_state_open" (func $open (param i32 i32 i32 i32 i32) (result i32)))
  (memory (export "memory") 1)
  (data (i32.const 0) "SHA-256")
  (data (i32.const 16) "\\01")
  (data (i32.const 32) "\\40\\00\\00\\00\\06\\00\\00\\00")
  (data (i32.const 64) "hello\\n")
  (func (export "_start")
    (drop (call $write (i32.const 1) (i32.const 32) (i32.const 1) (i32.const 48)))
    (call $exit (i32.add (i32.const 7) (call $open (i32.const 0) (i32.const 7) (i32.const 16) (i32.const 16) (i32.const 128))))
    unreachable))`;

function assembled(folder: string): void {
  const module = binaryen.parseText(guest);
  writeFileSync(join(folder, 'guest.wasm'), module.emitBinary());
  module.dispose();
}

for (const [name, command, args, lacks] of engines) {
  describeUnless(command === undefined ? `skipped: no ${name} here` : undefined, `on ${name}`, () => {
    it('every algorithm that is called supported works, and the others say why not', async () => {
      const { worked, failed, missing } = await run(command ?? '', args);
      expect(failed).toEqual({});
      expect(worked).toBeGreaterThan(15);
      expect(Object.keys(missing).toSorted()).toEqual([...lacks].toSorted());
      for (const reason of Object.values(missing)) expect(reason).toMatch(/\w/);
    });

    it('the command `run` runs a guest, and closes its host when the guest exits', async ({ folder }) => {
      assembled(folder);
      const all = [...args, await builtMain(), 'run', '--stats', 'guest.wasm'];
      const ended = promisify(execFile)(command ?? '', all, { cwd: folder });
      await expect(ended).rejects.toMatchObject({
        code: 7,
        stdout: 'hello\n',
        stderr: expect.stringContaining('used: 1 calls, cost 0; open in the end: 1 handles') as string,
      });
    });
  });
}

const deno = pathOf('deno');
describeUnless(deno === undefined ? 'skipped: no Deno here' : undefined, 'under the permissions of Deno', () => {
  it('the command `run` names the flag that is missing', async ({ folder }) => {
    assembled(folder);
    const args = ['run', '--allow-env', `--allow-read=${projectRoot}`, await builtMain(), 'run', 'guest.wasm'];
    const env = { ...process.env, NO_COLOR: '1' };
    await expect(promisify(execFile)(deno ?? '', args, { cwd: folder, env })).rejects.toMatchObject({
      code: 2,
      stdout: '',
      stderr: expect.stringMatching(
        /^error: Deno does not let this process go on: Requires read access to .*\nhint: run again with the --allow-read flag$/m,
      ) as string,
    });
  });
});
