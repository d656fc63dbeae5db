/** `diff`, and the report of `generate`: what users are told when definitions change. */
import { execFileSync } from 'node:child_process';
import { appendFile, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect } from 'vitest';
import { it, wasiCryptoGen } from './command-line.js';
import { smallDefinition, writeDefinition, writePackage, writeProject } from './small-project.js';

const grown = smallDefinition.replace('(param $name string)', '(param $name string) (param $size u32)');
const documented = smallDefinition.replace('  (resource', '  ;;; What there is.\n  (resource');

interface Told {
  readonly subject: string;
  readonly name: string;
  readonly kind: string;
  readonly details: readonly string[];
  readonly breaks: readonly string[];
}

async function changes(...args: readonly string[]): Promise<readonly Told[]> {
  const { stdout } = await wasiCryptoGen(['diff', ...args, '--format', 'json']);
  return (JSON.parse(stdout) as { changes: readonly Told[] }).changes;
}

describe('diff', () => {
  it('0.10 0.11 names what the guest can no longer say, and what is taken over', async () => {
    const told = await changes('0.10', '0.11');
    const detailsOf = (name: string): readonly string[] => told.find((each) => each.name === name)?.details ?? [];
    expect(detailsOf('symmetric-state-squeeze')).toContain(
      'the guest can no longer say how much output it takes (`out_len`)',
    );
    expect(detailsOf('external-secret-replace')).toContain('no longer takes `secret_id: list(u8)`');
    expect(detailsOf('keypair-replace-managed')).toContain(
      "takes `kp-old` over: the guest's handle is gone after the call, even if it fails",
    );
    const closes = told.filter(({ name, kind }) => kind === 'changed' && name.endsWith('-close'));
    expect(closes.length).toBeGreaterThan(8);
    for (const { details } of closes) expect(details.join()).toContain('over');
  });

  it('0.9 0.10 names the modules that were added, and the one that is spelt otherwise', async () => {
    const told = await changes('0.9', '0.10');
    expect(
      told.filter(({ subject, kind }) => subject === 'module' && kind === 'added').map(({ name }) => name),
    ).toEqual(['wasi_ephemeral_crypto_signatures_batch', 'wasi_ephemeral_crypto_symmetric_batch']);
    expect(told).toContainEqual(
      expect.objectContaining({
        kind: 'renamed',
        name: 'wasi_ephemeral_crypto_external_secrets',
        was: 'wasi_ephemeral_crypto_exernal_secrets',
        guessed: true,
      }),
    );
    // Nothing else breaks anybody.
    expect(told.filter(({ breaks }) => breaks.length > 0).map(({ subject }) => subject)).toEqual([
      'module',
      'module',
      'module',
    ]);
  });

  it('of a revision and itself is nothing', async () => {
    expect(await wasiCryptoGen(['diff', '0.11', '0.11'])).toEqual({
      code: 0,
      stdout: 'Nothing changed.\n',
      stderr: '',
    });
  });

  it('tells by module what changed and whom it breaks, and counts', async ({ folder }) => {
    await writeDefinition(folder);
    await writeFile(join(folder, 'new.witx'), grown);
    expect(await wasiCryptoGen(['diff', 'definitions', 'new.witx'], { cwd: folder })).toEqual({
      code: 0,
      stdout: `common
  ~ function \`thing_open\`  breaks guests and hosts
      takes \`size: u32\`, too
      its core function is (i32, i32, i32, i32) -> i32, was (i32, i32, i32) -> i32

1 change: 1 break guests, 1 break hosts, 0 break nobody
`,
      stderr: '',
    });
  });

  it('is a table in Markdown', async ({ folder }) => {
    await writeDefinition(folder);
    await writeFile(join(folder, 'new.witx'), grown);
    const { stdout } = await wasiCryptoGen(['diff', 'definitions', 'new.witx', '--format', 'markdown'], {
      cwd: folder,
    });
    expect(stdout).toContain(
      '### common\n\n| | what | breaks | |\n| --- | --- | --- | --- |\n| changed | function `thing_open` | guests, hosts |',
    );
  });

  it.for([
    ['breaking', grown, 1],
    ['any', grown, 1],
    ['breaking', documented, 0],
    ['any', documented, 0],
  ] as const)('--fail-on %s ends by what there is', async ([on, text, code], { folder }) => {
    await writeDefinition(folder);
    await writeFile(join(folder, 'new.witx'), text);
    expect((await wasiCryptoGen(['diff', 'definitions', 'new.witx', '--fail-on', on], { cwd: folder })).code).toBe(
      code,
    );
  });

  it('reads definitions from a commit: a folder, or a file', async ({ folder }) => {
    const git = (...args: readonly string[]): unknown => execFileSync('git', args, { cwd: folder, stdio: 'pipe' });
    await writeDefinition(folder);
    git('init', '-q');
    git('add', '.');
    git('-c', 'user.name=x', '-c', 'user.email=x@y', 'commit', '-qm', 'one');
    await writeDefinition(folder, grown);
    for (const [old, now] of [
      ['HEAD:definitions', 'definitions'],
      ['HEAD:./definitions/common.witx', 'definitions/common.witx'],
    ] as const) {
      const { code, stdout } = await wasiCryptoGen(['diff', old, now], { cwd: folder });
      expect([code, stdout]).toEqual([0, expect.stringContaining('takes `size: u32`, too')]);
    }
    expect(await wasiCryptoGen(['diff', 'HEAD:nothing', 'definitions'], { cwd: folder })).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('git has no `HEAD:nothing`') as string,
    });
  });

  it('shows what is wrong with either side, and ends with 3', async ({ folder }) => {
    await writeDefinition(folder, '(module $m (typename $t $nothing))');
    const { code, stderr } = await wasiCryptoGen(['diff', '0.10', 'definitions'], { cwd: folder });
    expect([code, stderr]).toEqual([3, expect.stringContaining('nothing')]);
  });

  it.each([
    [['diff'], 'missing required argument `old`'],
    [['diff', '0.10'], 'missing required argument `new`'],
    [['diff', '0.10', '0.12'], 'there is no revision, file or folder `0.12`'],
  ])('%j is refused with a message', async (args, message) => {
    expect(await wasiCryptoGen(args)).toMatchObject({ code: 2, stderr: expect.stringContaining(message) as string });
  });
});

