/** `wasi-crypto-gen keys`, on a store in a folder of its own. */
import { generateKeyPairSync } from 'node:crypto';
import { existsSync, mkdtempSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { idOfName, type KeyRecord, keyFromFile, openHsm, openKeyStore, sqliteStore } from '../../runtime/keys.js';
import { errnoOf } from '../guest/guest.js';
import { managedGuest } from '../runtime/managed/fixture.js';
import { newTokens, PIN, softhsm, softhsmMissing } from '../runtime/managed/softhsm.js';
import { describeListed } from '../shared.js';
import { wasiCryptoGen, type Outcome } from './command-line.js';

let folder: string;
const at = (name: string): string => join(folder, name);

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'wasi-crypto-gen-keys-'));
  expect((await keys('init')).code).toBe(0);
});

async function keys(command: string, ...args: readonly string[]): Promise<Outcome> {
  return wasiCryptoGen(['keys', command, ...args, '--store', at('keys.db'), '--kek-file', at('kek')]);
}

async function json(command: string, ...args: readonly string[]): Promise<unknown> {
  const { code, stdout, stderr } = await keys(command, ...args, '--json');
  expect([code, stderr]).toEqual([0, '']);
  return JSON.parse(stdout);
}

const shop = ['--tenant', 'shop'];

it('makes a store and a key-encryption key that their owner alone can read', async () => {
  for (const name of ['keys.db', 'kek']) expect(statSync(at(name)).mode & 0o777).toBe(0o600);
  expect(await json('list')).toEqual([]);
});

it('provisions, shows, rotates, dates and lists keys, for people and for machines, and guests have them', async () => {
  const { privateKey } = generateKeyPairSync('ed25519');
  writeFileSync(at('key.pem'), privateKey.export({ type: 'pkcs8', format: 'pem' }));
  const made = await json(
    'provision',
    'signing',
    ...shop,
    '--algorithm',
    'Ed25519',
    '--key',
    at('key.pem'),
    '--expires',
    '2030-01-01',
  );
  const id = Buffer.from(idOfName('signing')).toString('hex');
  expect(made).toMatchObject({ tenant: 'shop', id, name: 'signing', algorithm: 'Ed25519', latest: 1 });
  expect(await json('rotate', 'signing', ...shop)).toMatchObject({
    latest: 2,
    details: [{ expires: 1_893_456_000 }, { version: 2 }],
  });
  await json('expire', id, ...shop, '--key-version', '2', '--at', '100000');
  const shown = (await keys('show', 'signing', ...shop)).stdout;
  expect(shown).toMatch(
    /TENANT +NAME +ALGORITHM[^]*shop +signing +Ed25519 +2 +2 [^]*1 .*2030-01-01T00:00:00Z +no[^]*1970-01-02T03:46:40Z, expired/,
  );
  writeFileSync(at('token'), 'a token');
  await json('provision', 'token', ...shop, '--algorithm', 'secret', '--key', at('token'));
  expect(((await json('list', ...shop)) as readonly unknown[]).length).toBe(2);
  expect((await keys('list')).stdout).toMatch(/shop +token +secret/);
  const store = openKeyStore({ records: sqliteStore(at('keys.db')), kek: keyFromFile(at('kek')) });
  const { managed, manager } = managedGuest({ store, tenant: 'shop' });
  expect(Buffer.from(managed.secretFromId(manager, idOfName('token'))).toString()).toBe('a token');
  managed.pairs.fromId(manager, idOfName('signing'), 1n);
  expect(errnoOf(() => managed.pairs.fromId(manager, idOfName('signing')))).toBe('Expired');
  store.close();
});

it('asks before what cannot be undone', async () => {
  await json('provision', 'signing', ...shop, '--algorithm', 'Ed25519');
  const refused = await keys('invalidate', 'signing', ...shop, '--key-version', 'all');
  expect(refused.code).toBe(2);
  expect(refused.stderr).toMatch(/cannot be brought back[^]*--yes/);
  await json('invalidate', 'signing', ...shop, '--key-version', 'all', '--yes');
  expect(await json('show', 'signing', ...shop)).toMatchObject({ versions: 0 });
});

