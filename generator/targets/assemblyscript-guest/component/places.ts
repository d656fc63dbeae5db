/** Where the things of a unit stand: the packages of the output, and what is imported from where. */
import { isCanonical, type CanonicalPlan, type PlannedUnit, type Unplannable } from '../../../abi/plan.js';
import type { Func, Module, Package, World } from '../../../model/model.js';
import { Scope } from '../../../print/scope.js';

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
  const placed = new Placed(planned);
  return planned.unit.packages.map((each) => ({
    package: each,
    folder: folders.declare(folderOf(each, planned.unit.packages)),
    modules: [
      ...each.modules.map((module) => placed.interface(module, module.id)),
      ...(each.worlds ?? []).flatMap((world) => placed.world(world)),
    ],
  }));
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

  interface(module: Module, from: string | undefined): PlacedModule {
    return { module, from, imports: from === undefined ? [] : module.funcs.flatMap((func) => this.#import(func)) };
  }

  world({ root, imports, exports }: World): readonly PlacedModule[] {
    const inline = [
      ...imports.map((item) => ({ item, from: item.name })),
      ...exports.map((item) => ({ item, from: undefined })),
    ];
    const free = imports.flatMap((item) =>
      item.kind === 'func' && this.#isNew(item.func, item.name) ? this.#import(item.func, item.name) : [],
    );
    return [
      { module: root, from: rootModule, imports: [...root.funcs.flatMap((func) => this.#import(func)), ...free] },
      ...inline.flatMap(({ item, from }) => {
        if (item.kind === 'func' || item.form !== 'inline' || this.#inline.has(item.module)) return [];
        this.#inline.add(item.module);
        return [this.interface(item.module, from)];
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
