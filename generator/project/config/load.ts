/** Finds and reads the configuration of a project. */
import { existsSync, statSync } from 'node:fs';
import { basename, dirname, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { diagnostic, type Diagnostic, type ReportOptions } from '../../diagnostics/diagnostic.js';
import type { Code, Params } from '../../diagnostics/catalog.js';
import { diskReader } from '../../source/disk.js';
import { SourceFile, type Span } from '../../source/source.js';
import { ConfigurationError } from '../errors.js';
import type { Config, OutputConfig } from './config.js';
import { placesIn } from './locate.js';
import { printPath, type KeyPath } from '../option-keys.js';
import { problemsOf } from './schema.js';

/** What a configuration file is called, one of them in a project. */
export const configNames: readonly string[] = ['ts', 'js', 'mjs', 'json'].map((each) => `wasi-crypto.config.${each}`);
/** The key of `package.json` that does the same. */
const packageKey = 'wasi-crypto-gen';

export interface LoadedConfig {
  /** Absolute. */
  readonly file: string;
  /** The one that paths are seen from, absolute. */
  readonly folder: string;
  /** What is said beside `outputs` is said in each. */
  readonly outputs: readonly OutputConfig[];
  /** How the user would name the file; undefined: it is found without being named. */
  readonly named: string | undefined;
  /** An error about something in it, with its place. */
  error<C extends Code>(
    code: C,
    path: KeyPath,
    params: Params<C>,
    options?: ReportOptions,
  ): Promise<ConfigurationError>;
}

/**
 * Reads a configuration.
 *
 * @param named its path; undefined: the one in the working folder, if there is any
 * @throws ConfigurationError when it cannot be read, or says what it cannot say
 */
export async function loadConfig(named: string | undefined): Promise<LoadedConfig | undefined> {
  const file = named === undefined ? findConfig('.') : resolve(named);
  if (file === undefined) return undefined;
  const text = diskReader.read(file);
  if (typeof text !== 'string')
    throw new ConfigurationError(
      `cannot read the configuration \`${named ?? file}\`${text === undefined ? ': there is no such file' : ` (${text.why})`}`,
      `name a file such as \`${configNames[0] ?? ''}\``,
    );
  const source = new SourceFile(shownName(file, named), text);
  const base = basename(file) === 'package.json' ? [packageKey] : [];
  const value = await valueOf(file, source, base);
  const error = async <C extends Code>(
    code: C,
    path: KeyPath,
    params: Params<C>,
    options: ReportOptions = {},
  ): Promise<ConfigurationError> => {
    const span = (await placesIn(source, base)).find(path, code === 'config-unknown-key' ? 'key' : 'value');
    return unusable(source, [diagnostic(code, span, params, options)]);
  };
  const problems = problemsOf(value);
  if (problems.length > 0) {
    const places = await placesIn(source, base);
    throw unusable(
      source,
      problems.map((problem): Diagnostic => {
        const path = printPath(problem.path);
        const span = places.find(problem.path, problem.kind === 'unknown' ? 'key' : 'value');
        switch (problem.kind) {
          case 'unknown':
            return diagnostic('config-unknown-key', span, { path }, { hint: problem.hint });
          case 'missing':
            return diagnostic('config-missing-key', span, { path, key: problem.key });
          case 'type':
            return diagnostic('config-wrong-type', span, { path, expected: problem.expected, found: problem.found });
        }
      }),
    );
  }
  // Nothing was wrong with it, so it is one.
  const { outputs, ...shared } = value as Config;
  return { file, folder: dirname(file), outputs: outputs.map((each) => ({ ...shared, ...each })), named, error };
}

function findConfig(folder: string): string | undefined {
  const found = configNames.map((name) => resolve(folder, name)).filter((path) => existsSync(path));
  const inPackage = resolve(folder, 'package.json');
  const text =
    statSync(inPackage, { throwIfNoEntry: false })?.isFile() === true ? diskReader.read(inPackage) : undefined;
  // A broken `package.json` is for npm to complain of.
  if (typeof text === 'string' && hasPackageKey(text)) found.push(inPackage);
  const [first, second] = found;
  if (first !== undefined && second !== undefined)
    throw new ConfigurationError(
      `there are two configurations, \`${basename(first)}\` and \`${basename(second)}\``,
      'keep one, or name one with `--config`',
    );
  return first;
}

function hasPackageKey(text: string): boolean {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && packageKey in value;
  } catch {
    return false;
  }
}

