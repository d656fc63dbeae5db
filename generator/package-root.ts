/** Where the package's own files are: templates and definitions are read at run time. */
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { InternalError } from './diagnostics/diagnostic.js';

/** The folder of `package.json`: from `dist/` and from the sources alike. */
export const packageRoot = findRoot(dirname(fileURLToPath(import.meta.url)));

interface PackageFile {
  readonly name: string;
  readonly version: string;
  readonly homepage: string;
  readonly engines: { readonly node: string };
  readonly peerDependencies: Readonly<Record<string, string>>;
  readonly devDependencies: Readonly<Record<string, string>>;
}

export function packageFile(): PackageFile {
  return JSON.parse(readFileSync(join(packageRoot, 'package.json'), 'utf8')) as PackageFile;
}

export const { version } = packageFile();

export interface InstalledPackage {
  /** The file that was asked for. */
  readonly file: string;
  readonly version: string;
}

/**
 * What a specifier stands for where Node resolves it from here, which need not be by a walk through folders (Yarn has a table);
 * undefined: it is not there, or exports no such thing.
 */
export function installedPackage(specifier: string): InstalledPackage | undefined {
  const [name] = /^(?:@[^/]+\/)?[^/]+/.exec(specifier) ?? [];
  let file: string;
  try {
    file = fileURLToPath(import.meta.resolve(specifier));
  } catch {
    return undefined;
  }
  for (let folder = dirname(file); dirname(folder) !== folder; folder = dirname(folder)) {
    const manifest = join(folder, 'package.json');
    if (!existsSync(manifest)) continue;
    // There may be others on the way, which only tell modules from scripts.
    const found = JSON.parse(readFileSync(manifest, 'utf8')) as Partial<PackageFile>;
    if (found.name === name && found.version !== undefined) return { file, version: found.version };
  }
  return undefined;
}

function findRoot(start: string): string {
  for (let folder = start; ; folder = dirname(folder)) {
    if (existsSync(join(folder, 'package.json')) && existsSync(join(folder, 'templates'))) return folder;
    if (dirname(folder) === folder)
      throw new InternalError(
        'the package is not complete: no folder with package.json and templates (bundlers have to leave wasi-crypto-gen outside)',
      );
  }
}
