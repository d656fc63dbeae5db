/** From WIT files to packages of the model: declares everything, resolves names, then builds types, functions and worlds. */
import type { DiagnosticBag } from '../../diagnostics/diagnostic.js';
import { didYouMean } from '../../diagnostics/suggest.js';
import type { ModuleDraft } from '../../model/build.js';
import { circles, targetsFirst } from '../../model/graph.js';
import { orderModules } from '../../model/order.js';
import type { Func, Module, Package, TypeDecl, UsedType } from '../../model/model.js';
import { cutCyclicTypes } from '../../model/rules/cyclic-types.js';
import type { AstExtern, AstFunc, AstMember, AstWorldItem } from './ast.js';
import { checkBorrowsInResults } from './borrows.js';
import type { WitGroup } from './files.js';
import { GatedItems } from './gated.js';
import { GateReader, type Features, type Gating } from './gates.js';
import { TypeLowering } from './lower-types.js';
import { PackageReader } from './packages.js';
import { Resolver } from './resolve.js';
import type { InterfaceItem, PackageScope, TypeScope, WorldDraftItem } from './scope.js';
import { newWorld, WorldBuilder, type Include, type RawItem, type WorldDraft } from './worlds.js';

export interface LoweredWit {
  readonly packages: readonly Package[];
  readonly modules: readonly ModuleDraft[];
}

export function lowerWit(groups: readonly WitGroup[], features: Features, bag: DiagnosticBag): LoweredWit {
  return new Lowering(groups, features, bag).run();
}

/** A scope and the items that stand in it. */
interface Body {
  readonly scope: TypeScope;
  readonly items: readonly (AstMember | AstWorldItem)[];
}

class Lowering {
  readonly #bag: DiagnosticBag;
  readonly #gates: GateReader;
  readonly #packages: ReadonlyMap<string, PackageScope>;
  readonly #resolver: Resolver;
  readonly #types: TypeLowering;
  readonly #interfaces: readonly InterfaceItem[];
  readonly #worlds: readonly WorldDraftItem[];
  readonly #bodies: readonly Body[];
  /** The features that are off, by what belongs to them. */
  readonly #off = new Map<Module | TypeDecl | Func | UsedType, string>();

