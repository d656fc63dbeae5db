/**
 * Values across the boundary of a component, read off a plan: the second reader of canonical plans,
 * which emitted code must agree with. It can play both sides: `lower` and `store` write values into
 * core values and memory, `lift` and `load` read them (CanonicalABI.md, "Lifting and Lowering
 * Values"). Values look as jco has them.
 */
import { flatten } from '../../../generator/abi/canonical.js';
import type {
  CanonicalPass,
  CanonicalPlan,
  CoreType,
  ListPass,
  OptionPass,
  ProductPass,
  ScalarPass,
  SinglePass,
  SumPass,
  TextPass,
} from '../../../generator/abi/plan.js';
import { camel } from '../../../generator/model/name.js';

export type Core = number | bigint;

export type Encoding = 'utf8' | 'utf16' | 'compact-utf16';

/** A function of a core module. */
export type CoreFunction = (...args: readonly Core[]) => Core | undefined;

/** What the canonical ABI calls a trap. */
export class Trap extends Error {}

export interface Side {
  readonly memory: { readonly buffer: ArrayBuffer };
  readonly encoding: Encoding;
  /** `cabi_realloc(0, 0, align, size)` */
  allocate(align: number, size: number): number;
  /** What stands for a handle on the other side. */
  fromHandle(kind: string, ownership: 'own' | 'borrow', handle: number): unknown;
  toHandle(kind: string, ownership: 'own' | 'borrow', value: unknown): number;
}

interface Tagged {
  readonly tag: string;
  readonly val?: unknown;
}

type Fat = TextPass | ListPass<CanonicalPass>;
type Sum = SumPass<CanonicalPass>;
type Product = ProductPass<unknown>;
type NumberPass = Exclude<SinglePass, ScalarPass>;
type Scalar = ScalarPass['scalar'];

const sizes: Readonly<Record<string, number>> = {
  u8: 1,
  s8: 1,
  u16: 2,
  s16: 2,
  u32: 4,
  s32: 4,
  char: 4,
  f32: 4,
  u64: 8,
  s64: 8,
  f64: 8,
};
const tagMark = 0x8000_0000;

const arrays: Readonly<Record<string, { from(values: Iterable<never>): ArrayLike<Core> }>> = {
  u8: Uint8Array,
  s8: Int8Array,
  u16: Uint16Array,
  s16: Int16Array,
  u32: Uint32Array,
  s32: Int32Array,
  f32: Float32Array,
  f64: Float64Array,
  u64: BigUint64Array,
  s64: BigInt64Array,
};

export class Interpreter {
  readonly #side: Side;

  constructor(side: Side) {
    this.#side = side;
  }

  /** Calls an imported function as the guest that imports it. */
  call(plan: CanonicalPlan, func: CoreFunction, args: readonly unknown[]): unknown {
    const core = this.lowerParams(plan, args);
    const { result } = plan;
    if (result?.in !== 'memory') {
      const value = func(...core);
      return result === undefined ? undefined : this.lift(result.pass, [value as Core]);
    }
    const area = this.#allocated(result.pass.align, result.pass.size);
    func(...core, area);
    return this.load(result.pass, area);
  }

  /** The core values of the arguments of a call. */
  lowerParams(plan: CanonicalPlan, args: readonly unknown[]): readonly Core[] {
    const { params, paramsInMemory } = plan;
    if (args.length !== params.length) throw new Error(`${plan.wire} takes ${params.length} arguments`);
    if (paramsInMemory === undefined) return params.flatMap((param, index) => this.lower(param.pass, args[index]));
    const area = this.#allocated(paramsInMemory.align, paramsInMemory.size);
    params.forEach((param, index) =>
      this.store(param.pass, area + (paramsInMemory.offsets[index] as number), args[index]),
    );
    return [area];
  }

