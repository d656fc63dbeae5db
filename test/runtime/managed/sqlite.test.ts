/** What is particular to SQLite: its files, and what happens to them. */
import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { describe, expect, it } from 'vitest';
import { openKeyStore, sqliteStore, type KeyStore, type RecordStore } from '../../../runtime/keys.js';
import { errnoOf } from '../../guest/guest.js';
import { codesOf, managedGuest, newStore, testKek } from './fixture.js';
import { newFile, openAfterCollection, openFiles, sqliteEngines, tellsDescriptors } from './stores.js';

const NEVER = 2n ** 64n - 1n;
const code = (expected: string): unknown => expect.objectContaining({ name: 'SecretsError', code: expected });

describe.each(sqliteEngines)('SQLite by %s', (engine) => {
  const open = (file: string): KeyStore => newStore(sqliteStore(file, { engine, busyTimeout: 200 }), { cache: 0 });

  it('makes files that their owner alone can read, and opens no others', () => {
    const file = newFile();
    const store = open(file);
    for (const suffix of ['', '-wal', '-shm', '-changes'])
      expect(statSync(`${file}${suffix}`).mode & 0o777, suffix).toBe(0o600);
    store.close();
    chmodSync(file, 0o640);
    expect(() => sqliteStore(file, { engine })).toThrow(code('insecure'));
    expect(() => sqliteStore(newFile(), { engine, create: false })).toThrow(code('not-found'));
    const folder = newFile();
    mkdirSync(folder);
    expect(() => sqliteStore(folder, { engine })).toThrow(code('unavailable'));
    expect(() => sqliteStore(`${folder}/no/where.db`, { engine })).toThrow(code('unavailable'));
  });

  it('follows no link where its file of changes should be', () => {
    const file = newFile();
    const target = newFile();
    writeFileSync(target, 'not to be written over');
    symlinkSync(target, `${file}-changes`);
    expect(() => sqliteStore(file, { engine })).toThrow(/-changes/);
    expect(readFileSync(target, 'utf8')).toBe('not to be written over');
  });

  it.runIf(process.platform !== 'win32')('waits for no pipe where its file of changes should be', () => {
    const file = newFile();
    execFileSync('mkfifo', [`${file}-changes`]);
    expect(() => sqliteStore(file, { engine })).toThrow(code('unavailable'));
  });

  it('erases what is invalidated, from the file and from its log', () => {
    const file = newFile();
    const records = sqliteStore(file, { engine });
    const store = newStore(records);
    const { managed, manager } = managedGuest({ store });
    const id = managed.secretStore(manager, new Uint8Array(300).fill(1), NEVER);
    const { wrapped } = records.read((reading) => reading.records('test', id, [1n]))[0] as { wrapped: Uint8Array };
    const found = (): boolean =>
      ['', '-wal'].some(
        (suffix) => existsSync(`${file}${suffix}`) && readFileSync(`${file}${suffix}`).includes(Buffer.from(wrapped)),
      );
    expect(found()).toBe(true);
    managed.secretInvalidate(manager, id, 1n);
    expect(found()).toBe(false);
    store.close();
    expect(found()).toBe(false);
  });

  it.each(['deleted', 'exchanged'])('notices that its file was %s, and what was stored is not said to be', (how) => {
    const file = newFile();
    const store = open(file);
    const { managed, manager, errors } = managedGuest({ store });
    const id = managed.secretStore(manager, id32, NEVER);
    if (how === 'deleted') rmSync(file);
    else {
      copyFileSync(file, `${file}.copy`);
      renameSync(`${file}.copy`, file);
    }
    expect(errnoOf(() => managed.secretStore(manager, id32, NEVER))).toBe('InternalError');
    expect(errnoOf(() => managed.secretFromId(manager, id))).toBe('InternalError');
    expect(codesOf(errors)).toEqual(['gone', 'gone']);
    store.close();
  });

  it('says that it is busy where another writes for too long, and goes on afterwards', () => {
    const file = newFile();
    const [one, two] = [open(file), open(file)];
    const other = sqliteStore(file, { engine, busyTimeout: 10 });
    const { managed, manager, errors } = managedGuest({ store: one });
    const errno = other.write(() => errnoOf(() => managed.secretStore(manager, id32, NEVER)));
    expect([errno, ...codesOf(errors)]).toEqual(['InternalError', 'busy']);
    managed.secretStore(manager, id32, NEVER);
    expect(one.verify().problems).toEqual([]);
    for (const each of [one, two, other]) each.close();
  });

  it('tells of changes at once, whether or not a host was killed while it wrote, and soon of those by others', async () => {
    const file = newFile();
    const [store, other] = [1, 2].map(() => sqliteStore(file, { engine })) as [RecordStore, RecordStore];
    const driver = raw(file);
    const change = (): void => driver.exec("INSERT OR REPLACE INTO settings VALUES ('foreign', x'01')");
    const changed = (): boolean => {
      const before = seen;
      seen = store.changes();
      return seen !== before;
    };
    let seen = store.changes();
    expect(changed()).toBe(false);
    other.write((writing) => writing.putSetting('a', id32));
    expect([changed(), changed()]).toEqual([true, false]);
    // As a host leaves it that was killed while it committed.
    writeFileSync(`${file}-changes`, Uint8Array.of(1, 0, 0, 0, 0, 0, 0, 0), { flag: 'r+' });
    expect([changed(), changed()]).toEqual([true, false]);
    change();
    expect([changed(), changed()]).toEqual([true, false]);
    other.write((writing) => writing.putSetting('b', id32));
    expect([changed(), changed()]).toEqual([true, false]);
    change();
    rmSync(`${file}-changes`);
    await new Promise((resolve) => setTimeout(resolve, 120));
    expect([changed(), changed()]).toEqual([true, false]);
    other.write((writing) => writing.putSetting('c', id32));
    expect([changed(), changed()]).toEqual([true, false]);
    driver.close();
    for (const each of [store, other]) each.close();
  });

  it('that is damaged is corrupt, and what was opened before is not wrong', () => {
    const file = newFile();
    open(file).close();
    writeFileSync(file, 'this is no database, and long enough that SQLite looks at it'.repeat(20));
    expect(() => open(file)).toThrow(code('corrupt'));
  });

  it('with bytes that its file calls text does not open there, and the process goes on', () => {
    const file = newFile();
    const store = open(file);
    const { managed, manager } = managedGuest({ store });
    const id = managed.secretStore(manager, id32, NEVER);
    store.close();
    const bytes = readFileSync(file);
    // How a row begins: the types of its columns, here a text of 4 bytes, and bytes: 32 of them, and 8.
    const types = Buffer.of(2 * 4 + 13, 2 * 32 + 12, 2 * 8 + 12);
    let changed = 0;
    for (let at = bytes.indexOf(types); at >= 0; at = bytes.indexOf(types, at + 1), changed += 1)
      bytes[at + 1] = 2 * 32 + 13;
    expect(changed).toBe(4);
    writeFileSync(file, bytes);
    const again = open(file);
    const guest = managedGuest({ store: again });
    expect(errnoOf(() => guest.managed.secretFromId(guest.manager, id))).toBe('InternalError');
    for (const walk of [() => again.list(), () => again.verify()]) expect(walk).toThrow(code('corrupt'));
    again.close();
  });

  it('of which a page is destroyed has the rest, never anything wrong, and a backup is good', () => {
    const file = newFile();
    const records = sqliteStore(file, { engine });
    const store = newStore(records, { cache: 0 });
    const { managed, manager } = managedGuest({ store });
    const ids = Array.from({ length: 60 }, (_, fill) =>
      managed.secretStore(manager, new Uint8Array(300).fill(fill), NEVER),
    );
    const victim = records.read((reading) => reading.records('test', ids[30] as Uint8Array, [1n]))[0]?.wrapped;
    store.backup(`${file}.backup`);
    store.close();
    const bytes = readFileSync(file);
    const page = Math.floor(bytes.indexOf(victim as Uint8Array) / 4096) * 4096;
    expect(page).toBeGreaterThan(0);
    writeFileSync(file, bytes.fill(0xaa, page, page + 4096));
    const damaged = openKeyStore({ records: sqliteStore(file, { engine }), kek: testKek(), cache: 0 });
    const guest = managedGuest({ store: damaged });
    const answers = ids.map((id, fill) => {
      let found: Uint8Array | undefined;
      const errno = errnoOf(() => (found = guest.managed.secretFromId(guest.manager, id)));
      if (found !== undefined) expect(found[0]).toBe(fill);
      return errno;
    });
    expect(answers[30]).toBe('InternalError');
    expect(new Set(answers)).toEqual(new Set(['Success', 'InternalError']));
    expect(codesOf(guest.errors)).toContain('corrupt');
    expect(() => damaged.verify()).toThrow(code('corrupt'));
    damaged.close();
    const whole = newStore(sqliteStore(`${file}.backup`, { engine }));
    expect(whole.verify()).toMatchObject({ ids: 60, problems: [] });
    whole.close();
  });

  it.runIf(tellsDescriptors)(
    'lets go of its files when it is closed, by libsql once what was prepared is collected',
    async () => {
      const file = newFile();
      const store = open(file);
      managedGuest({ store }).managed.guest.host.close();
      expect(openFiles(file)).not.toEqual([]);
      store.close();
      expect(engine === 'libsql' ? await openAfterCollection(file) : openFiles(file)).toEqual([]);
    },
  );

  it('with text in its file that is no UTF-8 does not open there, and the process goes on', () => {
    const file = newFile();
    const store = open(file);
    const { managed, manager } = managedGuest({ store });
    const id = managed.secretStore(manager, id32, NEVER);
    store.close();
    const bytes = readFileSync(file);
    for (const word of ['secret', '{"at"']) {
      for (let at = bytes.indexOf(word); at >= 0; at = bytes.indexOf(word, at + 1)) bytes[at + 2] = 0xff;
    }
    writeFileSync(file, bytes);
    const again = open(file);
    const guest = managedGuest({ store: again });
    expect(errnoOf(() => guest.managed.secretFromId(guest.manager, id))).toBe('InternalError');
    expect(() => again.audit()).toThrow(code('corrupt'));
    expect(again.auditProblem()).toMatch(/a line of the log was changed/);
    expect(codesOf(guest.errors)).toEqual(['tampered']);
    again.close();
  });

  it.each([
    [
      'a view for a table',
      "DROP TABLE settings; CREATE VIEW settings (name, value) AS WITH RECURSIVE forever (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM forever) SELECT 'root', n FROM forever WHERE n < 0",
    ],
    [
      'a view for the version',
      'DROP TABLE schema_version; CREATE VIEW Schema_Version (version) AS WITH RECURSIVE forever (n) AS (SELECT 1 UNION ALL SELECT n FROM forever) SELECT n FROM forever',
    ],
    [
      'a trigger',
      'CREATE TRIGGER more AFTER INSERT ON records BEGIN DELETE FROM records WHERE version = NEW.version; END',
    ],
    ['an index', 'CREATE INDEX few ON records (tenant) WHERE tenant < 5'],
    ['another table', 'ALTER TABLE log ADD COLUMN more TEXT'],
    ['a virtual table', 'DROP TABLE settings; CREATE VIRTUAL TABLE settings USING fts5(name, value)'],
  ])('is refused with %s that is none of its own', (_, sql) => {
    const file = newFile();
    open(file).close();
    const driver = raw(file);
    driver.exec(sql);
    driver.close();
    expect(() => open(file)).toThrow(code('tampered'));
    expect(() => open(file)).toThrow(/none of a key store/);
  });

  it('opens beside tables of others', () => {
    const file = newFile();
    open(file).close();
    const driver = raw(file);
    driver.exec(
      'CREATE TABLE _litestream_seq (id INTEGER PRIMARY KEY, seq INTEGER); CREATE VIEW others AS SELECT 1; ANALYZE',
    );
    driver.close();
    const store = open(file);
    expect(store.verify().problems).toEqual([]);
    store.close();
  });

  it('with columns that nobody wrote so has records that do not open, and all others', () => {
    const file = newFile();
    const store = open(file);
    const ids = ['a', 'b', 'c', 'd', 'e'].map(
      (name) => store.provision({ tenant: 't', name, algorithm: 'Ed25519' }).id,
    );
    store.close();
    const driver = raw(file);
    ["kind = 'other'", 'flags = 1 << 60', "created = x'00'", 'wrapped = zeroblob(40)'].forEach((change, index) =>
      driver.exec(`UPDATE records SET ${change} WHERE hex(id) = upper('${ids[index]}')`),
    );
    driver.close();
    const again = open(file);
    const listed = again.list();
    expect(listed.map(({ id }) => id).sort()).toEqual([...ids].sort());
    expect(listed.flatMap((each) => ('problem' in each ? [] : [each.name]))).toEqual(['e']);
    expect(again.verify().problems.length).toBeGreaterThanOrEqual(4);
    for (const name of ['a', 'b', 'c', 'd']) again.invalidate({ tenant: 't', name }, 'all');
    expect(again.verify()).toMatchObject({ ids: 5, versions: 1, problems: [] });
    again.close();
  });

  it('whose table and index differ is corrupt, and nobody pages through it for ever', () => {
    const file = newFile();
    const store = open(file);
    const { managed, manager } = managedGuest({ store });
    for (let count = 0; count < 150; count += 1) managed.keys.generate(manager, 'AES-128-GCM');
    // Pages end here, and would begin again.
    const last = Buffer.from(store.list().at(-1)?.id ?? '', 'hex');
    store.close();
    const bytes = readFileSync(file);
    const entry = Buffer.concat([Buffer.from('test'), last, Buffer.alloc(8)]);
    const places: number[] = [];
    for (let at = bytes.indexOf(entry); at >= 0; at = bytes.indexOf(entry, at + 1)) places.push(at);
    // In the table the kind follows.
    const inIndex = places.filter(
      (at) =>
        !bytes
          .subarray(at + entry.length)
          .toString('latin1', 0, 9)
          .startsWith('symmetric'),
    );
    expect([places.length, inIndex.length]).toEqual([2, 1]);
    for (const at of inIndex) bytes.write('aaaa', at);
    writeFileSync(file, bytes);
    const damaged = open(file);
    expect(() => {
      for (let page = damaged.list(); page.length > 0; page = damaged.list({ after: page.at(-1) }));
    }).toThrow(code('corrupt'));
    expect(() => damaged.verify()).toThrow(code('corrupt'));
    damaged.close();
  });

  it('knows its own tables only', () => {
    const file = newFile();
    const records = sqliteStore(file, { engine });
    records.close();
    const again = sqliteStore(file, { engine });
    again.close();
    const driver = raw(file);
    driver.exec('INSERT INTO schema_version (version) VALUES (99)');
    driver.close();
    expect(() => sqliteStore(file, { engine })).toThrow(code('newer'));
  });

  /** `WASI_CRYPTO_EVERY_BYTE=1`: all of them, which takes minutes. */
  it('with a byte of its file flipped never gives a wrong secret', () => {
    const file = newFile();
    const driver = raw(file);
    driver.exec('PRAGMA page_size = 512; PRAGMA journal_mode = WAL; CREATE TABLE unused (a)');
    driver.close();
    chmodSync(file, 0o600);
    const store = open(file);
    const secrets = new Map<string, Uint8Array>();
    for (const tenant of ['one', 'two']) {
      const { managed, manager } = managedGuest({ store, tenant });
      const secret = new Uint8Array(32).fill(secrets.size + 1);
      secrets.set(tenant, managed.secretStore(manager, secret, NEVER));
      managed.secretReplace(
        manager,
        new Uint8Array(32).fill(secrets.size + 10),
        NEVER,
        secrets.get(tenant) as Uint8Array,
      );
    }
    store.close();
    const whole = readFileSync(file);
    const step = process.env['WASI_CRYPTO_EVERY_BYTE'] === '1' ? 1 : 101;
    const copy = newFile();
    const answers = new Set<string>();
    for (let at = 0; at < whole.length; at += step) {
      const changed = Buffer.from(whole);
      changed[at] = (changed[at] as number) ^ (1 << (at % 8));
      for (const suffix of ['-wal', '-shm']) rmSync(`${copy}${suffix}`, { force: true });
      writeFileSync(copy, changed, { mode: 0o600 });
      let flipped: KeyStore;
      try {
        flipped = openKeyStore({ records: sqliteStore(copy, { engine }), kek: testKek(), create: false, cache: 0 });
      } catch (error) {
        answers.add(error instanceof Error && error.name === 'SecretsError' ? 'does not open' : String(error));
        continue;
      }
      [...secrets].forEach(([tenant, id], index) => {
        const { managed, manager } = managedGuest({ store: flipped, tenant });
        for (const version of [1n, 2n]) {
          let found: Uint8Array | undefined;
          const errno = errnoOf(() => (found = managed.secretFromId(manager, id, version)));
          if (found !== undefined) expect(found[0]).toBe(index + 1 + (version === 2n ? 10 : 0));
          answers.add(errno);
        }
      });
      flipped.close();
    }
    for (const answer of answers) expect(['Success', 'InternalError', 'NotFound', 'does not open']).toContain(answer);
    expect(answers).toContain('InternalError');
  });
});

const id32 = new Uint8Array(32).fill(5);

/** Without what a store does. */
function raw(file: string): { exec(sql: string): void; close(): void } {
  const [engine] = sqliteEngines;
  if (engine === 'libsql')
    return new (
      createRequire(import.meta.url)('libsql') as new (file: string) => { exec(sql: string): void; close(): void }
    )(file);
  const { DatabaseSync } = process.getBuiltinModule('node:sqlite');
  return new DatabaseSync(file);
}

it('without an engine there is a clear error', () => {
  if (sqliteEngines.length === 2) return;
  expect(() => sqliteStore(newFile(), { engine: 'node:sqlite' })).toThrow(
    expect.objectContaining({ code: 'no-engine', message: expect.stringContaining('Node 22.13') }),
  );
});
