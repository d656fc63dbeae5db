/**
 * The standing property of the ABI: for any call, the emitted host bindings and the interpreter of
 * the same plan do the same to memory, handles and host, and give the same answer.
 */
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isPlanned, type CallPlan, type OutPass, type PlannedUnit } from '../../generator/abi/plan.js';
import { handleKinds, membership } from '../../generator/model/kinds.js';
import { camel } from '../../generator/model/name.js';
import { errnoNames } from '../../generator/targets/typescript-host/errnos.js';
import { typescriptHost } from '../../generator/targets/typescript-host/index.js';
import { namesOf } from '../../generator/targets/typescript-host/names.js';
import type { HandleTable, HostObject } from '../../templates/typescript-host/handles.js';
import { emit, load, plannedUnit } from '../generated.js';
import { describeWithShared, shared } from '../shared.js';
import { random, randomCall, type Random } from './calls.js';
import { Fault, interpret } from './interpret.js';

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

describe('emitted host bindings agree with the interpreter of plans', () => {
  it('on one of everything', () => agree(plannedUnit('everything', here('cases/everything.witx')), 4_000));
  it('on wasi-crypto 0.10', () => agree(plannedUnit('0.10', here('../../witx/0.10')), 4_000));
});

describeWithShared('emitted host bindings agree with the interpreter of plans on WASI preview 1', () => {
  it('for every function', () => agree(plannedUnit('preview1', shared('spec/witx-preview1')), 2_000));
});

/** What the generated `index.ts` exports, as far as this test uses it. */
interface Bindings {
  bind(
    hosts: object,
    options: {
      readonly onError: (error: unknown) => void;
      readonly maxHandles: number;
      readonly fewerParameters?: boolean;
    },
  ): {
    readonly memory: { attach(memory: { readonly buffer: ArrayBuffer }): void };
    readonly handles: Readonly<Record<string, HandleTable<HostObject>>>;
    readonly imports: Readonly<Record<string, Readonly<Record<string, (...core: unknown[]) => unknown>>>>;
  };
  readonly FaultSignal: new (fault: string) => { readonly fault: string };
  readonly Failure: new (errno: number, reason: string) => object;
}

class Thing implements HostObject {
  live = true;
  readonly id: number;
  constructor(id: number) {
    this.id = id;
  }
  release(): void {
    this.live = false;
  }
}

/** One side of the comparison: its own memory, tables and log of host calls. */
interface Side {
  readonly memory: { readonly buffer: ArrayBuffer };
  readonly tables: Readonly<Record<string, HandleTable<HostObject>>>;
  readonly log: unknown[];
  call(plan: CallPlan, core: readonly (number | bigint)[]): unknown;
}

/** An errno of no definition. */
const PLANNED = 77;

type Behaviour = 'return' | 'fail' | 'consume' | 'absent';

async function agree(planned: PlannedUnit, runs: number): Promise<void> {
  const bindings = (await load(await emit(typescriptHost, planned), 'index.ts')) as Bindings;
  const names = namesOf(planned);
  const kinds = handleKinds(planned.unit);
  const plans = [...planned.plans.values()].filter(isPlanned).filter((plan) => !membership(plan.func, kinds).closes);
  const reached = new Set<string>();
  const outcomes = new Set<string>();
  const kindOf = (wire: string): number => kinds.findIndex((kind) => kind.name.wire === wire) + 1;
  fc.assert(
    fc.property(
      fc.nat(plans.length - 1),
      fc.constantFrom<Behaviour>('return', 'return', 'return', 'fail', 'consume', 'absent'),
      fc.integer(),
      (index, behaviour, seed) => {
        const plan = plans[index] as CallPlan;
        const { core, image } = randomCall(plan, random(seed), kindOf);
        const emitted = emittedSide(bindings, planned, plan, behaviour, seed, image);
        const interpreted = interpretedSide(bindings, planned, plan, behaviour, seed, image);
        const left = outcome(() => emitted.call(plan, core));
        const right = outcome(() => interpreted.call(plan, core));
        expect(left, plan.func.name.wire).toBe(right);
        expect(emitted.log).toEqual(interpreted.log);
        expect(Buffer.compare(Buffer.from(emitted.memory.buffer), Buffer.from(interpreted.memory.buffer))).toBe(0);
        for (const property of names.kinds.values())
          expect(liveHandles(emitted, property)).toEqual(liveHandles(interpreted, property));
        if (emitted.log.length > 0) reached.add(plan.func.name.wire);
        outcomes.add(left);
      },
    ),
    { seed: 20_261_122, numRuns: runs },
  );
  expect(plans.map((plan) => plan.func.name.wire).filter((name) => !reached.has(name))).toEqual([]);
  expect(outcomes.size).toBeGreaterThan(4);
}

