/** Every name of the output, decided once for the whole unit. */
import { unencodable } from '../../abi/canonical.js';
import { isCanonical, type CanonicalPlan, type PlannedUnit } from '../../abi/plan.js';
import { isHandle } from '../../abi/shape.js';
import { founder, handleKind, handleKinds, membership, resolve, worldModules } from '../../model/kinds.js';
import { kebab, pascal } from '../../model/name.js';
import type { Func, Module, Package, Type, TypeDecl } from '../../model/model.js';
import { usedIn } from '../../model/used.js';
import { holds, holdsHandle } from '../../model/visit.js';
import { Scope } from '../../print/scope.js';
import { templateExports } from '../../print/template.js';
import type { Symbol } from '../../print/ts-file.js';
import { globals } from '../../print/typescript-words.js';
import { identifier, memberName } from '../typescript/identifiers.js';
import { own } from './own.js';
import { templateFiles } from './templates.js';

/** A function as a component imports it and a host implements it. */
export interface Imported {
  readonly func: Func;
  /** How the component calls one that stands in a world: `include` can give it another name. */
  readonly wire: string;
  readonly method: string;
}

/** What a host implements as a whole: a WIT interface, or the functions that a world imports by themselves. */
export interface Interface {
  readonly module: Module;
  /** How a component calls it, without version; `undefined`: each function is imported under its own name. */
  readonly importedAs: string | undefined;
  readonly funcs: readonly Imported[];
  /** The resources it declares. */
  readonly resources: readonly TypeDecl[];
  /** Its property in `Hosts`. */
  readonly property: string;
  /** Relative to the output folder, without an ending. */
  readonly file: string;
  readonly host: Symbol;
  /** The host interface with its type argument, where it has one. */
  readonly hostType: string;
  readonly bind: Symbol;
}

export interface Names {
  readonly interfaces: readonly Interface[];
  /** The files of declared types, one a package, and what each declares. */
  readonly typeFiles: ReadonlyMap<string, readonly TypeDecl[]>;
  readonly types: ReadonlyMap<TypeDecl, Symbol>;
  /** The property of a resource in `Kinds`. */
  readonly kinds: ReadonlyMap<TypeDecl, string>;
  /** All values of each enum and each variant without payloads, by their numbers. */
  readonly values: ReadonlyMap<TypeDecl, Symbol>;
  /** The names of the cases of each other variant, by their numbers. */
  readonly tags: ReadonlyMap<TypeDecl, Symbol>;
  /** The enums, and variants without payloads, that functions give as the error of their result, in order of first use. */
  readonly errnos: readonly TypeDecl[];
  readonly errnoNames: ReadonlyMap<TypeDecl, ErrnoNames>;
}

/** What is declared beside an errno. */
export interface ErrnoNames {
  readonly type: Symbol;
  /** The failures hosts throw: `fail` of the first errno type of a file, `failErrno` of another. */
  readonly fail: Symbol;
  /** How calls answer it. */
  readonly answers: Symbol;
}

/** The index exports everything of the only package, so each name stands for one thing; `K` and `Held` are type parameters. */
function exportedNames(): readonly string[] {
  const ours = Object.values(own).map((each) => each.name);
  const templates = templateFiles.flatMap(({ folder, name }) => templateExports(`${folder}/${name}`));
  return [...globals, ...ours, ...templates, 'K', 'Held'];
}

export function namesOf(planned: PlannedUnit): Names {
  const { unit, imported } = usedIn(planned.unit);
  const kinds = kindNames(unit.packages.flatMap(packageModules).filter((module) => imported.has(module)));
  const packages = unit.packages.filter(
    (each) =>
      packageModules(each).some((module) => module.funcs.length > 0 || module.types.length > 0) ||
      worldRoots(each).length > 0,
  );
  const reserved = exportedNames();
  const folders = new Scope();
  const properties = new Scope();
  const interfaces: Interface[] = [];
  const types = new Map<TypeDecl, Symbol>();
  const typeFiles = new Map<string, readonly TypeDecl[]>();
  const errnos = errnoTypes(planned, imported);
  const errnoNames = new Map<TypeDecl, ErrnoNames>();
  const values = new Map<TypeDecl, Symbol>();
  const tags = new Map<TypeDecl, Symbol>();
  for (const each of packages) {
    const folder = packages.length === 1 ? '' : `${folders.declare(packageName(each))}/`;
    const exported = new Scope(reserved);
    const qualifier = folder === '' ? [] : packageName(each).split('-');
    interfaces.push(...interfacesOf(planned, each, imported, { folder, qualifier, properties, exported }));
    const typesFile = `${folder}types`;
    const scope = new DeclScope(exported);
    const decls = packageModules(each).flatMap((module) => module.types.filter((decl) => isDeclared(decl, kinds)));
    for (const decl of decls) types.set(decl, { name: scope.declare(decl, pascal), from: typesFile, typeOnly: true });
    if (decls.length > 0) typeFiles.set(typesFile, decls);
    const value = (name: string): Symbol => ({ name: exported.declare(name), from: typesFile, typeOnly: false });
    const own = (decl: TypeDecl): Symbol => types.get(decl) as Symbol;
    for (const decl of decls) {
      if (isPlain(decl.type)) values.set(decl, value(`${lowerFirst(own(decl).name)}Values`));
      else if (decl.type.kind === 'variant') tags.set(decl, value(`${lowerFirst(own(decl).name)}Tags`));
    }
    for (const [index, decl] of errnos.filter((errno) => decls.includes(errno)).entries())
      errnoNames.set(decl, errnoNamesOf(own(decl), index, value));
  }
  return { interfaces, typeFiles, types, values, tags, kinds, errnos, errnoNames };
}

