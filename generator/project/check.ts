/**
 * `check`: is every output folder as `generate` would leave it? Hashes answer when this generator
 * was seen to make what the manifest records, without loading the parser, the targets or the
 * printers; otherwise everything is generated in memory and compared.
 */
import { readdirSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import type { Diagnostic } from '../diagnostics/diagnostic.js';
import { version } from '../package-root.js';
import type { FileMap } from '../targets/target.js';
import { atKey, changedKeys, configuredOutputs, isBelow, type ConfiguredOutput } from './config/outputs.js';
import { ConfigurationError } from './errors.js';
import { hashFile, hashText, isIntact, formatOf, manifestName, type Hashes, type Manifest } from './manifest.js';
import { findBelow, findManifests, manifestsIn, type Located } from './manifests.js';
import { checkOptions, text, textOrTexts, truth, type Keys } from './option-keys.js';
import type { Produced } from './produce.js';
import { Proofs } from './proofs.js';
import { defaultOut, recordedSettings, type Settings } from './settings.js';
import { definitionFiles, inputPath } from './spec.js';

export interface CheckOptions {
  /**
   * A configuration file, all of whose outputs are checked; with `out` or `below`, those there. Default: the one in the
   * working folder, if there is any.
   */
  readonly config?: string | undefined;
  /**
   * Where manifests are looked for: there and in direct subfolders. Default, where there is no configuration: `generated`,
   * unless `below` says another place.
   */
  readonly out?: string | readonly string[] | undefined;
  /** Folders of which every manifest below counts, as those of a monorepo; `node_modules` and hidden folders are left out. */
  readonly below?: string | readonly string[] | undefined;
  /** Generate in memory and compare, whatever hashes say. */
  readonly full?: boolean | undefined;
}

const checkedKeys: Keys<CheckOptions> = { config: text, out: textOrTexts, below: textOrTexts, full: truth };

export interface CheckResult {
  readonly ok: boolean;
  readonly folders: readonly CheckedFolder[];
}

/** The findings about one output folder; none: it is as it should be. */
export interface CheckedFolder {
  /** Absolute. */
  readonly folder: string;
  /** What the definitions are called: the revision, or the name of their folder or file. */
  readonly label: string;
  /** How many generated files it has, its manifest included. */
  readonly files: number;
  readonly ok: boolean;
  /** Whether hashes did not decide and everything was generated for comparison. */
  readonly regenerated: boolean;
  readonly findings: readonly Finding[];
  /** The command that mends what can be mended by generating; `undefined` when nothing is wrong. */
  readonly fix: string | undefined;
  /** What is wrong with the definitions; with errors among it, no findings were made. */
  readonly diagnostics: readonly Diagnostic[];
}

export interface Finding {
  /** Below the folder, with `/`. */
  readonly path: string;
  /**
   * `stale`: would be generated differently now; `missing`: not there; `edited`: changed by hand
   * since it was generated; `obsolete`: no longer generated; `extra`: a stranger in a target's folder.
   */
  readonly kind: 'stale' | 'missing' | 'edited' | 'obsolete' | 'extra';
  readonly reason: string;
}

/**
 * Compares output folders with what would be generated. Nothing is written there.
 *
 * @throws ConfigurationError when there is nothing to check, or a manifest cannot be used
 */
export async function checkProject(options: CheckOptions = {}): Promise<CheckResult> {
  checkOptions('check', checkedKeys, [], options);
  return checkWith(options, new Proofs());
}

/** `checkProject` with proofs of the caller's. */
export async function checkWith(options: CheckOptions, proofs: Proofs): Promise<CheckResult> {
  const configured = await configuredOutputs(options.config);
  const everywhere = options.out === undefined && options.below === undefined;
  const searches = [
    ...[options.out ?? (everywhere && configured.length === 0 ? defaultOut : [])]
      .flat()
      .map((place) => ({ place, option: '--out', find: findManifests })),
    ...[options.below ?? []].flat().map((place) => ({ place, option: '--below', find: findBelow })),
  ];
  const meant = configured.filter(
    ({ settings }) => everywhere || searches.some(({ place }) => isBelow(settings.folder, place)),
  );
  const full = options.full ?? false;
  const folders: CheckedFolder[] = [];
  for (const each of meant) folders.push(await checkConfigured(each, proofs, full));
  for (const each of await locate(searches, configured))
    folders.push(await checkFolder(each, recordedSettings(each.folder, each.manifest), proofs, full));
  return { ok: folders.every((folder) => folder.ok), folders };
}

interface Search {
  readonly place: string;
  /** With which it was named. */
  readonly option: string;
  readonly find: (place: string) => Promise<readonly Located[]>;
}

/** The manifests of every place, each once, but for those of the configuration; a place without any is a mistake. */
async function locate(
  searches: readonly Search[],
  configured: readonly ConfiguredOutput[],
): Promise<readonly Located[]> {
  const found = new Map<string, Located>();
  for (const { place, option, find } of searches) {
    const own = await find(place);
    if (own.length === 0 && !configured.some(({ settings }) => isBelow(settings.folder, place))) {
      throw new ConfigurationError(
        `there is no \`${manifestName}\` in \`${place}\` or in its subfolders`,
        `run \`npx wasi-crypto-gen generate\` first, or say with \`${option}\` where its output is`,
      );
    }
    for (const each of own)
      if (!configured.some(({ settings }) => settings.folder === each.folder)) found.set(each.folder, each);
  }
  return [...found.values()];
}

/** An output folder of a configuration: also, whether it was made as that says. */
async function checkConfigured(output: ConfiguredOutput, proofs: Proofs, full: boolean): Promise<CheckedFolder> {
  const { settings, config } = output;
  const [located] = manifestsIn([settings.folder]);
  try {
    if (located !== undefined) {
      const causes = (await changedKeys(output, located.manifest)).map((key) => `configuration changed: ${key}`);
      return await checkFolder(located, settings, proofs, full, causes, config.named ?? true);
    }
  } catch (error) {
    if (error instanceof ConfigurationError) throw await atKey(error, output);
    throw error;
  }
  const finding: Finding = { path: manifestName, kind: 'missing', reason: 'it was never generated' };
  return {
    folder: settings.folder,
    label: settings.spec.label,
    files: 0,
    ok: false,
    regenerated: false,
    findings: [finding],
    fix: fixFor(settings.folder, [finding], config.named ?? true),
    diagnostics: [],
  };
}

/**
 * @param changedConfig what a configuration says otherwise than the manifest
 * @param config whether there is one, or its name
 */
async function checkFolder(
  { folder, manifest, text }: Located,
  settings: Settings,
  proofs: Proofs,
  full: boolean,
  changedConfig: readonly string[] = [],
  config: string | boolean = false,
): Promise<CheckedFolder> {
  const disk = readOutputs(folder, Object.keys(manifest.outputs));
  const extra = findExtra(folder, manifest);
  const causes = [...changedConfig, ...findCauses(settings, manifest, text)];
  const untouched = Object.entries(manifest.outputs).every(([path, hash]) => disk.get(path) === hash);
  const checked = { folder, label: settings.spec.label, files: Object.keys(manifest.outputs).length + 1 };
  if (!full && causes.length === 0 && untouched && (await proofs.has(settings, text))) {
    return { ...checked, ok: extra.length === 0, regenerated: false, findings: extra, fix: undefined, diagnostics: [] };
  }
  const { produce } = await import('./produce.js');
  const produced = await produce(settings);
  const { diagnostics } = produced;
  if (produced.hasErrors)
    return { ...checked, ok: false, regenerated: true, findings: [], fix: undefined, diagnostics };
  if (hashText(produced.manifestText) === hashText(text)) await proofs.add(settings, text);
  const findings = [...compare(folder, manifest, produced, causes), ...extra].sort((left, right) =>
    left.path < right.path ? -1 : 1,
  );
  return {
    ...checked,
    ok: findings.length === 0,
    regenerated: true,
    findings,
    fix: fixFor(folder, findings, config),
    diagnostics,
  };
}

/** Why output may have changed since the manifest was written, in words. */
function findCauses(settings: Settings, manifest: Manifest, text: string): readonly string[] {
  const causes = changedDefinitions(settings, manifest.inputs);
  const { header, annotations } = manifest.options;
  if (header !== null && 'file' in header && hashText(settings.header?.text ?? '') !== header.sha256)
    causes.push(`header changed: ${header.file}`);
  if (annotations !== undefined && hashText(settings.annotations?.text ?? '') !== annotations.sha256)
    causes.push(`annotations changed: ${annotations.file}`);
  if (manifest.version !== version) causes.push(`generator changed: ${manifest.version} to ${version}`);
  if (manifest.format < formatOf(manifest.options)) causes.push(`${manifestName} is of an older format`);
  else if (!isIntact(manifest, text)) causes.push(`${manifestName} edited by hand`);
  return causes;
}

function changedDefinitions({ spec }: Settings, inputs: Hashes): string[] {
  const causes: string[] = [];
  for (const [name, hash] of Object.entries(inputs)) {
    const now = hashFile(inputPath(spec, name));
    if (now === undefined) causes.push(`definition missing: ${name}`);
    else if (now !== hash) causes.push(`definition changed: ${name}`);
  }
  for (const name of definitionFiles(spec)) if (!(name in inputs)) causes.push(`definition added: ${name}`);
  return causes;
}

function compare(
  folder: string,
  manifest: Manifest,
  produced: Produced,
  causes: readonly string[],
): readonly Finding[] {
  const findings: Finding[] = [];
  const because =
    causes.length === 0 ? 'generator changed (same version, other code), or folder moved' : causes.join('; ');
  const disk = readOutputs(folder, new Set([...produced.files.keys(), ...Object.keys(manifest.outputs)]));
  for (const [path, hash] of hashesOf(produced.files)) {
    const now = disk.get(path);
    const recorded = manifest.outputs[path];
    if (now === hash) continue;
    if (now === undefined)
      findings.push({ path, kind: 'missing', reason: recorded === undefined ? because : 'it was deleted' });
    else if (recorded !== undefined && now !== recorded)
      findings.push({ path, kind: 'edited', reason: 'generated file edited by hand' });
    else findings.push({ path, kind: 'stale', reason: because });
  }
  for (const path of Object.keys(manifest.outputs)) {
    if (!produced.files.has(path) && disk.has(path)) findings.push({ path, kind: 'obsolete', reason: because });
  }
  if (hashFile(join(folder, manifestName)) !== hashText(produced.manifestText))
    findings.push({ path: manifestName, kind: 'stale', reason: because });
  return findings;
}

/** Files in the folders of targets that were not generated, but for what a compiler leaves beside its input. */
function findExtra(folder: string, manifest: Manifest): readonly Finding[] {
  const stems = new Set(Object.keys(manifest.outputs).map((path) => path.replace(/\.[^./]+$/, '')));
  const found: Finding[] = [];
  for (const target of manifest.targets) {
    for (const entry of listBelow(join(folder, target))) {
      const path = `${target}/${entry}`;
      if (path in manifest.outputs || stems.has(path.replace(/(\.d)?\.[cm]?[jt]s(\.map)?$/, ''))) continue;
      found.push({ path, kind: 'extra', reason: 'not generated: move or delete it' });
    }
  }
  return found;
}

/** The files below a folder, with `/`; those whose names begin with a dot belong to editors and systems. */
function listBelow(folder: string): readonly string[] {
  try {
    return readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => !entry.isDirectory() && !entry.name.startsWith('.'))
      .map((entry) => relative(folder, join(entry.parentPath, entry.name)).split(sep).join('/'));
  } catch {
    return [];
  }
}

