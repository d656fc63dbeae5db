/**
 * The canonical ABI of components (CanonicalABI.md): values are flattened into up to 16 core
 * parameters, beyond that they stand in memory; a result of more than one core value stands in memory
 * too. What has a size of its own (text, lists) is allocated with the component's `cabi_realloc`, in
 * results of imports and in parameters of exports.
 */
import { founder, handleKind, resolve, wireName } from '../model/kinds.js';
import { snake } from '../model/name.js';
import type { Func, Module, Type, TypeDecl } from '../model/model.js';
import * as layout from './layout.js';
import { at, CoreNames, NoAbi, plannedOr } from './planning.js';
import type {
  CanonicalPlan,
  CanonicalResult,
  CoreParam,
  CoreType,
  FlatParam,
  ParamsInMemory,
  Pass,
  PlacedCase,
  PlannedCanonical,
} from './plan.js';

/** More core values than this are passed in memory (CanonicalABI.md, "Flattening"). */
export const MAX_FLAT_PARAMS = 16;

/** More core values than this are returned in memory. */
const MAX_FLAT_RESULTS = 1;

/** Plans one function, or says why it cannot be expressed. */
export function planCanonical(module: Module, func: Func): PlannedCanonical {
  return plannedOr(func, 'no-component-abi', () => plan(module, func));
}

function plan(module: Module, func: Func): CanonicalPlan {
  if (func.async === true) throw new NoAbi('it is `async`');
  const names = new CoreNames();
  const params = func.params.map(({ name, type }): FlatParam => {
    const pass = passOf(type);
    return { name, type, pass, core: coreParams(names, pass, name.words) };
  });
  const flat = params.flatMap((param) => param.core);
  const paramsInMemory = flat.length > MAX_FLAT_PARAMS ? inMemory(params) : undefined;
  const passed = paramsInMemory === undefined ? flat : [paramsInMemory.pointer];
  const result = planResult(func);
  const pointer: readonly CoreParam[] =
    result?.in === 'memory' ? [{ name: new CoreNames(passed).unique('result'), type: 'i32' }] : [];
  const direct = result?.in === 'core' ? flatten(result.pass)[0] : undefined;
  const returnsMemory = result !== undefined && holdsMemory(result.pass);
  return {
    module,
    func,
    wire: wireName(func),
    params,
    paramsInMemory,
    result,
    imported: { params: [...passed, ...pointer], result: direct },
    exported: { params: passed, result: result?.in === 'memory' ? 'i32' : direct },
    importAllocates: returnsMemory,
    exportAllocates: paramsInMemory !== undefined || params.some((param) => holdsMemory(param.pass)),
    postReturn: returnsMemory,
  };
}

function inMemory(params: readonly FlatParam[]): ParamsInMemory {
  return { ...layout.sequence(params.map((param) => param.pass)), pointer: { name: 'params', type: 'i32' } };
}

function planResult(func: Func): CanonicalResult | undefined {
  const [first] = func.results;
  if (first === undefined) return undefined;
  const pass = passOf(first.type);
  return { type: first.type, pass, in: flatten(pass).length > MAX_FLAT_RESULTS ? 'memory' : 'core' };
}

/** Whether a value points to memory that somebody has to allocate. */
export function holdsMemory(pass: Pass): boolean {
  switch (pass.how) {
    case 'string':
      return true;
    case 'list':
      return pass.length === undefined || holdsMemory(pass.element);
    case 'record':
      return pass.fields.some((field) => holdsMemory(field.pass));
    case 'tuple':
      return pass.items.some((item) => holdsMemory(item.pass));
    case 'option':
      return holdsMemory(pass.payload);
    case 'variant':
      return pass.cases.some((each) => each.pass !== undefined && holdsMemory(each.pass));
    default:
      return false;
  }
}

/** The core values that a value becomes. Payloads of a variant share theirs: each is as wide as the widest (`join`). */
export function flatten(pass: Pass): readonly CoreType[] {
  switch (pass.how) {
    case 'scalar':
      return [layout.coreOfScalar(pass.scalar)];
    case 'string':
    case 'buffer':
      return ['i32', 'i32'];
    case 'list':
      if (pass.length === undefined) return ['i32', 'i32'];
      return repeated(flatten(pass.element), pass.length);
    case 'record':
      return pass.fields.flatMap((field) => flatten(field.pass));
    case 'tuple':
      return pass.items.flatMap((item) => flatten(item.pass));
    case 'option':
      return ['i32', ...flatten(pass.payload)];
    case 'variant':
      return ['i32', ...joined(pass.cases.map((each) => (each.pass === undefined ? [] : flatten(each.pass))))];
    default:
      return ['i32'];
  }
}

/** A list of fixed length never needs more values than decide that it does not fit. */
function repeated(element: readonly CoreType[], length: number): readonly CoreType[] {
  const count = Math.min(length, MAX_FLAT_PARAMS + 1);
  return Array.from({ length: count }, () => element).flat();
}

