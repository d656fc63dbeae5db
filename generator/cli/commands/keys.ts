/** `wasi-crypto-gen keys`: what the owner of a store of keys does from a shell. All of it is `KeyStore` of `wasi-crypto-runtime/keys`. */
import { readFileSync, writeFileSync } from 'node:fs';
import { extname } from 'node:path';
import { createInterface } from 'node:readline/promises';
import { Command } from 'commander';
import type {
  AuditHead,
  DamagedKey,
  GivenKey,
  KeyAddress,
  KeyDetails,
  KeyStore,
  KeySummary,
  VersionRange,
} from '../../../runtime/keys.js';
import { ConfigurationError } from '../../project/errors.js';
import { countOf, dateOf, shownDate } from '../dates.js';
import { exitCodes } from '../exit-codes.js';
import type { Terminal } from '../terminal.js';
import { kekOf, namedKek, oneKek, type StoreFlags, withStore } from './key-stores.js';

interface KeyFlags extends StoreFlags {
  readonly tenant: string;
  readonly keyVersion: string;
  readonly yes?: boolean;
}

interface AuditFlags extends StoreFlags {
  readonly after: string;
  readonly verify?: boolean;
  readonly head?: boolean;
  readonly since?: string;
  readonly pruneBefore?: string;
  readonly yes?: boolean;
}

interface RewrapFlags extends StoreFlags {
  readonly newKekFile?: string;
  readonly newKekEnv?: string;
  readonly newKekHsm?: string;
}

interface VersionFlags extends KeyFlags {
  readonly key?: string;
  readonly encoding?: GivenKey['encoding'];
  readonly expires?: string;
  readonly exportable?: boolean;
  readonly inHsm?: boolean;
}

const details = `
The store is a file of SQLite, or a database of PostgreSQL where \`--store\` begins with postgres://; \`keys init\` makes it. Its data key
is wrapped by a key-encryption key in a file of mode 0600, in a variable of the environment, or in an HSM. Others see what a command was started with:
a password belongs into WASI_CRYPTO_STORE, PGPASSWORD or ~/.pgpass, the PIN of a token into WASI_CRYPTO_HSM_PIN. A key is named by the name it was provisioned under, or by its 64 hexadecimal digits.

Examples:
  $ wasi-crypto-gen keys init --store keys.db --kek-file kek
  $ wasi-crypto-gen keys init --store postgres://shop@db.example/shop?sslmode=verify-full --kek-file kek
  $ wasi-crypto-gen keys provision signing --tenant shop --algorithm Ed25519 --store keys.db --kek-file kek
  $ wasi-crypto-gen keys provision token --tenant shop --algorithm secret --key token.txt …
  $ wasi-crypto-gen keys rotate signing --tenant shop …
  $ wasi-crypto-gen keys expire signing --tenant shop --key-version 1 --at 2027-01-01 …
  $ wasi-crypto-gen keys verify --json …
  $ wasi-crypto-gen keys provision invoices --tenant shop --algorithm Ed25519 --in-hsm --hsm-module /usr/lib/softhsm/libsofthsm2.so --hsm-token guests …

Exit codes: 0 done, 1 list, verify or audit found something, 2 wrong arguments, or the store cannot do it.`;

