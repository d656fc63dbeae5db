import type { DiagnosticBag } from '../../diagnostics/diagnostic.js';
import { erroneous } from '../build.js';
import { allFuncs, allModules, worldModules } from '../kinds.js';
import type { Dialect, Name, Type, Unit } from '../model.js';
import { signatureTypes, walk } from '../visit.js';

/**
 * What is empty and has no value, or no use. An empty record has one value, and WITX may have it in
 * a variant; components refuse it. Empty enums and variants of WIT are found when they are read.
 */
function emptiness(type: Type, dialect: Dialect): string | undefined {
  if (type.kind === 'flags' && type.flags.length === 0) return 'flags type';
  if (dialect === 'wit') return type.kind === 'record' && type.fields.length === 0 ? 'record' : undefined;
  if (type.kind === 'enum' && type.cases.length === 0) return 'enum';
  return type.kind === 'variant' && type.cases.length === 0 ? 'variant' : undefined;
}

const hints: Readonly<Record<string, string>> = {
  'flags type': 'use an integer until there are flags',
  record: 'components have no empty records: use `result`, or leave it out',
};

/** Components have no empty tuples either, wherever they stand. */
function checkTuples(name: Name, types: readonly Type[], bag: DiagnosticBag): void {
  for (const type of types) {
    walk(type, (each) => {
      if (each.kind === 'tuple' && each.items.length === 0 && each !== erroneous) {
        bag.report(
          'empty-type',
          name.span,
          { what: 'a tuple of', name: name.wire },
          { hint: 'components have no empty tuples: leave it out' },
        );
      }
    });
  }
}

export function checkEmptyTypes(unit: Unit, bag: DiagnosticBag): void {
  const { dialect } = unit;
  for (const module of [...allModules(unit), ...worldModules(unit)]) {
    for (const { name, type } of module.types) {
      const what = emptiness(type, dialect);
      const shown = dialect === 'witx' ? `$${name.wire}` : name.wire;
      if (what !== undefined)
        bag.report(
          'empty-type',
          name.span,
          { what, name: shown },
          { hint: hints[what] ?? 'no value could ever be of this type' },
        );
      if (dialect === 'wit') checkTuples(name, [type], bag);
    }
  }
  if (dialect === 'wit') for (const func of allFuncs(unit)) checkTuples(func.name, signatureTypes(func), bag);
}
