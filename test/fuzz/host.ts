/**
 * A guest that means harm: random calls of every function, with wild pointers, lengths near 2^32,
 * stale, foreign and made-up handles, damaged keys, overlapping buffers, and memory that grows between
 * and during calls. What must hold whatever it does is checked after each call.
 */
import { isPlanned, type CallPlan, type ParamPlan } from '../../generator/abi/plan.js';
import { handleKinds, membership } from '../../generator/model/kinds.js';
import type { TypeDecl } from '../../generator/model/model.js';
import { CryptoErrno } from '../../generated/0.10/typescript-host/types.js';
import { random, type Random } from '../abi/calls.js';
import { plannedUnit } from '../generated.js';
import { errnoName, Guest, newMemory, PAGE, type Core } from '../guest/guest.js';
import { numbersOf } from '../guest/uses.js';
import { algorithms, hasSlowKeys, symmetricAlgorithms } from '../registry.js';
import { projectRoot } from '../shared.js';
import { ciphers, exchangeNames, knownKeys, optionNames, signatureNames, symmetricNames } from './known.js';

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
/** Every random byte of some contexts: found in guest memory, it is a secret that got out. */
const MARKER = 0xc7;

/** Those that open a state without a nonce. */
const nonceless = symmetricAlgorithms.filter(({ nonce }) => nonce?.absent !== 'refused');

/** Making an RSA key takes longer than ten thousand other calls. */
const slowSigners = signatureNames.filter((name) => hasSlowKeys(algorithms.signature(name).keys));
const quickSigners = signatureNames.filter((name) => !slowSigners.includes(name));

export function fuzzHost(options: FuzzOptions): FuzzReport {
  const planned = plannedUnit('0.10', `${projectRoot}witx/0.10`);
  const plans = [...planned.plans.values()].filter(isPlanned);
  const next = random(options.seed);
  const report: FuzzReport = {
    seed: options.seed,
    calls: 0,
    contexts: 0,
    errnos: {},
    succeeded: new Set(),
    functions: plans.length,
    algorithms: new Set(),
    heap: [],
    failures: [],
  };
  const kinds = handleKinds(planned.unit);
  const keys = knownKeys();
  while (report.calls < options.calls && report.failures.length < 10) {
    const guest = new HostileGuest(plans, kinds, keys, next, report);
    guest.run(Math.min(CALLS_A_CONTEXT, options.calls - report.calls), () => options.onCheckpoint?.(report));
  }
  return report;
}

interface Range {
  readonly start: number;
  readonly end: number;
  /** An output buffer, which `invalid_tag` fills with zeros; otherwise a place for a result. */
  readonly buffer: boolean;
}

/** One guest instance and what it knows. */
class HostileGuest {
  readonly #plans: readonly CallPlan[];
  /** Those that need no secrets manager, of which these hosts have none. */
  readonly #useful: readonly CallPlan[];
  readonly #kinds: readonly TypeDecl[];
  readonly #keys: readonly Uint8Array[];
  readonly #next: Random;
  readonly #report: FuzzReport;
  readonly #guest: Guest;
  readonly #secret: boolean;
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

  constructor(
    plans: readonly CallPlan[],
    kinds: readonly TypeDecl[],
    keys: readonly Uint8Array[],
    next: Random,
    report: FuzzReport,
  ) {
    this.#plans = plans;
    this.#useful = plans.filter(
      (plan) =>
        !plan.params.some((param) => param.pass.how === 'handle' && param.pass.kind.name.wire === 'secrets_manager'),
    );
    this.#kinds = kinds;
    this.#keys = keys;
    this.#next = next;
    this.#report = report;
    this.#secret = this.#chance(2);
    report.contexts += 1;
    const memory = newMemory({ initial: 2, maximum: GREATEST_PAGES });
    this.#guest = new Guest(
      {
        // Costs of password hashes are among what it chooses.
        limits: { handles: 200, messageBytes: 100_000, callCost: 10_000_000 },
        policy: { unauthenticatedCiphers: true, keyExport: this.#secret ? 'never' : 'unmanaged' },
        // The one place where a host calls out during a call: the guest's memory may grow meanwhile.
        random: (bytes) => {
          if (this.#chance(3)) this.#grow();
          if (this.#secret) bytes.fill(MARKER);
          else for (let index = 0; index < bytes.length; index += 1) bytes[index] = next();
        },
        onError: (error) =>
          this.#fail(
            `reached the error hook: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`,
          ),
      },
      memory,
    );
  }

