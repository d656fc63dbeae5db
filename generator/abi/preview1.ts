/**
 * The ABI of WASI preview 1: scalars as core values, strings, buffers and lists as pointer and
 * length, everything else by address; a function that can fail returns its errno and writes its
 * results through pointers that follow the parameters. There is no guest allocator to call, so a
 * result whose size only the host knows cannot be expressed.
 */
import { optionPayload, resolve } from '../model/kinds.js';
import type { EnumType, Func, Module, Param, Type, TypeDecl, VariantCase } from '../model/model.js';
import * as layout from './layout.js';
import { at, CoreNames, NoAbi, plannedOr } from './planning.js';
import {
  isSingle,
  partsOf,
  passOf as represent,
  pointsToMemory,
  strideOf,
  type Optional,
  type Rules,
} from './shape.js';
import type {
  AddressPass,
  CallPlan,
  CoreParam,
  CorePass,
  OutPass,
  OutPlan,
  ParamPlan,
  Planned,
  ReturnPlan,
  SinglePass,
  Unplannable,
} from './plan.js';

/** Plans one function, or says why the ABI cannot express it. */
export function planPreview1(module: Module, func: Func): Planned {
  return plannedOr(func, 'no-preview1-abi', () => plan(module, func));
}

function plan(module: Module, func: Func): CallPlan {
  const names = new CoreNames();
  const params = func.params.map((param) => planParam(param, names));
  const { returns, values } = planResults(func);
  const single = values.length === 1 ? values[0] : undefined;
  const direct =
    returns.how === 'nothing' && single !== undefined && func.results[0]?.type.kind !== 'result' ? single : undefined;
  const outs = direct === undefined ? values.map((value) => planOut(value, names, values.length)) : [];
  const directReturn: ReturnPlan =
    direct === undefined ? returns : { how: 'value', type: direct.type, pass: directPass(direct.type) };
  return {
    module,
    func,
    params,
    outs,
    shape: values.length === 0 ? 'none' : isTuple(func, values) ? 'tuple' : 'single',
    returns: directReturn,
    core: {
      params: [...params.flatMap((param) => param.core), ...outs.map((out) => out.core)],
      result:
        directReturn.how === 'nothing'
          ? undefined
          : directReturn.how === 'errno'
            ? 'i32'
            : layout.coreOf(directReturn.pass),
    },
    noreturn: func.noreturn,
  };
}

interface SuccessValue {
  readonly name: Param['name'] | undefined;
  readonly type: Type;
}

function isTuple(func: Func, values: readonly SuccessValue[]): boolean {
  if (values.length !== 1) return true;
  const only = func.results.length === 1 ? func.results[0] : undefined;
  const type = only === undefined ? undefined : resolve(only.type);
  const ok = type?.kind === 'result' && type.ok !== undefined ? resolve(type.ok) : undefined;
  return ok?.kind === 'tuple';
}

/** Splits what a function returns into the errno and the values of success. */
function planResults(func: Func): { readonly returns: ReturnPlan; readonly values: readonly SuccessValue[] } {
  const [first, ...rest] = func.results;
  if (first === undefined) return { returns: { how: 'nothing' }, values: [] };
  const type = resolve(first.type);
  if (type.kind === 'result') {
    if (rest.length > 0) throw new NoAbi('an `expected` result stands beside others');
    const returns: ReturnPlan = type.error === undefined ? { how: 'nothing' } : errnoPlan(type.error);
    if (returns.how === 'nothing') throw new NoAbi('its `expected` result has no error to return');
    return { returns, values: type.ok === undefined ? [] : successValues(type.ok) };
  }
  // Several results, or one named `error`: the vintage of WITX before `expected`.
  if (type.kind === 'enum' && (rest.length > 0 || first.name.wire === 'error')) {
    return { returns: errnoPlan(first.type), values: rest };
  }
  if (rest.length > 0) throw new NoAbi('the first of its several results is no errno');
  return { returns: { how: 'nothing' }, values: [{ name: undefined, type: first.type }] };
}

/** A tuple gives every item a pointer of its own. */
function successValues(ok: Type): readonly SuccessValue[] {
  const target = resolve(ok);
  if (target.kind === 'tuple') return target.items.map((item) => ({ name: undefined, type: item }));
  return [{ name: undefined, type: ok }];
}

function errnoPlan(type: Type): ReturnPlan {
  const decl = enumDecl(type);
  if (decl === undefined) throw new NoAbi('its error is no declared enum, which is what an errno must be');
  const success = decl.type.cases[0];
  if (success === undefined || !['success', 'ok'].includes(success.name.wire)) {
    throw new NoAbi(
      `the first case of its error \`${decl.decl.name.wire}\` is not \`success\`, so 0 would be ambiguous`,
    );
  }
  return { how: 'errno', decl: decl.decl, cases: decl.type.cases };
}