it('exports what is exportable into a file of its owner alone, and nothing else', async () => {
  await json('provision', 'open', ...shop, '--algorithm', 'X25519', '--exportable');
  await json('provision', 'shut', ...shop, '--algorithm', 'X25519');
  await json('export', 'open', ...shop, '--out', at('open.pem'));
  expect(statSync(at('open.pem')).mode & 0o777).toBe(0o600);
  expect(readFileSync(at('open.pem'), 'utf8')).toContain('PRIVATE KEY');
  expect((await keys('export', 'shut', ...shop, '--out', at('shut.pem'))).stderr).toContain(
    'not provisioned as exportable',
  );
  expect(existsSync(at('shut.pem'))).toBe(false);
});

it('rewraps, backs up, verifies, and shows and verifies its log', async () => {
  await json('provision', 'signing', ...shop, '--algorithm', 'Ed25519');
  await json('rewrap', '--new-kek-file', at('kek2'));
  expect((await keys('list')).stderr).toContain('does not open the store');
  const again = (command: string, ...args: readonly string[]): Promise<Outcome> =>
    wasiCryptoGen(['keys', command, ...args, '--store', at('keys.db'), '--kek-file', at('kek2')]);
  expect((await again('backup', at('copy.db'))).code).toBe(0);
  const restored = await wasiCryptoGen(['keys', 'verify', '--store', at('copy.db'), '--kek-file', at('kek2')]);
  expect(restored.stdout).toContain('1 identifiers, 1 versions, 4 lines of the log: all is well');
  expect((await again('audit')).stdout).toMatch(/1 .*owner +create +done[^]*provision +done +shop[^]*rewrap[^]*backup/);
  expect((await again('audit', '--verify')).stdout).toBe('the log is whole\n');
  const head = (await again('audit', '--head')).stdout;
  expect(head).toMatch(/^4 [0-9a-f]{64}\n$/);
  expect(await again('audit', '--verify', '--since', head)).toMatchObject({ code: 0, stdout: 'the log is whole\n' });
  expect(await again('audit', '--verify', '--since', `5${head.slice(1)}`)).toMatchObject({
    code: 1,
    stderr: expect.stringContaining('the store was put back') as string,
  });
});

it('verifying says what is wrong, and the exit code is 1', async () => {
  await json('provision', 'signing', ...shop, '--algorithm', 'Ed25519');
  const records = sqliteStore(at('keys.db'));
  records.write((writing) => writing.remove('shop', idOfName('signing'), 1n));
  records.close();
  const { code, stderr } = await keys('verify');
  expect(code).toBe(1);
  expect(stderr).toMatch(/version 1 .* is gone/);
});

it('lists what opens, says what does not, and the exit code is 1', async () => {
  for (const name of ['one', 'two']) await json('provision', name, ...shop, '--algorithm', 'Ed25519');
  const records = sqliteStore(at('keys.db'));
  const head = records.read((reading) => reading.records('shop', idOfName('one'), [0n]))[0] as KeyRecord;
  records.write((writing) => writing.put({ ...head, created: 0n }));
  records.close();
  const { code, stdout, stderr } = await keys('list');
  expect([code, stdout]).toEqual([1, expect.stringMatching(/^TENANT .*\nshop +two .*\n$/) as string]);
  const id = Buffer.from(idOfName('one')).toString('hex');
  expect(stderr).toMatch(`${id} version 0 of the tenant 'shop' was changed`);
  const listed = await keys('list', '--json');
  expect(listed.code).toBe(1);
  expect(JSON.parse(listed.stdout)).toContainEqual({ tenant: 'shop', id, problem: expect.any(String) as string });
  await json('invalidate', 'one', ...shop, '--key-version', 'all', '--yes');
  expect(await keys('list')).toMatchObject({ code: 0, stderr: '' });
  expect((await keys('audit')).stdout).toMatch(/invalidate +done +shop/);
});

