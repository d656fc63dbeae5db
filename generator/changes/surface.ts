/**
 * What definitions mean to those who use them, as plain data: names, types, numbers, sizes and core signatures, of either
 * dialect. Two surfaces can be compared, also if one was stored long ago.
 */
import { passIn } from '../abi/describe.js';
import { isCanonical, isPlanned, type CoreSignature, type PlannedUnit } from '../abi/plan.js';
import type { Layout } from '../abi/layout.js';
import { founder, handleKind, optionPayload, resolve, worldModules, wireName } from '../model/kinds.js';
import type { Dialect, Func, Module, Param, Type, TypeDecl, World } from '../model/model.js';

export interface Surface {
  readonly dialect: Dialect;
  /** It was stored, which documentation is not. */
  readonly undocumented?: boolean;
  /** WIT: `wasi:crypto@0.11.0`; WITX: the revision, or what the folder or file is called. */
  readonly packages: readonly string[];
  readonly modules: readonly ModuleSurface[];
  readonly worlds: readonly WorldSurface[];
}

export interface ModuleSurface {
  readonly name: string;
  /** How guests import it: WIT: `wasi:io/streams@0.2.0`. */
  readonly id: string;
  /** `guest`: worlds only export it, so that guests implement what hosts call. */
  readonly implementedBy: 'host' | 'guest';
  readonly docs?: string;
  readonly types: readonly TypeSurface[];
  readonly constants: readonly ConstantSurface[];
  readonly functions: readonly FunctionSurface[];
}

export interface WorldSurface {
  readonly name: string;
  readonly imports: readonly string[];
  readonly exports: readonly string[];
}

export interface TypeSurface {
  readonly name: string;
  readonly docs?: string;
  /** `enum u16`, `record`, `handle`, or for another name of a type that type. */
  readonly type: string;
  /** Cases, flags or fields, in order: their order is their number. */
  readonly members: readonly Member[];
  /** Bytes in memory; absent where the ABI has no such value. */
  readonly size?: number;
  readonly align?: number;
}

export interface Member {
  readonly name: string;
  readonly docs?: string;
  readonly type?: string;
}

export interface ConstantSurface {
  readonly name: string;
  /** Decimal: values have up to 64 bits. */
  readonly value: string;
}

export interface FunctionSurface {
  /** As the ABI has it: `[method]pollable.ready`. */
  readonly name: string;
  readonly docs?: string;
  readonly inputs: readonly Slot[];
  readonly outputs: readonly Slot[];
  /** The type of its error, if it can fail. */
  readonly error?: string;
  /** What else there is to know: it is asynchronous, or never returns. */
  readonly traits: readonly ('async' | 'noreturn')[];
  /** Of the core function that guests import; absent where the ABI has none. */
  readonly core?: string;
}

/** A value that crosses. Other names of types do not count: what they stand for does. */
export interface Slot {
  readonly name: string;
  readonly type: string;
  /** Components: whether a handle goes over to the callee or is lent for the call. */
  readonly handle?: 'own' | 'borrow';
  /** WITX: the parameter by which the guest says how much room there is for an output. */
  readonly room?: string;
}

export function surfaceOf({ unit, plans, canonical }: PlannedUnit): Surface {
  const { dialect } = unit;
  const worlds = unit.packages.flatMap((each) => each.worlds ?? []);
  const roles = rolesIn(worlds);
  const coreOf = (func: Func): CoreSignature | undefined => {
    const planned = plans.get(func);
    if (planned !== undefined) return isPlanned(planned) ? planned.core : undefined;
    const component = canonical.get(func);
    return component !== undefined && isCanonical(component) ? component.imported : undefined;
  };
  const describe = (func: Func): FunctionSurface => functionSurface(func, dialect, coreOf(func));
  const layoutOf = (type: Type): Layout | undefined => passIn(dialect, type);
  const modules = [...unit.packages.flatMap((each) => each.modules), ...worldModules(unit)];
  const loose = worlds.map((world) => looseFunctions(world, describe));
  return {
    dialect,
    packages: unit.packages
      .filter((each) => each.isDependency !== true)
      .map(({ id, version }) => (version === undefined ? id : `${id}@${version}`)),
    modules: [
      ...modules.map((module) => moduleSurface(module, roles.get(module) ?? 'host', layoutOf, describe)),
      ...loose.flat(),
    ].filter(({ types, constants, functions }) => types.length + constants.length + functions.length > 0),
    worlds: worlds.map(({ name, imports, exports }) => ({
      name: name.wire,
      imports: imports.map((item) => item.name),
      exports: exports.map((item) => item.name),
    })),
  };
}