function enumDecl(type: Type): { readonly decl: TypeDecl; readonly type: EnumType } | undefined {
  let current = type;
  while (current.kind === 'ref') {
    if (current.decl.type.kind === 'enum') return { decl: current.decl, type: current.decl.type };
    current = current.decl.type;
  }
  return undefined;
}

function planParam(param: Param, names: CoreNames): ParamPlan {
  const pass = passOf(param.type);
  const name = param.name.wire;
  return { name: param.name, type: param.type, pass, core: coreParams(pass, name, halvesOf(param.type), names) };
}

function halvesOf(type: Type): readonly [string, string] | undefined {
  const target = resolve(type);
  return target.kind === 'buffer' ? target.halves : undefined;
}

function coreParams(
  pass: CorePass,
  name: string,
  halves: readonly [string, string] | undefined,
  names: CoreNames,
): readonly CoreParam[] {
  switch (pass.shape) {
    case 'text':
    case 'buffer':
    case 'sequence': {
      const [first, second] = halves ?? [`${name}_ptr`, `${name}_len`];
      return [
        { name: names.unique(first), type: 'i32' },
        { name: names.unique(second), type: 'i32' },
      ];
    }
    case 'product':
    case 'sum':
      return [{ name: names.unique(`${name}_ptr`), type: 'i32' }];
    case 'single':
      return [{ name: names.unique(name), type: layout.coreOf(pass) }];
  }
}

function planOut(value: SuccessValue, names: CoreNames, count: number): OutPlan {
  const pass = passOfOut(value.type);
  const name = value.name?.wire ?? typeName(value.type) ?? (count === 1 ? 'result' : 'item');
  return { name: value.name, type: value.type, pass, core: { name: names.unique(`${name}_out`), type: 'i32' } };
}

function typeName(type: Type): string | undefined {
  return type.kind === 'ref' ? type.decl.name.wire : undefined;
}

/** A value returned by the core function itself. */
function directPass(type: Type): SinglePass | AddressPass {
  const pass = passOfOut(type);
  if (!isSingle(pass)) throw new NoAbi('it returns a value that only fits in memory, without an errno');
  return pass;
}

/** A value the callee writes: its size has to be known. */
function passOfOut(type: Type): OutPass {
  const pass = passOf(type);
  if (isOut(pass)) return pass;
  const what = hostSized(pass)?.how ?? 'value';
  throw new NoAbi(`it returns a ${what}, which the host would have to allocate in guest memory`);
}

function isOut(pass: CorePass): pass is OutPass {
  return hostSized(pass) === undefined;
}

/** The first part whose size only the host knows. */
function hostSized(pass: CorePass): CorePass | undefined {
  if (pointsToMemory(pass)) return pass;
  return partsOf(pass)
    .map(hostSized)
    .find((part) => part !== undefined);
}

/**
 * How a declared type is represented, or why it is not. Planned like a parameter, since that is where a type can turn
 * out to have no representation.
 */
export function planType(decl: TypeDecl): CorePass | Unplannable {
  const param: Param = { name: decl.name, docs: '', type: { kind: 'ref', decl } };
  const func: Func = { name: decl.name, docs: '', kind: 'free', params: [param], results: [], noreturn: false };
  return plannedOr(func, 'no-preview1-abi', () => passOf(param.type));
}

/** How a type is represented. */
export function passOf(type: Type): CorePass {
  return represent(type, rules);
}

/** The names of the cases of an option decide about their tags. */
const rules: Rules<CorePass> = {
  shared: (pass) => pass,
  ownership(handle) {
    if (handle.kind === 'borrow') throw onlyComponents(handle.kind);
    return undefined;
  },
  option(type) {
    const target = resolve(type);
    const optional = optionPayload(type);
    if (target.kind !== 'variant' || optional === undefined) return undefined;
    const declared = ({ name, docs }: VariantCase, tag: number): Optional['some'] => ({ name, docs, tag });
    const cases = target.cases.map(declared);
    const { payload, someTag, noneTag } = optional;
    return { payload, repr: target.tag, some: at(cases, someTag), none: at(cases, noneTag) };
  },
  other(target, type) {
    switch (target.kind) {
      case 'address':
        return { shape: 'single', how: 'address', type, ...layout.pointer };
      case 'buffer': {
        const { access, element } = target;
        return {
          shape: 'buffer',
          how: 'buffer',
          type,
          access,
          stride: strideOf(passOf(element)),
          ...layout.fatPointer,
        };
      }
      case 'result':
        throw new NoAbi('an `expected` stands inside another type');
      case 'handle':
        throw new NoAbi('a handle is used without a name');
      case 'option':
      case 'borrow':
      case 'map':
      case 'future':
      case 'stream':
      case 'error-context':
        throw onlyComponents(target.kind);
    }
  },
};

function onlyComponents(kind: string): NoAbi {
  return new NoAbi(`it takes or returns \`${kind}\`, which only components have`);
}