export function keysCommand(terminal: Terminal): Command {
  const keys = new Command('keys')
    .description("keep, rotate and check the keys of a host's secrets manager")
    .addHelpText('after', details);

  storeCommand(keys, 'init', 'make a key-encryption key, unless the file is there, and an empty store').action(
    async (flags: StoreFlags) => {
      await withStore(terminal, flags, true, (store) => {
        if (terminal.json) terminal.data({ ok: true, store: store.description });
        else terminal.out(`${store.description} is ready`);
      });
    },
  );

  storeCommand(keys, 'list', 'list keys and secrets')
    .option('--tenant <name>', 'of this tenant only')
    .action(async (flags: StoreFlags & { readonly tenant?: string }) => {
      await withStore(terminal, flags, false, (store) => list(terminal, store, flags.tenant));
    });

  keyCommand(keys, 'show', 'show a key and its versions').action(async (key: string, flags: KeyFlags) => {
    await withStore(terminal, flags, false, (store) => showKey(terminal, store.show(addressOf(key, flags))));
  });

  newVersion(storeCommand(keys, 'provision', 'store a key or secret under a name that guests look up'))
    .argument('[name]', 'by which guests look it up; none: its identifier is random')
    .requiredOption('--tenant <name>', 'whose key it is')
    .requiredOption('--algorithm <id>', 'an algorithm, or `secret`')
    .action(async (name: string | undefined, flags: VersionFlags & { readonly algorithm: string }) => {
      await withStore(terminal, flags, false, (store) => {
        const { tenant, algorithm } = flags;
        showKey(terminal, store.provision({ tenant, name, algorithm, ...versionOf(flags) }));
      });
    });

  newVersion(keyCommand(keys, 'rotate', 'add a version, which becomes the latest')).action(
    async (key: string, flags: VersionFlags) => {
      await withStore(terminal, flags, false, (store) => {
        showKey(terminal, store.rotate(addressOf(key, flags), versionOf(flags)));
      });
    },
  );

  keyCommand(keys, 'expire', 'set the last moment at which versions may be used')
    .option('--key-version <number>', 'a number, latest, or all', 'latest')
    .requiredOption('--at <date>', 'a date (ISO 8601), seconds since 1970, or `never`')
    .action(async (key: string, flags: KeyFlags & { readonly at: string }) => {
      await withStore(terminal, flags, false, (store) => {
        const address = addressOf(key, flags);
        store.expire(address, rangeOf(flags.keyVersion), flags.at === 'never' ? undefined : dateOf(flags.at));
        showKey(terminal, store.show(address));
      });
    });

  keyCommand(keys, 'invalidate', 'take versions away for good')
    .requiredOption('--key-version <number>', 'a number, latest, or all')
    .option('--yes', 'do not ask')
    .action(async (key: string, flags: KeyFlags) => {
      await confirm(flags, `version ${flags.keyVersion} of ${key} cannot be brought back; what it sealed stays sealed`);
      await withStore(terminal, flags, false, (store) => {
        store.invalidate(addressOf(key, flags), rangeOf(flags.keyVersion));
        done(terminal, `invalidated: version ${flags.keyVersion} of ${key}`);
      });
    });

  keyCommand(keys, 'export', 'write a version that was provisioned as exportable')
    .option('--key-version <number>', 'a number, or latest', 'latest')
    .option('--encoding <name>', 'pem, pkcs8 or raw', 'pem')
    .requiredOption('--out <file>', 'a new file, made with mode 0600')
    .action(async (key: string, flags: VersionFlags & { readonly out: string }) => {
      await withStore(terminal, flags, false, (store) => {
        const version = rangeOf(flags.keyVersion);
        if (version === 'all') throw new ConfigurationError('one version is exported at a time', undefined);
        const encoding = oneOf(flags.encoding ?? 'pem', ['pem', 'pkcs8', 'raw'] as const);
        const bytes = store.export(addressOf(key, flags), version, encoding);
        writeFileSync(flags.out, bytes, { mode: 0o600, flag: 'wx' });
        bytes.fill(0);
        done(terminal, `written: ${flags.out}`);
      });
    });

  storeCommand(keys, 'rewrap', 'wrap the data key by another key-encryption key')
    .option('--new-kek-file <file>', 'the other one, in a file; made if it is not there')
    .option('--new-kek-env <variable>', 'the other one, in a variable')
    .option('--new-kek-hsm <label>', 'the other one, in the HSM; made if it is not there')
    .action(async (flags: RewrapFlags) => {
      const to = oneKek({ kekFile: flags.newKekFile, kekEnv: flags.newKekEnv, kekHsm: flags.newKekHsm });
      await withStore(terminal, flags, false, async (store, hsm) => {
        store.rewrap(await kekOf(namedKek(terminal, flags), hsm, false), await kekOf(to, hsm, true));
        done(terminal, 'rewrapped; backups made before still need the old key-encryption key');
      });
    });

  storeCommand(keys, 'backup', 'write a copy as of one moment')
    .argument('<file>', 'a new file, made with mode 0600')
    .action(async (file: string, flags: StoreFlags) => {
      await withStore(terminal, flags, false, (store) => {
        store.backup(file);
        done(terminal, `written: ${file}; it opens with the same key-encryption key`);
      });
    });

  storeCommand(keys, 'verify', 'open every record, and say what does not belong where it is').action(
    async (flags: StoreFlags) => {
      await withStore(terminal, flags, false, (store) => {
        const report = store.verify();
        if (terminal.json) terminal.data(plain(report));
        else {
          for (const problem of report.problems) terminal.complain(shownText(problem));
          for (const name of report.unasked)
            terminal.complain(
              `${name} keeps keys of this store and was not asked: give \`--hsm-module\` and \`--hsm-token\``,
            );
          terminal.out(
            `${report.ids} identifiers, ${report.versions} versions, ${report.lines} lines of the log: ${report.problems.length === 0 ? 'all is well' : `${report.problems.length} ${report.problems.length === 1 ? 'problem' : 'problems'}`}`,
          );
        }
        if (report.problems.length > 0) terminal.exitCode = exitCodes.drift;
      });
    },
  );

  storeCommand(keys, 'audit', 'show the log of changes')
    .option('--after <line>', 'from the line after this one on', '0')
    .option('--verify', 'say instead whether a line was removed, changed or cut off')
    .option('--head', 'print where the log ends, to be kept elsewhere')
    .option('--since <head>', 'with `--verify`: what `--head` printed earlier, which the log must still have')
    .option('--prune-before <date>', 'take away the lines that are older (ISO 8601, or seconds since 1970)')
    .option('--yes', 'do not ask')
    .action(async (flags: AuditFlags) => {
      const { pruneBefore, since, verify } = flags;
      if (since !== undefined && verify !== true)
        throw new ConfigurationError('`--since` says what `--verify` compares', 'add `--verify`');
      if (pruneBefore !== undefined)
        await confirm(flags, `lines of the log before ${pruneBefore} cannot be brought back`);
      await withStore(terminal, flags, false, (store) => audit(terminal, store, flags));
    });

  return keys;
}

