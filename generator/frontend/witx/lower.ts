/** From WITX files to modules of the model: declares everything, resolves names, then builds types. */
import type { DiagnosticBag } from '../../diagnostics/diagnostic.js';
import { declareType, newModule, type DeclDraft, type ModuleDraft } from '../../model/build.js';
import type { Func, Name, Param } from '../../model/model.js';
import { nameOf } from '../../model/name.js';
import type { AstConstant, AstField, AstFunc, AstItem, AstModule, AstTypename } from './ast.js';
import type { WitxFile, WitxFiles } from './files.js';
import { TypeLowering } from './lower-types.js';
import { Scope } from './scope.js';
import { checkCircles, checkUsedNames, enterDependencies, enterUses } from './uses.js';

interface Part {
  readonly scope: Scope;
  readonly items: readonly AstItem[];
  readonly file: WitxFile;
  readonly decls: Map<AstTypename, DeclDraft>;
}

export function lowerWitx(files: WitxFiles, bag: DiagnosticBag): readonly ModuleDraft[] {
  return new Lowering(files, bag).run();
}

class Lowering {
  readonly #files: WitxFiles;
  readonly #bag: DiagnosticBag;
  readonly #modules: ModuleDraft[] = [];
  readonly #parts: Part[] = [];
  readonly #fileScopes = new Map<WitxFile, Scope>();
  readonly #moduleScopes = new Map<string, Scope>();
  /** Files with functions outside modules: one report says it. */
  readonly #misplaced = new Set<WitxFile>();
  #nameless = false;

  constructor(files: WitxFiles, bag: DiagnosticBag) {
    this.#files = files;
    this.#bag = bag;
  }

