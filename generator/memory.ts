/**
 * The generator on files in memory: no disk, no process, nothing written. It runs in browsers, too, by any bundler.
 *
 * ```ts
 * import { generate } from 'wasi-crypto-gen/memory';
 *
 * const { files, diagnostics } = await generate({ 'vault.witx': text }, { targets: ['typescript-host'] });
 * ```
 *
 * Definitions are texts by path, with `/` between folders: one file, or a folder as it would be on a disk, with `deps/` for WIT. Those that
 * come with this package stand in where definitions refer to them. Mistakes in definitions come back as diagnostics, mistakes in options
 * are thrown.
 *
 * @module wasi-crypto-gen/memory
 */
import { describeFunctions, type FunctionDescription } from './abi/describe.js';
import type { PlannedUnit } from './abi/plan.js';
import type { Comparison } from './changes/change.js';
import { compare } from './changes/compare.js';
import { surfaceOf, type Surface } from './changes/surface.js';
import { DiagnosticBag, type Diagnostic } from './diagnostics/diagnostic.js';
import { readUnit } from './frontend/read.js';
import type { Features } from './frontend/wit/gates.js';
import { generate as generateAll, planUnit } from './generate.js';
import type { Unit } from './model/model.js';
import type { Selection } from './model/select.js';
import { chooseTargets, foreignTargets, idsOf, targetsCheck } from './project/choose-targets.js';
import { lints } from './project/choices.js';
import { ConfigurationError } from './project/errors.js';
import {
  anyText,
  byName,
  checkOptions,
  features as featuresCheck,
  oneOf,
  text,
  texts,
  type Keys,
} from './project/option-keys.js';
import { memoryReader } from './source/loader.js';
import { SourceFile } from './source/source.js';
import { targets as allTargets } from './targets/index.js';
import type { EmitOptions, Target } from './targets/target.js';

export type { FunctionDescription, PassDescription } from './abi/describe.js';
// What targets are given: definitions as they are read, and plans of their functions.
export type * from './abi/plan.js';
export type * from './changes/change.js';
export type * from './changes/surface.js';
export type { Code, Params, Severity } from './diagnostics/catalog.js';
export type { Related, ReportOptions } from './diagnostics/diagnostic.js';
export type { Paint, Palette } from './diagnostics/render.js';
export type * from './model/model.js';
export type { Position, SourceFile, Span } from './source/source.js';
export type { FileMap } from './targets/target.js';
export type { Diagnostic, EmitOptions, Features, Selection, Target };
export { render as renderDiagnostic } from './diagnostics/render.js';
export { DiagnosticBag } from './diagnostics/diagnostic.js';
export { ConfigurationError };
export { shippedDefinitions } from './shipped.js';

/** Texts by path. */
export type Files = Readonly<Record<string, string>>;

export interface ReadOptions extends Selection {
  /** What the definitions are called in outputs. Default: the name of the one file without its ending, or `definitions`. */
  readonly label?: string | undefined;
  /** WIT: the `@unstable` features that are on, or `all`. Default: none. */
  readonly features?: Features | undefined;
}

export interface GenerateOptions extends ReadOptions {
  /** Ids, or targets of your own. Default: all that the definitions allow, but for documentation and `wit`. */
  readonly targets?: readonly (string | Target)[] | undefined;
  /** The ending of relative imports in TypeScript. Default: `.js`. */
  readonly importSuffix?: EmitOptions['importSuffix'] | undefined;
  /** Text for the top of every file, such as a licence; without comment marks. */
  readonly header?: string | undefined;
  /** What the rules of target `wit` leave open, in WIT. */
  readonly annotations?: string | undefined;
  /** `disable`: linters pass over the files. */
  readonly lint?: EmitOptions['lint'];
  /** The cases of errnos that say what the bindings find, by the names of faults. */
  readonly errno?: EmitOptions['errno'];
}

const readKeys: Keys<ReadOptions> = {
  label: text,
  features: featuresCheck,
  world: text,
  include: texts,
  exclude: texts,
};
const generateKeys: Keys<GenerateOptions> = {
  ...readKeys,
  targets: targetsCheck,
  importSuffix: oneOf('', '.js', '.ts'),
  header: anyText,
  annotations: anyText,
  lint: oneOf(...lints),
  errno: byName(text),
};

export interface Parsed {
  /** What the definitions mean: types with their sizes, functions with their signatures. Undefined: they have errors. */
  readonly model: Surface | undefined;
  readonly diagnostics: readonly Diagnostic[];
}

/** Reads definitions. */
export function parse(files: Files, options: ReadOptions = {}): Parsed {
  const { planned, diagnostics } = plannedFrom('parse', files, options);
  return { model: planned && surfaceOf(planned), diagnostics };
}

export interface Plan {
  /** How each function crosses the boundary, in order; empty when there are errors. */
  readonly functions: readonly FunctionDescription[];
  readonly diagnostics: readonly Diagnostic[];
}

/** Plans the ABI of every function: core signatures, offsets, tags, ownership. */
export function plan(files: Files, options: ReadOptions = {}): Plan {
  const { planned, diagnostics } = plannedFrom('plan', files, options);
  return { functions: planned === undefined ? [] : describeFunctions(planned), diagnostics };
}

