/**
 * The record of one run, `manifest.json` beside its output: what was asked for, the hashes of what
 * went in and came out. It lets `check` answer without generating, tells our files from the
 * user's, and repeats a run. It has no dates and no absolute paths, so equal runs write equal bytes.
 */
import { createHash } from 'node:crypto';
import { readRegularFile } from '../source/disk.js';
import { readChoices, type Choices } from './choices.js';

export const manifestName = 'manifest.json';

/**
 * Raised when an older generator could misread a newer manifest. Older manifests are read.
 * Format 1 also had the fingerprint of the generator's code, which changed without the output.
 * Format 3 has choices that format 2 has not, and format 4 the choice of a world; a manifest is written in the oldest
 * format that says all of it. Format 5 has annotations.
 */
export const manifestFormat = 5;

/** Where the definitions came from: shipped with this package, or a path seen from the manifest's folder. */
export type RecordedSpec = { readonly revision: string } | { readonly path: string };

/** The user's text for the top of every file: given directly, or a file seen from the manifest's folder. */
export type RecordedHeader = { readonly text: string } | RecordedFile;

/** A file of the user's, seen from the manifest's folder. */
export interface RecordedFile {
  readonly file: string;
  readonly sha256: string;
}

export type ImportSuffix = '.js' | '.ts' | 'none';
export const importSuffixes: readonly ImportSuffix[] = ['.js', '.ts', 'none'];

export interface RecordedOptions {
  readonly header: RecordedHeader | null;
  readonly importSuffix: ImportSuffix;
  /** Where the support files are, seen from the manifest's folder. Absent: the output has copies of its own. */
  readonly support?: string;
  /** What people say where the rules of a target leave something open. */
  readonly annotations?: RecordedFile;
  /** What was chosen besides. */
  readonly choices?: Choices;
}

/** Paths, with `/`, and the hashes of the files. */
export type Hashes = Readonly<Record<string, string>>;

export interface Manifest {
  /** Of the text it was read from; what is printed has the newest. */
  readonly format: number;
  readonly version: string;
  readonly spec: RecordedSpec;
  readonly targets: readonly string[];
  readonly options: RecordedOptions;
  /** By path below the definitions' folder. */
  readonly inputs: Hashes;
  /** By path below the manifest's folder. */
  readonly outputs: Hashes;
}

const about =
  'Written by wasi-crypto-gen: how the files beside it were made. Do not edit; run `wasi-crypto-gen check` or `generate`.';

/** SHA-256 in hex. Line ends do not count: version control may turn them into the platform's. */
export function hashText(text: string): string {
  return createHash('sha256').update(text.replaceAll('\r\n', '\n')).digest('hex');
}

/** Of a file: of its text, but of what is none, as binary packages are, of all bytes; undefined: it cannot be read. */
export function hashFile(path: string): string | undefined {
  const content = readRegularFile(path);
  if (content === undefined || 'why' in content) return undefined;
  return path.endsWith('.wasm')
    ? createHash('sha256').update(content).digest('hex')
    : hashText(new TextDecoder().decode(content));
}

/** The canonical text: keys in a fixed order, paths sorted by code units. */
export function printManifest(manifest: Manifest): string {
  const { version, spec, targets, options, inputs, outputs } = manifest;
  const ordered = {
    about,
    format: formatOf(options),
    generator: { name: 'wasi-crypto-gen', version },
    spec,
    targets: [...targets].sort(),
    options: {
      header: options.header,
      importSuffix: options.importSuffix,
      ...(options.support === undefined ? {} : { support: options.support }),
      ...(options.annotations === undefined ? {} : { annotations: options.annotations }),
      ...options.choices,
    },
    inputs: sorted(inputs),
    outputs: sorted(outputs),
  };
  // Over everything else, so that an option changed by hand is noticed.
  return print({ ...ordered, checksum: hashText(print(ordered)) });
}

/** The oldest format that says all of it. */
export function formatOf({ annotations, choices }: RecordedOptions): number {
  if (annotations !== undefined) return manifestFormat;
  if (choices?.world !== undefined) return 4;
  return Object.keys(choices ?? {}).length === 0 ? 2 : 3;
}

function print(value: object): string {
  return `${JSON.stringify(value, undefined, 2)}\n`;
}

/** Whether a text is what was written when it was read as this manifest. */
export function isIntact(manifest: Manifest, text: string): boolean {
  return hashText(printManifest(manifest)) === hashText(text);
}

function sorted(hashes: Hashes): Hashes {
  return Object.fromEntries(Object.entries(hashes).sort(([left], [right]) => (left < right ? -1 : 1)));
}

/** Why a text is not a manifest this generator can use; `foreign` when it is another program's file. */
export interface ManifestProblem {
  readonly problem: string;
  readonly foreign: boolean;
}

