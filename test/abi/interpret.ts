/**
 * Runs a `CallPlan` against raw memory: the second reader of plans, which emitted code must agree
 * with. It shares nothing with the templates but the handle tables it is given.
 */
import type {
  AddressPass,
  BufferPass,
  CallPlan,
  Case,
  CorePass,
  FlagsPass,
  ListPass,
  OptionPass,
  OutPass,
  ProductPass,
  ScalarPass,
  SinglePass,
  TextPass,
  VariantPass,
} from '../../generator/abi/plan.js';
import { camel } from '../../generator/model/name.js';
import type { HandleTable, HostObject } from '../../templates/typescript-host/handles.js';

/** What ended a call, by the name of the fault. */
export class Fault {
  readonly name: string;
  constructor(name: string) {
    this.name = name;
  }
}

export interface Machine {
  readonly memory: { readonly buffer: ArrayBuffer };
  /** The table of a kind, by the wire name of the kind. */
  table(kind: string): HandleTable<HostObject>;
  /** The host method of a function; `undefined`: absent. */
  method(func: string): ((...args: unknown[]) => unknown) | undefined;
}

type Core = number | bigint;

/** Calls through the plan. The result is the core function's; faults are thrown. */
export function interpret(plan: CallPlan, machine: Machine, core: readonly Core[]): Core | undefined {
  const reader = new Reader(machine);
  let next = 0;
  const lifted = plan.params.map((param) => {
    const args = core.slice(next, (next += param.core.length));
    return reader.core(param.pass, args);
  });
  const outs = plan.outs.map((out) => ({ out, address: Number(core[next++]) >>> 0 }));
  for (const { out, address } of outs) reader.range(address, out.pass.size);
  const method = machine.method(plan.func.name.wire);
  if (method === undefined) throw new Fault('absent');
  const used: { readonly table: HandleTable<HostObject>; readonly handle: number; readonly object: HostObject }[] = [];
  const args = plan.params.map((param, index) =>
    resolve(param.pass, lifted[index], (kind, handle) => {
      const table = machine.table(kind);
      const object = table.get(handle);
      used.push({ table, handle, object });
      return object;
    }),
  );
  const result = method(...args);
  for (const { table, handle, object } of used) if (!object.live) table.drop(handle);
  const values = plan.shape === 'tuple' ? (result as readonly unknown[]) : [result];
  const writer = new Writer(machine);
  outs.forEach(({ out, address }, index) => writer.write(out.pass, address, values[index]));
  if (plan.returns.how === 'errno') return 0;
  return plan.returns.how === 'value' ? writer.core(plan.returns.pass, result) : undefined;
}

/** A handle read but not looked up yet: memory is judged before handles. */
interface Pending {
  readonly kind: string;
  readonly handle: number;
}

class Reader {
  readonly #machine: Machine;

  constructor(machine: Machine) {
    this.#machine = machine;
  }

  range(address: number, size: number): Uint8Array {
    const { buffer } = this.#machine.memory;
    if (address + size > buffer.byteLength) throw new Fault('badMemory');
    return new Uint8Array(buffer, address, size);
  }

  core(pass: CorePass, args: readonly Core[]): unknown {
    const [first = 0, second = 0] = args;
    switch (pass.shape) {
      case 'single':
        return single(pass, first);
      case 'text':
      case 'buffer':
      case 'sequence':
        return this.#fat(pass, word(first), word(second));
      case 'product':
      case 'sum':
        return this.at(pass, word(first));
    }
  }

