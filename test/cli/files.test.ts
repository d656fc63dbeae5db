import { chmod, mkdir, mkdtemp, readdir, readFile, rm, stat, symlink, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { applyChanges, planChanges, type Changes } from '../../generator/project/files.js';
import { hashText, type Hashes } from '../../generator/project/manifest.js';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'wasi-crypto-gen-files-'));
});
afterEach(async () => {
  await rm(folder, { recursive: true, force: true });
});

type Texts = Readonly<Record<string, string>>;

async function put(files: Texts): Promise<void> {
  for (const [path, text] of Object.entries(files)) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), text);
  }
}

/** Everything in the folder. */
async function contents(): Promise<Texts> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  return Object.fromEntries(
    await Promise.all(files.sort().map(async (file) => [file.slice(folder.length + 1), await readFile(file, 'utf8')])),
  );
}

function recordOf(files: Texts): Hashes {
  return Object.fromEntries(Object.entries(files).map(([path, text]) => [path, hashText(text)]));
}

function plan(files: Texts, recorded: Texts = {}, force = false): Promise<Changes> {
  return planChanges(folder, new Map(Object.entries(files)), 'the manifest', { recorded: recordOf(recorded), force });
}

const old: Texts = { 'host/a.ts': 'a', 'host/b.ts': 'b', 'guest/deep/c.ts': 'c' };

describe('writing', () => {
  it('creates folders and the manifest', async () => {
    await applyChanges(await plan(old));
    expect(await contents()).toEqual({ ...old, 'manifest.json': 'the manifest' });
  });

  it('leaves the time of unchanged files alone', async () => {
    await put({ ...old, 'manifest.json': 'the manifest' });
    const long = new Date(1_000_000_000_000);
    for (const path of [...Object.keys(old), 'manifest.json']) await utimes(join(folder, path), long, long);
    const changes = await plan({ ...old, 'host/a.ts': 'new' }, old);
    expect(changes).toMatchObject({
      write: ['host/a.ts'],
      unchanged: ['guest/deep/c.ts', 'host/b.ts'],
      remove: [],
      manifestChanged: false,
    });
    await applyChanges(changes);
    expect((await stat(join(folder, 'host/b.ts'))).mtime).toEqual(long);
    expect((await stat(join(folder, 'manifest.json'))).mtime).toEqual(long);
    expect((await stat(join(folder, 'host/a.ts'))).mtime).not.toEqual(long);
  });

  it('takes other line ends for unchanged', async () => {
    await put({ 'host/a.ts': 'one\r\ntwo\r\n' });
    expect(await plan({ 'host/a.ts': 'one\ntwo\n' }, { 'host/a.ts': 'one\ntwo\n' })).toMatchObject({
      write: [],
      unchanged: ['host/a.ts'],
    });
  });

  it('deletes what is no longer generated, and folders that get empty', async () => {
    await put({ ...old, 'host/notes.md': 'mine' });
    const changes = await plan({ 'other/d.ts': 'd' }, old);
    expect(changes).toMatchObject({
      write: ['other/d.ts'],
      remove: ['guest/deep/c.ts', 'host/a.ts', 'host/b.ts'],
      obstacles: [],
    });
    await applyChanges(changes);
    expect(await contents()).toEqual({ 'host/notes.md': 'mine', 'other/d.ts': 'd', 'manifest.json': 'the manifest' });
    expect((await readdir(folder)).sort()).toEqual(['host', 'manifest.json', 'other']);
  });

  it('never deletes what no manifest lists', async () => {
    await put(old);
    await applyChanges(await plan({ 'other/d.ts': 'd' }));
    expect(await contents()).toEqual({ ...old, 'other/d.ts': 'd', 'manifest.json': 'the manifest' });
  });

  it('leaves no temporary files', async () => {
    await applyChanges(await plan(old));
    expect((await readdir(join(folder, 'host'))).sort()).toEqual(['a.ts', 'b.ts']);
  });

  it('removes what a killed run left of them, and nothing else', async () => {
    const left = { 'host/a.ts.3636837142': 'a', 'host/b.ts.12': '', 'manifest.json.7': 'the man' };
    const others = { 'host/a.ts.2': 'mine', 'host/c.ts.3': '', 'host/a.ts.bak': 'a', 'a.ts.1': 'a' };
    await put({ ...left, ...others, 'host/a.ts.99': 'a' });
    for (const path of [...Object.keys(left), ...Object.keys(others)]) await utimes(join(folder, path), 1, 1);
    await applyChanges(await plan(old));
    // The last one may be another run's, which is about to put it in place.
    expect(await contents()).toEqual({ ...old, ...others, 'host/a.ts.99': 'a', 'manifest.json': 'the manifest' });
  });

  it('keeps the permissions of a file it replaces', async () => {
    await put(old);
    await chmod(join(folder, 'host/a.ts'), 0o640);
    await applyChanges(await plan({ ...old, 'host/a.ts': 'new' }, old));
    expect((await stat(join(folder, 'host/a.ts'))).mode & 0o777).toBe(0o640);
  });
});

