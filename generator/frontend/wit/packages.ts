/** From files to packages: which interfaces and worlds there are, and what names stand in them. */
import type { DiagnosticBag } from '../../diagnostics/diagnostic.js';
import { declareType, newModule, type ModuleDraft } from '../../model/build.js';
import type { SourceFile } from '../../source/source.js';
import type {
  AstExtern,
  AstFile,
  AstInterface,
  AstMember,
  AstPackageName,
  AstTop,
  AstWorld,
  AstWorldItem,
} from './ast.js';
import type { WitGroup } from './files.js';
import type { GateReader, Gating } from './gates.js';
import { NameCheck, type Named } from './names.js';
import { TypeScope, type FileScope, type PackageScope } from './scope.js';
import { keyOf } from './shipped.js';

/** A part of a package: a file of its folder, or a nested block. */
interface Part {
  readonly items: readonly AstTop[];
  readonly source: SourceFile;
}

export class PackageReader {
  readonly packages = new Map<string, PackageScope>();
  readonly #gates: GateReader;
  readonly #names: NameCheck;
  readonly #bag: DiagnosticBag;

  constructor(gates: GateReader, bag: DiagnosticBag) {
    this.#gates = gates;
    this.#names = new NameCheck(bag);
    this.#bag = bag;
  }

  add(group: WitGroup): void {
    this.#addFolder(group);
    for (const { ast, source } of group.files) {
      for (const item of ast.items) if (item.kind === 'package') this.#addNested(item.id, item.items, source);
    }
  }

