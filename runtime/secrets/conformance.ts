/**
 * What every `RecordStore` must do, as checks for whatever runs tests:
 *
 *     for (const { title, run } of recordStoreChecks(() => myStore())) test(title, run);
 *
 * A check throws an `AssertionError` where a store does something else.
 *
 * @module wasi-crypto-runtime/keys/conformance
 */
import { deepEqual, equal, notEqual, ok, throws } from 'node:assert/strict';
import { HEAD, NEVER, SecretsError, type KeyRecord, type Reading, type RecordStore } from './store.js';

export interface RecordStoreCheck {
  readonly title: string;
  run(): void;
}

/**
 * @param make an empty store each time
 * @param reopen the same database by another connection, as another process has it; undefined: it cannot be shared
 */
export function recordStoreChecks(
  make: () => RecordStore,
  reopen?: (store: RecordStore) => RecordStore,
): readonly RecordStoreCheck[] {
  const check = (title: string, run: (store: RecordStore) => void): RecordStoreCheck => ({
    title,
    run: () => {
      const store = make();
      try {
        run(store);
      } finally {
        store.close();
      }
    },
  });
  const shared = (title: string, run: (store: RecordStore, other: RecordStore) => void): RecordStoreCheck =>
    check(title, (store) => {
      const other = reopen?.(store);
      if (other === undefined) return;
      try {
        run(store, other);
      } finally {
        other.close();
      }
    });
  return [
    check('gives back what was put, whatever the values', (store) => {
      const records = extremes();
      store.write((writing) => records.forEach((each) => writing.put(each)));
      for (const record of records)
        deepEqual(
          store.read((reading) => one(reading, record)),
          plain(record),
        );
    }),
    check('has what was put in the same transaction, and takes its place where it was', (store) => {
      const record = sample();
      const later = { ...record, created: 5n, expires: 6n, flags: 3, wrapped: Uint8Array.of(9) };
      store.write((writing) => {
        writing.put(record);
        deepEqual(one(writing, record), plain(record));
        writing.put(later);
        deepEqual(one(writing, record), plain(later));
      });
      deepEqual(store.read((reading) => reading.list({ limit: 10 })).map(plain), [plain(later)]);
    }),
    check('tells records apart by each of tenant, identifier and version', (store) => {
      const records = [sample(), sample({ tenant: 'Test' }), sample({ id: id(2) }), sample({ version: 2n })];
      store.write((writing) => records.forEach((each) => writing.put(each)));
      equal(store.read((reading) => reading.list({ limit: 10 })).length, 4);
      store.write((writing) => writing.remove('test', id(1), 1n));
      equal(store.read((reading) => reading.records('test', id(1), [1n, 2n])).length, 1);
      equal(store.read((reading) => reading.list({ limit: 10 })).length, 3);
    }),
    check('finds several versions at once, those that there are', (store) => {
      store.write((writing) => [HEAD, 1n, 3n].forEach((version) => writing.put(sample({ version }))));
      const found = store.read((reading) => reading.records('test', id(1), [0n, 1n, 2n, 3n, NEVER]));
      deepEqual(found.map(({ version }) => version).toSorted(), [0n, 1n, 3n]);
      deepEqual(
        store.read((reading) => reading.records('test', id(1), [])),
        [],
      );
    }),
    check('removes, and says nothing where there is nothing to remove', (store) => {
      store.write((writing) => {
        writing.put(sample());
        writing.remove('test', id(1), 1n);
        writing.remove('test', id(1), 1n);
      });
      deepEqual(
        store.read((reading) => reading.list({ limit: 10 })),
        [],
      );
    }),
    check('keeps settings', (store) => {
      store.write((writing) => writing.putSetting('name ü', Uint8Array.of(0, 255)));
      deepEqual(plainBytes(store.read((reading) => reading.setting('name ü'))), [0, 255]);
      store.write((writing) => writing.putSetting('name ü', new Uint8Array(0)));
      deepEqual(plainBytes(store.read((reading) => reading.setting('name ü'))), []);
      equal(
        store.read((reading) => reading.setting('name')),
        undefined,
      );
      const found = store.read((reading) => reading.settings(['name', 'name ü', 'other']));
      deepEqual(
        [...found].map(([name, value]) => [name, plainBytes(value)]),
        [['name ü', []]],
      );
    }),
    check('lists in the order of bytes, in pages, all tenants or one', (store) => {
      const records = ordered();
      store.write((writing) => records.toReversed().forEach((each) => writing.put(each)));
      deepEqual(pages(store, {}), records.map(placeOf));
      deepEqual(pages(store, { heads: true }), records.filter(({ version }) => version === HEAD).map(placeOf));
      deepEqual(pages(store, { tenant: 'b' }), records.filter(({ tenant }) => tenant === 'b').map(placeOf));
      deepEqual(pages(store, { tenant: 'none' }), []);
    }),
    check('keeps the log in its order, and refuses a second line of a number', (store) => {
      const line = (sequence: bigint) => ({ sequence, entry: `{"at":${sequence}}`, chain: id(Number(sequence)) });
      store.write((writing) => [1n, 2n, 3n].forEach((each) => writing.append(line(each))));
      const read = (after: bigint, limit: number): unknown =>
        store.read((reading) => reading.log(after, limit)).map((each) => ({ ...each, chain: plainBytes(each.chain) }));
      const plainLine = (sequence: bigint): unknown => ({ ...line(sequence), chain: plainBytes(line(sequence).chain) });
      deepEqual(read(0n, 10), [1n, 2n, 3n].map(plainLine));
      deepEqual(read(1n, 1), [plainLine(2n)]);
      throws(
        () => store.write((writing) => writing.append(line(2n))),
        (error) => error instanceof SecretsError && error.code === 'corrupt',
      );
    }),
    check('drops the first lines of the log, and keeps the rest', (store) => {
      const line = (sequence: bigint) => ({ sequence, entry: '{}', chain: id(Number(sequence)) });
      store.write((writing) => {
        for (const each of [1n, 2n, 300n]) writing.append(line(each));
        writing.dropLog(2n);
        writing.dropLog(2n);
      });
      const left = store.read((reading) => reading.log(0n, 10)).map(({ sequence }) => sequence);
      deepEqual(left, [300n]);
    }),
    check('keeps nothing of a transaction that throws, and goes on', (store) => {
      store.write((writing) => writing.put(sample({ flags: 1 })));
      const before = dump(store);
      const reason = new Error('on purpose');
      throws(
        () =>
          store.write((writing) => {
            writing.put(sample({ flags: 2 }));
            writing.put(sample({ version: 2n }));
            writing.remove('test', id(1), 1n);
            writing.putSetting('setting', id(1));
            writing.append({ sequence: 1n, entry: '{}', chain: id(1) });
            throw reason;
          }),
        (error) => error === reason,
      );
      deepEqual(dump(store), before);
      store.write((writing) => writing.put(sample({ flags: 3 })));
      deepEqual(sampleIn(store)?.flags, 3);
    }),
    check('gives copies: what is done to them changes nothing', (store) => {
      const record = sample({ wrapped: Uint8Array.of(1, 2, 3) });
      store.write((writing) => writing.put(record));
      record.wrapped.fill(0);
      sampleIn(store)?.wrapped.fill(9);
      deepEqual(plainBytes(sampleIn(store)?.wrapped), [1, 2, 3]);
    }),
    check('tells by its number of changes that something was written', (store) => {
      const before = store.changes();
      equal(store.changes(), before);
      store.read((reading) => reading.list({ limit: 1 }));
      equal(store.changes(), before);
      store.write((writing) => writing.put(sample()));
      notEqual(store.changes(), before);
    }),
    shared('is the same for whoever else has it open, and tells them of changes', (store, other) => {
      const before = other.changes();
      store.write((writing) => writing.put(sample()));
      notEqual(other.changes(), before);
      deepEqual(dump(other), dump(store));
      const own = store.changes();
      other.write((writing) => writing.remove('test', id(1), 1n));
      notEqual(store.changes(), own);
      deepEqual(dump(store), dump(other));
    }),
    shared('lets one transaction write after the other', (store, other) => {
      for (let round = 0; round < 50; round += 1) {
        for (const each of [store, other]) {
          each.write((writing) => {
            const count = writing.setting('count')?.[0] ?? 0;
            writing.putSetting('count', Uint8Array.of(count + 1));
          });
        }
      }
      deepEqual(plainBytes(store.read((reading) => reading.setting('count'))), [100]);
    }),
    check('is closed once it was closed', (store) => {
      store.close();
      for (const call of [
        () => store.read((reading) => reading.setting('name')),
        () => store.write((writing) => writing.putSetting('name', id(1))),
        () => store.changes(),
      ])
        throws(call, (error) => error instanceof SecretsError && error.code === 'unavailable');
    }),
  ];
}

