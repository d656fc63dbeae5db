import { appendFile, cp, mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect } from 'vitest';
import { packageRoot } from '../../generator/package-root.js';
import { checkWith, type CheckedFolder } from '../../generator/project/check.js';
import { generateProject } from '../../generator/project/generate.js';
import { hashText, manifestName, printManifest, type Manifest } from '../../generator/project/manifest.js';
import { findManifests } from '../../generator/project/manifests.js';
import { Proofs } from '../../generator/project/proofs.js';
import { asProcess, builtMain, it } from './command-line.js';
import { types, writeDefinition, writePackage } from './small-project.js';

const oneGenerator = 'a'.repeat(64);
const anotherGenerator = 'b'.repeat(64);

/** Output of the small definition, and the folder of its proofs: what `generate` proved is elsewhere. */
interface Project {
  readonly out: string;
  readonly cache: string;
  readonly check: (fingerprint: string, full?: boolean) => Promise<CheckedFolder>;
}

async function project(folder: string): Promise<Project> {
  await writePackage(folder);
  await writeDefinition(folder);
  const header = join(folder, 'licence.txt');
  await writeFile(header, 'A licence');
  const out = join(folder, 'out');
  const cache = join(folder, 'cache');
  const spec = join(folder, 'definitions');
  await generateProject({ spec, targets: ['typescript-host'], out, header: { file: header } });
  return {
    out,
    cache,
    async check(fingerprint, full = false) {
      const { folders } = await checkWith({ out, full }, new Proofs(cache, fingerprint));
      const [found] = folders;
      if (found === undefined) throw new Error('nothing was checked');
      return found;
    },
  };
}

/** The manifest made to fit what is on disk, checksum and all. */
async function forgeManifest(out: string, change: (manifest: Manifest) => Manifest): Promise<void> {
  const [located] = await findManifests(out);
  if (located === undefined) throw new Error('there is no manifest');
  await writeFile(join(out, manifestName), printManifest(change(located.manifest)));
}

const warm = { ok: true, regenerated: false, findings: [] };
const cold = { ok: true, regenerated: true, findings: [] };

describe('check', () => {
  it('generates and compares once for each generator, then hashes answer', async ({ folder }) => {
    const { check } = await project(folder);
    expect(await check(oneGenerator)).toMatchObject(cold);
    expect(await check(oneGenerator)).toMatchObject(warm);
    expect(await check(anotherGenerator)).toMatchObject(cold);
    expect(await check(anotherGenerator)).toMatchObject(warm);
    expect(await check(anotherGenerator, true)).toMatchObject(cold);
  });

  it('finds what changed, however warm it is', async ({ folder }) => {
    const { out, check } = await project(folder);
    const changes: readonly (readonly [string, string, string])[] = [
      [join(out, types), '// my edit\n', 'edited'],
      [join(folder, 'definitions/common.witx'), ';; changed\n', 'stale'],
      [join(folder, 'licence.txt'), ', changed', 'stale'],
    ];
    for (const [file, addition, kind] of changes) {
      await check(oneGenerator);
      expect(await check(oneGenerator)).toMatchObject(warm);
      const before = await readFile(file, 'utf8');
      await appendFile(file, addition);
      const found = await check(oneGenerator);
      expect(found).toMatchObject({ ok: false, regenerated: true });
      expect(found.findings.map((each) => each.kind)).toContain(kind);
      await writeFile(file, before);
      expect(await check(oneGenerator)).toMatchObject(warm);
    }
    await writeFile(join(folder, 'definitions/more.witx'), '(module $more (typename $few u8))\n');
    expect((await check(oneGenerator)).ok).toBe(false);
  });

  it('finds an option and an output that a whole manifest was made for', async ({ folder }) => {
    const { out, check } = await project(folder);
    await check(oneGenerator);
    await forgeManifest(out, (manifest) => ({
      ...manifest,
      options: { ...manifest.options, importSuffix: '.ts' },
    }));
    for (let times = 0; times < 2; times += 1)
      expect(await check(oneGenerator)).toMatchObject({ ok: false, regenerated: true });
    const text = `${await readFile(join(out, types), 'utf8')}// my edit\n`;
    await writeFile(join(out, types), text);
    await forgeManifest(out, (manifest) => ({
      ...manifest,
      options: { ...manifest.options, importSuffix: '.js' },
      outputs: { ...manifest.outputs, [types]: hashText(text) },
    }));
    for (let times = 0; times < 2; times += 1) {
      const { ok, findings } = await check(oneGenerator);
      expect(ok).toBe(false);
      expect(findings).toContainEqual({
        path: types,
        kind: 'stale',
        reason: 'generator changed (same version, other code), or folder moved',
      });
    }
  });

  it('generates anew for a folder that was moved to where its files name another command', async ({ folder }) => {
    const { out, cache, check } = await project(folder);
    await check(oneGenerator);
    const moved = join(folder, 'generated');
    await cp(out, moved, { recursive: true });
    const { folders } = await checkWith({ out: moved }, new Proofs(cache, oneGenerator));
    expect(folders).toMatchObject([{ ok: false, regenerated: true }]);
    expect(await check(oneGenerator)).toMatchObject(warm);
  });
});

