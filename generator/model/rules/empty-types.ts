import type { DiagnosticBag } from '../../diagnostics/diagnostic.js';
import { allModules } from '../kinds.js';
import type { Type, Unit } from '../model.js';

/** What is empty and has no value, or no use. An empty record has one value, and may stand in a variant. */
function emptiness(type: Type): string | undefined {
  if (type.kind === 'enum' && type.cases.length === 0) return 'enum';
  if (type.kind === 'variant' && type.cases.length === 0) return 'variant';
  return type.kind === 'flags' && type.flags.length === 0 ? 'flags type' : undefined;
}

export function checkEmptyTypes(unit: Unit, bag: DiagnosticBag): void {
  for (const decl of allModules(unit).flatMap((module) => module.types)) {
    const what = emptiness(decl.type);
    if (what === undefined) continue;
    const hint = what === 'flags type' ? 'use an integer until there are flags' : 'no value could ever be of this type';
    bag.report('empty-type', decl.name.span, { what, name: decl.name.wire }, { hint });
  }
}
