/** Makes a manual of a planned unit. */
import type { PlannedUnit } from '../../abi/plan.js';
import { rolesIn } from '../../changes/surface.js';
import { placedFuncs, worldModules } from '../../model/kinds.js';
import type { Dialect, Func, Module, Package, World, WorldItem } from '../../model/model.js';
import { nameOf } from '../../model/name.js';
import { meantBy, spellingNote } from '../../model/spelling.js';
import { elsewhere, functionEntry, gateNotes, typeEntry } from './entries.js';
import type { Linked, Manual, PackageEntry, Page } from './manual.js';
import { Places } from './places.js';

export function manualOf(planned: PlannedUnit): Manual {
  const { unit } = planned;
  const { dialect } = unit;
  const worlds = unit.packages.flatMap((each) => each.worlds ?? []);
  const written = worldModules(unit).filter((module) => worlds.every(({ root }) => root !== module));
  const placed = placedFuncs(unit);
  const places = new Places([...unit.packages.flatMap(({ modules }) => modules), ...written], worlds, placed);
  const roles = rolesIn(worlds);
  const sideOf = (module: Module, func: Func): 'import' | 'export' =>
    roles.get(module) === 'guest' || exportedBy(worlds, module, func) ? 'export' : 'import';

  const pageOf = (module: Module): Page => ({
    kind: kindOf(dialect, module),
    slug: places.pageOf(module),
    headings: places.headingsOf(module),
    name: module.name.wire,
    id: module.id,
    elsewhere: elsewhere(dialect, nameOf(meantBy(module.name.wire), module.name.span).words),
    docs: module.docs,
    notes: [spellingNote(module.name.wire), ...gateNotes(module.gates)].filter((note) => note !== undefined),
    source: module.file,
    uses: module.uses.map((each) => ({ name: each.name.wire, place: places.ofPage(each) })),
    imports: [],
    exports: [],
    types: module.types.map((decl) => typeEntry(dialect, module, decl, places)),
    functions: placed
      .filter((each) => each.module === module)
      .map(({ func }) => functionEntry(planned, module, func, { side: sideOf(module, func), places })),
  });
  const worldPage = (world: World): Page => ({
    ...pageOf(world.root),
    kind: 'world',
    name: world.name.wire,
    id: world.id,
    elsewhere: undefined,
    docs: world.docs,
    notes: gateNotes(world.gates),
    imports: world.imports.map((item) => linked(item, places)),
    exports: world.exports.map((item) => linked(item, places)),
  });
  const packages = unit.packages.map((each): PackageEntry => {
    const own = each.worlds ?? [];
    const inline = written.filter((module) => own.some((world) => holds(world, module)));
    return {
      name: idOf(each),
      docs: each.docs ?? '',
      isDependency: each.isDependency === true,
      pages: [...[...each.modules, ...inline].map(pageOf), ...own.map(worldPage)],
    };
  });
  const asked = unit.packages.filter(({ isDependency }) => isDependency !== true);
  return {
    label: asked.map(idOf).join(', '),
    title: asked.map((each) => (each.name === undefined ? idOf(each) : `${each.name} ${each.id}`)).join(', '),
    dialect,
    packages: packages.sort((left, right) => Number(left.isDependency) - Number(right.isDependency)),
    places,
    errata: unit.errata,
  };
}

export function pagesOf({ packages }: Manual): readonly Page[] {
  return packages.flatMap(({ pages }) => pages);
}

function idOf({ id, version }: Package): string {
  return version === undefined ? id : `${id}@${version}`;
}

function kindOf(dialect: Dialect, { typesOnly }: Module): Page['kind'] {
  if (typesOnly) return 'types';
  return dialect === 'wit' ? 'interface' : 'module';
}

function holds({ imports, exports }: World, module: Module): boolean {
  return [...imports, ...exports].some((item) => item.kind === 'interface' && item.module === module);
}

function exportedBy(worlds: readonly World[], root: Module, func: Func): boolean {
  return worlds.some(
    (world) => world.root === root && world.exports.some((item) => item.kind === 'func' && item.func === func),
  );
}

function linked(item: WorldItem, places: Places): Linked {
  return {
    name: item.name,
    place: item.kind === 'interface' ? places.ofPage(item.module) : places.ofFunction(item.func),
  };
}
