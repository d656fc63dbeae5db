/**
 * Costs that must not grow: with live handles, with the size of guest memory, with how much was hashed
 * before, and memory over ten million cycles of opening and closing.
 *
 *   npm run bench:flat                  everything, half a minute
 *   npm run bench:flat -- --cycles 1000000
 */
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { parseArgs } from 'node:util';
import { loadRuntime, type RuntimeModule } from './guest-host.js';
import { KiB, MiB, pattern } from './inputs.js';
import { machine } from './report.js';
import { quick } from './quick.js';
import { measure, type Contestant } from './rounds.js';

const { values: options } = parseArgs({
  options: {
    quick: { type: 'boolean' },
    cycles: { type: 'string', default: quick ? '100' : '10000000' },
    runtime: { type: 'string', default: 'dist' },
  },
});
const runtime: RuntimeModule = await loadRuntime(options.runtime);
const PAGE = 64 * KiB;
const pace = { rounds: 41, milliseconds: 4 };

/** A guest without WebAssembly code, at fixed addresses: what is measured is the host. */
class Caller {
  readonly #functions;
  readonly #view: DataView;
  /** Greatest address that may be used. */
  readonly #end: number;

  constructor(pages: number) {
    const memory = new WebAssembly.Memory({ initial: pages });
    const host = runtime.createWasiCrypto();
    host.attach(memory);
    this.#functions = host.imports.wasi_ephemeral_crypto_symmetric;
    this.#view = new DataView(memory.buffer);
    this.#end = memory.buffer.byteLength;
    const bytes = new Uint8Array(memory.buffer);
    bytes.set(Buffer.from('SHA-256'), 0);
    bytes[8] = 1;
    bytes.set(pattern(64, 1), this.#end - 256);
  }

  open(): number {
    expectSuccess(this.#functions.symmetric_state_open(0, 7, 8, 8, 16));
    return this.#view.getUint32(16, true);
  }

  absorb(state: number): void {
    expectSuccess(this.#functions.symmetric_state_absorb(state, this.#end - 256, 64));
  }

  squeeze(state: number): void {
    expectSuccess(this.#functions.symmetric_state_squeeze(state, this.#end - 32, 32));
  }

  close(state: number): void {
    expectSuccess(this.#functions.symmetric_state_close(state));
  }

  cycle(): void {
    const state = this.open();
    this.absorb(state);
    this.squeeze(state);
    this.close(state);
  }
}

function expectSuccess(errno: number): void {
  if (errno !== 0) throw new Error(`errno ${errno}`);
}

function repeated(name: string, once: () => void): Contestant {
  return {
    name,
    run(count) {
      for (let done = 0; done < count; done += 1) once();
    },
  };
}

/** Medians, and each as a multiple of the first. */
function show(title: string, contestants: readonly Contestant[]): void {
  const baseline = contestants[0]?.name ?? '';
  const rows = measure(contestants, [baseline], pace);
  console.log(
    `${title}: ${rows.map(({ name, nanoseconds, ratios }) => `${name} ${nanoseconds.median.toFixed(0)} ns (${ratios[baseline]?.median.toFixed(2)})`).join(', ')}`,
  );
}

function byLiveHandles(): void {
  show(
    'live handles',
    (quick ? [1, 100] : [1, 100, 10_000, 60_000]).map((live) => {
      const caller = new Caller(2);
      for (let open = 1; open < live; open += 1) caller.open();
      return repeated(String(live), () => caller.cycle());
    }),
  );
}

function byMemory(): void {
  show(
    'guest memory',
    (quick ? [1, 16] : [1, 16, 1024, 16_384]).map((pages) => {
      const caller = new Caller(pages);
      return repeated(pages * PAGE >= MiB ? `${(pages * PAGE) / MiB} MiB` : `${(pages * PAGE) / KiB} KiB`, () =>
        caller.cycle(),
      );
    }),
  );
}

function byMessageCount(): void {
  show(
    'absorbs before on the same state',
    (quick ? [1000] : [1000, 100_000, 1_000_000]).map((before) => {
      const caller = new Caller(2);
      const state = caller.open();
      for (let count = 0; count < before; count += 1) caller.absorb(state);
      return repeated(String(before), () => caller.absorb(state));
    }),
  );
}

/** As many as slots rest after they were freed: from then on they are used again. */
const RESTING = quick ? 100 : 70_000;

/** Memory after all garbage is gone, every tenth of the cycles. */
function byCycles(title: string, cycles: number, run: (count: number) => void): void {
  const sizes: string[] = [];
  run(RESTING);
  for (let part = 0; part <= 10; part += 1) {
    if (part > 0) run(cycles / 10);
    collect();
    const { heapUsed, external } = process.memoryUsage();
    sizes.push(((heapUsed + external) / MiB).toFixed(1));
  }
  console.log(`MiB in use over ${cycles} cycles of ${title}: ${sizes.join(' ')}`);
}

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;

console.log(machine().join('\n'));
const cycles = Number(options.cycles);
const cycler = new Caller(2);
byCycles('open, absorb, squeeze and close', cycles, repeated('', () => cycler.cycle()).run);
// Only now: the tools that make components take a lot of memory themselves.
const { componentLoops } = await import('./boundary-guests.js');
const component = await componentLoops('hybrid', runtime);
component.prepare();
byCycles('open and drop in a component', cycles, (count) => component.opens(count));
byLiveHandles();
byMemory();
byMessageCount();
