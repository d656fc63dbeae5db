/** Components (WIT): the same classes and recipes over the canonical ABI, and what worlds export. */
import type { PlannedUnit } from '../../../abi/plan.js';
import { DiagnosticBag } from '../../../diagnostics/diagnostic.js';
import { AsFile, block, braced, docs, listing, type AsSymbol } from '../../../print/as-file.js';
import { relative } from '../../../print/relative.js';
import { banner } from '../../../print/header.js';
import { Scope } from '../../../print/scope.js';
import type { SourceFile } from '../../../source/source.js';
import type { EmitOptions, FileMap } from '../../target.js';
import { missingFunctions, recipesFor, type Recipes } from '../recipes.js';
import { copied } from '../templates.js';
import { canonicalFiles, canonicalFolder, exportedCanonical, exportedResult, tupleSymbol } from './canonical.js';
import { declareClass, declareFunctions, resultFile } from './class-file.js';
import { Codecs, codecsFile } from './codecs.js';
import { declareImplemented } from './implemented.js';
import { componentNames, type ComponentNames, type PlaceNames } from './names.js';
import { declareRaw } from './raw-file.js';
import { declareTypes } from './types-file.js';
import type { Site } from './values.js';
import { declareWorld } from './world-file.js';

/** The entry files of the compiler, one for each world with exports. */
const worldsFolder = 'worlds';

export function emitComponent(planned: PlannedUnit, options: EmitOptions, bag: DiagnosticBag): FileMap {
  const label = planned.unit.packages
    .filter((each) => each.isDependency !== true)
    .map((each) => each.id)
    .join(', ');
  const top = (source?: SourceFile): readonly string[] => banner({ source, label, errata: [], options });
  const names = componentNames(planned);
  const codecsOutput = new AsFile(codecsFile, top());
  const codecs = new Codecs(names, codecsOutput);
  const files: AsFile[] = [];
  const emitted = new Map<string, string>();
  const open = (path: string, lines = top()): Site => {
    // Files of worlds stand for the guest: what they import has to be the same as what the guest imports.
    const file = new AsFile(path, lines, path.startsWith(`${worldsFolder}/`) ? 'package' : 'relative');
    files.push(file);
    return { file, names, codecs };
  };
  const indexes: (() => void)[] = [];
  const copy = (path: string, template: string): void => void emitted.set(`${path}.ts`, copied(template, top()));

  for (const own of names.places) {
    for (const placed of own.place.modules) {
      const path = own.raw.get(placed);
      if (path !== undefined) declareRaw(planned, placed, names, open(path, top(placed.module.file)).file);
    }
    for (const [kind, { from }] of names.classes) {
      if (!from.startsWith(`${own.place.folder}/`)) continue;
      if (names.implemented.has(kind)) declareImplemented(planned, kind, open(from));
      else declareClass(own, kind, open(from));
    }
    if (exportsOf(own, names).some(({ from }) => from === `${own.place.folder}/functions`))
      declareFunctions(own, open(`${own.place.folder}/functions`));
    if (hasTypes(own, names)) declareTypes(own, open(`${own.place.folder}/types`));
    if (own.errnos.size > 0) {
      declareErrno(own, names, open(`${own.place.folder}/errno`).file);
      copy(resultFile(own), 'result');
    }
    const cooks = wantsRecipes(planned, own, bag);
    if (cooks !== undefined) {
      for (const [file, template] of cooks.filesOf('wit')) copy(`${own.place.folder}/${file}`, template);
      open(`${own.place.folder}/buffers`).file.add('export * from "../canonical/buffers";');
    }
    indexes.push(() => declareIndex(own, names, cooks, codecs, open(`${own.place.folder}/index`).file));
  }
  declareWorlds(planned, open, bag);
  codecs.declareAll();
  for (const declare of indexes) declare();
  if (!codecs.isEmpty) files.push(codecsOutput);
  if (codecs.tuples.length > 0) declareTuples(codecs.tuples, open(`${canonicalFolder}/tuples`).file);
  for (const file of files) emitted.set(`${file.path}.ts`, file.print());
  for (const [file, template] of canonicalFiles) copy(file, template);
  return emitted;
}

