/**
 * `npm run evidence`: runs what a security engineer wants to see, and writes one dated report, as Markdown and as JSON.
 * `--calls`, `--samples` and `--seed` say how much and which; `--without` leaves parts out; `--out` says where.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { projectRoot } from '../shared.js';
import {
  fuzzedCore,
  fuzzedComponents,
  fuzzedExtension,
  fuzzedNative,
  residues,
  timings,
  vectors,
  type Amount,
  type Section,
} from './sections.js';
import { subject, written } from './report.js';

const { values } = parseArgs({
  options: {
    calls: { type: 'string', default: '1000000' },
    samples: { type: 'string', default: '40000' },
    seed: { type: 'string', default: '1' },
    without: { type: 'string', default: '' },
    out: { type: 'string', default: join(projectRoot, '.tmp/evidence') },
  },
});

function whole(name: 'calls' | 'samples' | 'seed', least: number): number {
  const number = Number(values[name]);
  if (!Number.isSafeInteger(number) || number < least)
    throw new Error(`--${name} takes a whole number from ${least} on`);
  return number;
}

const amount = { calls: whole('calls', 1000), samples: whole('samples', 1000), seed: whole('seed', 0) };
const parts: Readonly<Record<string, (amount: Amount) => Section | Promise<Section>>> = {
  vectors,
  // First: what hosts keep for good would be among the objects that it counts.
  native: fuzzedNative,
  core: fuzzedCore,
  components: fuzzedComponents,
  extension: fuzzedExtension,
  residues,
  timings,
};
const without = values.without === '' ? [] : values.without.split(',');
const unknown = without.filter((name) => parts[name] === undefined);
if (unknown.length > 0) throw new Error(`--without takes ${Object.keys(parts).join(', ')}; not ${unknown.join(', ')}`);

const sections: Section[] = [];
for (const [name, part] of Object.entries(parts)) {
  if (without.includes(name)) continue;
  const begin = performance.now();
  const section = await part(amount);
  sections.push(section);
  const seconds = Math.round((performance.now() - begin) / 1000);
  console.log(
    `${section.failures.length === 0 ? 'ok' : 'FAILED'}: ${section.title}, ${section.summary} (${seconds} s)`,
  );
  for (const failure of section.failures) console.error(`  ${failure}`);
}

const report = { ...subject(), amount, sections };
mkdirSync(values.out, { recursive: true });
const file = join(values.out, `evidence-${report.date.slice(0, 10)}`);
writeFileSync(`${file}.json`, `${JSON.stringify(report, undefined, 2)}\n`);
writeFileSync(`${file}.md`, written(report));
const failures = sections.flatMap((section) => section.failures);
console.log(`${file}.md\n${sections.length} parts, ${failures.length} failures`);
if (failures.length > 0) process.exitCode = 1;
