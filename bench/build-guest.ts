/** Compiles the portable guest: `bench/guest/dist/guest.wasm`. Alone: `npm run bench:guest`. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import asc from 'assemblyscript/asc';
import { expectedModule } from './inputs.js';

const root = fileURLToPath(new URL('../', import.meta.url));
const output = 'bench/guest/dist/guest.wasm';

/** The compiled guest, with the keys of this process. */
export async function buildGuest(): Promise<Uint8Array> {
  mkdirSync(`${root}bench/guest/dist`, { recursive: true });
  writeFileSync(`${root}bench/guest/dist/expected.ts`, expectedModule());
  const { error, stderr } = await asc.main([
    'bench/guest/index.ts', '--baseDir', root, '--path', 'generated/0.10/assemblyscript-guest', '-o', output,
    '-O3', '--runtime', 'stub', '--use', 'abort=',
  ]);
  const said = stderr.toString();
  if (error !== null) throw new Error(`asc: ${said}`);
  if (said !== '') process.stderr.write(said);
  return readFileSync(root + output);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const { length } = await buildGuest();
  console.log(`${output}: ${length} bytes`);
}
