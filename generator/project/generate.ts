/** `generate`: decides which output folders are meant, makes all of them in memory, then writes. */
import { readFile } from 'node:fs/promises';
import { basename, join, relative, sep } from 'node:path';
import type { Comparison } from '../changes/change.js';
import { compare, failOnChoices, fails, type FailOn } from '../changes/compare.js';
import { readSurface } from '../changes/store.js';
import type { Surface } from '../changes/surface.js';
import type { Diagnostic } from '../diagnostics/diagnostic.js';
import type { FileMap } from '../targets/target.js';
import { choiceOptions, chosen, type Choices } from './choices.js';
import type { OutputOptions } from './config/config.js';
import { atKey, configuredOutputs, isBelow, noOutput, type ConfiguredOutput } from './config/outputs.js';
import { sharedKeys } from './config/schema.js';
import { ConfigurationError } from './errors.js';
import { applyChanges, planChanges, type Changes, type Obstacle } from './files.js';
import { hashText, isManifest, manifestName, type Manifest } from './manifest.js';
import { findManifests, readManifest, unusable } from './manifests.js';
import { chooseTargets, foreignTargets, idsOf } from './choose-targets.js';
import { produce, surfaceName, type Produced } from './produce.js';
import { checkOptions, oneOf, text, truth, type Keys } from './option-keys.js';
import { Proofs } from './proofs.js';
import { chooseAnnotations, chooseHeader, chooseSupport, specSettings } from './new-settings.js';
import { defaultOut, recordedSettings, type Settings } from './settings.js';
import { findSpec, shippedRevisions } from './spec.js';

/**
 * What to generate, and where. Without `spec`, what the configuration says is made; where there is none, what the
 * manifests below `out` record is made again.
 */
export interface GenerateOptions extends OutputOptions {
  /**
   * Definitions shipped with this package (`'0.10'`, `'extension-0.1'`), or the path of a definition file or a folder
   * of them. What is shipped in both languages has an output folder for each: `<out>/witx` and `<out>/wit`.
   */
  readonly spec?: string | undefined;
  /**
   * The output folder. Default with `spec`: `generated/<revision, or name of the folder or file>`.
   * Without `spec` and configuration: where manifests are looked for (there and in direct subfolders), default `generated`.
   */
  readonly out?: string | undefined;
  /**
   * A configuration file. Default without `spec`: the one in the working folder, if there is any. What else is given
   * holds for all of its outputs, and `out` chooses among them.
   */
  readonly config?: string | undefined;
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

const generateKeys: Keys<GenerateOptions> = {
  ...sharedKeys,
  spec: text,
  out: text,
  annotations: text,
  config: text,
  dryRun: truth,
  force: truth,
  failOn: oneOf(...failOnChoices),
};

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
  checkOptions('generate', generateKeys, [], options);
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
  const { folder, spec } = settings;
  // Every folder in there is read as a package.
  if (spec.isFolder && spec.dialect === 'wit' && isBelow(folder, join(spec.path, 'deps')))
    throw new ConfigurationError(
      `output would be among the packages that the definitions use, in \`${relative('', folder).split(sep).join('/')}\``,
      'choose another folder with `--out`',
    );
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

/** One `Settings` for each output folder: the user's when there is a spec, those of the configuration, or else the recorded ones. */
export async function chooseSettings(options: GenerateOptions): Promise<readonly Settings[]> {
  const { spec } = options;
  if (spec !== undefined && options.config !== undefined)
    throw new ConfigurationError(
      `definitions are given, \`${spec}\`, and a configuration, \`${options.config}\``,
      'leave out one of them',
    );
  if (spec !== undefined) return specSettings({ ...options, spec });
  const configured = await configuredOutputs(options.config, options);
  const meant = configured.filter(({ settings }) => isBelow(settings.folder, options.out));
  if (meant.length > 0 || (options.config !== undefined && options.out !== undefined))
    return meant.length > 0 ? knownTargets(meant, options) : noOutput(options.out ?? '', configured);
  const located = await findManifests(options.out ?? defaultOut);
  if (located.length === 0 && options.out !== undefined && configured.length > 0) noOutput(options.out, configured);
  const given = chosen(options);
  const changed = Object.entries({
    '--target': options.targets,
    '--import-suffix': options.importSuffix,
    '--header': options.header,
    '--support': options.support,
    '--annotations': options.annotations,
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
    return specSettings({ ...options, spec: newest });
  }
  return located.map(({ folder, manifest }) => {
    const recorded = recordedSettings(folder, manifest, {
      header: chooseHeader(options.header),
      annotations: chooseAnnotations(options.annotations),
    });
    return {
      ...recorded,
      targets: idsOf(options.targets) ?? recorded.targets,
      foreign: foreignTargets(options.targets),
      importSuffix: options.importSuffix ?? recorded.importSuffix,
      support: chooseSupport(options.support) ?? recorded.support,
      choices: { ...recorded.choices, ...given },
    };
  });
}

/** The settings of a configuration, whose mistakes are told with their place. */
async function knownTargets(
  outputs: readonly ConfiguredOutput[],
  options: GenerateOptions,
): Promise<readonly Settings[]> {
  const { targets } = await import('../targets/index.js');
  for (const output of outputs) {
    try {
      const { targets: ids, foreign, spec } = output.settings;
      if (options.targets === undefined) chooseTargets(targets, foreign, ids, spec.dialect);
    } catch (error) {
      throw error instanceof ConfigurationError ? await atKey(error, output) : error;
    }
  }
  return outputs.map(({ settings }) => settings);
}
