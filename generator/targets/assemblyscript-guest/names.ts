/** Every name of the output, decided once for the whole unit: one function a role. */
import { isPlanned, type PlannedUnit } from '../../abi/plan.js';
import { isOptionalHandle } from '../../abi/shape.js';
import { allModules, founder, handleKinds, membership, optionPayload, type Membership } from '../../model/kinds.js';
import { camel, kebab, pascal, snake } from '../../model/name.js';
import type { Func, Module, Name, Type, TypeDecl, Unit } from '../../model/model.js';
import { walk } from '../../model/visit.js';
import type { AsSymbol } from '../../print/as-file.js';
import { Scope } from '../../print/scope.js';
import { legal, reservedGlobals, reservedMembers } from './reserved.js';
import { templateNames } from './templates.js';

export interface Names {
  /** The folder guests import: `wasi-crypto`. */
  readonly packageName: string;
  /** The raw imports of each module with functions. */
  readonly raw: ReadonlyMap<Module, string>;
  /** The class of each handle kind. */
  readonly classes: ReadonlyMap<TypeDecl, AsSymbol>;
  /** Declared types that are no handle kinds; those that have no declaration in the output are missing. */
  readonly types: ReadonlyMap<TypeDecl, AsSymbol>;
  /** The function of each plannable function that belongs to no class. */
  readonly free: ReadonlyMap<Func, AsSymbol>;
  /** Where each function stands. */
  readonly members: ReadonlyMap<Func, Membership>;
  /** The enums that functions return as errno, in order of first use, and the functions that name their cases. */
  readonly errnos: ReadonlyMap<TypeDecl, AsSymbol>;
  /** Names of further declarations, beside all of the above. */
  readonly scope: Scope;
}

export const typesFile = 'types';
export const functionsFile = 'functions';
export const errnoFile = 'errno';

export function namesOf(planned: PlannedUnit): Names {
  const { unit } = planned;
  const kinds = handleKinds(unit);
  const members = new Map(
    allModules(unit).flatMap((module) => module.funcs.map((func) => [func, membership(func, kinds)] as const)),
  );
  const scope = new Scope(templateNames());
  const classFiles = new Scope();
  const classes = new Map<TypeDecl, AsSymbol>();
  for (const kind of kinds) {
    const name = scope.declare(typeName(kind.name));
    classes.set(kind, { name, from: `classes/${classFiles.declare(kebab(kind.name.words))}` });
  }
  const types = new Map<TypeDecl, AsSymbol>();
  for (const decl of declaredTypes(planned))
    types.set(decl, { name: scope.declare(typeName(decl.name)), from: typesFile });
  const errnos = new Map(
    errnoTypes(planned).map((decl) => [decl, { name: scope.declare(errnoNameFunction(decl)), from: typesFile }]),
  );
  const free = new Map<Func, AsSymbol>();
  for (const [func, { owner }] of members) {
    const plan = planned.plans.get(func);
    if (owner !== undefined || plan === undefined || !isPlanned(plan)) continue;
    free.set(func, { name: scope.declare(legal(camel(func.name.words), reservedGlobals)), from: functionsFile });
  }
  const [{ name: packageName = 'bindings' } = {}] = unit.packages;
  return { packageName, raw: rawFiles(unit), classes, types, free, members, errnos, scope };
}

/** `opt_symmetric_key` as `OptSymmetricKey`. */
export function typeName(name: Name): string {
  return legal(pascal(name.words), reservedGlobals);
}

/** An enum case, a flag or a constant: `invalid_tag` as `InvalidTag`. */
export function caseName(name: Pick<Name, 'words'>): string {
  return legal(pascal(name.words));
}

/** The names of all cases, flags or constants of a type: `a1_b` and `a_1_b` become one name, so the second is numbered. */
export function caseNames(all: readonly { readonly name: Pick<Name, 'words'> }[]): readonly string[] {
  const scope = new Scope();
  return all.map(({ name }) => scope.declare(caseName(name)));
}

/** A method: `squeeze_tag` as `squeezeTag`. */
export function memberName(words: readonly string[]): string {
  return legal(camel(words), reservedMembers);
}

/** A raw import keeps the spelling of the definition. */
export function rawName(func: Func): string {
  return legal(snake(func.name.words), reservedGlobals);
}