  /** The arguments of a call that came in, and where its result goes if that is memory. */
  liftParams(plan: CanonicalPlan, core: readonly Core[]): readonly unknown[] {
    const { params, paramsInMemory, result } = plan;
    const rest = [...core];
    if (result?.in === 'memory') this.#area(word([rest.pop() as Core]), result.pass);
    if (paramsInMemory === undefined) return params.map((param) => this.lift(param.pass, rest));
    const area = word(rest);
    this.#area(area, paramsInMemory);
    return params.map((param, index) => this.load(param.pass, area + (paramsInMemory.offsets[index] as number)));
  }

  /** A value from its core values, which are taken from the front of the list. */
  lift(pass: CanonicalPass, core: Core[]): unknown {
    switch (pass.shape) {
      case 'single':
        return pass.how === 'scalar' ? scalarOf(pass.scalar, core.shift() as Core) : this.#single(pass, word(core));
      case 'text': {
        const pointer = word(core);
        return this.#fat(pass, pointer, word(core));
      }
      case 'sequence': {
        if (pass.length !== undefined)
          return this.#list(
            pass,
            Array.from({ length: pass.length }, () => this.lift(pass.element, core)),
          );
        const pointer = word(core);
        return this.#fat(pass, pointer, word(core));
      }
      case 'product':
        return product(
          pass,
          pass.parts.map((part) => this.lift(part.pass, core)),
        );
      case 'sum': {
        const wide = flatten(pass).slice(1);
        const tag = word(core);
        const payload = core.splice(0, wide.length);
        return sum(pass, tag, (inner) => this.lift(inner, narrowed(payload, wide, flatten(inner))));
      }
    }
  }

  /** The core values of a value. */
  lower(pass: CanonicalPass, value: unknown): readonly Core[] {
    switch (pass.shape) {
      case 'single':
        return [pass.how === 'scalar' ? coreOf(pass.scalar, value) : this.#numberOf(pass, value)];
      case 'text':
        return this.#allocateText(value as string);
      case 'sequence':
        if (pass.length !== undefined)
          return [...(value as ArrayLike<unknown> & Iterable<unknown>)].flatMap((each) =>
            this.lower(pass.element, each),
          );
        return this.#allocateList(pass, value);
      case 'product': {
        const values = members(pass, value);
        return pass.parts.flatMap((part, index) => this.lower(part.pass, values[index]));
      }
      case 'sum': {
        const { tag, payload, inner } = chosen(pass, value);
        const wide = flatten(pass).slice(1);
        const core = inner === undefined ? [] : widened(this.lower(inner, payload), flatten(inner), wide);
        return [tag, ...core, ...wide.slice(core.length).map((type) => (type === 'i64' ? 0n : 0))];
      }
    }
  }

  /** A value in memory. */
  load(pass: CanonicalPass, address: number): unknown {
    switch (pass.shape) {
      case 'single':
        return pass.how === 'scalar'
          ? scalarAt(pass.scalar, this.#view(address, pass.size))
          : this.#single(pass, this.#read(address, pass.size));
      case 'text':
        return this.#fat(pass, this.#read(address, 4), this.#read(address + 4, 4));
      case 'sequence':
        if (pass.length === undefined) return this.#fat(pass, this.#read(address, 4), this.#read(address + 4, 4));
        return this.#list(
          pass,
          Array.from({ length: pass.length }, (_, index) => this.load(pass.element, address + index * pass.stride)),
        );
      case 'product':
        return product(
          pass,
          pass.parts.map((part) => this.load(part.pass, address + part.offset)),
        );
      case 'sum':
        return sum(pass, this.#read(address, sizes[pass.repr] as number), (inner) =>
          this.load(inner, address + pass.payloadOffset),
        );
    }
  }

  /** Writes a value into memory. */
  store(pass: CanonicalPass, address: number, value: unknown): void {
    switch (pass.shape) {
      case 'single':
        if (pass.how === 'scalar') storeScalar(pass.scalar, this.#view(address, pass.size), value);
        else this.#write(address, pass.size, BigInt(this.#numberOf(pass, value)));
        return;
      case 'text':
        this.#writeTwo(address, this.#allocateText(value as string));
        return;
      case 'sequence':
        if (pass.length === undefined) {
          this.#writeTwo(address, this.#allocateList(pass, value));
          return;
        }
        [...(value as Iterable<unknown>)].forEach((each, index) =>
          this.store(pass.element, address + index * pass.stride, each),
        );
        return;
      case 'product': {
        const values = members(pass, value);
        pass.parts.forEach((part, index) => this.store(part.pass, address + part.offset, values[index]));
        return;
      }
      case 'sum': {
        const { tag, payload, inner } = chosen(pass, value);
        this.#write(address, sizes[pass.repr] as number, BigInt(tag));
        if (inner !== undefined) this.store(inner, address + pass.payloadOffset, payload);
        return;
      }
    }
  }

  /** A value of one number. Bits beyond the flags are of no account. */
  #single(pass: NumberPass, value: number): unknown {
    switch (pass.how) {
      case 'bool':
        return value !== 0;
      case 'flags':
        return Object.fromEntries(
          pass.flags.map((flag, index) => [camel(flag.name.words), ((value >>> index) & 1) === 1]),
        );
      case 'enum': {
        const each = pass.cases[value];
        if (each === undefined) throw new Trap('no such case of an enum');
        return each.name.wire;
      }
      case 'handle':
        return this.#side.fromHandle(pass.kind.name.wire, pass.ownership ?? 'own', value);
    }
  }

  #numberOf(pass: NumberPass, value: unknown): number {
    switch (pass.how) {
      case 'bool':
        return value === true ? 1 : 0;
      case 'flags': {
        const set = value as Readonly<Record<string, boolean>>;
        return pass.flags.reduce(
          (bits, flag, index) => (set[camel(flag.name.words)] === true ? (bits | (1 << index)) >>> 0 : bits),
          0,
        );
      }
      case 'enum':
        return pass.cases.findIndex((each) => each.name.wire === value);
      case 'handle':
        return this.#side.toHandle(pass.kind.name.wire, pass.ownership ?? 'own', value);
    }
  }

  #fat(pass: Fat, pointer: number, length: number): unknown {
    if (pass.how === 'string') return this.#text(pointer, length);
    if (pointer % pass.element.align !== 0) throw new Trap('a list that is not aligned');
    const bytes = this.#bytes(pointer, length * pass.stride);
    if (isBytes(pass)) return bytes.slice();
    return this.#list(
      pass,
      Array.from({ length }, (_, index) => this.load(pass.element, pointer + index * pass.stride)),
    );
  }

  #list(pass: ListPass<CanonicalPass>, values: readonly unknown[]): unknown {
    const array = pass.element.how === 'scalar' ? arrays[pass.element.scalar] : undefined;
    return array === undefined ? values : array.from(values as never);
  }

  #text(pointer: number, length: number): string {
    const { encoding } = this.#side;
    const wide = encoding === 'utf16' || (encoding === 'compact-utf16' && length >= tagMark);
    const units = encoding === 'compact-utf16' ? (length & ~tagMark) >>> 0 : length;
    if (encoding !== 'utf8' && pointer % 2 !== 0) throw new Trap('a text that is not aligned');
    const bytes = this.#bytes(pointer, units * (wide ? 2 : 1));
    if (encoding === 'compact-utf16' && !wide) return Buffer.from(bytes).toString('latin1');
    try {
      return new TextDecoder(wide ? 'utf-16le' : 'utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
    } catch {
      throw new Trap('a text that is not well-formed');
    }
  }

  #allocateText(text: string): readonly [number, number] {
    const { encoding } = this.#side;
    const narrow = encoding === 'compact-utf16' && !/[^\u0000-\u00ff]/.test(text);
    const bytes = encoding === 'utf8' ? Buffer.from(text, 'utf8') : Buffer.from(text, narrow ? 'latin1' : 'utf16le');
    const pointer = this.#allocated(encoding === 'utf8' ? 1 : 2, bytes.length);
    this.#bytes(pointer, bytes.length).set(bytes);
    const units = encoding === 'utf8' || narrow ? bytes.length : bytes.length / 2;
    return [pointer, encoding === 'compact-utf16' && !narrow ? (units | tagMark) >>> 0 : units];
  }

  #allocateList(pass: ListPass<CanonicalPass>, value: unknown): readonly [number, number] {
    if (isBytes(pass) && value instanceof Uint8Array) {
      const start = this.#allocated(1, value.length);
      this.#bytes(start, value.length).set(value);
      return [start, value.length];
    }
    const values = [...(value as Iterable<unknown>)];
    const pointer = this.#allocated(pass.element.align, values.length * pass.stride);
    values.forEach((each, index) => this.store(pass.element, pointer + index * pass.stride, each));
    return [pointer, values.length];
  }

  #allocated(align: number, size: number): number {
    const pointer = this.#side.allocate(align, size) >>> 0;
    this.#area(pointer, { size, align });
    return pointer;
  }

  /** Traps unless something of this size can stand there. */
  #area(pointer: number, { size, align }: { readonly size: number; readonly align: number }): void {
    if (pointer % align !== 0) throw new Trap('an address that is not aligned');
    this.#view(pointer, size);
  }

  #writeTwo(address: number, [first, second]: readonly Core[]): void {
    this.#write(address, 4, BigInt(first ?? 0));
    this.#write(address + 4, 4, BigInt(second ?? 0));
  }

  #view(address: number, size: number): DataView {
    const { buffer } = this.#side.memory;
    if (address + size > buffer.byteLength) throw new Trap('outside memory');
    return new DataView(buffer, address, size);
  }

  #bytes(address: number, size: number): Uint8Array {
    const { buffer, byteOffset } = this.#view(address, size);
    return new Uint8Array(buffer, byteOffset, size);
  }

  #read(address: number, size: number): number {
    return this.#bytes(address, size).reduceRight((value, byte) => value * 256 + byte, 0);
  }

  #write(address: number, size: number, value: bigint): void {
    const bytes = this.#bytes(address, size);
    for (let index = 0; index < size; index += 1) bytes[index] = Number((value >> BigInt(8 * index)) & 0xffn);
  }
}