/** Two handles of each kind are alive on both sides, the same ones. */
function givenHandles(): readonly number[] {
  return Array.from({ length: 16 }, (_, kind) => [0, 1, 2].map((slot) => ((kind << 28) | slot) >>> 0)).flat();
}

function outcome(call: () => unknown): string {
  try {
    return `returned ${String(call())}`;
  } catch (thrown) {
    return `thrown ${thrown instanceof Error ? thrown.message : String(thrown)}`;
  }
}

function emittedSide(
  bindings: Bindings,
  planned: PlannedUnit,
  plan: CallPlan,
  behaviour: Behaviour,
  seed: number,
  image: Uint8Array,
): Side {
  const names = namesOf(planned);
  const log: unknown[] = [];
  const memory = { buffer: copyOf(image) };
  const property = names.modules.get(plan.module)?.property as string;
  const hosts =
    behaviour === 'absent'
      ? {}
      : { [property]: { [camel(plan.func.name.words)]: method(bindings, plan, behaviour, seed, log) } };
  const bound = bindings.bind(hosts, {
    maxHandles: 50,
    fewerParameters: true,
    onError: (error) => {
      throw error;
    },
  });
  bound.memory.attach(memory);
  fill(bound.handles);
  return {
    memory,
    tables: bound.handles,
    log,
    call: (each, core) => bound.imports[each.module.name.wire]?.[each.func.name.wire]?.(...core),
  };
}

function interpretedSide(
  bindings: Bindings,
  planned: PlannedUnit,
  plan: CallPlan,
  behaviour: Behaviour,
  seed: number,
  image: Uint8Array,
): Side {
  const names = namesOf(planned);
  const log: unknown[] = [];
  const memory = { buffer: copyOf(image) };
  const { handles } = bindings.bind({}, { maxHandles: 50, onError: () => undefined });
  fill(handles);
  const table = (wire: string): HandleTable<HostObject> => {
    const kind = handleKinds(planned.unit).find((each) => each.name.wire === wire);
    return handles[names.kinds.get(kind as NonNullable<typeof kind>) as string] as HandleTable<HostObject>;
  };
  const machine = {
    memory,
    table,
    method: () => (behaviour === 'absent' ? undefined : method(bindings, plan, behaviour, seed, log)),
  };
  const call = (each: CallPlan, core: readonly (number | bigint)[]): unknown => {
    try {
      return interpret(each, machine, core);
    } catch (thrown) {
      const fault =
        thrown instanceof Fault ? thrown.name : thrown instanceof bindings.FaultSignal ? thrown.fault : undefined;
      if (each.returns.how !== 'errno') {
        const reason = thrown instanceof bindings.Failure ? 'planned' : fault;
        throw new Error(`${each.func.name.wire}: ${reason}, and the function has no errno to say so`);
      }
      if (thrown instanceof bindings.Failure) return PLANNED;
      if (fault === undefined) throw thrown;
      const errnos = (bindings as unknown as Record<string, Record<string, number>>)[
        errnoNames(each.returns.decl, names).ofFault.name
      ];
      return errnos?.[fault];
    }
  };
  return { memory, tables: handles, log, call };
}

