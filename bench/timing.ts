/** `npm run timing -- --samples 100000 --only residue`: evidence for constant time, for as long as one likes; with `--json` for programs. */
import { parseArgs } from 'node:util';
import { missedPlanted, timed } from './timing-paths.js';

const { values } = parseArgs({
  options: {
    samples: { type: 'string', default: '40000' },
    only: { type: 'string', default: '' },
    json: { type: 'boolean', default: false },
  },
});
const samples = Number(values.samples);
if (!Number.isSafeInteger(samples) || samples < 1000) throw new Error('--samples takes a whole number from 1000 on');

const rows = timed(samples, values.only);
if (values.json) console.log(JSON.stringify(rows));
else {
  console.log(`Node ${process.version}, OpenSSL ${process.versions['openssl']}, ${samples} samples a path`);
  console.table(rows);
}
for (const missed of missedPlanted(rows)) {
  console.error(missed);
  process.exitCode = 1;
}
