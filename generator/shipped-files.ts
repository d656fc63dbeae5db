/**
 * The files that come with this package, read when they are needed. `.bundle-memory.mjs` puts in their place what it has read
 * once, for programs that have no disk.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { packageRoot, version as ownVersion } from './package-root.js';

/** Of this package. */
export const version = ownVersion;

/** Where the definitions are that come with this package, as messages and manifests name them. */
export const shippedFolder = join(packageRoot, 'witx');

/** The text of a file, by its path below the package, with `/`. */
export function shippedText(path: string): string {
  return readFileSync(join(packageRoot, path), 'utf8').replaceAll('\r\n', '\n');
}

/** What stands in a folder of the package. */
export function shippedEntries(folder: string): readonly { readonly name: string; readonly isFolder: boolean }[] {
  return readdirSync(join(packageRoot, folder), { withFileTypes: true }).map((each) => ({
    name: each.name,
    isFolder: each.isDirectory(),
  }));
}
