// Compiles the primitives of our own into `primitives.wasm` of a compiled runtime: `node .compile-primitives.mjs dist`.
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import asc from 'assemblyscript/asc';

const { error, stderr } = await asc.main([
  'runtime/backends/webassembly/assembly/index.ts',
  ...['--baseDir', fileURLToPath(new URL('.', import.meta.url))],
  ...['-o', join(process.argv[2] ?? 'dist', 'runtime/primitives.wasm')],
  ...['-O3', '--runtime', 'stub', '--noAssert', '--enable', 'simd', '--memoryBase', '1024'],
]);
if (error !== null) {
  process.stderr.write(`${stderr}${error.message}\n`);
  process.exitCode = 1;
}