function id(fill: number): Uint8Array {
  return new Uint8Array(32).fill(fill);
}

function sample(changed: Partial<KeyRecord> = {}): KeyRecord {
  return {
    tenant: 'test',
    id: id(1),
    version: 1n,
    kind: 'symmetric',
    algorithm: 'AES-256-GCM',
    flags: 0,
    created: 1n,
    expires: NEVER,
    state: 'valid',
    wrapped: Uint8Array.of(1),
    ...changed,
  };
}

function extremes(): readonly KeyRecord[] {
  return [
    sample(),
    sample({ tenant: 'ü'.repeat(64), algorithm: 'A'.repeat(64), flags: 2 ** 31 - 1, created: NEVER, kind: 'secret' }),
    sample({ version: NEVER, expires: 0n, created: 0n, state: 'invalidated', kind: 'key-exchange', algorithm: '' }),
    sample({ version: 2n ** 63n, expires: 2n ** 63n, created: 2n ** 63n - 1n, kind: 'signatures' }),
    sample({ id: id(255), wrapped: new Uint8Array(0) }),
    sample({ id: id(0), wrapped: new Uint8Array(2 ** 20).fill(170) }),
    sample({ tenant: "quoted ' and \\ and % and _ \u0001", version: 7n }),
  ];
}

