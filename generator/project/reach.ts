/**
 * What a manifest may make us read. It comes with a checkout, which may be anybody's, and what is read can show in
 * output and in diagnostics; so it reaches no further than the project it stands in, or the folder we are run in.
 */
import { existsSync, realpathSync } from 'node:fs';
import { dirname, join, sep } from 'node:path';
import { ConfigurationError } from './errors.js';

/**
 * A path that the manifest in a folder names, if it lies within reach; links are followed.
 *
 * @param path absolute
 * @param option with which the user can name it all the same
 * @throws ConfigurationError when it lies outside
 */
export function withinReach(path: string, folder: string, option: '--annotations' | '--header' | '--spec'): string {
  // What is not there is for others to report.
  if (!existsSync(path)) return path;
  const real = realpathSync(path);
  const roots = [projectOf(folder), process.cwd()].map((root) => realpathSync(root));
  if (roots.some((root) => real === root || real.startsWith(root.endsWith(sep) ? root : root + sep))) return path;
  throw new ConfigurationError(
    `the manifest in \`${folder}\` names \`${path}\`, which lies outside of its project`,
    `if it is meant, name it with \`${option}\`, or run the command in a folder that holds both`,
  );
}

/** The nearest folder above that is a checkout or has a package; the folder itself, if none is. */
function projectOf(folder: string): string {
  for (let each = folder; ; each = dirname(each)) {
    if (['package.json', '.git'].some((name) => existsSync(join(each, name)))) return each;
    if (each === dirname(each)) return folder;
  }
}