function copyOf(image: Uint8Array): ArrayBuffer {
  const copy = new ArrayBuffer(image.length);
  new Uint8Array(copy).set(image);
  return copy;
}

function fill(tables: Readonly<Record<string, HandleTable<HostObject>>>): void {
  for (const table of Object.values(tables)) for (let id = 0; id < 2; id += 1) table.insert(new Thing(id));
}

function liveHandles(side: Side, property: string): readonly number[] {
  return givenHandles().filter((handle) => {
    try {
      side.tables[property]?.get(handle);
      return true;
    } catch {
      return false;
    }
  });
}

/** A host method that logs what it was given and answers from the seed, the same on both sides. */
function method(
  bindings: Bindings,
  plan: CallPlan,
  behaviour: Behaviour,
  seed: number,
  log: unknown[],
): (...args: unknown[]) => unknown {
  return (...args) => {
    log.push(args.map(describeValue));
    if (behaviour === 'fail') throw new bindings.Failure(PLANNED, 'planned');
    if (behaviour === 'consume') args.forEach(consume);
    const next = random(seed + 1);
    for (const out of args.filter((arg) => arg instanceof Uint8Array).slice(-1))
      if (hasOutBuffer(plan)) out.fill(next() & 0xff);
    if (plan.returns.how === 'value') return make(plan.returns.pass, next);
    const values = plan.outs.map((each) => make(each.pass, next));
    return plan.shape === 'none' ? undefined : plan.shape === 'single' ? values[0] : values;
  };
}

function hasOutBuffer(plan: CallPlan): boolean {
  return plan.params.some((param) => param.pass.how === 'buffer' && param.pass.access === 'out');
}

function describeValue(value: unknown): unknown {
  if (value instanceof Uint8Array) return { at: value.byteOffset, bytes: [...value] };
  if (value instanceof Thing) return { thing: value.id };
  if (Array.isArray(value)) return value.map(describeValue);
  if (value !== null && typeof value === 'object')
    return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, describeValue(each)]));
  return value;
}

function consume(value: unknown): void {
  if (value instanceof Thing) value.live = false;
  else if (Array.isArray(value)) value.forEach(consume);
  else if (value !== null && typeof value === 'object' && !(value instanceof Uint8Array))
    Object.values(value).forEach(consume);
}

function make(pass: OutPass, next: Random): unknown {
  const wide = (): bigint => (BigInt(next()) << 32n) | BigInt(next());
  switch (pass.how) {
    case 'scalar':
      if (pass.scalar === 'u64') return wide();
      if (pass.scalar === 's64') return BigInt.asIntN(64, wide());
      if (pass.scalar === 'f32' || pass.scalar === 'f64') return next() / 7;
      if (pass.scalar === 'char') return String.fromCodePoint(0x1f600 + (next() % 60));
      {
        const bits = pass.size * 8;
        const value = next() % 2 ** bits;
        return pass.scalar.startsWith('s') && value >= 2 ** (bits - 1) ? value - 2 ** bits : value;
      }
    case 'bool':
      return next() % 2 === 1;
    case 'enum':
      return next() % pass.cases.length;
    case 'flags':
      return pass.repr === 'u64' ? wide() & ((1n << BigInt(pass.flags.length)) - 1n) : next() % 2 ** pass.flags.length;
    case 'handle':
      return new Thing(100 + (next() % 100));
    case 'address':
      return next();
    case 'record':
      return Object.fromEntries(pass.parts.map((field) => [camel(field.name.words), make(field.pass, next)]));
    case 'tuple':
      return pass.parts.map((item) => make(item.pass, next));
    case 'option':
      return next() % 2 === 0 ? undefined : make(pass.some.pass, next);
    case 'variant': {
      const each = pass.cases[next() % pass.cases.length];
      if (each === undefined) throw new Error('a variant has cases');
      const tag = camel(each.name.words);
      return each.pass === undefined ? { tag } : { tag, val: make(each.pass, next) };
    }
  }
}
