/**
 * A connection to PostgreSQL, by the package `pg` in a thread: calls wait for it. It comes back by itself after it was lost, as another
 * one, which has another number.
 */
import { createRequire } from 'node:module';
import { SecretsError, type SecretsErrorCode } from '../store.js';
import type { SqlRow, SqlValue } from '../sql-store.js';
import { ThreadCalls, threadProlog } from './thread-calls.js';

export interface Statement {
  /** Parameters are `$1`, `$2`, … */
  readonly text: string;
  readonly values?: readonly SqlValue[] | undefined;
  /** The server keeps it prepared under this name. */
  readonly name?: string | undefined;
}

/** What the last of some statements gave. */
export interface Result {
  readonly connection: number;
  /** The server's word for what it did: `COMMIT`, `ROLLBACK`, `SELECT`. */
  readonly command: string;
  readonly rows: readonly SqlRow[];
}

interface Failure {
  readonly connection: number;
  readonly failed: 'connecting' | 'running';
  /** Whether the connection is gone, so that nobody knows what became of the statement. */
  readonly lost: boolean;
  /** SQLSTATE, or a code of the system. */
  readonly code: string;
  readonly message: string;
}

/** A statement that was cut off. What had not been told to commit was not committed. */
export class Interrupted extends SecretsError {
  /** Whether nobody knows what became of the statement; if not, the server has rolled back. */
  readonly lost: boolean;
  /** Whether the whole may be tried again: it was not waited for in vain. */
  readonly again: boolean;

  constructor(
    code: SecretsErrorCode,
    message: string,
    { lost, again }: { readonly lost: boolean; readonly again: boolean },
  ) {
    super(code, message);
    this.lost = lost;
    this.again = again;
  }
}

/**
 * A program of its own, so that bundlers find no file missing. One call runs after the other. Errors of the server leave the connection
 * as it is, except those after which it hangs up (PostgreSQL, appendix A: class 08, 57P01 to 57P05, 25P03);
 * those that arrive while nothing runs are events, which would end the thread if nobody listened.
 */
const program = `${threadProlog}
const { Client } = require(data.file);
let { connection } = data;
let client;
const hangsUp = (code) => typeof code !== 'string' || !/^[0-9A-Z]{5}$/.test(code) || /^(08|57P0|25P03)/.test(code);
const plain = (value) => Buffer.isBuffer(value) ? new Uint8Array(value) : value;
const destroy = (made) => made.connection.stream.destroy();
async function connect() {
  const made = new Client(data.config);
  made.on('error', () => { if (client === made) client = undefined; });
  made.on('end', () => { if (client === made) client = undefined; });
  try {
    await made.connect();
    await made.query(data.setup);
  } catch (error) {
    destroy(made);
    throw error;
  }
  connection += 1;
  client = made;
}
async function run({ on, statements }) {
  let failed = 'connecting';
  let used;
  try {
    if (on === undefined && client === undefined) await connect();
    failed = 'running';
    used = client;
    if (used === undefined || (on !== undefined && on !== connection))
      return { connection, failed, lost: true, code: '08003', message: 'the connection was lost' };
    let result;
    for (const statement of statements) result = await used.query(statement);
    const rows = result.rows.map((row) => Object.fromEntries(Object.entries(row).map(([k, v]) => [k, plain(v)])));
    return { connection, command: result.command, rows };
  } catch (error) {
    const code = String(error.code ?? 'unknown');
    const lost = failed === 'connecting' || hangsUp(error.code);
    if (lost && used !== undefined) {
      destroy(used);
      if (client === used) client = undefined;
    }
    return { connection, failed, lost, code, message: String(error.message) };
  }
}
let last = Promise.resolve();
parentPort.on('message', ({ id, body }) => {
  last = last.then(async () => {
    if (body.end !== true) return answer(id, await run(body));
    parentPort.close();
    port.close();
    await client?.end();
  });
});
`;

/** What is done wrong where a connection is refused; the server's own words could hold parts of the address. */
const refusals: Readonly<Record<string, string>> = {
  '28P01': 'the password, or the role, is wrong',
  '28000': 'the server lets nobody in like this (pg_hba.conf)',
  '3D000': 'there is no such database',
  '53300': 'the server has too many connections',
  '57P03': 'the server is starting or stopping',
  ECONNREFUSED: 'nobody listens there',
  ENOENT: 'there is no such socket',
  ENOTFOUND: 'there is no such host',
};

/** What a server says that will let somebody in soon, or what the system says of one. */
const soon = new Set(['57P03', '53300', 'ECONNREFUSED', 'ECONNRESET', 'ENOENT', 'EPIPE', 'unknown']);