  run(): readonly ModuleDraft[] {
    for (const file of this.#files.all) this.#declareFile(file);
    const scopes = { files: this.#fileScopes, modules: this.#moduleScopes, nameless: this.#nameless };
    for (const part of this.#parts) enterUses(part.scope, part.items, part.file, this.#files, scopes, this.#bag);
    checkCircles(
      this.#parts.map((part) => part.scope),
      this.#bag,
    );
    for (const part of this.#parts) checkUsedNames(part.scope, part.items, this.#bag);
    for (const part of this.#parts) enterDependencies(part.scope);
    const types = new TypeLowering(
      this.#bag,
      this.#parts.map((part) => part.scope),
    );
    for (const part of this.#parts) this.#define(part, types);
    types.settle();
    return this.#modules;
  }

  /** One scope for what stands outside modules, one for each module in it. */
  #declareFile(file: WitxFile): void {
    const scope = new Scope(file.source.path, undefined);
    this.#fileScopes.set(file, scope);
    const modules = file.ast.items.filter((item) => item.kind === 'module');
    const outside = file.ast.items.filter((item) => item.kind !== 'module');
    const drafts = modules.map((module) => newModule(module.name, module.docs, file.source, false));
    // A module named as its file is that file: what stands around it belongs to it.
    scope.draft = drafts.find((draft) => draft.name.wire === file.stem);
    if (scope.draft === undefined && outside.some((item) => item.kind === 'typename' || item.kind === 'constant')) {
      scope.draft = newModule(stemName(file), file.ast.docs, file.source, true);
      this.#modules.push(scope.draft);
    }
    this.#modules.push(...drafts);
    this.#declare(scope, outside, file);
    modules.forEach((module, index) => this.#declareModule(module, drafts[index], scope, file));
  }

  #declareModule(module: AstModule, draft: ModuleDraft | undefined, parent: Scope, file: WitxFile): void {
    const scope = new Scope(module.name.wire, parent);
    scope.draft = draft;
    parent.modules.push(scope);
    if (!this.#moduleScopes.has(module.name.wire)) this.#moduleScopes.set(module.name.wire, scope);
    this.#declare(scope, module.items, file);
  }

  #declare(scope: Scope, items: readonly AstItem[], file: WitxFile): void {
    const part: Part = { scope, items, file, decls: new Map() };
    this.#parts.push(part);
    for (const item of items) {
      if (item.kind === 'typename' && scope.draft !== undefined) {
        const decl = declareType(scope.draft, item.name, item.docs);
        part.decls.set(item, decl);
        if (!scope.types.has(item.name.wire)) scope.types.set(item.name.wire, decl);
      } else if (item.kind === 'resource') {
        this.#declareResource(scope, item.name);
      } else if (item.kind === 'broken' && item.declares === 'any') {
        scope.open = true;
      } else if (item.kind === 'broken' && item.declares === 'module') {
        this.#nameless = true;
      } else if (item.kind === 'broken' && item.name !== undefined) {
        scope.broken.add(item.name.wire);
      } else if (
        scope.parent === undefined &&
        (item.kind === 'func' || item.kind === 'import') &&
        !this.#misplaced.has(file)
      ) {
        this.#misplaced.add(file);
        const [form, span] =
          item.kind === 'func' ? [`function \`${item.name.wire}\``, item.name.span] : ['an import', item.span];
        this.#bag.report(
          'misplaced-form',
          span,
          { form, place: 'outside a module' },
          { hint: 'put it into `(module $name …)`' },
        );
      }
    }
  }

  #declareResource(scope: Scope, name: Name): void {
    const before = scope.resources.get(name.wire);
    if (before === undefined) {
      scope.resources.set(name.wire, name);
    } else {
      const related = [{ message: 'first declared here', span: before.span }];
      this.#bag.report('duplicate-name', name.span, { what: 'resource', name: `$${name.wire}` }, { related });
    }
  }

  #define(part: Part, types: TypeLowering): void {
    const { scope, items, decls } = part;
    for (const item of items) {
      const decl = item.kind === 'typename' ? decls.get(item) : undefined;
      if (item.kind === 'typename' && decl !== undefined) {
        this.#checkShadowing(scope, decl, types);
        types.define(decl, item.type, scope);
        if (item.type.kind === 'int')
          for (const { name, docs, value } of item.type.constants)
            if (value !== undefined) scope.draft?.constants.push({ name, docs, type: decl, value });
      } else if (item.kind === 'constant') {
        this.#constant(scope, item, types);
      } else if (item.kind === 'func' && scope.parent !== undefined) {
        scope.draft?.funcs.push(this.#func(scope, item, types));
      }
    }
  }

  /** A type may not have the name of one that a `use` brings, unless both say the same: readers would take one for the other. */
  #checkShadowing(scope: Scope, decl: DeclDraft, types: TypeLowering): void {
    const { name, module } = decl;
    const other = scope.findOutside('types', name.wire);
    // Where `use` goes in circles, a scope sees its own names again.
    if (other === undefined || typeof other === 'string' || other.module === module) return;
    const related = [{ message: `\`use\` brings this one, of \`${other.module.name.wire}\``, span: other.name.span }];
    types.expectSame([other, decl], () =>
      this.#bag.report('duplicate-name', name.span, { what: 'type', name: `$${name.wire}` }, { related }),
    );
  }

  #constant(scope: Scope, item: AstConstant, types: TypeLowering): void {
    const type = types.find(scope, item.type);
    if (type === undefined || item.value === undefined) return;
    scope.draft?.constants.push({ name: item.name, docs: item.docs, type, value: item.value });
  }

  #func(scope: Scope, item: AstFunc, types: TypeLowering): Func {
    const field = (each: AstField): Param => ({
      name: each.name,
      docs: each.docs,
      type: types.lower(each.type, scope),
    });
    return {
      name: item.name,
      docs: item.docs,
      kind: 'free',
      params: item.params.map(field),
      results: item.results.map(field),
      noreturn: item.noreturn,
    };
  }
}

function stemName(file: WitxFile): Name {
  const wire = file.stem.replace(/[^A-Za-z0-9_-]/g, '_');
  return nameOf(/[A-Za-z0-9]/.test(wire) ? wire : 'definitions', { file: file.source, start: 0, end: 0 });
}