/** Bytes go as a whole: tests pass megabytes of them. */
function isBytes(pass: ListPass<CanonicalPass>): boolean {
  return pass.element.how === 'scalar' && pass.element.scalar === 'u8';
}

/** `undefined` can stand for one level of absence only. */
function isNested(pass: OptionPass<CanonicalPass>): boolean {
  return pass.some.pass.how === 'option' && !isNested(pass.some.pass);
}

function word(core: Core[]): number {
  return Number(BigInt.asUintN(32, BigInt(core.shift() ?? 0)));
}

/** `narrowed` and `widened` undo each other: payloads of a variant share core values of the widest type. */
function narrowed(core: readonly Core[], wide: readonly CoreType[], own: readonly CoreType[]): Core[] {
  return own.map((type, index) => {
    const value = core[index] ?? 0;
    const from = wide[index];
    if (from === type) return value;
    const bits = new DataView(new ArrayBuffer(8));
    bits.setBigUint64(0, BigInt.asUintN(64, BigInt(value)), true);
    if (type === 'f32') return bits.getFloat32(0, true);
    if (type === 'f64') return bits.getFloat64(0, true);
    return bits.getInt32(0, true);
  });
}

function widened(core: readonly Core[], own: readonly CoreType[], wide: readonly CoreType[]): Core[] {
  return core.map((value, index) => {
    const type = own[index];
    const to = wide[index];
    if (type === to) return value;
    const bits = new DataView(new ArrayBuffer(8));
    if (type === 'f32') bits.setFloat32(0, Number(value), true);
    else if (type === 'f64') bits.setFloat64(0, Number(value), true);
    else bits.setUint32(0, Number(value) >>> 0, true);
    return to === 'i64' ? bits.getBigUint64(0, true) : bits.getInt32(0, true);
  });
}

