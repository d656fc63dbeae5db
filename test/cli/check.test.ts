import { appendFile, cp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect } from 'vitest';
import { hashText } from '../../generator/project/manifest.js';
import { asProcess, it, wasiCryptoGen, type Outcome } from './command-line.js';
import { smallDefinition, types, writeDefinition, writeProject, writeProjectAsProcess } from './small-project.js';

const moreDefinition =
  '(use $errno from $common)\n(module $more (@interface func (export "nothing_do") (result $error (expected (error $errno)))))\n';

const output = 'generated/definitions';

function check(cwd: string, ...args: readonly string[]): Promise<Outcome> {
  return wasiCryptoGen(['check', ...args], { cwd });
}

/** Changes the manifest of the small project by hand. */
async function editManifest(
  folder: string,
  edit: (manifest: {
    targets: string[];
    options: Record<string, unknown>;
    generator: Record<string, string>;
    outputs: Record<string, string>;
  }) => void,
): Promise<void> {
  const path = join(folder, output, 'manifest.json');
  const manifest = JSON.parse(await readFile(path, 'utf8')) as Parameters<typeof edit>[0];
  edit(manifest);
  await writeFile(path, `${JSON.stringify(manifest, undefined, 2)}\n`);
}

describe('when nothing changed', () => {
  /** Makes the process fail when it loads the parser, a printer or a target. */
  const hook = `export async function load(url, context, next) {
    if (/\\/(chevrotain|ts-morph|prettier|frontend|targets)\\//.test(url)) throw new Error('loaded ' + url);
    return next(url, context);
  }`;
  const dataUrl = (code: string): string => `data:text/javascript,${encodeURIComponent(code)}`;
  const register = dataUrl(`import { register } from 'node:module'; register(${JSON.stringify(dataUrl(hook))});`);

  it('exits 0 by hashes alone: no parser, printer or target is loaded', async ({ folder }) => {
    await writeProjectAsProcess(folder);
    const quick = await asProcess(['check'], { cwd: folder, node: ['--import', register] });
    expect(quick).toEqual({
      code: 0,
      stdout: expect.stringMatching(/^generated\/definitions: up to date \(\d+ files\)\n$/),
      stderr: '',
    });
    const full = await asProcess(['check', '--full'], { cwd: folder, node: ['--import', register] });
    expect(full).toMatchObject({ code: 70, stderr: expect.stringContaining('loaded file:///') });
  });

  it('generates and compares with --full', async ({ folder }) => {
    await writeProject(folder);
    expect(await check(folder, '--full')).toMatchObject({ code: 0, stdout: expect.stringContaining('up to date') });
    expect((await check(folder, '--full')).stdout).toContain('generated and compared');
  });

  it('does not mind line ends, dot files, and what a compiler leaves behind', async ({ folder }) => {
    await writeProject(folder);
    const file = join(folder, output, types);
    await writeFile(file, (await readFile(file, 'utf8')).replaceAll('\n', '\r\n'));
    for (const left of ['types.js', 'types.d.ts', 'types.js.map', '.DS_Store'])
      await writeFile(join(folder, output, 'typescript-host', left), '');
    expect((await check(folder)).code).toBe(0);
    expect((await check(folder, '--full')).code).toBe(0);
  });
});

