/**
 * A guest that means harm: random calls of every function of some definitions, with wild pointers, lengths near 2^32,
 * stale, foreign and made-up handles, overlapping buffers, and memory that grows between and during calls. What must
 * hold whatever it does is checked after each call.
 */
import { isPlanned, type CallPlan, type ParamPlan, type ScalarPass } from '../../generator/abi/plan.js';
import { handleKinds, membership } from '../../generator/model/kinds.js';
import type { TypeDecl } from '../../generator/model/model.js';
import { CryptoErrno } from '../../generated/0.10/typescript-host/types.js';
import type { WasiCryptoOptions } from '../../runtime/index.js';
import { random, type Random } from '../abi/calls.js';
import { plannedUnit } from '../generated.js';
import { errnoName, Guest, newMemory, PAGE, type Core } from '../guest/guest.js';
import { projectRoot } from '../shared.js';

export interface FuzzOptions {
  readonly calls: number;
  readonly seed: number;
  /** Told about progress, now and then. */
  readonly onCheckpoint?: ((report: FuzzReport) => void) | undefined;
}

export interface FuzzReport {
  readonly seed: number;
  calls: number;
  contexts: number;
  /** How often each errno was the answer. */
  readonly errnos: Record<string, number>;
  /** Functions that succeeded at least once, of all. */
  readonly succeeded: Set<string>;
  readonly functions: number;
  /** Names of algorithms, in small letters, with which a call succeeded. */
  readonly algorithms: Set<string>;
  /** Bytes of heap in use at each checkpoint, after a collection where `--expose-gc` allows one. */
  readonly heap: number[];
  /** What must not happen: empty is the only good value. */
  readonly failures: string[];
}

const CHECKPOINT = 25_000;
const CALLS_A_CONTEXT = 4_000;
const GREATEST_PAGES = 12;

/** What a guest can call. */
export interface Surface {
  readonly plans: readonly CallPlan[];
  readonly kinds: readonly TypeDecl[];
  readonly errnos: ReadonlySet<number>;
}

/** The functions of shipped definitions. @param folder below `witx/` */
export function surfaceOf(folder: string, errnos: Readonly<Record<string, number>>): Surface {
  const { plans, unit } = plannedUnit(folder, `${projectRoot}witx/${folder}`);
  return {
    plans: [...plans.values()].filter(isPlanned),
    kinds: handleKinds(unit),
    errnos: new Set(Object.values(errnos)),
  };
}

/** Runs one guest after another, until there were enough calls. */
export function fuzz(
  options: FuzzOptions,
  surface: Surface,
  guestOf: (next: Random, report: FuzzReport) => HostileGuest,
): FuzzReport {
  const report: FuzzReport = {
    seed: options.seed,
    calls: 0,
    contexts: 0,
    errnos: {},
    succeeded: new Set(),
    functions: surface.plans.length,
    algorithms: new Set(),
    heap: [],
    failures: [],
  };
  const next = random(options.seed);
  while (report.calls < options.calls && report.failures.length < 10)
    guestOf(next, report).run(Math.min(CALLS_A_CONTEXT, options.calls - report.calls), () =>
      options.onCheckpoint?.(report),
    );
  return report;
}

interface Range {
  readonly start: number;
  readonly end: number;
  /** An output buffer, which `invalid_tag` fills with zeros; otherwise a place for a result. */
  readonly buffer: boolean;
}

/** One guest instance and what it knows. */
export abstract class HostileGuest {
  protected readonly guest: Guest;
  protected readonly report: FuzzReport;
  readonly #surface: Surface;
  readonly #next: Random;
  /** Handles by kind, as far as they were given out; some are stale. */
  readonly #handles = new Map<string, number[]>();
  /** What this call may write to. */
  #writable: Range[] = [];
  #top = 0;
  #scratch = 0;
  /** The size of this call's data. */
  #length = 0;
  /** The algorithm that this call names. */
  #named = '';

