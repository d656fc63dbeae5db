/** Where the things of a unit stand: the packages of the output, and what is imported from where. */
import { isCanonical, type CanonicalPlan, type PlannedUnit, type Unplannable } from '../../../abi/plan.js';
import type { Func, Module, Package, TypeDecl, World, WorldItem } from '../../../model/model.js';
import { usedIn } from '../../../model/used.js';
import { Scope } from '../../../print/scope.js';
import { recipesFor } from '../recipes.js';

/** A package of the output. */
export interface Place {
  readonly package: Package;
  /** The folder that guests import: `wasi-crypto`. */
  readonly folder: string;
  /** Its interfaces, then what its worlds hold themselves. */
  readonly modules: readonly PlacedModule[];
}

export interface PlacedModule {
  readonly module: Module;
  /** The module of the core imports; `undefined`: nothing of it can be imported. */
  readonly from: string | undefined;
  readonly imports: readonly Import[];
  /** The module of the core imports that make handles of a guest's objects; `undefined`: it implements no resources of it. */
  readonly implementedAs: string | undefined;
}

/** A function as it is imported. `include` can give one of a world two names. */
export interface Import {
  readonly func: Func;
  readonly wire: string;
  readonly plan: CanonicalPlan;
}

/** What functions that stand in no interface are imported from (Explainer.md, "Import and Export Definitions"). */
const rootModule = '$root';

export function placesOf(planned: PlannedUnit): readonly Place[] {
  const folders = new Scope();
  const { unit, imported } = usedIn(planned.unit);
  const placed = new Placed(planned);
  const packages = unit.packages.map((each, index) => (isWhole(each) ? (planned.unit.packages[index] ?? each) : each));
  const implemented = new Map(
    packages.flatMap(({ worlds = [] }) => worlds).flatMap((world) => world.exports.flatMap(implementedBy)),
  );
  return packages
    .filter(({ modules, worlds = [] }) => modules.length > 0 || worlds.length > 0)
    .map((each) => ({
      package: each,
      folder: folders.declare(folderOf(each, packages)),
      modules: [
        ...each.modules.map((module) =>
          placed.interface(
            module,
            imported.has(module) || isWhole(each) ? module.id : undefined,
            implemented.get(module),
          ),
        ),
        ...(each.worlds ?? []).flatMap((world) => placed.world(world, implemented)),
      ],
    }));
}

/** Recipes use much of their package: it is there whole, and asc compiles what a guest calls. */
function isWhole({ id }: Package): boolean {
  return recipesFor(id.replace(':', '-')) !== undefined;
}

/** Where the handles of what a guest exports come from (CanonicalABI.md, "canon resource.new"). */
function implementedBy(item: WorldItem): readonly (readonly [Module, string])[] {
  return item.kind === 'interface' && resourcesOf(item.module).length > 0
    ? [[item.module, `[export]${item.name}`]]
    : [];
}

/** The resources that a module declares. */
export function resourcesOf({ types }: Module): readonly TypeDecl[] {
  return types.filter((decl) => decl.type.kind === 'handle');
}

/** `wasi-crypto` for `wasi:crypto`; of two versions both say which they are. */
function folderOf({ id, version }: Package, all: readonly Package[]): string {
  const name = id.replace(/[^A-Za-z0-9-]+/g, '-');
  return all.filter((each) => each.id === id).length > 1 && version !== undefined ? `${name}-${version}` : name;
}

/** Everything once, however many worlds include it. */
class Placed {
  readonly #planned: PlannedUnit;
  readonly #inline = new Set<Module>();
  readonly #free = new Map<Func, Set<string>>();

  constructor(planned: PlannedUnit) {
    this.#planned = planned;
  }

  interface(module: Module, from: string | undefined, implementedAs: string | undefined): PlacedModule {
    return {
      module,
      from,
      implementedAs,
      imports: from === undefined ? [] : module.funcs.flatMap((func) => this.#import(func)),
    };
  }

  world({ root, imports, exports }: World, implemented: ReadonlyMap<Module, string>): readonly PlacedModule[] {
    const inline = [
      ...imports.map((item) => ({ item, from: item.name })),
      ...exports.map((item) => ({ item, from: undefined })),
    ];
    const free = imports.flatMap((item) =>
      item.kind === 'func' && this.#isNew(item.func, item.name) ? this.#import(item.func, item.name) : [],
    );
    return [
      {
        module: root,
        from: rootModule,
        implementedAs: undefined,
        imports: [...root.funcs.flatMap((func) => this.#import(func)), ...free],
      },
      ...inline.flatMap(({ item, from }) => {
        if (item.kind === 'func' || item.form !== 'inline' || this.#inline.has(item.module)) return [];
        this.#inline.add(item.module);
        return [this.interface(item.module, from, implemented.get(item.module))];
      }),
    ];
  }

  #isNew(func: Func, name: string): boolean {
    const names = this.#free.get(func) ?? new Set();
    this.#free.set(func, names);
    return names.size !== names.add(name).size;
  }

  #import(func: Func, name?: string): readonly Import[] {
    const plan = this.#planned.canonical.get(func);
    return plan !== undefined && isCanonical(plan) ? [{ func, plan, wire: name ?? plan.wire }] : [];
  }
}

/** The functions of a module that the ABI cannot express. */
export function unplannable(planned: PlannedUnit, module: Module): readonly Unplannable[] {
  return module.funcs.flatMap((func) => {
    const plan = planned.canonical.get(func);
    return plan === undefined || isCanonical(plan) ? [] : [plan];
  });
}
