import type { DiagnosticBag } from '../../diagnostics/diagnostic.js';
import { erroneous, type DeclDraft } from '../build.js';
import { circles } from '../graph.js';
import type { Dialect, Type, TypeDecl } from '../model.js';
import { walk } from '../visit.js';

/** As `resolve`, but safe before circles are cut: `undefined` where aliases go in one. */
export function follow(type: Type): Exclude<Type, { kind: 'ref' }> | undefined {
  const seen = new Set<TypeDecl>();
  let current = type;
  while (current.kind === 'ref') {
    if (seen.has(current.decl)) return undefined;
    seen.add(current.decl);
    current = current.decl.type;
  }
  return current;
}

/** The types that a declaration names. */
export function references(decl: TypeDecl): readonly TypeDecl[] {
  const found: TypeDecl[] = [];
  walk(decl.type, (each) => {
    if (each.kind === 'ref') found.push(each.decl);
  });
  return found;
}

/**
 * Reports types that contain themselves, also through lists and pointers (WIT has no recursion, nor
 * has WITX: its reference implementation wants names declared before they are used), and cuts the circles,
 * so that all later stages may follow names without care.
 */
export function cutCyclicTypes(decls: readonly DeclDraft[], dialect: Dialect, bag: DiagnosticBag): void {
  const sigil = dialect === 'witx' ? '$' : '';
  const drafts = new Map<TypeDecl, DeclDraft>(decls.map((each) => [each, each]));
  for (
    let found = circles<TypeDecl>(decls, references);
    found.length > 0;
    found = circles<TypeDecl>(decls, references)
  ) {
    for (const [first, ...others] of found) {
      if (first === undefined) continue;
      const related = others.map((each) => ({
        message: `through \`${sigil}${each.name.wire}\``,
        span: each.name.span,
      }));
      bag.report('cyclic-type', first.name.span, { name: sigil + first.name.wire }, { related });
      for (const each of [first, ...others]) {
        const draft = drafts.get(each);
        if (draft !== undefined) draft.type = erroneous;
      }
    }
  }
}
