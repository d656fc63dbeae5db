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
}

export const version: string = (JSON.parse(readFileSync(join(packageRoot, 'package.json'), 'utf8')) as PackageFile)
  .version;

function findRoot(start: string): string {
  for (let folder = start; ; folder = dirname(folder)) {
    if (existsSync(join(folder, 'package.json')) && existsSync(join(folder, 'templates'))) return folder;
    if (dirname(folder) === folder)
      throw new InternalError('the package is not complete: no folder with package.json and templates');
  }
}
