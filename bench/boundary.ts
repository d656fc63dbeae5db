/**
 * What a call costs, by the way it takes: an import of a core module, an import of a component through
 * `cabiLower`, and one through jco's own trampolines. The guests run the same loops; the runtime behind
 * them is the same. `npm run bench:boundary`; ratios are to the core import.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { componentLoops, coreLoops, type Loops } from './boundary-guests.js';
import { loadRuntime } from './guest-host.js';
import { quick } from './quick.js';
import { machine } from './report.js';
import { measure, type Measured, type Pace } from './rounds.js';
import { ratio, size, time } from './rows.js';

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url));
const CORE = 'core import';
const pace: Pace = { rounds: 40, milliseconds: 10 };

const runtime = await loadRuntime(here('../dist'));
const guests: Readonly<Record<string, Loops>> = {
  [CORE]: await coreLoops(runtime),
  'component, cabiLower': await componentLoops('hybrid', runtime),
  'component, default': await componentLoops('js', runtime),
};
for (const loops of Object.values(guests)) loops.prepare();

const operations: Readonly<Record<string, (loops: Loops, count: number) => void>> = {
  'read a length': (loops, count) => loops.reads(count),
  [`absorb ${size(64)}`]: (loops, count) => loops.absorbs(count, 64),
  [`absorb ${size(65_536)}`]: (loops, count) => loops.absorbs(count, 65_536),
  'open and close a state': (loops, count) => loops.opens(count),
};

const rows: { readonly operation: string; readonly contestants: readonly Measured[] }[] = [];
for (const [operation, run] of Object.entries(operations)) {
  const contestants = Object.entries(guests).map(([name, loops]) => ({
    name,
    run: (count: number) => run(loops, count),
  }));
  rows.push({ operation, contestants: measure(contestants, [CORE], pace) });
}

function cell({ name, nanoseconds, ratios }: Measured): string {
  return name === CORE ? time(nanoseconds.median) : `${time(nanoseconds.median)}, ${ratio(ratios[CORE])}`;
}

const head = `| operation | ${Object.keys(guests).join(' | ')} |\n|---|${'---|'.repeat(Object.keys(guests).length)}\n`;
const table = rows
  .map(({ operation, contestants }) => `| ${operation} | ${contestants.map(cell).join(' | ')} |\n`)
  .join('');
const text = `# What a call costs, by the way it takes\n\n${machine().join('  \n')}  \nMedians of ${pace.rounds} interleaved rounds; after the comma the ratio to a core import, with its quartiles.\n\n${head}${table}`;
const folder = here(`report/node-${process.versions.node.split('.')[0] ?? ''}`);
if (!quick) {
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'boundary.md'), text);
  writeFileSync(join(folder, 'boundary.json'), `${JSON.stringify({ machine: machine(), pace, rows }, undefined, 1)}\n`);
}
console.log(text);
