/**
 * Puts finished files on disk. First everything is looked at, then everything is written, then what
 * is no longer generated is deleted, and the manifest comes last: an interrupted run leaves no
 * half-written file and no record of something that was not done.
 */
import { constants } from 'node:fs';
import { access, lstat, mkdir, readdir, readFile, rmdir, stat, unlink } from 'node:fs/promises';
import { EOL } from 'node:os';
import { dirname, join, posix } from 'node:path';
import { InternalError } from '../diagnostics/diagnostic.js';
import { whyRefused } from '../source/disk.js';
import type { FileMap } from '../targets/target.js';
import type { Choices } from './choices.js';
import { hashText, isInside, manifestName, type Hashes } from './manifest.js';

/** What writing a set of files over an older one means. All paths are below the folder and sorted. */
export interface Changes {
  readonly folder: string;
  readonly files: FileMap;
  readonly manifest: string;
  readonly manifestChanged: boolean;
  readonly eol: Choices['eol'];
  /** Files that are new or different. */
  readonly write: readonly string[];
  readonly unchanged: readonly string[];
  /** Files of the older set that the newer does not have. */
  readonly remove: readonly string[];
  /** What must not happen silently, or cannot happen. With any of these nothing is written. */
  readonly obstacles: readonly Obstacle[];
}

export interface Obstacle {
  readonly path: string;
  /**
   * `edited`: a generated file was changed by hand; `foreign`: a file that was not generated stands
   * in the way; `blocked`: the file system refuses, and forcing would not help.
   */
  readonly kind: 'edited' | 'foreign' | 'blocked';
  readonly message: string;
}

export interface PlanOptions {
  /** What the older set's manifest recorded; `undefined` when there was none. */
  readonly recorded: Hashes | undefined;
  /** Overwrite and delete files that were changed by hand or not generated. */
  readonly force: boolean;
  /** How lines end; `undefined`: with a line feed, where a file has to be written. */
  readonly eol?: Choices['eol'];
}

/** Compares a set of files and its manifest with what is on disk. Writes nothing. */
export async function planChanges(
  folder: string,
  files: FileMap,
  manifest: string,
  options: PlanOptions,
): Promise<Changes> {
  const recorded = new Map(Object.entries(options.recorded ?? {}));
  const write: string[] = [];
  const unchanged: string[] = [];
  const remove: string[] = [];
  const obstacles: Obstacle[] = [];
  const folders = new FolderProbe(folder);

  for (const [path, text] of bySortedPath(files)) {
    if (!isInside(path))
      throw new InternalError(`a target wants to write \`${path}\`, which is not below its output folder`);
    const found = await look(join(folder, path));
    if (found.kind === 'file' && isSame(found.text, text, options.eol)) {
      unchanged.push(path);
      continue;
    }
    const blocked =
      (await folders.blocker(path)) ?? (found.kind === 'other' ? `${found.what} stands there` : undefined);
    if (blocked !== undefined) {
      obstacles.push({ path, kind: 'blocked', message: blocked });
    } else if (found.kind === 'file' && !options.force) {
      const hash = recorded.get(path);
      if (hash === undefined)
        obstacles.push({ path, kind: 'foreign', message: 'it stands in the way and was not generated' });
      else if (hash !== hashText(found.text))
        obstacles.push({ path, kind: 'edited', message: 'it was changed by hand and would be overwritten' });
    }
    write.push(path);
  }

  for (const [path, hash] of bySortedPath(recorded)) {
    if (files.has(path)) continue;
    const found = await look(join(folder, path));
    // A link on the way leads to files that are not ours.
    if (found.kind === 'missing' || (await folders.throughLink(path))) continue;
    if (found.kind === 'other')
      obstacles.push({ path, kind: 'blocked', message: `it is to be deleted, but ${found.what} stands there` });
    else if (hashText(found.text) !== hash && !options.force)
      obstacles.push({ path, kind: 'edited', message: 'it was changed by hand and would be deleted' });
    remove.push(path);
  }

  const old = await look(join(folder, manifestName));
  const manifestChanged = old.kind !== 'file' || !isSame(old.text, manifest, options.eol);
  if (manifestChanged) {
    const blocked =
      (await folders.blocker(manifestName)) ?? (old.kind === 'other' ? `${old.what} stands there` : undefined);
    if (blocked !== undefined) obstacles.push({ path: manifestName, kind: 'blocked', message: blocked });
  }
  return { folder, files, manifest, manifestChanged, eol: options.eol, write, unchanged, remove, obstacles };
}

/** A text with the line ends that were chosen. */
function withEnds(text: string, eol: Choices['eol']): string {
  const end = eol === 'auto' ? EOL : eol === 'crlf' ? '\r\n' : '\n';
  return end === '\n' ? text : text.replaceAll('\n', end);
}

/** Line ends count where they were chosen; version control may have turned them into others. */
function isSame(found: string, text: string, eol: Choices['eol']): boolean {
  return eol === 'lf' || eol === 'crlf' ? found === withEnds(text, eol) : hashText(found) === hashText(text);
}

