/** From worlds as they are written to all that a component of them imports and exports. */
import type { DiagnosticBag } from '../../diagnostics/diagnostic.js';
import type { ModuleDraft } from '../../model/build.js';
import { targetsFirst } from '../../model/graph.js';
import type { Gates, Module, Name, UsedType, World, WorldItem } from '../../model/model.js';
import { signatureTypes } from '../../model/visit.js';
import type { Span } from '../../source/source.js';
import type { AstInclude } from './ast.js';
import type { GatedItems } from './gated.js';

/** An import or export as it is written, in this world or in one it includes. */
export interface RawItem {
  readonly direction: 'import' | 'export';
  readonly item: WorldItem;
  /** Its own name, when it has one: names of interfaces cannot be changed, and need not differ. */
  readonly label: Name | undefined;
  readonly span: Span;
  /** The feature it belongs to, when that is off. */
  readonly off: string | undefined;
}

export interface Include {
  readonly ast: AstInclude;
  readonly world: WorldDraft;
  readonly off: string | undefined;
}

export interface WorldDraft extends World {
  readonly root: ModuleDraft;
  readonly imports: WorldItem[];
  readonly exports: WorldItem[];
  readonly includes: WorldDraft[];
  readonly included: readonly Include[];
  readonly raw: RawItem[];
  readonly off: string | undefined;
}

export function newWorld(
  root: ModuleDraft,
  gates: Gates | undefined,
  raw: RawItem[],
  included: readonly Include[],
  off: string | undefined,
): WorldDraft {
  const { name, id, docs } = root;
  return {
    name,
    id,
    docs,
    ...(gates === undefined ? {} : { gates }),
    root,
    imports: [],
    exports: [],
    includes: [],
    included,
    raw,
    off,
  };
}

/** The interfaces whose types a module uses. */
function interfacesUsed({ usedTypes = [] }: Module, roots: ReadonlySet<Module>): readonly Module[] {
  return [...new Set(usedTypes.map((each) => each.from).filter((each) => !roots.has(each)))];
}

export class WorldBuilder {
  readonly #bag: DiagnosticBag;
  readonly #gated: GatedItems;
  /** What worlds hold themselves, which is no interface. */
  readonly #roots: ReadonlySet<Module>;

  constructor(worlds: readonly WorldDraft[], gated: GatedItems, bag: DiagnosticBag) {
    this.#bag = bag;
    this.#gated = gated;
    this.#roots = new Set(worlds.map((each) => each.root));
  }

  /** Included worlds are to be built before. */
  build(world: WorldDraft): void {
    this.#checkPaths(world);
    this.#dropGated(world);
    this.#include(world);
    this.#collect(world);
  }

