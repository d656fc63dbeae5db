/** A plan as plain data, for people and for programs that are not ours: what `inspect` prints. */
import { printType } from '../model/print.js';
import {
  isCanonical,
  isPlanned,
  type CallPlan,
  type CanonicalPlan,
  type Case,
  type CoreSignature,
  type Pass,
  type Placed,
  type PlannedUnit,
} from './plan.js';
import { passOf as canonicalPass } from './canonical.js';
import { NoAbi } from './planning.js';
import { passOf as preview1Pass } from './preview1.js';
import { placedFuncs, wireName } from '../model/kinds.js';
import type { Dialect, Func, Module, Type } from '../model/model.js';

/** How a value is passed. Sizes and offsets are bytes. */
export interface PassDescription {
  readonly how: Pass['how'];
  /** As the definition writes it. */
  readonly type: string;
  /** In memory. */
  readonly size: number;
  readonly align: number;
  /** Of what has tags, and of flags: the integer that holds them. */
  readonly repr?: string;
  /** Of handles of components: whether the handle goes over to the callee or is lent for the call. */
  readonly ownership?: 'own' | 'borrow';
  /** Of buffers: whether the callee reads or fills them. */
  readonly access?: 'in' | 'out';
  /** Of buffers and lists: bytes from one element to the next. */
  readonly stride?: number;
  /** Of records and tuples: what stands where. Of lists: the element. */
  readonly parts?: readonly (PassDescription & { readonly name: string; readonly offset: number })[];
  /** Of enums, flags and what has cases: their names, in the order of their numbers. */
  readonly cases?: readonly { readonly name: string; readonly tag: number; readonly holds?: PassDescription }[];
  /** Of what has cases: where each has what it holds. */
  readonly payloadOffset?: number;
}

export interface FunctionDescription {
  /** How guests import it. */
  readonly module: string;
  readonly name: string;
  /** Of the function that a guest imports; null: the ABI has none, and `why` says why not. */
  readonly core: CoreSignature | null;
  /** Components: of the function that a guest exports. */
  readonly exported: CoreSignature | null;
  readonly why: string | null;
  readonly params: readonly (PassDescription & {
    readonly name: string;
    /** The core parameters that carry it; none, where all parameters stand in memory. */
    readonly flat: readonly string[];
    /** There, where it stands. */
    readonly offset?: number;
  })[];
  readonly results: readonly (PassDescription & {
    /** Where it is: what the core function returns, or memory that this core parameter points at. */
    readonly at: string;
  })[];
  /** WITX: the type of the errno that the core function returns. */
  readonly errno: string | null;
  /** Components: the side that needs `cabi_realloc`, for values whose size is not known before. */
  readonly allocates: { readonly import: boolean; readonly export: boolean } | null;
}

/** Every function of a unit, in order. */
export function describeFunctions(planned: PlannedUnit): readonly FunctionDescription[] {
  return placedFuncs(planned.unit).map(({ module, func }) => describeFunction(planned, module, func));
}

export function describeFunction({ plans, canonical }: PlannedUnit, module: Module, func: Func): FunctionDescription {
  const place = { module: module.id, name: wireName(func) };
  const planned = plans.get(func);
  if (planned !== undefined)
    return isPlanned(planned) ? ofPlan(place, planned) : without(place, planned.unplannable.message);
  const component = canonical.get(func);
  if (component !== undefined && isCanonical(component)) return ofCanonical(place, component);
  return without(place, component?.unplannable.message ?? 'it was not planned');
}

/** How a type is passed by the ABI of its dialect; undefined: that has no such value. */
export function passIn(dialect: Dialect, type: Type): Pass | undefined {
  try {
    return dialect === 'wit' ? canonicalPass(type) : preview1Pass(type);
  } catch (error) {
    if (error instanceof NoAbi) return undefined;
    throw error;
  }
}

type Place = Pick<FunctionDescription, 'module' | 'name'>;

