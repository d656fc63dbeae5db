/** `generate`: decides which output folders are meant, makes all of them in memory, then writes. */
import { readFile } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import type { Comparison } from '../changes/change.js';
import { compare, fails, type FailOn } from '../changes/compare.js';
import { readSurface } from '../changes/store.js';
import type { Surface } from '../changes/surface.js';
import type { Diagnostic } from '../diagnostics/diagnostic.js';
import type { FileMap } from '../targets/target.js';
import { choiceOptions, chosen, type Choices } from './choices.js';
import { ConfigurationError } from './errors.js';
import { applyChanges, planChanges, type Changes, type Obstacle } from './files.js';
import { hashText, isManifest, manifestName, type ImportSuffix, type Manifest } from './manifest.js';
import { findManifests, readManifest, unusable } from './manifests.js';
import { produce, surfaceName, type Produced } from './produce.js';
import { Proofs } from './proofs.js';
import { defaultOut, fileHeader, recordedSettings, textHeader, type Header, type Settings } from './settings.js';
import { findSpec, findSpecs, shippedRevisions, type Spec } from './spec.js';

/** What to generate, and where. Without `spec`, what the manifests below `out` record is made again. */
export interface GenerateOptions extends Choices {
  /**
   * Definitions shipped with this package (`'0.10'`, `'extension-0.1'`), or the path of a definition file or a folder
   * of them. What is shipped in both languages has an output folder for each: `<out>/witx` and `<out>/wit`.
   */
  readonly spec?: string | undefined;
  /** Ids from `targets()`. Default: all that take the definitions' dialect. */
  readonly targets?: readonly string[] | undefined;
  /**
   * The output folder. Default with `spec`: `generated/<revision, or name of the folder or file>`.
   * Without `spec`: where manifests are looked for (there and in direct subfolders), default `generated`.
   */
  readonly out?: string | undefined;
  /** The ending of relative imports in TypeScript. Default `.js`. */
  readonly importSuffix?: ImportSuffix | undefined;
  /** Text for the top of every file, such as a licence, without comment marks; or the file that has it. */
  readonly header?: string | { readonly file: string } | undefined;
  /**
   * The folder that has this package's `templates`: TypeScript hosts then import their support files from there.
   * Default: they get copies, and need nothing outside of the output.
   */
  readonly support?: string | undefined;
  /** Find out what would be written; write nothing. */
  readonly dryRun?: boolean | undefined;
  /** Overwrite and delete generated files that were changed by hand, and files that stand in the way. */
  readonly force?: boolean | undefined;
  /**
   * Write nothing when the definitions changed since the last run so that guests or hosts break (`'breaking'`), or in
   * anything but documentation (`'any'`).
   */
  readonly failOn?: FailOn | undefined;
}

export interface GenerateResult {
  /** Whether every folder is now (or, in a dry run, would be) as it should. */
  readonly ok: boolean;
  readonly folders: readonly GeneratedFolder[];
}

/** One output folder. Paths of files are below it, with `/`, and sorted. */
export interface GeneratedFolder {
  /** Absolute. */
  readonly folder: string;
  /** What the definitions are called: the revision, or the name of their folder or file. */
  readonly label: string;
  readonly targets: readonly string[];
  /** Every file of the folder but its manifest; empty when the definitions have errors. */
  readonly files: FileMap;
  /** New and changed files, the manifest included. */
  readonly written: readonly string[];
  readonly removed: readonly string[];
  /** The others, the manifest included: with `written` all files of the folder, as many as `check` counts. */
  readonly unchanged: readonly string[];
  /** What changed in the definitions since the last run; undefined: it is the first one, or its record is not usable. */
  readonly changes: Comparison | undefined;
  /** Whether `failOn` held the folder back. */
  readonly refused: boolean;
  /** Why nothing was written, file by file. */
  readonly obstacles: readonly Obstacle[];
  /** What is wrong, or worth knowing, about the definitions. */
  readonly diagnostics: readonly Diagnostic[];
}

/**
 * Generates bindings and writes them. Nothing is written when any definition has an error or any
 * file is in the way: `ok` is false then, and `diagnostics` and `obstacles` say why. Files that
 * would not change are not touched.
 *
 * @throws ConfigurationError when an option, a path or a manifest makes no sense
 */
export async function generateProject(options: GenerateOptions = {}): Promise<GenerateResult> {
  const force = options.force ?? false;
  const jobs: Job[] = [];
  for (const settings of await chooseSettings(options)) jobs.push(await prepare(settings, force, options.failOn));
  const ok = jobs.every(
    ({ produced, changes, refused }) => !produced.hasErrors && !refused && changes.obstacles.length === 0,
  );
  if (ok && options.dryRun !== true) {
    const proofs = new Proofs();
    for (const { produced, changes } of jobs) {
      await applyChanges(changes);
      await proofs.add(produced.settings, produced.manifestText);
    }
  }
  return { ok, folders: jobs.map(describe) };
}

interface Job {
  readonly produced: Produced;
  readonly changes: Changes;
  readonly comparison: Comparison | undefined;
  readonly refused: boolean;
}

async function prepare(settings: Settings, force: boolean, failOn: FailOn | undefined): Promise<Job> {
  const { folder } = settings;
  const produced = await produce(settings);
  const old = oldManifest(folder, force);
  if (produced.hasErrors) return { produced, changes: noChanges(produced), comparison: undefined, refused: false };
  const comparison = await changedSince(old.manifest, folder, produced.surface);
  const refused = failOn !== undefined && comparison !== undefined && fails(comparison, failOn);
  const changes = await planChanges(folder, produced.files, produced.manifestText, {
    recorded: old.manifest?.outputs,
    force,
    eol: settings.choices.eol,
  });
  const obstacles = [...changes.obstacles, ...old.obstacles];
  return { produced, changes: { ...changes, obstacles }, comparison, refused };
}

