/**
 * Records in a database of SQL: the schema, its migrations and the statements, which are the same for every engine. An engine
 * (`sqlite.ts`) runs them, and knows its transactions and its errors.
 */
import {
  HEAD,
  recordKinds,
  recordStates,
  SecretsError,
  type KeyRecord,
  type ListQuery,
  type LogEntry,
  type Reading,
  type RecordPlace,
  type RecordStore,
  type Writing,
} from './store.js';

export type SqlValue = string | number | Uint8Array;
export type SqlRow = Readonly<Record<string, SqlValue>>;

/** What engines spell differently in definitions of tables. */
export interface SqlDialect {
  /** The type of bytes. */
  readonly bytes: string;
  /** The type of text that is compared by its bytes. */
  readonly text: string;
  /** What follows the columns. */
  readonly table: string;
  /**
   * Selects a column of text or bytes as bytes, under its own name, and as nothing where a value has another type; absent: each has the type
   * of its column, whatever was written into the database's files.
   */
  readonly asBytes?: ((column: string, type: 'text' | 'bytes') => string) | undefined;
}

/** Calls are synchronous; an engine whose database is reached by messages waits inside. Errors: `SecretsError`. */
export interface SqlEngine {
  readonly description: string;
  readonly dialect: SqlDialect;
  /**
   * Judges the tables that are there under the names of these: whoever writes to a file of SQLite can put a view for one, which runs for ever,
   * or a trigger on it. Absent where nobody but the store's own role can define any. Errors: `SecretsError` (`tampered`).
   *
   * @param definitions `CREATE TABLE` statements, as they were given
   */
  requireTables?(definitions: readonly string[]): void;
  /** Runs a statement whose parameters are question marks; statements are few, and may be prepared once. */
  query(sql: string, parameters: readonly SqlValue[]): readonly SqlRow[];
  /** Reads as of one moment. May run it again. */
  read<T>(work: () => T): T;
  /** Keeps others from writing, then commits durably, or rolls back where `work` throws. May run it again. */
  write<T>(work: () => T): T;
  /** Makes what was removed unreadable in the database's files, where it can. After a transaction that removed something. */
  erase(): void;
  /** As `RecordStore.changes`. */
  changes(): number;
  backup?(file: string): void;
  close(): void;
}

/** Each brings a database from the version before to the next; those that were released never change. */
const migrations: readonly ((dialect: SqlDialect) => readonly string[])[] = [
  ({ bytes, text, table }) => [
    `CREATE TABLE settings (name ${text} PRIMARY KEY, value ${bytes} NOT NULL) ${table}`,
    `CREATE TABLE records (tenant ${text} NOT NULL, id ${bytes} NOT NULL, version ${bytes} NOT NULL,
       kind ${text} NOT NULL, algorithm ${text} NOT NULL, flags INTEGER NOT NULL, created ${bytes} NOT NULL,
       expires ${bytes} NOT NULL, state ${text} NOT NULL, wrapped ${bytes} NOT NULL,
       PRIMARY KEY (tenant, id, version)) ${table}`,
    `CREATE TABLE log (sequence ${bytes} PRIMARY KEY, entry ${text} NOT NULL, chain ${bytes} NOT NULL) ${table}`,
  ],
];

/** Makes the tables, or brings them to the version of this package. Errors: `SecretsError` (`newer`). The engine becomes the store's. */
export function sqlStore(engine: SqlEngine): RecordStore {
  try {
    engine.write(() => migrate(engine));
  } catch (error) {
    engine.close();
    throw error;
  }
  return new SqlStore(engine);
}

function migrate(engine: SqlEngine): void {
  const { dialect } = engine;
  const versions = `CREATE TABLE schema_version (version INTEGER PRIMARY KEY) ${dialect.table}`;
  engine.requireTables?.([versions]);
  engine.query(versions.replace('CREATE TABLE', '$& IF NOT EXISTS'), []);
  const found = engine.query('SELECT MAX(version) AS version FROM schema_version', [])[0]?.['version'];
  const version = typeof found === 'number' ? found : 0;
  if (version > migrations.length)
    throw new SecretsError(
      'newer',
      `${engine.description} has version ${version} of the tables, this package knows ${migrations.length}: update it`,
    );
  engine.requireTables?.(migrations.slice(0, version).flatMap((statements) => statements(dialect)));
  migrations.slice(version).forEach((statements, index) => {
    for (const statement of statements(dialect)) engine.query(statement, []);
    engine.query('INSERT INTO schema_version (version) VALUES (?)', [version + index + 1]);
  });
}

