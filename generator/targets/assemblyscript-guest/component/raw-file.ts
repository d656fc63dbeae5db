/** `raw/*.ts`: the imports of an interface as the ABI has them. */
import type { CanonicalPlan, CoreParam, CoreSignature, PlannedUnit } from '../../../abi/plan.js';
import { pointsToMemory } from '../../../abi/shape.js';
import { comment, docs, listing, type AsFile, type AsSymbol, type Listing } from '../../../print/as-file.js';
import { Scope } from '../../../print/scope.js';
import { legal, reservedGlobals } from '../reserved.js';
import type { ComponentNames } from './names.js';
import { declareHandles } from './implemented.js';
import { unplannable, type PlacedModule } from './places.js';
import { coreTypes } from './values.js';

export function declareRaw(planned: PlannedUnit, placed: PlacedModule, names: ComponentNames, file: AsFile): void {
  const { module, imports, from } = placed;
  file.add(docs(module.docs));
  for (const [kind, own] of names.implemented)
    if (kind.module === module && placed.implementedAs !== undefined)
      declareHandles(kind, own, placed.implementedAs, file);
  if (from === undefined) return;
  for (const each of imports) {
    const { name } = (names.imports.get(each) as { readonly raw: AsSymbol }).raw;
    file.add([
      docs(each.func.docs),
      external(from, each.wire),
      declaration(file.claim(name), each.plan.imported, pointersOf(each.plan)),
    ]);
  }
  // The generator has warned about them.
  for (const each of unplannable(planned, module)) file.add(comment(`${each.unplannable.message}.`));
  for (const kind of module.types) {
    const drop = names.drops.get(kind);
    if (drop === undefined) continue;
    const signature: CoreSignature = { params: [{ name: 'handle', type: 'i32' }], result: undefined };
    file.add([
      docs(`Gives up a handle of a \`${kind.name.wire}\`. One that was owned takes the \`${kind.name.wire}\` with it.`),
      external(from, `[resource-drop]${kind.name.wire}`),
      declaration(file.claim(drop.name), signature),
    ]);
  }
}

function external(module: string, name: string): string {
  return `@external(${JSON.stringify(module)}, ${JSON.stringify(name)})`;
}

function declaration(
  name: string,
  { params, result }: CoreSignature,
  pointers: ReadonlySet<CoreParam> = new Set(),
): Listing {
  const scope = new Scope();
  const items = params.map(
    (each) =>
      `${scope.declare(legal(each.name, reservedGlobals))}: ${pointers.has(each) ? 'usize' : coreTypes[each.type]}`,
  );
  return listing(`export declare function ${name}(`, items, `): ${result === undefined ? 'void' : coreTypes[result]};`);
}

/** Addresses, and lengths of what stands there. */
function pointersOf({ params, imported }: CanonicalPlan): ReadonlySet<CoreParam> {
  const values = new Set(params.flatMap(({ core }) => core));
  const texts = params.flatMap(({ pass, core }) => (pointsToMemory(pass) ? core : []));
  return new Set([...texts, ...imported.params.filter((each) => !values.has(each))]);
}