  run(calls: number, onCheckpoint: () => void): void {
    for (let count = 0; count < calls && this.#report.failures.length < 10; count += 1) {
      if (count % 40 === 0) this.#prepare();
      this.#call(this.#choose(this.#chance(6) ? this.#plans : this.#useful));
      if (this.#chance(400)) this.#grow();
      this.#report.calls += 1;
      if (this.#report.calls % CHECKPOINT === 0) {
        globalThis.gc?.();
        this.#report.heap.push(process.memoryUsage().heapUsed + process.memoryUsage().arrayBuffers);
        onCheckpoint();
      }
    }
    if (this.#secret && this.#bytes().includes(Buffer.alloc(16, MARKER)))
      this.#fail('a secret of the host stands in guest memory');
    this.#guest.host.close();
    const { bytes, handles } = this.#guest.host.usage();
    if (bytes !== 0 || handles !== 0) this.#fail(`a closed host keeps ${bytes} bytes and ${handles} handles`);
    for (const [kind, handles] of this.#handles) {
      for (const handle of handles) {
        const close = this.#plans.find((plan) => plan.func.name.wire === `${kind}_close`);
        if (close !== undefined && this.#guest.raw(close.func.name.wire, handle) === CryptoErrno.Success)
          this.#fail(`${kind} was open after the host was closed`);
      }
    }
  }

  /** Objects that random calls would hardly ever put together: a cipher with key and nonce, a signing state. */
  #prepare(): void {
    const id = this.#choose(ciphers);
    const memory = this.#bytes();
    memory.write(id, 64);
    memory.write('nonce', 100);
    memory.writeUInt8(1, 8);
    this.#guest.raw('symmetric_key_generate', 64, id.length, 8, 32);
    this.#guest.raw('options_open', 1, 36);
    const [key, options] = [this.#word(32), this.#word(36)];
    const nonce = algorithms.symmetric(id).nonce?.minimum ?? 0;
    this.#guest.raw('options_set', options, 100, 5, 110, nonce);
    this.#bytes().fill(0, 8, 24);
    this.#bytes().writeUInt32LE(key, 12);
    this.#bytes().writeUInt32LE(options, 20);
    if (this.#guest.raw('symmetric_state_open', 64, id.length, 8, 16, 40) === CryptoErrno.Success)
      this.#known('symmetric_state').push(this.#word(40));
    this.#guest.raw('symmetric_key_close', key);
    this.#guest.raw('options_close', options);
    this.#prepareNonceless();
    const signer = this.#choose(quickSigners);
    this.#bytes().write(signer, 64);
    this.#bytes().writeUInt8(1, 8);
    if (this.#guest.raw('keypair_generate', 0, 64, signer.length, 8, 32) !== CryptoErrno.Success) return;
    const pair = this.#word(32);
    this.#known('keypair').push(pair);
    if (this.#guest.raw('signature_state_open', pair, 40) === CryptoErrno.Success)
      this.#known('signature_state').push(this.#word(40));
    if (this.#guest.raw('keypair_publickey', pair, 40) === CryptoErrno.Success)
      this.#known('publickey').push(this.#word(40));
  }

  /** A state of anything that needs no nonce, with a key and costs where it needs them. */
  #prepareNonceless(): void {
    const algorithm = nonceless[this.#next() % nonceless.length] as (typeof nonceless)[number];
    const { id, key } = algorithm;
    const memory = this.#bytes();
    memory.write(id, 64);
    this.#guest.raw('options_open', 1, 36);
    const options = this.#word(36);
    for (const [name, value] of Object.entries(numbersOf(algorithm))) {
      memory.write(name, 100);
      this.#guest.raw('options_set_u64', options, 100, name.length, value);
    }
    const keyed =
      key?.required === true &&
      this.#guest.raw('symmetric_key_import', 64, id.length, 128, key.generated ?? key.minimum, 32) ===
        CryptoErrno.Success;
    const handle = this.#word(32);
    this.#bytes().fill(0, 8, 24);
    this.#bytes().writeUInt8(keyed ? 0 : 1, 8);
    this.#bytes().writeUInt32LE(handle, 12);
    this.#bytes().writeUInt32LE(options, 20);
    if (this.#guest.raw('symmetric_state_open', 64, id.length, 8, 16, 40) === CryptoErrno.Success) {
      this.#known('symmetric_state').push(this.#word(40));
      this.#report.algorithms.add(id.toLowerCase());
    }
    this.#guest.raw('options_close', options);
    if (keyed) this.#guest.raw('symmetric_key_close', handle);
  }

  #word(at: number): number {
    return this.#bytes().readUInt32LE(at);
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
    const before = Buffer.from(this.#bytes());
    let errno: number;
    try {
      errno = this.#guest.raw(name, ...core);
    } catch (thrown) {
      this.#fail(`${name} threw ${thrown instanceof Error ? (thrown.stack ?? thrown.message) : String(thrown)}`, core);
      return;
    }
    if (!Number.isInteger(errno) || errno < 0 || errno > CryptoErrno.Expired) {
      this.#fail(`${name} returned ${errno}`, core);
      return;
    }
    const reason = errnoName(errno);
    this.#report.errnos[reason] = (this.#report.errnos[reason] ?? 0) + 1;
    if (errno === CryptoErrno.InternalError || errno === CryptoErrno.AlgorithmFailure)
      this.#fail(`${name} returned ${reason}`, core);
    if (errno === CryptoErrno.Success) {
      this.#report.succeeded.add(name);
      this.#report.algorithms.add(this.#named.toLowerCase());
    }
    this.#judgeMemory(name, errno, before, core);
    if (errno === CryptoErrno.Success) this.#learn(plan, core);
  }

  /** An error leaves memory as it was, but for outputs zeroed by `invalid_tag`; success writes to outputs only. */
  #judgeMemory(name: string, errno: number, before: Buffer, core: readonly Core[]): void {
    const after = this.#bytes();
    if (after.subarray(0, before.length).equals(before)) return;
    if (errno !== CryptoErrno.Success && errno !== CryptoErrno.InvalidTag) {
      this.#fail(`${name} changed memory although it returned ${errnoName(errno)}`, core);
      return;
    }
    for (const { start, end, buffer } of this.#writable) {
      if (end > before.length || (errno === CryptoErrno.InvalidTag && !buffer)) continue;
      if (errno === CryptoErrno.InvalidTag && after.subarray(start, end).some((byte) => byte !== 0))
        this.#fail(`${name} left output after a failed tag`, core);
      after.copy(before, start, start, end);
    }
    if (!after.subarray(0, before.length).equals(before)) this.#fail(`${name} wrote outside its outputs`, core);
  }

  /** Remembers new handles, and keeps some that are stale. */
  #learn(plan: CallPlan, core: readonly Core[]): void {
    const view = new DataView(this.#guest.memory.buffer);
    plan.outs.forEach((out, index) => {
      if (out.pass.how !== 'handle') return;
      const known = this.#known(out.pass.kind.name.wire);
      known.push(view.getUint32(Number(core[core.length - plan.outs.length + index]) >>> 0, true));
      if (known.length > 8) known.splice(this.#next() % 4, 1);
    });
    const { closes } = membership(plan.func, this.#kinds);
    const [param] = plan.params;
    if (closes && param?.pass.how === 'handle' && !this.#chance(4)) {
      const known = this.#known(param.pass.kind.name.wire);
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
        return this.#input(this.#text(plan.func.name.wire, param.name.wire));
      case 'buffer':
        return pass.access === 'in' ? this.#input(this.#content(param.name.wire)) : this.#outputBuffer();
      case 'enum':
        return [this.#chance(20) ? this.#next() | 0 : this.#next() % pass.cases.length];
      case 'scalar':
        return [
          BigInt.asIntN(
            64,
            this.#chance(2) ? BigInt(this.#next() % 40) : (BigInt(this.#next()) << 32n) | BigInt(this.#next()),
          ),
        ];
      case 'option': {
        if (this.#chance(40)) return [this.#wild()];
        const at = (this.#scratch += 8);
        const bytes = this.#bytes();
        const some = this.#chance(3);
        bytes[at] = this.#chance(30) ? this.#next() : some ? pass.some.tag : pass.none.tag;
        if (pass.some.pass.how === 'handle')
          bytes.writeUInt32LE(this.#handle(pass.some.pass.kind.name.wire) >>> 0, at + pass.payloadOffset);
        return [at];
      }
      case 'bool':
      case 'flags':
      case 'address':
      case 'list':
      case 'record':
      case 'tuple':
      case 'variant':
        throw new Error(`no argument for ${pass.how}`);
    }
  }

  #handle(kind: string): number {
    const known = this.#known(kind);
    if (known.length > 0 && !this.#chance(14)) return this.#choose(known) | 0;
    if (this.#chance(2)) return this.#choose(this.#known(this.#choose(this.#kinds).name.wire), 0) | 0;
    return this.#chance(2) ? this.#next() | 0 : this.#choose(known, 0x1000_0000) ^ (1 << (this.#next() % 32));
  }

  #text(func: string, param: string): Uint8Array {
    if (this.#chance(25)) return this.#noise(this.#chance(10) ? 70_000 : this.#next() % 300);
    if (param === 'name') return Buffer.from(this.#choose(optionNames));
    const names = func.startsWith('symmetric') ? symmetricNames : this.#chance(2) ? signatureNames : exchangeNames;
    const quick = func === 'keypair_generate' ? names.filter((each) => !slowSigners.includes(each)) : names;
    const unused = quick.filter((each) => !this.#report.algorithms.has(each.toLowerCase()));
    const name = this.#choose(unused.length > 0 && this.#chance(2) ? unused : quick);
    this.#named = name;
    return Buffer.from(name);
  }

  #content(param: string): Uint8Array {
    if (param === 'encoded' || param === 'encapsulated_secret') return this.#damaged(this.#choose(this.#keys));
    if (param === 'raw' || param === 'value')
      return this.#noise(this.#choose([12, 16, 32, 0, 24, 64, this.#next() % 200]));
    return this.#noise(this.#chance(30) ? this.#next() % 30_000 : this.#length);
  }

  #damaged(bytes: Uint8Array): Uint8Array {
    const copy = Buffer.from(bytes);
    if (this.#chance(2)) return copy;
    if (this.#chance(3)) return copy.subarray(0, this.#next() % (copy.length + 1));
    if (this.#chance(3)) return Buffer.concat([copy, this.#noise(this.#next() % 9)]);
    for (let flips = this.#next() % 4; flips >= 0; flips -= 1) {
      const at = this.#next() % copy.length;
      copy[at] = (copy[at] as number) ^ (1 << (this.#next() % 8));
    }
    return copy;
  }

  /** Puts bytes into memory; mostly where they fit. */
  #input(bytes: Uint8Array): readonly [number, number] {
    if (this.#chance(60)) return [this.#wild(), this.#chance(2) ? bytes.length : this.#next() | 0];
    const memory = this.#bytes();
    const at = this.#chance(12) ? Math.max(0, memory.length - bytes.length) : this.#top;
    if (at + bytes.length > memory.length) return [at, bytes.length];
    memory.set(bytes, at);
    this.#top = (at + bytes.length + (this.#next() % 9)) % (memory.length - 1_024);
    return [at, bytes.length];
  }

  /** Some outputs lie over an input; most have a size that some operation would take. */
  #outputBuffer(): readonly [number, number] {
    const fitting = [this.#length, this.#length + 16, Math.max(0, this.#length - 16), 16, 32, 64];
    const length = this.#chance(3)
      ? this.#choose([0, 12, 48, this.#next() % 200, this.#next() % 30_000, this.#next() | 0])
      : this.#choose(fitting);
    return [this.#output(length, this.#chance(6) ? 0 : 1, true), length];
  }

  #output(size: number, advance: 0 | 1, buffer: boolean): number {
    const memory = this.#bytes().length;
    const at = this.#chance(80) ? this.#wild() : this.#top + size > memory ? 64 : this.#top;
    const start = at >>> 0;
    const end = start + (size >>> 0);
    if (end <= memory) this.#writable.push({ start, end, buffer });
    if (start < memory)
      this.#top = (start + (end <= memory ? (size >>> 0) * advance : 0) + (this.#next() % 5)) % (memory - 1_024);
    return at;
  }

  #wild(): number {
    return (
      this.#choose([
        this.#next() | 0,
        -1,
        -4,
        this.#bytes().length - (this.#next() % 9),
        this.#bytes().length,
        0x7fff_fff0,
        0,
      ]) | 0
    );
  }

  #grow(): void {
    if (this.#guest.memory.buffer.byteLength < GREATEST_PAGES * PAGE) this.#guest.memory.grow(1);
  }

  #known(kind: string): number[] {
    const known = this.#handles.get(kind) ?? [];
    this.#handles.set(kind, known);
    return known;
  }

  #bytes(): Buffer {
    return Buffer.from(this.#guest.memory.buffer);
  }

  #noise(length: number): Uint8Array {
    const bytes = new Uint8Array(length);
    const step = this.#next();
    for (let index = 0; index < length; index += 1) bytes[index] = (Math.imul(index + 1, step) >>> 11) % 192;
    return bytes;
  }

  /** True once in `times`. */
  #chance(times: number): boolean {
    return this.#next() % times === 0;
  }

  #choose<T>(from: readonly T[], otherwise?: T): T {
    const chosen = from[this.#next() % Math.max(1, from.length)] ?? otherwise;
    if (chosen === undefined) throw new Error('nothing to choose from');
    return chosen;
  }

  #fail(what: string, core: readonly Core[] = []): void {
    this.#report.failures.push(`call ${this.#report.calls}: ${what}${core.length > 0 ? ` (${core.join(', ')})` : ''}`);
  }
}