/** What does not open keeps nobody from seeing the rest. */
function list(terminal: Terminal, store: KeyStore, tenant: string | undefined): void {
  const all: (KeySummary | DamagedKey)[] = [];
  const show = (): void => {
    const rows = all.flatMap((each) => ('problem' in each ? [] : [summaryRow(each)]));
    showTable(terminal, summaryColumns, rows);
    for (const each of all) if ('problem' in each) terminal.complain(shownText(each.problem));
  };
  try {
    for (let page = store.list({ tenant }); page.length > 0; page = store.list({ tenant, after: page.at(-1) }))
      all.push(...page);
  } catch (error) {
    if (!terminal.json) show();
    throw error;
  }
  if (terminal.json) terminal.data(all.map(plain));
  else show();
  if (all.some((each) => 'problem' in each)) terminal.exitCode = exitCodes.drift;
}

function audit(terminal: Terminal, store: KeyStore, flags: AuditFlags): void {
  if (flags.pruneBefore !== undefined) {
    const lines = store.pruneAudit(dateOf(flags.pruneBefore));
    if (terminal.json) terminal.data({ ok: true, lines: String(lines) });
    else terminal.out(`${lines} lines of the log were taken away`);
    return;
  }
  if (flags.verify === true) {
    const problem = store.auditProblem(headOf(flags.since));
    if (terminal.json) terminal.data({ ok: problem === undefined, problem: problem ?? null });
    else if (problem === undefined) terminal.out('the log is whole');
    else terminal.complain(problem);
    if (problem !== undefined) terminal.exitCode = exitCodes.drift;
    return;
  }
  if (flags.head === true) {
    const head = store.auditHead();
    if (terminal.json) terminal.data(plain(head));
    else terminal.out(`${head.lines} ${head.chain}`);
    return;
  }
  const lines = [];
  for (let page = store.audit({ after: BigInt(countOf(flags.after)) }); page.length > 0;) {
    lines.push(...page);
    page = store.audit({ after: page.at(-1)?.sequence ?? 0n });
  }
  const problem = store.auditProblem();
  if (problem !== undefined) terminal.exitCode = exitCodes.drift;
  if (terminal.json) terminal.data(lines.map(plain));
  else {
    const rows = lines.map(({ sequence, at, actor, operation, result, tenant, id, version, detail }) =>
      [
        String(sequence),
        shownDate(BigInt(at)),
        actor,
        operation,
        result,
        tenant,
        id?.slice(0, 16),
        version,
        detail,
      ].map((cell) => cell ?? ''),
    );
    showTable(terminal, ['LINE', 'WHEN', 'WHO', 'WHAT', 'RESULT', 'TENANT', 'ID', 'VERSION', ''], rows);
    if (problem !== undefined) terminal.complain(problem);
  }
}

