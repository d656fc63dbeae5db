/** Which definitions are meant: a revision shipped with this package, or the user's file or folder. */
import { readdirSync, statSync } from 'node:fs';
import { basename, dirname, isAbsolute, join, relative, resolve, sep } from 'node:path';
import { didYouMean } from '../diagnostics/suggest.js';
import type { Dialect } from '../model/model.js';
import { shippedDefinitions } from '../shipped.js';
import { shippedFolder } from '../shipped-files.js';
import { extensionOf, stemOf } from '../source/path.js';
import { ConfigurationError } from './errors.js';
import type { RecordedSpec } from './manifest.js';
import { withinReach } from './reach.js';

export interface Spec {
  /** What the definitions are called in outputs: the revision, or the name of the folder or file. */
  readonly label: string;
  readonly revision: string | undefined;
  /** The file or folder, absolute. */
  readonly path: string;
  readonly isFolder: boolean;
  readonly dialect: Dialect;
}

/** The revisions of wasi-crypto that come with this package, oldest first. */
export function shippedRevisions(): readonly string[] {
  return shippedDefinitions().filter((name) => /^\d+(\.\d+)*$/.test(name));
}

/** What `--spec` takes of all that comes with this package. */
export function shippedNames(): readonly string[] {
  return [...new Set(shippedDefinitions().map((name) => name.split('/')[0] ?? name))];
}

/** Whether `--spec` means by a name what comes with this package. */
export function isShipped(spec: string): boolean {
  return shippedDefinitions().some((name) => name === spec || name.startsWith(`${spec}/`));
}

/** The definitions that `--spec` names: two, where something comes with this package in both languages. */
export function findSpecs(spec: string): readonly Spec[] {
  const parts = shippedDefinitions().filter((name) => name.startsWith(`${spec}/`));
  return parts.length > 0 ? parts.map((part) => findSpec(part)) : [findSpec(spec, shippedNames())];
}

/**
 * The definitions of one name. A shipped revision wins over a folder: `./0.10` is the folder.
 *
 * @param shipped the names to offer when there are none
 */
export function findSpec(spec: string, shipped = shippedDefinitions()): Spec {
  if (shippedDefinitions().includes(spec)) return specAt(join(shippedFolder, spec), spec);
  const path = resolve(spec);
  if (statSync(path, { throwIfNoEntry: false }) === undefined) {
    if (isShipped(spec)) {
      const parts = shippedDefinitions().filter((name) => name.startsWith(`${spec}/`));
      throw new ConfigurationError(
        `\`${spec}\` comes in ${parts.length} languages, and one of them is needed here`,
        `say ${parts.map((part) => `\`${part}\``).join(' or ')}`,
      );
    }
    const meant =
      didYouMean(spec, shipped) ?? 'give one of them, or the path of a `.witx` or `.wit` file, or of a folder of them';
    throw new ConfigurationError(
      `there is no revision, file or folder \`${spec}\``,
      `shipped revisions are ${shipped.join(', ')}; ${meant}`,
    );
  }
  if (path.endsWith('.wasm'))
    throw new ConfigurationError(
      `\`${spec}\` is a compiled guest, and no definition`,
      `\`wasi-crypto-gen imports ${spec}\` says what it needs`,
    );
  return specAt(path, undefined);
}

/** The definitions that a manifest names, seen from its folder. */
export function recordedSpec(recorded: RecordedSpec, folder: string): Spec {
  if ('revision' in recorded) {
    if (shippedDefinitions().includes(recorded.revision))
      return specAt(join(shippedFolder, recorded.revision), recorded.revision);
    throw new ConfigurationError(
      `the manifest in \`${folder}\` was made from revision ${recorded.revision}, which this version does not ship`,
      `shipped revisions are ${shippedNames().join(', ')}: choose one with \`--spec\`, or install the version that made it`,
    );
  }
  const path = resolve(folder, recorded.path);
  if (statSync(path, { throwIfNoEntry: false }) === undefined) {
    throw new ConfigurationError(
      `the manifest in \`${folder}\` was made from \`${recorded.path}\`, which is no longer there`,
      'say with `--spec` and `--out` where the definitions are now',
    );
  }
  return specAt(withinReach(path, folder, '--spec'), undefined);
}

