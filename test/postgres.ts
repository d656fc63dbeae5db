/** A server of PostgreSQL in a folder of its own, reached by a socket there, that ends with the process of the tests. */
import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { chmodSync, chownSync, existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';

const versions = '/usr/lib/postgresql';
const bin = existsSync(versions)
  ? readdirSync(versions)
      .map((version) => join(versions, version, 'bin'))
      .findLast((each) => existsSync(join(each, 'initdb')))
  : undefined;

/** Why no client can be tried here; undefined: it can. */
export const pgMissing = hasPg() ? undefined : 'pg is not installed';

/** Why no server can be tried here. */
export const postgresMissing = bin === undefined ? 'PostgreSQL is not installed' : pgMissing;

/** It refuses to run as root, who becomes the user that Debian's package makes. */
const isRoot = process.getuid?.() === 0;

/** Files are PEM. */
export interface Tls {
  /** Of the loopback network, one that nobody else uses: the port is the usual one. */
  readonly address: string;
  readonly certificate: string;
  readonly key: string;
}

export class Cluster {
  readonly folder: string;
  #server: ChildProcess | undefined;

  constructor() {
    // Not in the folder of the run: that user must reach it, and a socket's path has 107 bytes at most.
    this.folder = mkdtempSync('/tmp/wasi-crypto-gen-pg-');
    if (isRoot) {
      const { stdout } = spawnSync('id', ['-u', 'postgres'], { encoding: 'utf8' });
      chownSync(this.folder, Number(stdout), -1);
    }
    chmodSync(this.folder, 0o755);
    this.#run(
      'initdb',
      '-D',
      this.data,
      '-A',
      'trust',
      '-U',
      'postgres',
      '-E',
      'UTF8',
      '--locale=C',
      '--no-sync',
      '-N',
    );
    process.once('exit', () => this.end());
  }

  /** The last call: nothing of it is left. A worker of the tests can be killed before its `exit`. */
  end(): void {
    this.stop('immediate');
    rmSync(this.folder, { recursive: true, force: true });
  }

  get data(): string {
    return join(this.folder, 'data');
  }

  /** Of its database. @param folder of the socket, if it is another one */
  url(folder = this.folder): string {
    return `postgres://postgres@localhost/postgres?host=${folder}`;
  }

  /** Returns once it answers. @param tls where it listens beside its socket */
  start(tls?: Tls): void {
    const network =
      tls === undefined
        ? '-c listen_addresses='
        : `-c listen_addresses=${tls.address} -c ssl=on -c ssl_cert_file=${tls.certificate} -c ssl_key_file=${tls.key}`;
    // It reads no file of settings but this line's. What ends without a word takes it along: it waits for the end of its input.
    const settings = `${network} -c unix_socket_directories=${this.folder} -c fsync=off -c max_connections=50 -c shared_buffers=16MB`;
    const program = `${bin}/postgres -D ${this.data} ${settings} 2>>${this.folder}/log & read -r _; kill -INT $!; wait $!`;
    this.#server = spawn(...this.#as('sh', ['-c', program]), { stdio: ['pipe', 'ignore', 'ignore'] });
    this.#server.unref();
    (this.#server.stdin as unknown as { unref(): void }).unref();
    for (let tries = 0; ; tries += 1) {
      if (spawnSync(`${bin}/pg_isready`, ['-q', '-h', this.folder]).status === 0) return;
      if (tries === 200) throw new Error('PostgreSQL does not start');
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 25);
    }
  }

  /** Of a certificate that it signs itself, for this address. */
  certified(address: string): Tls {
    const [certificate, key] = ['crt', 'key'].map((each) => join(this.folder, `${address}.${each}`)) as [
      string,
      string,
    ];
    const request = `req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 -subj /CN=test -addext subjectAltName=IP:${address}`;
    this.#runFile('openssl', [...request.split(' '), '-out', certificate, '-keyout', key]);
    return { address, certificate, key };
  }

  /** `fast` cuts connections off; `immediate` is a crash. */
  stop(mode: 'fast' | 'immediate' = 'fast'): void {
    if (this.#server === undefined) return;
    this.#run('pg_ctl', '-D', this.data, '-m', mode, '-w', 'stop');
    this.#server.stdin?.end();
    this.#server = undefined;
  }

  /** What a statement gives, by the `psql` of the package. */
  sql(statement: string): string {
    return this.#run('psql', '-h', this.folder, '-U', 'postgres', '-Atqc', statement);
  }

  /** Sends a signal to all processes of the server. */
  signal(name: 'STOP' | 'CONT'): void {
    const { stdout } = spawnSync('pgrep', ['-f', `^${bin}/postgres -D ${this.data}`], { encoding: 'utf8' });
    const main = stdout.trim();
    spawnSync('sh', ['-c', `kill -${name} ${main} $(pgrep -P ${main} | tr '\\n' ' ')`]);
  }

  #run(program: string, ...parameters: readonly string[]): string {
    return this.#runFile(`${bin}/${program}`, parameters);
  }

  #runFile(program: string, parameters: readonly string[]): string {
    const [file, all] = this.#as(program, parameters);
    const { status, stdout, stderr } = spawnSync(file, all, { encoding: 'utf8', cwd: '/' });
    if (status !== 0) throw new Error(`${program}: ${stderr}`);
    return stdout.trim();
  }

  #as(file: string, parameters: readonly string[]): [string, string[]] {
    return isRoot ? ['runuser', ['-u', 'postgres', '--', file, ...parameters]] : [file, [...parameters]];
  }
}

let schemas = 0;

/** The name of a schema that is not there yet. */
export function newSchema(): string {
  schemas += 1;
  return `test_${process.pid}_${schemas}`;
}

function hasPg(): boolean {
  try {
    createRequire(import.meta.url).resolve('pg');
    return true;
  } catch {
    return false;
  }
}
