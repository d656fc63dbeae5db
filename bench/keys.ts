/**
 * `npm run bench:keys`: what managed keys cost. A signature with a key that is looked up each time, against one with a key pair at
 * hand, both as guests call them; and lookups in stores of 1 000 and of many keys (`npm run bench:keys -- 1000000`). PostgreSQL is
 * measured where it is installed.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  keyFromCallback,
  memoryStore,
  openKeyStore,
  postgresStore,
  sqliteStore,
  type KeyStore,
  type RecordStore,
} from '../runtime/keys.js';
import { Guest } from '../test/guest/guest.js';
import { Managed } from '../test/guest/managed.js';
import { Cluster, newSchema, postgresMissing } from '../test/postgres.js';
import { quick } from './quick.js';
import { contestant, type Contestant, spread } from './rounds.js';

const many = quick ? 1000 : Number(process.argv[2] ?? 20_000);
const FILLED_AT_ONCE = 5000;
const folder = mkdtempSync(join(tmpdir(), 'wasi-crypto-gen-bench-'));
const kek = keyFromCallback('ones', () => new Uint8Array(32).fill(1));
const stores: KeyStore[] = [];

function openStore(records: RecordStore, cache?: number): KeyStore {
  const store = openKeyStore({ records, kek, cache });
  stores.push(store);
  return store;
}

const places: [name: string, open: () => RecordStore][] = [
  ['memory', memoryStore],
  ['SQLite', () => sqliteStore(join(folder, `${stores.length}.db`))],
];
if (postgresMissing === undefined) {
  const cluster = new Cluster();
  cluster.start();
  places.push(['PostgreSQL', () => postgresStore(cluster.url(), { schema: newSchema() })]);
} else console.log(`PostgreSQL: skipped, ${postgresMissing}`);

/** Of this process, in microseconds: others that run beside it take none of it. */
function cpuTime(): number {
  const { user, system } = process.cpuUsage();
  return user + system;
}

function wallTime(): number {
  return performance.now() * 1000;
}

/**
 * Turns of a few calls, one contestant after the other, so that most turns are shorter than what a busy machine lets a process have; the
 * quicker ones count. What they leave to be collected is little beside a signature (`rounds.ts` counts that, too).
 *
 * @param clock `wallTime` where another process works for a call
 */
function inTurns(contestants: readonly Contestant[], turns: number, clock = cpuTime): void {
  const calls = 10;
  for (const { run } of contestants) run(quick ? 1 : Math.min(1000, turns * calls));
  const times = contestants.map(() => [] as number[]);
  for (let turn = 0; turn < (quick ? 1 : turns); turn += 1)
    contestants.forEach(({ run }, index) => {
      const start = clock();
      run(calls);
      times[index]?.push((clock() - start) / calls);
    });
  const quicker = times.map((each) => spread(each).low);
  contestants.forEach(({ name }, index) => {
    const [first = NaN, own = NaN] = [quicker[0], quicker[index]];
    console.log(`${name}: ${own.toFixed(1)} us, ratio ${(own / first).toFixed(2)}`);
  });
}

const message = new Uint8Array(64);
for (const [place, open] of places) {
  for (const cache of [undefined, 0]) {
    const managed = new Managed(new Guest({ secrets: { store: openStore(open(), cache), tenant: 'bench' } }));
    const manager = managed.open();
    const { asymmetric } = managed;
    const pair = managed.pairs.generate(manager, 'Ed25519');
    const [id] = managed.pairs.id(pair);
    const sign = (): unknown => asymmetric.signMessage(pair, message);
    const looked = (): void => {
      const found = managed.pairs.fromId(manager, id);
      asymmetric.signMessage(found, message);
      asymmetric.keypairClose(found);
    };
    const name = `${place}, ${cache === 0 ? 'no cache' : 'cached'}: `;
    // The same twice: how far its ratio is from 1 is chance.
    const contestants = [contestant(`${name}sign`, sign), contestant(`${name}sign again`, sign)];
    inTurns(
      [...contestants, contestant(`${name}from_id + sign + close`, looked)],
      1000,
      place === 'PostgreSQL' ? wallTime : cpuTime,
    );
  }
}

/** A change each would wait for the disk a million times. @returns the identifiers of some, from all over the store */
function fill(store: KeyStore, count: number): readonly Uint8Array[] {
  const request = { tenant: 'bench', algorithm: 'AES-256-GCM' };
  const ids: string[] = [];
  for (let left = count; left > 0; left -= FILLED_AT_ONCE)
    ids.push(...store.provisionAll(Array.from({ length: Math.min(left, FILLED_AT_ONCE) }, () => request)));
  return Array.from({ length: 1000 }, (_, index) => Buffer.from(ids[Math.floor((index * count) / 1000)] ?? '', 'hex'));
}

const filled = [quick ? 10 : 1000, many].map((count) => {
  const store = openStore(sqliteStore(join(folder, `${count}-keys.db`)), 0);
  const start = cpuTime();
  const ids = fill(store, count);
  console.log(`${count} keys stored: ${((cpuTime() - start) / count).toFixed(0)} us each`);
  const managed = new Managed(new Guest({ secrets: { store, tenant: 'bench' } }));
  const manager = managed.open();
  let next = 0;
  const lookup = (): void => {
    managed.symmetric.keyClose(managed.keys.fromId(manager, ids[(next += 1) % ids.length] as Uint8Array));
  };
  const page = (): unknown => store.list({ limit: 100 });
  return {
    lookup: contestant(`lookup in ${count} keys, no cache`, lookup),
    page: contestant(`a page of 100 of ${count} keys`, page),
  };
});
inTurns(
  filled.map(({ lookup }) => lookup),
  200,
);
inTurns(
  filled.map(({ page }) => page),
  20,
);
for (const store of stores) store.close();
rmSync(folder, { recursive: true, force: true });