function storeCommand(keys: Command, name: string, description: string): Command {
  return keys
    .command(name)
    .description(description)
    .option('--store <place>', 'a file, or postgres://… (WASI_CRYPTO_STORE; default: keys.db)')
    .option('--schema <name>', 'the schema of the tables, in PostgreSQL (default: wasi_crypto)')
    .option('--kek-file <file>', 'the key-encryption key, in a file (WASI_CRYPTO_KEK_FILE)')
    .option('--kek-env <variable>', 'the key-encryption key, in a variable of the environment')
    .option('--kek-hsm <label>', 'the key-encryption key, in the HSM')
    .option('--hsm-module <file>', 'the PKCS#11 module of an HSM that keeps keys (WASI_CRYPTO_HSM_MODULE)')
    .option('--hsm-token <label>', 'its token (WASI_CRYPTO_HSM_TOKEN); the PIN is in WASI_CRYPTO_HSM_PIN')
    .option('--hsm-name <name>', 'what the store calls it', 'hsm')
    .option('--json', 'print JSON')
    .allowExcessArguments(false);
}

function keyCommand(keys: Command, name: string, description: string): Command {
  return storeCommand(keys, name, description)
    .argument('<key>', 'its name, or its identifier')
    .requiredOption('--tenant <name>', 'whose key it is');
}

function newVersion(command: Command): Command {
  return command
    .option('--key <file>', 'the key or secret; none: a new key is made')
    .option('--encoding <name>', 'pem, jwk, pkcs8 or raw; by default what the name of the file says, else raw')
    .option('--expires <date>', 'a date (ISO 8601), or seconds since 1970; none: never')
    .option('--exportable', 'guests, and `keys export`, may have its bytes')
    .option('--in-hsm', 'it is made in the HSM, and stays there');
}

async function confirm({ yes }: { readonly yes?: boolean }, question: string): Promise<void> {
  if (yes === true) return;
  if (!process.stdin.isTTY) throw new ConfigurationError(question, 'if that is meant, add `--yes`');
  const reader = createInterface({ input: process.stdin, output: process.stderr });
  try {
    const answer = await reader.question(`${question}. Go on? (yes) `);
    if (answer.trim().toLowerCase() !== 'yes') throw new ConfigurationError('nothing was changed', undefined);
  } finally {
    reader.close();
  }
}

function addressOf(key: string, { tenant }: { readonly tenant: string }): KeyAddress {
  return /^[0-9a-f]{64}$/i.test(key) ? { tenant, id: key } : { tenant, name: key };
}

function versionOf({ key, encoding, expires, exportable, inHsm, hsmName }: VersionFlags) {
  const given = key === undefined ? undefined : { encoding: encodingOf(key, encoding), bytes: readFileSync(key) };
  const keeper = inHsm === true ? hsmName : undefined;
  return { key: given, expires: expires === undefined ? undefined : dateOf(expires), exportable, keeper };
}