describe('when something changed', () => {
  it('names an edited file and what it costs to mend it', async ({ folder }) => {
    await writeProject(folder);
    await appendFile(join(folder, output, types), '// my edit\n');
    const before = await stat(join(folder, output, types));
    const { code, stdout } = await check(folder);
    expect(code).toBe(1);
    expect(stdout).toBe(
      `generated/definitions: 1 file is not as it should be
  edited   typescript-host/types.ts  generated file edited by hand
  to fix: npx wasi-crypto-gen generate --force   (edits by hand are lost)
`,
    );
    expect((await stat(join(folder, output, types))).mtime).toEqual(before.mtime);
  });

  it('names what an edited definition makes stale', async ({ folder }) => {
    await writeProject(folder);
    await writeDefinition(folder, smallDefinition.replace('$forbidden', '$not_allowed'));
    const { code, stdout } = await check(folder);
    expect(code).toBe(1);
    expect(stdout).toMatch(/^ {2}stale {4}typescript-host\/types\.ts +definition changed: common\.witx$/m);
    expect(stdout).toMatch(/^ {2}stale {4}manifest\.json +definition changed: common\.witx$/m);
    expect(stdout).toMatch(/^ {2}to fix: npx wasi-crypto-gen generate$/m);
    expect((await wasiCryptoGen(['generate'], { cwd: folder })).code).toBe(0);
    expect((await check(folder)).code).toBe(0);
  });

  it('notices definitions that were added or removed', async ({ folder }) => {
    await writeProject(folder);
    await writeFile(join(folder, 'definitions/more.witx'), moreDefinition);
    expect((await check(folder)).stdout).toMatch(/missing +typescript-host\/more\.ts +definition added: more\.witx/);
    await wasiCryptoGen(['generate'], { cwd: folder });
    await rm(join(folder, 'definitions/more.witx'));
    const { stdout } = await check(folder);
    expect(stdout).toMatch(/obsolete +typescript-host\/more\.ts +definition missing: more\.witx/);
  });

  it('names deleted and extra files', async ({ folder }) => {
    await writeProject(folder);
    await rm(join(folder, output, types));
    await writeFile(join(folder, output, 'typescript-host/mine.ts'), '');
    const { code, stdout } = await check(folder);
    expect(code).toBe(1);
    expect(stdout).toMatch(/missing +typescript-host\/types\.ts +it was deleted/);
    expect(stdout).toMatch(/extra +typescript-host\/mine\.ts +not generated: move or delete it/);
  });

  it('tells another version of the generator', async ({ folder }) => {
    await writeProject(folder);
    await editManifest(folder, (manifest) => (manifest.generator['version'] = '0.0.1'));
    expect((await check(folder)).stdout).toMatch(/stale +manifest\.json +generator changed: 0\.0\.1 to \d/);
  });

  it('tells a header that changed', async ({ folder }) => {
    await writeFile(join(folder, 'licence.txt'), 'A licence');
    await writeProject(folder, '--header', '@licence.txt');
    expect((await check(folder)).code).toBe(0);
    await writeFile(join(folder, 'licence.txt'), 'Another licence');
    expect((await check(folder)).stdout).toMatch(
      /stale +typescript-host\/types\.ts +header changed: \.\.\/\.\.\/licence\.txt/,
    );
  });

  it('sees through a manifest that was made to fit an edit', async ({ folder }) => {
    await writeProject(folder);
    const text = `${await readFile(join(folder, output, types), 'utf8')}// my edit\n`;
    await writeFile(join(folder, output, types), text);
    await editManifest(folder, (manifest) => (manifest.outputs[types] = hashText(text)));
    const { code, stdout } = await check(folder);
    expect(code).toBe(1);
    expect(stdout).toMatch(/stale +typescript-host\/types\.ts +manifest\.json edited by hand/);
  });

  it('notices an option that was changed in the manifest; generating follows it', async ({ folder }) => {
    await writeProject(folder);
    await editManifest(folder, (manifest) => (manifest.options['importSuffix'] = '.ts'));
    expect((await check(folder)).stdout).toMatch(/stale +typescript-host\/types\.ts +manifest\.json edited by hand/);
    expect((await wasiCryptoGen(['generate'], { cwd: folder })).code).toBe(0);
    expect((await check(folder)).code).toBe(0);
    expect(await readFile(join(folder, output, types), 'utf8')).toMatch(/from '\.\/\w+\.ts'/);
  });

  it('names the folder in the fix when it is not found by default', async ({ folder }) => {
    await writeProject(folder, '--out', 'src/bindings');
    await rm(join(folder, 'src/bindings', types));
    expect((await check(folder, '--out', 'src')).stdout).toContain(
      'to fix: npx wasi-crypto-gen generate --out src/bindings\n',
    );
    expect((await wasiCryptoGen(['generate', '--out', 'src/bindings'], { cwd: folder })).code).toBe(0);
    expect((await check(folder, '--out', 'src')).code).toBe(0);
  });

  it('looks at every manifest below the folder', async ({ folder }) => {
    await writeProject(folder);
    await cp(join(folder, output), join(folder, 'generated/copy'), { recursive: true });
    await appendFile(join(folder, 'generated/copy', types), '// my edit\n');
    const { code, stdout } = await check(folder);
    expect(code).toBe(1);
    expect(stdout).toMatch(/^generated\/copy: 1 file is not/m);
    expect(stdout).toMatch(/^generated\/definitions: up to date/m);
  });
});

describe('when it cannot tell', () => {
  it('exits 2 without a manifest', async ({ folder }) => {
    const { code, stderr } = await check(folder);
    expect({ code, stderr }).toEqual({
      code: 2,
      stderr: expect.stringContaining('there is no `manifest.json` in `generated` or in its subfolders'),
    });
    expect(await readdir(folder)).toEqual([]);
  });

  it('exits 2 when the definitions are gone', async ({ folder }) => {
    await writeProject(folder);
    await rm(join(folder, 'definitions'), { recursive: true });
    expect(await check(folder)).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('`../../definitions`, which is no longer there'),
    });
  });

  it('exits 3 when the definitions have errors', async ({ folder }) => {
    await writeProject(folder);
    await writeDefinition(folder, '(module $common');
    const { code, stderr } = await check(folder);
    expect(code).toBe(3);
    expect(stderr).toContain('definitions/common.witx:1:1');
    expect(stderr).toContain('cannot check `generated/definitions`: its definitions have errors');
  });
});

describe('--format json', () => {
  it('has the same findings', async ({ folder }) => {
    await writeProject(folder);
    const good = await check(folder, '--format', 'json');
    expect(JSON.parse(good.stdout)).toEqual({
      ok: true,
      folders: [
        {
          folder: output,
          label: 'definitions',
          ok: true,
          regenerated: false,
          findings: [],
          fix: null,
          diagnostics: [],
        },
      ],
    });
    await appendFile(join(folder, output, types), '// my edit\n');
    const bad = await check(folder, '--json');
    expect(bad).toMatchObject({ code: 1, stderr: '' });
    expect(JSON.parse(bad.stdout)).toMatchObject({
      ok: false,
      folders: [
        {
          folder: output,
          ok: false,
          regenerated: true,
          findings: [{ path: types, kind: 'edited', reason: 'generated file edited by hand' }],
          fix: 'npx wasi-crypto-gen generate --force',
        },
      ],
    });
  });

  it('has errors of usage too', async ({ folder }) => {
    const { code, stdout } = await check(folder, '--format', 'json');
    expect(code).toBe(2);
    expect(JSON.parse(stdout)).toMatchObject({
      ok: false,
      error: { message: expect.stringContaining('there is no `manifest.json`') },
    });
  });
});
