/**
 * What components of a unit's worlds use. Hosts answer what is imported, guests make what is exported; what only
 * stands in a dependency, and no world asks for, is nobody's.
 */
import { targetsFirst } from './graph.js';
import type { Module, Package, Unit } from './model.js';

export interface Used {
  /** The unit without what nobody uses. */
  readonly unit: Unit;
  /** What hosts answer: what worlds import, or hold themselves, and the interfaces of the unit's own that no world mentions. */
  readonly imported: ReadonlySet<Module>;
}

export function usedIn(unit: Unit): Used {
  const own = unit.packages.filter(({ isDependency }) => isDependency !== true);
  const worlds = new Set(
    targetsFirst(
      own.flatMap((each) => each.worlds ?? []),
      (world) => world.includes,
    ),
  );
  const interfaces = (direction: 'imports' | 'exports'): readonly Module[] =>
    [...worlds].flatMap((world) =>
      world[direction].flatMap((item) => (item.kind === 'interface' ? [item.module] : [])),
    );
  const imports = interfaces('imports');
  const exported = new Set(interfaces('exports'));
  const mentioned = new Set([...imports, ...exported]);
  const others = own.flatMap(({ modules }) => modules.filter((each) => !mentioned.has(each)));
  const imported = new Set(
    targetsFirst([...imports, ...others, ...[...worlds].map(({ root }) => root)], ({ uses }) =>
      uses.filter((each) => !exported.has(each)),
    ),
  );
  const used = new Set([...imported, ...targetsFirst(exported, ({ uses }) => uses)]);
  const pruned = (each: Package): Package => ({
    ...each,
    modules: each.modules.filter((module) => used.has(module)),
    ...(each.worlds && { worlds: each.worlds.filter((world) => worlds.has(world)) }),
  });
  return { unit: { ...unit, packages: unit.packages.map(pruned) }, imported };
}
