/**
 * The guest's side of the canonical ABI, by the plan: arguments are lowered into core values and
 * memory, results lifted out of them. It shares no code with the bindings under test.
 */
import type { CanonicalPlan, CoreType, Pass } from '../../generator/abi/plan.js';
import { flatten } from '../../generator/abi/canonical.js';
import { camel } from '../../generator/model/name.js';
import type { CoreFunction, StringEncoding } from './relay.js';

export interface GuestHeap {
  readonly memory: WebAssembly.Memory;
  allocate(size: number, align: number): number;
  bytes(pointer: number, length: number): Uint8Array;
}

type Core = number | bigint;
type Tagged = { readonly tag: string; readonly val?: unknown };

/** compact-utf16: the length counts UTF-16 units if this bit is set, Latin-1 bytes if not. */
const UTF16_TAG = 0x8000_0000;

const sizes: Readonly<Record<string, number>> = { u8: 1, s8: 1, u16: 2, s16: 2, u32: 4, s32: 4, char: 4, f32: 4, u64: 8, s64: 8, f64: 8 };

export class GuestValues {
  readonly #heap: GuestHeap;
  readonly #encoding: StringEncoding;

  constructor(heap: GuestHeap, encoding: StringEncoding) {
    this.#heap = heap;
    this.#encoding = encoding;
  }

