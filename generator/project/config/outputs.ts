/** The output folders that a configuration asks for. */
import { relative, resolve, sep } from 'node:path';
import { chosen } from '../choices.js';
import { foreignTargets, usualTargets } from '../choose-targets.js';
import { ConfigurationError } from '../errors.js';
import { recordOptions, type Settings } from '../settings.js';
import { chooseAnnotations, chooseHeader, chooseSupport, specSettings } from '../new-settings.js';
import { recordSpec } from '../spec.js';
import type { Manifest } from '../manifest.js';
import type { OutputConfig, OutputOptions } from './config.js';
import { loadConfig, type LoadedConfig } from './load.js';
import { printPath, type KeyPath } from '../option-keys.js';

export interface ConfiguredOutput {
  readonly settings: Settings;
  readonly config: LoadedConfig;
  /** Where it stands there. */
  readonly path: KeyPath;
}

/**
 * One for each output folder of a configuration; none, where there is no configuration.
 *
 * @param named the file; undefined: the one of the working folder
 * @param overrides what holds for all of them, whatever the configuration says
 * @throws ConfigurationError when the configuration, or a path in it, makes no sense
 */
export async function configuredOutputs(
  named: string | undefined,
  overrides: OutputOptions = {},
): Promise<readonly ConfiguredOutput[]> {
  const config = await loadConfig(named);
  if (config === undefined) return [];
  const outputs: ConfiguredOutput[] = [];
  for (const [index, output] of config.outputs.entries()) {
    const path = ['outputs', index];
    const all = await settingsOf(config, output, path, overrides);
    for (const settings of all) {
      const other = outputs.find((each) => each.settings.folder === settings.folder);
      if (other !== undefined)
        throw await config.error('config-same-folder', path, {
          path: printPath(path),
          other: printPath(other.path),
        });
      outputs.push({ settings, config, path });
    }
  }
  return outputs;
}

async function settingsOf(
  config: LoadedConfig,
  output: OutputConfig,
  path: KeyPath,
  overrides: OutputOptions,
): Promise<readonly Settings[]> {
  const { targets, importSuffix, header, support, annotations } = overrides;
  const own = Object.entries({ targets, importSuffix, ...chosen(overrides) }).filter(([, each]) => each !== undefined);
  try {
    const found = await specSettings({ ...output, ...Object.fromEntries(own) }, config.folder);
    // These name files as the working folder sees them.
    return found.map((each) => ({
      ...each,
      // `--target` may name them.
      foreign: foreignTargets(output.targets),
      header: chooseHeader(header) ?? each.header,
      support: chooseSupport(support) ?? each.support,
      annotations: chooseAnnotations(annotations) ?? each.annotations,
    }));
  } catch (error) {
    if (!(error instanceof ConfigurationError)) throw error;
    throw await atKey(error, { config, path });
  }
}

/** A mistake of an output, told at the key whose value it names. */
export async function atKey(
  error: ConfigurationError,
  { config, path }: Pick<ConfiguredOutput, 'config' | 'path'>,
): Promise<ConfigurationError> {
  const key = keysOfMistakes.find(([pattern]) => pattern.test(error.message))?.[1] ?? [];
  const at = [...path, ...key];
  return config.error('config-bad-value', at, { path: printPath(at), why: error.message }, { hint: error.hint });
}

const keysOfMistakes: readonly (readonly [message: RegExp, key: readonly string[]])[] = [
  [/^there is no revision, file or folder/, ['spec']],
  [/^(there is no )?target/, ['targets']],
  [/header/, ['header']],
  [/annotations/, ['annotations']],
];

/** Whether a folder is one, or stands in it; always, where there is none. */
export function isBelow(folder: string, place: string | undefined): boolean {
  return place === undefined || `${folder}${sep}`.startsWith(`${resolve(place)}${sep}`);
}

/** Nothing of a configuration goes to the folder that was asked for. */
export function noOutput(out: string, configured: readonly ConfiguredOutput[]): never {
  const folders = configured.map(({ settings }) => `\`${relative('', settings.folder).split(sep).join('/') || '.'}\``);
  throw new ConfigurationError(`no output of the configuration goes to \`${out}\``, `they go to ${folders.join(', ')}`);
}

/** What a configuration says otherwise than the manifest of its output, by key. */
export async function changedKeys({ settings }: ConfiguredOutput, manifest: Manifest): Promise<readonly string[]> {
  const { spec, folder } = settings;
  const targets = settings.targets ?? (await targetsOf(spec.dialect));
  const { header, ...others } = comparable(recordOptions(settings));
  const { header: recordedHeader, ...recorded } = comparable(manifest.options);
  const pairs: readonly (readonly [key: string, now: unknown, before: unknown])[] = [
    ['spec', recordSpec(spec, folder), manifest.spec],
    ['targets', [...new Set(targets)].sort(), [...manifest.targets].sort()],
    ['header', header, recordedHeader],
    ...[...new Set([...Object.keys(others), ...Object.keys(recorded)])].map(
      (key) => [key, others[key], recorded[key]] as const,
    ),
  ];
  return pairs.filter(([, now, before]) => JSON.stringify(now) !== JSON.stringify(before)).map(([key]) => key);
}

async function targetsOf(dialect: Settings['spec']['dialect']): Promise<readonly string[]> {
  const { targets } = await import('../../targets/index.js');
  return usualTargets(targets, dialect).map(({ id }) => id);
}

/** Options as the manifest has them, but for the texts of files, which are looked at by themselves. */
function comparable({
  header,
  annotations,
  choices,
  ...others
}: Manifest['options']): Readonly<Record<string, unknown>> {
  const named = header !== null && 'file' in header ? { file: header.file } : header;
  return { header: named, annotations: annotations?.file, ...others, ...choices };
}