/** A record or a tuple, from its members; and back. */
function product({ how, parts }: Product, values: readonly unknown[]): unknown {
  if (how === 'tuple') return values;
  return Object.fromEntries(parts.map(({ name }, index) => [camel(name.words), values[index]]));
}

function members({ how, parts }: Product, value: unknown): readonly unknown[] {
  if (how === 'tuple') return value as readonly unknown[];
  return parts.map(({ name }) => (value as Readonly<Record<string, unknown>>)[camel(name.words)]);
}

/** A value of one of several cases, from its tag; and back. */
function sum(pass: Sum, tag: number, payload: (inner: CanonicalPass) => unknown): unknown {
  const each = pass.cases[tag];
  if (each === undefined) throw new Trap(`no such case of a ${pass.how}`);
  if (pass.how === 'option' && !isNested(pass)) return each.pass === undefined ? undefined : payload(each.pass);
  return each.pass === undefined ? { tag: each.name.wire } : { tag: each.name.wire, val: payload(each.pass) };
}

function chosen(
  pass: Sum,
  value: unknown,
): { readonly tag: number; readonly payload: unknown; readonly inner: CanonicalPass | undefined } {
  if (pass.how === 'option' && !isNested(pass)) {
    const { tag, pass: inner } = value === undefined ? pass.none : pass.some;
    return { tag, payload: value, inner };
  }
  const { tag, val } = value as Tagged;
  const each = pass.cases.find(({ name }) => name.wire === tag);
  if (each === undefined) throw new Error(`no case ${tag}`);
  return { tag: each.tag, payload: val, inner: each.pass };
}

