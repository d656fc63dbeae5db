/**
 * Paths of definition files as `use` writes them: with `/`, on every platform. Two spellings of a
 * path must be one file, so all paths are normalised; Windows takes `/` too.
 */

/** `a/./b//../c` as `a/c`. */
export function normalisePath(path: string): string {
  const slashed = path.replaceAll('\\', '/');
  const root = /^(?:[A-Za-z]:)?\/?/.exec(slashed)?.[0] ?? '';
  const parts: string[] = [];
  for (const part of slashed.slice(root.length).split('/')) {
    if (part === '' || part === '.') continue;
    if (part === '..' && parts.length > 0 && parts.at(-1) !== '..') parts.pop();
    else if (part !== '..' || !root.endsWith('/')) parts.push(part);
  }
  return root + parts.join('/') || '.';
}

/** The folder a file is in. */
export function folderOf(path: string): string {
  const normal = normalisePath(path);
  const at = normal.lastIndexOf('/');
  if (at < 0) return '.';
  return at === 0 ? '/' : normal.slice(0, at);
}

/** `relative` as seen from a folder. */
export function joinPath(folder: string, relative: string): string {
  return /^(?:[A-Za-z]:)?[\\/]/.test(relative) ? normalisePath(relative) : normalisePath(`${folder}/${relative}`);
}

/** The name of a file without folder and extension. */
export function stemOf(path: string): string {
  const name = normalisePath(path).split('/').at(-1) ?? '';
  const dot = name.lastIndexOf('.');
  return dot > 0 ? name.slice(0, dot) : name;
}

/** The extension of a file with its dot, in lower case; empty when it has none. */
export function extensionOf(path: string): string {
  return /\.[^./\\]+$/.exec(path)?.[0].toLowerCase() ?? '';
}