  #dropGated(world: WorldDraft): void {
    const kept = world.raw.splice(0).filter((each) => each.off === undefined);
    world.raw.push(...kept);
    for (const { item, label, span } of kept) {
      const name = label ?? { ...world.name, span };
      if (item.kind === 'func') this.#gated.checkTypes(name, signatureTypes(item.func));
      else if (item.form !== 'inline') this.#gated.check(name, item.module);
    }
  }

  /** WIT.md, "Union of Worlds with `include`". */
  #include(world: WorldDraft): void {
    const imports = new Map<string, Span>();
    for (const { name } of world.root.types) imports.set(name.wire.toLowerCase(), name.span);
    for (const { local } of world.root.usedTypes) imports.set(local.wire.toLowerCase(), local.span);
    const exports = new Map<string, Span>();
    for (const { direction, label } of world.raw)
      if (label !== undefined) (direction === 'import' ? imports : exports).set(label.wire.toLowerCase(), label.span);
    for (const { ast, world: other, off } of world.included) {
      if (off !== undefined) continue;
      this.#gated.check({ ...ast.path.name, span: ast.path.span }, other.root);
      world.includes.push(other);
      this.#merge(world, ast, other, imports, exports);
    }
  }

  #merge(
    world: WorldDraft,
    ast: AstInclude,
    other: WorldDraft,
    imports: Map<string, Span>,
    exports: Map<string, Span>,
  ): void {
    // Of two for one name the first counts, as in the reference parser.
    const renames = new Map(ast.renames.toReversed().map(({ name, local }) => [name.wire, local]));
    const unused = new Set(renames.keys());
    const place = (name: Name, names: Map<string, Span>, what: string): Name => {
      const renamed = renames.get(name.wire);
      unused.delete(name.wire);
      const placed = renamed ?? name;
      const span = renamed?.span ?? ast.path.span;
      // Names of a component differ not by their case alone.
      const fold = placed.wire.toLowerCase();
      const before = names.get(fold);
      if (before !== undefined) {
        const related = [{ message: 'the other is here', span: before }];
        const hint = `give one of them another name: \`include ${ast.path.name.wire} with { ${name.wire} as … }\``;
        this.#bag.report('duplicate-name', span, { what, name: placed.wire, of: world.name.wire }, { related, hint });
      }
      names.set(fold, span);
      return placed;
    };
    const added: UsedType[] = [
      ...other.root.types.map((decl) => ({
        local: place(decl.name, imports, 'type'),
        name: decl.name,
        from: other.root,
        decl,
      })),
      ...other.root.usedTypes.map((each) => ({ ...each, local: place(each.local, imports, 'used name') })),
    ];
    world.root.usedTypes.push(...added);
    for (const raw of other.raw) {
      const label = raw.label && place(raw.label, raw.direction === 'import' ? imports : exports, raw.direction);
      world.raw.push({
        ...raw,
        span: ast.path.span,
        label,
        item: label === undefined ? raw.item : { ...raw.item, name: label.wire },
      });
    }
    for (const name of unused) this.#reportUnusedRename(ast, other, name);
  }

  #reportUnusedRename(ast: AstInclude, other: WorldDraft, name: string): void {
    const rename = ast.renames.find((each) => each.name.wire === name);
    const isInterface = other.raw.some(
      ({ item }) => item.kind === 'interface' && item.form === 'path' && item.module.name.wire === name,
    );
    const hint = isInterface
      ? 'it is an interface: those keep their names, which may stand in several worlds'
      : undefined;
    const params = { what: 'import or export', name, place: `world \`${other.name.wire}\`` };
    this.#bag.report('unknown-name', rename?.name.span, params, { hint });
  }

  /** A world says only once that it imports, or exports, an interface. Included worlds may say it again. */
  #checkPaths(world: WorldDraft): void {
    const seen = new Map<string, RawItem>();
    for (const raw of world.raw) {
      const { item, direction, span } = raw;
      if (item.kind !== 'interface' || item.form !== 'path') continue;
      const key = `${direction} ${item.name}`;
      const first = seen.get(key);
      if (first === undefined) seen.set(key, raw);
      else
        this.#bag.report(
          'duplicate-name',
          span,
          { what: direction, name: item.name, of: world.name.wire },
          { related: [{ message: 'first here', span: first.span }] },
        );
    }
  }

  /** WIT.md, "Transitive imports and worlds". */
  #collect(world: WorldDraft): void {
    const imported = new Map<Module, number>();
    const need = (module: Module): void => {
      for (const each of targetsFirst([module], (other) => interfacesUsed(other, this.#roots))) {
        if (imported.has(each)) continue;
        imported.set(each, world.imports.length);
        world.imports.push({ kind: 'interface', form: 'path', name: each.id, module: each, implied: true });
      }
    };
    for (const module of interfacesUsed(world.root, this.#roots)) need(module);
    for (const { item } of world.raw.filter((each) => each.direction === 'import')) {
      if (item.kind === 'interface' && item.form === 'path') {
        need(item.module);
        world.imports[imported.get(item.module) ?? 0] = item;
      } else {
        if (item.kind === 'interface') for (const module of interfacesUsed(item.module, this.#roots)) need(module);
        world.imports.push(item);
      }
    }
    this.#collectExports(world, need);
  }

  /** What exports use is taken from the exports if it is among them, and otherwise imported. */
  #collectExports(world: WorldDraft, need: (module: Module) => void): void {
    const raws = world.raw.filter((each) => each.direction === 'export');
    const exported = new Map<Module, WorldItem>();
    for (const { item } of raws) if (item.kind === 'interface' && item.form === 'path') exported.set(item.module, item);
    const placed = new Set<Module>();
    for (const { item, span } of raws) {
      if (item.kind === 'func') {
        world.exports.push(item);
        continue;
      }
      for (const used of interfacesUsed(item.module, this.#roots)) {
        if (exported.has(used)) continue;
        this.#checkImported(item, span, used, exported);
        need(used);
      }
      if (item.form !== 'path')
        for (const used of interfacesUsed(item.module, this.#roots)) this.#placeExport(used, exported, placed, world);
      if (item.form === 'path') this.#placeExport(item.module, exported, placed, world);
      else world.exports.push(item);
    }
  }

  /** An interface is exported after those it uses. */
  #placeExport(module: Module, exported: ReadonlyMap<Module, WorldItem>, placed: Set<Module>, world: WorldDraft): void {
    for (const each of targetsFirst([module], (other) => interfacesUsed(other, this.#roots))) {
      const item = exported.get(each);
      if (item === undefined || placed.has(each)) continue;
      placed.add(each);
      world.exports.push(item);
    }
  }

  /** What is imported for an export must not lead back to an export: the types would differ. */
  #checkImported(
    item: WorldItem & { kind: 'interface' },
    span: Span,
    imported: Module,
    exported: ReadonlyMap<Module, WorldItem>,
  ): void {
    const reached = targetsFirst([imported], (other) => interfacesUsed(other, this.#roots));
    const other = reached.find((each) => exported.has(each));
    if (other === undefined) return;
    const hint = `export \`${imported.name.wire}\` too, or import \`${other.name.wire}\` only`;
    this.#bag.report(
      'incompatible-exports',
      span,
      { name: item.name, imported: imported.id, exported: other.id },
      { hint },
    );
  }
}
