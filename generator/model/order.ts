/** The order of modules: what is used comes first, otherwise the order given. */
import { targetsFirst } from './graph.js';
import type { Module } from './model.js';
import { moduleTypes, walk } from './visit.js';

function dependencies(module: Module): Set<Module> {
  const found = new Set<Module>(module.uses);
  for (const type of moduleTypes(module)) {
    walk(type, (each) => {
      if (each.kind === 'ref') found.add(each.decl.module);
    });
  }
  for (const constant of module.constants) found.add(constant.type.module);
  return found;
}

/** Stable: a module moves only as far forward as one that needs it. Circles, which are errors, are cut anywhere. */
export function orderModules(modules: readonly Module[]): readonly Module[] {
  return targetsFirst(modules, dependencies);
}
