/**
 * PostgreSQL: one store for hosts on many machines. The client is in a thread, and calls wait for it (`connection.ts`).
 *
 * - Every transaction that writes begins with an update of the one row of `commits`: one waits for the other there, so that
 *   none of them reads what another one changes, and none fails to be serialized. Whoever appends to the audit log holds that row.
 * - The row says what has been committed: a random token of each of the last transactions. Lookups read the newest, and see that
 *   anybody has written. Whoever loses the connection in the middle of a COMMIT finds there what became of it.
 * - Nothing is committed that was not told to be: a transaction that is interrupted before runs again from its beginning.
 */
import { randomBytes } from 'node:crypto';
import { sqlStore, type SqlEngine, type SqlRow, type SqlValue } from '../sql-store.js';
import { SecretsError, type RecordStore } from '../store.js';
import { Connection, Interrupted, type Statement } from './connection.js';

export interface PostgresOptions {
  /** The schema of the tables, so that a database can have several stores: lower-case letters, digits, `_`. Default: `wasi_crypto`. */
  readonly schema?: string | undefined;
  /** How long a statement may take, waiting for others that write included, in milliseconds. Default: 10 000. */
  readonly timeout?: number | undefined;
  /** Whether schema and tables are made where there are none. Default: true. */
  readonly create?: boolean | undefined;
}

/**
 * Records in a database of PostgreSQL (13 and later, encoding UTF8), by the package `pg`. Any number of hosts on any machines may have it
 * open. The connection is lost and comes back without being opened again.
 *
 * Errors: `SecretsError`: `no-engine`, `refused`, `not-found`, `newer`, `unavailable`, `read-only` where the role may not make tables.
 *
 * @param url `postgres://role@host:5432/database?sslmode=verify-full`; a folder of sockets as `?host=/run/postgresql`. A password may
 *   stand in it, in `PGPASSWORD`, or in `~/.pgpass`; it is in no message
 */
export function postgresStore(url: string, options: PostgresOptions = {}): RecordStore {
  return sqlStore(new PostgresEngine(url, options));
}

/** A transaction that runs. */
interface Running {
  /** What begins it, with the first statement. */
  readonly begin: string;
  /** Where it runs; undefined: it did not begin yet. */
  connection: number | undefined;
  /** Why nothing more can be done in it. */
  failure: unknown;
}

const TOKEN_BYTES = 16;
/** Of how many transactions the tokens are kept: whoever asks later is told that nobody knows. */
const TOKENS = 64;
/** How long to wait before each further attempt, in milliseconds. */
const PAUSES = [20, 200];
const RESOLVE_PAUSE = 100;
/** The statements of `sql-store.ts` are few; lists of versions have many lengths. */
const MOST_PREPARED = 64;

class PostgresEngine implements SqlEngine {
  readonly description: string;
  readonly dialect = { bytes: 'BYTEA', text: 'TEXT COLLATE "C"', table: '' };
  readonly #connection: Connection;
  readonly #timeout: number;
  readonly #prepared = new Map<string, Statement>();
  #running: Running | undefined;
  #newest = '';
  #changes = 0;

  constructor(url: string, { schema = 'wasi_crypto', timeout = 10_000, create = true }: PostgresOptions) {
    if (!/^[a-z_][a-z0-9_]{0,62}$/.test(schema))
      throw new SecretsError('refused', `'${schema}' is no schema: lower-case letters, digits and _, 63 at most`);
    if (!Number.isSafeInteger(timeout) || timeout < 1 || timeout > 2 ** 31 - 1)
      throw new SecretsError('refused', 'a timeout is a whole number of milliseconds');
    this.#timeout = timeout;
    const setup = `SET search_path = "${schema}"; SET statement_timeout = ${timeout};
      SET idle_in_transaction_session_timeout = ${timeout}; SET client_min_messages = warning;
      SELECT set_config('synchronous_commit', 'on', false) WHERE current_setting('synchronous_commit') = 'off'`;
    this.#connection = new Connection({ url, setup, timeout });
    this.description = `PostgreSQL ${this.#connection.place} (schema ${schema})`;
    try {
      this.#prepare(schema, create);
    } catch (error) {
      this.close();
      throw error;
    }
  }

