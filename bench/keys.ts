/**
 * `npm run bench:keys`: what managed keys cost. A signature with a key that is looked up each time, against one with a key pair at
 * hand, both as guests call them; and lookups in stores of 1 000 and of many keys (`npm run bench:keys -- 1000000`). PostgreSQL is
 * measured where it is installed.
 */
import { randomBytes } from 'node:crypto';
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
import { sealOf } from '../runtime/secrets/envelope.js';
import { writeRoot } from '../runtime/secrets/root.js';
import { HEAD, NEVER } from '../runtime/secrets/store.js';
import { fields } from '../runtime/secrets/fields.js';
import { heads as headTree } from '../runtime/secrets/transactions.js';
import { Vault } from '../runtime/secrets/vault.js';
import { Guest } from '../test/guest/guest.js';
import { Managed } from '../test/guest/managed.js';
import { Cluster, newSchema, postgresMissing } from '../test/postgres.js';
import { contestant, type Contestant, spread } from './rounds.js';

const many = Number(process.argv[2] ?? 20_000);
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

/**
 * Turns of a few calls, one contestant after the other, so that most turns are shorter than what a busy machine lets a process have; the
 * quicker ones count. What they leave to be collected is little beside a signature (`rounds.ts` counts that, too).
 */
function inTurns(contestants: readonly Contestant[], turns: number): void {
  const calls = 10;
  for (const { run } of contestants) run(1000);
  const times = contestants.map(() => [] as number[]);
  for (let turn = 0; turn < turns; turn += 1)
    contestants.forEach(({ run }, index) => {
      const start = performance.now();
      run(calls);
      times[index]?.push(((performance.now() - start) * 1000) / calls);
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
    inTurns([...contestants, contestant(`${name}from_id + sign + close`, looked)], 1000);
  }
}

/**
 * A store of so many keys of which nobody has made any: a change each would wait for the disk. Nothing opens them, so that all have the
 * same bytes. The tree of heads is made in memory, each node of it written once.
 */
function fill(records: RecordStore, count: number): void {
  const vault = Vault.open(records, kek, true, 0n, undefined);
  const root = vault.read((reading) => reading.root());
  const facts = { tenant: 'bench', kind: 'symmetric', algorithm: 'AES-256-GCM', flags: 0 } as const;
  const dates = { created: 0n, expires: NEVER, state: 'valid' } as const;
  const wrapped = new Uint8Array(100);
  const nodes = new Map<string, Uint8Array>();
  const tree = {
    settings: (names: readonly string[]) => new Map(names.flatMap((name) => entryOf(nodes, name))),
    putSetting: (name: string, value: Uint8Array) => void nodes.set(name, value),
  };
  let { heads } = root;
  for (let done = 0; done < count; done += 5000) {
    records.write((writing) => {
      for (let index = done; index < Math.min(done + 5000, count); index += 1) {
        const id = new Uint8Array(randomBytes(32));
        for (const version of [HEAD, 1n]) writing.put({ ...facts, ...dates, id, version, wrapped });
        heads = headTree.withSeal(tree, heads, fields('bench', id), sealOf({ wrapped }));
      }
    });
  }
  records.write((writing) => {
    for (const [name, value] of nodes) writing.putSetting(name, value);
    writing.putSetting('root', vault.envelope.sealSetting('root', writeRoot({ ...root, heads })));
  });
}

function entryOf(nodes: ReadonlyMap<string, Uint8Array>, name: string): [string, Uint8Array][] {
  const value = nodes.get(name);
  return value === undefined ? [] : [[name, value]];
}

const filled = [1000, many].map((count) => {
  const records = sqliteStore(join(folder, `${count}-keys.db`));
  fill(records, count);
  const managed = new Managed(new Guest({ secrets: { store: openStore(records, 0), tenant: 'bench' } }));
  const manager = managed.open();
  const real = Array.from({ length: 50 }, () => managed.keys.id(managed.keys.generate(manager, 'AES-256-GCM'))[0]);
  let next = 0;
  const lookup = (): void => {
    managed.symmetric.keyClose(managed.keys.fromId(manager, real[(next += 1) % real.length] as Uint8Array));
  };
  const page = (): unknown => records.read((reading) => reading.list({ heads: true, limit: 100 }));
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
