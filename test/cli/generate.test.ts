import { appendFile, mkdir, readdir, readFile, rm, stat, symlink, utimes, writeFile } from 'node:fs/promises';
import { join, relative, resolve } from 'node:path';
import { describe, expect } from 'vitest';
import { projectRoot } from '../shared.js';
import { it, wasiCryptoGen, type Outcome } from './command-line.js';
import { smallDefinition, types, writeDefinition, writePackage, writeProject } from './small-project.js';
import { targets as registry } from '../../generator/targets/index.js';
import { newest } from '../revisions.js';

/** Everything below a folder, by path. */
async function contents(folder: string): Promise<Readonly<Record<string, string>>> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  return Object.fromEntries(
    await Promise.all(files.sort().map(async (file) => [file.slice(folder.length + 1), await readFile(file, 'utf8')])),
  );
}

function generate(cwd: string, ...args: readonly string[]): Promise<Outcome> {
  return wasiCryptoGen(['generate', ...args], { cwd });
}

describe('known warnings', () => {
  it('about definitions that are shipped are one line', async ({ folder }) => {
    const { stderr } = await wasiCryptoGen(['generate', '0.10', '--target', 'c-guest'], { cwd: folder });
    expect(stderr).toMatch(
      /^known: `batch_signature_state_sign` has no preview 1 ABI: .*, and 7 more \(no-preview1-abi.*\)\n$/,
    );
  });
});