/** Who implements what worlds name: what one imports is the host's, even if another exports it. */
export function rolesIn(worlds: readonly World[]): ReadonlyMap<Module, 'host' | 'guest'> {
  const roles = new Map<Module, 'host' | 'guest'>();
  const modulesOf = (items: World['imports']): readonly Module[] =>
    items.flatMap((item) => (item.kind === 'interface' ? [item.module] : []));
  for (const { exports } of worlds) for (const module of modulesOf(exports)) roles.set(module, 'guest');
  for (const { imports } of worlds) for (const module of modulesOf(imports)) roles.set(module, 'host');
  return roles;
}

/** The functions that a world imports or exports by themselves, as a module each. */
function looseFunctions(
  { name, id, imports, exports }: World,
  describe: (func: Func) => FunctionSurface,
): readonly ModuleSurface[] {
  const of = (items: World['imports'], implementedBy: 'host' | 'guest', side: string): ModuleSurface => ({
    name: `${name.wire} ${side}`,
    id,
    implementedBy,
    types: [],
    constants: [],
    functions: items.flatMap((item) => (item.kind === 'func' ? [describe(item.func)] : [])),
  });
  return [of(imports, 'host', 'imports'), of(exports, 'guest', 'exports')];
}

function moduleSurface(
  { name, id, docs, types, constants, funcs }: Module,
  implementedBy: 'host' | 'guest',
  layoutOf: (type: Type) => Layout | undefined,
  describe: (func: Func) => FunctionSurface,
): ModuleSurface {
  return {
    name: name.wire,
    id,
    implementedBy,
    ...described(docs),
    types: types.map((decl) => typeSurface(decl, layoutOf({ kind: 'ref', decl }))),
    constants: constants.map((each) => ({
      name: `${each.type.name.wire}.${each.name.wire}`,
      value: String(each.value),
    })),
    functions: funcs.map(describe),
  };
}

function described(docs: string): { readonly docs?: string } {
  return docs === '' ? {} : { docs };
}

/** WITX may give the number 0 to what is there. */
export const SOME_FIRST = ', some is 0';

function typeSurface({ name, docs, type }: TypeDecl, layout: Layout | undefined): TypeSurface {
  const option = type.kind === 'variant' ? optionPayload(type) : undefined;
  return {
    name: name.wire,
    ...described(docs),
    type: option === undefined ? headOf(type) : `${textOf(type)}${option.someTag === 1 ? '' : SOME_FIRST}`,
    members: option === undefined ? membersOf(type) : [],
    ...(layout === undefined ? {} : { size: layout.size, align: layout.align }),
  };
}

/** A declared type without its members. */
function headOf(type: Type): string {
  switch (type.kind) {
    case 'enum':
    case 'variant':
      return `${type.kind} ${type.tag}`;
    case 'flags':
      return `flags ${type.repr}`;
    case 'record':
      return 'record';
    case 'scalar':
    case 'bool':
    case 'string':
    case 'ref':
    case 'handle':
    case 'borrow':
    case 'tuple':
    case 'list':
    case 'option':
    case 'result':
    case 'buffer':
    case 'address':
    case 'map':
    case 'future':
    case 'stream':
    case 'error-context':
      return textOf(type);
  }
}

function membersOf(type: Type): readonly Member[] {
  switch (type.kind) {
    case 'enum':
      return type.cases.map(({ name, docs }) => ({ name: name.wire, ...described(docs) }));
    case 'flags':
      return type.flags.map(({ name, docs }) => ({ name: name.wire, ...described(docs) }));
    case 'record':
      return type.fields.map(({ name, docs, type }) => ({ name: name.wire, ...described(docs), type: textOf(type) }));
    case 'variant':
      return type.cases.map(({ name, docs, payload }) => ({
        name: name.wire,
        ...described(docs),
        ...(payload === undefined ? {} : { type: textOf(payload) }),
      }));
    case 'scalar':
    case 'bool':
    case 'string':
    case 'ref':
    case 'handle':
    case 'borrow':
    case 'tuple':
    case 'list':
    case 'option':
    case 'result':
    case 'buffer':
    case 'address':
    case 'map':
    case 'future':
    case 'stream':
    case 'error-context':
      return [];
  }
}

