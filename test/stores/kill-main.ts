/** `npm run stores:kill -- 250`: kills four hosts on one SQLite store so many times, then lets two share a secret. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { killHosts, shareSecret } from './processes.js';

const rounds = Number(process.argv[2] ?? 250);
if (!Number.isSafeInteger(rounds) || rounds < 1) throw new Error('how many rounds? a whole number');
const folder = mkdtempSync(join(tmpdir(), 'wasi-crypto-gen-kill-'));
try {
  let files = 0;
  const newFile = (): string => join(folder, `${(files += 1)}.db`);
  const start = performance.now();
  const seconds = (): string => ((performance.now() - start) / 1000).toFixed(0);
  const { kills, calls } = await killHosts(newFile, rounds, {
    onRound: (round) => {
      if (round % 25 === 0) console.log(`${round * 4} kills, ${seconds()} s`);
    },
  });
  console.log(`${kills} kills of hosts that made ${calls} calls: nothing lost, every record opens`);
  const shared = await shareSecret(newFile(), 2, Math.ceil(rounds * 50));
  console.log(`2 hosts, ${shared} calls on one secret, ${seconds()} s: no update lost, no version given out twice`);
} finally {
  rmSync(folder, { recursive: true, force: true });
}