/** How a manifest names definitions. */
export function recordSpec(spec: Spec, folder: string): RecordedSpec {
  return spec.revision === undefined ? { path: relativePath(folder, spec.path) } : { revision: spec.revision };
}

/** The definition files that stand in the folder of a spec now, by name; for a file, itself. */
export function definitionFiles(spec: Pick<Spec, 'path' | 'isFolder'>): readonly string[] {
  if (!spec.isFolder) return [basename(spec.path)];
  const own = readdirSync(spec.path).filter((name) => ['.witx', '.wit'].includes(extensionOf(name)));
  return [...own, ...dependencyFiles(spec.path)].sort();
}

/** WIT: the files in `deps`, packages that are WebAssembly among them, and in its folders. */
function dependencyFiles(folder: string): readonly string[] {
  const deps = join(folder, 'deps');
  if (statSync(deps, { throwIfNoEntry: false })?.isDirectory() !== true) return [];
  const below = readdirSync(deps, { recursive: true, encoding: 'utf8' }).map((name) => name.split(sep).join('/'));
  return below
    .filter((name) => {
      const depth = name.split('/').length;
      return (extensionOf(name) === '.wit' && depth <= 2) || (extensionOf(name) === '.wasm' && depth === 1);
    })
    .map((name) => `deps/${name}`);
}

/** The folder that a spec's paths in a manifest are seen from. */
export function specFolder(spec: Spec): string {
  return spec.isFolder ? spec.path : dirname(spec.path);
}

/** Begins the names of shipped definitions that stand in for a dependency. No folder is called so. */
const shippedMark = '<wasi-crypto-gen>/';

/** How a manifest names a definition file: below the folder of its spec, or among those shipped with this package. */
export function inputName(spec: Spec, path: string): string {
  const isBelow = (folder: string): boolean => resolve(path).startsWith(folder + sep);
  if (!isBelow(specFolder(spec)) && isBelow(shippedFolder))
    return shippedMark + relativePath(shippedFolder, resolve(path));
  return relativePath(specFolder(spec), resolve(path));
}

/** Where the definition file is that a manifest names. */
export function inputPath(spec: Spec, name: string): string {
  return name.startsWith(shippedMark)
    ? join(shippedFolder, name.slice(shippedMark.length))
    : join(specFolder(spec), name);
}

/** Diagnostics name files as a user would: from the working folder if that is short, with `/`. */
export function asSeenByUser(path: string): string {
  const seen = relative('', path) || '.';
  return (seen.length < path.length ? seen : path).split(sep).join('/');
}

/** A path as another folder sees it, with `/`. */
export function relativePath(folder: string, path: string): string {
  const found = relative(folder, path);
  if (isAbsolute(found))
    throw new ConfigurationError(
      `\`${path}\` and \`${folder}\` are on different drives`,
      'a manifest records relative paths only',
    );
  return found.split(sep).join('/') || '.';
}

function specAt(path: string, revision: string | undefined): Spec {
  const isFolder = statSync(path).isDirectory();
  const label = revision ?? (isFolder ? basename(path) : stemOf(path));
  const files = definitionFiles({ path, isFolder });
  if (isFolder && files.length === 0) checkBelow(path);
  return {
    label,
    revision,
    path,
    isFolder,
    dialect: files.length > 0 && files.every((file) => ['.wit', '.wasm'].includes(extensionOf(file))) ? 'wit' : 'witx',
  };
}

/** The folder of an output is easily taken for that of target `wit`, which stands in it. */
function checkBelow(folder: string): void {
  const seen = relativePath('', folder);
  const below = readdirSync(folder, { withFileTypes: true })
    .filter((each) => each.isDirectory() && ['wit', 'witx'].includes(each.name))
    .filter(({ name }) => definitionFiles({ path: join(folder, name), isFolder: true }).length > 0)
    .map(({ name }) => `\`${seen}/${name}\``);
  if (below.length > 0)
    throw new ConfigurationError(`folder \`${seen}\` has no definitions itself`, `say ${below.join(' or ')}`);
}