describe('where output goes', () => {
  it('generates a shipped revision into generated/<revision>', async ({ folder }) => {
    const { code, stdout, stderr } = await wasiCryptoGen(
      ['generate', '--spec', '0.10', '--target', 'typescript-host'],
      {
        cwd: folder,
      },
    );
    expect(stdout).toMatch(/^generated\/0\.10: \d+ written 0\.10: typescript-host\n$/);
    expect(stderr).toContain('and 7 more (no-preview1-abi');
    expect(code).toBe(0);
    const files = Object.keys(await contents(join(folder, 'generated/0.10')));
    expect(files).toContain('manifest.json');
    expect(
      files.every((file) => ['abi.json', 'manifest.json'].includes(file) || file.startsWith('typescript-host/')),
    ).toBe(true);
  });

  it('counts as many files as check does, the first time and again', async ({ folder }) => {
    await writeDefinition(folder);
    const spec = ['--spec', 'definitions', '--target', 'typescript-host'];
    const [, first] = /: (\d+) written definitions/.exec((await generate(folder, ...spec)).stdout) ?? [];
    const [, again] = /: (\d+) unchanged definitions/.exec((await generate(folder, ...spec)).stdout) ?? [];
    const [, checked] = /\((\d+) files/.exec((await wasiCryptoGen(['check'], { cwd: folder })).stdout) ?? [];
    expect([first, again]).toEqual([checked, checked]);
    expect(Object.keys(await contents(join(folder, 'generated/definitions')))).toHaveLength(Number(checked));
  });

  it('generates the newest revision for all targets that make bindings when there is nothing to go by', async ({
    folder,
  }) => {
    const { revision, dialect } = newest('witx', 'wit');
    const { code, stdout } = await generate(folder);
    expect({ code, stdout }).toMatchObject({ code: 0, stdout: expect.stringContaining(`generated/${revision}: `) });
    const { targets } = JSON.parse(await readFile(join(folder, 'generated', revision, 'manifest.json'), 'utf8')) as {
      targets: string[];
    };
    const all = registry
      .filter((target) => target.onRequest !== true && target.dialects.includes(dialect))
      .map((target) => target.id);
    expect(targets).toEqual(all.sort());
  });

  it('makes a folder for each language of definitions that are shipped in both, and finds them again', async ({
    folder,
  }) => {
    const small = ['--quiet', '--target', 'typescript-host', '--target', 'component-host'];
    const made = await generate(folder, '--spec', 'extension-0.1', ...small);
    expect(made).toMatchObject({ code: 0, stdout: '', stderr: '' });
    expect(await readdir(join(folder, 'generated/extension-0.1/wit'))).toEqual([
      'abi.json',
      'component-host',
      'manifest.json',
    ]);
    expect(await readdir(join(folder, 'generated/extension-0.1/witx'))).toEqual([
      'abi.json',
      'manifest.json',
      'typescript-host',
    ]);
    const types = join(folder, 'generated/extension-0.1/wit/component-host/types.ts');
    expect(await readFile(types, 'utf8')).toContain('run `npx wasi-crypto-gen generate`.');
    await rm(types);
    const checked = await wasiCryptoGen(['check'], { cwd: folder });
    expect(checked).toMatchObject({ code: 1 });
    expect(checked.stdout + checked.stderr).toContain('component-host/types.ts');
    expect((await generate(folder)).stdout).toMatch(
      /^generated\/extension-0\.1\/wit: 1 written, \d+ unchanged .*\ngenerated\/extension-0\.1\/witx: \d+ unchanged .*\n$/,
    );
  });

  it('makes only the languages that a target takes', async ({ folder }) => {
    const wit = await generate(
      folder,
      '--spec',
      'extension-0.1',
      '--target',
      'component-host',
      '--out',
      'src/bindings',
    );
    expect(wit.stdout).toMatch(/^src\/bindings\/wit: \d+ written extension-0\.1\/wit: component-host\n$/);
    const witx = await generate(folder, '--spec', 'extension-0.1/witx', '--out', 'src/core', '--dry-run', '--quiet');
    expect(witx.stdout).toMatch(
      /^src\/core: \d+ written .*extension-0\.1\/witx: typescript-host, assemblyscript-guest, c-guest\n/,
    );
    expect(await generate(folder, '--spec', 'extension-0.1', '--target', 'cobol')).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('there is no target `cobol`'),
    });
  });

  it('takes --out for the output folder itself', async ({ folder }) => {
    await writeDefinition(folder);
    await generate(folder, '--spec', 'definitions', '--target', 'typescript-host', '--out', 'src/bindings');
    expect(await readdir(join(folder, 'src/bindings'))).toEqual(['abi.json', 'manifest.json', 'typescript-host']);
  });

  it('imports support files with --support in place of copying them, and remembers it', async ({ folder }) => {
    const templates = relative(folder, join(projectRoot, 'templates'));
    await writeProject(folder, '--support', templates);
    const output = join(folder, 'generated/definitions/typescript-host');
    expect(await readdir(output)).toEqual(['common.ts', 'index.ts', 'kinds.ts', 'ranges.ts', 'types.ts']);
    const [path] = /[./\w-]+\/typescript-host\/failure\.ts/.exec(
      (await readFile(join(output, 'types.ts'), 'utf8')).replace("failure.js'", "failure.ts'"),
    ) as RegExpExecArray;
    expect(resolve(output, path)).toBe(join(projectRoot, 'templates/typescript-host/failure.ts'));
    expect((await generate(folder)).stdout).toMatch(/: 7 unchanged/);
  });

  it('writes the same bytes wherever it runs', async ({ folder }) => {
    await writeDefinition(folder);
    await generate(folder, '--spec', 'definitions', '--out', 'one');
    await mkdir(join(folder, 'elsewhere/deeper'), { recursive: true });
    await generate(join(folder, 'elsewhere/deeper'), '--spec', '../../definitions', '--out', '../../two');
    expect(await contents(join(folder, 'two'))).toEqual(await contents(join(folder, 'one')));
  });
});

