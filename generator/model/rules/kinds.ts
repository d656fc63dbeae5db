import type { DiagnosticBag } from '../../diagnostics/diagnostic.js';
import { handleKinds } from '../kinds.js';
import type { TypeDecl, Unit } from '../model.js';

/** Classes are named after handle kinds, all in one space: no two modules may found the same one. */
export function checkKinds(unit: Unit, bag: DiagnosticBag): void {
  const byName = new Map<string, TypeDecl>();
  for (const kind of handleKinds(unit)) {
    const words = kind.name.words.join('_');
    const first = byName.get(words);
    if (first === undefined) {
      byName.set(words, kind);
    } else if (first.module !== kind.module) {
      const related = [{ message: 'founded here first', span: first.name.span }];
      bag.report(
        'duplicate-kind',
        kind.name.span,
        { name: kind.name.wire, module: first.module.name.wire },
        { related },
      );
    }
  }
}