  /** @param fill what the owner's random bytes are; undefined: random */
  constructor(
    surface: Surface,
    next: Random,
    report: FuzzReport,
    fill: number | undefined,
    options: Pick<WasiCryptoOptions, 'limits' | 'policy'>,
  ) {
    this.#surface = surface;
    this.#next = next;
    this.report = report;
    report.contexts += 1;
    this.guest = new Guest(
      {
        ...options,
        // The one place where a host calls out during a call: the guest's memory may grow meanwhile.
        random: (bytes) => {
          if (this.chance(3)) this.#grow();
          for (let index = 0; index < bytes.length; index += 1) bytes[index] = fill ?? next();
        },
        onError: (error) =>
          this.fail(
            `reached the error hook: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`,
          ),
      },
      newMemory({ initial: 2, maximum: GREATEST_PAGES }),
    );
  }

  run(calls: number, onCheckpoint: () => void): void {
    for (let count = 0; count < calls && this.report.failures.length < 10; count += 1) {
      if (count % 40 === 0) this.prepare();
      this.#call(this.nextPlan());
      if (this.chance(400)) this.#grow();
      this.report.calls += 1;
      if (this.report.calls % CHECKPOINT === 0) {
        globalThis.gc?.();
        this.report.heap.push(process.memoryUsage().heapUsed + process.memoryUsage().arrayBuffers);
        onCheckpoint();
      }
    }
    this.judgeRun();
    this.guest.host.close();
    const { bytes, handles } = this.guest.host.usage();
    if (bytes !== 0 || handles !== 0) this.fail(`a closed host keeps ${bytes} bytes and ${handles} handles`);
    for (const [kind, known] of this.#handles) {
      for (const handle of known) {
        const close = this.#surface.plans.find((plan) => plan.func.name.wire === `${kind}_close`);
        if (close !== undefined && this.guest.raw(close.func.name.wire, handle) === CryptoErrno.Success)
          this.fail(`${kind} was open after the host was closed`);
      }
    }
  }

  /** Makes objects that random calls would hardly ever put together. */
  protected abstract prepare(): void;

  /** What a string holds. */
  protected abstract text(func: string, param: string): string;

  /** What an input buffer holds. @param length that goes with the other buffers of the call */
  protected abstract content(param: string, length: number): Uint8Array;

  /** Sizes of outputs that some operations take. @param length that goes with the other buffers of the call */
  protected outputSizes(length: number): readonly number[] {
    return [length, length + 16, Math.max(0, length - 16), 16, 32, 64];
  }

