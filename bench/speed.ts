/**
 * Guests of this host beside node:crypto, noble and cryptography compiled to WebAssembly.
 *
 *   npm run bench                                     everything: table, JSON and plots in bench/report/
 *   npm run bench -- --only SHA-256 --sizes 64,1024   part of it, printed and not kept
 *   npm run bench -- --against FOLDER                 with the guest on another build of the runtime, too
 */
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { buildComponentGuest, buildGuest } from './build-guest.js';
import { nativeObjection } from '../runtime/backends/native/library.js';
import { contestantsOf, DELIVERED, PLAIN } from './contestants.js';
import { FLOOR, floorOf } from './floor.js';
import { componentGuest, coreGuest, loadRuntime, type MeasuredGuest } from './guest-host.js';
import { sizes } from './inputs.js';
import { quick } from './quick.js';
import { line, machine, WITHOUT_NATIVE, write } from './report.js';
import { measure } from './rounds.js';
import type { Row } from './rows.js';

const { values: options } = parseArgs({
  options: {
    only: { type: 'string', multiple: true },
    sizes: { type: 'string' },
    quick: { type: 'boolean' },
    rounds: { type: 'string', default: '41' },
    milliseconds: { type: 'string', default: '16' },
    runtime: { type: 'string', default: fileURLToPath(new URL('../dist', import.meta.url)) },
    against: { type: 'string' },
  },
});

const pace = { rounds: Number(options.rounds), milliseconds: Number(options.milliseconds) };
const lengths = options.sizes?.split(',').map(Number) ?? (quick ? [64] : sizes);
const module = new WebAssembly.Module(Uint8Array.from(await buildGuest()));
const runtime = await loadRuntime(options.runtime);
const core = coreGuest(module, runtime);
const rows: Row[] = [];

/** The first one is what all others are multiples of. */
const guests: readonly MeasuredGuest[] = [
  core,
  ...(quick ? [] : [await componentGuest(await buildComponentGuest(), runtime)]),
  ...(nativeObjection() === undefined ? [coreGuest(module, runtime, WITHOUT_NATIVE, 'off')] : []),
  ...(options.against === undefined
    ? []
    : [coreGuest(module, await loadRuntime(options.against), 'guest, other build')]),
];

console.log(machine().join('\n'));
/** A host that has only hashed so far hashes faster than one in which V8 has met every kind of object: nothing is measured before that. */
const WARM_UP_RUNS = quick ? 1 : 2000;
for (const guest of guests) {
  for (const { name, sized } of core.operations()) guest.contestant(name, sized ? 64 : 0)?.run(WARM_UP_RUNS);
}
for (const { name, sized } of core.operations()) {
  if (options.only !== undefined && !options.only.some((part) => name.includes(part))) continue;
  for (const length of sized ? lengths : [0]) {
    const ofGuests = guests.flatMap((guest) => guest.contestant(name, length) ?? []);
    const floor = floorOf(name, length);
    const contestants = [...ofGuests, ...contestantsOf(name, length), ...(floor === undefined ? [] : [floor])];
    const row = {
      operation: name,
      bytes: length,
      contestants: measure(contestants, [PLAIN, DELIVERED, 'guest', FLOOR], pace),
    };
    rows.push(row);
    console.log(line(row));
  }
}
if (!quick && options.only === undefined && options.sizes === undefined && options.against === undefined)
  console.log(`written: ${write(rows, pace)}`);