  /** The files of a folder agree on the name of their package; one of them has to give it. */
  #addFolder(group: WitGroup): void {
    const named = group.files.flatMap(({ ast }) => (ast.package === undefined ? [] : [ast.package]));
    const [id] = named;
    if (id === undefined) {
      const first = group.files[0];
      // Where a header is broken, that has been said.
      if (first !== undefined && !group.files.some(({ ast }) => isHeaderBroken(ast))) {
        this.#bag.report('no-package', { file: first.source, start: 0, end: 0 }, { path: group.path });
      }
      return;
    }
    for (const other of named) {
      if (keyOf(other) === keyOf(id)) continue;
      this.#bag.report(
        'package-mismatch',
        other.span,
        { name: keyOf(other), other: keyOf(id) },
        { related: [{ message: 'one of them is here', span: id.span }] },
      );
    }
    this.#checkComments(named);
    const known = this.packages.get(keyOf(id));
    // Folders that were asked for may hold a package together.
    if (known !== undefined && (group.isDependency || known.isDependency)) {
      this.#reportTwice(id, known);
      return;
    }
    const scope = known ?? this.#declare(id, group.isDependency);
    scope.docs = [scope.docs, ...named.map((each) => each.docs)].filter((each) => each !== '').join('\n\n');
    this.#fill(
      scope,
      group.files.map(({ ast, source }) => ({ items: ast.items, source })),
    );
  }

  /** The reference parser takes any comment before `package` as the doc of the package, and refuses a second. */
  #checkComments(named: readonly AstPackageName[]): void {
    const [first, second] = named.filter((each) => each.commented);
    if (first === undefined || second === undefined) return;
    this.#bag.report(
      'several-package-docs',
      second.span,
      { name: keyOf(second) },
      { related: [{ message: 'the other is before this', span: first.span }] },
    );
  }

  #addNested(id: AstPackageName, items: readonly AstTop[], source: SourceFile): void {
    const known = this.packages.get(keyOf(id));
    if (known !== undefined) {
      this.#reportTwice(id, known);
      return;
    }
    const scope = this.#declare(id, true);
    scope.docs = id.docs;
    this.#fill(scope, [{ items, source }]);
  }

  #reportTwice(id: AstPackageName, known: PackageScope): void {
    this.#bag.report(
      'duplicate-package',
      id.span,
      { name: keyOf(id) },
      { related: [{ message: 'the other place', span: known.span }] },
    );
  }

  #declare(id: AstPackageName, isDependency: boolean): PackageScope {
    const scope: PackageScope = {
      key: keyOf(id),
      id: `${id.namespace}:${id.name}`,
      version: id.version?.text,
      span: id.span,
      isDependency,
      docs: '',
      items: new Map(),
      broken: new Set(),
      files: [],
      leadsTo: new Map(),
    };
    this.packages.set(scope.key, scope);
    return scope;
  }

  #fill(scope: PackageScope, parts: readonly Part[]): void {
    const declared: Named[] = [...scope.items.values()].map((item) => ({ what: item.kind, name: item.ast.name }));
    for (const { items, source } of parts) {
      const file: FileScope = { package: scope, aliases: new Map() };
      scope.files.push(file);
      const aliases: Named[] = [];
      const own = new Map<string, Named>();
      for (const item of items) {
        if (item.kind === 'top-use') {
          aliases.push({ what: 'used name', name: item.local });
          file.aliases.set(item.local.wire, item);
        } else if (item.kind === 'broken') {
          if (item.name !== undefined) scope.broken.add(item.name.wire);
        } else if (item.kind !== 'package') {
          const named: Named = { what: item.kind, name: item.name };
          declared.push(named);
          own.set(item.name.wire.toLowerCase(), named);
          this.#addItem(scope, file, item, source);
        }
      }
      this.#names.distinct([...own.values(), ...aliases]);
    }
    this.#names.distinct(declared);
  }

  #addItem(scope: PackageScope, file: FileScope, ast: AstInterface | AstWorld, source: SourceFile): void {
    const gating = this.#gates.read(ast.gates, scope);
    const id = `${scope.id}/${ast.name.wire}${scope.version === undefined ? '' : `@${scope.version}`}`;
    const title = `${ast.kind} \`${ast.name.wire}\``;
    const module = newModule(ast.name, ast.docs, source, false, {
      id,
      ...(gating.gates === undefined ? {} : { gates: gating.gates }),
    });
    const types = new TypeScope(title, file, module, gating);
    const first = !scope.items.has(ast.name.wire);
    if (ast.kind === 'interface') {
      this.#names.interface(ast.items);
      this.#declareMembers(types, ast.items);
      if (first) scope.items.set(ast.name.wire, { kind: 'interface', ast, file, scope: types });
    } else {
      this.#names.world(ast.items);
      this.#declareMembers(types, ast.items);
      const inline = new Map<AstExtern, TypeScope>();
      for (const item of ast.items) {
        if (item.kind === 'extern' && item.what.kind === 'inline')
          inline.set(item, this.#inline(item, item.what.name, item.what.items, file, scope, source));
      }
      if (first) scope.items.set(ast.name.wire, { kind: 'world', ast, file, gating, scope: types, inline });
    }
  }

  #inline(
    item: AstExtern,
    name: AstInterface['name'],
    items: readonly AstMember[],
    file: FileScope,
    scope: PackageScope,
    source: SourceFile,
  ): TypeScope {
    const gating = this.#gates.read(item.gates, scope);
    const module: ModuleDraft = newModule(name, item.docs, source, false, {
      id: name.wire,
      ...(gating.gates === undefined ? {} : { gates: gating.gates }),
    });
    const types = new TypeScope(`interface \`${name.wire}\``, file, module, gating);
    this.#declareMembers(types, items);
    return types;
  }

  /** Of two things with one name the first counts: that there are two has been reported. */
  #declareMembers(scope: TypeScope, items: readonly (AstMember | AstWorldItem)[]): void {
    for (const item of items) {
      if (item.kind === 'type') {
        const gating = this.#gates.read(item.gates, scope.file.package);
        const decl = declareType(scope.draft, item.name, item.docs, gating.gates);
        scope.declared.set(item, { decl, gating });
        if (!scope.entries.has(item.name.wire)) scope.entries.set(item.name.wire, { kind: 'type', decl });
      } else if (item.kind === 'func') {
        if (!scope.entries.has(item.name.wire))
          scope.entries.set(item.name.wire, { kind: 'func', span: item.name.span });
      } else if (item.kind === 'use') {
        this.#declareUse(scope, item);
      } else if (item.kind === 'broken') {
        if (item.declares === 'any') scope.open = true;
        else if (item.name !== undefined && !scope.entries.has(item.name.wire))
          scope.entries.set(item.name.wire, { kind: 'broken' });
      }
    }
  }

  #declareUse(scope: TypeScope, item: Extract<AstMember, { kind: 'use' }>): void {
    const gating: Gating = this.#gates.read(item.gates, scope.file.package);
    scope.uses.push(item);
    for (const { name, local } of item.names) {
      const entry = { kind: 'used' as const, use: item, name, local, gating, target: undefined };
      scope.used.push(entry);
      if (!scope.entries.has(local.wire)) scope.entries.set(local.wire, entry);
    }
  }
}

/** Whether something at the top of a file could not be read that may have been its header. */
function isHeaderBroken(ast: AstFile): boolean {
  return ast.items[0]?.kind === 'broken';
}
