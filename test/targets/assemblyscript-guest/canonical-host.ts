/**
 * A host of components that follows the plans: it reads and writes the memory of a core module as
 * CanonicalABI.md says, in its own way. Values are numbers, bigints, booleans, texts and arrays; an
 * option is an array of none or one, a case of a variant `[index, payload]`.
 */
import { flatten } from '../../../generator/abi/canonical.js';
import type {
  CanonicalPass,
  CanonicalPlan,
  CoreType,
  ListPass,
  PlannedUnit,
  ScalarPass,
  SumPass,
} from '../../../generator/abi/plan.js';
import { placesOf } from '../../../generator/targets/assemblyscript-guest/component/places.js';
import type { Instance } from './asc.js';

export type Value = number | bigint | boolean | string | readonly Value[] | undefined;
type Core = number | bigint;

/** What a host does in a call. */
export type Action = (...values: Value[]) => Value;

export class CanonicalHost {
  readonly imports: Record<string, Record<string, (...core: Core[]) => Core | undefined>> = {};
  /** The handles that were given back, in order, by what gave them back. */
  readonly dropped: (readonly [resource: string, handle: number])[] = [];
  #instance: Instance | undefined;

  /** `actions` by the names of the imports; what is missing must not be called. `drop` hears of handles that are given back. */
  constructor(
    planned: PlannedUnit,
    actions: Readonly<Record<string, Action>>,
    drop: (handle: number) => void = () => undefined,
  ) {
    for (const { module, from, imports } of placesOf(planned).flatMap((place) => place.modules)) {
      if (from === undefined) continue;
      const own = (this.imports[from] ??= {});
      for (const { plan, wire } of imports) {
        const action = actions[wire];
        if (action !== undefined) own[wire] = (...core) => this.#imported(plan, action, core);
      }
      for (const { name, type } of module.types) {
        if (type.kind !== 'handle') continue;
        own[`[resource-drop]${name.wire}`] = (handle) => {
          this.dropped.push([name.wire, Number(handle)]);
          drop(Number(handle));
          return undefined;
        };
      }
    }
  }

  attach(instance: Instance): void {
    this.#instance = instance;
  }