class SqlStore implements RecordStore {
  readonly description: string;
  readonly backup?: (file: string) => void;
  readonly #engine: SqlEngine;

  constructor(engine: SqlEngine) {
    this.#engine = engine;
    this.description = engine.description;
    if (engine.backup !== undefined) this.backup = (file) => engine.backup?.(file);
  }

  read<T>(work: (reading: Reading) => T): T {
    return this.#engine.read(() => work(new SqlTransaction(this.#engine)));
  }

  write<T>(work: (writing: Writing) => T): T {
    let removed = false;
    const result = this.#engine.write(() => {
      const transaction = new SqlTransaction(this.#engine);
      const made = work(transaction);
      removed = transaction.hasRemoved;
      return made;
    });
    if (removed) this.#engine.erase();
    return result;
  }

  changes(): number {
    return this.#engine.changes();
  }

  close(): void {
    this.#engine.close();
  }
}

const columnNames = ['tenant', 'id', 'version', 'kind', 'algorithm', 'flags', 'created', 'expires', 'state', 'wrapped'];
const textColumns = ['name', 'tenant', 'kind', 'algorithm', 'state', 'entry'];
const columns = columnNames.join(', ');
/** Others are no numbers that every engine can give. */
const FLAGS = 'CASE WHEN flags BETWEEN 0 AND 2147483647 THEN flags END AS flags';
/** Databases limit the number of parameters. */
const MOST_VERSIONS = 500;

class SqlTransaction implements Writing {
  hasRemoved = false;
  readonly #engine: SqlEngine;

  constructor(engine: SqlEngine) {
    this.#engine = engine;
  }

  #selected(names: readonly string[]): string {
    const { asBytes } = this.#engine.dialect;
    const selected = (name: string): string =>
      name === 'flags' ? FLAGS : (asBytes?.(name, textColumns.includes(name) ? 'text' : 'bytes') ?? name);
    return names.map(selected).join(', ');
  }

  setting(name: string): Uint8Array | undefined {
    const row = this.#engine.query(`SELECT ${this.#selected(['value'])} FROM settings WHERE name = ?`, [name])[0];
    return row === undefined ? undefined : bytesOf(row, 'value');
  }

  settings(names: readonly string[]): ReadonlyMap<string, Uint8Array> {
    const marks = names.map(() => '?').join(', ');
    const sql = `SELECT ${this.#selected(['name', 'value'])} FROM settings WHERE name IN (${marks})`;
    return new Map(this.#engine.query(sql, names).map((row) => [textOf(row, 'name'), bytesOf(row, 'value')]));
  }

  records(tenant: string, id: Uint8Array, versions: readonly bigint[]): readonly KeyRecord[] {
    if (versions.length > MOST_VERSIONS) {
      const first = versions.slice(0, MOST_VERSIONS);
      return [...this.records(tenant, id, first), ...this.records(tenant, id, versions.slice(MOST_VERSIONS))];
    }
    if (versions.length === 0) return [];
    const marks = versions.map(() => '?').join(', ');
    const sql = `SELECT ${this.#selected(columnNames)} FROM records WHERE tenant = ? AND id = ? AND version IN (${marks})`;
    return this.#engine.query(sql, [tenant, id, ...versions.map(stored)]).map(recordOf);
  }

  list({ tenant, heads, after, limit }: ListQuery): readonly KeyRecord[] {
    const conditions: string[] = [];
    const parameters: SqlValue[] = [];
    const where = (condition: string, ...given: readonly SqlValue[]): void => {
      conditions.push(condition);
      parameters.push(...given);
    };
    if (tenant !== undefined) where('tenant = ?', tenant);
    if (heads === true) where('version = ?', stored(HEAD));
    if (after !== undefined) where('(tenant, id, version) > (?, ?, ?)', after.tenant, after.id, stored(after.version));
    const condition = conditions.length === 0 ? '' : `WHERE ${conditions.join(' AND ')}`;
    const sql = `SELECT ${this.#selected(columnNames)} FROM records ${condition}
      ORDER BY records.tenant, records.id, records.version LIMIT ?`;
    const records = this.#engine.query(sql, [...parameters, limit]).map(recordOf);
    // Who asks for one page after the other would do so for ever.
    let before: RecordPlace | undefined = after;
    for (const record of records) {
      if (before !== undefined && !isBefore(before, record))
        throw new SecretsError('corrupt', 'records are not in their order: a table and its index differ');
      before = record;
    }
    return records;
  }

  log(after: bigint, limit: number): readonly LogEntry[] {
    const sql = `SELECT ${this.#selected(['sequence', 'entry', 'chain'])} FROM log
      WHERE log.sequence > ? ORDER BY log.sequence LIMIT ?`;
    return this.#engine.query(sql, [stored(after), limit]).map((row) => ({
      sequence: numberOf(row, 'sequence'),
      entry: textOf(row, 'entry'),
      chain: bytesOf(row, 'chain'),
    }));
  }

  putSetting(name: string, value: Uint8Array): void {
    const sql = `INSERT INTO settings (name, value) VALUES (?, ?)
      ON CONFLICT (name) DO UPDATE SET value = excluded.value`;
    this.#engine.query(sql, [name, value]);
  }

  put({ tenant, id, version, kind, algorithm, flags, created, expires, state, wrapped }: KeyRecord): void {
    const sql = `INSERT INTO records (${columns}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
      ON CONFLICT (tenant, id, version) DO UPDATE SET kind = excluded.kind, algorithm = excluded.algorithm,
      flags = excluded.flags, created = excluded.created, expires = excluded.expires, state = excluded.state,
      wrapped = excluded.wrapped`;
    const dates = [stored(created), stored(expires)];
    this.#engine.query(sql, [tenant, id, stored(version), kind, algorithm, flags, ...dates, state, wrapped]);
  }

  remove(tenant: string, id: Uint8Array, version: bigint): void {
    this.hasRemoved = true;
    this.#engine.query('DELETE FROM records WHERE tenant = ? AND id = ? AND version = ?', [
      tenant,
      id,
      stored(version),
    ]);
  }

  append({ sequence, entry, chain }: LogEntry): void {
    this.#engine.query('INSERT INTO log (sequence, entry, chain) VALUES (?, ?, ?)', [stored(sequence), entry, chain]);
  }

  dropLog(through: bigint): void {
    this.#engine.query('DELETE FROM log WHERE sequence <= ?', [stored(through)]);
  }
}

