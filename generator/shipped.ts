/** The definitions that come with this package. */
import { shippedEntries, shippedFolder, shippedText } from './shipped-files.js';
import type { FileReader } from './source/loader.js';

/**
 * Their names, which are the folders that hold them: `0.10`, or `<folder>/witx` and `<folder>/wit` where something is
 * defined in both languages. Revisions of wasi-crypto come first, oldest first.
 */
export function shippedDefinitions(): readonly string[] {
  const order = new Intl.Collator('en', { numeric: true }).compare;
  return definitionsBelow('', 2).sort(order);
}

function definitionsBelow(name: string, depth: number): string[] {
  const entries = shippedEntries(`witx/${name}`);
  const own = name !== '' && entries.some((each) => /\.(witx|wit)$/.test(each.name));
  if (own || depth === 0) return own ? [name] : [];
  return entries
    .filter((each) => each.isFolder)
    .flatMap((each) => definitionsBelow(name === '' ? each.name : `${name}/${each.name}`, depth - 1));
}

/** Reads them, by paths that begin with `shippedFolder`. */
export const shippedReader: FileReader = {
  read: (path) => {
    const below = placeOf(path);
    if (below === undefined) return undefined;
    const at = below.lastIndexOf('/');
    const isThere = namesIn(below.slice(0, at), false)?.includes(below.slice(at + 1)) === true;
    return isThere ? shippedText(below) : undefined;
  },
  list: (path) => namesIn(placeOf(path), false),
  folders: (path) => namesIn(placeOf(path), true) ?? [],
};

/** Below the package. */
function placeOf(path: string): string | undefined {
  return path === shippedFolder || path.startsWith(`${shippedFolder}/`)
    ? `witx${path.slice(shippedFolder.length)}`
    : undefined;
}

function namesIn(place: string | undefined, folders: boolean): readonly string[] | undefined {
  if (place === undefined) return undefined;
  const [, parent, name] = /^(?:(.*)\/)?(.*)$/.exec(place) ?? [];
  const isFolder = parent === undefined || shippedEntries(parent).some((each) => each.name === name && each.isFolder);
  if (!isFolder) return undefined;
  return shippedEntries(place)
    .filter((each) => each.isFolder === folders)
    .map((each) => each.name)
    .sort();
}