function without(place: Place, why: string): FunctionDescription {
  return { ...place, core: null, exported: null, why, params: [], results: [], errno: null, allocates: null };
}

function ofPlan(place: Place, plan: CallPlan): FunctionDescription {
  const { params, outs, returns, core } = plan;
  return {
    ...place,
    core,
    exported: null,
    why: null,
    params: params.map(({ name, pass, core: own }) => ({
      name: name.wire,
      flat: own.map((each) => each.name),
      ...describePass(pass),
    })),
    results: [
      ...outs.map(({ pass, core: own }) => ({ at: own.name, ...describePass(pass) })),
      ...(returns.how === 'value' ? [{ at: 'returned', ...describePass(returns.pass) }] : []),
    ],
    errno: returns.how === 'errno' ? returns.decl.name.wire : null,
    allocates: null,
  };
}

function ofCanonical(place: Place, plan: CanonicalPlan): FunctionDescription {
  const { params, paramsInMemory, result, imported, exported, importAllocates, exportAllocates } = plan;
  const pointer = imported.params.at(-1)?.name ?? '';
  return {
    ...place,
    core: imported,
    exported,
    why: null,
    params: params.map(({ name, pass, core }, index) => ({
      name: name.wire,
      ...(paramsInMemory === undefined
        ? { flat: core.map((each) => each.name) }
        : { flat: [], offset: paramsInMemory.offsets[index] ?? 0 }),
      ...describePass(pass),
    })),
    results:
      result === undefined ? [] : [{ at: result.in === 'core' ? 'returned' : pointer, ...describePass(result.pass) }],
    errno: null,
    allocates: { import: importAllocates, export: exportAllocates },
  };
}

export function describePass(pass: Pass): PassDescription {
  const { how, size, align } = pass;
  const own = { how, type: printType(pass.type), size, align };
  switch (pass.how) {
    case 'scalar':
    case 'bool':
    case 'address':
    case 'string':
      return own;
    case 'enum':
      return { ...own, repr: pass.repr, cases: pass.cases.map(({ name }, tag) => ({ name: name.wire, tag })) };
    case 'flags':
      return { ...own, repr: pass.repr, cases: pass.flags.map(({ name }, tag) => ({ name: name.wire, tag })) };
    case 'handle':
      return { ...own, ...(pass.ownership && { ownership: pass.ownership }) };
    case 'buffer':
      return { ...own, access: pass.access, stride: pass.stride };
    case 'list':
      return { ...own, stride: pass.stride, parts: [{ name: 'element', offset: 0, ...describePass(pass.element) }] };
    case 'record':
    case 'tuple':
      return {
        ...own,
        parts: pass.parts.map(({ name, offset, pass: part }: Placed<Pass>) => ({
          name: name.wire,
          offset,
          ...describePass(part),
        })),
      };
    case 'option':
    case 'variant':
    case 'result':
      return {
        ...own,
        repr: pass.repr,
        payloadOffset: pass.payloadOffset,
        cases: pass.cases.map(({ name, tag, pass: held }: Case<Pass>) => ({
          name: name.wire,
          tag,
          ...(held && { holds: describePass(held) }),
        })),
      };
  }
}

/** Whether a function goes by a name: `symmetric_state_open`, `symmetric-state.open`, with its module before it or not. */
export function isCalled({ module, name }: Place, wanted: string): boolean {
  const plain = (text: string): string => text.replaceAll('_', '-').toLowerCase();
  const short = name.replace(/^\[constructor\](.*)$/, '$1.constructor').replace(/^\[\w+\]/, '');
  const modules = [module, module.replace(/@.*$/, ''), module.replace(/^.*\//, '').replace(/@.*$/, '')];
  return [name, short].some((each) =>
    [each, ...modules.map((from) => `${from}#${each}`)].some((full) => plain(full) === plain(wanted)),
  );
}