describe('generate after the definitions changed', () => {
  it('tells what changed, once', async ({ folder }) => {
    await writePackage(folder);
    await writeProject(folder);
    await writeDefinition(folder, grown);
    const first = await wasiCryptoGen(['generate'], { cwd: folder });
    expect(first.code).toBe(0);
    expect(first.stdout).toContain('What changed in the definitions of generated/definitions:');
    expect(first.stdout).toContain('  ~ function `thing_open`  breaks guests and hosts\n      takes `size: u32`, too');
    expect((await wasiCryptoGen(['generate'], { cwd: folder })).stdout).not.toContain('What changed');
  });

  it('writes nothing with --fail-on breaking, and ends with 1', async ({ folder }) => {
    await writePackage(folder);
    await writeProject(folder);
    const path = join(folder, 'generated/definitions/manifest.json');
    const before = await readFile(path, 'utf8');
    await writeDefinition(folder, grown);
    const { code, stdout, stderr } = await wasiCryptoGen(['generate', '--fail-on', 'breaking', '--quiet'], {
      cwd: folder,
    });
    expect([code, stdout, stderr]).toEqual([
      1,
      expect.stringContaining('takes `size: u32`, too'),
      expect.stringContaining('nothing was written to `generated/definitions`'),
    ]);
    expect(await readFile(path, 'utf8')).toBe(before);
    await writeDefinition(folder, documented);
    expect((await wasiCryptoGen(['generate', '--fail-on', 'breaking'], { cwd: folder })).code).toBe(0);
  });

  it('has its changes in JSON', async ({ folder }) => {
    await writePackage(folder);
    await writeProject(folder);
    await writeDefinition(folder, grown);
    const { stdout } = await wasiCryptoGen(['generate', '--format', 'json'], { cwd: folder });
    expect(JSON.parse(stdout)).toMatchObject({
      folders: [{ changes: [{ kind: 'changed', name: 'thing_open', breaks: ['guests', 'hosts'] }], refused: false }],
    });
  });

  it('says nothing where the record was edited: it cannot be believed', async ({ folder }) => {
    await writePackage(folder);
    await writeProject(folder);
    await appendFile(join(folder, 'generated/definitions/abi.json'), ' ');
    await writeDefinition(folder, grown);
    const { code, stdout } = await wasiCryptoGen(['generate', '--force'], { cwd: folder });
    expect([code, stdout]).toEqual([0, expect.not.stringContaining('What changed')]);
  });
});