function scalarOf(scalar: Scalar, value: Core): unknown {
  if (scalar === 'f32' || scalar === 'f64') return value;
  const bits = scalar === 'char' ? 32 : 8 * (sizes[scalar] as number);
  const wide = scalar.startsWith('s') ? BigInt.asIntN(bits, BigInt(value)) : BigInt.asUintN(bits, BigInt(value));
  if (scalar === 'char') return letter(Number(wide));
  return bits === 64 ? wide : Number(wide);
}

function letter(code: number): string {
  if (code > 0x10ffff || (code >= 0xd800 && code <= 0xdfff)) throw new Trap('no character');
  return String.fromCodePoint(code);
}

function coreOf(scalar: Scalar, value: unknown): Core {
  if (scalar === 'char') return (value as string).codePointAt(0) as number;
  if (scalar === 'u64' || scalar === 's64') return BigInt.asIntN(64, value as bigint);
  return scalar === 'f32' || scalar === 'f64' ? (value as number) : (value as number) | 0;
}

function scalarAt(scalar: Scalar, view: DataView): unknown {
  if (scalar === 'f32') return view.getFloat32(0, true);
  if (scalar === 'f64') return view.getFloat64(0, true);
  if (view.byteLength === 8) return scalarOf(scalar, view.getBigUint64(0, true));
  return scalarOf(
    scalar,
    view.byteLength === 1
      ? view.getUint8(0)
      : view.byteLength === 2
        ? view.getUint16(0, true)
        : view.getUint32(0, true),
  );
}

function storeScalar(scalar: Scalar, view: DataView, value: unknown): void {
  const core = coreOf(scalar, value);
  if (scalar === 'f32') view.setFloat32(0, Number(core), true);
  else if (scalar === 'f64') view.setFloat64(0, Number(core), true);
  else if (view.byteLength === 8) view.setBigInt64(0, BigInt(core), true);
  else if (view.byteLength === 4) view.setInt32(0, Number(core), true);
  else if (view.byteLength === 2) view.setInt16(0, Number(core), true);
  else view.setInt8(0, Number(core));
}
