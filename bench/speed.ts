/**
 * Guests of this host beside node:crypto, noble and cryptography compiled to WebAssembly.
 *
 *   npm run bench                                     everything: table, JSON and plots in bench/report/
 *   npm run bench -- --only SHA-256 --sizes 64,1024   part of it, printed and not kept
 *   npm run bench -- --against FOLDER                 with the guest on another build of the runtime, too
 */
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { buildGuest } from './build-guest.js';
import { contestantsOf, DELIVERED, PLAIN } from './contestants.js';
import { BenchGuest, loadRuntime } from './guest-host.js';
import { sizes } from './inputs.js';
import { line, machine, write, type Row } from './report.js';
import { measure, type Contestant } from './rounds.js';

const { values: options } = parseArgs({
  options: {
    only: { type: 'string', multiple: true },
    sizes: { type: 'string' },
    rounds: { type: 'string', default: '41' },
    milliseconds: { type: 'string', default: '8' },
    runtime: { type: 'string', default: fileURLToPath(new URL('../dist', import.meta.url)) },
    against: { type: 'string' },
  },
});

const pace = { rounds: Number(options.rounds), milliseconds: Number(options.milliseconds) };
const lengths = options.sizes?.split(',').map(Number) ?? sizes;
const guest = await guests();
const rows: Row[] = [];

console.log(machine().join('\n'));
for (const operation of guest.main.operations()) {
  if (options.only !== undefined && !options.only.some((part) => operation.name.includes(part))) continue;
  for (const length of operation.sized ? lengths : [0]) {
    const contestants: Contestant[] = [guest.main.contestant(operation, length)];
    if (guest.other !== undefined) contestants.push(guest.other.contestant(operation, length));
    contestants.push(...contestantsOf(operation.name, length));
    const row = { operation: operation.name, bytes: length, contestants: measure(contestants, [PLAIN, DELIVERED, 'guest'], pace) };
    rows.push(row);
    console.log(line(row));
  }
}
if (options.only === undefined && options.sizes === undefined && options.against === undefined) console.log(`written: ${write(rows, pace)}`);

async function guests(): Promise<{ readonly main: BenchGuest; readonly other: BenchGuest | undefined }> {
  const module = new WebAssembly.Module(Uint8Array.from(await buildGuest()));
  const main = new BenchGuest(module, await loadRuntime(options.runtime));
  const other = options.against === undefined ? undefined : new BenchGuest(module, await loadRuntime(options.against), 'guest, other build');
  return { main, other };
}