function errnoNamesOf(type: Symbol, index: number, value: (name: string) => Symbol): ErrnoNames {
  const own = lowerFirst(type.name);
  return {
    type: { ...type, typeOnly: false },
    fail: value(index === 0 ? 'fail' : `fail${type.name}`),
    answers: value(`${own}Answers`),
  };
}

function lowerFirst(name: string): string {
  return `${name.charAt(0).toLowerCase()}${name.slice(1)}`;
}

function packageModules(each: Package): readonly Module[] {
  return [...each.modules, ...worldModules({ dialect: 'wit', packages: [each], sources: [], errata: [] })];
}

/** `wasi:io@0.2.0` is `io`. */
function packageName(each: Package): string {
  return each.id.slice(each.id.lastIndexOf(':') + 1).toLowerCase();
}

/** What worlds import that stands in no interface: functions by the names they have there, and their own resources. */
function worldRoots({
  worlds = [],
}: Package): readonly { readonly module: Module; readonly funcs: readonly Placed[] }[] {
  return worlds
    .map(({ root, imports }) => {
      const free = imports.flatMap((item) => (item.kind === 'func' ? [{ func: item.func, wire: item.name }] : []));
      return { module: root, funcs: [...free, ...root.funcs.map(placed)] };
    })
    .filter(({ module, funcs }) => funcs.length > 0 || resourcesOf(module).length > 0);
}

type Placed = Pick<Imported, 'func' | 'wire'>;

function placed(func: Func): Placed {
  return { func, wire: func.name.wire };
}

/** Where names of a package are given out. */
interface Naming {
  readonly folder: string;
  readonly qualifier: readonly string[];
  readonly properties: Scope;
  readonly exported: Scope;
}

function interfacesOf(
  planned: PlannedUnit,
  each: Package,
  imported: ReadonlySet<Module>,
  { folder, qualifier, properties, exported }: Naming,
): readonly Interface[] {
  const inline = worldModules({ dialect: 'wit', packages: [each], sources: [], errata: [] });
  const callable = (module: Module): boolean =>
    imported.has(module) && (module.funcs.length > 0 || resourcesOf(module).length > 0);
  const declared = each.modules.filter(callable);
  const prefix = commonPrefix(declared.map((module) => module.name.words));
  const ours = [...Object.values(own).map(({ from }) => from), ...templateFiles.map((each) => each.name), 'types'];
  const files = new Scope(ours);
  const classes = new Scope();
  const roots = worldRoots(each);
  const parts = [
    ...declared.map((module) => ({
      module,
      words: module.name.words.slice(prefix),
      funcs: module.funcs.map(placed),
      importedAs: unversioned(module.id),
    })),
    ...inline
      .filter((module) => callable(module) && !roots.some((root) => root.module === module))
      .map((module) => ({
        module,
        words: module.name.words,
        funcs: module.funcs.map(placed),
        importedAs: unversioned(module.id),
      })),
    ...roots.map(({ module, funcs }) => ({ module, words: module.name.words, funcs, importedAs: undefined })),
  ];
  return parts.map(({ module, words, funcs, importedAs }) => {
    const file = files.declare(ours.includes(kebab(words)) ? `${kebab(words)}-interface` : kebab(words));
    const name = classes.declare(pascal(words));
    const scope = new Scope();
    const imported = funcs.map(({ func, wire }) => ({ func, wire, method: scope.declare(methodName(func, wire)) }));
    const hosted = funcs
      .flatMap(({ func }) => planOf(planned, func) ?? [])
      .filter((plan) => !isDestructor(planned, plan));
    const generic = hosted.some((plan) =>
      [...plan.func.params, ...plan.func.results].some(({ type }) => holdsHandle(type)),
    );
    const host = { name: exported.declare(`${identifier(name)}Host`), from: `${folder}${file}`, typeOnly: true };
    return {
      module,
      importedAs,
      funcs: imported,
      resources: resourcesOf(module),
      property: properties.declare(memberName([...qualifier, ...words])),
      file: `${folder}${file}`,
      host,
      hostType: generic ? `${host.name}<K>` : host.name,
      bind: { name: exported.declare(`bind${name}`), from: `${folder}${file}`, typeOnly: false },
    };
  });
}

