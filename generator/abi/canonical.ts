/**
 * The canonical ABI of components (CanonicalABI.md): values are flattened into up to 16 core
 * parameters, beyond that they stand in memory; a result of more than one core value stands in memory
 * too. What has a size of its own (text, lists) is allocated with the component's `cabi_realloc`, in
 * results of imports and in parameters of exports.
 */
import { resolve, wireName } from '../model/kinds.js';
import { snake } from '../model/name.js';
import type { Func, Module, Type } from '../model/model.js';
import * as layout from './layout.js';
import { at, CoreNames, NoAbi, plannedOr } from './planning.js';
import { holdsMemory, isOption, partsOf, passOf as represent, sumOf, undeclared, type Rules } from './shape.js';
import type {
  CanonicalPass,
  CanonicalPlan,
  CanonicalResult,
  CoreParam,
  CoreType,
  FlatParam,
  ParamsInMemory,
  Placed,
  PlannedCanonical,
  ProductPass,
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

/** The core values that a value becomes. Payloads of a variant share theirs: each is as wide as the widest (`join`). */
export function flatten(pass: CanonicalPass): readonly CoreType[] {
  switch (pass.shape) {
    case 'single':
      return [layout.coreOf(pass)];
    case 'text':
      return ['i32', 'i32'];
    case 'sequence':
      if (pass.length === undefined) return ['i32', 'i32'];
      return repeated(flatten(pass.element), pass.length);
    case 'product':
      return pass.parts.flatMap((part) => flatten(part.pass));
    case 'sum':
      return ['i32', ...joined(partsOf(pass).map(flatten))];
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
export function passOf(type: Type): CanonicalPass {
  return represent(type, rules);
}

/** Flags are an integer of 32 bits at most (Binary.md, "Type Definitions"). */
const MAX_FLAGS = 32;

/** Why a type has no place in a component, though the text of WIT can say it (Binary.md, "Type Definitions"). */
export function unencodable(type: Type): string | undefined {
  if (type.kind === 'record' && type.fields.length === 0) return 'a record without fields';
  if (type.kind === 'tuple' && type.items.length === 0) return 'a tuple of nothing';
  if (type.kind !== 'flags') return undefined;
  if (type.flags.length > MAX_FLAGS) return `${type.flags.length} flags in one type, where ${MAX_FLAGS} have room`;
  return type.flags.length === 0 ? 'a type of no flags' : undefined;
}

const rules: Rules<CanonicalPass> = {
  shared(pass) {
    const why = unencodable(resolve(pass.type));
    if (why !== undefined) throw new NoAbi(`it takes or returns ${why}, which components cannot encode`);
    return pass;
  },
  ownership: ({ kind }) => (kind === 'borrow' ? 'borrow' : 'own'),
  option(type) {
    const target = resolve(type);
    if (target.kind !== 'option') return undefined;
    return { payload: target.payload, repr: 'u8', none: undeclared('none', 0), some: undeclared('some', 1) };
  },
  other(target, type) {
    switch (target.kind) {
      case 'result': {
        const ok = { ...undeclared('ok', 0), pass: target.ok && passOf(target.ok) };
        const error = { ...undeclared('err', 1), pass: target.error && passOf(target.error) };
        return { how: 'result', ok, error, ...sumOf(type, 'u8', [ok, error]) };
      }
      case 'option':
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
  },
};

/** Named after what they hold: `data` and `data_len`, `key_some` and `key`. */
function coreParams(names: CoreNames, pass: CanonicalPass, words: readonly string[]): readonly CoreParam[] {
  const wanted = namesOf(pass, snake(words));
  return flatten(pass).map((type, index) => ({ name: names.unique(at(wanted, index)), type }));
}

/** As many names as a value has core values. */
function namesOf(pass: CanonicalPass, name: string): readonly string[] {
  switch (pass.shape) {
    case 'single':
      return [name];
    case 'text':
      return [name, `${name}_len`];
    case 'sequence': {
      if (pass.length === undefined) return [name, `${name}_len`];
      const element = namesOf(pass.element, name);
      return repeated(flatten(pass.element), pass.length).map(
        (_, index) => `${at(element, index % element.length)}_${Math.floor(index / element.length)}`,
      );
    }
    case 'product':
      return pass.parts.flatMap((part) => namesOf(part.pass, `${name}_${memberName(pass, part)}`));
    case 'sum': {
      if (isOption(pass)) return [`${name}_some`, ...namesOf(pass.some.pass, name)];
      const payloads = partsOf(pass).map((each) => namesOf(each, name));
      const [only] = payloads;
      const shared = flatten(pass)
        .slice(1)
        .map((_, index) => `${name}_${index}`);
      return [`${name}_tag`, ...(payloads.length === 1 && only !== undefined ? only : shared)];
    }
  }
}

function memberName({ how }: ProductPass<CanonicalPass>, { name }: Placed<CanonicalPass>): string {
  switch (how) {
    case 'record':
      return snake(name.words);
    case 'tuple':
      return name.wire;
  }
}