  /** Calls what a guest exports for a plan, and has it take back what it returned. */
  call(plan: CanonicalPlan, name: string, ...values: Value[]): Value {
    const { exports } = this.#attached();
    const core =
      plan.paramsInMemory === undefined
        ? plan.params.flatMap((param, index) => this.#lower(param.pass, values[index]))
        : [this.#placeParams(plan, values)];
    const returned = exports[name]?.(...core) as Core;
    const { result } = plan;
    if (result === undefined) return undefined;
    const value =
      result.in === 'memory' ? this.#load(result.pass, Number(returned)) : this.#lift(result.pass, [returned]);
    if (plan.postReturn) exports[`cabi_post_${name}`]?.(returned);
    return value;
  }

  #attached(): Instance {
    if (this.#instance === undefined) throw new Error('not attached');
    return this.#instance;
  }

  get #view(): DataView {
    return new DataView(this.#attached().memory.buffer);
  }

  #imported(plan: CanonicalPlan, action: Action, core: readonly Core[]): Core | undefined {
    const left = [...core];
    const { paramsInMemory } = plan;
    const values =
      paramsInMemory === undefined
        ? plan.params.map((param) => this.#lift(param.pass, left.splice(0, param.core.length)))
        : this.#loadParams(plan, Number(left.shift()));
    const value = action(...values);
    if (plan.result === undefined) return undefined;
    if (plan.result.in === 'core') return this.#lower(plan.result.pass, value)[0];
    this.#store(plan.result.pass, Number(left[0]), value);
    return undefined;
  }

  #loadParams(plan: CanonicalPlan, at: number): readonly Value[] {
    return plan.params.map((param, index) => this.#load(param.pass, at + (plan.paramsInMemory?.offsets[index] ?? 0)));
  }

  #placeParams({ params, paramsInMemory }: CanonicalPlan, values: readonly Value[]): number {
    const at = this.#allocate(paramsInMemory?.size ?? 0, paramsInMemory?.align ?? 1);
    params.forEach((param, index) =>
      this.#store(param.pass, at + (paramsInMemory?.offsets[index] ?? 0), values[index]),
    );
    return at;
  }

  #allocate(size: number, align: number): number {
    const at = Number(this.#attached().exports['cabi_realloc']?.(0, 0, align, size));
    if (at % align !== 0) throw new Error(`${at} is not aligned to ${align}`);
    return at;
  }

  #bytes(value: Uint8Array): readonly [number, number] {
    const at = this.#allocate(value.length, 1);
    new Uint8Array(this.#attached().memory.buffer).set(value, at);
    return [at, value.length];
  }

  #listed(pass: ListPass<CanonicalPass>, items: readonly Value[]): readonly [number, number] {
    const at = this.#allocate(items.length * pass.stride, pass.element.align);
    items.forEach((item, index) => this.#store(pass.element, at + index * pass.stride, item));
    return [at, items.length];
  }

  #items(pass: ListPass<CanonicalPass>, at: number, length: number): Value {
    return Array.from({ length }, (_, index) => this.#load(pass.element, at + index * pass.stride));
  }

  #text(at: number, length: number): string {
    return new TextDecoder('utf-8', { fatal: true }).decode(new Uint8Array(this.#attached().memory.buffer, at, length));
  }

  #store(pass: CanonicalPass, at: number, value: Value): void {
    const parts = value as readonly Value[];
    switch (pass.shape) {
      case 'product':
        return pass.parts.forEach((each, index) => this.#store(each.pass, at + each.offset, parts[index]));
      case 'sequence':
        if (pass.length !== undefined)
          return parts.forEach((item, index) => this.#store(pass.element, at + index * pass.stride, item));
        return this.#storePair(at, this.#listed(pass, parts));
      case 'text':
        return this.#storePair(at, this.#bytes(new TextEncoder().encode(value as string)));
      case 'sum': {
        const { tag, payload, own } = caseOf(pass, value);
        this.#view.setUint8(at, tag);
        return own === undefined ? undefined : this.#store(own, at + pass.payloadOffset, payload);
      }
      case 'single':
        if (pass.how === 'scalar' && pass.scalar === 'f32') return this.#view.setFloat32(at, value as number, true);
        if (pass.how === 'scalar' && pass.scalar === 'f64') return this.#view.setFloat64(at, value as number, true);
        if (pass.size === 8) return this.#view.setBigUint64(at, BigInt.asUintN(64, value as bigint), true);
        for (let byte = 0; byte < pass.size; byte += 1) this.#view.setUint8(at + byte, Number(value) >> (8 * byte));
    }
  }

  #storePair(at: number, [start, length]: readonly [number, number]): void {
    this.#view.setUint32(at, start, true);
    this.#view.setUint32(at + 4, length, true);
  }

  #load(pass: CanonicalPass, at: number): Value {
    const view = this.#view;
    const pair = (): [number, number] => [view.getUint32(at, true), view.getUint32(at + 4, true)];
    switch (pass.shape) {
      case 'product':
        return pass.parts.map((each) => this.#load(each.pass, at + each.offset));
      case 'sequence':
        return pass.length === undefined ? this.#items(pass, ...pair()) : this.#items(pass, at, pass.length);
      case 'text':
        return this.#text(...pair());
      case 'sum':
        return valueOf(pass, view.getUint8(at), (own) => this.#load(own, at + pass.payloadOffset));
      case 'single':
        if (pass.how === 'bool') return view.getUint8(at) !== 0;
        if (pass.how === 'scalar') return loadScalar(view, at, pass.scalar);
        return pass.size === 1
          ? view.getUint8(at)
          : pass.size === 2
            ? view.getUint16(at, true)
            : view.getUint32(at, true);
    }
  }

  #lower(pass: CanonicalPass, value: Value): readonly Core[] {
    const parts = value as readonly Value[];
    switch (pass.shape) {
      case 'product':
        return pass.parts.flatMap((each, index) => this.#lower(each.pass, parts[index]));
      case 'sequence':
        return pass.length === undefined
          ? this.#listed(pass, parts)
          : parts.flatMap((item) => this.#lower(pass.element, item));
      case 'text':
        return this.#bytes(new TextEncoder().encode(value as string));
      case 'sum': {
        const { tag, payload, own } = caseOf(pass, value);
        const values = own === undefined ? [] : this.#lower(own, payload);
        const types = own === undefined ? [] : flatten(own);
        const joined = flatten(pass).slice(1);
        return [
          tag,
          ...joined.map((type, index) => {
            const each = values[index];
            return each === undefined ? (type === 'i64' ? 0n : 0) : bitsAs(each, types[index] ?? type, type);
          }),
        ];
      }
      case 'single':
        return [typeof value === 'bigint' ? value : Number(value)];
    }
  }

  #lift(pass: CanonicalPass, core: readonly Core[]): Value {
    const left = [...core];
    const next = (own: CanonicalPass): Value => this.#lift(own, left.splice(0, flatten(own).length));
    switch (pass.shape) {
      case 'product':
        return pass.parts.map((each) => next(each.pass));
      case 'sequence':
        if (pass.length !== undefined) return Array.from({ length: pass.length }, () => next(pass.element));
        return this.#items(pass, Number(core[0]) >>> 0, Number(core[1]));
      case 'text':
        return this.#text(Number(core[0]) >>> 0, Number(core[1]));
      case 'sum': {
        const joined = flatten(pass).slice(1);
        return valueOf(pass, Number(core[0]), (own) =>
          this.#lift(
            own,
            flatten(own).map((type, index) => bitsAs(core[index + 1] ?? 0, joined[index] ?? type, type)),
          ),
        );
      }
      case 'single':
        if (pass.how === 'bool') return core[0] !== 0;
        return pass.how === 'scalar' ? liftScalar(core[0] ?? 0, pass) : Number(core[0]) >>> 0;
    }
  }
}

/** A value of a sum, from its tag. */
function valueOf(pass: SumPass<CanonicalPass>, tag: number, payload: (own: CanonicalPass) => Value): Value {
  const own = pass.cases[tag]?.pass;
  const held = own === undefined ? [] : [payload(own)];
  return pass.how === 'option' ? held : [tag, ...held];
}

function caseOf(
  pass: SumPass<CanonicalPass>,
  value: Value,
): { readonly tag: number; readonly payload: Value; readonly own: CanonicalPass | undefined } {
  const parts = value as readonly Value[];
  const [tag, payload] = pass.how === 'option' ? [parts.length, parts[0]] : [Number(parts[0]), parts[1]];
  return { tag, payload, own: pass.cases[tag]?.pass };
}

const bits = new DataView(new ArrayBuffer(8));

/** The same bits as another core type; a narrower one fills up with zeros. */
function bitsAs(value: Core, from: CoreType, to: CoreType): Core {
  bits.setBigUint64(0, 0n, true);
  if (from === 'f32') bits.setFloat32(0, Number(value), true);
  else if (from === 'f64') bits.setFloat64(0, Number(value), true);
  else if (from === 'i64') bits.setBigUint64(0, BigInt.asUintN(64, BigInt(value)), true);
  else bits.setUint32(0, Number(value), true);
  if (to === 'f32') return bits.getFloat32(0, true);
  if (to === 'f64') return bits.getFloat64(0, true);
  return to === 'i64' ? bits.getBigUint64(0, true) : bits.getUint32(0, true);
}

function loadScalar(view: DataView, at: number, scalar: string): Value {
  switch (scalar) {
    case 'u8':
      return view.getUint8(at);
    case 's8':
      return view.getInt8(at);
    case 'u16':
      return view.getUint16(at, true);
    case 's16':
      return view.getInt16(at, true);
    case 's32':
      return view.getInt32(at, true);
    case 'u64':
      return view.getBigUint64(at, true);
    case 's64':
      return view.getBigInt64(at, true);
    case 'f32':
      return view.getFloat32(at, true);
    case 'f64':
      return view.getFloat64(at, true);
    default:
      return view.getUint32(at, true);
  }
}

function liftScalar(core: Core, { scalar, size }: ScalarPass): Value {
  if (scalar === 'u64') return BigInt.asUintN(64, BigInt(core));
  if (scalar === 's64') return BigInt.asIntN(64, BigInt(core));
  if (scalar.startsWith('f')) return Number(core);
  const unused = 32 - size * 8;
  return scalar.startsWith('s') ? (Number(core) << unused) >> unused : (Number(core) << unused) >>> unused;
}