describe('generating again', () => {
  it('does what the manifest records, and touches nothing that stays', async ({ folder }) => {
    await writeProject(folder, '--import-suffix', '.ts', '--header', 'A licence.');
    const before = await contents(join(folder, 'generated/definitions'));
    expect(before[types]).toMatch(/^\/\/ A licence\.\n/);
    expect(before[types]).toMatch(/from '\.\/\w+\.ts'/);
    const files = Object.keys(before).map((file) => join(folder, 'generated/definitions', file));
    const long = new Date(1_000_000_000_000);
    for (const file of files) await utimes(file, long, long);
    const { code, stdout } = await generate(folder);
    expect({ code, stdout }).toEqual({
      code: 0,
      stdout: `generated/definitions: ${files.length} unchanged definitions: typescript-host\n`,
    });
    for (const file of files) expect((await stat(file)).mtime).toEqual(long);
    expect(await contents(join(folder, 'generated/definitions'))).toEqual(before);
  });

  it('follows an edit of the definitions', async ({ folder }) => {
    await writeProject(folder);
    await writeFile(join(folder, 'definitions/common.witx'), smallDefinition.replace('$forbidden', '$not_allowed'));
    await generate(folder);
    expect(await readFile(join(folder, 'generated/definitions/typescript-host/types.ts'), 'utf8')).toContain(
      'NotAllowed',
    );
  });

  it('deletes what is no longer generated, and only that', async ({ folder }) => {
    await writeDefinition(folder);
    const extra = join(folder, 'definitions/extra.witx');
    await writeFile(
      extra,
      '(use $errno from $common)\n(module $extra (@interface func (export "nothing_do") (result $error (expected (error $errno)))))\n',
    );
    await generate(folder, '--spec', 'definitions', '--target', 'typescript-host');
    const output = join(folder, 'generated/definitions/typescript-host');
    expect(await readdir(output)).toContain('extra.ts');
    await writeFile(join(output, 'mine.ts'), '');
    await rm(extra);
    const { code, stdout } = await generate(folder);
    expect(code).toBe(0);
    expect(stdout).toContain('delete typescript-host/extra.ts');
    const left = await readdir(output);
    expect(left).not.toContain('extra.ts');
    expect(left).toContain('mine.ts');
  });

  it('records changed options, for one folder at a time', async ({ folder }) => {
    await writeDefinition(folder);
    for (const out of ['generated/one', 'generated/two'])
      await generate(folder, '--spec', 'definitions', '--target', 'typescript-host', '--out', out);
    const refused = await generate(folder, '--import-suffix', 'none');
    expect(refused).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('--import-suffix would change `one` and `two` alike'),
    });
    expect((await generate(folder, '--import-suffix', 'none', '--out', 'generated/two')).code).toBe(0);
    const suffix = async (name: string): Promise<string | undefined> =>
      /from '\.\/failure(.*)'/.exec((await contents(join(folder, 'generated', name)))[types] ?? '')?.[1];
    expect([await suffix('one'), await suffix('two')]).toEqual(['.js', '']);
  });

  it('reads a header file again', async ({ folder }) => {
    await writeDefinition(folder);
    await writeFile(join(folder, 'licence.txt'), 'First licence\r\nSecond line\r\n');
    await generate(folder, '--spec', 'definitions', '--target', 'typescript-host', '--header', '@licence.txt');
    const file = join(folder, 'generated/definitions/typescript-host/types.ts');
    expect(await readFile(file, 'utf8')).toMatch(/^\/\/ First licence\n\/\/ Second line\n/);
    await writeFile(join(folder, 'licence.txt'), 'Another licence');
    await generate(folder);
    expect(await readFile(file, 'utf8')).toMatch(/^\/\/ Another licence\n/);
    expect(await generate(folder, '--header', '@absent.txt', '--out', 'generated/definitions')).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('cannot read the header `absent.txt`'),
    });
  });
});

