import type { DiagnosticBag } from '../../diagnostics/diagnostic.js';
import { allModules } from '../kinds.js';
import type { Type, Unit } from '../model.js';

/** What is empty and has no value, or no use. An empty record has one value, and WITX may have it in a variant. */
function emptiness(type: Type): string | undefined {
  if (type.kind === 'flags' && type.flags.length === 0) return 'flags type';
  if (type.kind === 'enum' && type.cases.length === 0) return 'enum';
  return type.kind === 'variant' && type.cases.length === 0 ? 'variant' : undefined;
}

export function checkEmptyTypes(unit: Unit, bag: DiagnosticBag): void {
  for (const { name, type } of allModules(unit).flatMap((module) => module.types)) {
    const what = emptiness(type);
    if (what === undefined) continue;
    const hint = type.kind === 'flags' ? 'use an integer until there are flags' : 'no value could ever be of this type';
    bag.report('empty-type', name.span, { what, name: `$${name.wire}` }, { hint });
  }
}