it.each<[string, readonly string[], RegExp]>([
  [
    'another key-encryption key than that of the store',
    ['keys.db', '--kek-file', 'typo'],
    /key file .*typo cannot be read/,
  ],
  ['a store in no folder', ['no/where.db', '--kek-file', 'new'], /no\/where.db cannot be made/],
  ['a variable that is not set', ['new.db', '--kek-env', 'NOT_SET'], /NOT_SET of the environment is not set/],
  ['a key file in no folder', ['new.db', '--kek-file', 'no/where'], /cannot access .*no/],
  ['a key file that is none', ['new.db', '--kek-file', 'keys.db'], /holds more than a key/],
])('leaves no file behind where it is initialized with %s', async (_, args, message) => {
  const before = readdirSync(folder);
  const { code, stderr } = await wasiCryptoGen([
    'keys',
    'init',
    '--store',
    ...args.map((each) => (/^[-A-Z]/.test(each) ? each : at(each))),
  ]);
  expect([code, stderr]).toEqual([2, expect.stringMatching(message) as string]);
  expect(readdirSync(folder)).toEqual(before);
});

it('is initialized again without another key, and keeps what it has', async () => {
  await json('provision', 'signing', ...shop, '--algorithm', 'Ed25519');
  const [store, kek] = [at('keys.db'), at('kek')].map((file) => readFileSync(file));
  expect((await keys('init')).code).toBe(0);
  expect([at('keys.db'), at('kek')].map((file) => readFileSync(file))).toEqual([store, kek]);
});

it.each([
  ['no key-encryption key', ['list', '--store', 'x.db'], /one key-encryption key[^]*--kek-file/],
  ['no store', ['list', '--store', 'nowhere.db', '--kek-env', 'HOME'], /no key store in nowhere.db[^]*keys init/],
])('says what to do: %s', async (_, args, message) => {
  const { code, stderr } = await wasiCryptoGen(['keys', ...args], { cwd: folder });
  expect(code).toBe(2);
  expect(stderr).toMatch(message);
});

it.each([
  ['a date that is none', ['expire', 'signing', ...shop, '--at', 'tomorrow'], /no date/],
  ['a date with a word before it', ['expire', 'signing', ...shop, '--at', 'foo 1'], /no date/],
  ['a day that is none', ['expire', 'signing', ...shop, '--at', '2027-02-31'], /no date/],
  ['a year alone', ['expire', 'signing', ...shop, '--at', '2027'], /no date/],
  ['an unknown key', ['show', 'nothing', ...shop], /no key of the name 'nothing'/],
  ['an unknown algorithm', ['provision', 'x', ...shop, '--algorithm', 'ROT13'], /no algorithm ROT13/],
  ['a name that is taken', ['provision', 'signing', ...shop, '--algorithm', 'Ed25519'], /rotate it/],
])('refuses %s', async (_, [command = '', ...args], message) => {
  await json('provision', 'signing', ...shop, '--algorithm', 'Ed25519');
  const { code, stderr } = await keys(command, ...args);
  expect(code).toBe(2);
  expect(stderr).toMatch(message);
});

