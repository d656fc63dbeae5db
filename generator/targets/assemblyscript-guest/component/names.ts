/** Every name of the output, decided once for the whole unit. */
import type { PlannedUnit } from '../../../abi/plan.js';
import { founder, membership, type Membership } from '../../../model/kinds.js';
import { camel, kebab, pascal, snake } from '../../../model/name.js';
import type { Name, TypeDecl } from '../../../model/model.js';
import type { AsSymbol } from '../../../print/as-file.js';
import { Scope } from '../../../print/scope.js';
import { sharedWords, typeName } from '../names.js';
import { recipesFor } from '../recipes.js';
import { legal, reservedGlobals } from '../reserved.js';
import { exportedCanonical, exportedResult } from './canonical.js';
import { casesOf, errnoOf } from './errno.js';
import { placesOf, resourcesOf, type Import, type Place, type PlacedModule } from './places.js';

export interface ComponentNames {
  readonly places: readonly PlaceNames[];
  /** The class of each resource. */
  readonly classes: ReadonlyMap<TypeDecl, AsSymbol>;
  /** Declared types that are no resources; those that have no declaration in the output are missing. */
  readonly types: ReadonlyMap<TypeDecl, AsSymbol>;
  /** The enum of the cases of each variant that is no enum itself. */
  readonly tags: ReadonlyMap<TypeDecl, string>;
  /** How each resource is given back. */
  readonly drops: ReadonlyMap<TypeDecl, AsSymbol>;
  /** The resources that guests implement. */
  readonly implemented: ReadonlyMap<TypeDecl, Implemented>;
  readonly imports: ReadonlyMap<Import, ImportNames>;
}

/** The functions that turn objects into handles and back. */
export interface Implemented {
  readonly give: AsSymbol;
  readonly take: AsSymbol;
  /** The imports behind them. */
  readonly made: string;
  readonly rep: string;
  readonly drop: string;
}

/** The names of a package, and what it holds. */
export interface PlaceNames {
  readonly place: Place;
  readonly raw: ReadonlyMap<PlacedModule, string>;
  /** The errnos of its functions, and the functions that name their cases. */
  readonly errnos: ReadonlyMap<TypeDecl, AsSymbol>;
  /** The errnos it declares, for itself or for others. */
  readonly namedErrnos: ReadonlyMap<TypeDecl, AsSymbol>;
}

export interface ImportNames {
  readonly raw: AsSymbol;
  readonly membership: Membership;
  /** The function of one that belongs to no class. */
  readonly free: AsSymbol | undefined;
}

export function componentNames(planned: PlannedUnit): ComponentNames {
  const found: Found = {
    classes: new Map(),
    types: new Map(),
    tags: new Map(),
    drops: new Map(),
    implemented: new Map(),
    imports: new Map(),
  };
  const all = placesOf(planned);
  const errnos = new Map(all.map((place) => [place, errnosOf(place)]));
  const everyErrno = nameFunctions(new Set([...errnos.values()].flat()));
  const raws = all.map((place) => {
    const raw = rawFiles(place);
    namePackage(place, raw, everyErrno, found);
    return raw;
  });
  const nameOf = (decl: TypeDecl): AsSymbol => ({
    name: everyErrno.get(decl) as string,
    from: found.types.get(decl)?.from ?? '',
  });
  const places = all.map((place, index): PlaceNames => ({
    place,
    raw: raws[index] ?? new Map(),
    errnos: new Map((errnos.get(place) ?? []).map((decl) => [decl, nameOf(decl)])),
    namedErrnos: new Map(
      [...everyErrno.keys()].flatMap((decl) =>
        found.types.get(decl)?.from === typesOf(place) ? [[decl, nameOf(decl)] as const] : [],
      ),
    ),
  }));
  return { places, ...found };
}

/** The file of a package's types. */
function typesOf({ folder }: Place): string {
  return `${folder}/types`;
}

interface Found {
  readonly classes: Map<TypeDecl, AsSymbol>;
  readonly types: Map<TypeDecl, AsSymbol>;
  readonly tags: Map<TypeDecl, string>;
  readonly drops: Map<TypeDecl, AsSymbol>;
  readonly implemented: Map<TypeDecl, Implemented>;
  readonly imports: Map<Import, ImportNames>;
}