function functionSurface(func: Func, dialect: Dialect, core: CoreSignature | undefined): FunctionSurface {
  const written = func.params.flatMap((param) => outputBuffer(param) ?? []);
  const returned = func.results.map(({ type }) => resolve(type));
  const [first] = returned;
  const result = first?.kind === 'result' ? first : undefined;
  const values =
    result === undefined ? func.results.map(({ type }) => type) : result.ok === undefined ? [] : [result.ok];
  const error = result?.error === undefined ? undefined : textOf(result.error);
  return {
    name: wireName(func),
    ...described(func.docs),
    inputs: func.params
      .filter((param) => outputBuffer(param) === undefined)
      .map((param) => slot(param.name.wire, param.type, dialect)),
    outputs: [...written, ...values.flatMap(parts).map((type) => slot('', type, dialect))],
    ...(error === undefined ? {} : { error }),
    traits: [...(func.async === true ? (['async'] as const) : []), ...(func.noreturn ? (['noreturn'] as const) : [])],
    ...(core === undefined ? {} : { core: coreText(core) }),
  };
}

/** The items of a tuple are values of their own. */
function parts(type: Type): readonly Type[] {
  const target = resolve(type);
  return target.kind === 'tuple' ? target.items : [type];
}

/** Memory that the callee fills is an output. */
function outputBuffer({ name, type }: Param): Slot | undefined {
  const target = resolve(type);
  if (target.kind !== 'buffer' || target.access !== 'out') return undefined;
  return { name: name.wire, type: `list(${textOf(target.element)})`, room: target.halves[1] };
}

function slot(name: string, type: Type, dialect: Dialect): Slot {
  return { name, type: textOf(type), ...(dialect === 'wit' ? ownership(type) : {}) };
}

function ownership(type: Type): Pick<Slot, 'handle'> {
  const inside = optionPayload(type)?.payload ?? type;
  if (handleKind(inside) === undefined) return {};
  return { handle: resolve(inside).kind === 'borrow' ? 'borrow' : 'own' };
}

function coreText({ params, result }: CoreSignature): string {
  return `(${params.map((each) => each.type).join(', ')}) -> ${result ?? '()'}`;
}

/** What a type is: numbers, text, lists and options whatever they are called; others by their names. */
function textOf(type: Type): string {
  switch (type.kind) {
    case 'ref':
      return isTransparent(type) ? textOf(type.decl.type) : `$${founder(type.decl).name.wire}`;
    case 'borrow':
      return textOf({ kind: 'ref', decl: type.decl });
    case 'variant': {
      const option = optionPayload(type);
      if (option !== undefined) return `option(${textOf(option.payload)})`;
      return `${headOf(type)} {${membersText(type)}}`;
    }
    case 'enum':
    case 'flags':
    case 'record':
      return `${headOf(type)} {${membersText(type)}}`;
    case 'scalar':
      // A guest's size.
      return type.scalar === 'usize' ? 'u32' : type.scalar;
    case 'bool':
    case 'string':
    case 'error-context':
      return type.kind;
    case 'handle':
      return 'handle';
    case 'tuple':
      return `tuple(${type.items.map(textOf).join(', ')})`;
    case 'list':
      return `list(${textOf(type.element)}${type.length === undefined ? '' : `, ${type.length}`})`;
    case 'buffer':
      return `${type.access === 'out' ? 'out ' : ''}list(${textOf(type.element)})`;
    case 'address':
      return `address(${textOf(type.pointee)})`;
    case 'result':
      return `result(${optionalText(type.ok)}, ${optionalText(type.error)})`;
    case 'option':
      return `option(${textOf(type.payload)})`;
    case 'map':
      return `map(${textOf(type.key)}, ${textOf(type.value)})`;
    case 'future':
    case 'stream':
      return `${type.kind}(${optionalText(type.payload)})`;
  }
}

function optionalText(type: Type | undefined): string {
  return type === undefined ? '_' : textOf(type);
}

function membersText(type: Type): string {
  return membersOf(type)
    .map(({ name, type: of }) => (of === undefined ? name : `${name}: ${of}`))
    .join(', ');
}

/** Whether a declared type is only another name. A name of what has several parts stays: they could double with each name. */
function isTransparent(type: Type): boolean {
  const { kind } = resolve(type);
  return (
    ['scalar', 'bool', 'string', 'list', 'buffer', 'borrow', 'option'].includes(kind) ||
    optionPayload(type) !== undefined
  );
}