/** Worlds that were only read because others need them have their warnings where they come from. */
function declareWorlds(planned: PlannedUnit, open: (path: string) => Site, bag: DiagnosticBag): void {
  const files = new Scope();
  const packages = [...planned.unit.packages].sort(
    (left, right) => Number(left.isDependency ?? false) - Number(right.isDependency ?? false),
  );
  for (const { worlds = [], isDependency } of packages) {
    for (const world of worlds) {
      if (world.exports.length > 0)
        declareWorld(
          planned,
          world,
          open(`${worldsFolder}/${files.declare(world.name.wire)}`),
          isDependency === true ? new DiagnosticBag() : bag,
        );
    }
  }
}

function hasTypes({ place }: PlaceNames, names: ComponentNames): boolean {
  return [...names.types.values()].some(({ from }) => from === `${place.folder}/types`);
}

/** Recipes are for a whole package: a part of it, or a changed one, says what they miss. */
function wantsRecipes(planned: PlannedUnit, { place }: PlaceNames, bag: DiagnosticBag): Recipes | undefined {
  const recipes = recipesFor(place.folder);
  if (recipes === undefined) return undefined;
  const missing = missingFunctions(planned, recipes);
  if (missing.length === 0) return recipes;
  bag.report('no-guest-recipes', undefined, { missing: missing.map((each) => `\`${each}\``).join(', ') });
  return undefined;
}

/** The classes and functions of a package. */
function exportsOf({ place }: PlaceNames, names: ComponentNames): readonly AsSymbol[] {
  const free = place.modules.flatMap((each) => each.imports).flatMap((each) => names.imports.get(each)?.free ?? []);
  return [...[...names.classes.values()].filter(({ from }) => from.startsWith(`${place.folder}/`)), ...free];
}

/** What guests import from the package itself. */
function declareIndex(
  own: PlaceNames,
  names: ComponentNames,
  cooks: Recipes | undefined,
  codecs: Codecs,
  file: AsFile,
): void {
  const { folder } = own.place;
  const symbols: AsSymbol[] = [
    ...exportedCanonical,
    ...codecs.tuples.map(tupleSymbol),
    ...exportsOf(own, names),
    ...(own.errnos.size > 0 ? exportedResult.map((name) => ({ name, from: resultFile(own) })) : []),
    ...(cooks?.exports ?? []).map((name) => ({ name, from: `${folder}/recipes` })),
  ];
  const byFile = new Map<string, string[]>();
  for (const { name, from } of symbols) byFile.set(from, [...(byFile.get(from) ?? []), name]);
  const named = [...byFile]
    .map(([from, own]) => ({ specifier: relative(file.path, from), own }))
    .sort((left, right) => (left.specifier < right.specifier ? -1 : 1));
  file.add([
    hasTypes(own, names) && 'export * from "./types";',
    named.map(({ specifier, own: exported }) => braced('export', exported.sort(), `from "${specifier}";`)),
  ]);
}

/** `errno.ts`: what `result.ts` calls errno. */
function declareErrno({ errnos }: PlaceNames, names: ComponentNames, file: AsFile): void {
  const [only, ...others] = errnos;
  const symbol = only === undefined ? undefined : names.types.get(only[0]);
  if (only !== undefined && symbol !== undefined && others.length === 0) {
    file.add([
      docs('The errno of this package, by the name that `result.ts` has for it.'),
      `export { ${symbol.name} as Errno, ${only[1].name} as errnoName } from "${relative(file.path, symbol.from)}";`,
    ]);
    return;
  }
  file.add([docs('An errno: this package has several enums for them.'), 'export type Errno = i32;']);
  file.add([
    docs('An errno for messages.'),
    block('export function errnoName(errno: Errno): string', 'return errno.toString();'),
  ]);
}

/** `canonical/tuples.ts`: a class for every length. */
function declareTuples(lengths: readonly number[], file: AsFile): void {
  for (const length of lengths) {
    const items = Array.from({ length }, (_, index) => index);
    const fields = listing(
      'constructor(',
      items.map((index) => `public item${index}: T${index}`),
      ') {}',
    );
    file.add([
      docs(`${length} values.`),
      '@final',
      block(`export class ${tupleSymbol(length).name}<${items.map((index) => `T${index}`).join(', ')}>`, fields),
    ]);
  }
}
