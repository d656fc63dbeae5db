/**
 * A component that means harm: random calls of every function with plausible, stale and made-up
 * handles, damaged core values and arguments, and an allocator that moves memory, hands out the same
 * block twice, or calls its host. What must hold whatever it does is checked after each call.
 */
import { relayComponent, type RelayComponent, type RelayGuest } from '../components-relay/relay.js';
import { createWasiCrypto, type WasiCrypto } from '../../runtime/index.js';
import type { CanonicalPlan, CanonicalPass } from '../../generator/abi/plan.js';
import { random, type Random } from '../abi/calls.js';
import type { Core } from '../abi/canonical/interpret.js';
import { withHandles } from '../abi/canonical/values.js';
import { projectRoot } from '../shared.js';
import { chance, choose, Plausible } from './component-arguments.js';

export interface ComponentFuzzOptions {
  readonly calls: number;
  readonly seed: number;
  /** Told about progress, now and then. */
  readonly onCheckpoint?: ((report: ComponentFuzzReport) => void) | undefined;
}

export interface ComponentFuzzReport {
  readonly seed: number;
  calls: number;
  contexts: number;
  instances: number;
  /** How often each errno was the answer, `trap` among them. */
  readonly errnos: Record<string, number>;
  /** Functions that succeeded at least once, of all. */
  readonly succeeded: Set<string>;
  functions: number;
  /** Bytes of heap in use at each checkpoint, after a collection where `--expose-gc` allows one. */
  readonly heap: number[];
  /** What must not happen: empty is the only good value. */
  readonly failures: string[];
}

const CHECKPOINT = 25_000;
const CALLS_A_CONTEXT = 1_500;
const HANDLES = 600;
const GREATEST_BYTES = 12 * 65_536;
/** Every random byte of some contexts: found in guest memory, it is a secret that got out. */
const MARKER = 0xc7;

/** `calm` guests damage nothing, so that what they hold can be counted. */
type Temper = 'wild' | 'secretive' | 'calm';

export async function fuzzComponent(options: ComponentFuzzOptions): Promise<ComponentFuzzReport> {
  const component = await relayComponent(`${projectRoot}witx/0.11`, { bindings: 'hybrid' });
  const next = random(options.seed);
  const report: ComponentFuzzReport = {
    seed: options.seed,
    calls: 0,
    contexts: 0,
    instances: 0,
    errnos: {},
    succeeded: new Set(),
    functions: 0,
    heap: [],
    failures: [],
  };
  while (report.calls < options.calls && report.failures.length < 10) {
    const temper = (['wild', 'secretive', 'calm'] as const)[report.contexts % 3] as Temper;
    const guest = new HostileComponent(component, temper, next, report);
    guest.use(Math.min(CALLS_A_CONTEXT, options.calls - report.calls), () => options.onCheckpoint?.(report));
  }
  return report;
}

interface Range {
  readonly start: number;
  readonly end: number;
}

/** One host and the component before it, which is made anew after each trap. */
class HostileComponent {
  readonly #component: RelayComponent;
  readonly #temper: Temper;
  readonly #next: Random;
  readonly #report: ComponentFuzzReport;
  readonly #crypto: WasiCrypto;
  readonly #plausible: Plausible;
  #guest: RelayGuest;
  /** What the allocator has handed out in this call. */
  #blocks: Range[] = [];
  /** Whether it did so as no allocator may. */
  #misbehaved = false;

