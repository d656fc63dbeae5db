/** `npm run fuzz:component -- --calls 1000000 --seed 1`: the hostile component, for as long as one likes. */
import { parseArgs } from 'node:util';
import { fuzzComponent } from './component.js';

const { values } = parseArgs({
  options: { calls: { type: 'string', default: '200000' }, seed: { type: 'string', default: '1' } },
});
const calls = Number(values.calls);
const seed = Number(values.seed);
if (!Number.isSafeInteger(calls) || calls < 1 || !Number.isSafeInteger(seed))
  throw new Error('--calls and --seed take whole numbers');

const megabytes = (bytes: number): string => `${(bytes / 2 ** 20).toFixed(1)} MiB`;
const start = performance.now();
const report = await fuzzComponent({
  calls,
  seed,
  onCheckpoint: ({ calls: done, heap }) => console.log(`${done} calls, ${megabytes(heap.at(-1) ?? 0)} in use`),
});
const seconds = (performance.now() - start) / 1000;

console.log(
  `\nseed ${seed}: ${report.calls} calls of ${report.functions} functions before ${report.contexts} hosts, in ${report.instances} instances, ${Math.round(report.calls / seconds)} a second`,
);
console.log(`functions that succeeded at least once: ${report.succeeded.size}`);
console.table(Object.fromEntries(Object.entries(report.errnos).toSorted(([, left], [, right]) => right - left)));
for (const failure of report.failures) console.error(failure);
console.log(report.failures.length === 0 ? 'no failures' : `${report.failures.length} failures`);
process.exitCode = report.failures.length === 0 ? 0 : 1;
