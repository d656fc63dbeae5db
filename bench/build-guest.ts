/** Compiles the portable guest: `bench/guest/dist/guest.wasm`. Alone: `npm run bench:guest`. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import asc from 'assemblyscript/asc';
import { expectedModule } from './inputs.js';

const root = fileURLToPath(new URL('../', import.meta.url));
const bindings = 'generated/0.10/assemblyscript-guest';

/** The compiled guest, with the keys of this process. */
export async function buildGuest(): Promise<Uint8Array> {
  return compile('bench/guest/index.ts', ['bench/guest/core', bindings], 'bench/guest/dist/guest.wasm');
}

/** The core module of the guest as a component: its calls are those of 0.11, the rest is the same source. */
export async function buildComponentGuest(): Promise<Uint8Array> {
  return compile('bench/guest/component/index.ts', ['bench/guest/component', bindings], 'bench/guest/dist/component.wasm');
}

async function compile(entry: string, paths: readonly string[], output: string): Promise<Uint8Array> {
  mkdirSync(`${root}bench/guest/dist`, { recursive: true });
  writeFileSync(`${root}bench/guest/dist/expected.ts`, expectedModule());
  const { error, stderr } = await asc.main([
    entry, '--baseDir', root, ...paths.flatMap((path) => ['--path', path]), '-o', output, '-O3', '--runtime', 'stub', '--use', 'abort=',
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
