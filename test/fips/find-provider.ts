/**
 * A FIPS provider for the OpenSSL inside Node: the one that `WASI_CRYPTO_FIPS` names, the one that was built before, or
 * one built of Debian's source package of OpenSSL. All that is downloaded and built goes to `.tmp/fips`.
 */
import { spawnSync } from 'node:child_process';
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { availableParallelism } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { projectRoot } from '../shared.js';

/** What the environment of a process names. */
export interface Provider {
  /** `OPENSSL_CONF` */
  readonly configuration: string;
  /** `OPENSSL_MODULES` */
  readonly modules: string;
}

const MODULE = 'fips.so';
const CONFIGURATION = 'openssl.cnf';
const cache = join(projectRoot, '.tmp/fips');

/** Throws where there is none and none can be built, saying what is missing. */
export function findProvider(): Provider {
  const named = process.env['WASI_CRYPTO_FIPS'];
  if (named !== undefined) return namedProvider(resolve(named));
  mkdirSync(cache, { recursive: true });
  const isWhole = (folder: string): boolean =>
    [MODULE, CONFIGURATION].every((each) => existsSync(join(cache, folder, each)));
  const built = readdirSync(cache).find(isWhole);
  const folder = join(cache, built ?? build());
  return { configuration: join(folder, CONFIGURATION), modules: folder };
}

function namedProvider(path: string): Provider {
  if (!existsSync(path)) throw new Error(`WASI_CRYPTO_FIPS names ${path}, which is not there`);
  const modules = dirname(path);
  if (path.endsWith('.cnf')) return { configuration: path, modules: process.env['OPENSSL_MODULES'] ?? modules };
  const folder = join(cache, 'named');
  install(path, folder);
  return { configuration: join(folder, CONFIGURATION), modules };
}

/** Tests the module, by any `openssl` of version 3, and writes the configurations of it and of Node. */
function install(module: string, folder: string): void {
  mkdirSync(folder, { recursive: true });
  const own = join(folder, 'fipsmodule.cnf');
  run('fipsinstall', 'openssl', ['fipsinstall', '-module', module, '-out', own], folder);
  writeFileSync(join(folder, CONFIGURATION), configurationWith(own));
}

/** The first line has to stand before all sections and other files, or Node reads none of it (measured, Node 20 and 24). */
function configurationWith(own: string): string {
  return `nodejs_conf = init

.include ${own}

[init]
providers = providers
alg_section = algorithms

[providers]
fips = fips_sect
base = base

[base]
activate = 1

[algorithms]
default_properties = fips=yes
`;
}

/** Builds a provider and gives the name of its folder. */
function build(): string {
  const archive = download();
  const version = /_(.*)\.orig\./.exec(archive)?.[1] ?? 'unknown';
  const sources = join(cache, 'sources');
  rmSync(sources, { recursive: true, force: true });
  mkdirSync(sources);
  run('tar', 'tar', ['-xf', join(cache, archive), '--strip-components=1'], sources);
  run('Configure', 'perl', ['Configure', 'enable-fips', 'no-tests'], sources);
  console.log(`building OpenSSL ${version} with its FIPS provider: some minutes`);
  // The provider alone, a part of all: Node has the rest.
  const built = join(sources, 'providers', MODULE);
  for (const target of ['build_generated', `providers/${MODULE}`])
    run('make', 'make', [`-j${availableParallelism()}`, target], sources);
  const folder = join(cache, version);
  mkdirSync(folder, { recursive: true });
  copyFileSync(built, join(folder, MODULE));
  install(join(folder, MODULE), folder);
  rmSync(sources, { recursive: true });
  return version;
}

/** The upstream archive of Debian's package, whose hash apt compares with Debian's signed index. */
function download(): string {
  const find = (): string | undefined => readdirSync(cache).find((each) => /^openssl_.*\.orig\.tar\.\w+$/.test(each));
  if (find() === undefined) {
    const options = sourceOptions();
    run('apt-get-update', 'apt-get', [...options, 'update'], cache);
    run('apt-get-source', 'apt-get', [...options, 'source', '--download-only', '--tar-only', 'openssl'], cache);
  }
  const found = find();
  if (found === undefined) throw new Error('apt-get downloaded no archive of OpenSSL');
  return found;
}

/** Options by which apt reads the sources of this machine's Debian, with lists of its own: that needs neither root nor a `deb-src` line. */
function sourceOptions(): readonly string[] {
  const [parts, lists] = [join(cache, 'sources.list.d'), join(cache, 'lists')];
  mkdirSync(parts, { recursive: true });
  mkdirSync(join(lists, 'partial'), { recursive: true });
  const folder = '/etc/apt/sources.list.d';
  const inFolder = existsSync(folder) ? readdirSync(folder).map((name) => join(folder, name)) : [];
  const files = ['/etc/apt/sources.list', ...inFolder].filter((path) => existsSync(path));
  for (const [index, path] of files.entries()) {
    const text = readFileSync(path, 'utf8');
    if (path.endsWith('.sources')) write(join(parts, `${index}.sources`), sourceStanzas(text));
    else if (path.endsWith('.list')) write(join(parts, `${index}.list`), sourceLines(text));
  }
  const options = {
    'Dir::Etc::sourcelist': '/dev/null',
    'Dir::Etc::sourceparts': parts,
    'Dir::State::lists': lists,
    'Dir::Cache::pkgcache': '',
    'Dir::Cache::srcpkgcache': '',
    // As root it would otherwise want these folders to be those of a user of its own.
    'APT::Sandbox::User': '',
  };
  return Object.entries(options).flatMap(([name, value]) => ['-o', `${name}=${value}`]);
}

function write(path: string, lines: readonly string[]): void {
  writeFileSync(path, `${lines.join('\n\n')}\n`);
}

function sourceStanzas(text: string): readonly string[] {
  const stanzas = text.split(/\n\s*\n/).filter((stanza) => /^URIs:.*debian/m.test(stanza));
  return stanzas.map((stanza) => stanza.replace(/^Types:.*$/m, 'Types: deb-src'));
}

function sourceLines(text: string): readonly string[] {
  const lines = text.split('\n').filter((line) => /^deb\s.*debian/.test(line));
  return lines.map((line) => line.replace(/^deb\s/, 'deb-src '));
}

/** Its output goes to a file, of which an error quotes the end. */
function run(step: string, command: string, args: readonly string[], cwd: string): void {
  const log = join(cache, `${step}.log`);
  mkdirSync(cache, { recursive: true });
  const { error, status } = spawnSync(command, args, {
    cwd,
    stdio: ['ignore', openSync(log, 'w'), openSync(log, 'a')],
  });
  if (error !== undefined) {
    throw new Error(
      `${command} cannot be run (${error.message}): a provider is built with apt-get, tar, perl, make, a C compiler and openssl (3.0 or later) on Debian; WASI_CRYPTO_FIPS can name one that is there (docs/fips.md)`,
    );
  }
  if (status !== 0) {
    const end = readFileSync(log, 'utf8').trim().split('\n').slice(-10).join('\n');
    throw new Error(`${step} ended with ${status}:\n${end}\n(all of it: ${log})`);
  }
}