function namePackage(
  place: Place,
  raw: ReadonlyMap<PlacedModule, string>,
  errnos: ReadonlyMap<TypeDecl, string>,
  found: Found,
): void {
  const { folder, modules } = place;
  const reserved = exportedNames(place);
  const decls = modules.flatMap(({ module, implementedAs }) =>
    module.types.map((decl) => ({ decl, module, wanted: wantedName(decl, implementedAs !== undefined) })),
  );
  const kinds = decls.filter(({ decl }) => decl.type.kind === 'handle').map(({ decl }) => decl);
  const declared = decls.filter(({ decl }) => decl.type.kind === 'handle' || isDeclared(decl));
  const globals = new PackageScope(
    declared.map(({ decl, wanted }) => wanted(decl.name)),
    reserved,
  );
  const classFiles = new Scope();
  for (const { decl, module, wanted } of declared) {
    const name = globals.declare(wanted(decl.name), () => wanted(prefixed(module.name, decl.name)));
    if (decl.type.kind === 'handle')
      found.classes.set(decl, { name, from: `${folder}/classes/${classFiles.declare(kebab(decl.name.words))}` });
    else found.types.set(decl, { name, from: typesOf(place) });
    if (decl.type.kind === 'variant' && casesOf(decl.type) === undefined)
      found.tags.set(
        decl,
        globals.declare(`${name}Tag`, () => `${name}Tag`),
      );
  }
  // Resources with functions of their own take none of the others.
  const open = kinds.filter(
    (kind) => !modules.some(({ module }) => module.funcs.some((func) => func.resource === kind)),
  );
  const members = modules.flatMap((placed) =>
    placed.imports.map((each) => ({ each, placed, membership: membership(each.func, open) })),
  );
  const isFree = ({ func, owner }: Membership): boolean =>
    owner === undefined || (func.resource === undefined && !open.includes(owner));
  const functionName = (each: Import): string => camel(wordsOf(each));
  const free = members.filter((each) => isFree(each.membership));
  const functions = new PackageScope(
    free.map(({ each }) => functionName(each)),
    [...reserved, ...errnos.values()],
  );
  const names = functions.declareAll(
    free.map(({ each, placed }) => ({
      key: each,
      wanted: functionName(each),
      otherwise: camel([...placed.module.name.words, ...wordsOf(each)]),
    })),
  );
  const rawScopes = new Map(modules.map((module) => [module, new Scope()]));
  for (const { each, placed, membership: own } of members) {
    const file = raw.get(placed) ?? '';
    const symbol = { name: rawScopes.get(placed)?.declare(rawName(each)) ?? '', from: file };
    const name = names.get(each);
    const free = name === undefined ? undefined : { name: legal(name, reservedGlobals), from: `${folder}/functions` };
    found.imports.set(each, {
      raw: symbol,
      free,
      membership: free === undefined ? own : { ...own, owner: undefined, receiver: undefined },
    });
  }
  for (const placed of modules) {
    const [scope, file] = [rawScopes.get(placed), raw.get(placed)];
    if (scope === undefined || file === undefined) continue;
    for (const decl of resourcesOf(placed.module)) {
      const declare = (verb: string): string => scope.declare(`${snake(decl.name.words)}_${verb}`);
      if (placed.implementedAs === undefined) found.drops.set(decl, { name: declare('drop'), from: file });
      else
        found.implemented.set(decl, {
          give: { name: declare('give'), from: file },
          take: { name: declare('take'), from: file },
          made: declare('new'),
          rep: declare('rep'),
          drop: declare('drop'),
        });
    }
  }
}

/** What a package exports besides what the definitions have. */
function exportedNames(place: Place): readonly string[] {
  return [
    ...exportedCanonical.map((each) => each.name),
    ...(errnosOf(place).length > 0 ? exportedResult : []),
    ...(recipesFor(place.folder)?.exports ?? []),
  ];
}

function wordsOf({ func, wire }: Import): readonly string[] {
  return func.resource === undefined ? wire.split('-').filter((word) => word !== '') : func.name.words;
}

/** A guest extends the class of a resource it implements, by one that has its name. */
function wantedName({ type }: TypeDecl, isImplemented: boolean): (name: Name) => string {
  return type.kind === 'handle' && isImplemented ? (name) => `${declaredName(name)}Base` : declaredName;
}

/** Tuples have classes of their own, which every package exports. */
function declaredName(name: Name): string {
  const wanted = typeName(name);
  return /^Tuple\d+$/.test(wanted) ? `${wanted}_` : wanted;
}

function prefixed(module: Name, own: Name): Name {
  return { ...own, words: [...module.words, ...own.words] };
}