function encodingOf(file: string, wanted: string | undefined): GivenKey['encoding'] {
  const known = { '.pem': 'pem', '.jwk': 'jwk', '.json': 'jwk', '.der': 'pkcs8', '.p8': 'pkcs8' } as const;
  const found = known[extname(file) as keyof typeof known] as GivenKey['encoding'] | undefined;
  return oneOf(wanted ?? found ?? 'raw', ['pem', 'jwk', 'pkcs8', 'raw'] as const);
}

function headOf(printed: string | undefined): AuditHead | undefined {
  if (printed === undefined) return undefined;
  const [, lines = '', chain = ''] = /^\s*([1-9][0-9]{0,18}) ([0-9a-f]{64})\s*$/.exec(printed) ?? [];
  if (chain === '')
    throw new ConfigurationError(`\`${printed}\` is no head of a log`, 'give what `keys audit --head` printed');
  return { lines: BigInt(lines), chain };
}

function rangeOf(version: string): VersionRange {
  return version === 'latest' || version === 'all' ? version : BigInt(countOf(version));
}

function oneOf<T extends string>(text: string, values: readonly T[]): T {
  const found = values.find((each) => each === text);
  if (found === undefined) throw new ConfigurationError(`\`${text}\` is none of ${values.join(', ')}`, undefined);
  return found;
}

function done(terminal: Terminal, message: string): void {
  if (terminal.json) terminal.data({ ok: true });
  else terminal.out(message);
}

const summaryColumns = ['TENANT', 'NAME', 'ALGORITHM', 'LATEST', 'VERSIONS', 'CREATED', 'ID'];

function summaryRow({ tenant, id, name, algorithm, created, latest, versions }: KeySummary): readonly string[] {
  const shown = latest === undefined ? 'none' : String(latest);
  return [tenant, name ?? '', algorithm ?? 'secret', shown, String(versions), shownDate(created), id];
}

function showKey(terminal: Terminal, key: KeyDetails): void {
  if (terminal.json) {
    terminal.data(plain(key));
    return;
  }
  showTable(terminal, summaryColumns, [summaryRow(key)]);
  terminal.out('');
  const rows = key.details.map(({ version, created, expires, expired, exportable, elsewhere }) => [
    String(version),
    shownDate(created),
    expires === undefined ? 'never' : `${shownDate(expires)}${expired ? ', expired' : ''}`,
    exportable ? 'yes' : 'no',
    elsewhere ? 'a keeper' : 'the store',
  ]);
  showTable(terminal, ['VERSION', 'CREATED', 'EXPIRES', 'EXPORTABLE', 'KEPT BY'], rows);
}

/** Names come from stores that others may write to: what moves a terminal's cursor is shown as its number. */
function shownText(text: string): string {
  return text.replace(/\p{C}/gu, (each) => `\\u{${(each.codePointAt(0) ?? 0).toString(16)}}`);
}

function showTable(terminal: Terminal, titles: readonly string[], given: readonly (readonly string[])[]): void {
  const rows = given.map((row) => row.map(shownText));
  const widths = titles.map((title, at) => Math.max(title.length, ...rows.map((row) => row[at]?.length ?? 0)));
  const line = (cells: readonly string[]): string =>
    cells
      .map((cell, at) => cell.padEnd(widths[at] ?? 0))
      .join('  ')
      .trimEnd();
  terminal.out(terminal.outColors.dim(line(titles)));
  for (const row of rows) terminal.out(line(row));
}

/** JSON has no integers of 64 bits: those beyond 2^53 are text. */
function plain(value: object): unknown {
  return JSON.parse(
    JSON.stringify(value, (_, each: unknown) =>
      typeof each !== 'bigint' ? each : each <= BigInt(Number.MAX_SAFE_INTEGER) ? Number(each) : String(each),
    ),
  );
}
