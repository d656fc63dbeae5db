import { Command, Option } from 'commander';
import { endings, errnoPair, lints, type Choices } from '../../project/choices.js';
import { importSuffixes, type ImportSuffix } from '../../project/manifest.js';
import type { GeneratedFolder, GenerateOptions, GenerateResult } from '../../project/generate.js';
import type { TargetSummary } from '../../project/targets.js';
import { failOnChoices, type FailOn } from '../../changes/compare.js';
import { changesText } from '../../changes/show.js';
import { ConfigurationError } from '../../project/errors.js';
import { exitCodes } from '../exit-codes.js';
import { changesStyle, diagnosticsData, folderName, showDiagnostics } from '../show.js';
import { configOption, featuresOf, gatherFeatures, formatOption, gather, jsonOption } from '../options.js';
import type { Terminal } from '../terminal.js';

/** What `generate` and `watch` take. */
export interface OutputFlags {
  readonly config?: string;
  readonly spec?: string;
  readonly target?: readonly string[];
  readonly out?: string;
  readonly importSuffix?: ImportSuffix;
  readonly header?: string;
  readonly support?: string;
  readonly annotations?: string;
  readonly world?: string;
  readonly features?: readonly string[];
  readonly allFeatures?: boolean;
  readonly include?: readonly string[];
  readonly exclude?: readonly string[];
  readonly eol?: NonNullable<Choices['eol']>;
  readonly lint?: NonNullable<Choices['lint']>;
  readonly errno?: readonly string[];
  readonly force?: boolean;
  readonly quiet?: boolean;
}

interface Flags extends OutputFlags {
  readonly failOn?: FailOn;
  readonly dryRun?: boolean;
  readonly format: 'text' | 'json';
}

const details = `
Output goes to <out>/<target>/…, with a manifest.json beside it that records what was made from what.
Without --spec, the outputs of the configuration are made, of which --out chooses some; other options
hold for all of them. Without a configuration, what the manifests in --out (default: generated) and its
direct subfolders record is made again, and other options change what is recorded; without a manifest
the newest revision shipped with this version is generated.
Unchanged files are not touched. Only files that a manifest lists are deleted, and none that were
edited by hand are overwritten or deleted without --force.

Examples:
  $ wasi-crypto-gen generate 0.10 --target typescript-host --out src/bindings
  $ wasi-crypto-gen generate ./definitions --import-suffix .ts --header @licence-header.txt
  $ wasi-crypto-gen generate            after a change of the definitions
  $ wasi-crypto-gen generate --dry-run  what that would write and delete`;

export function generateCommand(terminal: Terminal, targets: readonly TargetSummary[]): Command {
  return withOutputOptions(new Command('generate'))
    .description('generate bindings, or make again what was generated')
    .option('--dry-run', 'print what would be written and deleted, and do nothing')
    .addOption(
      new Option(
        '--fail-on <changes>',
        'write nothing, and exit with 1, if the definitions changed so since the last run',
      ).choices(failOnChoices),
    )
    .addOption(formatOption())
    .addOption(jsonOption())
    .allowExcessArguments(false)
    .addHelpText('after', listOf(targets) + details)
    .action(async (definitions: string | undefined, flags: Flags) => {
      terminal.json = flags.format === 'json';
      const { generateProject } = await import('../../project/generate.js');
      const { dryRun, failOn } = flags;
      const request = { ...requestOf(definitions, flags), dryRun, failOn };
      const result = await (flags.quiet === true
        ? generateProject(request)
        : terminal.during('generating', () => generateProject(request)));
      if (terminal.json) terminal.data(await dataOf(result, dryRun ?? false));
      else for (const folder of result.folders) await show(folder, result.ok, flags, terminal);
      terminal.exitCode = exitCodeOf(result);
    });
}