/** Names of a package: those that several interfaces give to their things say which interface they are of. */
class PackageScope {
  readonly #scope: Scope;
  readonly #several: ReadonlySet<string>;

  constructor(all: readonly string[], reserved: readonly string[]) {
    this.#scope = new Scope(reserved);
    this.#several = new Set(all.filter((name, index) => all.indexOf(name) !== index));
  }

  declare(wanted: string, otherwise: () => string): string {
    return this.#scope.declare(this.#several.has(wanted) ? otherwise() : wanted);
  }

  /** Those that have a name of their own come first: no other takes it from them. */
  declareAll<Key>(
    all: readonly { readonly key: Key; readonly wanted: string; readonly otherwise: string }[],
  ): ReadonlyMap<Key, string> {
    const inTurn = [false, true].flatMap((isShared) =>
      all.filter(({ wanted }) => this.#several.has(wanted) === isShared),
    );
    return new Map(inTurn.map(({ key, wanted, otherwise }) => [key, this.declare(wanted, () => otherwise)]));
  }
}

/** A raw import keeps the spelling of the definition as far as it can: `pollable_ready`. */
function rawName({ func, wire }: Import): string {
  if (func.resource === undefined) return legal(wire.toLowerCase().replaceAll('-', '_'), reservedGlobals);
  return snake([...func.resource.name.words, ...(func.kind === 'constructor' ? ['new'] : func.name.words)]);
}

/** Whether a declared type becomes a declaration of the output. Texts, lists, options, results and tuples are what they are everywhere. */
function isDeclared(decl: TypeDecl): boolean {
  switch (decl.type.kind) {
    case 'enum':
    case 'flags':
    case 'record':
    case 'variant':
      return true;
    case 'scalar':
      // A scalar that only gets its own name again is that scalar.
      return camel(decl.name.words) !== decl.type.scalar;
    case 'bool':
      return camel(decl.name.words) !== 'bool';
    case 'ref': {
      const end = founder(decl);
      if (pascal(decl.name.words) === pascal(end.name.words)) return false;
      return end.type.kind === 'handle' || isDeclared(end);
    }
    case 'string':
    case 'list':
    case 'tuple':
    case 'option':
    case 'result':
    case 'handle':
    case 'borrow':
    case 'buffer':
    case 'address':
    case 'map':
    case 'future':
    case 'stream':
    case 'error-context':
      return false;
  }
}

/** `wasi-crypto/raw/symmetric` for `wasi-ephemeral-crypto-symmetric`: without the words all interfaces of the package share. */
function rawFiles({ folder, package: { modules: interfaces }, modules }: Place): ReadonlyMap<PlacedModule, string> {
  const named = modules.filter(
    ({ module, from, imports, implementedAs }) =>
      implementedAs !== undefined ||
      (from !== undefined && (imports.length > 0 || module.funcs.length > 0 || resourcesOf(module).length > 0)),
  );
  const alike = named.filter(({ module }) => interfaces.includes(module));
  const shared = alike.length > 1 ? sharedWords(alike.map(({ module }) => module.name.words)).length : 0;
  const files = new Scope();
  return new Map(
    named.map((placed) => {
      const { words } = placed.module.name;
      const own = alike.includes(placed) ? words.slice(shared) : words;
      return [placed, `${folder}/raw/${files.declare(kebab(own.length > 0 ? own : words))}`];
    }),
  );
}

/** The enums that functions of a package return as errno. */
function errnosOf({ modules }: Place): readonly TypeDecl[] {
  const results = modules
    .flatMap((each) => each.imports)
    .flatMap(({ plan }) => (plan.result === undefined ? [] : [errnoOf(plan.result)]));
  return [...new Set(results.flatMap((each) => each?.decl ?? []))];
}

/** The functions that name the cases of errnos: `cryptoErrnoName`. Errnos of one name say which interface they are of. */
function nameFunctions(errnos: ReadonlySet<TypeDecl>): ReadonlyMap<TypeDecl, string> {
  const wanted = (decl: TypeDecl): string => camel([...decl.name.words, 'name']);
  const isAlone = (decl: TypeDecl): boolean =>
    [...errnos].every((other) => other === decl || wanted(other) !== wanted(decl));
  return new Map(
    [...errnos].map((decl) => [
      decl,
      isAlone(decl) ? wanted(decl) : camel([...decl.module.name.words, ...decl.name.words, 'name']),
    ]),
  );
}
