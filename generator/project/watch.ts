/**
 * `watch`: makes output again whenever what it is made of changes. Folders are watched, since editors replace files; what
 * counts is the content of definitions, headers and the configuration, so that neither a touched file nor our own output
 * in a watched folder starts anything.
 */
import { watch as watchFolder, type FSWatcher } from 'node:fs';
import { dirname, join, relative, resolve, sep } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { shippedFolder } from '../shipped-files.js';
import { readRegularFile } from '../source/disk.js';
import { configNames } from './config/load.js';
import { ConfigurationError } from './errors.js';
import { chooseSettings, generateProject, type GenerateOptions, type GenerateResult } from './generate.js';
import { hashText, isManifest } from './manifest.js';
import { readManifest } from './manifests.js';
import type { Settings } from './settings.js';
import { definitionFiles, inputPath, specFolder } from './spec.js';

export interface WatchOptions extends GenerateOptions {
  /** Ends the watching. */
  readonly signal: AbortSignal;
  /** How long nothing must change before output is made, in milliseconds. Default 100. */
  readonly quiet?: number | undefined;
  /** Is told of each time that output was made, or could not be. */
  readonly onRound: (round: WatchRound) => Promise<void>;
}

export interface WatchRound {
  /** Files that changed since the last time, as the working folder sees them; the first time none. */
  readonly changed: readonly string[];
  /** What was done, or the mistake in the configuration. */
  readonly outcome: GenerateResult | ConfigurationError;
  /** How many files are watched now. */
  readonly watched: number;
}

/** Paths, absolute, and the hashes of what they hold; absent ones have none. */
type Snapshot = ReadonlyMap<string, string | undefined>;

/**
 * Generates, and again after each change, until the signal is given.
 *
 * @throws ConfigurationError when there is nothing to watch, or the first time makes no sense
 */
export async function watchProject(options: WatchOptions): Promise<void> {
  const { signal, onRound, quiet = 100, ...generating } = options;
  const changes = new FolderChanges();
  try {
    let sources = await sourcesOf(generating);
    if (sources.every((path) => path.startsWith(shippedFolder + sep)))
      throw new ConfigurationError(
        'there are no definitions of your own to watch',
        'name them, `wasi-crypto-gen watch definitions`, or write a configuration',
      );
    for (let before: Snapshot | undefined; !signal.aborted;) {
      sources = await sourcesOf(generating).catch((error: unknown) => {
        if (error instanceof ConfigurationError) return sources;
        throw error;
      });
      const files = [...sources, ...configurations(generating)];
      // Watched before it is read, and read before output is made: what changes meanwhile is seen the next time.
      changes.watch(foldersOf(files, sources));
      const seen = changes.count;
      const now = snapshot(files);
      const changed = before === undefined ? [] : differences(before, now);
      if (before === undefined || changed.length > 0) {
        const outcome = await attempt(generating);
        if (before === undefined && outcome instanceof ConfigurationError) throw outcome;
        const watched = [...now.values()].filter((hash) => hash !== undefined).length;
        await onRound({ changed, outcome, watched });
      }
      before = now;
      await changes.after(seen, signal);
      for (let last = -1; last !== changes.count && !signal.aborted;) {
        last = changes.count;
        await wait(quiet, undefined, { signal }).catch(() => {});
      }
    }
  } finally {
    changes.close();
  }
}

async function attempt(options: GenerateOptions): Promise<GenerateResult | ConfigurationError> {
  try {
    return await generateProject(options);
  } catch (error) {
    if (error instanceof ConfigurationError) return error;
    throw error;
  }
}

/** The files that output is made from. */
async function sourcesOf(options: GenerateOptions): Promise<readonly string[]> {
  return [...new Set((await chooseSettings(options)).flatMap(filesOf))];
}

function filesOf({ spec, folder, header, annotations }: Settings): readonly string[] {
  const recorded = readManifest(folder)?.parsed;
  // Definitions may use files that stand elsewhere, and the last run knew which.
  const used = recorded !== undefined && isManifest(recorded) ? Object.keys(recorded.inputs) : [];
  const own = definitionFiles(spec).map((name) => join(specFolder(spec), name));
  return [
    ...own,
    ...used.map((name) => inputPath(spec, name)),
    ...[header?.file, annotations?.file].filter((each) => each !== undefined),
  ];
}

function configurations({ spec, config }: GenerateOptions): readonly string[] {
  if (spec !== undefined) return [];
  return (config === undefined ? [...configNames, 'package.json'] : [config]).map((name) => resolve(name));
}

function snapshot(paths: readonly string[]): Snapshot {
  return new Map(
    paths.map((path) => {
      const content = readRegularFile(path);
      const isText = content !== undefined && !('why' in content);
      return [path, isText ? hashText(new TextDecoder().decode(content)) : undefined];
    }),
  );
}

function differences(before: Snapshot, now: Snapshot): readonly string[] {
  return [...new Set([...before.keys(), ...now.keys()])]
    .filter((path) => before.get(path) !== now.get(path))
    .map((path) => relative('', path).split(sep).join('/'));
}

/** The folders whose changes may mean something: those of files, and those that may get more of them. */
function foldersOf(paths: Iterable<string>, sources: readonly string[]): ReadonlySet<string> {
  const folders = new Set([...paths].map((path) => dirname(path)));
  for (const path of sources) {
    folders.add(join(dirname(path), 'deps'));
    folders.add(dirname(dirname(path)));
  }
  return folders;
}

/** Watches folders, and counts what happens in them. */
class FolderChanges {
  readonly #watchers = new Map<string, FSWatcher>();
  #waiting: (() => void) | undefined;
  count = 0;

  /** Exactly these, but for those that are not there. */
  watch(folders: ReadonlySet<string>): void {
    for (const [folder, watcher] of this.#watchers) if (!folders.has(folder)) this.#forget(folder, watcher);
    for (const folder of folders) if (!this.#watchers.has(folder)) this.#add(folder);
  }

  #add(folder: string): void {
    try {
      const watcher = watchFolder(folder, () => this.#happened());
      // A folder that was deleted: it is watched again, once it is back, after the change of the one above it.
      watcher.on('error', () => {
        this.#forget(folder, watcher);
        this.#happened();
      });
      this.#watchers.set(folder, watcher);
    } catch (error) {
      if (!(error instanceof Error && 'code' in error && ['ENOENT', 'ENOTDIR'].includes(String(error.code))))
        throw error;
    }
  }

  #forget(folder: string, watcher: FSWatcher): void {
    watcher.close();
    this.#watchers.delete(folder);
  }

  #happened(): void {
    this.count += 1;
    this.#waiting?.();
  }

  /** Waits until more has happened than was seen, or for the signal. */
  async after(seen: number, signal: AbortSignal): Promise<void> {
    const aborted = new AbortController();
    await new Promise<void>((done) => {
      this.#waiting = done;
      signal.addEventListener('abort', () => done(), { once: true, signal: aborted.signal });
      if (this.count !== seen || signal.aborted) done();
    });
    aborted.abort();
    this.#waiting = undefined;
  }

  close(): void {
    for (const [folder, watcher] of this.#watchers) this.#forget(folder, watcher);
  }
}