export interface Generated {
  /** Every file, by its path below the output folder; empty when there are errors. */
  readonly files: Files;
  readonly model: Surface | undefined;
  readonly diagnostics: readonly Diagnostic[];
}

/**
 * Generates bindings and documentation.
 *
 * @throws ConfigurationError when there is no such target, or it does not take definitions of this kind
 */
export async function generate(files: Files, options: GenerateOptions = {}): Promise<Generated> {
  checkOptions('generate', generateKeys, [], options);
  const { targets, importSuffix = '.js', header, annotations, lint, errno } = options;
  const { entries, label, reader } = definitions(files, options.label);
  const dialect = hasWitx(files) ? 'witx' : 'wit';
  const generated = await generateAll(
    {
      label,
      entries,
      targets: chooseTargets(allTargets, foreignTargets(targets), idsOf(targets), dialect),
      options: {
        importSuffix,
        header,
        lint,
        errno,
        support: undefined,
        annotations: annotations === undefined ? undefined : new SourceFile('annotations.wit', annotations),
        command: 'npx wasi-crypto-gen generate',
      },
      features: options.features,
      selection: options,
    },
    reader,
  );
  return {
    files: Object.fromEntries(generated.files),
    model: generated.surface,
    diagnostics: generated.diagnostics,
  };
}

export interface Checked {
  /** Whether nothing was found, and the definitions have no errors. */
  readonly ok: boolean;
  readonly findings: readonly {
    readonly path: string;
    /** `missing`: it would be generated; `stale`: with another text; `unknown`: it would not. */
    readonly problem: 'missing' | 'stale' | 'unknown';
  }[];
  readonly diagnostics: readonly Diagnostic[];
}

/** Compares what was generated with what would be. @throws ConfigurationError like `generate` */
export async function check(files: Files, made: Files, options: GenerateOptions = {}): Promise<Checked> {
  checkFiles(made);
  const { files: wanted, diagnostics } = await generate(files, options);
  const hasErrors = diagnostics.some((each) => each.severity === 'error');
  const paths = hasErrors ? [] : [...new Set([...Object.keys(wanted), ...Object.keys(made)])].sort();
  const findings = paths.flatMap((path): Checked['findings'] => {
    if (!Object.hasOwn(made, path)) return [{ path, problem: 'missing' }];
    if (!Object.hasOwn(wanted, path)) return [{ path, problem: 'unknown' }];
    return made[path] === wanted[path] ? [] : [{ path, problem: 'stale' }];
  });
  return { ok: !hasErrors && findings.length === 0, findings, diagnostics };
}

export interface Difference {
  /** Undefined when definitions have errors. */
  readonly comparison: Comparison | undefined;
  /** Errors of either side. */
  readonly diagnostics: readonly Diagnostic[];
}

/** Compares definitions by what they mean to guests and hosts; WITX and WIT, too. */
export function diff(old: Files, now: Files, options: ReadOptions = {}): Difference {
  const [before, after] = [plannedFrom('diff', old, options), plannedFrom('diff', now, options)];
  const diagnostics = [...before.diagnostics, ...after.diagnostics].filter(({ severity }) => severity === 'error');
  if (before.planned === undefined || after.planned === undefined) return { comparison: undefined, diagnostics };
  return { comparison: compare(surfaceOf(before.planned), surfaceOf(after.planned)), diagnostics };
}

function plannedFrom(
  func: string,
  files: Files,
  options: ReadOptions,
): { readonly planned: PlannedUnit | undefined; readonly diagnostics: readonly Diagnostic[] } {
  checkOptions(func, readKeys, [], options);
  const bag = new DiagnosticBag();
  const { entries, label, reader } = definitions(files, options.label);
  const unit: Unit | undefined = readUnit({ label, entries }, reader, bag, { features: options.features ?? [] });
  const planned = unit === undefined || bag.hasErrors ? undefined : planUnit(unit, bag, options);
  return { planned: bag.hasErrors ? undefined : planned, diagnostics: bag.all };
}

const hasWitx = (files: Files): boolean => Object.keys(files).some((each) => each.endsWith('.witx'));

function checkFiles(files: Files): void {
  const wrong = Object.entries(files).find(([, content]: [string, unknown]) => typeof content !== 'string');
  if (wrong !== undefined) throw new ConfigurationError(`\`${wrong[0]}\` should be a text`, 'files are texts by path');
}

/** One file is the entry, several are a folder. */
function definitions(
  files: Files,
  label: string | undefined,
): { readonly entries: readonly string[]; readonly label: string; readonly reader: ReturnType<typeof memoryReader> } {
  checkFiles(files);
  const paths = Object.keys(files);
  const [only = ''] = paths;
  const reader = memoryReader(new Map(Object.entries(files)));
  return {
    entries: paths.length === 1 ? [only] : ['.'],
    label: label ?? (paths.length === 1 ? only.replace(/^.*\//, '').replace(/\.\w+$/, '') : 'definitions'),
    reader: { ...reader, list: (path) => (path === '.' ? (reader.list(path) ?? []) : reader.list(path)) },
  };
}
