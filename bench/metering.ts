/**
 * `npm run bench:metering`: what it costs that a host counts memory and work, and what a listener to its calls costs. Whole processes in turns, each with a copy of the built
 * runtime of its own: one as it is, an identical one, which is the control, one whose accounts count nothing, and one with a listener.
 * CPU time of the process, medians of what the rounds' ratios to the first are.
 */
import { execFileSync } from 'node:child_process';
import { appendFileSync, cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { coreGuest, loadRuntime } from './guest-host.js';
import { quick } from './quick.js';
import { machine } from './report.js';

const root = fileURLToPath(new URL('../', import.meta.url));
const guestFile = join(root, 'bench/guest/dist/guest.wasm');
const [operation, length] = ['HMAC/SHA-256', 64];
const RUNS = quick ? 200 : 200_000;
const ROUNDS = quick ? 2 : 15;
const kinds = ['metered', 'control', 'inert', 'listener'] as const;
type Kind = (typeof kinds)[number];

const child = process.argv.indexOf('--child');
if (child < 0) await compare();
else await time(process.argv[child + 1] as Kind, process.argv[child + 2] as string);

/** In a process of its own: nanoseconds of CPU time that one run of the operation takes. */
async function time(kind: Kind, folder: string): Promise<void> {
  const runtime = await loadRuntime(folder);
  const module = new WebAssembly.Module(readFileSync(guestFile));
  let calls = 0;
  const options = kind === 'listener' ? { onEvent: () => void (calls += 1) } : {};
  const host = runtime.createWasiCrypto(options);
  const timed = coreGuest(module, { ...runtime, createWasiCrypto: () => host }).contestant(operation, length);
  if (timed === undefined) throw new Error(`the guest has no ${operation}`);
  timed.run(RUNS);
  const before = process.cpuUsage();
  timed.run(RUNS);
  const { user, system } = process.cpuUsage(before);
  if (host.usage().cost > 0 === (kind === 'inert')) throw new Error(`${kind}: not what it should be`);
  if (calls > 0 !== (kind === 'listener')) throw new Error(`${kind}: ${calls} calls were told`);
  console.log((1000 * (user + system)) / RUNS);
}

async function compare(): Promise<void> {
  // Its compiler is not for the processes that are timed.
  const { buildGuest } = await import('./build-guest.js');
  await buildGuest();
  mkdirSync(join(root, '.tmp'), { recursive: true });
  // Inside of the project, so that packages are found.
  const folder = mkdtempSync(join(root, '.tmp/metering-'));
  try {
    for (const kind of kinds) cpSync(join(root, 'dist/runtime'), join(folder, kind, 'runtime'), { recursive: true });
    stopCounting(join(folder, 'inert/runtime'));
    const times = new Map<Kind, number[]>(kinds.map((kind) => [kind, []]));
    for (let round = 0; round < ROUNDS; round += 1) {
      for (let turn = 0; turn < kinds.length; turn += 1) {
        const kind = kinds[(round + turn) % kinds.length] as Kind;
        const args = ['--import', 'tsx', 'bench/metering.ts', '--child', kind, join(folder, kind)];
        const said = execFileSync(process.execPath, [...args, ...(quick ? ['--quick'] : [])], { cwd: root });
        times.get(kind)?.push(Number(said.toString()));
      }
    }
    report(times);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** Makes the accounts of a copy do nothing. */
function stopCounting(runtime: string): void {
  const files = readdirSync(runtime).filter((file) => /^shared-.*\.js$/.test(file));
  const file = files.find((each) => readFileSync(join(runtime, each), 'utf8').includes('var Account = class'));
  if (file === undefined) throw new Error('the bundle has no accounts');
  const methods = ['charge', 'spend', 'requireLeft', 'giveBack', 'take', 'open', 'close'];
  const inert = `for (const name of ${JSON.stringify(methods)}) Account.prototype[name] = () => {};`;
  appendFileSync(join(runtime, file), `\n${inert}\nMeter.prototype.begin = () => {};\n`);
}

function report(times: ReadonlyMap<Kind, readonly number[]>): void {
  const metered = times.get('metered') ?? [];
  console.log(machine().join('\n'));
  console.log(`${operation}, ${length} bytes, ${RUNS} runs a process, ${ROUNDS} rounds`);
  for (const [kind, each] of times) {
    const ratios = each.map((time, round) => time / (metered[round] as number));
    const [low, middle, high] = [0.25, 0.5, 0.75].map((part) => quantile(ratios, part).toFixed(3));
    console.log(`${kind}: ${quantile(each, 0.5).toFixed(0)} ns, ${middle} (${low}–${high}) of metered`);
  }
}

function quantile(values: readonly number[], part: number): number {
  return values.toSorted((left, right) => left - right)[Math.floor(part * (values.length - 1) + 0.5)] as number;
}
