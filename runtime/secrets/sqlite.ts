/**
 * SQLite in a file, for the hosts of one machine: by `node:sqlite` where Node has it (22.13 and later), else by the package
 * `libsql`. Both are synchronous.
 *
 * What had to be found out (measured, SQLite 3.45 to 3.51):
 * - files come out readable by all: they are made with mode 0600 before SQLite opens them, and `-wal` and `-shm` get the same;
 * - a transaction that reads first and writes later fails at once where another writes: `BEGIN IMMEDIATE` waits;
 * - writes to a file that was deleted succeed: its inode is compared in each transaction;
 * - libsql 0.5 ends the process where text in the file is no UTF-8, and any value there can be called text: all are read as bytes;
 * - what was deleted stays in the file and in the WAL: `secure_delete` and a checkpoint that truncates take it away.
 */
import { accessSync, closeSync, constants, fsyncSync, openSync, rmSync, statSync, type Stats } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname } from 'node:path';
import { ChangeFile } from './change-file.js';
import { syncFolderOf } from './files.js';
import { sqlStore, type SqlEngine, type SqlRow, type SqlValue } from './sql-store.js';
import { SecretsError, type RecordStore, type SecretsErrorCode } from './store.js';

export interface SqliteOptions {
  /** Default: `node:sqlite` if Node has it, else `libsql` if it is installed. */
  readonly engine?: 'node:sqlite' | 'libsql' | undefined;
  /** How long to wait for other processes that write, in milliseconds. Default: 5 000. */
  readonly busyTimeout?: number | undefined;
  /** Whether a file is made where there is none. Default: true. */
  readonly create?: boolean | undefined;
}

/**
 * Records in a file, which is made with mode 0600 if it is not there. Any number of processes of a machine may open it, on a
 * local file system.
 *
 * Errors: `SecretsError`: `no-engine`, `insecure` where others can read or write the file, `read-only` where it or its folder cannot be
 * written, `not-found`, `newer`, `corrupt`, `full`, `unavailable`.
 *
 * @param file its path
 */
export function sqliteStore(file: string, options: SqliteOptions = {}): RecordStore {
  return sqlStore(new SqliteEngine(file, options));
}

/** As much of a database as is used; the same for both libraries. */
interface Driver {
  exec(sql: string): void;
  prepare(sql: string): (parameters: readonly SqlValue[]) => readonly SqlRow[];
  /** Another number when another connection has written. Asked at each lookup. */
  dataVersion(): unknown;
  close(): void;
}

const CHECK_MILLISECONDS = 100;

class SqliteEngine implements SqlEngine {
  readonly description: string;
  readonly dialect = {
    bytes: 'BLOB',
    text: 'TEXT',
    table: 'STRICT',
    asBytes: (column: string, type: 'text' | 'bytes'): string =>
      `CASE WHEN typeof(${column}) = '${type === 'text' ? 'text' : 'blob'}' THEN CAST(${column} AS BLOB) END AS ${column}`,
  };
  readonly #file: string;
  readonly #place: Stats;
  #driver: Driver | undefined;
  #changeFile: ChangeFile | undefined;
  readonly #statements = new Map<string, (parameters: readonly SqlValue[]) => readonly SqlRow[]>();
  #inTransaction = false;
  /** A checkpoint is due: what was removed is still in the WAL. */
  #eraseDue = false;
  #dataVersion: unknown;
  /** What the change file said last. */
  #token: number | undefined;
  #changes = 0;
  #checked = 0;

  constructor(file: string, { engine, busyTimeout = 5000, create = true }: SqliteOptions) {
    this.#file = file;
    this.#place = prepareFile(file, create);
    const [name, open] = findDriver(engine);
    this.description = `SQLite (${name}) ${file}`;
    this.#driver = this.#judged(() => open(file));
    try {
      this.#exec(`PRAGMA busy_timeout = ${Math.trunc(busyTimeout)}`);
      for (const [pragma, expected] of [
        ['journal_mode = WAL', 'wal'],
        ['synchronous = FULL', undefined],
        ['secure_delete = ON', 1],
        ['trusted_schema = OFF', undefined],
      ] as const) {
        const answer = Object.values(this.query(`PRAGMA ${pragma}`, [])[0] ?? {})[0];
        if (expected !== undefined && answer !== expected)
          throw new SecretsError('unavailable', `${this.description} refuses ${pragma}: is it on a local disk?`);
      }
      this.#changeFile = ofSystem(`${file}-changes`, (path) => new ChangeFile(path));
    } catch (error) {
      this.close();
      throw error;
    }
  }

