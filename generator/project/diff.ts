/** `diff`: what changed between two definitions, wherever each of them stands. */
import { execFileSync } from 'node:child_process';
import { statSync } from 'node:fs';
import { basename } from 'node:path';
import type { Comparison } from '../changes/change.js';
import { compare } from '../changes/compare.js';
import { surfaceOf, type Surface } from '../changes/surface.js';
import { DiagnosticBag, type Diagnostic } from '../diagnostics/diagnostic.js';
import { readUnit } from '../frontend/read.js';
import type { Features } from '../frontend/wit/gates.js';
import { planUnit } from '../generate.js';
import { diskReader } from '../source/disk.js';
import { memoryReader, type FileReader } from '../source/loader.js';
import { ConfigurationError } from './errors.js';
import { checkOptions, features as featuresCheck, text, type Keys } from './option-keys.js';
import { asSeenByUser, findSpec } from './spec.js';

export interface DiffOptions {
  /**
   * A revision shipped with this package (`'0.10'`), the path of a definition file or a folder of them, or one of
   * them in a commit of git, `'<commit>:<path>'` as git takes it: from the root of its repository, or from here after `./`.
   */
  readonly old: string;
  /** Likewise. */
  readonly now: string;
  /** WIT: which `@unstable` features are on, on both sides. Default: none. */
  readonly features?: Features | undefined;
}

const diffKeys: Keys<DiffOptions> = { old: text, now: text, features: featuresCheck };

export interface DiffResult {
  /** Undefined when definitions have errors. */
  readonly comparison: Comparison | undefined;
  /** Errors of either side. */
  readonly diagnostics: readonly Diagnostic[];
}

/**
 * Compares definitions by what they mean to guests and hosts; WITX and WIT, too.
 *
 * @throws ConfigurationError when there is no such revision, file, folder or commit
 */
export function diffDefinitions(options: DiffOptions): DiffResult {
  checkOptions('diff', diffKeys, ['old', 'now'], options);
  const { old, now, features = [] } = options;
  const bag = new DiagnosticBag();
  const [before, after] = [surfaceAt(old, features, bag), surfaceAt(now, features, bag)];
  const diagnostics = bag.all.filter((each) => each.severity === 'error');
  if (before === undefined || after === undefined) return { comparison: undefined, diagnostics };
  return { comparison: compare(before, after), diagnostics };
}

function surfaceAt(where: string, features: Features, bag: DiagnosticBag): Surface | undefined {
  const { label, entry, reader } = definitionsAt(where);
  const own = new DiagnosticBag();
  const unit = readUnit({ label, entries: [entry] }, reader, own, { features });
  for (const each of own.all) bag.add(each);
  if (unit === undefined || own.hasErrors) return undefined;
  // What an ABI cannot express is compared by its types.
  return surfaceOf(planUnit(unit, new DiagnosticBag()));
}

interface Definitions {
  readonly label: string;
  readonly entry: string;
  readonly reader: FileReader;
}

function definitionsAt(where: string): Definitions {
  const [, commit, path] = /^([^:]+):(.+)$/.exec(where) ?? [];
  if (commit !== undefined && path !== undefined && statSync(where, { throwIfNoEntry: false }) === undefined)
    return definitionsIn(commit, path);
  const spec = findSpec(where);
  return { label: spec.label, entry: asSeenByUser(spec.path), reader: diskReader };
}

function definitionsIn(commit: string, path: string): Definitions {
  const object = git(['rev-parse', '--verify', '--quiet', '--end-of-options', `${commit}:${path}`], () => {
    throw new ConfigurationError(
      `git has no \`${commit}:${path}\``,
      'give a commit and a path in it, such as `HEAD~1:witx`; after `./` the path is seen from here',
    );
  }).trim();
  const label = basename(path);
  const files = new Map<string, string>();
  const text = (id: string): string => git(['cat-file', 'blob', id]);
  if (git(['cat-file', '-t', object]).trim() === 'blob') files.set(label, text(object));
  else {
    for (const entry of git(['ls-tree', '-r', '-z', object]).split('\0')) {
      const [, id, name] = /^\d+ blob ([0-9a-f]+)\t(.*)$/s.exec(entry) ?? [];
      if (id !== undefined && name !== undefined && /\.witx?$/.test(name)) files.set(`${label}/${name}`, text(id));
    }
  }
  return { label, entry: label, reader: memoryReader(files) };
}

/** @param otherwise what to do when git refuses */
function git(args: readonly string[], otherwise?: () => never): string {
  try {
    return execFileSync('git', args, {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'pipe'],
      maxBuffer: 64 * 1024 * 1024,
    });
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT')
      throw new ConfigurationError('there is no command `git`', 'install it, or give paths');
    if (otherwise !== undefined) otherwise();
    throw error;
  }
}
