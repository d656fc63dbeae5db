/** `npm run corpus -- FOLDER`: what becomes of any folder of definitions. */
import { statSync } from 'node:fs';
import { runCorpus, type Result } from './corpus.js';

const [folder, ...others] = process.argv.slice(2);
if (folder === undefined || others.length > 0 || statSync(folder, { throwIfNoEntry: false })?.isDirectory() !== true) {
  console.error('say a folder of WIT or WITX packages: npm run corpus -- FOLDER');
  process.exit(2);
}

const results = await runCorpus(folder);
function counted(keys: readonly string[]): Readonly<Record<string, number>> {
  const counts = new Map<string, number>();
  for (const key of keys) counts.set(key, (counts.get(key) ?? 0) + 1);
  return Object.fromEntries([...counts].toSorted(([, left], [, right]) => right - left));
}

const of = (outcome: Result['outcome']): readonly Result[] => results.filter((each) => each.outcome === outcome);

for (const { path, outcome, why } of [...of('crashed'), ...of('uncompilable')])
  console.error(`${path}: ${outcome}\n  ${why.join('\n').replaceAll('\n', '\n  ')}\n`);
for (const { path, why } of of('refused')) console.log(`${path}: refused, ${why.join(', ')}`);
console.log(`${results.length} packages below ${folder}`);
console.table(counted(results.map(({ outcome }) => outcome)));
console.log('errors of those that were refused, by packages that have them');
console.table(counted(of('refused').flatMap(({ why }) => why)));
if (results.length === 0) console.error('there are no definitions');
process.exitCode = results.length === 0 || of('crashed').length + of('uncompilable').length > 0 ? 1 : 0;