  /** Tables of others are left alone: nothing of theirs runs when ours are used. */
  requireTables(definitions: readonly string[]): void {
    const expected = new Map(definitions.map((sql) => [/^CREATE TABLE (\w+)/.exec(sql)?.[1] ?? '', sql]));
    for (const row of this.query(SCHEMA, [])) {
      const [type, name, table, sql] = ['type', 'name', 'tbl_name', 'sql'].map((column) => latin(row[column]));
      // SQLite tells names apart without regard to case.
      const own = expected.get(`${table}`.toLowerCase()) ?? expected.get(`${name}`.toLowerCase());
      const isTable = type === 'table' && name === table && sql === own?.trim();
      const isKey = type === 'index' && sql === undefined;
      if (own !== undefined && !isTable && !isKey)
        throw new SecretsError(
          'tampered',
          `${this.description} has a ${type} ${name} that is none of a key store: somebody else has defined it`,
        );
    }
  }

  query(sql: string, parameters: readonly SqlValue[]): readonly SqlRow[] {
    const driver = this.#open();
    return this.#judged(() => {
      let statement = this.#statements.get(sql);
      if (statement === undefined) {
        statement = driver.prepare(sql);
        if (this.#statements.size < MOST_STATEMENTS) this.#statements.set(sql, statement);
      }
      return statement(parameters);
    });
  }

  read<T>(work: () => T): T {
    return this.#transaction('BEGIN', work);
  }

  write<T>(work: () => T): T {
    return this.#transaction('BEGIN IMMEDIATE', work);
  }

  /** Others may be reading what is in the WAL, longer than can be waited for: then it is tried again after the next transaction. */
  erase(): void {
    this.#eraseDue = true;
    try {
      this.#eraseDue = this.query('PRAGMA wal_checkpoint(TRUNCATE)', [])[0]?.['busy'] !== 0;
    } catch (error) {
      if (error instanceof SecretsError && error.code === 'busy') return;
      throw new SecretsError(
        'uncertain',
        'the change was made, but what it took away could not be erased from the disk',
        {
          cause: error,
        },
      );
    }
  }

  /** What writes without this package is noticed within `CHECK_MILLISECONDS`. */
  changes(): number {
    const driver = this.#open();
    const now = performance.now();
    const isDue = now - this.#checked > CHECK_MILLISECONDS;
    if (isDue) {
      this.#requireFile();
      ofSystem(this.#file, () => this.#changeFile?.refresh());
      this.#checked = now;
    }
    const token = ofSystem(this.#file, () => this.#changeFile?.read());
    let changed = token !== this.#token;
    this.#token = token;
    if (changed || token === undefined || isDue) {
      const found = this.#judged(() => driver.dataVersion());
      changed ||= found !== this.#dataVersion;
      this.#dataVersion = found;
    }
    if (changed) this.#changes += 1;
    return this.#changes;
  }

  backup(file: string): void {
    // SQLite takes an empty file for none, and would make its own for all to read.
    closeSync(opened(file, 'wx'));
    try {
      this.query('VACUUM INTO ?', [file]);
      const descriptor = opened(file, 'r+');
      try {
        ofSystem(file, () => fsyncSync(descriptor));
      } finally {
        closeSync(descriptor);
      }
      ofSystem(file, syncFolderOf);
    } catch (error) {
      // What is there is no backup.
      rmSync(file, { force: true });
      throw error;
    }
  }

  /** libsql keeps its files open until what was prepared is collected: a copy of the file alone has to be whole before. */
  close(): void {
    if (this.#driver === undefined) return;
    try {
      this.query('PRAGMA wal_checkpoint(TRUNCATE)', []);
    } catch (error) {
      // What is committed is durable in the WAL, too.
      if (!(error instanceof SecretsError)) throw error;
    } finally {
      this.#statements.clear();
      this.#driver.close();
      this.#driver = undefined;
      this.#changeFile?.close();
    }
  }

  #transaction<T>(begin: string, work: () => T): T {
    if (this.#inTransaction) throw new SecretsError('busy', 'a transaction is running');
    this.#requireFile();
    this.#exec(begin);
    this.#inTransaction = true;
    let result: T;
    try {
      // Whoever deletes the file between this and the commit has the last word, as with any other program.
      this.#requireFile();
      result = work();
      if (begin === 'BEGIN') this.#exec('COMMIT');
      else this.#commit();
      this.#inTransaction = false;
    } catch (error) {
      this.#inTransaction = false;
      this.#rollBack();
      throw error;
    }
    if (this.#eraseDue && begin !== 'BEGIN') this.erase();
    return result;
  }

  #commit(): void {
    ofSystem(this.#file, () => this.#changeFile?.begin());
    try {
      this.#exec('COMMIT');
      this.#changes += 1;
    } finally {
      try {
        this.#changeFile?.end();
      } catch {
        // The number stays odd: lookups ask the database, until the next commit.
      }
    }
  }

  #rollBack(): void {
    try {
      this.#exec('ROLLBACK');
    } catch {
      // SQLite has rolled back by itself, as it does where a disk is full.
    }
  }

  #exec(sql: string): void {
    const driver = this.#open();
    this.#judged(() => driver.exec(sql));
  }

  #open(): Driver {
    if (this.#driver === undefined) throw new SecretsError('unavailable', 'the store is closed');
    return this.#driver;
  }

  #requireFile(): void {
    this.#open();
    const now = statSync(this.#file, { throwIfNoEntry: false });
    if (now === undefined || now.ino !== this.#place.ino || now.dev !== this.#place.dev)
      throw new SecretsError('gone', `${this.#file} was deleted or exchanged while it was open: open the store again`);
  }

  /** Errors of SQLite as those of stores. */
  #judged<T>(run: () => T): T {
    try {
      return run();
    } catch (error) {
      const code = resultCode(error);
      if (code === undefined && isBeyond(error))
        throw new SecretsError('corrupt', `${this.#file} has a number that is none of a key store`, { cause: error });
      if (code === undefined) throw error;
      const name = codes[code] ?? codes[code & 0xff] ?? 'unavailable';
      const said = error instanceof Error ? error.message : '';
      throw new SecretsError(name, `${this.#file}: ${said} (SQLite's code ${code})`, { cause: error });
    }
  }
}

/** What somebody else has written need not be UTF-8. */
const SCHEMA = `SELECT ${['type', 'name', 'tbl_name', 'sql'].map((each) => `CAST(${each} AS BLOB) AS ${each}`).join(', ')} FROM sqlite_schema`;

function latin(value: SqlValue | undefined): string | undefined {
  return value instanceof Uint8Array ? Buffer.from(value).toString('latin1') : undefined;
}

/** The statements of `sql-store.ts` are few; lists of versions have many lengths. */
const MOST_STATEMENTS = 64;

/** SQLite's result codes (sqlite.org/rescode.html). */
const codes: Readonly<Record<number, SecretsErrorCode>> = {
  5: 'busy',
  6: 'busy',
  8: 'read-only',
  1032: 'gone',
  11: 'corrupt',
  13: 'full',
  19: 'corrupt',
  26: 'corrupt',
  // Of input and output: a disk of which nothing is left says so in many ways.
  10: 'unavailable',
  14: 'unavailable',
};

/** `node:sqlite` calls it `errcode`, `libsql` `rawCode`. */
function resultCode(error: unknown): number | undefined {
  if (typeof error !== 'object' || error === null) return undefined;
  const code: unknown = 'errcode' in error ? error.errcode : 'rawCode' in error ? error.rawCode : undefined;
  return typeof code === 'number' ? code : undefined;
}

/** Of an integer that `node:sqlite` cannot give as a number. */
function isBeyond(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ERR_OUT_OF_RANGE';
}

function prepareFile(file: string, create: boolean): Stats {
  const found = statSync(file, { throwIfNoEntry: false });
  if (found === undefined) {
    if (!create) throw new SecretsError('not-found', `there is no file ${file}`);
    try {
      closeSync(opened(file, 'wx'));
    } catch (error) {
      // Another process has made it meanwhile.
      if (!(error instanceof SecretsError) || error.code !== 'exists') throw error;
    }
    return prepareFile(file, false);
  }
  if (!found.isFile()) throw new SecretsError('unavailable', `${file} is no file`);
  if (process.getuid !== undefined && (found.mode & 0o077) !== 0)
    throw new SecretsError('insecure', `others than its owner can use the file ${file}: chmod 600 ${file}`);
  // SQLite's log lies beside it. What the system says here, SQLite calls a file that cannot be opened.
  for (const place of [file, dirname(file)]) ofSystem(place, () => accessSync(place, constants.R_OK | constants.W_OK));
  return found;
}

function opened(file: string, flags: 'wx' | 'r+'): number {
  return ofSystem(file, () => openSync(file, flags, 0o600));
}

/** What the system says of a file; `unavailable` where it is not among them. */
const systemCodes: Readonly<Record<string, SecretsErrorCode>> = {
  EEXIST: 'exists',
  EROFS: 'read-only',
  EACCES: 'read-only',
  EPERM: 'read-only',
  ENOSPC: 'full',
  EDQUOT: 'full',
};

function ofSystem<T>(file: string, run: (file: string) => T): T {
  try {
    return run(file);
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : undefined;
    if (code === undefined) throw error;
    throw new SecretsError(systemCodes[code] ?? 'unavailable', `${file} cannot be made or used (${code})`, {
      cause: error,
    });
  }
}

type Opener = (file: string) => Driver;

interface Statement {
  all(...parameters: readonly unknown[]): readonly SqlRow[];
  get(...parameters: readonly unknown[]): unknown;
}

interface Database {
  exec(sql: string): void;
  prepare(sql: string): Statement;
  close(): void;
}

function findDriver(wanted: SqliteOptions['engine']): readonly [name: string, open: Opener] {
  if (wanted !== 'libsql') {
    const found = process.getBuiltinModule('node:sqlite') as
      { DatabaseSync: new (file: string) => Database } | undefined;
    if (found !== undefined) return ['node:sqlite', (file) => nodeDriver(new found.DatabaseSync(file))];
  }
  if (wanted !== 'node:sqlite') {
    try {
      const Libsql = createRequire(import.meta.url)('libsql') as new (file: string) => Database;
      return ['libsql', (file) => libsqlDriver(new Libsql(file))];
    } catch (error) {
      if (!(error instanceof Error && 'code' in error && error.code === 'MODULE_NOT_FOUND')) throw error;
    }
  }
  throw new SecretsError(
    'no-engine',
    `there is no ${wanted ?? 'SQLite'}: node:sqlite needs Node 22.13 (this is ${process.versions.node}); for older ones \`npm install libsql\``,
  );
}

const DATA_VERSION = 'PRAGMA data_version';

function nodeDriver(database: Database): Driver {
  const version = database.prepare(DATA_VERSION);
  return {
    dataVersion: () => (version.get() as SqlRow)['data_version'],
    exec: (sql) => database.exec(sql),
    prepare: (sql) => {
      const statement = database.prepare(sql);
      return (parameters) => statement.all(...parameters);
    },
    close: () => database.close(),
  };
}

/** libsql 0.5 ends the process where a single array of bytes is the only parameter: parameters are always a list. */
function libsqlDriver(database: Database): Driver {
  const version = database.prepare(DATA_VERSION);
  return {
    dataVersion: () => (version.get([]) as SqlRow)['data_version'],
    exec: (sql) => database.exec(sql),
    prepare: (sql) => {
      const statement = database.prepare(sql);
      const isQuery = /^\s*(SELECT|PRAGMA)/.test(sql);
      if (!isQuery) {
        const writing = statement as unknown as { run(parameters: readonly SqlValue[]): unknown };
        return (parameters) => {
          writing.run(parameters);
          return [];
        };
      }
      return (parameters) => statement.all(parameters).map(withBytes);
    },
    close: () => database.close(),
  };
}

/** libsql gives bytes as array buffers. */
function withBytes(row: SqlRow): SqlRow {
  return Object.fromEntries(
    Object.entries(row).map(([name, value]: [string, unknown]) => [
      name,
      value instanceof ArrayBuffer ? new Uint8Array(value) : value,
    ]),
  ) as SqlRow;
}
