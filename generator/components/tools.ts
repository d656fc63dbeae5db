/** The optional peers: found where they are installed, told apart by version, loaded when needed. */
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { diagnostic, type Diagnostic } from '../diagnostics/diagnostic.js';
import { ConfigurationError } from '../project/errors.js';

/** A package of the user's project that a command needs. */
export interface Tool {
  readonly name: string;
  /** What to import of it, as its `package.json` calls it: `.` for the package itself. */
  readonly entry: string;
  /** The beginning of the versions this project is tested with. */
  readonly tested: string;
  /** Ends the sentence "… is needed to". */
  readonly purpose: string;
}

export interface Loaded<Api> {
  readonly api: Api;
  readonly version: string;
  /** Says that the version was never tested with this one; `undefined` when it was. */
  readonly warning: Diagnostic | undefined;
}

/** Where packages are looked for: beside this one, then from the working folder, which differ when this one is linked. */
export function searchFolders(): readonly string[] {
  return [dirname(fileURLToPath(import.meta.url)), process.cwd()];
}

/**
 * Loads a package.
 *
 * @typeParam Api what is used of it
 * @throws ConfigurationError when it is not installed
 */
export async function loadTool<Api>(tool: Tool, folders: readonly string[] = searchFolders()): Promise<Loaded<Api>> {
  const { name, entry, tested, purpose } = tool;
  const cure = `npm install --save-dev ${name}@${tested}`;
  const found = folders.flatMap((folder) => findPackage(folder, name) ?? [])[0];
  if (found === undefined)
    throw new ConfigurationError(`\`${name}\` is needed to ${purpose}, and is not installed`, cure);
  const { version, exports } = found.manifest;
  const file = exports?.[entry]?.import ?? exports?.[entry]?.default;
  if (file === undefined)
    throw new ConfigurationError(`\`${name}\` ${version} is not the one that is needed to ${purpose}`, cure);
  const isTested = version.startsWith(`${tested}.`);
  const warning = isTested
    ? undefined
    : diagnostic('untested-tool', undefined, { name, version, tested }, { hint: cure });
  return { api: (await import(pathToFileURL(join(found.folder, file)).href)) as Api, version, warning };
}

/** The version of a package that is installed where the tools are looked for; undefined: it is not. */
export function findTool(name: string): string | undefined {
  return searchFolders().flatMap((folder) => findPackage(folder, name)?.manifest.version ?? [])[0];
}

/** The part of a `package.json` that says what to import. */
interface Manifest {
  readonly version: string;
  readonly exports?: Readonly<Record<string, { readonly import?: string; readonly default?: string }>>;
}

/** As Node finds packages, but for all conditions and from any folder, which `import` and `require` are not both able to. */
function findPackage(from: string, name: string): { readonly folder: string; readonly manifest: Manifest } | undefined {
  for (let at = from; ; at = dirname(at)) {
    const folder = join(at, 'node_modules', name);
    const file = join(folder, 'package.json');
    if (existsSync(file)) return { folder, manifest: JSON.parse(readFileSync(file, 'utf8')) as Manifest };
    if (dirname(at) === at) return undefined;
  }
}
