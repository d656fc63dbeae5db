/** Finds the manifests of a project. */
import { readdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { diskReader } from '../source/disk.js';
import { ConfigurationError } from './errors.js';
import { isManifest, manifestName, parseManifest, type Manifest, type ManifestProblem } from './manifest.js';

export interface Located {
  /** Absolute. */
  readonly folder: string;
  readonly manifest: Manifest;
  /** What the manifest was read from. */
  readonly text: string;
}

interface ReadManifest {
  readonly text: string;
  readonly parsed: Manifest | ManifestProblem;
}

/** The manifest of an output folder; `undefined` when there is none. */
export function readManifest(folder: string): ReadManifest | undefined {
  const text = diskReader.read(join(folder, manifestName));
  // Whatever stands there instead, writing will report.
  return typeof text === 'string' ? { text, parsed: parseManifest(text) } : undefined;
}

/** Every manifest of ours in a folder, in its direct subfolders, and in those of the languages below them; sorted by folder. */
export async function findManifests(out: string): Promise<readonly Located[]> {
  const root = resolve(out);
  const entries = await readdir(root, { withFileTypes: true }).catch(() => []);
  const subfolders = entries
    .filter((entry) => entry.isDirectory())
    .map((entry) => join(root, entry.name))
    .sort();
  // Where `generate` puts what it makes of definitions in both languages.
  return manifestsIn([root, ...subfolders.flatMap((each) => [each, join(each, 'wit'), join(each, 'witx')])]);
}

/** Every manifest of ours at any depth, sorted by folder. */
export async function findBelow(place: string): Promise<readonly Located[]> {
  const folders: string[] = [];
  const pending = [resolve(place)];
  for (let folder = pending.pop(); folder !== undefined; folder = pending.pop()) {
    folders.push(folder);
    const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
    for (const each of entries)
      if (each.isDirectory() && each.name !== 'node_modules' && !each.name.startsWith('.'))
        pending.push(join(folder, each.name));
  }
  return manifestsIn(folders.sort());
}

/** The manifests of ours in these folders themselves. */
export function manifestsIn(folders: readonly string[]): readonly Located[] {
  const located: Located[] = [];
  for (const folder of folders) {
    const found = readManifest(folder);
    if (found === undefined) continue;
    const { parsed, text } = found;
    if (isManifest(parsed)) located.push({ folder, manifest: parsed, text });
    else if (!parsed.foreign) throw unusable(folder, parsed);
  }
  return located;
}

export function unusable(folder: string, found: ManifestProblem): ConfigurationError {
  return new ConfigurationError(
    `cannot use \`${join(folder, manifestName)}\`: ${found.problem}`,
    'restore it from version control, or make the folder anew with `generate --spec … --out … --force`',
  );
}