/** Carries out changes that met no obstacle. */
export async function applyChanges(changes: Changes): Promise<void> {
  const { folder, files, write, remove } = changes;
  if (changes.obstacles.length > 0) throw new InternalError('changes with obstacles cannot be applied');
  await mkdir(folder, { recursive: true });
  for (const parent of new Set(write.map((path) => dirname(join(folder, path)))))
    await mkdir(parent, { recursive: true });
  // All are waited for even when one fails: none may still be running when the error is reported.
  const writes = await Promise.allSettled(
    write.map((path) => writeAtomically(join(folder, path), withEnds(files.get(path) ?? '', changes.eol))),
  );
  for (const each of writes) if (each.status === 'rejected') throw each.reason;
  for (const path of remove) await unlink(join(folder, path));
  for (const path of remove) await removeEmptyFolders(folder, dirname(path));
  if (changes.manifestChanged)
    await writeAtomically(join(folder, manifestName), withEnds(changes.manifest, changes.eol));
  await removeLeftovers(changes);
}

/** Longer than this nobody takes to write a file. */
const soon = 60_000;

/** What a run that was killed left of files it was about to put in place: by its name, and as far as it was written. */
async function removeLeftovers({ folder, files, manifest, eol }: Changes): Promise<void> {
  const texts = new Map([...files, [manifestName, manifest]]);
  for (const parent of new Set([...texts.keys()].map(dirname))) {
    for (const name of await readdir(join(folder, parent))) {
      const text = texts.get(posix.join(parent, name.replace(/\.\d{1,10}$/, '')));
      if (text === undefined || texts.has(posix.join(parent, name))) continue;
      const path = join(folder, parent, name);
      // Another run may have put it in place meanwhile.
      const status = await lstat(path).catch(() => undefined);
      if (status?.isFile() !== true || Date.now() - status.mtimeMs < soon) continue;
      if (withEnds(text, eol).startsWith(await readFile(path, 'utf8'))) await unlink(path);
    }
  }
}

/** Whole or not at all, whoever else writes it at the same time. */
export async function writeAtomically(path: string, text: string): Promise<void> {
  const { default: writeFileAtomic } = await import('write-file-atomic');
  await writeFileAtomic(path, text);
}

/** Removes a folder and those above it, up to the output folder, as long as they are empty. */
async function removeEmptyFolders(folder: string, below: string): Promise<void> {
  for (let at = below; at !== '.'; at = dirname(at)) {
    try {
      await rmdir(join(folder, at));
    } catch {
      return;
    }
  }
}

type Found =
  | { readonly kind: 'missing' }
  | { readonly kind: 'file'; readonly text: string }
  | { readonly kind: 'other'; readonly what: string };

async function look(path: string): Promise<Found> {
  try {
    const status = await lstat(path);
    if (status.isFile()) return { kind: 'file', text: await readFile(path, 'utf8') };
    return {
      kind: 'other',
      what: status.isDirectory()
        ? 'a folder'
        : status.isSymbolicLink()
          ? 'a symbolic link'
          : 'something that is no file',
    };
  } catch (error) {
    const code = codeOf(error);
    if (code === 'ENOENT' || code === 'ENOTDIR') return { kind: 'missing' };
    return { kind: 'other', what: `something unreadable (${whyRefused(error)})` };
  }
}

/** Finds out, once a folder, whether files can be written below the output folder. */
class FolderProbe {
  readonly #root: string;
  readonly #known = new Map<string, string | undefined>();

  constructor(root: string) {
    this.#root = root;
  }

  /** Why a file cannot be written; `undefined` when it can. */
  async blocker(path: string): Promise<string | undefined> {
    return this.#folder(dirname(path));
  }

  /** Whether the way to a file leads through a symbolic link. */
  async throughLink(path: string): Promise<boolean> {
    for (let at = dirname(path); at !== '.'; at = dirname(at)) {
      const found = await look(join(this.#root, at));
      if (found.kind === 'other' && found.what === 'a symbolic link') return true;
    }
    return false;
  }

  async #folder(at: string): Promise<string | undefined> {
    if (!this.#known.has(at)) this.#known.set(at, await this.#probe(at));
    return this.#known.get(at);
  }

  async #probe(at: string): Promise<string | undefined> {
    if (at === '.') return unwritable(this.#root);
    const above = await this.#folder(dirname(at));
    if (above !== undefined) return above;
    const status = await lstat(join(this.#root, at)).catch(() => undefined);
    if (status === undefined) return undefined;
    // The output folder itself may be a link; below it a link would lead out of it.
    if (status.isSymbolicLink()) return `its folder \`${at}\` is a symbolic link`;
    if (!status.isDirectory()) return `a file stands where its folder \`${at}\` should be`;
    return unwritable(join(this.#root, at));
  }
}

/** Why nothing can be made in a folder, which may have to be made itself. */
async function unwritable(folder: string): Promise<string | undefined> {
  const status = await stat(folder).catch(() => undefined);
  if (status === undefined && dirname(folder) !== folder) return unwritable(dirname(folder));
  if (status?.isDirectory() !== true) return `\`${folder}\` is not a folder`;
  return access(folder, constants.W_OK | constants.X_OK).then(
    () => undefined,
    (error: unknown) => `the folder \`${folder}\` cannot be written to (${whyRefused(error)})`,
  );
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : 'unknown error';
}

function bySortedPath<Value>(entries: ReadonlyMap<string, Value>): readonly (readonly [string, Value])[] {
  return [...entries].sort(([left], [right]) => (left < right ? -1 : 1));
}
