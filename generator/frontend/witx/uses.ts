/** Resolves `use`: what each file and module can see, what it depends on, and where that goes in circles. */
import type { DiagnosticBag } from '../../diagnostics/diagnostic.js';
import { didYouMean } from '../../diagnostics/suggest.js';
import type { ModuleDraft } from '../../model/build.js';
import { circles } from '../../model/graph.js';
import type { Module } from '../../model/model.js';
import type { AstItem, AstUseFile, AstUseNames } from './ast.js';
import type { WitxFile, WitxFiles } from './files.js';
import type { Scope, Use } from './scope.js';

export interface Scopes {
  readonly files: ReadonlyMap<WitxFile, Scope>;
  /** By the name of the module; of several the first. */
  readonly modules: ReadonlyMap<string, Scope>;
  /** Some module has no readable name: what cannot be found may be that one. */
  readonly nameless: boolean;
}

/** Enters what the `use` forms among `items` bring into `scope`. */
export function enterUses(
  scope: Scope,
  items: readonly AstItem[],
  file: WitxFile,
  files: WitxFiles,
  scopes: Scopes,
  bag: DiagnosticBag,
): void {
  for (const item of items) {
    if (item.kind === 'use-file') useFile(scope, item, files, scopes);
    else if (item.kind === 'use-names') useNames(scope, item, file, scopes, bag);
  }
}

function useFile(scope: Scope, use: AstUseFile, files: WitxFiles, scopes: Scopes): void {
  const file = files.target(use);
  const target = file === undefined ? undefined : scopes.files.get(file);
  if (target === undefined) {
    scope.open = true;
    return;
  }
  scope.uses.push({ target, span: use.span });
  scope.globs.push(target, ...target.modules);
  target.users.push(scope);
}

/** A module of that name, or the definitions outside modules of the file of that name. */
function moduleNamed(name: string, from: WitxFile, scopes: Scopes): Scope | undefined {
  const module = scopes.modules.get(name);
  if (module !== undefined) return module;
  const candidates = [...scopes.files.keys()].filter((each) => each.stem === name);
  const found = candidates.find((each) => each.folder === from.folder) ?? candidates[0];
  return found === undefined ? undefined : scopes.files.get(found);
}

function useNames(scope: Scope, use: AstUseNames, file: WitxFile, scopes: Scopes, bag: DiagnosticBag): void {
  const target = moduleNamed(use.from.wire, file, scopes);
  if (target === undefined) {
    if (!scopes.nameless) {
      const known = (): readonly string[] => [
        ...scopes.modules.keys(),
        ...[...scopes.files.keys()].map((each) => each.stem),
      ];
      bag.report(
        'unknown-module',
        use.from.span,
        { name: use.from.wire },
        { hint: bag.suggest(() => didYouMean(use.from.wire, known(), '$')) },
      );
    }
    if (use.names === undefined) scope.open = true;
    for (const { local } of use.names ?? []) scope.broken.add(local.wire);
    return;
  }
  scope.uses.push({ target, span: use.span });
  if (use.names === undefined) scope.globs.push(target);
  for (const { name, local } of use.names ?? []) {
    const before = scope.named.get(local.wire);
    if (before !== undefined && (before.from !== target || before.name !== name.wire)) {
      const related = [{ message: 'first taken here', span: before.span }];
      bag.report('duplicate-name', local.span, { what: 'used name', name: `$${local.wire}` }, { related });
    }
    scope.named.set(local.wire, { from: target, name: name.wire, span: local.span });
  }
}

/** Reports names that `use $name from $module` asks for and the module does not have. */
export function checkUsedNames(scope: Scope, items: readonly AstItem[], bag: DiagnosticBag): void {
  for (const item of items) {
    if (item.kind !== 'use-names') continue;
    for (const { name, local } of item.names ?? []) {
      const from = scope.named.get(local.wire)?.from;
      if (
        from === undefined ||
        from.find('types', name.wire) !== undefined ||
        from.find('resources', name.wire) !== undefined
      )
        continue;
      const hint = bag.suggest(() => didYouMean(name.wire, from.visible('types'), '$'));
      bag.report(
        'unknown-name',
        name.span,
        { what: 'type', name: `$${name.wire}`, place: `module \`$${item.from.wire}\`` },
        { hint },
      );
      scope.broken.add(local.wire);
    }
  }
}

/** The modules whose definitions a `use` of this scope brings. */
function draftsOf(scope: Scope, seen: Set<Scope>): readonly ModuleDraft[] {
  if (seen.has(scope)) return [];
  seen.add(scope);
  if (scope.parent !== undefined) return scope.draft === undefined ? [] : [scope.draft];
  const own = [scope, ...scope.modules].flatMap((each) =>
    each.draft !== undefined && each.draft.types.length > 0 ? [each.draft] : [],
  );
  return own.length > 0 ? own : scope.uses.flatMap((use) => draftsOf(use.target, seen));
}

/** Fills in `Module.uses` of what a scope builds. */
export function enterDependencies(scope: Scope): void {
  const draft = scope.draft;
  if (draft === undefined) return;
  const around = scope.parent === undefined ? [] : [scope.parent];
  const used = [scope, ...around].flatMap((each) => each.uses.flatMap((use) => draftsOf(use.target, new Set())));
  const enclosing = around.flatMap((each) => (each.draft === undefined ? [] : [each.draft]));
  const known = new Set<Module>(draft.uses);
  for (const module of [...enclosing, ...used]) {
    if (module === draft || known.has(module)) continue;
    known.add(module);
    draft.uses.push(module);
  }
}

interface Step {
  readonly from: Scope;
  readonly use: Use;
}

/**
 * Reports each circle of `use` once. What is seen from inside one is uncertain, so nothing is
 * reported missing there.
 */
export function checkCircles(all: readonly Scope[], bag: DiagnosticBag): void {
  const leadsTo = (scope: Scope): Scope[] => [
    ...scope.uses.map((use) => use.target),
    ...(scope.parent === undefined ? [] : [scope.parent]),
  ];
  for (const circle of circles(all, leadsTo)) {
    const steps = circle.flatMap((scope, index): Step[] => {
      scope.open = true;
      const next = circle[(index + 1) % circle.length];
      const use = scope.uses.find((each) => each.target === next);
      return use === undefined ? [] : [{ from: scope, use }];
    });
    const [first, ...others] = steps;
    if (first === undefined) continue;
    const related = others.map(({ from, use }) => ({
      message: `\`${from.title}\` uses \`${use.target.title}\``,
      span: use.span,
    }));
    bag.report('cyclic-use', first.use.span, { name: first.from.title }, { related });
  }
}