/** jco's imports carry no versions. */
function unversioned(id: string): string {
  return id.replace(/@[^@]*$/, '');
}

export function resourcesOf(module: Module): readonly TypeDecl[] {
  return module.types.filter((decl) => decl.type.kind === 'handle');
}

/** The plan of a function, unless it has none. */
export function planOf(planned: PlannedUnit, func: Func): CanonicalPlan | undefined {
  const plan = planned.canonical.get(func);
  return plan !== undefined && isCanonical(plan) ? plan : undefined;
}

/** `wasi-ephemeral-crypto-` is every interface's, so no name repeats it. */
function commonPrefix(names: readonly (readonly string[])[]): number {
  const [first, ...others] = names;
  if (first === undefined || others.length === 0) return 0;
  let length = 0;
  while (names.every((words) => words.length > length + 1 && words[length] === first[length])) length += 1;
  return length;
}

function kindNames(modules: readonly Module[]): ReadonlyMap<TypeDecl, string> {
  const scope = new DeclScope();
  return new Map(modules.flatMap(resourcesOf).map((kind) => [kind, scope.declare(kind, memberName)]));
}

/** Names of declarations: the second of a name also says which interface it is of. */
class DeclScope {
  readonly #scope: Scope;
  readonly #given = new Set<string>();

  constructor(scope = new Scope()) {
    this.#scope = scope;
  }

  declare({ name, module }: TypeDecl, cased: (words: readonly string[]) => string): string {
    const wanted = identifier(cased(name.words));
    const given = this.#scope.declare(
      this.#given.has(wanted) ? identifier(cased([...module.name.words, ...name.words])) : wanted,
    );
    this.#given.add(given);
    return given;
  }
}

/**
 * Resources and other names of them stand for `K['…']`; what no function can pass yet has no type. Of the resources
 * that components export jco has the classes, and the types that hold them.
 */
function isDeclared(decl: TypeDecl, kinds: ReadonlyMap<TypeDecl, string>): boolean {
  const isForeign = (part: Type): boolean => {
    const kind = handleKind(part);
    return kind !== undefined && !kinds.has(kind);
  };
  return resolve(decl.type).kind !== 'handle' && isExpressible(decl.type) && !holds(decl.type, isForeign);
}

/** `counter.add` is `counterAdd`, its constructor `counterConstructor`. Every object inherits a `toString`; `new()` in an interface makes it a class. */
function methodName(func: Func, wire: string): string {
  const words =
    func.kind === 'constructor'
      ? ['constructor']
      : func.resource === undefined
        ? wire.toLowerCase().split('-')
        : func.name.words;
  return memberName([...(func.resource?.name.words ?? []), ...words]);
}

/** Destructors are the bindings' own: hosts implement `release()`. */
export function isDestructor(planned: PlannedUnit, plan: CanonicalPlan): boolean {
  const [only] = plan.params;
  if (only === undefined || !isHandle(only.pass) || only.pass.ownership !== 'own') return false;
  const errno = errnoOf(plan);
  const returnsNothing = plan.result === undefined || (errno !== undefined && errno.ok === undefined);
  const kinds = [...handleKinds(planned.unit), ...worldModules(planned.unit).flatMap(resourcesOf)];
  return returnsNothing && membership(plan.func, kinds).closes;
}

export interface ErrnoResult {
  readonly decl: TypeDecl;
  /** What success returns. */
  readonly ok: Type | undefined;
}

/** A function whose result says what failed by an enum, or a variant without payloads. */
export function errnoOf(plan: CanonicalPlan): ErrnoResult | undefined {
  const result = plan.result === undefined ? undefined : resolve(plan.result.type);
  if (result?.kind !== 'result' || result.error?.kind !== 'ref') return undefined;
  const decl = founder(result.error.decl);
  return isPlain(decl.type) ? { decl, ok: result.ok } : undefined;
}

/** Whether values of a type are but names of cases. */
export function isPlain(type: Type): boolean {
  return type.kind === 'enum' || (type.kind === 'variant' && type.cases.every((each) => each.payload === undefined));
}

function errnoTypes(planned: PlannedUnit, imported: ReadonlySet<Module>): readonly TypeDecl[] {
  const found = new Set<TypeDecl>();
  for (const plan of planned.canonical.values()) {
    const errno = isCanonical(plan) && imported.has(plan.module) ? errnoOf(plan) : undefined;
    if (errno !== undefined) found.add(errno.decl);
  }
  return [...found];
}

/** Whether values of the type can cross at all. */
function isExpressible(type: Type): boolean {
  return !holds(
    type,
    (part) =>
      part.kind === 'map' ||
      part.kind === 'stream' ||
      part.kind === 'future' ||
      part.kind === 'error-context' ||
      unencodable(part) !== undefined,
  );
}
