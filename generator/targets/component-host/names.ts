/** Every name of the output, decided once for the whole unit. */
import { isCanonical, type CanonicalPlan, type PlannedUnit } from '../../abi/plan.js';
import { founder, handleKinds, membership, resolve, worldModules } from '../../model/kinds.js';
import { camel, kebab, pascal } from '../../model/name.js';
import type { Func, Module, Package, Type, TypeDecl } from '../../model/model.js';
import { holds, holdsHandle } from '../../model/visit.js';
import { Scope } from '../../print/scope.js';
import type { Symbol } from '../../print/ts-file.js';
import { identifier } from '../typescript/identifiers.js';

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
  /** The enums, and variants without payloads, that functions give as the error of their result, in order of first use. */
  readonly errnos: readonly TypeDecl[];
}

/** Globals and names of our own that a declared type must not shadow. */
const reservedTypes = [
  'AllHeld',
  'Answers',
  'Array',
  'BigInt',
  'BigInt64Array',
  'BigUint64Array',
  'Binding',
  'Boolean',
  'DataView',
  'Date',
  'Err',
  'Error',
  'Failure',
  'Fault',
  'Float32Array',
  'Float64Array',
  'From',
  'Function',
  'Gate',
  'Guest',
  'HandleBudget',
  'HandleTable',
  'Handles',
  'HostObject',
  'Held',
  'Hosts',
  'Int16Array',
  'Int32Array',
  'Int8Array',
  'KindTable',
  'Kinds',
  'Lowering',
  'Map',
  'Number',
  'Object',
  'Objects',
  'Ok',
  'Option',
  'Owned',
  'Partial',
  'Promise',
  'Readonly',
  'Record',
  'ResourceKind',
  'Resources',
  'Result',
  'Set',
  'String',
  'Symbol',
  'Take',
  'Trap',
  'Uint16Array',
  'Uint32Array',
  'Uint8Array',
];
const reservedFiles = [
  'bits',
  'failure',
  'guest',
  'handles',
  'index',
  'kinds',
  'lowering',
  'memory',
  'objects',
  'resources',
  'results',
  'tables',
  'trap',
  'types',
  'values',
];

export function namesOf(planned: PlannedUnit): Names {
  const { unit } = planned;
  const kinds = kindNames(unit.packages.flatMap((each) => packageModules(each)));
  const packages = unit.packages.filter(
    (each) =>
      packageModules(each).some((module) => module.funcs.length > 0 || module.types.length > 0) ||
      worldRoots(each).length > 0,
  );
  const folders = new Scope();
  const properties = new Scope();
  const interfaces: Interface[] = [];
  const types = new Map<TypeDecl, Symbol>();
  const typeFiles = new Map<string, readonly TypeDecl[]>();
  for (const each of packages) {
    const folder = packages.length === 1 ? '' : `${folders.declare(packageName(each))}/`;
    interfaces.push(
      ...interfacesOf(planned, each, folder, folder === '' ? [] : packageName(each).split('-'), properties),
    );
    const typesFile = `${folder}types`;
    const scope = new DeclScope(reservedTypes);
    const decls = packageModules(each).flatMap((module) => module.types.filter(isDeclared));
    for (const decl of decls) types.set(decl, { name: scope.declare(decl, pascal), from: typesFile, typeOnly: true });
    if (decls.length > 0) typeFiles.set(typesFile, decls);
  }
  return { interfaces, typeFiles, types, kinds, errnos: errnoTypes(planned) };
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

function interfacesOf(
  planned: PlannedUnit,
  each: Package,
  folder: string,
  qualifier: readonly string[],
  properties: Scope,
): readonly Interface[] {
  const inline = worldModules({ dialect: 'wit', packages: [each], sources: [], errata: [] });
  const callable = (module: Module): boolean => module.funcs.length > 0 || resourcesOf(module).length > 0;
  const declared = each.modules.filter(callable);
  const prefix = commonPrefix(declared.map((module) => module.name.words));
  const files = new Scope();
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
    const file = files.declare(reservedFiles.includes(kebab(words)) ? `${kebab(words)}-interface` : kebab(words));
    const name = classes.declare(pascal(words));
    const scope = new Scope();
    const imported = funcs.map(({ func, wire }) => ({ func, wire, method: scope.declare(methodName(func, wire)) }));
    const hosted = funcs
      .flatMap(({ func }) => planOf(planned, func) ?? [])
      .filter((plan) => !isDestructor(planned, plan));
    const generic = hosted.some((plan) =>
      [...plan.func.params, ...plan.func.results].some(({ type }) => holdsHandle(type)),
    );
    const host = { name: `${identifier(name)}Host`, from: `${folder}${file}`, typeOnly: true };
    return {
      module,
      importedAs,
      funcs: imported,
      resources: resourcesOf(module),
      property: properties.declare(camel([...qualifier, ...words])),
      file: `${folder}${file}`,
      host,
      hostType: generic ? `${host.name}<K>` : host.name,
      bind: { name: `bind${name}`, from: `${folder}${file}`, typeOnly: false },
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
  return new Map(modules.flatMap(resourcesOf).map((kind) => [kind, scope.declare(kind, camel)]));
}

/** Names of declarations: the second of a name also says which interface it is of. */
class DeclScope {
  readonly #scope: Scope;
  readonly #given = new Set<string>();

  constructor(reserved: Iterable<string> = []) {
    this.#scope = new Scope(reserved);
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

/** Resources and other names of them stand for `K['…']`; what no function can pass yet has no type. */
function isDeclared(decl: TypeDecl): boolean {
  return resolve(decl.type).kind !== 'handle' && isExpressible(decl.type);
}

/** `counter.add` is `counterAdd`, its constructor `counterConstructor`. Every object inherits a `toString`; `new()` in an interface makes it a class. */
function methodName(func: Func, wire: string): string {
  const words =
    func.kind === 'constructor'
      ? ['constructor']
      : func.resource === undefined
        ? wire.toLowerCase().split('-')
        : func.name.words;
  const name = identifier(camel([...(func.resource?.name.words ?? []), ...words]));
  return name in Object.prototype || name === 'new' ? `${name}_` : name;
}

/** Destructors are the bindings' own: hosts implement `release()`. */
export function isDestructor(planned: PlannedUnit, plan: CanonicalPlan): boolean {
  const [only] = plan.params;
  if (only?.pass.how !== 'handle' || only.pass.ownership !== 'own') return false;
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

function errnoTypes(planned: PlannedUnit): readonly TypeDecl[] {
  const found = new Set<TypeDecl>();
  for (const plan of planned.canonical.values()) {
    const errno = isCanonical(plan) ? errnoOf(plan) : undefined;
    if (errno !== undefined) found.add(errno.decl);
  }
  return [...found];
}

/** Whether values of the type can cross at all. */
function isExpressible(type: Type): boolean {
  return !holds(
    type,
    ({ kind }) => kind === 'map' || kind === 'stream' || kind === 'future' || kind === 'error-context',
  );
}