/** SQLSTATE (PostgreSQL, appendix A), or its class. */
const codes: Readonly<Record<string, SecretsErrorCode>> = {
  '22021': 'refused',
  '23': 'corrupt',
  '25006': 'read-only',
  '40001': 'busy',
  '40P01': 'busy',
  '42501': 'read-only',
  '3F000': 'gone',
  '42P01': 'gone',
  '53100': 'full',
  '55P03': 'busy',
  '57014': 'busy',
  XX001: 'corrupt',
  XX002: 'corrupt',
};

/** Serialization failures and deadlocks: the server has rolled back. */
const again = new Set(['40001', '40P01']);

/** The server ends a statement that takes too long; this much later nobody waits for its answer any more. */
const GRACE_MILLISECONDS = 1000;
const MOST_CONNECT_MILLISECONDS = 5000;

export interface ConnectionSetup {
  readonly url: string;
  /** Statements for each new connection. */
  readonly setup: string;
  /** How long a statement may take, in milliseconds. */
  readonly timeout: number;
}

export class Connection {
  /** The address without who connects, and by what password. */
  readonly place: string;
  readonly #timeout: number;
  readonly #connectTimeout: number;
  readonly #calls: ThreadCalls;
  #isClosed = false;

  /** Errors: `SecretsError` (`no-engine`, `refused`). */
  constructor({ url, setup, timeout }: ConnectionSetup) {
    if (!/^postgres(ql)?:\/\//.test(url))
      throw new SecretsError('refused', 'the address of a database begins with postgres:// or postgresql://');
    this.place = placeOf(url);
    this.#timeout = timeout;
    this.#connectTimeout = Math.min(timeout, MOST_CONNECT_MILLISECONDS);
    const file = fileOfPg();
    const config = {
      connectionString: url,
      connectionTimeoutMillis: this.#connectTimeout,
      keepAlive: true,
      application_name: 'wasi-crypto-gen',
    };
    // What the environment says of the database, as `libpq` reads it, and where a password may stand.
    const env = Object.fromEntries(
      Object.entries(process.env).filter(([name]) => /^(PG[A-Z]+|HOME|USER|USERNAME|APPDATA)$/.test(name)),
    );
    this.#calls = new ThreadCalls(program, (thread) => ({ file, config, setup, connection: thread * 1e6 }), env);
  }

  /**
   * Runs statements one after the other, until one fails.
   *
   * Errors: `SecretsError`; `Interrupted` where it was cut off.
   *
   * @param on the connection on which they must run; undefined: on any, which is made if there is none
   * @param note is told the connection on which they ran, also where they fail
   */
  run(on: number | undefined, statements: readonly Statement[], note?: (connection: number) => void): Result {
    this.#requireOpen();
    const patience = this.#timeout + GRACE_MILLISECONDS + (on === undefined ? this.#connectTimeout : 0);
    const answer = this.#calls.call({ on, statements }, patience) as Result | Failure | undefined;
    if (answer === undefined)
      throw new Interrupted('unavailable', `${this.place} did not answer within ${patience} ms`, {
        lost: true,
        again: false,
      });
    if ('failed' in answer) {
      if (!answer.lost) note?.(answer.connection);
      throw this.#errorOf(answer);
    }
    note?.(answer.connection);
    return answer;
  }

  /** Runs a statement, and does not wait for what becomes of it. */
  tell(on: number, statement: Statement): void {
    this.#requireOpen();
    this.#calls.tell({ on, statements: [statement] });
  }

  close(): void {
    this.#isClosed = true;
    this.#calls.close({ end: true });
  }

  #requireOpen(): void {
    if (this.#isClosed) throw new SecretsError('unavailable', 'the store is closed');
  }

  #errorOf({ failed, lost, code, message }: Failure): SecretsError {
    if (failed === 'connecting') {
      const why = refusals[code] ?? 'no connection can be made';
      return new Interrupted('unavailable', `${this.place}: ${why} (${code})`, { lost, again: soon.has(code) });
    }
    const text = `${this.place}: ${message} (${code})`;
    if (lost) return new Interrupted('unavailable', text, { lost, again: true });
    const known = codes[code] ?? codes[code.slice(0, 2)] ?? 'unavailable';
    return again.has(code) ? new Interrupted(known, text, { lost, again: true }) : new SecretsError(known, text);
  }
}

/** Where an address is not written as it should be, nobody knows which part of it is the password: nothing of it is shown. */
function placeOf(url: string): string {
  const [, scheme, place] = /^(\w+:\/\/)(?:[^@/?#]*@)?([\w.:,[\]%-]*(?:\/[\w.%-]*)?)(?:[?#][^@]*)?$/.exec(url) ?? [];
  return `${scheme ?? 'postgres://'}${place ?? '…'}`;
}

function fileOfPg(): string {
  try {
    return createRequire(import.meta.url).resolve('pg');
  } catch (error) {
    throw new SecretsError('no-engine', 'PostgreSQL needs the package pg: `npm install pg`', { cause: error });
  }
}