  /** Which function is called next. */
  protected nextPlan(): CallPlan {
    return this.choose(this.#surface.plans);
  }

  /** What must hold before the host is closed. */
  protected judgeRun(): void {}

  word(at: number): number {
    return this.bytes().readUInt32LE(at);
  }

  #call(plan: CallPlan): void {
    const name = plan.func.name.wire;
    this.#writable = [];
    this.#top = 64;
    this.#scratch = 8;
    this.#length = this.#next() % 80;
    this.#named = '';
    const core = [
      ...plan.params.flatMap((param) => this.#argument(plan, param)),
      ...plan.outs.map((out) => this.#output(out.pass.size, 1, false)),
    ];
    const before = Buffer.from(this.bytes());
    let errno: number;
    try {
      errno = this.guest.raw(name, ...core);
    } catch (thrown) {
      this.fail(`${name} threw ${thrown instanceof Error ? (thrown.stack ?? thrown.message) : String(thrown)}`, core);
      return;
    }
    if (!this.#surface.errnos.has(errno)) {
      this.fail(`${name} returned ${errno}`, core);
      return;
    }
    const reason = errnoName(errno);
    this.report.errnos[reason] = (this.report.errnos[reason] ?? 0) + 1;
    if (errno === CryptoErrno.InternalError || errno === CryptoErrno.AlgorithmFailure)
      this.fail(`${name} returned ${reason}`, core);
    if (errno === CryptoErrno.Success) {
      this.report.succeeded.add(name);
      this.report.algorithms.add(this.#named.toLowerCase());
    }
    this.#judgeMemory(name, errno, before, core);
    if (errno === CryptoErrno.Success) this.#learn(plan, core);
  }

  /** An error leaves memory as it was, but for outputs zeroed by `invalid_tag`; success writes to outputs only. */
  #judgeMemory(name: string, errno: number, before: Buffer, core: readonly Core[]): void {
    const after = this.bytes();
    if (after.subarray(0, before.length).equals(before)) return;
    if (errno !== CryptoErrno.Success && errno !== CryptoErrno.InvalidTag) {
      this.fail(`${name} changed memory although it returned ${errnoName(errno)}`, core);
      return;
    }
    for (const { start, end, buffer } of this.#writable) {
      if (end > before.length || (errno === CryptoErrno.InvalidTag && !buffer)) continue;
      if (errno === CryptoErrno.InvalidTag && after.subarray(start, end).some((byte) => byte !== 0))
        this.fail(`${name} left output after a failed tag`, core);
      after.copy(before, start, start, end);
    }
    if (!after.subarray(0, before.length).equals(before)) this.fail(`${name} wrote outside its outputs`, core);
  }

  /** Remembers new handles, and keeps some that are stale. */
  #learn(plan: CallPlan, core: readonly Core[]): void {
    const view = new DataView(this.guest.memory.buffer);
    plan.outs.forEach((out, index) => {
      if (out.pass.how !== 'handle') return;
      const known = this.known(out.pass.kind.name.wire);
      known.push(view.getUint32(Number(core[core.length - plan.outs.length + index]) >>> 0, true));
      if (known.length > 8) known.splice(this.#next() % 4, 1);
    });
    const { closes } = membership(plan.func, this.#surface.kinds);
    const [param] = plan.params;
    if (closes && param?.pass.how === 'handle' && !this.chance(4)) {
      const known = this.known(param.pass.kind.name.wire);
      const at = known.indexOf(Number(core[0]) >>> 0);
      if (at >= 0) known.splice(at, 1);
    }
  }

  #argument(plan: CallPlan, param: ParamPlan): readonly Core[] {
    const { pass } = param;
    switch (pass.how) {
      case 'handle':
        return [this.#handle(pass.kind.name.wire)];
      case 'string':
        return this.#input(this.#string(plan.func.name.wire, param.name.wire));
      case 'buffer':
        return pass.access === 'in' ? this.#input(this.content(param.name.wire, this.#length)) : this.#outputBuffer();
      case 'enum':
        return [this.chance(20) ? this.#next() | 0 : this.#next() % pass.cases.length];
      case 'scalar':
        return [this.#number(pass)];
      case 'bool':
        return [this.chance(20) ? this.#next() | 0 : this.#next() % 2];
      case 'list': {
        const { element } = pass;
        if (element.how !== 'handle') throw new Error(`no argument for a list of ${element.how}`);
        const handles = Array.from({ length: this.#next() % 4 }, () => this.#handle(element.kind.name.wire) >>> 0);
        const [at, size] = this.#input(new Uint8Array(Uint32Array.from(handles).buffer));
        return [at, size >> 2];
      }
      case 'option': {
        if (this.chance(40)) return [this.#wild()];
        const at = (this.#scratch += 8);
        const bytes = this.bytes();
        const some = this.chance(3);
        bytes[at] = this.chance(30) ? this.#next() : some ? pass.some.tag : pass.none.tag;
        if (pass.some.pass.how === 'handle')
          bytes.writeUInt32LE(this.#handle(pass.some.pass.kind.name.wire) >>> 0, at + pass.payloadOffset);
        return [at];
      }
      case 'flags':
      case 'address':
      case 'record':
      case 'tuple':
      case 'variant':
        throw new Error(`no argument for ${pass.how}`);
    }
  }

  #handle(kind: string): number {
    const known = this.known(kind);
    if (known.length > 0 && !this.chance(14)) return this.choose(known) | 0;
    if (this.chance(2)) return this.choose(this.known(this.choose(this.#surface.kinds).name.wire), 0) | 0;
    return this.chance(2) ? this.#next() | 0 : this.choose(known, 0x1000_0000) ^ (1 << (this.#next() % 32));
  }

  #number({ scalar }: ScalarPass): Core {
    if (scalar === 'u64' || scalar === 's64')
      return BigInt.asIntN(
        64,
        this.chance(2) ? BigInt(this.#next() % 40) : (BigInt(this.#next()) << 32n) | BigInt(this.#next()),
      );
    return this.chance(3)
      ? this.choose([this.#next() | 0, -1, 0, 0x7fff_ffff, this.#next() % 5000])
      : this.choose([this.#length, this.#next() % 100]);
  }

  #string(func: string, param: string): Uint8Array {
    if (this.chance(25)) return this.noise(this.chance(10) ? 70_000 : this.#next() % 300);
    const text = this.text(func, param);
    this.#named = text;
    return Buffer.from(text);
  }

  protected damaged(bytes: Uint8Array): Uint8Array {
    const copy = Buffer.from(bytes);
    if (this.chance(2)) return copy;
    if (this.chance(3)) return copy.subarray(0, this.#next() % (copy.length + 1));
    if (this.chance(3)) return Buffer.concat([copy, this.noise(this.#next() % 9)]);
    for (let flips = this.#next() % 4; flips >= 0; flips -= 1) {
      const at = this.#next() % copy.length;
      copy[at] = (copy[at] as number) ^ (1 << (this.#next() % 8));
    }
    return copy;
  }

  /** Puts bytes into memory; mostly where they fit. */
  #input(bytes: Uint8Array): readonly [number, number] {
    if (this.chance(60)) return [this.#wild(), this.chance(2) ? bytes.length : this.#next() | 0];
    const memory = this.bytes();
    const at = this.chance(12) ? Math.max(0, memory.length - bytes.length) : this.#top;
    if (at + bytes.length > memory.length) return [at, bytes.length];
    memory.set(bytes, at);
    this.#top = (at + bytes.length + (this.#next() % 9)) % (memory.length - 1_024);
    return [at, bytes.length];
  }

  /** Some outputs lie over an input; most have a size that some operation would take. */
  #outputBuffer(): readonly [number, number] {
    const fitting = this.outputSizes(this.#length);
    const length = this.chance(3)
      ? this.choose([0, 12, 48, this.#next() % 200, this.#next() % 30_000, this.#next() | 0])
      : this.choose(fitting);
    return [this.#output(length, this.chance(6) ? 0 : 1, true), length];
  }

  #output(size: number, advance: 0 | 1, buffer: boolean): number {
    const memory = this.bytes().length;
    const at = this.chance(80) ? this.#wild() : this.#top + size > memory ? 64 : this.#top;
    const start = at >>> 0;
    const end = start + (size >>> 0);
    if (end <= memory) this.#writable.push({ start, end, buffer });
    if (start < memory)
      this.#top = (start + (end <= memory ? (size >>> 0) * advance : 0) + (this.#next() % 5)) % (memory - 1_024);
    return at;
  }

  #wild(): number {
    return (
      this.choose([
        this.#next() | 0,
        -1,
        -4,
        this.bytes().length - (this.#next() % 9),
        this.bytes().length,
        0x7fff_fff0,
        0,
      ]) | 0
    );
  }

  #grow(): void {
    if (this.guest.memory.buffer.byteLength < GREATEST_PAGES * PAGE) this.guest.memory.grow(1);
  }

  protected known(kind: string): number[] {
    const known = this.#handles.get(kind) ?? [];
    this.#handles.set(kind, known);
    return known;
  }

  protected bytes(): Buffer {
    return Buffer.from(this.guest.memory.buffer);
  }

  protected noise(length: number): Uint8Array {
    const bytes = new Uint8Array(length);
    const step = this.#next();
    for (let index = 0; index < length; index += 1) bytes[index] = (Math.imul(index + 1, step) >>> 11) % 192;
    return bytes;
  }

  /** True once in `times`. */
  protected chance(times: number): boolean {
    return this.#next() % times === 0;
  }

  protected choose<T>(from: readonly T[], otherwise?: T): T {
    const chosen = from[this.#next() % Math.max(1, from.length)] ?? otherwise;
    if (chosen === undefined) throw new Error('nothing to choose from');
    return chosen;
  }

  protected fail(what: string, core: readonly Core[] = []): void {
    this.report.failures.push(`call ${this.report.calls}: ${what}${core.length > 0 ? ` (${core.join(', ')})` : ''}`);
  }
}