/** Compares with the record of the last run, if it is as that run left it. */
async function changedSince(
  manifest: Manifest | undefined,
  folder: string,
  surface: Surface | undefined,
): Promise<Comparison | undefined> {
  const hash = manifest?.outputs[surfaceName];
  if (hash === undefined || surface === undefined) return undefined;
  const text = await readFile(join(folder, surfaceName), 'utf8').catch(() => '');
  const before = hashText(text) === hash ? readSurface(text) : undefined;
  return before === undefined ? undefined : compare(before, surface);
}

function noChanges({ settings, files, manifestText }: Produced): Changes {
  return {
    folder: settings.folder,
    files,
    manifest: manifestText,
    manifestChanged: false,
    write: [],
    eol: undefined,
    unchanged: [],
    remove: [],
    obstacles: [],
  };
}

function oldManifest(
  folder: string,
  force: boolean,
): { readonly manifest: Manifest | undefined; readonly obstacles: readonly Obstacle[] } {
  const found = readManifest(folder)?.parsed;
  if (found === undefined || isManifest(found)) return { manifest: found, obstacles: [] };
  if (force) return { manifest: undefined, obstacles: [] };
  if (!found.foreign) throw unusable(folder, found);
  return {
    manifest: undefined,
    obstacles: [
      { path: manifestName, kind: 'foreign', message: 'it stands in the way and is not a manifest of wasi-crypto-gen' },
    ],
  };
}

function describe({ produced, changes, comparison, refused }: Job): GeneratedFolder {
  return {
    folder: changes.folder,
    label: produced.settings.spec.label,
    targets: produced.manifest.targets,
    files: produced.files,
    written: changes.manifestChanged ? [...changes.write, manifestName] : changes.write,
    removed: changes.remove,
    unchanged: changes.manifestChanged || produced.hasErrors ? changes.unchanged : [...changes.unchanged, manifestName],
    changes: comparison,
    refused,
    obstacles: changes.obstacles,
    diagnostics: produced.diagnostics,
  };
}

/** One `Settings` for each output folder: the user's when there is a spec, otherwise the recorded ones. */
async function chooseSettings(options: GenerateOptions): Promise<readonly Settings[]> {
  if (options.spec !== undefined) return specSettings(options, options.spec);
  const located = await findManifests(options.out ?? defaultOut);
  const given = chosen(options);
  const changed = Object.entries({
    '--target': options.targets,
    '--import-suffix': options.importSuffix,
    '--header': options.header,
    '--support': options.support,
    ...Object.fromEntries(Object.entries(choiceOptions).map(([key, name]) => [name, given[key as keyof Choices]])),
  })
    .filter(([, value]) => value !== undefined)
    .map(([name]) => name);
  if (located.length > 1 && changed.length > 0) {
    const folders = located.map(({ folder }) => `\`${basename(folder)}\``).join(' and ');
    throw new ConfigurationError(
      `${changed.join(' and ')} would change ${folders} alike`,
      'say which with `--out`, or what to make with `--spec`',
    );
  }
  if (located.length === 0) {
    const { targets } = await import('../targets/index.js');
    const newest = shippedRevisions().findLast((each) =>
      targets.some((target) => target.dialects.includes(findSpec(each).dialect)),
    );
    if (newest === undefined)
      throw new ConfigurationError('no definitions are shipped with this version', 'name some with `--spec`');
    return specSettings(options, newest);
  }
  return located.map(({ folder, manifest }) => {
    const recorded = recordedSettings(folder, manifest, chooseHeader(options.header));
    return {
      ...recorded,
      targets: options.targets ?? recorded.targets,
      importSuffix: options.importSuffix ?? recorded.importSuffix,
      support: chooseSupport(options.support) ?? recorded.support,
      choices: { ...recorded.choices, ...given },
    };
  });
}

/** One for each language that the definitions come in, if a target that was asked for takes it. */
async function specSettings(options: GenerateOptions, name: string): Promise<readonly Settings[]> {
  const [first, ...others] = findSpecs(name);
  if (first === undefined || others.length === 0) return [newSettings(options, findSpec(name), options.out)];
  const { targets } = await import('../targets/index.js');
  const parts = [first, ...others].map((spec) => {
    const takers = targets.filter((each) => each.dialects.includes(spec.dialect)).map((each) => each.id);
    return { spec, targets: options.targets?.filter((id) => takers.includes(id)) };
  });
  const wanted = parts.filter((part) => part.targets === undefined || part.targets.length > 0);
  const known = targets.map((each) => each.id);
  // What no target is called is the mistake of each part, and reported of the first.
  if (options.targets?.some((id) => !known.includes(id)) === true) return [newSettings(options, first, options.out)];
  return wanted.map((part) =>
    newSettings(
      { ...options, targets: part.targets },
      part.spec,
      options.out === undefined ? undefined : join(options.out, basename(part.spec.path)),
    ),
  );
}

function newSettings(options: GenerateOptions, spec: Spec, out: string | undefined): Settings {
  return {
    folder: resolve(out ?? join(defaultOut, spec.label)),
    spec,
    targets: options.targets,
    importSuffix: options.importSuffix ?? '.js',
    header: chooseHeader(options.header),
    support: chooseSupport(options.support),
    choices: chosen(options),
  };
}

function chooseHeader(header: GenerateOptions['header']): Header | undefined {
  if (header === undefined) return undefined;
  return typeof header === 'string' ? textHeader(header) : fileHeader(header.file);
}

function chooseSupport(folder: string | undefined): string | undefined {
  return folder === undefined ? undefined : resolve(folder);
}