describe('a cache that cannot be relied on', () => {
  /** Another manifest than the one that was proved, for outputs that no generator of ours makes; and where its proof would be. */
  async function unproved(folder: string): Promise<Project & { readonly proof: string; readonly proved: string }> {
    const made = await project(folder);
    await made.check(oneGenerator);
    const [name = ''] = await readdir(made.cache);
    const proved = await readFile(join(made.cache, name), 'utf8');
    const text = `${await readFile(join(made.out, types), 'utf8')}// my edit\n`;
    await writeFile(join(made.out, types), text);
    await forgeManifest(made.out, (manifest) => ({
      ...manifest,
      outputs: { ...manifest.outputs, [types]: hashText(text) },
    }));
    const manifest = hashText(await readFile(join(made.out, manifestName), 'utf8'));
    return { ...made, proved, proof: join(made.cache, `${manifest}.json`) };
  }

  it('proves nothing by files of another manifest or generator, by halves, or by rubbish', async ({ folder }) => {
    const { check, proof, proved } = await unproved(folder);
    const forName = proved.replace(/"manifest": "\w+"/, `"manifest": "${proof.slice(-69, -5)}"`);
    const poisons = [
      '',
      '{}',
      'true',
      `{"ok":true,"generator":"${oneGenerator}"}`,
      proved,
      proved.slice(0, 40),
      forName.replace(oneGenerator, anotherGenerator),
      forName.replace('"label"', '"label": "", "label"'),
    ];
    for (const poison of poisons) {
      await writeFile(proof, poison);
      expect(await check(oneGenerator), poison).toMatchObject({ ok: false, regenerated: true });
    }
    // A folder that was found stale is never recorded.
    expect(await readFile(proof, 'utf8')).toBe(poisons.at(-1));
  });

  it('is no finding: where nothing can be written, every check is a whole one', async ({ folder }) => {
    const { out, cache, check } = await project(folder);
    await writeFile(cache, 'a file');
    for (let times = 0; times < 2; times += 1) expect(await check(oneGenerator)).toMatchObject(cold);
    await rm(cache);
    // A folder stands where the proof should be.
    const manifest = hashText(await readFile(join(out, manifestName), 'utf8'));
    await mkdir(join(cache, `${manifest}.json`), { recursive: true });
    for (let times = 0; times < 2; times += 1) expect(await check(oneGenerator)).toMatchObject(cold);
    expect(await readdir(cache)).toEqual([`${manifest}.json`]);
  });

  it('is written by several at once, and whole', async ({ folder }) => {
    const { cache, check } = await project(folder);
    expect(await Promise.all([1, 2, 3].map(() => check(oneGenerator)))).toMatchObject([cold, cold, cold]);
    expect(await readdir(cache)).toHaveLength(1);
    expect(await check(oneGenerator)).toMatchObject(warm);
  });
});

describe('a manifest of format 1', () => {
  it('is reported as old, and the next generate writes it anew', async ({ folder }) => {
    const { out, check } = await project(folder);
    const path = join(out, manifestName);
    const text = await readFile(path, 'utf8');
    const old = text
      .replace(/"format": \d+/, '"format": 1')
      .replace(/("version": ".*")/, `$1,\n    "fingerprint": "${oneGenerator}"`);
    await writeFile(path, old);
    expect((await check(oneGenerator)).findings).toEqual([
      { path: manifestName, kind: 'stale', reason: 'manifest.json is of an older format' },
    ]);
    const { folders } = await generateProject({ out });
    expect(folders).toMatchObject([{ written: [manifestName], obstacles: [] }]);
    expect(await readFile(path, 'utf8')).toBe(text);
  });
});

describe('a comment in the code of the generator', () => {
  let copy: string;
  beforeEach(async () => {
    const built = dirname(dirname(dirname(await builtMain())));
    copy = await mkdtemp(join(packageRoot, '.tmp', 'commented-'));
    await cp(join(built, 'generator'), join(copy, 'generator'), { recursive: true });
    await appendFile(join(copy, 'generator/generate.js'), '// a comment\n');
  });
  afterEach(() => rm(copy, { recursive: true }));

  it('changes no manifest, and costs one slower check', async ({ folder }) => {
    await writePackage(folder);
    await writeDefinition(folder);
    const out = join(folder, 'out');
    await generateProject({ spec: join(folder, 'definitions'), targets: ['typescript-host'], out });
    const manifest = join(out, manifestName);
    const [text, { mtimeMs }] = [await readFile(manifest, 'utf8'), await stat(manifest)];
    const commented = (command: string): Promise<unknown> =>
      asProcess([command, '--out', out, '--format', 'json'], { main: join(copy, 'generator/cli/main.js') }).then(
        ({ stdout }) => (JSON.parse(stdout) as { folders: readonly unknown[] }).folders[0],
      );
    expect(await commented('check')).toMatchObject(cold);
    expect(await commented('check')).toMatchObject(warm);
    expect(await commented('generate')).toMatchObject({ written: [], removed: [] });
    expect(await readFile(manifest, 'utf8')).toBe(text);
    expect((await stat(manifest)).mtimeMs).toBe(mtimeMs);
  });
});