/** The argument and the options that say what is made. */
export function withOutputOptions(command: Command): Command {
  return command
    .argument('[definitions]', 'the same as --spec')
    .option(
      '--spec <revision|path>',
      'what is shipped with this version, such as 0.10 or extension-0.1, or a definition file or a folder of them',
    )
    .option('--target <id>', 'what to generate; repeat it for more (default: all of the first list below)', gather)
    .option('-o, --out <folder>', 'the output folder (default: generated/<revision, or name of the folder or file>)')
    .addOption(
      new Option('--import-suffix <suffix>', 'the ending of relative imports in TypeScript (default: .js)').choices(
        importSuffixes,
      ),
    )
    .option(
      '--header <text|@file>',
      'text for the top of every file, or @ and the file that has it; comments of yours stay as they are',
    )
    .option(
      '--support <folder>',
      'import the support files of TypeScript hosts from a folder of templates (default: copy them)',
    )
    .option('--annotations <file>', 'a WIT file that says what the rules of target wit leave open')
    .option('--world <name>', 'WIT: only what this world needs (default: all worlds)')
    .option(
      '--features <names>',
      'WIT: turn on `@unstable` features, separated by commas; repeat it for more',
      gatherFeatures,
    )
    .option('--all-features', 'WIT: turn on all of them')
    .option(
      '--include <name>',
      'only this interface, module or function (`wasi:io/*`, `streams#read`); repeat it for more',
      gather,
    )
    .option('--exclude <name>', 'not this one; repeat it for more', gather)
    .addOption(
      new Option(
        '--eol <end>',
        'how lines end; auto: as on this platform (default: lf, and existing files keep theirs)',
      ).choices(endings),
    )
    .addOption(new Option('--lint <choice>', 'disable: files turn eslint and biome off (default: none)').choices(lints))
    .option('--errno <fault=case>', 'the case of an errno that says what the bindings find; repeat it for more', gather)
    .addOption(configOption())
    .option('--force', 'overwrite and delete files that were edited by hand or stand in the way')
    .option('--quiet', 'print nothing but errors');
}

/** What they ask for. */
export function requestOf(definitions: string | undefined, flags: OutputFlags): GenerateOptions {
  if (definitions !== undefined && flags.spec !== undefined)
    throw new ConfigurationError(
      `there are two definitions, \`${definitions}\` and \`${flags.spec}\``,
      'run it once for each',
    );
  const { config, target: targets, out, importSuffix, support, annotations, force } = flags;
  const header = headerOf(flags.header);
  return {
    spec: definitions ?? flags.spec,
    config,
    targets,
    out,
    importSuffix,
    support,
    annotations,
    force,
    header,
    ...choicesOf(flags),
  };
}

function listOf(targets: readonly TargetSummary[]): string {
  const width = Math.max(0, ...targets.map((target) => target.id.length));
  const line = ({ id, summary }: TargetSummary): string => `  ${id.padEnd(width)}  ${summary}`;
  const [named, unnamed] = [targets.filter((each) => each.onRequest), targets.filter((each) => !each.onRequest)];
  return ['\nTargets:', ...unnamed.map(line), '\nMade only where --target names them:', ...named.map(line), ''].join(
    '\n',
  );
}

function choicesOf(flags: OutputFlags): Choices {
  const { world, include, exclude, eol, lint, errno } = flags;
  return {
    world,
    features: featuresOf(flags),
    include,
    exclude,
    eol,
    lint,
    errno: errno && Object.fromEntries(errno.map(errnoPair)),
  };
}

function headerOf(flag: string | undefined): string | { readonly file: string } | undefined {
  return flag?.startsWith('@') === true ? { file: flag.slice(1) } : flag;
}

function exitCodeOf(result: GenerateResult): number {
  if (result.ok) return exitCodes.ok;
  const obstacles = result.folders.flatMap((folder) => folder.obstacles);
  if (!result.folders.some(hasErrors) && result.folders.some((folder) => folder.refused)) return exitCodes.drift;
  if (obstacles.length === 0 || result.folders.some(hasErrors)) return exitCodes.definitions;
  return obstacles.some((obstacle) => obstacle.kind === 'blocked') ? exitCodes.usage : exitCodes.drift;
}