  at(pass: CorePass, address: number): unknown {
    switch (pass.shape) {
      case 'single': {
        const bytes = this.range(address, pass.size);
        return pass.how === 'scalar' ? scalarOfMemory(pass.scalar, bytes) : single(pass, unsigned(bytes));
      }
      case 'text':
      case 'buffer':
      case 'sequence':
        return this.#fat(pass, this.#tag(address, 4), this.#tag(address + 4, 4));
      case 'product':
        return product(
          pass,
          pass.parts.map((part) => this.at(part.pass, address + part.offset)),
        );
      case 'sum': {
        const each = pass.cases[inRange(this.#tag(address, layoutOf(pass.repr)), pass.cases.length)];
        if (each === undefined) throw new Error('unreachable: the tag is in range');
        const payload = each.pass === undefined ? undefined : this.at(each.pass, address + pass.payloadOffset);
        return sum(pass, each, payload);
      }
    }
  }

  #tag(address: number, size: number): number {
    return Number(unsigned(this.range(address, size)));
  }

  #fat(pass: TextPass | BufferPass | ListPass<CorePass>, pointer: number, length: number): unknown {
    if (pass.how === 'list') {
      this.range(pointer, length * pass.stride);
      return Array.from({ length }, (_, index) => this.at(pass.element, pointer + index * pass.stride));
    }
    const bytes = this.range(pointer, length * (pass.how === 'buffer' ? pass.stride : 1));
    if (pass.how === 'buffer') return bytes;
    try {
      return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
    } catch {
      throw new Fault('badText');
    }
  }
}

type Product = ProductPass<unknown>;
type Sum<Part> = OptionPass<Part> | VariantPass<Part>;

/** A record or a tuple as hosts have it, from its members; and back. */
function product({ how, parts }: Product, values: readonly unknown[]): unknown {
  if (how === 'tuple') return values;
  return Object.fromEntries(parts.map(({ name }, index) => [camel(name.words), values[index]]));
}

function members({ how, parts }: Product, value: unknown): readonly unknown[] {
  if (how === 'tuple') return value as readonly unknown[];
  return parts.map(({ name }) => (value as Readonly<Record<string, unknown>>)[camel(name.words)]);
}

/** An option or a variant as hosts have it, from its case; and back. */
function sum({ how }: Sum<unknown>, { name, pass }: Case<unknown>, payload: unknown): unknown {
  if (how === 'option') return payload;
  const tag = camel(name.words);
  return pass === undefined ? { tag } : { tag, val: payload };
}

function chosen<Part>(pass: Sum<Part>, value: unknown): readonly [chosen: Case<Part>, payload: unknown] {
  if (pass.how === 'option') return [value === undefined ? pass.none : pass.some, value];
  const { tag, val } = value as { readonly tag: string; readonly val?: unknown };
  const each = pass.cases.find(({ name }) => camel(name.words) === tag);
  if (each === undefined) throw new Error(`no case ${tag}`);
  return [each, val];
}

class Writer {
  readonly #machine: Machine;

  constructor(machine: Machine) {
    this.#machine = machine;
  }

  core(pass: SinglePass | AddressPass, value: unknown): Core {
    if (pass.how === 'handle') return this.#machine.table(pass.kind.name.wire).insert(value as HostObject);
    if (pass.how === 'bool') return value === true ? 1 : 0;
    return value as Core;
  }

  write(pass: OutPass, address: number, value: unknown): void {
    switch (pass.shape) {
      case 'product': {
        const values = members(pass, value);
        pass.parts.forEach((part, index) => this.write(part.pass, address + part.offset, values[index]));
        return;
      }
      case 'sum': {
        const [each, payload] = chosen<OutPass>(pass, value);
        this.#bytes(address, layoutOf(pass.repr), BigInt(each.tag));
        if (each.pass !== undefined) this.write(each.pass, address + pass.payloadOffset, payload);
        return;
      }
      case 'single':
        if (pass.how === 'scalar') this.#scalar(pass, address, value);
        else this.#bytes(address, pass.size, BigInt(this.core(pass, value)));
    }
  }

  #scalar({ scalar, size }: ScalarPass, address: number, value: unknown): void {
    const view = new DataView(this.#machine.memory.buffer);
    if (scalar === 'f32') view.setFloat32(address, value as number, true);
    else if (scalar === 'f64') view.setFloat64(address, value as number, true);
    else
      this.#bytes(
        address,
        size,
        scalar === 'char' ? BigInt((value as string).codePointAt(0) ?? 0) : BigInt(value as Core),
      );
  }

  #bytes(address: number, size: number, value: bigint): void {
    const bytes = new Uint8Array(this.#machine.memory.buffer);
    for (let index = 0; index < size; index += 1) bytes[address + index] = Number((value >> BigInt(8 * index)) & 0xffn);
  }
}

