/** `npm run fuzz:native -- --calls 1000000 --seed 1`: hostile calls of the native library, for as long as one likes. */
import { parseArgs } from 'node:util';
import { nativeLibrary } from '../../runtime/backends/native/library.js';
import { fuzzNative } from './hostile.js';

const { values } = parseArgs({
  options: { calls: { type: 'string', default: '1000000' }, seed: { type: 'string', default: '1' } },
});
const calls = Number(values.calls);
const seed = Number(values.seed);
if (!Number.isSafeInteger(calls) || calls < 1 || !Number.isSafeInteger(seed))
  throw new Error('--calls and --seed take whole numbers');

const start = performance.now();
const onProgress = (done: number): void => console.log(`${done} calls`);
const report = fuzzNative({ library: nativeLibrary(), calls, seed, onProgress });
const seconds = (performance.now() - start) / 1000;

console.log(`\nseed ${seed}: ${report.calls} calls, ${Math.round(report.calls / seconds)} a second`);
console.log(`${report.compared} results compared with node:crypto`);
console.log(`functions that succeeded at least once: ${report.succeeded.size} of ${report.functions}`);
console.table(report.answers);
for (const failure of report.failures) console.error(failure);
console.log(report.failures.length === 0 ? 'no failures' : `${report.failures.length} failures`);
process.exitCode = report.failures.length === 0 ? 0 : 1;
