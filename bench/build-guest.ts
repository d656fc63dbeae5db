/** Compiles the portable guest: `bench/guest/dist/guest.wasm`. Alone: `npm run bench:guest`. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import asc from 'assemblyscript/asc';
import { expectedModule } from './inputs.js';
import { quick } from './quick.js';

const root = fileURLToPath(new URL('../', import.meta.url));
const bindings = 'generated/0.10/assemblyscript-guest';
const dist = 'bench/guest/dist';
mkdirSync(root + dist, { recursive: true });

/** The compiled guest, with the keys of this process. */
export function buildGuest(): Promise<Uint8Array> {
  writeExpected();
  return (built ??= compileGuest('bench/guest/index.ts', 'core', 'guest.wasm'));
}

let built: Promise<Uint8Array> | undefined;

/** The core module of the guest as a component: its calls are those of 0.11, the rest is the same source. */
export async function buildComponentGuest(): Promise<Uint8Array> {
  writeExpected();
  return compileGuest('bench/guest/component/index.ts', 'component', 'component.wasm');
}

function writeExpected(): void {
  writeFileSync(`${root}${dist}/expected.ts`, expectedModule());
}

/** @param calls where the guest's `calls/…` are found: those of 0.10, or those of 0.11 in their place */
export async function compileGuest(entry: string, calls: 'core' | 'component', name: string): Promise<Uint8Array> {
  const output = `${dist}/${name}`;
  const paths = ['--path', `bench/guest/${calls}`, '--path', bindings];
  const { error, stderr } = await asc.main([
    entry,
    '--baseDir',
    root,
    ...paths,
    '-o',
    output,
    ...(quick ? [] : ['-O3']),
    '--runtime',
    'stub',
    '--use',
    'abort=',
  ]);
  const said = stderr.toString();
  if (error !== null) throw new Error(`asc: ${said}`);
  if (said !== '') process.stderr.write(said);
  return readFileSync(root + output);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const { length } = await buildGuest();
  console.log(`bench/guest/dist/guest.wasm: ${length} bytes`);
}
