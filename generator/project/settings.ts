/** What one output folder is made of, from the user's words or from its manifest. */
import { basename, dirname, resolve } from 'node:path';
import { chosen, type Choices } from './choices.js';
import { diskReader } from '../source/disk.js';
import type { Target } from '../targets/target.js';
import { ConfigurationError } from './errors.js';
import {
  hashText,
  type ImportSuffix,
  type Manifest,
  type RecordedFile,
  type RecordedHeader,
  type RecordedOptions,
} from './manifest.js';
import { withinReach } from './reach.js';
import { recordedSpec, relativePath, type Spec } from './spec.js';

export interface Settings {
  /** The output folder, absolute. */
  readonly folder: string;
  readonly spec: Spec;
  /** Target ids; `undefined`: every target that takes the definitions' dialect. */
  readonly targets: readonly string[] | undefined;
  /** Those of them that a configuration brings. */
  readonly foreign: readonly Target[];
  readonly importSuffix: ImportSuffix;
  readonly header: Header | undefined;
  readonly annotations: TextFile | undefined;
  /** The folder that support files are imported from, absolute; undefined: they are copied. */
  readonly support: string | undefined;
  readonly choices: Choices;
}

/** The user's text for the top of every file; `file` is absolute when it came from one. */
export interface Header {
  readonly text: string;
  readonly file: string | undefined;
}

/** Text of a file of the user's, whose path is absolute. */
export interface TextFile {
  readonly text: string;
  readonly file: string;
}

export function textHeader(text: string): Header {
  return { text: tidy(text), file: undefined };
}

export function fileHeader(path: string): Header {
  const { text, file } = textFile(path, 'header', 'name a text file, without comment marks');
  return { text: tidy(text), file };
}

export function annotationsFile(path: string): TextFile {
  return textFile(path, 'file of annotations', 'name a WIT file');
}

function textFile(path: string, what: string, hint: string): TextFile {
  const file = resolve(path);
  const text = diskReader.read(file) ?? { why: 'there is no such file' };
  if (typeof text !== 'string') throw new ConfigurationError(`cannot read the ${what} \`${path}\` (${text.why})`, hint);
  return { text, file };
}

/** Comments of the user's own stay as they are, and must not swallow what follows. */
function tidy(text: string): string {
  const open = text.lastIndexOf('/*');
  if (/^\s*\/\*/m.test(text) && text.indexOf('*/', open + 2) < 0)
    throw new ConfigurationError('the header begins a comment that does not end', 'end it with `*/`');
  return text.replaceAll('\r\n', '\n').trimEnd();
}

/** Files that are given. */
interface GivenFiles {
  readonly header?: Header | undefined;
  readonly annotations?: TextFile | undefined;
}

/** The settings that a manifest records, but for files that are given. */
export function recordedSettings(folder: string, manifest: Manifest, given: GivenFiles = {}): Settings {
  const { header, annotations, importSuffix, support, choices } = manifest.options;
  return {
    folder,
    spec: recordedSpec(manifest.spec, folder),
    targets: manifest.targets,
    foreign: [],
    importSuffix,
    choices: choices ?? {},
    support: support === undefined ? undefined : resolve(folder, support),
    header: given.header ?? (header === null ? undefined : recordedHeader(folder, header)),
    annotations:
      given.annotations ??
      (annotations && annotationsFile(withinReach(resolve(folder, annotations.file), folder, '--annotations'))),
  };
}

function recordedHeader(folder: string, header: RecordedHeader): Header {
  if ('text' in header) return textHeader(header.text);
  return fileHeader(withinReach(resolve(folder, header.file), folder, '--header'));
}

export function recordOptions(settings: Settings): RecordedOptions {
  const { folder, header, annotations, importSuffix, support, choices } = settings;
  return {
    header: header === undefined ? null : recordHeader(folder, header),
    importSuffix,
    choices: chosen(choices),
    ...(support === undefined ? {} : { support: relativePath(folder, support) }),
    ...(annotations === undefined ? {} : { annotations: recordFile(folder, annotations) }),
  };
}

function recordFile(folder: string, { text, file }: TextFile): RecordedFile {
  return { file: relativePath(folder, file), sha256: hashText(text) };
}

function recordHeader(folder: string, { text, file }: Header): RecordedHeader {
  return file === undefined ? { text } : recordFile(folder, { text, file });
}

/**
 * The command for the banner. The banner must not depend on where the output folder is or where the
 * command was run, so it can name a folder only by what is in it.
 */
export function regenerateCommand(folder: string): string {
  return isFoundByDefault(folder)
    ? 'npx wasi-crypto-gen generate'
    : 'npx wasi-crypto-gen generate --out <folder of manifest.json>';
}

/** Whether `generate` and `check` find an output folder without being told where: by the names of the folders above it. */
function isFoundByDefault(folder: string): boolean {
  const [name, parent, grandparent] = [folder, dirname(folder), dirname(dirname(folder))].map((each) => basename(each));
  return (
    name === defaultOut || parent === defaultOut || (grandparent === defaultOut && (name === 'wit' || name === 'witx'))
  );
}

/** Where output goes, and manifests are looked for, when nobody says otherwise. */
export const defaultOut = 'generated';
