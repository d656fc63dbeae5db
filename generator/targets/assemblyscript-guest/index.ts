/** The `assemblyscript-guest` target: raw imports, classes and recipes for guests in AssemblyScript. */
import type { PlannedUnit } from '../../abi/plan.js';
import type { DiagnosticBag } from '../../diagnostics/diagnostic.js';
import { AsFile, braced, type AsSymbol } from '../../print/as-file.js';
import { banner } from '../../print/header.js';
import { spellingNote } from '../../model/spelling.js';
import type { AppliedErratum } from '../../model/model.js';
import type { SourceFile } from '../../source/source.js';
import type { EmitOptions, FileMap, Target } from '../target.js';
import { declareClass, declareFunctions } from './class-file.js';
import { emitComponent } from './component/index.js';
import { errnoFile, functionsFile, namesOf, typesFile, type Names } from './names.js';
import { declareRaw } from './raw-file.js';
import { missingFunctions, recipesFor, type Recipes } from './recipes.js';
import { Shapes } from './shapes.js';
import { copied, exported, exportedOverlay, overlayFile, templateFiles } from './templates.js';
import { declareErrno, declareTypes } from './types-file.js';

export const assemblyscriptGuest: Target = {
  id: 'assemblyscript-guest',
  summary: 'AssemblyScript classes, recipes and raw imports for core modules, and what components export',
  dialects: ['witx', 'wit'],
  emit: async (planned, options, bag) =>
    (planned.unit.dialect === 'witx' ? emitCore : emitComponent)(planned, options, bag),
};

function emitCore(planned: PlannedUnit, options: EmitOptions, bag: DiagnosticBag): FileMap {
  const { unit } = planned;
  const label = unit.packages.map((each) => each.id).join(', ');
  const top = (
    source: SourceFile | undefined,
    errata: readonly AppliedErratum[] = [],
    note?: string,
  ): readonly string[] => banner({ source, label, errata, options, note });
  const names = namesOf(planned);
  const shapes = new Shapes(names);
  const files: AsFile[] = [];
  const open = (path: string, lines = top(undefined)): AsFile => {
    const file = new AsFile(path, lines);
    files.push(file);
    return file;
  };

  for (const [module, path] of names.raw) {
    declareRaw(
      planned,
      module,
      open(
        path,
        top(
          module.file,
          unit.errata.filter((each) => each.module === module.name.wire),
          spellingNote(module.name.wire),
        ),
      ),
    );
  }
  for (const [kind, { from }] of names.classes) {
    const funcs = new Set([...names.members].filter(([, each]) => each.owner === kind).map(([func]) => func.name.wire));
    const file = open(
      from,
      top(
        undefined,
        unit.errata.filter((each) => funcs.has(each.func)),
      ),
    );
    declareClass(planned, kind, { file, names, shapes }, bag);
  }
  if (names.free.size > 0) declareFunctions(planned, { file: open(functionsFile), names, shapes }, bag);
  declareTypes(planned, names, shapes, open(typesFile), bag);
  declareErrno(names, open(errnoFile));
  const cooks = wantsRecipes(planned, names, bag);
  declareIndex(names, shapes, cooks, open('index'));

  const emitted = new Map<string, string>();
  const add = (path: string, text: string): void => void emitted.set(`${names.packageName}/${path}.ts`, text);
  for (const file of files) add(file.path, file.print());
  for (const name of templateFiles) add(name, copied(name, top(undefined)));
  if (!shapes.isEmpty) add(overlayFile, copied(overlayFile, top(undefined)));
  for (const [file, template] of cooks?.filesOf('witx') ?? []) add(file, copied(template, top(undefined)));
  return emitted;
}

/** Recipes are for a whole package: a part of it, or a changed one, says what they miss. */
function wantsRecipes(planned: PlannedUnit, names: Names, bag: DiagnosticBag): Recipes | undefined {
  const recipes = recipesFor(names.packageName);
  if (recipes === undefined) return undefined;
  const missing = missingFunctions(planned, recipes);
  if (missing.length === 0) return recipes;
  bag.report('no-guest-recipes', undefined, { missing: missing.map((each) => `\`${each}\``).join(', ') });
  return undefined;
}

/** What guests import from the package itself. */
function declareIndex(names: Names, shapes: Shapes, cooks: Recipes | undefined, file: AsFile): void {
  const symbols: AsSymbol[] = [
    ...exported,
    ...(shapes.isEmpty ? [] : exportedOverlay),
    ...names.classes.values(),
    ...names.free.values(),
  ];
  const byFile = new Map<string, string[]>();
  for (const { name, from } of symbols) byFile.set(from, [...(byFile.get(from) ?? []), name]);
  if (cooks !== undefined) byFile.set('recipes', [...cooks.exports]);
  const named = [...byFile].sort(([left], [right]) => (left < right ? -1 : 1));
  file.add([
    `export * from "./${typesFile}";`,
    ...named.map(([from, own]) => braced('export', own.sort(), `from "./${from}";`)),
  ]);
}
