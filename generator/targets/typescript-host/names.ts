/** Every name of the output, decided once for the whole unit. */
import { isPlanned, type PlannedUnit } from '../../abi/plan.js';
import { InternalError } from '../../diagnostics/diagnostic.js';
import { allModules, handleKinds, membership, optionPayload, resolve } from '../../model/kinds.js';
import { camel, kebab, pascal } from '../../model/name.js';
import type { Func, Module, Type, TypeDecl } from '../../model/model.js';
import { holdsHandle, walk } from '../../model/visit.js';
import { Scope } from '../../print/scope.js';
import { templateExports } from '../../print/template.js';
import type { Symbol } from '../../print/ts-file.js';
import { globals } from '../../print/typescript-words.js';
import { identifier, memberName } from '../typescript/identifiers.js';
import { own } from './own.js';
import { templateFiles } from './templates.js';

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
  readonly errnoNames: ReadonlyMap<TypeDecl, ErrnoNames>;
  /** The method of each function. */
  readonly methods: ReadonlyMap<Func, string>;
}

/** What is declared beside an errno. */
export interface ErrnoNames {
  readonly type: Symbol;
  /** The failures hosts throw: `fail` of the first errno type, `failErrno` of another. */
  readonly fail: Symbol;
  readonly ofFault: Symbol;
}

/** The index exports everything, so each name stands for one thing; `K` is every type parameter. */
function exportedScope(): Scope {
  const ours = Object.values(own).map((each) => each.name);
  const templates = templateFiles.flatMap(({ folder, name }) => templateExports(`${folder}/${name}`));
  return new Scope([...globals, ...ours, ...templates, 'K']);
}

export const typesFile = 'types';

export function namesOf(planned: PlannedUnit): Names {
  const modules = allModules(planned.unit);
  const withFuncs = modules.filter((module) => module.funcs.length > 0);
  const prefix = commonPrefix(withFuncs.map((module) => module.name.words));
  const exported = exportedScope();
  const files = new Scope([
    ...templateFiles.map(({ name }) => name),
    ...Object.values(own).map(({ from }) => from),
    typesFile,
  ]);
  const properties = new Scope();
  const methods = new Map<Func, string>();
  const moduleNames = new Map<Module, ModuleNames>();
  for (const module of withFuncs) {
    const words = module.name.words.slice(prefix);
    const file = files.declare(kebab(words));
    const hosted = module.funcs.filter((func) => isPlannedFunc(planned, func) && !isDestructor(planned, func));
    const scope = new Scope();
    for (const func of module.funcs) methods.set(func, scope.declare(memberName(func.name.words)));
    const hasHost = module.funcs.some((func) => isPlannedFunc(planned, func));
    const name = hasHost ? exported.declare(`${identifier(pascal(words))}Host`) : '';
    moduleNames.set(module, {
      property: properties.declare(memberName(words)),
      file,
      host: hasHost ? { name, from: file, typeOnly: true } : undefined,
      hostType: hosted.some((func) => [...func.params, ...func.results].some(({ type }) => holdsHandle(type)))
        ? `${name}<K>`
        : name,
      bind: { name: exported.declare(`bind${pascal(words)}`), from: file, typeOnly: false },
    });
  }
  const types = typeNames(planned, exported);
  const errnos = errnoTypes(planned);
  return {
    modules: moduleNames,
    types,
    kinds: kindNames(planned),
    errnos,
    errnoNames: new Map(errnos.map((decl, index) => [decl, errnoNames(decl, index, types, exported)])),
    methods,
  };
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

function errnoNames(decl: TypeDecl, index: number, types: ReadonlyMap<TypeDecl, Symbol>, exported: Scope): ErrnoNames {
  const type = types.get(decl);
  if (type === undefined) throw new InternalError(`${decl.name.wire} has no name`);
  const value = (name: string): Symbol => ({ name: exported.declare(name), from: typesFile, typeOnly: false });
  return {
    type: { ...type, typeOnly: false },
    fail: value(index === 0 ? 'fail' : `fail${pascal(decl.name.words)}`),
    ofFault: value(`${camel(decl.name.words)}OfFault`),
  };
}

function kindNames(planned: PlannedUnit): ReadonlyMap<TypeDecl, string> {
  const scope = new Scope();
  return new Map(handleKinds(planned.unit).map((kind) => [kind, scope.declare(memberName(kind.name.words))]));
}

function typeNames(planned: PlannedUnit, exported: Scope): ReadonlyMap<TypeDecl, Symbol> {
  const names = new Map<TypeDecl, Symbol>();
  for (const decl of declaredTypes(planned)) {
    names.set(decl, { name: exported.declare(identifier(pascal(decl.name.words))), from: typesFile, typeOnly: true });
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

/** Destructors are the bindings' own: hosts implement `release()`. */
export function isDestructor(planned: PlannedUnit, func: Func): boolean {
  return membership(func, handleKinds(planned.unit)).closes;
}
