/** `npm run fuzz:host -- --calls 1000000 --seed 1 [--extension]`: the hostile guest, for as long as one likes. */
import { parseArgs } from 'node:util';
import { fuzzExtension } from './extension.js';
import { fuzzHost } from './host.js';

const { values } = parseArgs({
  options: {
    calls: { type: 'string', default: '1000000' },
    seed: { type: 'string', default: '1' },
    extension: { type: 'boolean', default: false },
  },
});
const calls = Number(values.calls);
const seed = Number(values.seed);
if (!Number.isSafeInteger(calls) || calls < 1 || !Number.isSafeInteger(seed))
  throw new Error('--calls and --seed take whole numbers');

const megabytes = (bytes: number): string => `${(bytes / 2 ** 20).toFixed(1)} MiB`;
const start = performance.now();
const report = (values.extension ? fuzzExtension : fuzzHost)({
  calls,
  seed,
  onCheckpoint: ({ calls: done, heap }) => console.log(`${done} calls, ${megabytes(heap.at(-1) ?? 0)} in use`),
});
const seconds = (performance.now() - start) / 1000;

console.log(
  `\nseed ${seed}: ${report.calls} calls of ${report.functions} functions in ${report.contexts} instances, ${Math.round(report.calls / seconds)} a second`,
);
console.log(`functions that succeeded at least once: ${report.succeeded.size}`);
console.table(Object.fromEntries(Object.entries(report.errnos).toSorted(([, left], [, right]) => right - left)));
const [early, late] = [report.heap.slice(0, 4), report.heap.slice(-4)].map((part) => Math.max(...part));
if (report.heap.length >= 8) {
  console.log(`memory in use, first and last checkpoints: ${megabytes(early ?? 0)}, ${megabytes(late ?? 0)}`);
  if ((late ?? 0) > (early ?? 0) + 16 * 2 ** 20) report.failures.push('memory use grew by more than 16 MiB');
}
for (const failure of report.failures) console.error(failure);
console.log(report.failures.length === 0 ? 'no failures' : `${report.failures.length} failures`);
process.exitCode = report.failures.length === 0 ? 0 : 1;