describe('what a manifest may make it read', () => {
  const secret = 'TOKEN=secret';

  /** A project in `project`, whose header and definitions are links or paths to what stands beside it. */
  async function project(folder: string, header: string): Promise<string> {
    const own = join(folder, 'project');
    await mkdir(own);
    await writeFile(join(folder, 'secret.env'), secret);
    await writeFile(join(own, 'licence.txt'), 'A licence');
    await symlink(join(folder, 'secret.env'), join(own, 'link.txt'));
    await writeProject(own, '--header', '@licence.txt');
    const manifest = join(own, 'generated/definitions/manifest.json');
    await writeFile(manifest, (await readFile(manifest, 'utf8')).replace('../../licence.txt', header));
    return own;
  }

  it.for(['../../../secret.env', '../../link.txt'])(
    'is nothing outside of its project: %s',
    async (header, { folder }) => {
      const own = await project(folder, header);
      const before = await contents(join(own, 'generated'));
      for (const command of ['generate', 'check']) {
        const { code, stdout, stderr } = await wasiCryptoGen([command], { cwd: own });
        expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
        expect(stderr).toMatch(
          /names `.+(secret\.env|link\.txt)`, which lies outside of its project\nhint: .*`--header`/,
        );
        expect(stderr).not.toContain(secret);
      }
      expect(await contents(join(own, 'generated'))).toEqual(before);
      expect((await generate(own, '--header', 'Another', '--out', 'generated')).code).toBe(0);
    },
  );

  it('is what the folder holds in which it is run, definitions too', async ({ folder }) => {
    const own = join(folder, 'project');
    await mkdir(own);
    await writeDefinition(folder);
    const spec = ['--spec', '../definitions', '--target', 'typescript-host'];
    expect((await generate(own, ...spec)).code).toBe(0);
    expect(await generate(own)).toMatchObject({ code: 2, stderr: expect.stringContaining('name it with `--spec`') });
    expect((await generate(folder, '--out', 'project/generated')).code).toBe(0);
    await writePackage(folder);
    expect((await generate(own)).code).toBe(0);
  });
});

describe('what must not happen silently', () => {
  it('keeps a file that was edited by hand, and changes nothing else either', async ({ folder }) => {
    await writeProject(folder);
    const output = join(folder, 'generated/definitions');
    await appendFile(join(output, types), '// my edit\n');
    await appendFile(join(folder, 'definitions/common.witx'), ';; changed\n');
    const before = await contents(output);
    const { code, stdout, stderr } = await generate(folder);
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toContain('nothing was written to `generated/definitions`');
    expect(stderr).toContain('typescript-host/types.ts: it was changed by hand and would be overwritten');
    expect(stderr).toContain('--force');
    expect(await contents(output)).toEqual(before);
    expect((await generate(folder, '--force')).code).toBe(0);
    expect(await readFile(join(output, types), 'utf8')).not.toContain('my edit');
  });

  it('keeps files that were not generated', async ({ folder }) => {
    await writeDefinition(folder);
    await mkdir(join(folder, 'out/typescript-host'), { recursive: true });
    await writeFile(join(folder, 'out', types), 'mine');
    await writeFile(join(folder, 'out/manifest.json'), '{"name": "a web app"}');
    const { code, stderr } = await generate(
      folder,
      '--spec',
      'definitions',
      '--target',
      'typescript-host',
      '--out',
      'out',
    );
    expect(code).toBe(1);
    expect(stderr).toContain('typescript-host/types.ts: it stands in the way and was not generated');
    expect(stderr).toContain('manifest.json: it stands in the way and is not a manifest of wasi-crypto-gen');
    expect(await readdir(join(folder, 'out/typescript-host'))).toEqual(['types.ts']);
  });

  it('writes nothing into a folder that is a file', async ({ folder }) => {
    await writeDefinition(folder);
    await writeFile(join(folder, 'out'), 'a file');
    const { code, stderr } = await generate(folder, '--spec', 'definitions', '--out', 'out');
    expect({ code, stderr }).toEqual({
      code: 2,
      stderr: expect.stringContaining(`\`${join(folder, 'out')}\` is not a folder`),
    });
    expect(await readFile(join(folder, 'out'), 'utf8')).toBe('a file');
  });

  it('does not believe a manifest that leads out of its folder', async ({ folder }) => {
    await writeProject(folder);
    await writeFile(join(folder, 'precious.txt'), 'precious');
    const path = join(folder, 'generated/definitions/manifest.json');
    const manifest = JSON.parse(await readFile(path, 'utf8')) as { outputs: Record<string, string> };
    manifest.outputs['../../precious.txt'] = 'a'.repeat(64);
    await writeFile(path, JSON.stringify(manifest));
    expect(await generate(folder)).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('"../../precious.txt", which leads out of its folder'),
    });
    expect(await readFile(join(folder, 'precious.txt'), 'utf8')).toBe('precious');
  });

  it('helps after a merge with conflicts in the manifest', async ({ folder }) => {
    await writeProject(folder);
    const path = join(folder, 'generated/definitions/manifest.json');
    await writeFile(path, `<<<<<<< ours\n${await readFile(path, 'utf8')}`);
    const { code, stderr } = await generate(folder);
    expect(code).toBe(2);
    expect(stderr).toContain('conflict marks of version control');
    expect((await generate(folder, '--spec', 'definitions', '--target', 'typescript-host', '--force')).code).toBe(0);
    expect((await wasiCryptoGen(['check'], { cwd: folder })).code).toBe(0);
  });
});