  query(sql: string, parameters: readonly SqlValue[]): readonly SqlRow[] {
    const statement = { ...this.#statement(sql), values: parameters };
    const running = this.#running;
    if (running === undefined) return this.#connection.run(undefined, [statement]).rows;
    if (running.failure !== undefined) throw running.failure;
    const first = running.connection === undefined ? [{ text: running.begin }] : [];
    try {
      return this.#connection.run(running.connection, [...first, statement], (each) => (running.connection = each))
        .rows;
    } catch (error) {
      running.failure = error;
      throw error;
    }
  }

  read<T>(work: () => T): T {
    return this.#attempts(() =>
      this.#transaction('BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY', (running) => {
        const result = work();
        if (running.failure !== undefined) throw running.failure;
        // What was read is read, whatever becomes of this.
        this.#endTold(running, 'COMMIT');
        return result;
      }),
    );
  }

  write<T>(work: () => T): T {
    return this.#attempts(() =>
      this.#transaction('BEGIN ISOLATION LEVEL READ COMMITTED', (running) => {
        const token = randomBytes(TOKEN_BYTES);
        const sql = `UPDATE commits SET changes = changes + 1,
          tokens = substring(?::bytea || tokens FROM 1 FOR ${TOKENS * TOKEN_BYTES}) RETURNING changes::float8 AS changes`;
        const changes = numberOf(this.query(sql, [token])[0]);
        const result = work();
        if (running.failure !== undefined) throw running.failure;
        this.#commit(running, token, changes);
        return result;
      }),
    );
  }

  /** The server takes away what was removed when it vacuums, and never from its write-ahead log: what lies there is sealed. */
  erase(): void {
    return undefined;
  }

  changes(): number {
    const statement = this.#statement(
      `SELECT encode(substring(tokens FROM 1 FOR ${TOKEN_BYTES}), 'hex') AS newest FROM commits`,
    );
    const { connection, rows } = this.#attempts(() => this.#connection.run(undefined, [statement]));
    // Another connection may be one to a database that was restored meanwhile.
    const newest = `${connection} ${String(rows[0]?.['newest'])}`;
    if (newest !== this.#newest) {
      this.#newest = newest;
      this.#changes += 1;
    }
    return this.#changes;
  }

  close(): void {
    this.#connection.close();
  }

  /** Two hosts may make the same store at once. */
  #prepare(schema: string, create: boolean): void {
    const found = this.#attempts(() =>
      this.query(
        `SELECT to_regclass('commits')::text AS commits, to_regnamespace(?)::text AS schema,
           current_setting('server_encoding') AS encoding`,
        [schema],
      ),
    )[0];
    if (found?.['encoding'] !== 'UTF8')
      throw new SecretsError(
        'refused',
        `${this.description} has the encoding ${String(found?.['encoding'])}: it needs UTF8`,
      );
    if (found['commits'] !== null) return;
    if (!create) throw new SecretsError('not-found', `there is no store in ${this.description}`);
    const statements = [
      'BEGIN',
      // Any number that others are unlikely to lock.
      'SELECT pg_advisory_xact_lock(7310022113)',
      ...(found['schema'] === null ? [`CREATE SCHEMA IF NOT EXISTS "${schema}"`] : []),
      `CREATE TABLE IF NOT EXISTS commits (one boolean PRIMARY KEY DEFAULT true CHECK (one), changes bigint NOT NULL,
         tokens bytea NOT NULL)`,
      `INSERT INTO commits (changes, tokens) VALUES (0, '') ON CONFLICT DO NOTHING`,
      'COMMIT',
    ];
    this.#attempts(() =>
      this.#connection.run(
        undefined,
        statements.map((text) => ({ text })),
      ),
    );
  }

  #statement(sql: string): Statement {
    const known = this.#prepared.get(sql);
    if (known !== undefined) return known;
    let count = 0;
    const text = sql.replaceAll('?', () => `$${(count += 1)}`);
    if (this.#prepared.size >= MOST_PREPARED || !/^\s*(SELECT|INSERT|UPDATE|DELETE)/.test(sql)) return { text };
    const statement = { text, name: `wasi_crypto_${this.#prepared.size}` };
    this.#prepared.set(sql, statement);
    return statement;
  }

  #transaction<T>(begin: string, work: (running: Running) => T): T {
    if (this.#running !== undefined) throw new SecretsError('busy', 'a transaction is running');
    const running: Running = { begin, connection: undefined, failure: undefined };
    this.#running = running;
    try {
      return work(running);
    } catch (error) {
      this.#endTold(running, 'ROLLBACK');
      // What `work` makes of a failure does not say whether it may run again.
      throw running.failure ?? error;
    } finally {
      this.#running = undefined;
    }
  }

  #endTold({ connection }: Running, text: 'COMMIT' | 'ROLLBACK'): void {
    if (connection !== undefined) this.#connection.tell(connection, { text });
  }

  #commit(running: Running, token: Uint8Array, changes: number): void {
    const { connection } = running;
    running.connection = undefined;
    let answer: string;
    try {
      answer = this.#connection.run(connection, [{ text: 'COMMIT' }]).command;
    } catch (error) {
      const isOpen = error instanceof Interrupted && error.lost;
      if (isOpen && this.#isCommitted(token, changes)) return;
      throw error;
    }
    // A transaction in which a statement has failed ends otherwise.
    if (answer !== 'COMMIT') throw new SecretsError('unavailable', `${this.description} has rolled back`);
  }

  /** What became of a COMMIT that nobody has answered. Waits for the end of its transaction. Errors: `uncertain`. */
  #isCommitted(token: Uint8Array, changes: number): boolean {
    const statement = {
      text: 'SELECT changes::float8 AS changes, (position($1::bytea IN tokens) > 0)::int AS found FROM commits FOR UPDATE',
      values: [token],
    };
    const end = performance.now() + this.#timeout;
    for (;;) {
      try {
        const row = this.#connection.run(undefined, [statement]).rows[0];
        const later = numberOf(row) - changes;
        if (row?.['found'] === 1) return true;
        if (later < TOKENS) return false;
        break;
      } catch (error) {
        if (!(error instanceof SecretsError)) throw error;
        if (performance.now() > end) break;
        sleep(RESOLVE_PAUSE);
      }
    }
    throw new SecretsError(
      'uncertain',
      `${this.description} stopped answering while it committed; whether it did is said by ` +
        `SELECT position('\\x${Buffer.from(token).toString('hex')}'::bytea IN tokens) > 0 FROM commits`,
    );
  }

  #attempts<T>(run: () => T): T {
    for (const pause of PAUSES) {
      try {
        return run();
      } catch (error) {
        if (!(error instanceof Interrupted && error.again)) throw error;
        sleep(pause);
      }
    }
    return run();
  }
}

function numberOf(row: SqlRow | undefined): number {
  const changes = row?.['changes'];
  if (typeof changes !== 'number') throw new SecretsError('corrupt', 'the row of commits is gone');
  return changes;
}

const still = new Int32Array(new SharedArrayBuffer(4));

function sleep(milliseconds: number): void {
  Atomics.wait(still, 0, 0, milliseconds);
}