  constructor(component: RelayComponent, temper: Temper, next: Random, report: ComponentFuzzReport) {
    this.#component = component;
    this.#temper = temper;
    this.#next = next;
    this.#report = report;
    report.contexts += 1;
    this.#crypto = createWasiCrypto({
      limits: { handles: HANDLES, messageBytes: 100_000 },
      policy: temper === 'secretive' ? { keyExport: 'never' } : {},
      random: (bytes) => {
        if (temper === 'secretive') bytes.fill(MARKER);
        else for (let index = 0; index < bytes.length; index += 1) bytes[index] = next();
      },
      onError: (error) =>
        this.#fail(
          `reached the error hook: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`,
        ),
    });
    this.#plausible = new Plausible(next, temper !== 'calm');
    this.#guest = this.#instance();
    report.functions = this.#guest.plans.size;
  }

  /** Many calls in one call of the component: between those of its own jco keeps something of each. */
  use(calls: number, onCheckpoint: () => void): void {
    let left = calls;
    while (left > 0 && this.#report.failures.length < 10) {
      this.#guest.run(() => {
        this.#plausible.prepare(this.#guest);
        for (let trapped = false; left > 0 && !trapped; left -= 1) {
          trapped = !this.#call();
          if (this.#report.calls % 40 === 0 && !trapped) this.#plausible.prepare(this.#guest);
          this.#report.calls += 1;
          if (this.#report.calls % CHECKPOINT === 0) this.#checkpoint(onCheckpoint);
        }
      });
      if (left > 0) this.#guest = this.#instance();
    }
    if (this.#temper === 'secretive' && Buffer.from(this.#guest.memory.buffer).includes(Buffer.alloc(16, MARKER)))
      this.#fail('a secret of the host stands in guest memory');
    if (this.#temper === 'calm') this.#requireBalance();
    this.#crypto.close();
    this.#requireClosed();
    const { bytes, handles } = this.#crypto.usage();
    if (bytes !== 0 || handles !== 0) this.#fail(`a closed host keeps ${bytes} bytes and ${handles} handles`);
  }

  #checkpoint(onCheckpoint: () => void): void {
    globalThis.gc?.();
    this.#report.heap.push(process.memoryUsage().heapUsed + process.memoryUsage().arrayBuffers);
    onCheckpoint();
  }

  #instance(): RelayGuest {
    const guest = this.#component.instantiate(this.#crypto.component);
    guest.realloc = (_old, _oldSize, align, size) => this.#allocate(align, size);
    this.#plausible.forget();
    this.#report.instances += 1;
    return guest;
  }

  /** Makes a call; false if it trapped. */
  #call(): boolean {
    const guest = this.#guest;
    const plan = this.#plausible.function([...guest.plans.values()]);
    guest.reset();
    this.#blocks = [];
    this.#misbehaved = false;
    const args = plan.params.map(({ pass, name }) => this.#plausible.value(plan, pass, name.wire));
    const core = [...guest.values.lowerParams(plan, args)];
    const damaged = this.#temper !== 'calm' && this.#damage(plan, core);
    const area = this.#area(plan);
    const result = { start: area >>> 0, end: (area >>> 0) + (plan.result?.pass.size ?? 0) };
    const before = Buffer.from(guest.memory.buffer.slice(0));
    const what = `${plan.wire}(${[...core, area].join(', ')})`;
    try {
      guest.core[plan.wire]?.(...core, area);
    } catch (thrown) {
      if (!(thrown instanceof WebAssembly.RuntimeError))
        this.#fail(`${what} threw ${thrown instanceof Error ? (thrown.stack ?? thrown.message) : String(thrown)}`);
      if (this.#temper === 'calm') this.#fail(`${what} trapped: ${String(thrown)}`);
      this.#count('trap');
      this.#judgeMemory(what, before, [result, ...this.#blocks]);
      return false;
    }
    this.#judgeMemory(what, before, [result, ...this.#blocks]);
    this.#judgeResult(plan, what, area);
    // What was given away is gone, whatever the guest was told.
    if (!damaged)
      plan.params.forEach(({ pass }, index) =>
        withHandles(
          pass,
          args[index],
          (handle, ownership, kind) => ownership === 'own' && this.#plausible.gone(kind, handle as number),
        ),
      );
    return this.#dropSome();
  }

  #judgeResult(plan: CanonicalPlan, what: string, area: number): void {
    // What its allocator did, the guest has to bear: a block may lie over the result.
    if (this.#misbehaved) return this.#plausible.forget();
    const pass = plan.result?.pass as CanonicalPass;
    const bytes = new Uint8Array(this.#guest.memory.buffer);
    if (bytes[area] === 0) {
      this.#count('success');
      this.#report.succeeded.add(plan.wire);
      const value = this.#guest.values.load(pass, area);
      withHandles(pass, value, (handle, _ownership, kind) => this.#plausible.learn(kind, handle as number));
      const wanted = listsIn(pass, value);
      if (this.#blocks.length !== wanted)
        this.#fail(`${what} allocated ${this.#blocks.length} blocks for a result of ${wanted}`);
      return;
    }
    const { tag, val } = this.#guest.values.load(pass, area) as {
      readonly tag: string;
      readonly val: { readonly tag: string };
    };
    if (tag !== 'err') this.#fail(`${what} returned ${tag}`);
    this.#count(val.tag);
    if (val.tag === 'success' || val.tag === 'internal-error' || val.tag === 'algorithm-failure')
      this.#fail(`${what} returned ${val.tag}`);
    if (this.#blocks.length > 0) this.#fail(`${what} returned ${val.tag}, but allocated`);
  }

  /** Nothing is written but the result, and blocks that were allocated for it. */
  #judgeMemory(what: string, before: Buffer, written: readonly Range[]): void {
    const after = Buffer.from(this.#guest.memory.buffer.slice(0, before.length));
    for (const { start, end } of written)
      if (start < before.length) after.copy(before, start, start, Math.min(end, before.length));
    if (!after.equals(before)) this.#fail(`${what} wrote elsewhere`);
  }

  /** Where the result goes: mostly where it can. */
  #area(plan: CanonicalPlan): number {
    const { size, align } = plan.result?.pass as CanonicalPass;
    const area = this.#guest.allocate(size + 1, align);
    if (this.#temper === 'calm' || !chance(this.#next, 150)) return area;
    const end = this.#guest.memory.buffer.byteLength;
    return choose(this.#next, [-1, -4, end - (this.#next() % 32), end, 0, area + 1]);
  }

  /** Changes core values, or what they point to. */
  #damage(plan: CanonicalPlan, core: Core[]): boolean {
    let done = false;
    if (core.length > 0 && chance(this.#next, 12)) {
      const at = this.#next() % core.length;
      core[at] =
        plan.imported.params[at]?.type === 'i64' ? BigInt.asIntN(64, BigInt(this.#next()) << 31n) : this.#wild();
      done = true;
    }
    const used = this.#guest.top - FIRST;
    if (used > 0 && chance(this.#next, 15)) {
      const view = new DataView(this.#guest.memory.buffer);
      const at = FIRST + (this.#next() % used);
      if (chance(this.#next, 2)) view.setUint8(at, this.#next());
      else view.setInt32(at & ~3, this.#wild(), true);
      done = true;
    }
    return done;
  }

  #wild(): number {
    const size = this.#guest.memory.buffer.byteLength;
    return (
      choose(this.#next, [
        this.#next() | 0,
        -1,
        -4,
        size - (this.#next() % 9),
        size,
        0x7fff_fff0,
        0x1000_0000,
        0,
        1,
        this.#next() % 40,
        -0x8000_0000 + (this.#next() % 9),
      ]) | 0
    );
  }

  #allocate(align: number, size: number): number {
    const { memory } = this.#guest;
    if (chance(this.#next, 3) && memory.buffer.byteLength < GREATEST_BYTES) memory.grow(chance(this.#next, 3) ? 1 : 0);
    const start =
      this.#temper !== 'calm' && chance(this.#next, 40) ? this.#misallocate(align) : this.#guest.allocate(size, align);
    this.#blocks.push({ start: start >>> 0, end: (start >>> 0) + size });
    return start;
  }

  /** What an allocator must not do. */
  #misallocate(align: number): number {
    this.#misbehaved = true;
    const size = this.#guest.memory.buffer.byteLength;
    const [last] = this.#blocks;
    return choose<() => number>(this.#next, [
      () => {
        throw new Error('out of memory');
      },
      () => -1,
      () => size - 1,
      () => size,
      () => FIRST + align * (this.#next() % 64),
      () => FIRST + 1,
      () => last?.start ?? FIRST,
      () => {
        this.#plausible.dropAny(this.#guest);
        return FIRST;
      },
      () => {
        this.#guest.core['options-open']?.(1, FIRST);
        return FIRST;
      },
    ])();
  }

  /** False if it trapped: a damaged call can have given away what this guest takes for its own. */
  #dropSome(): boolean {
    if (!chance(this.#next, 10)) return true;
    try {
      this.#plausible.dropAny(this.#guest);
      return true;
    } catch (thrown) {
      if (this.#temper === 'calm' || !(thrown instanceof WebAssembly.RuntimeError)) throw thrown;
      return false;
    }
  }

  /** All that the guest holds can be dropped, and then there is room for as much as at the beginning. */
  #requireBalance(): void {
    const guest = this.#guest;
    guest.run(() => {
      this.#plausible.dropAll(guest);
      for (let count = 0; count < HANDLES; count += 1) {
        const { tag } = guest.call('options-open', 'symmetric') as { readonly tag: string };
        if (tag !== 'ok') return this.#fail(`handles leaked: there is room for ${count} in place of ${HANDLES}`);
      }
    });
  }

  /** A host that was closed has nothing left for anybody. */
  #requireClosed(): void {
    const guest = this.#guest;
    const errnoOf = (name: string, ...args: readonly unknown[]): string => {
      const { tag, val } = guest.call(name, ...args) as {
        readonly tag: string;
        readonly val: { readonly tag: string };
      };
      return tag === 'ok' ? 'success' : val.tag;
    };
    guest.run(() => {
      if (errnoOf('options-open', 'symmetric') !== 'invalid-handle') this.#fail('a closed host opened options');
      for (const [kind, handle] of this.#plausible.held) {
        if (guest.plans.has(`${kind}-close`) && errnoOf(`${kind}-close`, handle) === 'success')
          this.#fail(`${kind} was open after the host was closed`);
      }
    });
  }

  #count(errno: string): void {
    this.#report.errnos[errno] = (this.#report.errnos[errno] ?? 0) + 1;
  }

  #fail(what: string): void {
    this.#report.failures.push(`call ${this.#report.calls}: ${what}`);
  }
}

/** Where the arguments of a call begin. */
const FIRST = 4096;

/** How many blocks a result is made of. */
function listsIn(pass: CanonicalPass, value: unknown): number {
  switch (pass.how) {
    case 'list':
      return (
        1 +
        (value instanceof Uint8Array
          ? 0
          : (value as readonly unknown[]).reduce<number>((sum, each) => sum + listsIn(pass.element, each), 0))
      );
    case 'tuple':
      return pass.parts.reduce((sum, item, index) => sum + listsIn(item.pass, (value as readonly unknown[])[index]), 0);
    case 'variant':
    case 'result': {
      const { tag, val } = value as { readonly tag: string; readonly val?: unknown };
      const payload = pass.cases.find((each) => each.name.wire === tag)?.pass;
      return payload === undefined ? 0 : listsIn(payload, val);
    }
    case 'scalar':
    case 'bool':
    case 'enum':
    case 'flags':
    case 'handle':
    case 'string':
    case 'record':
    case 'option':
      return 0;
  }
}
