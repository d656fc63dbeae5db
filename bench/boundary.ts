/**
 * What a call costs, by the way it takes: an import of a core module, an import of a component through
 * `cabiLower`, and one through jco's own trampolines. The guests run the same loops; the runtime behind
 * them is the same. `npm run bench:boundary`; ratios are to the core import.
 */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, posix } from 'node:path';
import { fileURLToPath } from 'node:url';
import asc from 'assemblyscript/asc';
import { createWasiCrypto } from '../dist/runtime/index.js';
import { componentOf, instantiated, type Bindings } from './components.js';
import { machine, ratio, size, time } from './report.js';
import { measure, type Measured, type Pace } from './rounds.js';

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url));
const CORE = 'core import';
const pace: Pace = { rounds: 40, milliseconds: 10 };

/** The exports of `boundary/operations.ts`. */
interface Loops {
  prepare(): void;
  absorbs(count: number, length: number): void;
  opens(count: number): void;
  reads(count: number): void;
}

async function compiled(abi: 'core' | 'component'): Promise<Uint8Array<ArrayBuffer>> {
  const files: Readonly<Record<string, string>> = {
    'guest.ts': `export * from "./operations"; ${abi === 'component' ? 'export { cabi_realloc } from "abi";' : ''}`,
    'operations.ts': readFileSync(here('boundary/operations.ts'), 'utf8'),
    'lib/abi/index.ts': readFileSync(here(`boundary/${abi}.ts`), 'utf8'),
  };
  let wasm = new Uint8Array();
  const { error, stderr } = await asc.main(['guest.ts', '--path', 'lib', '-o', 'guest.wasm', '-O3', '--runtime', 'stub', '--use', 'abort='], {
    readFile: (name) => files[posix.normalize(name)] ?? null,
    writeFile: (_, contents) => void (wasm = Uint8Array.from(contents as Uint8Array)),
    listFiles: () => [],
  });
  if (error !== null) throw new Error(stderr.toString());
  return wasm;
}

async function coreGuest(): Promise<Loops> {
  const host = createWasiCrypto();
  const { instance } = await WebAssembly.instantiate(await compiled('core'), host.imports as unknown as WebAssembly.Imports);
  host.attach(instance);
  return instance.exports as unknown as Loops;
}

const world = `
  export prepare: func();
  export absorbs: func(count: u32, length: u32);
  export opens: func(count: u32);
  export reads: func(count: u32);`;
const component = await componentOf(await compiled('component'), ['symmetric'], world);

async function componentGuest(bindings: Bindings): Promise<Loops> {
  // Through the exports of the component: jco's trampolines leave something behind for every call outside of one.
  return (await instantiated(component, bindings, createWasiCrypto().component, 'absorbs')).exports as Loops;
}

const guests: Readonly<Record<string, Loops>> = {
  [CORE]: await coreGuest(),
  'component, cabiLower': await componentGuest('hybrid'),
  'component, default': await componentGuest('js'),
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
  const contestants = Object.entries(guests).map(([name, loops]) => ({ name, run: (count: number) => run(loops, count) }));
  rows.push({ operation, contestants: measure(contestants, [CORE], pace) });
}

function cell({ name, nanoseconds, ratios }: Measured): string {
  return name === CORE ? time(nanoseconds.median) : `${time(nanoseconds.median)}, ${ratio(ratios[CORE])}`;
}

const head = `| operation | ${Object.keys(guests).join(' | ')} |\n|---|${'---|'.repeat(Object.keys(guests).length)}\n`;
const table = rows.map(({ operation, contestants }) => `| ${operation} | ${contestants.map(cell).join(' | ')} |\n`).join('');
const text = `# What a call costs, by the way it takes\n\n${machine().join('  \n')}  \nMedians of ${pace.rounds} interleaved rounds; after the comma the ratio to a core import, with its quartiles.\n\n${head}${table}`;
const folder = here(`report/node-${process.versions.node.split('.')[0] ?? ''}`);
mkdirSync(folder, { recursive: true });
writeFileSync(join(folder, 'boundary.md'), text);
writeFileSync(join(folder, 'boundary.json'), `${JSON.stringify({ machine: machine(), pace, rows }, undefined, 1)}\n`);
console.log(text);