describe('what was edited by hand', () => {
  it('is not overwritten', async () => {
    await put({ ...old, 'host/a.ts': 'my edit' });
    const changes = await plan({ ...old, 'host/a.ts': 'new' }, old);
    expect(changes.obstacles).toEqual([
      { path: 'host/a.ts', kind: 'edited', message: 'it was changed by hand and would be overwritten' },
    ]);
    await expect(applyChanges(changes)).rejects.toThrow('obstacles');
    expect(await contents()).toEqual({ ...old, 'host/a.ts': 'my edit' });
  });

  it('is not deleted', async () => {
    await put({ ...old, 'host/a.ts': 'my edit' });
    expect((await plan({ 'host/b.ts': 'b' }, old)).obstacles).toEqual([
      { path: 'host/a.ts', kind: 'edited', message: 'it was changed by hand and would be deleted' },
    ]);
  });

  it('is no obstacle when it equals what is generated now', async () => {
    await put({ ...old, 'host/a.ts': 'new' });
    expect(await plan({ ...old, 'host/a.ts': 'new' }, old)).toMatchObject({ write: [], obstacles: [] });
  });

  it('goes with force', async () => {
    await put({ ...old, 'host/a.ts': 'my edit', 'guest/deep/c.ts': 'my edit' });
    const changes = await plan({ 'host/a.ts': 'new', 'host/b.ts': 'b' }, old, true);
    await applyChanges(changes);
    expect(await contents()).toEqual({ 'host/a.ts': 'new', 'host/b.ts': 'b', 'manifest.json': 'the manifest' });
  });

  it('is a foreign file when no manifest lists it', async () => {
    await put({ 'host/a.ts': 'mine' });
    expect((await plan({ 'host/a.ts': 'new' })).obstacles).toEqual([
      { path: 'host/a.ts', kind: 'foreign', message: 'it stands in the way and was not generated' },
    ]);
    expect((await plan({ 'host/a.ts': 'new' }, {}, true)).obstacles).toEqual([]);
  });
});

describe('what stands in the way', () => {
  it('a folder where a file should be', async () => {
    await put({ 'host/a.ts/x': '' });
    expect((await plan({ 'host/a.ts': 'a' }, {}, true)).obstacles).toEqual([
      { path: 'host/a.ts', kind: 'blocked', message: 'a folder stands there' },
    ]);
  });

  it('a file where a folder should be', async () => {
    await put({ host: 'a file' });
    const { obstacles } = await plan(old, {}, true);
    expect(obstacles.map(({ path, message }) => [path, message])).toEqual([
      ['host/a.ts', 'a file stands where its folder `host` should be'],
      ['host/b.ts', 'a file stands where its folder `host` should be'],
    ]);
  });

  it('an output folder that is a file, or below one', async () => {
    await put({ file: '' });
    const files = new Map([['host/a.ts', 'a']]);
    for (const below of ['file', 'file/out']) {
      const { obstacles } = await planChanges(join(folder, below), files, '', { recorded: undefined, force: false });
      expect(obstacles[0]).toMatchObject({
        path: 'host/a.ts',
        kind: 'blocked',
        message: `\`${join(folder, 'file')}\` is not a folder`,
      });
    }
  });

  it('a folder that cannot be written to', async () => {
    await put({ 'host/b.ts': 'b' });
    await chmod(join(folder, 'host'), 0o500);
    const { obstacles } = await plan({ 'host/a.ts': 'a', 'host/b.ts': 'b' });
    // The superuser may write anywhere.
    expect(obstacles.map(({ path, kind }) => [path, kind])).toEqual(
      process.getuid?.() === 0 ? [] : [['host/a.ts', 'blocked']],
    );
    await chmod(join(folder, 'host'), 0o700);
  });

  it('a link that leads out of the folder: nothing behind it is written or deleted', async () => {
    const outside = await mkdtemp(join(tmpdir(), 'wasi-crypto-gen-outside-'));
    await writeFile(join(outside, 'a.ts'), 'a');
    await symlink(outside, join(folder, 'host'));
    const writing = await plan({ 'host/a.ts': 'new' }, { 'host/a.ts': 'a' }, true);
    expect(writing.obstacles).toEqual([
      { path: 'host/a.ts', kind: 'blocked', message: 'its folder `host` is a symbolic link' },
    ]);
    const deleting = await plan({ 'guest/c.ts': 'c' }, { 'host/a.ts': 'a' });
    expect(deleting.remove).toEqual([]);
    await applyChanges(deleting);
    expect(await readFile(join(outside, 'a.ts'), 'utf8')).toBe('a');
    await rm(outside, { recursive: true });
  });

  it('a link in place of a file', async () => {
    await put({ 'precious.txt': 'precious' });
    await mkdir(join(folder, 'host'));
    await symlink(join(folder, 'precious.txt'), join(folder, 'host/a.ts'));
    expect((await plan({ 'host/a.ts': 'new' }, {}, true)).obstacles).toEqual([
      { path: 'host/a.ts', kind: 'blocked', message: 'a symbolic link stands there' },
    ]);
  });
});

it('takes a path out of the folder for a bug of the target', async () => {
  await expect(plan({ '../evil.ts': '' })).rejects.toThrow('not below its output folder');
});
