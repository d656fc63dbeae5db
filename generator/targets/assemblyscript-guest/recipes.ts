/**
 * The recipes: whole tasks in one call, written by hand over the generated classes. They are copied
 * only when the definitions have every function they use. Those of a package stand in the folder of its name below
 * the templates: `recipes.ts`, what differs between the ABIs, and the functions that they call.
 */
import { isCanonical, isPlanned, type PlannedUnit } from '../../abi/plan.js';
import { placedFuncs } from '../../model/kinds.js';
import { snake } from '../../model/name.js';
import type { Dialect } from '../../model/model.js';
import { templateExports } from '../../print/template.js';
import { shippedEntries, shippedText } from '../../shipped-files.js';

export interface Recipes {
  /** The package they are for. */
  readonly package: string;
  /** What guests may use of them. */
  readonly exports: readonly string[];
  /** The functions behind the methods that they call; a test compares. */
  readonly functions: readonly string[];
  /** And those that only one of the ABIs needs: handles of components are dropped. */
  readonly functionsOf: Readonly<Record<Dialect, readonly string[]>>;
  /** The recipes themselves, and what differs between the ABIs: files, and the templates they are made from. */
  filesOf(dialect: Dialect): readonly (readonly [file: string, template: string])[];
}

interface Called {
  readonly functions: readonly string[];
  readonly witx: readonly string[];
  readonly wit: readonly string[];
}

const folder = 'templates/assemblyscript-guest';
const calledFile = 'functions.json';

/** Those of all packages that have some. */
export const allRecipes: readonly Recipes[] = shippedEntries(folder)
  .filter((each) => each.isFolder && shippedEntries(`${folder}/${each.name}`).some(({ name }) => name === calledFile))
  .map(({ name }) => {
    const { functions, witx, wit } = JSON.parse(shippedText(`${folder}/${name}/${calledFile}`)) as Called;
    return {
      package: name,
      exports: templateExports(`assemblyscript-guest/${name}/recipes`),
      functions,
      functionsOf: { witx, wit },
      filesOf: (dialect) => [
        ['recipes', `${name}/recipes`],
        ['dialect', `${name}/dialect-${dialect}`],
      ],
    };
  });

export function recipesFor(packageName: string): Recipes | undefined {
  return allRecipes.find((each) => each.package === packageName);
}

/** The functions that recipes need and a unit lacks. */
export function missingFunctions(planned: PlannedUnit, recipes: Recipes): readonly string[] {
  const { unit, plans, canonical } = planned;
  const present = new Set(
    placedFuncs(unit).flatMap(({ func }) => {
      const [core, component] = [plans.get(func), canonical.get(func)];
      return (core !== undefined && isPlanned(core)) || (component !== undefined && isCanonical(component))
        ? [snake([...(func.resource?.name.words ?? []), ...func.name.words])]
        : [];
    }),
  );
  return [...recipes.functions, ...recipes.functionsOf[unit.dialect]].filter((name) => !present.has(name));
}
