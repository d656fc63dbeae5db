/** The optional peers: found where they are installed, told apart by version, loaded when needed. */
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { diagnostic, type Diagnostic } from '../diagnostics/diagnostic.js';
import { installedPackage } from '../package-root.js';
import { ConfigurationError } from './errors.js';

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

/**
 * Loads a package: that which stands beside this one, or is found from the working folder, which differ when this one is linked.
 *
 * @typeParam Api what is used of it
 * @param folders where to look for it instead
 * @throws ConfigurationError when it is not installed
 */
export async function loadTool<Api>(tool: Tool, folders?: readonly string[]): Promise<Loaded<Api>> {
  const { name, tested } = tool;
  const { version, file } = locate(tool, folders);
  const isTested = version.startsWith(`${tested}.`);
  const warning = isTested
    ? undefined
    : diagnostic('untested-tool', undefined, { name, version, tested }, { hint: cureOf(tool) });
  return { api: (await import(pathToFileURL(file).href)) as Api, version, warning };
}

/**
 * The file that is loaded for a tool, without loading it.
 *
 * @throws ConfigurationError when it is not installed
 */
export function fileOfTool(tool: Tool): string {
  return locate(tool).file;
}

function locate(tool: Tool, folders?: readonly string[]): { readonly version: string; readonly file: string } {
  const { name, entry, purpose } = tool;
  const beside = folders === undefined ? installedPackage(`${name}${entry.slice(1)}`) : undefined;
  const found = beside ?? findFrom(folders ?? [process.cwd()], name, entry);
  if (found === undefined)
    throw new ConfigurationError(`\`${name}\` is needed to ${purpose}, and is not installed`, cureOf(tool));
  const { version, file } = found;
  if (file === undefined)
    throw new ConfigurationError(`\`${name}\` ${version} is not the one that is needed to ${purpose}`, cureOf(tool));
  return { version, file };
}

function cureOf({ name, tested }: Tool): string {
  return `npm install --save-dev ${name}@${tested}`;
}

/** The version of a package that is installed where tools are looked for; undefined: it is not. */
export function findTool(name: string): string | undefined {
  return (installedPackage(name) ?? findFrom([process.cwd()], name, '.'))?.version;
}

/** The part of a `package.json` that says what to import. */
interface Manifest {
  readonly version: string;
  readonly exports?: Readonly<Record<string, { readonly import?: string; readonly default?: string }>>;
}

interface Found {
  readonly version: string;
  /** What to import; undefined: it has no such thing. */
  readonly file: string | undefined;
}

/** As Node finds packages, but for all conditions and from any folder, which `import` and `require` are not both able to. */
function findFrom(folders: readonly string[], name: string, entry: string): Found | undefined {
  for (const folder of folders)
    for (let at = folder; ; at = dirname(at)) {
      const home = join(at, 'node_modules', name);
      const path = join(home, 'package.json');
      if (existsSync(path)) {
        const { version, exports } = JSON.parse(readFileSync(path, 'utf8')) as Manifest;
        const file = exports?.[entry]?.import ?? exports?.[entry]?.default;
        return { version, file: file === undefined ? undefined : join(home, file) };
      }
      if (dirname(at) === at) break;
    }
  return undefined;
}
