/** Finds the world a component is for. */
import { statSync } from 'node:fs';
import { basename, resolve } from 'node:path';
import { DiagnosticBag, type Diagnostic } from '../diagnostics/diagnostic.js';
import { didYouMean } from '../diagnostics/suggest.js';
import { readUnit } from '../frontend/read.js';
import type { Unit, World } from '../model/model.js';
import { ConfigurationError } from '../project/errors.js';
import { checkOptions, features as featuresCheck, text, type Keys } from '../project/option-keys.js';
import { diskReader } from '../source/disk.js';
import { bundleWorld, witName } from './wit-bundle.js';

export interface WorldOptions {
  /** A WIT file, or a folder of them with `deps`. wasi-crypto 0.11 need not be among them. */
  readonly wit: string;
  /** The world: its name, or `namespace:package/name@version`. Default: the only one. */
  readonly world?: string | undefined;
  /** Which `@unstable` features are on. Default: none. */
  readonly features?: readonly string[] | 'all' | undefined;
}

export const worldKeys: Keys<WorldOptions> = { wit: text, world: text, features: featuresCheck };

export interface FoundWorld {
  readonly unit: Unit;
  readonly world: World;
}

/**
 * Reads definitions and chooses a world of theirs; `undefined` when they have errors, which go to the bag.
 *
 * @throws ConfigurationError when there are no such definitions, or it is not clear which world is meant
 */
export function findWorld(
  { wit, world: wanted, features = [] }: WorldOptions,
  bag: DiagnosticBag,
  reader = diskReader,
): FoundWorld | undefined {
  if (statSync(wit, { throwIfNoEntry: false }) === undefined) {
    throw new ConfigurationError(
      `there is no file or folder \`${wit}\``,
      'name a WIT file, or a folder of them, with `--wit`',
    );
  }
  const unit = readUnit({ label: basename(resolve(wit)), entries: [wit] }, reader, bag, { features });
  return unit && { unit, world: choose(unit, wanted, wit) };
}

function choose(unit: Unit, wanted: string | undefined, wit: string): World {
  if (unit.dialect !== 'wit') {
    throw new ConfigurationError(
      `\`${wit}\` has WITX definitions`,
      'components are described in WIT; guests for WITX are core modules, which `asc` makes alone',
    );
  }
  const worlds = unit.packages.filter((each) => each.isDependency !== true).flatMap((each) => each.worlds ?? []);
  const found =
    wanted === undefined ? worlds : worlds.filter((each) => each.name.wire === wanted || each.id === wanted);
  const [first] = found;
  if (first !== undefined && found.length === 1) return first;
  if (worlds.length === 0)
    throw new ConfigurationError(
      `\`${wit}\` has no world`,
      'a component is made for one: `world app { import …; export …; }`',
    );
  const names = worlds.map((each) => each.name.wire);
  const hint = `worlds are ${(new Set(names).size < names.length ? worlds.map((each) => each.id) : names).map((each) => `\`${each}\``).join(', ')}`;
  if (wanted === undefined)
    throw new ConfigurationError(`\`${wit}\` has several worlds`, `say which with \`--world\`: ${hint}`);
  if (first === undefined)
    throw new ConfigurationError(`\`${wit}\` has no world \`${wanted}\``, didYouMean(wanted, names) ?? hint);
  throw new ConfigurationError(`\`${wit}\` has several worlds \`${wanted}\``, hint);
}

export interface BundleResult {
  /** Whether there is a text. */
  readonly ok: boolean;
  /** The world with all it refers to, other packages nested; empty when the definitions have errors. */
  readonly text: string;
  /** Its name as WIT writes it. */
  readonly world: string;
  /** What is wrong, or worth knowing, about the definitions. */
  readonly diagnostics: readonly Diagnostic[];
}

/**
 * One text for a world and all that it refers to, for tools that take WIT in one piece:
 * componentize-js, jco's programming interface. The definitions of wasi-crypto 0.11 are put in where
 * they are referred to and not given. Docs are left out.
 *
 * @throws ConfigurationError when there are no such definitions, or it is not clear which world is meant
 */
export function bundleWit(options: WorldOptions): BundleResult {
  checkOptions('bundleWit', worldKeys, ['wit'], options);
  const bag = new DiagnosticBag();
  const found = findWorld(options, bag);
  const bundled =
    found === undefined
      ? { ok: false, text: '', world: '' }
      : { ok: true, text: bundleWorld(found.unit, found.world), world: witName(found.world.name.wire) };
  return { ...bundled, diagnostics: bag.all };
}
