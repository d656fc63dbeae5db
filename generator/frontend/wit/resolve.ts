/** What paths and names lead to. */
import type { DiagnosticBag } from '../../diagnostics/diagnostic.js';
import { didYouMean } from '../../diagnostics/suggest.js';
import type { DeclDraft } from '../../model/build.js';
import type { Name } from '../../model/model.js';
import type { AstPackageName, AstPath } from './ast.js';
import type { FileScope, InterfaceItem, PackageItem, PackageScope, TypeScope, WorldDraftItem } from './scope.js';
import { nativeType, typeWords } from './shapes.js';
import { shippedVersions } from './shipped.js';

type Kind = PackageItem['kind'];
interface ItemOf {
  readonly interface: InterfaceItem;
  readonly world: WorldDraftItem;
}

const article: { readonly [K in Kind]: string } = { interface: 'an interface', world: 'a world' };

export class Resolver {
  readonly #packages: ReadonlyMap<string, PackageScope>;
  readonly #bag: DiagnosticBag;
  /** What has been reported missing: once for each place it was looked for. */
  readonly #reported = new Set<string>();

  constructor(packages: ReadonlyMap<string, PackageScope>, bag: DiagnosticBag) {
    this.#packages = packages;
    this.#bag = bag;
  }

  /** The interface or world that a path means; `undefined` when there is none, which is reported. */
  item<K extends Kind>(path: AstPath, file: FileScope, wanted: K, withAliases = true): ItemOf[K] | undefined {
    const found = this.#find(path, file, wanted, withAliases);
    if (found === undefined || found.kind === wanted) return found as ItemOf[K] | undefined;
    const related = [{ message: 'it is declared here', span: found.ast.name.span }];
    this.#bag.report(
      'wrong-kind',
      path.span,
      { name: path.name.wire, found: article[found.kind], wanted: article[wanted] },
      { related },
    );
    return undefined;
  }

  /** Whether a path leads to another package, which has to be there. */
  isForeign(path: AstPath, file: FileScope): boolean {
    const { package: id } = file.aliases.get(path.package === undefined ? path.name.wire : '')?.path ?? path;
    const home = id && this.#package(id, file);
    return home !== undefined && home !== file.package;
  }

  /** Checks that what `use … as` at the top of a file names is there: nobody may refer to it. Of other packages it names interfaces only. */
  checkAliases(file: FileScope): void {
    for (const { path } of file.aliases.values()) {
      if (this.isForeign(path, file)) this.item(path, file, 'interface', false);
      else this.#find(path, file, 'interface or world', false);
    }
  }

  /** The names of a file stand for themselves: one `use` does not see another. */
  #find(path: AstPath, file: FileScope, wanted: string, withAliases: boolean): PackageItem | undefined {
    const alias = path.package === undefined && withAliases ? file.aliases.get(path.name.wire) : undefined;
    if (alias !== undefined) return this.#find(alias.path, file, wanted, false);
    const home = path.package === undefined ? file.package : this.#package(path.package, file);
    const found = home?.items.get(path.name.wire);
    if (home === undefined || found !== undefined || home.broken.has(path.name.wire)) return found;
    const inOther = home === file.package ? undefined : `package \`${home.key}\``;
    this.#once(`${home.key}/${path.name.wire}`, () => {
      const known = (): readonly string[] => [
        ...home.items.keys(),
        ...(home === file.package ? file.aliases.keys() : []),
      ];
      const hint = this.#bag.suggest(
        () => didYouMean(path.name.wire, known()) ?? this.#elsewhere(path.name.wire, home),
      );
      this.#bag.report(
        'unknown-name',
        path.name.span,
        { what: wanted, name: path.name.wire, ...(inOther === undefined ? {} : { place: inOther }) },
        { hint },
      );
    });
    return undefined;
  }

  #elsewhere(name: string, home: PackageScope): string | undefined {
    const other = [...this.#packages.values()].find((each) => each !== home && each.items.has(name));
    if (other === undefined) return undefined;
    return `package \`${other.key}\` has it: write \`${other.id}/${name}${other.version === undefined ? '' : `@${other.version}`}\``;
  }

  #package(id: AstPackageName, file: FileScope): PackageScope | undefined {
    const name = `${id.namespace}:${id.name}`;
    const key = id.version === undefined ? name : `${name}@${id.version.text}`;
    const found = this.#packages.get(key);
    if (found !== undefined) {
      if (!file.package.leadsTo.has(found)) file.package.leadsTo.set(found, id.span);
      return found;
    }
    this.#once(key, () =>
      this.#bag.report(
        'unknown-package',
        id.span,
        { name: key },
        { hint: this.#bag.suggest(() => this.#packageHint(name)) },
      ),
    );
    return undefined;
  }

  #packageHint(name: string): string {
    const versions = [...this.#packages.values()].filter((each) => each.id === name);
    if (versions.length > 0)
      return `there is ${versions.map((each) => `\`${each.key}\``).join(' and ')}: paths give the version that the package has`;
    const shipped = shippedVersions(name);
    if (shipped.length > 0)
      return `${shipped.map((each) => `\`${each}\``).join(' and ')} comes with wasi-crypto-gen: paths give the version that the package has`;
    const ids = [...new Set([...this.#packages.values()].map((each) => each.id))];
    return (
      didYouMean(name, ids) ??
      'packages that others need stand in the folder `deps`, or in the file as `package namespace:name { … }`'
    );
  }

  /** The declaration of a type; what is not there is reported. */
  type(scope: TypeScope, name: Name): DeclDraft | undefined {
    const found = scope.find(name.wire);
    if (found === 'unknowable') return undefined;
    if (found === undefined) {
      this.#once(`${scope.draft.id} ${scope.title} ${name.wire}`, () =>
        this.#bag.report(
          'unknown-name',
          name.span,
          { what: 'type', name: name.wire },
          { hint: this.#bag.suggest(() => this.#typeHint(scope, name.wire)) },
        ),
      );
      return undefined;
    }
    if ('kind' in found) {
      const related = [{ message: 'it is declared here', span: found.span }];
      this.#bag.report(
        'wrong-kind',
        name.span,
        { name: name.wire, found: 'a function', wanted: 'a type' },
        { related },
      );
      return undefined;
    }
    return found;
  }

  #typeHint(scope: TypeScope, name: string): string | undefined {
    const native = nativeType(name);
    if (native !== undefined) return `WIT has \`${native}\``;
    const meant = didYouMean(name, [...scope.types, ...typeWords]);
    if (meant !== undefined) return meant;
    const home = scope.file.package;
    const owner = [...home.items.values()].find(
      (item) => item.kind === 'interface' && item.scope !== scope && item.scope.entries.get(name)?.kind === 'type',
    );
    return owner === undefined
      ? undefined
      : `interface \`${owner.ast.name.wire}\` has it: add \`use ${owner.ast.name.wire}.{${name}};\``;
  }

  #once(key: string, report: () => void): void {
    if (this.#reported.has(key)) return;
    this.#reported.add(key);
    report();
  }
}
