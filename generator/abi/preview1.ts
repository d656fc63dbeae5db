/**
 * The ABI of WASI preview 1: scalars as core values, strings, buffers and lists as pointer and
 * length, everything else by address; a function that can fail returns its errno and writes its
 * results through pointers that follow the parameters. There is no guest allocator to call, so a
 * result whose size only the host knows cannot be expressed.
 */
import { handleKind, optionPayload, resolve } from '../model/kinds.js';
import type { EnumType, Func, Module, Param, Type, TypeDecl } from '../model/model.js';
import * as layout from './layout.js';
import { at, CoreNames, NoAbi, plannedOr } from './planning.js';
import type { CallPlan, CoreParam, CoreType, OutPlan, ParamPlan, Pass, Planned, ReturnPlan } from './plan.js';

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
        directReturn.how === 'nothing' ? undefined : directReturn.how === 'errno' ? 'i32' : coreOf(directReturn.pass),
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
  pass: Pass,
  name: string,
  halves: readonly [string, string] | undefined,
  names: CoreNames,
): readonly CoreParam[] {
  switch (pass.how) {
    case 'string':
    case 'buffer':
    case 'list': {
      const [first, second] = halves ?? [`${name}_ptr`, `${name}_len`];
      return [
        { name: names.unique(first), type: 'i32' },
        { name: names.unique(second), type: 'i32' },
      ];
    }
    default:
      return [{ name: names.unique(layout.byAddress(pass) ? `${name}_ptr` : name), type: coreOf(pass) }];
  }
}

function planOut(value: SuccessValue, names: CoreNames, count: number): OutPlan {
  const pass = passOf(value.type);
  refuseHostSized(pass);
  const name = value.name?.wire ?? typeName(value.type) ?? (count === 1 ? 'result' : 'item');
  return { name: value.name, type: value.type, pass, core: { name: names.unique(`${name}_out`), type: 'i32' } };
}

function typeName(type: Type): string | undefined {
  return type.kind === 'ref' ? type.decl.name.wire : undefined;
}

/** A value returned by the core function itself. */
function directPass(type: Type): Pass {
  const pass = passOf(type);
  refuseHostSized(pass);
  if (layout.byAddress(pass)) throw new NoAbi('it returns a value that only fits in memory, without an errno');
  return pass;
}

function refuseHostSized(pass: Pass): void {
  switch (pass.how) {
    case 'string':
    case 'list':
      throw new NoAbi(`it returns a ${pass.how}, which the host would have to allocate in guest memory`);
    case 'buffer':
      throw new NoAbi('it returns a buffer, which the host would have to allocate in guest memory');
    case 'record':
      for (const field of pass.fields) refuseHostSized(field.pass);
      return;
    case 'tuple':
      for (const item of pass.items) refuseHostSized(item.pass);
      return;
    case 'option':
      refuseHostSized(pass.payload);
      return;
    case 'variant':
      for (const each of pass.cases) if (each.pass !== undefined) refuseHostSized(each.pass);
      return;
    default:
      return;
  }
}

/** The core type of a value passed as a single core parameter. */
export function coreOf(pass: Pass): CoreType {
  switch (pass.how) {
    case 'scalar':
      return layout.coreOfScalar(pass.scalar);
    case 'flags':
      return layout.coreOfRepr(pass.repr);
    default:
      return 'i32';
  }
}

/** How a type is represented. */
export function passOf(type: Type): Pass {
  const target = resolve(type);
  const kind = handleKind(type);
  if (kind !== undefined && target.kind !== 'borrow') return { how: 'handle', kind, ...layout.pointer };
  const decl = type.kind === 'ref' ? declOf(type.decl) : undefined;
  switch (target.kind) {
    case 'scalar':
      return { how: 'scalar', scalar: target.scalar, ...layout.scalar(target.scalar) };
    case 'bool':
      return { how: 'bool', ...layout.scalar('u8') };
    case 'string':
      return { how: 'string', ...layout.fatPointer };
    case 'enum':
      return { how: 'enum', repr: target.tag, decl, cases: target.cases, ...layout.scalar(target.tag) };
    case 'flags':
      return { how: 'flags', repr: target.repr, decl, flags: target.flags, ...layout.scalar(target.repr) };
    case 'address':
      return { how: 'address', ...layout.pointer };
    case 'buffer':
      return {
        how: 'buffer',
        access: target.access,
        stride: elementStride(passOf(target.element)),
        ...layout.fatPointer,
      };
    case 'list': {
      const element = passOf(target.element);
      return { how: 'list', element, stride: elementStride(element), ...layout.fatPointer };
    }
    case 'record': {
      const passes = target.fields.map((field) => passOf(field.type));
      const placed = layout.sequence(passes);
      const fields = target.fields.map((field, index) => ({
        name: field.name,
        pass: at(passes, index),
        offset: at(placed.offsets, index),
      }));
      return { how: 'record', decl, fields, size: placed.size, align: placed.align };
    }
    case 'tuple': {
      const passes = target.items.map(passOf);
      const placed = layout.sequence(passes);
      const items = passes.map((pass, index) => ({ pass, offset: at(placed.offsets, index) }));
      return { how: 'tuple', items, size: placed.size, align: placed.align };
    }
    case 'variant': {
      const tag = layout.scalar(target.tag);
      const optional = optionPayload(type);
      if (optional !== undefined) {
        const payload = passOf(optional.payload);
        const placed = layout.tagged(tag, [payload]);
        const { someTag, noneTag } = optional;
        return { how: 'option', repr: target.tag, someTag, noneTag, payload, ...placed };
      }
      const cases = target.cases.map((each) => ({
        name: each.name,
        pass: each.payload === undefined ? undefined : passOf(each.payload),
      }));
      const placed = layout.tagged(
        tag,
        cases.flatMap((each) => (each.pass === undefined ? [] : [each.pass])),
      );
      return { how: 'variant', repr: target.tag, decl, cases, ...placed };
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
      throw new NoAbi(`it takes or returns \`${target.kind}\`, which only components have`);
  }
}

/** The declaration whose body is the type itself, not an alias. */
function declOf(decl: TypeDecl): TypeDecl {
  let current = decl;
  while (current.type.kind === 'ref') current = current.type.decl;
  return current;
}

/** Elements follow one another at their alignment. */
function elementStride(element: Pass): number {
  return layout.alignTo(element.size, element.align);
}
