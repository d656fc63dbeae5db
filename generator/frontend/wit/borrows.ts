/** Loans end with the call they are for, so nothing borrowed is returned (Explainer.md, on `borrow`). */
import type { DiagnosticBag } from '../../diagnostics/diagnostic.js';
import { targetsFirst } from '../../model/graph.js';
import type { Func, Module, Type, TypeDecl, World } from '../../model/model.js';
import { walk } from '../../model/visit.js';

/** The declarations a type names itself. */
function named(type: Type): readonly TypeDecl[] {
  const found: TypeDecl[] = [];
  walk(type, (each) => {
    if (each.kind === 'ref') found.push(each.decl);
  });
  return found;
}

/** The first resource that values of a type hold on loan. */
class LoanFinder {
  readonly #known = new Map<TypeDecl, TypeDecl | undefined>();

  constructor(modules: readonly Module[]) {
    // Those that are named come first: a chain of names may be longer than the stack is deep.
    const decls = modules.flatMap((module) => module.types);
    for (const decl of targetsFirst(decls, (each) => named(each.type))) this.#known.set(decl, this.find(decl.type));
  }

  find(type: Type): TypeDecl | undefined {
    let found: TypeDecl | undefined;
    walk(type, (each) => {
      if (each.kind === 'borrow') found ??= each.decl;
      else if (each.kind === 'ref') found ??= this.#known.get(each.decl);
    });
    return found;
  }
}

function worldFuncs(world: World): readonly Func[] {
  return [...world.imports, ...world.exports].flatMap((item) => (item.kind === 'func' ? [item.func] : []));
}

export function checkBorrowsInResults(modules: readonly Module[], worlds: readonly World[], bag: DiagnosticBag): void {
  const loans = new LoanFinder(modules);
  const funcs = new Set([...modules.flatMap((module) => module.funcs), ...worlds.flatMap(worldFuncs)]);
  for (const func of funcs) {
    for (const {
      name: { span },
      type,
    } of func.results) {
      const found = loans.find(type);
      if (found !== undefined) bag.report('borrow-in-result', span, { func: func.name.wire, name: found.name.wire });
    }
  }
}