  constructor(groups: readonly WitGroup[], features: Features, bag: DiagnosticBag) {
    this.#bag = bag;
    this.#gates = new GateReader(features, bag);
    const reader = new PackageReader(this.#gates, bag);
    for (const group of groups) reader.add(group);
    this.#packages = reader.packages;
    this.#resolver = new Resolver(reader.packages, bag);
    this.#types = new TypeLowering(this.#resolver, bag);
    const items = [...reader.packages.values()].flatMap((each) => [...each.items.values()]);
    this.#interfaces = items.filter((item) => item.kind === 'interface');
    this.#worlds = items.filter((item) => item.kind === 'world');
    this.#bodies = [
      ...this.#interfaces.map(({ scope, ast }): Body => ({ scope, items: ast.items })),
      ...this.#worlds.flatMap(({ scope, ast, inline }): Body[] => [
        { scope, items: ast.items },
        ...[...inline].map(([extern, inner]): Body => ({
          scope: inner,
          items: extern.what.kind === 'inline' ? extern.what.items : [],
        })),
      ]),
    ];
  }

  run(): LoweredWit {
    for (const each of this.#packages.values()) for (const file of each.files) this.#resolver.checkAliases(file);
    for (const { scope } of this.#bodies) this.#link(scope);
    for (const { scope } of this.#bodies) this.#checkUsedNames(scope);
    this.#checkUses();
    for (const body of this.#bodies) this.#define(body);
    const worlds = this.#declareWorlds();
    this.#checkPackages();
    this.#types.settle();
    const modules = this.#bodies.map(({ scope }) => scope.draft);
    cutCyclicTypes(
      modules.flatMap((module) => module.types),
      'wit',
      this.#bag,
    );
    this.#enterUsedTypes();
    const gated = new GatedItems(this.#off, this.#bag);
    for (const module of modules) gated.checkModule(module);
    for (const module of modules) gated.remove(module);
    const builder = new WorldBuilder(worlds, gated, this.#bag);
    const inOrder = targetsFirst(worlds, (world) => world.included.map((each) => each.world));
    for (const world of inOrder) if (world.off === undefined) builder.build(world);
    for (const module of modules) module.uses.push(...new Set(module.usedTypes.map((each) => each.from)));
    checkBorrowsInResults(modules, worlds, this.#bag);
    return { packages: this.#finish(inOrder, gated), modules };
  }

  /** Finds the interfaces that names are taken from. */
  #link(scope: TypeScope): void {
    const targets = new Map(
      scope.uses.map((use) => [use, this.#resolver.item(use.path, scope.file, 'interface')?.scope]),
    );
    for (const entry of scope.used) entry.target = targets.get(entry.use);
  }

  #checkUsedNames(scope: TypeScope): void {
    for (const { target, name, local } of scope.used) {
      const found = target?.find(name.wire);
      if (target === undefined || found === 'unknowable' || (found !== undefined && !('kind' in found))) continue;
      if (found === undefined) {
        const params = { what: 'type', name: name.wire, place: target.title };
        this.#bag.report('unknown-name', name.span, params, {
          hint: this.#bag.suggest(() => didYouMean(name.wire, target.types)),
        });
      } else {
        const related = [{ message: 'it is declared here', span: found.span }];
        this.#bag.report(
          'wrong-kind',
          name.span,
          { name: name.wire, found: 'a function', wanted: 'a type' },
          { related },
        );
      }
      scope.entries.set(local.wire, { kind: 'broken' });
    }
  }

  #checkPackages(): void {
    const packages = [...this.#packages.values()];
    for (const circle of circles(packages, (each) => each.leadsTo.keys())) {
      const [first, next = first, ...others] = circle;
      if (first === undefined || next === undefined) continue;
      const hint =
        circle.length === 1
          ? 'in its own package an interface is named without the package'
          : 'packages do not use each other: put what both need into a third';
      const related = [next, ...others].flatMap((each, index) => {
        const span = each.leadsTo.get(circle[(index + 2) % circle.length] ?? first);
        return circle.length === 1 || span === undefined ? [] : [{ message: `\`${each.key}\` goes on here`, span }];
      });
      this.#bag.report('cyclic-use', first.leadsTo.get(next), { name: first.key }, { hint, related });
    }
  }

  #checkUses(): void {
    const scopes = this.#bodies.map((each) => each.scope);
    const targets = (scope: TypeScope): readonly TypeScope[] => scope.used.flatMap((each) => each.target ?? []);
    for (const circle of circles(scopes, targets)) {
      const steps = circle.map((scope, index) => ({
        scope,
        use: scope.used.find((each) => each.target === circle[(index + 1) % circle.length]),
      }));
      const [first, ...others] = steps;
      // A circle of packages is reported as such.
      if (first?.use === undefined || circle.some((scope) => scope.file.package !== first.scope.file.package)) continue;
      const related = others.flatMap(({ scope, use }) =>
        use === undefined ? [] : [{ message: `\`${scope.draft.name.wire}\` goes on here`, span: use.use.path.span }],
      );
      this.#bag.report('cyclic-use', first.use.use.path.span, { name: first.scope.draft.name.wire }, { related });
    }
  }

  #define({ scope, items }: Body): void {
    if (scope.gating.off !== undefined) this.#off.set(scope.draft, scope.gating.off);
    for (const item of items) {
      if (item.kind === 'func') {
        scope.draft.funcs.push(this.#func(item, scope));
      } else if (item.kind === 'type') {
        const declared = scope.declared.get(item);
        if (declared === undefined) continue;
        const { decl, gating } = declared;
        if (gating.off !== undefined) this.#off.set(decl, gating.off);
        this.#types.define(decl, item.body, scope);
        for (const func of item.body.kind === 'resource' ? item.body.funcs : []) {
          if (func.kind === 'func') scope.draft.funcs.push(this.#func(func, scope, decl));
        }
      }
    }
  }

  #func(ast: AstFunc, scope: TypeScope, resource?: Parameters<TypeLowering['func']>[2]): Func {
    const gating = this.#gates.read(ast.gates, scope.file.package);
    const func = this.#types.func(ast, scope, resource, gating);
    if (gating.off !== undefined) this.#off.set(func, gating.off);
    return func;
  }

  /** What the `use` of each module brings, now that all types are there. */
  #enterUsedTypes(): void {
    for (const { scope } of this.#bodies) {
      for (const { name, local, target, gating } of scope.used) {
        const decl = target?.find(name.wire);
        if (target === undefined || decl === undefined || typeof decl === 'string' || 'kind' in decl) continue;
        const used: UsedType = { local, name, from: target.draft, decl };
        if (gating.off !== undefined) this.#off.set(used, gating.off);
        scope.draft.usedTypes.push(used);
      }
    }
  }

  #declareWorlds(): readonly WorldDraft[] {
    const includes = new Map<WorldDraftItem, Include[]>();
    const drafts = new Map<WorldDraftItem, WorldDraft>();
    for (const item of this.#worlds) {
      const included: Include[] = [];
      includes.set(item, included);
      drafts.set(item, newWorld(item.scope.draft, item.gating.gates, this.#externs(item), included, item.gating.off));
    }
    for (const item of this.#worlds) {
      for (const ast of item.ast.items.filter((each) => each.kind === 'include')) {
        const target = this.#resolver.item(ast.path, item.file, 'world');
        const world = target && drafts.get(target);
        const { off } = this.#gates.read(ast.gates, item.file.package);
        if (world !== undefined) includes.get(item)?.push({ ast, world, off });
      }
    }
    return this.#cutIncludes([...drafts.values()], [...includes.values()]);
  }

  /** Reports worlds that include themselves, and cuts the circles. */
  #cutIncludes(worlds: readonly WorldDraft[], includes: readonly Include[][]): readonly WorldDraft[] {
    for (const circle of circles(worlds, (world) => world.included.map((each) => each.world))) {
      const [first] = circle;
      if (first === undefined) continue;
      const steps = circle.map((world, index) =>
        world.included.find((each) => each.world === circle[(index + 1) % circle.length]),
      );
      const related = steps.slice(1).flatMap((step, index) => {
        return step === undefined
          ? []
          : [{ message: `\`${circle[index + 1]?.name.wire ?? ''}\` goes on here`, span: step.ast.path.span }];
      });
      this.#bag.report('cyclic-use', steps[0]?.ast.path.span, { name: first.name.wire, verb: 'includes' }, { related });
      for (const world of circle) includes[worlds.indexOf(world)]?.splice(0);
    }
    return worlds;
  }

  #externs({ ast, scope, inline, file }: WorldDraftItem): RawItem[] {
    return ast.items.flatMap((item): RawItem[] => {
      if (item.kind !== 'extern') return [];
      const inner = inline.get(item);
      // Those of an inline interface were read with it.
      const gating = inner?.gating ?? this.#gates.read(item.gates, file.package);
      const found = this.#extern(item, scope, inner, gating);
      return found === undefined ? [] : [{ direction: item.direction, ...found, off: gating.off }];
    });
  }

  #extern(
    { what }: AstExtern,
    scope: TypeScope,
    inner: TypeScope | undefined,
    gating: Gating,
  ): Pick<RawItem, 'item' | 'label' | 'span'> | undefined {
    const gates = gating.gates === undefined ? {} : { gates: gating.gates };
    if (what.kind === 'func') {
      const func = this.#types.func(what.func, scope, undefined, gating);
      return { item: { kind: 'func', name: func.name.wire, func }, label: func.name, span: func.name.span };
    }
    // What a gate that is off keeps out of another package need not be there, nor be an interface: the reference parser never looks.
    if (gating.off !== undefined && what.kind === 'path' && this.#resolver.isForeign(what.path, scope.file))
      return undefined;
    const module =
      what.kind === 'inline' ? inner?.draft : this.#resolver.item(what.path, scope.file, 'interface')?.scope.draft;
    if (module === undefined) return undefined;
    const base = { kind: 'interface', module, implied: false, ...gates } as const;
    if (what.kind === 'inline')
      return { item: { ...base, form: 'inline', name: what.name.wire }, label: what.name, span: what.name.span };
    if (what.name === undefined)
      return { item: { ...base, form: 'path', name: module.id }, label: undefined, span: what.path.span };
    return { item: { ...base, form: 'named', name: what.name.wire }, label: what.name, span: what.name.span };
  }

  /** Packages after those they need, each with its modules and worlds in such an order. */
  #finish(worlds: readonly WorldDraft[], gated: GatedItems): readonly Package[] {
    const modules = orderModules(this.#interfaces.map((each) => each.scope.draft).filter((each) => !gated.isOff(each)));
    return targetsFirst(this.#packages.values(), (each) => each.leadsTo.keys()).map((scope): Package => {
      const own = new Set<Module>([...scope.items.values()].map((item) => item.scope.draft));
      return {
        id: scope.id,
        version: scope.version,
        docs: scope.docs,
        isDependency: scope.isDependency,
        modules: modules.filter((module) => own.has(module)),
        worlds: worlds.filter((world) => own.has(world.root) && world.off === undefined),
      };
    });
  }
}
