/**
 * `npm run bench:keys`: what managed keys cost. A signature with a key that is looked up each time, against one with a key pair at
 * hand, both as guests call them; and lookups in stores of 1 000 and of many keys (`npm run bench:keys -- 1000000`).
 */
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { keyFromCallback, memoryStore, openKeyStore, sqliteStore, type KeyStore } from '../runtime/keys.js';
import { Guest } from '../test/guest/guest.js';
import { Managed } from '../test/guest/managed.js';

const many = Number(process.argv[2] ?? 20_000);
const folder = mkdtempSync(join(tmpdir(), 'wasi-crypto-gen-bench-'));
const kek = keyFromCallback('zeros', () => new Uint8Array(32));
const open = (name: string, cache?: number): KeyStore =>
  openKeyStore({ records: name === 'memory' ? memoryStore() : sqliteStore(join(folder, name)), kek, cache });

/** Microseconds of one call, the median of rounds. */
function median(rounds: readonly number[]): number {
  return rounds.toSorted((left, right) => left - right)[rounds.length >> 1] ?? 0;
}

function time(count: number, call: () => void): number {
  const start = performance.now();
  for (let done = 0; done < count; done += 1) call();
  return ((performance.now() - start) * 1000) / count;
}

const message = new Uint8Array(64);
const signers = [
  ['memory, cached', open('memory')],
  ['SQLite, cached', open('cached.db')],
  ['SQLite, no cache', open('plain.db', 0)],
] as const;
const guests = signers.map(([name, store]) => {
  const managed = new Managed(new Guest({ secrets: { store, tenant: 'bench' } }));
  const manager = managed.open();
  const { asymmetric } = managed;
  const pair = managed.pairs.generate(manager, 'Ed25519');
  const [id] = managed.pairs.id(pair);
  return {
    name,
    plain: () => void asymmetric.signMessage(pair, message),
    looked: () => {
      const found = managed.pairs.fromId(manager, id);
      asymmetric.signMessage(found, message);
      asymmetric.keypairClose(found);
    },
  };
});
for (const { name, plain, looked } of guests) {
  time(1000, plain);
  time(1000, looked);
  const rounds = Array.from({ length: 15 }, () => [time(300, plain), time(300, looked)] as const);
  const [at, by] = [median(rounds.map(([each]) => each)), median(rounds.map(([, each]) => each))];
  console.log(
    `${name}: sign ${at.toFixed(1)} us, from_id + sign + close ${by.toFixed(1)} us, ratio ${median(rounds.map(([a, b]) => b / a)).toFixed(2)}`,
  );
}

const lookups = [1000, many].map((count) => {
  const file = join(folder, `${count}.db`);
  const records = sqliteStore(file);
  const store = openKeyStore({ records, kek, cache: 0 });
  const managed = new Managed(new Guest({ secrets: { store, tenant: 'bench' } }));
  const manager = managed.open();
  const real = Array.from({ length: 50 }, () => managed.keys.id(managed.keys.generate(manager, 'AES-256-GCM'))[0]);
  // The rest need not open: they stand between those that do. A change each would wait for the disk.
  const [template] = records.read((reading) => reading.records('bench', real[0] as Uint8Array, [1n]));
  for (let done = 0; done < count; done += 5000) {
    records.write((writing) => {
      for (let index = 0; index < Math.min(5000, count - done); index += 1) {
        const id = new Uint8Array(randomBytes(32));
        for (const version of [0n, 1n]) writing.put({ ...(template as NonNullable<typeof template>), id, version });
      }
    });
  }
  let next = 0;
  const lookup = (): void => {
    managed.symmetric.keyClose(managed.keys.fromId(manager, real[(next += 1) % real.length] as Uint8Array));
  };
  time(500, lookup);
  return { count, store, records, lookup };
});
const rounds = Array.from({ length: 15 }, () => lookups.map(({ lookup }) => time(200, lookup)));
const flat = median(rounds.map(([few = 1, lots = 1]) => lots / few));
lookups.forEach(({ count }, at) =>
  console.log(`lookup in ${count} keys, no cache: ${median(rounds.map((each) => each[at] ?? 0)).toFixed(1)} us`),
);
console.log(`ratio ${flat.toFixed(2)}`);
for (const { count, records } of lookups) {
  const page = time(10, () => void records.read((reading) => reading.list({ heads: true, limit: 100 })));
  console.log(`a page of 100 of ${count} keys: ${page.toFixed(0)} us`);
}
for (const store of [...signers.map(([, each]) => each), ...lookups.map(({ store: each }) => each)]) store.close();
rmSync(folder, { recursive: true, force: true });