/** Reads a manifest and trusts nothing in it: its paths decide what may be overwritten or deleted. */
export function parseManifest(text: string): Manifest | ManifestProblem {
  // Without the name anywhere it is another program's `manifest.json`, even if it is broken.
  const foreign = !text.includes('wasi-crypto-gen');
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    const conflict = /^<{7} /m.test(text) ? ' (it has conflict marks of version control)' : '';
    return { problem: `it is not JSON${conflict}`, foreign };
  }
  if (!isObject(value) || !isObject(value.generator) || value.generator.name !== 'wasi-crypto-gen') {
    return { problem: 'it is not a manifest of wasi-crypto-gen', foreign: true };
  }
  const { format } = value;
  if (typeof format !== 'number' || !Number.isInteger(format) || format < 1 || format > manifestFormat) {
    const made = typeof value.generator.version === 'string' ? ` by wasi-crypto-gen ${value.generator.version}` : '';
    return {
      problem: `it was written${made} in format ${JSON.stringify(format)}, and this version reads formats up to ${manifestFormat}`,
      foreign: false,
    };
  }
  try {
    return {
      format,
      version: string(value.generator.version, 'generator.version'),
      spec: spec(value.spec),
      targets: array(value.targets, 'targets').map((each) => plainName(each, 'targets')),
      options: options(value.options),
      inputs: hashes(value.inputs, 'inputs', isRelative),
      outputs: hashes(value.outputs, 'outputs', isInside),
    };
  } catch (error) {
    if (error instanceof Malformed) return { problem: error.message, foreign: false };
    throw error;
  }
}

export function isManifest(parsed: Manifest | ManifestProblem): parsed is Manifest {
  return 'outputs' in parsed;
}

/** Whether a path with `/` stays below its folder on every platform: only such files are written or deleted. */
export function isInside(path: string): boolean {
  return (
    isRelative(path) &&
    path.split('/').every((part) => part !== '' && part !== '.' && part !== '..') &&
    path !== manifestName
  );
}

/** A relative path with `/`; it may lead out of its folder. */
function isRelative(path: string): boolean {
  // A colon is a drive or a stream on Windows; control characters have no place in any path of ours.
  return path !== '' && !/^\/|[\\:\p{Cc}]/u.test(path);
}

class Malformed extends Error {}

type Json = Readonly<Record<string, unknown>>;

function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function object(value: unknown, at: string): Json {
  if (!isObject(value)) throw new Malformed(`\`${at}\` should be an object`);
  return value;
}

function string(value: unknown, at: string): string {
  if (typeof value !== 'string') throw new Malformed(`\`${at}\` should be a string`);
  return value;
}

function array(value: unknown, at: string): readonly unknown[] {
  if (!Array.isArray(value)) throw new Malformed(`\`${at}\` should be an array`);
  return value;
}

/** Shipped definitions: their folder, or that and one in it for their language. */
function revisionName(value: unknown, at: string): string {
  const [name, dialect, ...more] = string(value, at).split('/');
  if (more.length > 0) throw new Malformed(`\`${at}\` has the impossible name ${JSON.stringify(value)}`);
  return dialect === undefined ? plainName(name, at) : `${plainName(name, at)}/${plainName(dialect, at)}`;
}

/** A target: the name of one folder. */
function plainName(value: unknown, at: string): string {
  const name = string(value, at);
  if (!/^[a-z0-9][a-z0-9.-]*$/.test(name))
    throw new Malformed(`\`${at}\` has the impossible name ${JSON.stringify(name)}`);
  return name;
}

function hash(value: unknown, at: string): string {
  const text = string(value, at);
  if (!/^[0-9a-f]{64}$/.test(text)) throw new Malformed(`\`${at}\` has a value that is no SHA-256 hash`);
  return text;
}

function hashes(value: unknown, at: string, allows: (path: string) => boolean): Hashes {
  const entries = Object.entries(object(value, at));
  for (const [path] of entries) {
    if (!allows(path)) throw new Malformed(`\`${at}\` names ${JSON.stringify(path)}, which leads out of its folder`);
  }
  return Object.fromEntries(entries.map(([path, each]) => [path, hash(each, at)]));
}

function spec(value: unknown): RecordedSpec {
  const recorded = object(value, 'spec');
  if (recorded.revision !== undefined) return { revision: revisionName(recorded.revision, 'spec.revision') };
  return { path: relative(recorded.path, 'spec.path') };
}

function options(value: unknown): RecordedOptions {
  const recorded = object(value, 'options');
  const suffix = importSuffixes.find((each) => each === recorded.importSuffix);
  if (suffix === undefined)
    throw new Malformed(`\`options.importSuffix\` should be one of ${importSuffixes.join(', ')}`);
  return {
    header: recorded.header === null ? null : header(object(recorded.header, 'options.header')),
    importSuffix: suffix,
    choices: readChoices(recorded, (problem) => {
      throw new Malformed(problem);
    }),
    ...(recorded.support === undefined ? {} : { support: relative(recorded.support, 'options.support') }),
    ...(recorded.annotations === undefined
      ? {}
      : { annotations: file(object(recorded.annotations, 'options.annotations'), 'options.annotations') }),
  };
}

function header(recorded: Json): RecordedHeader {
  if (recorded.text !== undefined) return { text: string(recorded.text, 'options.header.text') };
  return file(recorded, 'options.header');
}

function file(recorded: Json, at: string): RecordedFile {
  return { file: relative(recorded.file, `${at}.file`), sha256: hash(recorded.sha256, `${at}.sha256`) };
}

function relative(value: unknown, at: string): string {
  const path = string(value, at);
  if (!isRelative(path)) throw new Malformed(`\`${at}\` should be a relative path with \`/\``);
  return path;
}