function resolve(pass: CorePass, lifted: unknown, lookUp: (kind: string, handle: number) => HostObject): unknown {
  switch (pass.shape) {
    case 'single': {
      if (pass.how !== 'handle') return lifted;
      const { kind, handle } = lifted as Pending;
      return lookUp(kind, handle);
    }
    case 'text':
    case 'buffer':
      return lifted;
    case 'product': {
      const values = members(pass, lifted);
      return product(
        pass,
        pass.parts.map((part, index) => resolve(part.pass, values[index], lookUp)),
      );
    }
    case 'sequence':
      return (lifted as readonly unknown[]).map((each) => resolve(pass.element, each, lookUp));
    case 'sum': {
      const [each, payload] = chosen<CorePass>(pass, lifted);
      return sum(pass, each, each.pass === undefined ? undefined : resolve(each.pass, payload, lookUp));
    }
  }
}

/** A value of one number, from all its bits. */
function single(pass: SinglePass | AddressPass, bits: Core): unknown {
  switch (pass.how) {
    case 'scalar':
      return scalarOfCore(pass.scalar, bits);
    case 'bool':
      return word(bits) !== 0;
    case 'enum':
      // In memory its tag may have 64 bits.
      return inRange(typeof bits === 'bigint' ? Number(bits) : word(bits), pass.cases.length);
    case 'flags':
      return flags(pass, BigInt.asUintN(pass.repr === 'u64' ? 64 : 32, BigInt(bits)));
    case 'handle':
      return { kind: pass.kind.name.wire, handle: word(bits) } satisfies Pending;
    case 'address':
      return word(bits);
  }
}

function word(bits: Core): number {
  return Number(BigInt.asUintN(32, BigInt(bits)));
}

function unsigned(bytes: Uint8Array): bigint {
  return bytes.reduceRight((value, byte) => (value << 8n) | BigInt(byte), 0n);
}

function layoutOf(repr: 'u8' | 'u16' | 'u32' | 'u64'): number {
  return { u8: 1, u16: 2, u32: 4, u64: 8 }[repr];
}

function inRange(value: number, count: number): number {
  if (value >= count) throw new Fault('badValue');
  return value;
}

function flags(pass: FlagsPass, bits: bigint): Core {
  if (bits >> BigInt(pass.flags.length) !== 0n) throw new Fault('badValue');
  return pass.repr === 'u64' ? bits : Number(bits);
}

function scalarOfCore(scalar: string, value: Core): unknown {
  if (scalar === 'f32' || scalar === 'f64') return value;
  const { bits, signed } = shapeOf(scalar);
  const wide = signed ? BigInt.asIntN(bits, BigInt(value)) : BigInt.asUintN(bits, BigInt(value));
  return scalar === 'char' ? char(wide) : bits === 64 ? wide : Number(wide);
}

function scalarOfMemory(scalar: string, bytes: Uint8Array): unknown {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (scalar === 'f32') return view.getFloat32(0, true);
  if (scalar === 'f64') return view.getFloat64(0, true);
  return scalarOfCore(scalar, unsigned(bytes));
}

function shapeOf(scalar: string): { readonly bits: number; readonly signed: boolean } {
  if (scalar === 'char' || scalar === 'usize') return { bits: 32, signed: false };
  if (scalar === 'char8') return { bits: 8, signed: false };
  return { bits: Number(scalar.slice(1)), signed: scalar.startsWith('s') };
}

function char(code: bigint): string {
  if (code > 0x10ffffn || (code >= 0xd800n && code <= 0xdfffn)) throw new Fault('badValue');
  return String.fromCodePoint(Number(code));
}