function hasErrors(folder: GeneratedFolder): boolean {
  return folder.diagnostics.some((each) => each.severity === 'error');
}

/** A result as data. */
export async function dataOf(result: GenerateResult, dryRun: boolean): Promise<unknown> {
  const folders = [];
  for (const {
    folder,
    label,
    targets,
    written,
    removed,
    unchanged,
    changes,
    refused,
    obstacles,
    diagnostics,
  } of result.folders) {
    folders.push({
      folder: folderName(folder),
      label,
      targets,
      written,
      removed,
      unchanged,
      changes: changes?.changes ?? null,
      refused,
      obstacles,
      diagnostics: await diagnosticsData(diagnostics),
    });
  }
  return { ok: result.ok, dryRun, folders };
}

/** Findings about the definitions, and whatever stood in the way: then nothing was written. */
export async function showObjections(
  generated: GeneratedFolder,
  errorsOnly: boolean,
  terminal: Terminal,
): Promise<boolean> {
  const name = folderName(generated.folder);
  const { obstacles } = generated;
  await showDiagnostics(generated.diagnostics, { errorsOnly }, terminal);
  if (hasErrors(generated)) {
    terminal.complain(`nothing was written to \`${name}\`: the definitions have errors`);
    return true;
  }
  if (obstacles.length === 0) return false;
  terminal.complain(`nothing was written to \`${name}\``, adviceFor(generated));
  for (const { path, message } of obstacles) terminal.error(`  ${path}: ${message}`);
  return true;
}

/** `3 written, 14 unchanged`. */
export function countsOf({ written, removed, unchanged }: GeneratedFolder): string {
  return [count(written, 'written'), count(removed, 'deleted'), count(unchanged, 'unchanged')]
    .filter((each) => each !== undefined)
    .join(', ');
}

/** @param done whether anything was written at all: one folder's errors hold back the others */
async function show(generated: GeneratedFolder, done: boolean, flags: Flags, terminal: Terminal): Promise<void> {
  const { label, targets, removed } = generated;
  const name = folderName(generated.folder);
  const quiet = flags.quiet ?? false;
  const { bold } = terminal.outColors;
  if (await showObjections(generated, quiet, terminal)) return;
  const { changes, refused } = generated;
  if (refused) terminal.complain(`nothing was written to \`${name}\`: the definitions changed, see below`, refusalHint);
  if (quiet && flags.dryRun !== true && !refused) return;
  if (changes !== undefined && changes.changes.length > 0) {
    terminal.out(bold(`What changed in the definitions of ${name}:`));
    terminal.out('');
    for (const line of changesText(changes, changesStyle(terminal))) terminal.out(line);
  }
  if (refused) return;
  const { green, red, dim } = terminal.outColors;
  const state =
    flags.dryRun === true ? ' (dry run: nothing was done)' : done ? '' : ' (held back: another folder has errors)';
  terminal.out(`${bold(name)}: ${countsOf(generated)}${state} ${dim(`${label}: ${targets.join(', ')}`)}`);
  if (flags.dryRun === true) for (const path of generated.written) terminal.out(`  ${green('write')}  ${path}`);
  for (const path of removed) terminal.out(`  ${red('delete')} ${path}`);
}

const refusalHint = 'run again without `--fail-on` once everybody whom they break is ready';

function count(paths: readonly string[], what: string): string | undefined {
  return paths.length === 0 ? undefined : `${paths.length} ${what}`;
}

function adviceFor({ obstacles }: GeneratedFolder): string {
  if (obstacles.some((obstacle) => obstacle.kind === 'blocked'))
    return 'clear the way, or choose another folder with `--out`';
  return 'keep your changes outside the generated files, then run again with `--force` to lose them there';
}