/** The function that names the cases of an enum: `cryptoErrnoName`. */
function errnoNameFunction(decl: TypeDecl): string {
  return camel([...decl.name.words, 'name']);
}

/** Declared types that become declarations of the output. */
function declaredTypes(planned: PlannedUnit): readonly TypeDecl[] {
  const all = allModules(planned.unit).flatMap((module) => module.types);
  const reached = reachedTypes(planned);
  const used = new Set([...reached, ...errnoTypes(planned)]);
  const optionTags = tagsOfOptions(all);
  return all.filter((decl) => (used.has(decl) || !optionTags.has(decl)) && isDeclared(decl, reached));
}

function isDeclared(decl: TypeDecl, reached: ReadonlySet<TypeDecl>): boolean {
  switch (decl.type.kind) {
    case 'enum':
    case 'flags':
    case 'record':
      return true;
    case 'tuple':
      // Tuples are what functions return; as objects in memory they are only of use where one is passed.
      return reached.has(decl);
    case 'variant':
      return reached.has(decl) || optionPayload({ kind: 'ref', decl }) === undefined;
    case 'scalar':
      // A scalar that only gets its own name again is that scalar.
      return camel(decl.name.words) !== decl.type.scalar;
    case 'bool':
      return camel(decl.name.words) !== 'bool';
    case 'ref': {
      const end = founder(decl);
      if (pascal(decl.name.words) === pascal(end.name.words)) return false;
      // Names of lengths that buffers have swallowed are of no more use.
      return (
        end.type.kind === 'handle' || ((end.type.kind !== 'scalar' || reached.has(decl)) && isDeclared(end, reached))
      );
    }
    case 'string':
    case 'list':
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

/** Declared types that stand in memory: in lists, records and what is passed by address. */
function reachedTypes(planned: PlannedUnit): ReadonlySet<TypeDecl> {
  const reached = new Set<TypeDecl>();
  const reach = (type: Type): void => {
    walk(type, (each) => {
      if (each.kind !== 'ref' || reached.has(each.decl)) return;
      reached.add(each.decl);
      reach(each.decl.type);
    });
  };
  for (const plan of planned.plans.values()) {
    if (!isPlanned(plan)) continue;
    for (const { type, pass } of [...plan.params, ...plan.outs]) if (!isOptionalHandle(pass)) reach(type);
  }
  for (const decl of allModules(planned.unit).flatMap((module) => module.types))
    if (decl.type.kind === 'record') reach(decl.type);
  return reached;
}

/** Enums that do nothing but tag an `opt_*`, which guests pass as a value or none. */
function tagsOfOptions(all: readonly TypeDecl[]): ReadonlySet<TypeDecl> {
  const tags = new Set<TypeDecl>();
  for (const decl of all) {
    if (
      decl.type.kind === 'variant' &&
      decl.type.tagDecl !== undefined &&
      optionPayload({ kind: 'ref', decl }) !== undefined
    )
      tags.add(decl.type.tagDecl);
  }
  return tags;
}

function errnoTypes(planned: PlannedUnit): readonly TypeDecl[] {
  const found = new Set<TypeDecl>();
  for (const plan of planned.plans.values())
    if (isPlanned(plan) && plan.returns.how === 'errno') found.add(plan.returns.decl);
  return [...found];
}

export function sharedWords(names: readonly (readonly string[])[]): readonly string[] {
  const [first = [], ...others] = names;
  let length = 0;
  while (length < first.length && others.every((words) => words[length] === first[length])) length += 1;
  return first.slice(0, length);
}

/** `raw/symmetric` for `wasi_ephemeral_crypto_symmetric`: without the words all modules share. */
function rawFiles(unit: Unit): ReadonlyMap<Module, string> {
  const modules = allModules(unit).filter((module) => module.funcs.length > 0);
  const shared = modules.length > 1 ? sharedWords(modules.map((module) => module.name.words)).length : 0;
  const files = new Scope();
  return new Map(
    modules.map((module) => {
      const own = module.name.words.slice(shared);
      return [module, `raw/${files.declare(kebab(own.length > 0 ? own : module.name.words))}`];
    }),
  );
}