/** The hashes of those files that exist. */
function readOutputs(folder: string, paths: Iterable<string>): ReadonlyMap<string, string> {
  const hashes = new Map<string, string>();
  for (const path of paths) {
    const hash = hashFile(join(folder, path));
    if (hash !== undefined) hashes.set(path, hash);
  }
  return hashes;
}

function hashesOf(files: FileMap): readonly (readonly [string, string])[] {
  return [...files].map(([path, text]) => [path, hashText(text)]);
}

/** @param config whether a configuration says what the folder is made of, or the name of one that is not found without it */
function fixFor(folder: string, findings: readonly Finding[], config: string | boolean): string | undefined {
  if (findings.every((finding) => finding.kind === 'extra')) return undefined;
  const parts = ['npx wasi-crypto-gen generate'];
  const path = relative('', folder).split(sep).join('/') || '.';
  if (typeof config === 'string') parts.push(`--config ${quoted(config)}`);
  // `generate` alone finds what stands in `generated` of the folder where it is run.
  else if (!config && !/^generated(?:\/[^/]+(?:\/witx?)?)?$/.test(path)) parts.push(`--out ${quoted(path)}`);
  if (findings.some((finding) => finding.kind === 'edited')) parts.push('--force');
  return parts.join(' ');
}

function quoted(path: string): string {
  return /[^\w./-]/.test(path) ? JSON.stringify(path) : path;
}
