/**
 * Runs a `CallPlan` against raw memory: the second reader of plans, which emitted code must agree
 * with. It shares nothing with the templates but the handle tables it is given.
 */
import type { CallPlan, Pass } from '../../generator/abi/plan.js';
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

  core(pass: Pass, args: readonly Core[]): unknown {
    const [first = 0, second = 0] = args;
    if (pass.how === 'scalar') return scalarOfCore(pass.scalar, first);
    const word = Number(BigInt.asUintN(32, BigInt(first)));
    switch (pass.how) {
      case 'bool':
        return word !== 0;
      case 'enum':
        return inRange(word, pass.cases.length);
      case 'flags':
        return flags(pass, BigInt.asUintN(pass.repr === 'u64' ? 64 : 32, BigInt(first)));
      case 'handle':
        return { kind: pass.kind.name.wire, handle: word } satisfies Pending;
      case 'address':
        return word;
      case 'string':
      case 'buffer':
      case 'list':
        return this.#fat(pass, word, Number(BigInt.asUintN(32, BigInt(second))));
      default:
        return this.at(pass, word);
    }
  }

  at(pass: Pass, address: number): unknown {
    switch (pass.how) {
      case 'scalar':
        return scalarOfMemory(pass.scalar, this.range(address, pass.size));
      case 'bool':
        return this.range(address, 1)[0] !== 0;
      case 'enum':
        return inRange(this.#tag(address, pass.size), pass.cases.length);
      case 'flags':
        return flags(pass, unsigned(this.range(address, pass.size)));
      case 'handle':
        return { kind: pass.kind.name.wire, handle: this.#tag(address, 4) } satisfies Pending;
      case 'address':
        return this.#tag(address, 4);
      case 'string':
      case 'buffer':
      case 'list':
        return this.#fat(pass, this.#tag(address, 4), this.#tag(address + 4, 4));
      case 'record':
        return Object.fromEntries(
          pass.fields.map((field) => [camel(field.name.words), this.at(field.pass, address + field.offset)]),
        );
      case 'tuple':
        return pass.items.map((item) => this.at(item.pass, address + item.offset));
      case 'option': {
        const tag = inRange(this.#tag(address, layoutOf(pass.repr)), 2);
        return tag === pass.someTag ? this.at(pass.payload, address + pass.payloadOffset) : undefined;
      }
      case 'variant': {
        const tag = inRange(this.#tag(address, layoutOf(pass.repr)), pass.cases.length);
        const each = pass.cases[tag];
        if (each === undefined) throw new Error('unreachable: the tag is in range');
        const name = camel(each.name.words);
        return each.pass === undefined
          ? { tag: name }
          : { tag: name, val: this.at(each.pass, address + pass.payloadOffset) };
      }
    }
  }

  #tag(address: number, size: number): number {
    return Number(unsigned(this.range(address, size)));
  }

  #fat(pass: Extract<Pass, { how: 'string' | 'buffer' | 'list' }>, pointer: number, length: number): unknown {
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

class Writer {
  readonly #machine: Machine;

  constructor(machine: Machine) {
    this.#machine = machine;
  }

  core(pass: Pass, value: unknown): Core {
    if (pass.how === 'handle') return this.#machine.table(pass.kind.name.wire).insert(value as HostObject);
    if (pass.how === 'bool') return value === true ? 1 : 0;
    return value as Core;
  }

  write(pass: Pass, address: number, value: unknown): void {
    switch (pass.how) {
      case 'record': {
        const record = value as Readonly<Record<string, unknown>>;
        for (const field of pass.fields)
          this.write(field.pass, address + field.offset, record[camel(field.name.words)]);
        return;
      }
      case 'tuple':
        pass.items.forEach((item, index) =>
          this.write(item.pass, address + item.offset, (value as readonly unknown[])[index]),
        );
        return;
      case 'option':
        this.#bytes(address, layoutOf(pass.repr), BigInt(value === undefined ? pass.noneTag : pass.someTag));
        if (value !== undefined) this.write(pass.payload, address + pass.payloadOffset, value);
        return;
      case 'variant': {
        const { tag, val } = value as { readonly tag: string; readonly val?: unknown };
        const index = pass.cases.findIndex((each) => camel(each.name.words) === tag);
        this.#bytes(address, layoutOf(pass.repr), BigInt(index));
        const payload = pass.cases[index]?.pass;
        if (payload !== undefined) this.write(payload, address + pass.payloadOffset, val);
        return;
      }
      case 'scalar':
        if (pass.scalar === 'f32' || pass.scalar === 'f64') {
          const view = new DataView(this.#machine.memory.buffer);
          if (pass.scalar === 'f32') view.setFloat32(address, value as number, true);
          else view.setFloat64(address, value as number, true);
          return;
        }
        this.#bytes(
          address,
          pass.size,
          pass.scalar === 'char' ? BigInt((value as string).codePointAt(0) ?? 0) : BigInt(value as Core),
        );
        return;
      case 'string':
      case 'buffer':
      case 'list':
        throw new Error(`a ${pass.how} has no place in a result`);
      default:
        this.#bytes(address, pass.size, BigInt(this.core(pass, value)));
    }
  }

  #bytes(address: number, size: number, value: bigint): void {
    const bytes = new Uint8Array(this.#machine.memory.buffer);
    for (let index = 0; index < size; index += 1) bytes[address + index] = Number((value >> BigInt(8 * index)) & 0xffn);
  }
}

function resolve(pass: Pass, lifted: unknown, lookUp: (kind: string, handle: number) => HostObject): unknown {
  switch (pass.how) {
    case 'handle': {
      const { kind, handle } = lifted as Pending;
      return lookUp(kind, handle);
    }
    case 'option':
      return lifted === undefined ? undefined : resolve(pass.payload, lifted, lookUp);
    case 'record':
      return Object.fromEntries(
        pass.fields.map((field) => {
          const name = camel(field.name.words);
          return [name, resolve(field.pass, (lifted as Readonly<Record<string, unknown>>)[name], lookUp)];
        }),
      );
    case 'tuple':
      return pass.items.map((item, index) => resolve(item.pass, (lifted as readonly unknown[])[index], lookUp));
    case 'list':
      return (lifted as readonly unknown[]).map((each) => resolve(pass.element, each, lookUp));
    case 'variant': {
      const value = lifted as { readonly tag: string; readonly val?: unknown };
      const payload = pass.cases.find((each) => camel(each.name.words) === value.tag)?.pass;
      return payload === undefined ? value : { tag: value.tag, val: resolve(payload, value.val, lookUp) };
    }
    default:
      return lifted;
  }
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

function flags(pass: Extract<Pass, { how: 'flags' }>, bits: bigint): Core {
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