/** A file in the working folder by its name, others as the user named them. */
function shownName(file: string, named: string | undefined): string {
  return named ?? (dirname(file) === resolve('.') ? basename(file) : file);
}

function unusable(source: SourceFile, diagnostics: readonly Diagnostic[]): ConfigurationError {
  return new ConfigurationError(`\`${source.path}\` cannot be used`, undefined, diagnostics);
}

async function valueOf(file: string, source: SourceFile, base: KeyPath): Promise<unknown> {
  if (file.endsWith('.json')) {
    const value = await parseJson(source);
    return base.length === 0 ? value : (value as Record<string, unknown>)[packageKey];
  }
  const exports = await load(file, source);
  if (typeof exports === 'object' && exports !== null && 'default' in exports) return exports.default;
  throw unusable(source, [
    diagnostic(
      'config-unreadable',
      undefined,
      { why: 'it exports nothing by default' },
      {
        hint: 'write `export default defineConfig({ outputs: […] })`',
      },
    ),
  ]);
}

async function parseJson(source: SourceFile): Promise<unknown> {
  try {
    return JSON.parse(source.text);
  } catch (error) {
    // V8 says what is wrong, but not always where; TypeScript does, but takes comments and commas at the end.
    const message = error instanceof Error ? error.message : String(error);
    const { ts } = await import('ts-morph');
    const found = ts.parseConfigFileTextToJson(source.path, source.text).error;
    const [, position] = /at position (\d+)/.exec(message) ?? [];
    const start = found?.start ?? (position === undefined ? undefined : Number(position));
    const span = start === undefined ? undefined : { file: source, start, end: start + (found?.length ?? 1) };
    const why = message.replace(/ in JSON.*|, ".*| \(line.*/s, '');
    throw unusable(source, [
      diagnostic('config-unreadable', span, { why }, { hint: 'JSON has no comments, and no comma before `}` and `]`' }),
    ]);
  }
}

/** Runs the configuration, as it stands now: a process that watches reads it again and again. */
async function load(file: string, source: SourceFile): Promise<unknown> {
  try {
    if (!file.endsWith('.ts'))
      return (await import(`${pathToFileURL(file).href}?${statSync(file).mtimeMs}`)) as unknown;
    const { createJiti } = await import('jiti');
    const jiti = createJiti(pathToFileURL(file).href, { fsCache: false, moduleCache: false });
    return await jiti.import(file);
  } catch (error) {
    throw unusable(source, await loadingProblems(error, source));
  }
}

/** What the language finds wrong; otherwise what the program threw, in its own words. */
async function loadingProblems(error: unknown, source: SourceFile): Promise<readonly Diagnostic[]> {
  const { ts } = await import('ts-morph');
  const { diagnostics = [] } = ts.transpileModule(source.text, { fileName: source.path, reportDiagnostics: true });
  const [first] = diagnostics;
  if (first !== undefined) {
    const start = first.start ?? 0;
    const span: Span = { file: source, start, end: start + (first.length ?? 1) };
    return [diagnostic('config-unreadable', span, { why: ts.flattenDiagnosticMessageText(first.messageText, ' ') })];
  }
  const why = error instanceof Error ? error.message : String(error);
  return [diagnostic('config-unreadable', lineOf(error, source), { why: why.split('\n')[0] ?? '' })];
}

/** The line of the file that an error was thrown in, if its stack names it. */
function lineOf(error: unknown, source: SourceFile): Span | undefined {
  const stack = error instanceof Error ? (error.stack ?? '') : '';
  const name = basename(source.path).replaceAll('.', '\\.');
  const [, line, column] = new RegExp(`${name}(?:\\?[\\d.]+)?:(\\d+):(\\d+)`).exec(stack) ?? [];
  if (line === undefined || column === undefined) return undefined;
  const lines = source.text.split('\n');
  if (Number(line) > lines.length) return undefined;
  const before = lines.slice(0, Number(line) - 1).reduce((sum, each) => sum + each.length + 1, 0);
  const start = before + Number(column) - 1;
  return { file: source, start, end: start + 1 };
}
