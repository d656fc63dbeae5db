/**
 * `npm run stores:kill -- 250 [sqlite|postgres]`: kills four hosts on one store so many times, then lets two share a secret. Without a
 * word, on SQLite and, where it is installed, on PostgreSQL.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Cluster, newSchema, postgresMissing } from '../postgres.js';
import type { StorePlace } from './places.js';
import { killHosts, shareSecret } from './processes.js';

const rounds = Number(process.argv[2] ?? 250);
if (!Number.isSafeInteger(rounds) || rounds < 1) throw new Error('how many rounds? a whole number');
const wanted = process.argv[3];
const folder = mkdtempSync(join(tmpdir(), 'wasi-crypto-gen-kill-'));
let files = 0;

async function kill(name: string, newPlace: () => StorePlace): Promise<void> {
  const start = performance.now();
  const seconds = (): string => ((performance.now() - start) / 1000).toFixed(0);
  const { kills, calls } = await killHosts(newPlace, rounds, (round) => {
    if (round % 25 === 0) console.log(`${name}: ${round * 4} kills, ${seconds()} s`);
  });
  console.log(`${name}: ${kills} kills of hosts that made ${calls} calls: nothing lost, every record opens`);
  const shared = await shareSecret(newPlace(), 2, Math.ceil(rounds * 50));
  console.log(
    `${name}: 2 hosts, ${shared} calls on one secret, ${seconds()} s: no update lost, no version given out twice`,
  );
}

try {
  if (wanted !== 'postgres') await kill('SQLite', () => ({ file: join(folder, `${(files += 1)}.db`) }));
  if (wanted !== 'sqlite') {
    if (postgresMissing === undefined) {
      const cluster = new Cluster();
      cluster.start();
      await kill('PostgreSQL', () => ({ url: cluster.url(), schema: newSchema() }));
    } else console.log(`PostgreSQL: skipped, ${postgresMissing}`);
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}
