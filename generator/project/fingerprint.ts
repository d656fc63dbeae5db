/**
 * One hash over everything of the generator that decides its output: its code, its templates, the
 * definitions it ships and the printers it uses. When the hash is the same and the inputs are, so is the output.
 */
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { installedPackage, packageRoot, version } from '../package-root.js';
import { hashText } from './manifest.js';

/** The folder of `index.ts`, in `dist/` or in the sources. The two have different fingerprints. */
const codeFolder = dirname(dirname(fileURLToPath(import.meta.url)));

const libraries = ['chevrotain', 'prettier'];

export function generatorFingerprint(): string {
  const hash = createHash('sha256');
  hash.update(`wasi-crypto-gen ${version}\n`);
  // A package manager may have chosen against our pin.
  for (const library of libraries) hash.update(`${library} ${installedPackage(library)?.version ?? 'not installed'}\n`);
  hashFolder(join(packageRoot, 'templates'), 'templates');
  // They stand in for what a user's definitions refer to and lack: a new file may do so unasked.
  hashFolder(join(packageRoot, 'witx'), 'witx');
  // The command line decides how results are shown, never what they are.
  hashFolder(codeFolder, 'generator', (path) => path !== 'generator/cli' && !/\.(?:d\.ts|map)$/.test(path));
  return hash.digest('hex');

  function hashFolder(folder: string, name: string, takes: (path: string) => boolean = () => true): void {
    const entries = readdirSync(folder, { withFileTypes: true }).sort((left, right) =>
      left.name < right.name ? -1 : 1,
    );
    for (const entry of entries) {
      const path = `${name}/${entry.name}`;
      if (!takes(path)) continue;
      if (entry.isDirectory()) hashFolder(join(folder, entry.name), path, takes);
      else hash.update(`${path} ${hashText(readFileSync(join(folder, entry.name), 'utf8'))}\n`);
    }
  }
}