describe('--dry-run', () => {
  it('tells what would happen and does nothing', async ({ folder }) => {
    await writeDefinition(folder);
    const { code, stdout } = await generate(
      folder,
      '--spec',
      'definitions',
      '--target',
      'typescript-host',
      '--dry-run',
    );
    expect(code).toBe(0);
    expect(stdout).toMatch(/^generated\/definitions: \d+ written \(dry run: nothing was done\)/);
    expect(stdout).toContain('\n  write  typescript-host/types.ts\n');
    expect(stdout).toContain('\n  write  manifest.json\n');
    expect(await readdir(folder)).toEqual(['definitions']);
  });

  it('meets the same obstacles', async ({ folder }) => {
    await writeDefinition(folder);
    await writeFile(join(folder, 'generated'), '');
    expect((await generate(folder, '--spec', 'definitions', '--dry-run')).code).toBe(2);
  });
});

describe('definitions with errors', () => {
  it('are shown with a code frame; nothing is written', async ({ folder }) => {
    await mkdir(join(folder, 'definitions'));
    await writeFile(join(folder, 'definitions/a.witx'), '(module $a\n  (typenam $x u8))\n');
    const { code, stdout, stderr } = await generate(folder, '--spec', 'definitions');
    expect({ code, stdout }).toEqual({ code: 3, stdout: '' });
    expect(stderr).toContain('definitions/a.witx:2:4');
    expect(stderr).toContain('(typenam $x u8)');
    expect(stderr).toContain('nothing was written to `generated/definitions`: the definitions have errors');
    expect(await readdir(folder)).toEqual(['definitions']);
  });

  it('hold back the other folders too', async ({ folder }) => {
    await writeDefinition(folder);
    await mkdir(join(folder, 'other'));
    await writeFile(join(folder, 'other/a.witx'), '(module $a (typename $x u8))\n');
    for (const spec of ['definitions', 'other'])
      expect((await generate(folder, '--spec', spec, '--target', 'typescript-host')).code).toBe(0);
    await appendFile(join(folder, 'definitions/common.witx'), ';; changed\n');
    await writeFile(join(folder, 'other/a.witx'), '(module $a (typename $x unknown))\n');
    const before = await contents(join(folder, 'generated'));
    const { code, stdout } = await generate(folder);
    expect(code).toBe(3);
    expect(stdout).toContain('held back: another folder has errors');
    expect(await contents(join(folder, 'generated'))).toEqual(before);
  });

  it('come as JSON when asked', async ({ folder }) => {
    await mkdir(join(folder, 'definitions'));
    await writeFile(join(folder, 'definitions/a.witx'), '(module $a\n  (typename $x unknown))\n');
    const { code, stdout, stderr } = await generate(folder, '--spec', 'definitions', '--format', 'json');
    expect({ code, stderr }).toEqual({ code: 3, stderr: '' });
    expect(JSON.parse(stdout)).toMatchObject({
      ok: false,
      dryRun: false,
      folders: [
        {
          folder: 'generated/definitions',
          written: [],
          diagnostics: [{ severity: 'error', file: 'definitions/a.witx', start: { line: 2 } }],
        },
      ],
    });
  });
});

it('--quiet prints nothing but errors', async ({ folder }) => {
  expect(await generate(folder, '--spec', '0.10', '--target', 'typescript-host', '--quiet')).toEqual({
    code: 0,
    stdout: '',
    stderr: '',
  });
});