function joined(payloads: readonly (readonly CoreType[])[]): readonly CoreType[] {
  const all: CoreType[] = [];
  for (const payload of payloads) {
    payload.forEach((type, index) => {
      const other = all[index];
      all[index] = other === undefined || other === type ? type : joinOf(other, type);
    });
  }
  return all;
}

function joinOf(left: CoreType, right: CoreType): CoreType {
  const narrow = (type: CoreType): boolean => type === 'i32' || type === 'f32';
  return narrow(left) && narrow(right) ? 'i32' : 'i64';
}

/** How a type is represented in memory; `flatten` has its core values. */
export function passOf(type: Type): Pass {
  const kind = handleKind(type);
  const target = resolve(type);
  if (kind !== undefined)
    return { how: 'handle', kind, ownership: target.kind === 'borrow' ? 'borrow' : 'own', ...layout.pointer };
  const decl = type.kind === 'ref' ? founder(type.decl) : undefined;
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
    case 'list':
      return passOfList(passOf(target.element), target.length);
    case 'record': {
      const passes = target.fields.map((field) => passOf(field.type));
      const { size, align, offsets } = layout.sequence(passes);
      const fields = target.fields.map(({ name }, index) => ({
        name,
        pass: at(passes, index),
        offset: at(offsets, index),
      }));
      return { how: 'record', decl, fields, size, align };
    }
    case 'tuple': {
      const passes = target.items.map(passOf);
      const { size, align, offsets } = layout.sequence(passes);
      return { how: 'tuple', items: passes.map((pass, index) => ({ pass, offset: at(offsets, index) })), size, align };
    }
    case 'option': {
      const payload = passOf(target.payload);
      return {
        how: 'option',
        repr: 'u8',
        someTag: 1,
        noneTag: 0,
        payload,
        ...layout.tagged(layout.scalar('u8'), [payload]),
      };
    }
    case 'variant':
      return variant(
        target.tag,
        decl,
        target.cases.map(({ name, payload }) => ({ name, type: payload })),
      );
    case 'result':
      return variant('u8', undefined, [
        { name: { words: ['ok'], wire: 'ok' }, type: target.ok },
        { name: { words: ['err'], wire: 'err' }, type: target.error },
      ]);
    case 'map':
    case 'future':
    case 'stream':
    case 'error-context':
      throw new NoAbi(`it takes or returns \`${target.kind}\``);
    case 'handle':
    case 'borrow':
      throw new NoAbi('a resource is used without a name');
    case 'buffer':
    case 'address':
      throw new NoAbi(`it takes or returns \`${target.kind}\`, which only WITX has`);
  }
}

function passOfList(element: Pass, length: number | undefined): Pass {
  const stride = layout.alignTo(element.size, element.align);
  if (length === undefined) return { how: 'list', element, stride, ...layout.fatPointer };
  return { how: 'list', element, stride, length, size: stride * length, align: element.align };
}

interface Case {
  readonly name: PlacedCase['name'];
  readonly type: Type | undefined;
}

function variant(
  repr: Extract<Pass, { how: 'variant' }>['repr'],
  decl: TypeDecl | undefined,
  cases: readonly Case[],
): Pass {
  const placed = cases.map(({ name, type }) => ({ name, pass: type === undefined ? undefined : passOf(type) }));
  const { size, align, payloadOffset } = layout.tagged(
    layout.scalar(repr),
    placed.flatMap(({ pass }) => (pass === undefined ? [] : [pass])),
  );
  return { how: 'variant', repr, decl, cases: placed, payloadOffset, size, align };
}

/** Named after what they hold: `data` and `data_len`, `key_some` and `key`. */
function coreParams(names: CoreNames, pass: Pass, words: readonly string[]): readonly CoreParam[] {
  const wanted = namesOf(pass, snake(words));
  return flatten(pass).map((type, index) => ({ name: names.unique(at(wanted, index)), type }));
}

/** As many names as a value has core values. */
function namesOf(pass: Pass, name: string): readonly string[] {
  switch (pass.how) {
    case 'string':
      return [name, `${name}_len`];
    case 'list': {
      if (pass.length === undefined) return [name, `${name}_len`];
      const element = namesOf(pass.element, name);
      return repeated(flatten(pass.element), pass.length).map(
        (_, index) => `${at(element, index % element.length)}_${Math.floor(index / element.length)}`,
      );
    }
    case 'record':
      return pass.fields.flatMap((field) => namesOf(field.pass, `${name}_${snake(field.name.words)}`));
    case 'tuple':
      return pass.items.flatMap((item, index) => namesOf(item.pass, `${name}_${index}`));
    case 'option':
      return [`${name}_some`, ...namesOf(pass.payload, name)];
    case 'variant': {
      const payloads = pass.cases.flatMap((each) => (each.pass === undefined ? [] : [namesOf(each.pass, name)]));
      const [only] = payloads;
      const shared = flatten(pass)
        .slice(1)
        .map((_, index) => `${name}_${index}`);
      return [`${name}_tag`, ...(payloads.length === 1 && only !== undefined ? only : shared)];
    }
    default:
      return [name];
  }
}