/** In the order of bytes, which is not that of texts in every language, nor that of signed numbers. */
function ordered(): readonly KeyRecord[] {
  return ['B', 'a', 'aa', 'b', 'é', '\u{10000}'].flatMap((tenant) =>
    [0, 1, 127, 128, 255].flatMap((fill) =>
      [HEAD, 1n, 2n, 256n, 2n ** 63n].map((version) => sample({ tenant, id: id(fill), version })),
    ),
  );
}

function pages(store: RecordStore, query: { readonly tenant?: string; readonly heads?: boolean }): readonly string[] {
  const found: string[] = [];
  let after: KeyRecord | undefined;
  for (;;) {
    const page = store.read((reading) => reading.list({ ...query, after, limit: 7 }));
    ok(page.length <= 7);
    found.push(...page.map(placeOf));
    after = page.at(-1);
    if (after === undefined) return found;
  }
}

function placeOf({ tenant, id: bytes, version }: KeyRecord): string {
  return `${tenant} ${bytes[0]} ${version}`;
}

function one(reading: Reading, { tenant, id: bytes, version }: KeyRecord): unknown {
  return reading.records(tenant, bytes, [version]).map(plain)[0];
}

function sampleIn(store: RecordStore): KeyRecord | undefined {
  return store.read((reading) => reading.records('test', id(1), [1n]))[0];
}

function dump(store: RecordStore): unknown {
  return store.read((reading) => [
    reading.list({ limit: 100 }).map(plain),
    plainBytes(reading.setting('setting')),
    reading.log(0n, 100).map(({ entry }) => entry),
  ]);
}

/** Comparable, whatever kind of array holds the bytes. */
function plain(record: KeyRecord): unknown {
  return { ...record, id: plainBytes(record.id), wrapped: plainBytes(record.wrapped) };
}

function plainBytes(bytes: Uint8Array | undefined): readonly number[] | undefined {
  return bytes === undefined ? undefined : [...bytes];
}