describeListed(softhsmMissing, 'with an HSM', () => {
  const variables = ['WASI_CRYPTO_HSM_MODULE', 'WASI_CRYPTO_HSM_TOKEN', 'WASI_CRYPTO_HSM_PIN'] as const;
  afterEach(() => {
    for (const each of variables) delete process.env[each];
  });

  async function inHsm(command: string, ...args: readonly string[]): Promise<Outcome> {
    return wasiCryptoGen(['keys', command, ...args, '--store', at('hsm.db'), '--kek-hsm', 'store']);
  }

  it('keeps the key-encryption key and keys of guests there, and verifying finds a key that has no record', async () => {
    const { label } = newTokens('guests');
    expect(await inHsm('init')).toMatchObject({ code: 2, stderr: expect.stringContaining('--hsm-module') });
    process.env['WASI_CRYPTO_HSM_MODULE'] = softhsm;
    expect(await inHsm('init')).toMatchObject({ code: 2, stderr: expect.stringContaining('WASI_CRYPTO_HSM_PIN') });
    [process.env['WASI_CRYPTO_HSM_TOKEN'], process.env['WASI_CRYPTO_HSM_PIN']] = [label, PIN];
    for (let round = 0; round < 2; round += 1)
      expect(await inHsm('init')).toMatchObject({ code: 0, stdout: expect.stringContaining('is ready') });
    const provision = ['provision', 'signing', ...shop, '--algorithm', 'Ed25519', '--in-hsm'] as const;
    expect(await inHsm(...provision)).toMatchObject({ code: 0, stdout: expect.stringContaining('a keeper') });
    expect(await inHsm('rotate', 'signing', ...shop, '--in-hsm')).toMatchObject({ code: 0 });
    expect(await inHsm('verify')).toMatchObject({ code: 0, stdout: expect.stringContaining('2 versions') });

    const otherName = await inHsm('verify', '--hsm-name', 'another');
    expect(otherName).toMatchObject({
      code: 0,
      stderr: expect.stringContaining('hsm keeps keys of this store and was not asked'),
    });

    const hsm = openHsm({ module: softhsm, token: label, pin: () => PIN });
    const left = Buffer.from(hsm.generate('signatures', 'Ed25519')).toString('hex');
    hsm.close();
    const problem = `hsm has a key without a record: ${left}`;
    expect(await inHsm('verify')).toMatchObject({ code: 1, stderr: expect.stringContaining(problem) });

    const other = ['--new-kek-hsm', 'second'] as const;
    expect(await inHsm('rewrap', ...other)).toMatchObject({ code: 0 });
    expect(await inHsm('list')).toMatchObject({ code: 2, stderr: expect.stringContaining("the key 'store'") });
    const again = ['--store', at('hsm.db'), '--kek-hsm', 'second', ...shop, '--key-version', 'all', '--yes'] as const;
    expect(await wasiCryptoGen(['keys', 'invalidate', 'signing', ...again])).toMatchObject({ code: 0 });
    const after = openHsm({ module: softhsm, token: label, pin: () => PIN });
    expect([...after.references()].map((each) => Buffer.from(each).toString('hex'))).toEqual([left]);
    after.close();
  });
});

it('shows a log that was changed with what is wrong, and names without what moves a cursor', async () => {
  const name = 'name\u001b[2Jwith\nmore';
  await json('provision', name, ...shop, '--algorithm', 'Ed25519');
  expect((await keys('list')).stdout).toContain('name\\u{1b}[2Jwith\\u{a}more');
  const change = (entry: string): void => {
    const records = sqliteStore(at('keys.db'));
    const lines = records.read((reading) => reading.log(0n, 10));
    records.write((writing) => {
      writing.dropLog(BigInt(lines.length));
      for (const line of lines) writing.append(line.sequence === 2n ? { ...line, entry } : line);
    });
    records.close();
  };
  change('{"at":1,"actor":"owner","operation":"rotate"}');
  const { code, stdout, stderr } = await keys('audit');
  expect([code, stderr]).toEqual([1, expect.stringContaining('line 2 of the log was changed') as string]);
  expect(stdout).toContain('rotate');
  for (const entry of ['null', 'xxx', '{}', '{"at":1.5}']) {
    change(entry);
    expect(await keys('audit')).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('line 2 of the log was changed') as string,
    });
  }
});

it('takes the key-encryption key that is named, whatever the environment says', async () => {
  const args = ['keys', 'list', '--store', at('keys.db')];
  const env = { WASI_CRYPTO_KEK_FILE: at('kek'), OTHER_KEK: '11'.repeat(32) };
  expect((await wasiCryptoGen(args, { env })).code).toBe(0);
  process.env['OTHER_KEK'] = env.OTHER_KEK;
  const named = await wasiCryptoGen([...args, '--kek-env', 'OTHER_KEK'], { env });
  delete process.env['OTHER_KEK'];
  expect(named).toMatchObject({ code: 2, stderr: expect.stringContaining('OTHER_KEK') as string });
});
