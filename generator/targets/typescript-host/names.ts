/** Every name of the output, decided once for the whole unit. */
import { isPlanned, type PlannedUnit } from '../../abi/plan.js';
import { allModules, handleKinds, membership, optionPayload, resolve } from '../../model/kinds.js';
import { camel, kebab, pascal } from '../../model/name.js';
import type { Func, Module, Type, TypeDecl } from '../../model/model.js';
import { holdsHandle, walk } from '../../model/visit.js';
import { Scope } from '../../print/scope.js';
import type { Symbol } from '../../print/ts-file.js';
import { identifier } from '../typescript/identifiers.js';

/** The names that stand for one module. */
export interface ModuleNames {
  /** Its property in `Hosts`. */
  readonly property: string;
  readonly file: string;
  /** `undefined`: nothing of the module can be called, so there is nothing to implement. */
  readonly host: Symbol | undefined;
  /** The host interface with its type argument, where it has one. */
  readonly hostType: string;
  readonly bind: Symbol;
}

export interface Names {
  readonly modules: ReadonlyMap<Module, ModuleNames>;
  /** Where a declared type is found; handle kinds and `opt_*` variants have no declaration of their own. */
  readonly types: ReadonlyMap<TypeDecl, Symbol>;
  /** The property of a handle kind in `Kinds` and `Handles`. */
  readonly kinds: ReadonlyMap<TypeDecl, string>;
  /** The enums that functions return as errno, in order of first use. */
  readonly errnos: readonly TypeDecl[];
}

/** Globals and names of our own that a declared type must not shadow. */
const reservedTypes = [
  'Array',
  'BigInt',
  'Binding',
  'Boolean',
  'DataView',
  'Date',
  'Error',
  'Fail',
  'Failure',
  'Function',
  'GuestMemory',
  'HandleBudget',
  'HandleTable',
  'Handles',
  'HostObject',
  'Hosts',
  'Kinds',
  'Map',
  'Method',
  'Number',
  'Object',
  'Partial',
  'Promise',
  'Readonly',
  'Record',
  'Set',
  'String',
  'Symbol',
  'Uint8Array',
];
const reservedFiles = ['binding', 'failure', 'handles', 'index', 'kinds', 'memory', 'types', 'values'];

export const typesFile = 'types';
export const kindsFile = 'kinds';

export const kindsSymbol = { name: 'Kinds', from: kindsFile, typeOnly: true } as const;

export function namesOf(planned: PlannedUnit): Names {
  const modules = allModules(planned.unit);
  const withFuncs = modules.filter((module) => module.funcs.length > 0);
  const prefix = commonPrefix(withFuncs.map((module) => module.name.words));
  const files = new Scope(reservedFiles);
  const properties = new Scope();
  const moduleNames = new Map<Module, ModuleNames>();
  for (const module of withFuncs) {
    const words = module.name.words.slice(prefix);
    const file = files.declare(kebab(words));
    const name = `${identifier(pascal(words))}Host`;
    const methods = module.funcs.filter((func) => isPlannedFunc(planned, func) && !isDestructor(planned, func));
    moduleNames.set(module, {
      property: properties.declare(camel(words)),
      file,
      host: module.funcs.some((func) => isPlannedFunc(planned, func))
        ? { name, from: file, typeOnly: true }
        : undefined,
      hostType: methods.some((func) => [...func.params, ...func.results].some(({ type }) => holdsHandle(type)))
        ? `${name}<K>`
        : name,
      bind: { name: `bind${pascal(words)}`, from: file, typeOnly: false },
    });
  }
  return { modules: moduleNames, types: typeNames(planned), kinds: kindNames(planned), errnos: errnoTypes(planned) };
}

/** `wasi_ephemeral_crypto_` is every module's, so no name repeats it. */
function commonPrefix(names: readonly (readonly string[])[]): number {
  const [first, ...others] = names;
  if (first === undefined || others.length === 0) return 0;
  let length = 0;
  while (names.every((words) => words.length > length + 1 && words[length] === first[length])) length += 1;
  return length;
}

function errnoTypes(planned: PlannedUnit): readonly TypeDecl[] {
  const found = new Set<TypeDecl>();
  for (const plan of planned.plans.values())
    if (isPlanned(plan) && plan.returns.how === 'errno') found.add(plan.returns.decl);
  return [...found];
}

function kindNames(planned: PlannedUnit): ReadonlyMap<TypeDecl, string> {
  const scope = new Scope();
  return new Map(handleKinds(planned.unit).map((kind) => [kind, scope.declare(identifier(camel(kind.name.words)))]));
}

function typeNames(planned: PlannedUnit): ReadonlyMap<TypeDecl, Symbol> {
  const names = new Map<TypeDecl, Symbol>();
  const scope = new Scope(reservedTypes);
  for (const decl of declaredTypes(planned)) {
    names.set(decl, { name: scope.declare(identifier(pascal(decl.name.words))), from: typesFile, typeOnly: true });
  }
  return names;
}

/** The declarations that get one in the output: what planned functions reach, and the rest of modules they stand in. */
function declaredTypes(planned: PlannedUnit): readonly TypeDecl[] {
  const reached = new Set<TypeDecl>();
  for (const plan of planned.plans.values()) {
    if (isPlanned(plan)) for (const value of [...plan.func.params, ...plan.func.results]) reach(value.type, reached);
  }
  const decls = allModules(planned.unit).flatMap((module) => {
    const usable = module.funcs.length === 0 || module.funcs.some((func) => isPlannedFunc(planned, func));
    return module.types.filter((decl) => usable || reached.has(decl));
  });
  const optionTags = new Set(decls.flatMap((decl) => optionTag(decl)));
  return decls.filter((decl) => {
    const target = resolve(decl.type);
    return target.kind !== 'handle' && target.kind !== 'result' && !isOption(decl) && !optionTags.has(decl);
  });
}

function isPlannedFunc(planned: PlannedUnit, func: Func): boolean {
  const plan = planned.plans.get(func);
  return plan !== undefined && isPlanned(plan);
}

function isOption(decl: TypeDecl): boolean {
  return optionPayload({ kind: 'ref', decl }) !== undefined;
}

/** The enum that only names `some` and `none`. */
function optionTag(decl: TypeDecl): readonly TypeDecl[] {
  const target = decl.type;
  return target.kind === 'variant' && isOption(decl) && target.tagDecl !== undefined ? [target.tagDecl] : [];
}

function reach(type: Type, reached: Set<TypeDecl>): void {
  walk(type, (part) => {
    if (part.kind !== 'ref' || reached.has(part.decl)) return;
    reached.add(part.decl);
    reach(part.decl.type, reached);
  });
}

/** Every object inherits a `constructor` and a `toString`: such a method would never count as missing. */
export function methodName(func: Func): string {
  const name = camel(func.name.words);
  return name in Object.prototype ? `${name}_` : name;
}

/** Destructors are the bindings' own: hosts implement `release()`. */
export function isDestructor(planned: PlannedUnit, func: Func): boolean {
  return membership(func, handleKinds(planned.unit)).closes;
}