  call(plan: CanonicalPlan, func: CoreFunction, args: readonly unknown[]): unknown {
    if (args.length !== plan.params.length) throw new Error(`${plan.wire} takes ${plan.params.length} arguments`);
    const core = plan.paramsInMemory === undefined ? plan.params.flatMap((param, index) => this.#flat(param.pass, args[index])) : [this.#inMemory(plan, args)];
    const { result } = plan;
    if (result?.in !== 'memory') {
      const value = func(...core);
      return result === undefined ? undefined : this.#liftCore(result.pass, value as Core);
    }
    const area = this.#heap.allocate(result.pass.size, result.pass.align);
    func(...core, area);
    return this.#load(result.pass, area);
  }

  #inMemory(plan: CanonicalPlan, args: readonly unknown[]): number {
    const { size, align, offsets } = plan.paramsInMemory as NonNullable<CanonicalPlan['paramsInMemory']>;
    const area = this.#heap.allocate(size, align);
    plan.params.forEach((param, index) => this.#store(param.pass, area + (offsets[index] as number), args[index]));
    return area;
  }

  get #view(): DataView {
    return new DataView(this.#heap.memory.buffer);
  }

  /** The core values of an argument. */
  #flat(pass: Pass, value: unknown): readonly Core[] {
    switch (pass.how) {
      case 'scalar':
        return [pass.scalar === 'char' ? ((value as string).codePointAt(0) as number) : (value as Core)];
      case 'bool':
        return [value === true ? 1 : 0];
      case 'enum':
        return [caseOf(pass.cases, value as string)];
      case 'flags':
        return [bitsOf(pass, value)];
      case 'handle':
        return [value as number];
      case 'string':
        return this.#text(value as string);
      case 'list':
        if (pass.length === undefined) return this.#list(pass, value as ArrayLike<unknown>);
        return Array.from(value as ArrayLike<unknown>).flatMap((item) => this.#flat(pass.element, item));
      case 'record':
        return pass.fields.flatMap((field) => this.#flat(field.pass, (value as Record<string, unknown>)[camel(field.name.words)]));
      case 'tuple':
        return pass.items.flatMap((item, index) => this.#flat(item.pass, (value as readonly unknown[])[index]));
      case 'option':
        return this.#flatCase(pass, isSome(pass, value) ? 1 : 0, isSome(pass, value) ? { pass: pass.payload, value: payloadOf(pass, value) } : undefined);
      case 'variant': {
        const { tag, val } = value as Tagged;
        const index = caseOf(pass.cases, tag);
        const payload = pass.cases[index]?.pass;
        return this.#flatCase(pass, index, payload === undefined ? undefined : { pass: payload, value: val });
      }
      case 'address':
      case 'buffer':
        throw new Error(`components have no ${pass.how}`);
    }
  }

  /** Payloads share core parameters, each as wide as its widest. */
  #flatCase(pass: Pass, index: number, payload: { readonly pass: Pass; readonly value: unknown } | undefined): readonly Core[] {
    const [, ...wanted] = flatten(pass);
    const values = payload === undefined ? [] : this.#flat(payload.pass, payload.value);
    const have = payload === undefined ? [] : flatten(payload.pass);
    return [index, ...wanted.map((type, place) => widened(values[place], have[place], type))];
  }

  #liftCore(pass: Pass, core: Core): unknown {
    switch (pass.how) {
      case 'scalar':
        if (pass.scalar === 'char') return String.fromCodePoint(Number(core));
        if (pass.scalar === 'u64') return BigInt.asUintN(64, core as bigint);
        return pass.scalar.startsWith('u') ? Number(core) >>> 0 : core;
      case 'bool':
        return core !== 0;
      case 'enum':
        return pass.cases[Number(core)]?.name.wire;
      case 'flags':
        return flagsOf(pass, Number(core));
      case 'handle':
        return Number(core);
      case 'record':
        return Object.fromEntries(pass.fields.map((field) => [camel(field.name.words), this.#liftCore(field.pass, core)]));
      case 'tuple':
        return pass.items.map((item) => this.#liftCore(item.pass, core));
      case 'variant':
        return { tag: pass.cases[Number(core)]?.name.wire };
      default:
        throw new Error(`no core value holds a ${pass.how}`);
    }
  }

  #store(pass: Pass, at: number, value: unknown): void {
    switch (pass.how) {
      case 'string':
      case 'list': {
        if (pass.how === 'list' && pass.length !== undefined) {
          Array.from(value as ArrayLike<unknown>).forEach((item, index) => this.#store(pass.element, at + index * pass.stride, item));
          return;
        }
        const [pointer, length] = pass.how === 'string' ? this.#text(value as string) : this.#list(pass, value as ArrayLike<unknown>);
        this.#view.setUint32(at, pointer, true);
        this.#view.setUint32(at + 4, length, true);
        return;
      }
      case 'record':
        for (const field of pass.fields) this.#store(field.pass, at + field.offset, (value as Record<string, unknown>)[camel(field.name.words)]);
        return;
      case 'tuple':
        pass.items.forEach((item, index) => this.#store(item.pass, at + item.offset, (value as readonly unknown[])[index]));
        return;
      case 'option':
        this.#number(at, sizes[pass.repr] as number, isSome(pass, value) ? 1 : 0);
        if (isSome(pass, value)) this.#store(pass.payload, at + pass.payloadOffset, payloadOf(pass, value));
        return;
      case 'variant': {
        const { tag, val } = value as Tagged;
        const index = caseOf(pass.cases, tag);
        const payload = pass.cases[index]?.pass;
        this.#number(at, sizes[pass.repr] as number, index);
        if (payload !== undefined) this.#store(payload, at + pass.payloadOffset, val);
        return;
      }
      case 'scalar':
        if (pass.scalar === 'f32') return this.#view.setFloat32(at, value as number, true);
        if (pass.scalar === 'f64') return this.#view.setFloat64(at, value as number, true);
        return this.#number(at, pass.size, this.#flat(pass, value)[0] as Core);
      default:
        return this.#number(at, pass.size, this.#flat(pass, value)[0] as Core);
    }
  }

  #number(at: number, size: number, value: Core): void {
    const bits = BigInt.asUintN(64, BigInt(value));
    for (let index = 0; index < size; index += 1) this.#view.setUint8(at + index, Number((bits >> BigInt(8 * index)) & 0xffn));
  }

  #load(pass: Pass, at: number): unknown {
    const view = this.#view;
    switch (pass.how) {
      case 'scalar':
        return loadScalar(pass.scalar, view, at);
      case 'string':
        return this.#readText(view.getUint32(at, true), view.getUint32(at + 4, true));
      case 'list': {
        const pointer = pass.length === undefined ? view.getUint32(at, true) : at;
        const length = pass.length ?? view.getUint32(at + 4, true);
        if (pass.element.how === 'scalar' && pass.element.scalar === 'u8') return this.#heap.bytes(pointer, length);
        return Array.from({ length }, (_, index) => this.#load(pass.element, pointer + index * pass.stride));
      }
      case 'record':
        return Object.fromEntries(pass.fields.map((field) => [camel(field.name.words), this.#load(field.pass, at + field.offset)]));
      case 'tuple':
        return pass.items.map((item) => this.#load(item.pass, at + item.offset));
      case 'option': {
        if (view.getUint8(at) === 0) return isNested(pass) ? { tag: 'none' } : undefined;
        const payload = this.#load(pass.payload, at + pass.payloadOffset);
        return isNested(pass) ? { tag: 'some', val: payload } : payload;
      }
      case 'variant': {
        const index = Number(loadScalar(pass.repr, view, at));
        const each = pass.cases[index];
        if (each === undefined) throw new Error(`a variant has the case ${index}`);
        return { tag: each.name.wire, ...(each.pass === undefined ? {} : { val: this.#load(each.pass, at + pass.payloadOffset) }) };
      }
      default:
        return this.#liftCore(pass, pass.size === 1 ? view.getUint8(at) : pass.size === 2 ? view.getUint16(at, true) : view.getUint32(at, true));
    }
  }

  #text(value: string): readonly [number, number] {
    if (this.#encoding === 'utf8') {
      const bytes = new TextEncoder().encode(value);
      return [this.#place(bytes, 1), bytes.length];
    }
    const latin1 = this.#encoding === 'compact-utf16' && !/[^\u0000-\u00ff]/.test(value);
    if (latin1) return [this.#place(Buffer.from(value, 'latin1'), 2), value.length];
    const length = this.#encoding === 'compact-utf16' ? (value.length | UTF16_TAG) >>> 0 : value.length;
    return [this.#place(Buffer.from(value, 'utf16le'), 2), length];
  }

  #readText(pointer: number, length: number): string {
    if (this.#encoding === 'utf8') return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(this.#heap.bytes(pointer, length));
    const latin1 = this.#encoding === 'compact-utf16' && length < UTF16_TAG;
    if (latin1) return Buffer.from(this.#heap.bytes(pointer, length)).toString('latin1');
    return Buffer.from(this.#heap.bytes(pointer, (length & ~UTF16_TAG) * 2)).toString('utf16le');
  }

  #place(bytes: Uint8Array, align: number): number {
    const start = this.#heap.allocate(bytes.length, align);
    new Uint8Array(this.#heap.memory.buffer).set(bytes, start);
    return start;
  }

  #list(pass: Extract<Pass, { how: 'list' }>, value: ArrayLike<unknown>): readonly [number, number] {
    if (value instanceof Uint8Array) return [this.#place(value, 1), value.length];
    const start = this.#heap.allocate(pass.stride * value.length, pass.element.align);
    Array.from(value).forEach((item, index) => this.#store(pass.element, start + index * pass.stride, item));
    return [start, value.length];
  }
}

/** `undefined` can stand for one level of absence only. */
function isNested(pass: Extract<Pass, { how: 'option' }>): boolean {
  return pass.payload.how === 'option' && !isNested(pass.payload);
}

function isSome(pass: Extract<Pass, { how: 'option' }>, value: unknown): boolean {
  return isNested(pass) ? (value as Tagged).tag === 'some' : value !== undefined;
}

function payloadOf(pass: Extract<Pass, { how: 'option' }>, value: unknown): unknown {
  return isNested(pass) ? (value as Tagged).val : value;
}

function caseOf(cases: readonly { readonly name: { readonly wire: string } }[], wire: string): number {
  const index = cases.findIndex((each) => each.name.wire === wire);
  if (index < 0) throw new Error(`there is no case ${wire}`);
  return index;
}

function bitsOf(pass: Extract<Pass, { how: 'flags' }>, value: unknown): number {
  return pass.flags.reduce((bits, flag, index) => ((value as Record<string, boolean>)[camel(flag.name.words)] === true ? (bits | (1 << index)) >>> 0 : bits), 0);
}

function flagsOf(pass: Extract<Pass, { how: 'flags' }>, bits: number): unknown {
  return Object.fromEntries(pass.flags.map((flag, index) => [camel(flag.name.words), ((bits >>> index) & 1) === 1]));
}

/** A core value in a wider place: floats as their bits. */
function widened(value: Core | undefined, have: CoreType | undefined, wanted: CoreType): Core {
  if (value === undefined) return wanted === 'i64' ? 0n : 0;
  if (have === wanted) return value;
  const bits = new DataView(new ArrayBuffer(8));
  if (have === 'f32') bits.setFloat32(0, value as number, true);
  else if (have === 'f64') bits.setFloat64(0, value as number, true);
  else bits.setUint32(0, value as number, true);
  return wanted === 'i64' ? bits.getBigUint64(0, true) : bits.getUint32(0, true);
}

function loadScalar(scalar: string, view: DataView, at: number): unknown {
  switch (scalar) {
    case 'u8':
      return view.getUint8(at);
    case 's8':
      return view.getInt8(at);
    case 'u16':
      return view.getUint16(at, true);
    case 's16':
      return view.getInt16(at, true);
    case 'u32':
      return view.getUint32(at, true);
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
    case 'char':
      return String.fromCodePoint(view.getUint32(at, true));
    default:
      throw new Error(`no scalar is called ${scalar}`);
  }
}