/** A number of 64 bits as 8 bytes, big-endian: in their order, the numbers have theirs. */
function stored(value: bigint): Uint8Array {
  const bytes = new Uint8Array(8);
  new DataView(bytes.buffer).setBigUint64(0, value);
  return bytes;
}

/** By bytes, as the database orders. */
function isBefore(one: RecordPlace, other: RecordPlace): boolean {
  const order = Buffer.compare(Buffer.from(one.tenant), Buffer.from(other.tenant)) || Buffer.compare(one.id, other.id);
  return order === 0 ? one.version < other.version : order < 0;
}

/** One whose place is known, and whose other columns this package has not written, is a record that does not open. */
function recordOf(row: SqlRow): KeyRecord {
  const place = { tenant: textOf(row, 'tenant'), id: bytesOf(row, 'id'), version: numberOf(row, 'version') };
  try {
    const flags = row['flags'];
    if (typeof flags !== 'number') throw damaged('flags');
    return {
      ...place,
      kind: oneOf(row, 'kind', recordKinds),
      algorithm: textOf(row, 'algorithm'),
      flags,
      created: numberOf(row, 'created'),
      expires: numberOf(row, 'expires'),
      state: oneOf(row, 'state', recordStates),
      wrapped: bytesOf(row, 'wrapped'),
    };
  } catch (error) {
    if (!(error instanceof SecretsError)) throw error;
    return { ...place, ...unreadable };
  }
}

const unreadable = {
  kind: 'secret',
  algorithm: '',
  flags: 0,
  created: 0n,
  expires: 0n,
  state: 'valid',
  wrapped: new Uint8Array(0),
} as const;

function bytesOf(row: SqlRow, column: string): Uint8Array {
  const value = row[column];
  if (!(value instanceof Uint8Array)) throw damaged(column);
  return value;
}

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

function textOf(row: SqlRow, column: string): string {
  const value = row[column];
  if (typeof value === 'string') return value;
  if (!(value instanceof Uint8Array)) throw damaged(column);
  try {
    return utf8.decode(value);
  } catch {
    throw damaged(column);
  }
}

function numberOf(row: SqlRow, column: string): bigint {
  const bytes = bytesOf(row, column);
  if (bytes.length !== 8) throw damaged(column);
  return new DataView(bytes.buffer, bytes.byteOffset, 8).getBigUint64(0);
}

function oneOf<T extends string>(row: SqlRow, column: string, values: readonly T[]): T {
  const text = textOf(row, column);
  const found = values.find((each) => each === text);
  if (found === undefined) throw damaged(column);
  return found;
}

function damaged(column: string): SecretsError {
  return new SecretsError('corrupt', `a value in the column ${column} is none that this package writes`);
}
