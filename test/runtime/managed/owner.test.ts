/** What the owner of a store does with it, on every store. */
import { createHash, generateKeyPairSync, randomBytes } from 'node:crypto';
import { existsSync, statSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { KeypairEncoding, PublickeyEncoding } from '../../../generated/0.10/typescript-host/types.js';
import { idOfName, openKeyStore, sqliteStore, type KeyStore, type RecordStore } from '../../../runtime/keys.js';
import { errnoOf } from '../../guest/guest.js';
import { managedGuest, newStore, testKek } from './fixture.js';
import { newFile, sqliteEngines, storeKinds } from './stores.js';

const text = (value: string): Uint8Array => new TextEncoder().encode(value);
const code = (expected: string): unknown => expect.objectContaining({ name: 'SecretsError', code: expected });

function pemOf(protection: { readonly cipher?: string; readonly passphrase?: string } = {}): string {
  const { privateKey } = generateKeyPairSync('ed25519');
  return privateKey.export({ type: 'pkcs8', format: 'pem', ...protection }).toString();
}

/** RFC 8037: OpenSSL reads `d` alone. */
function mixedJwk(): Uint8Array {
  const [own, other] = [0, 1].map(() => generateKeyPairSync('ed25519').privateKey.export({ format: 'jwk' }));
  return text(JSON.stringify({ ...own, x: other?.x }));
}

describe.each(storeKinds)('the owner of a store: $name', ({ make }) => {
  const clock = { now: 1_000_000 };
  const open = (records: RecordStore = make()): KeyStore =>
    openKeyStore({ records, kek: testKek(), clock: () => clock.now * 1000 });
  const guestOf = (store: KeyStore, tenant = 'shop') => managedGuest({ store, tenant, clock });

  it('provisions keys under names that guests look up, made here or given as PEM, JWK or bytes', () => {
    const store = open();
    const { managed, manager } = guestOf(store);
    const { privateKey, publicKey } = generateKeyPairSync('ed25519');
    const pem = text(privateKey.export({ type: 'pkcs8', format: 'pem' }).toString());
    const jwk = text(JSON.stringify(privateKey.export({ format: 'jwk' })));
    const spki = publicKey.export({ type: 'spki', format: 'der' });
    const given = [
      ['pem', pem],
      ['jwk', jwk],
      ['pkcs8', privateKey.export({ type: 'pkcs8', format: 'der' })],
    ] as const;
    for (const [encoding, bytes] of given) {
      store.provision({ tenant: 'shop', name: encoding, algorithm: 'ed25519', key: { encoding, bytes } });
      const pair = managed.pairs.fromId(manager, idOfName(encoding));
      const half = managed.asymmetric.keypairPublickey(pair);
      expect(managed.asymmetric.publickeyExport(half, PublickeyEncoding.Pkcs8)).toEqual(new Uint8Array(spki));
      expect(errnoOf(() => managed.asymmetric.keypairExport(pair, KeypairEncoding.Pkcs8))).toBe('ProhibitedOperation');
    }
    const made = store.provision({ tenant: 'shop', name: 'made', algorithm: 'X25519' });
    expect(made).toMatchObject({ kind: 'key-exchange', algorithm: 'X25519', latest: 1n, versions: 1, name: 'made' });
    managed.pairs.fromId(manager, idOfName('made'));
    const raw = randomBytes(32);
    const oct = text(JSON.stringify({ kty: 'oct', k: raw.toString('base64url') }));
    store.provision({ tenant: 'shop', name: 'aes', algorithm: 'AES-256-GCM', key: { encoding: 'raw', bytes: raw } });
    store.provision({
      tenant: 'shop',
      name: 'oct',
      algorithm: 'AES-256-GCM',
      exportable: true,
      key: { encoding: 'jwk', bytes: oct },
    });
    expect(managed.symmetric.keyExport(managed.keys.fromId(manager, idOfName('oct')))).toEqual(new Uint8Array(raw));
    expect(errnoOf(() => managed.symmetric.keyExport(managed.keys.fromId(manager, idOfName('aes'))))).toBe(
      'ProhibitedOperation',
    );
    const secret = store.provision({
      tenant: 'shop',
      algorithm: 'secret',
      key: { encoding: 'raw', bytes: text('token') },
    });
    expect(managed.secretFromId(manager, Buffer.from(secret.id, 'hex'))).toEqual(text('token'));
    expect(errnoOf(() => guestOf(store, 'another').managed.pairs.fromId(1, idOfName('pem')))).toMatch(
      /NotFound|InvalidHandle/,
    );
    expect(store.verify()).toMatchObject({ ids: 7, versions: 7, problems: [] });
    store.close();
  });

  it('provisions many at once, all or none, of which each is a line of the log', () => {
    const store = open();
    const names = Array.from({ length: 40 }, (_, index) => `key ${index}`);
    const request = (name: string, tenant = 'shop') => ({ tenant, name, algorithm: 'HMAC/SHA-256' });
    const ids = store.provisionAll([...names.map((name) => request(name)), request('key 0', 'other')]);
    expect(ids).toEqual([...names, 'key 0'].map((name) => Buffer.from(idOfName(name)).toString('hex')));
    const { managed, manager } = guestOf(store);
    for (const name of names) managed.keys.fromId(manager, idOfName(name));
    expect(store.verify()).toMatchObject({ ids: 41, versions: 41, lines: 42n, problems: [] });
    expect(() => store.provisionAll([request('new'), request('key 7'), request('newer')])).toThrow(code('exists'));
    expect(() => store.provisionAll([request('new'), request('new')])).toThrow(code('exists'));
    expect(() => store.provisionAll([request('new'), { ...request('x'), algorithm: 'ROT13' }])).toThrow(
      code('refused'),
    );
    expect(store.provisionAll([])).toEqual([]);
    expect(store.verify()).toMatchObject({ ids: 41, versions: 41, lines: 44n, problems: [] });
    expect(store.audit({ after: 42n }).map(({ id, result }) => [id, result])).toEqual(
      ['key 7', 'new'].map((name) => [Buffer.from(idOfName(name)).toString('hex'), 'exists']),
    );
    store.close();
  });

  it('computes identifiers of names as guests do', () => {
    const expected = createHash('sha256').update(Buffer.from('wasi-crypto-key-name\0shop key')).digest();
    expect(idOfName('shop key')).toEqual(expected);
  });

  it('lists, shows, rotates, dates and invalidates, and versions of a name never begin again', () => {
    const store = open();
    const { managed, manager } = guestOf(store);
    const address = { tenant: 'shop', name: 'signing' };
    const { id } = store.provision({ ...address, algorithm: 'Ed25519', expires: 1_000_010n });
    expect(() => store.provision({ ...address, algorithm: 'Ed25519' })).toThrow(code('exists'));
    expect(store.rotate(address)).toMatchObject({ latest: 2n, versions: 2 });
    expect(managed.pairs.id(managed.pairs.fromId(manager, idOfName('signing')))[1]).toBe(2n);
    store.expire(address, 2n, 1_000_020n);
    clock.now = 1_000_015;
    expect(store.show({ tenant: 'shop', id }).details).toEqual([
      { version: 1n, created: 1_000_000n, expires: 1_000_010n, expired: true, exportable: false, elsewhere: false },
      { version: 2n, created: 1_000_000n, expires: 1_000_020n, expired: false, exportable: false, elsewhere: false },
    ]);
    expect(errnoOf(() => managed.pairs.fromId(manager, idOfName('signing'), 1n))).toBe('Expired');
    store.expire(address, 'all', undefined);
    managed.pairs.fromId(manager, idOfName('signing'), 1n);
    store.expire(address, 'latest', 5n);
    expect(errnoOf(() => managed.pairs.fromId(manager, idOfName('signing')))).toBe('Expired');
    store.invalidate(address, 1n);
    expect(errnoOf(() => managed.pairs.fromId(manager, idOfName('signing'), 1n))).toBe('NotFound');
    store.invalidate(address, 'all');
    expect(errnoOf(() => managed.pairs.fromId(manager, idOfName('signing')))).toBe('NotFound');
    expect(store.show(address)).toMatchObject({ latest: undefined, versions: 0 });
    expect(() => store.provision({ ...address, algorithm: 'X25519' })).toThrow(code('exists'));
    expect(store.provision({ ...address, algorithm: 'Ed25519' })).toMatchObject({ latest: 3n });
    for (const wrong of [
      () => store.invalidate(address, 9n),
      () => store.show({ tenant: 'shop', id: 'ab' }),
      () => store.rotate({ tenant: 'x', id }),
    ])
      expect(wrong).toThrow(code('not-found'));
    for (let index = 0; index < 5; index += 1) store.provision({ tenant: `tenant ${index}`, algorithm: 'AES-128-GCM' });
    const pages: string[] = [];
    for (let after = store.list({ limit: 2 }); after.length > 0; after = store.list({ limit: 2, after: after.at(-1) }))
      pages.push(...after.map(({ tenant }) => tenant));
    expect(pages).toEqual(['shop', 'tenant 0', 'tenant 1', 'tenant 2', 'tenant 3', 'tenant 4']);
    expect(store.list({ tenant: 'tenant 3' }).length).toBe(1);
    expect(store.verify().problems).toEqual([]);
    store.close();
  });

  it('exports only what was provisioned as exportable', () => {
    const store = open();
    const { privateKey } = generateKeyPairSync('x25519');
    const bytes = privateKey.export({ type: 'pkcs8', format: 'der' });
    const key = { encoding: 'pkcs8', bytes } as const;
    store.provision({ tenant: 'shop', name: 'open', algorithm: 'X25519', exportable: true, key });
    store.provision({ tenant: 'shop', name: 'shut', algorithm: 'X25519', key });
    expect(Buffer.from(store.export({ tenant: 'shop', name: 'open' }, 'latest', 'pkcs8'))).toEqual(bytes);
    expect(Buffer.from(store.export({ tenant: 'shop', name: 'open' }, 1n, 'pem')).toString()).toContain('PRIVATE KEY');
    expect(() => store.export({ tenant: 'shop', name: 'shut' }, 'latest', 'pkcs8')).toThrow(code('refused'));
    store.close();
  });

  it.each<[string, object, RegExp]>([
    ['an option nobody knows', { exportible: true }, /knows no `exportible`/],
    ['a date before 1970', { expires: -1n }, /seconds since 1970/],
    ['a date beyond 64 bits', { expires: 1n << 64n }, /seconds since 1970/],
    ['a date that is no bigint', { expires: 5 }, /a bigint/],
    ['`exportable` as a text', { exportable: 'no' }, /true or false/],
    ['a name with a zero', { name: 'a\0b' }, /no zeros/],
    ['a tenant with a zero', { tenant: 'a\0b' }, /no zeros/],
    ['a tenant that is a number', { tenant: 5 }, /UTF-8/],
    ['a name that looks like an identifier', { name: 'ab'.repeat(32) }, /taken for an identifier/],
  ])('refuses %s, and nothing is stored', (_, request, message) => {
    const store = open();
    const provision = (): unknown => store.provision({ tenant: 'shop', algorithm: 'Ed25519', ...request });
    expect(provision).toThrow(code('refused'));
    expect(provision).toThrow(message);
    expect(store.list()).toEqual([]);
    store.close();
  });

  it.each<[string, string, Parameters<KeyStore['provision']>[0]['key'] | undefined]>([
    ['an unknown algorithm', 'ROT13', undefined],
    ['a hash', 'SHA-256', undefined],
    ['a key of another size', 'AES-256-GCM', { encoding: 'raw', bytes: new Uint8Array(16) }],
    ['PEM of a symmetric key', 'AES-256-GCM', { encoding: 'pem', bytes: new Uint8Array(32) }],
    ['PEM that is none', 'Ed25519', { encoding: 'pem', bytes: text('-----BEGIN') }],
    ['a JWK of another kind', 'AES-256-GCM', { encoding: 'jwk', bytes: text('{"kty":"RSA"}') }],
    ['a JWK that is none', 'Ed25519', { encoding: 'jwk', bytes: text('{"kty":"OKP","d":"secret"') }],
    [
      'a JWK without a private half',
      'Ed25519',
      { encoding: 'jwk', bytes: text('{"kty":"OKP","crv":"Ed25519","x":"AA"}') },
    ],
    [
      'a key of another curve',
      'Ed25519',
      { encoding: 'pkcs8', bytes: generateKeyPairSync('x25519').privateKey.export({ type: 'pkcs8', format: 'der' }) },
    ],
    ['a secret without bytes', 'secret', undefined],
    ['a secret beyond 8 MiB', 'secret', { encoding: 'raw', bytes: new Uint8Array(2 ** 23 + 1) }],
    ['a key beyond 8 MiB', 'HMAC/SHA-256', { encoding: 'raw', bytes: new Uint8Array(2 ** 23 + 1) }],
    // As from JavaScript, without types: another key would be made of each.
    ['a text for bytes', 'HMAC/SHA-256', { encoding: 'raw', bytes: 'my-secret-key' as never }],
    ['an ArrayBuffer for bytes', 'HMAC/SHA-256', { encoding: 'raw', bytes: new ArrayBuffer(32) as never }],
    ['a number for bytes', 'secret', { encoding: 'raw', bytes: 32 as never }],
    ['an encoding that is none', 'AES-256-GCM', { encoding: 'hex' as never, bytes: new Uint8Array(32) }],
    ['a JWK of a number', 'HMAC/SHA-256', { encoding: 'jwk', bytes: text('{"kty":"oct","k":123456789}') }],
    ['a JWK of a list', 'HMAC/SHA-256', { encoding: 'jwk', bytes: text('{"kty":"oct","k":[1,2,3]}') }],
    ['a JWK of nothing', 'HMAC/SHA-256', { encoding: 'jwk', bytes: text('{"kty":"oct","k":""}') }],
    ['a JWK that is no base64url', 'HMAC/SHA-256', { encoding: 'jwk', bytes: text('{"kty":"oct","k":"c2Vj!cmV0"}') }],
    ['a JWK with the public half of another key', 'Ed25519', { encoding: 'jwk', bytes: mixedJwk() }],
  ])('refuses to provision %s, and nothing is stored', (_, algorithm, key) => {
    const store = open();
    expect(() => store.provision({ tenant: 'shop', name: 'bad', algorithm, key })).toThrow(code('refused'));
    expect(store.list()).toEqual([]);
    store.close();
  });

  it.each<[string, () => string, RegExp]>([
    ['is encrypted', () => pemOf({ cipher: 'aes-256-cbc', passphrase: 'x' }), /encrypted: decrypt it before/],
    [
      'is encrypted as it was long ago',
      () =>
        '-----BEGIN RSA PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\nDEK-Info: AES-128-CBC,00\n\nAA\n-----END RSA PRIVATE KEY-----\n',
      /encrypted: decrypt it before/,
    ],
    ['has two keys', () => pemOf() + pemOf(), /has 2 private keys: give one/],
    [
      'has a certificate beside the key',
      () => `${pemOf()}-----BEGIN CERTIFICATE-----\nAA\n-----END CERTIFICATE-----\n`,
      /more than a private key \(CERTIFICATE\)/,
    ],
    [
      'has a public key',
      () => generateKeyPairSync('ed25519').publicKey.export({ type: 'spki', format: 'pem' }).toString(),
      /no private key, but PUBLIC KEY/,
    ],
    ['is none', () => 'some text', /no line `-----BEGIN PRIVATE KEY-----`/],
  ])('says what is wrong with PEM that %s', (_, pem, message) => {
    const store = open();
    const key = { encoding: 'pem', bytes: text(pem()) } as const;
    const provision = (): unknown => store.provision({ tenant: 'shop', algorithm: 'Ed25519', key });
    expect(provision).toThrow(code('refused'));
    expect(provision).toThrow(message);
    store.close();
  });

  it.each([0, -1, 1.5, NaN, Infinity])('lists no pages of %d', (limit) => {
    const store = open();
    expect(() => store.list({ limit })).toThrow(code('refused'));
    expect(() => store.audit({ limit })).toThrow(code('refused'));
    store.close();
  });

  it('has a log of what it was refused, too, with the reason', () => {
    const store = open();
    const address = { tenant: 'shop', name: 'signing' };
    store.provision({ ...address, algorithm: 'Ed25519' });
    for (const [reason, refused] of [
      ['refused', () => store.export(address, 'latest', 'pem')],
      ['exists', () => store.provision({ ...address, algorithm: 'Ed25519' })],
      ['not-found', () => store.invalidate(address, 7n)],
      ['not-found', () => store.expire({ tenant: 'other', name: 'signing' }, 'all', 1n)],
      ['refused', () => store.rotate(address, { keeper: 'nobody' })],
    ] as const)
      expect(refused, reason).toThrow(code(reason));
    expect(store.audit().map(({ operation, tenant, version, result }) => [operation, tenant, version, result])).toEqual(
      [
        ['create', undefined, undefined, 'done'],
        ['provision', 'shop', '1', 'done'],
        ['export', 'shop', 'latest', 'refused'],
        ['provision', 'shop', undefined, 'exists'],
        ['invalidate', 'shop', '7', 'not-found'],
        ['expire', 'other', 'all', 'not-found'],
        ['rotate', 'shop', undefined, 'refused'],
      ],
    );
    expect(store.verify().problems).toEqual([]);
    store.close();
  });

  it('has a log of all changes, of guests too, in which nothing can be changed or left out unseen', () => {
    const records = make();
    const store = open(records);
    const { managed, manager } = guestOf(store);
    const key = managed.keys.generate(manager, 'AES-256-GCM');
    const [id] = managed.keys.id(key);
    managed.keys.replace(manager, key, managed.symmetric.keyGenerate('AES-256-GCM'));
    managed.invalidate(manager, id, 1n);
    store.expire({ tenant: 'shop', id: Buffer.from(id).toString('hex') }, 'latest', 7n);
    expect(errnoOf(() => managed.invalidate(manager, id, 9n))).toBe('NotFound');
    expect(
      store
        .audit()
        .map(({ sequence, actor, operation, version, detail }) => [sequence, actor, operation, version, detail]),
    ).toEqual([
      [1n, 'owner', 'create', undefined, undefined],
      [2n, 'guest', 'store', '1', undefined],
      [3n, 'guest', 'replace', '2', undefined],
      [4n, 'guest', 'invalidate', '1', undefined],
      [5n, 'owner', 'expire', 'latest', '7'],
    ]);
    expect(store.audit({ after: 3n, limit: 1 }).map(({ sequence }) => sequence)).toEqual([4n]);
    expect(store.auditProblem()).toBeUndefined();
    expect(store.auditHead().lines).toBe(5n);
    store.close();
  });

  it('prunes its log, of which the rest is verified, and what was pruned cannot be put back', () => {
    const records = make();
    const store = open(records);
    const provision = (): void => void store.provision({ tenant: 'shop', algorithm: 'Ed25519' });
    for (let day = 0; day < 3; day += 1) {
      provision();
      clock.now += 86_400;
    }
    const moment = BigInt(clock.now - 86_400);
    const old = records.read((reading) => reading.log(0n, 2));
    expect(store.pruneAudit(moment)).toBe(3n);
    expect(store.pruneAudit(moment)).toBe(0n);
    const lines = (): readonly unknown[] =>
      store.audit().map(({ sequence, operation, detail }) => [sequence, operation, detail]);
    const rest = [
      [4n, 'provision', undefined],
      [5n, 'prune', 'lines up to 3'],
    ];
    expect(lines()).toEqual(rest);
    expect(store.verify()).toMatchObject({ lines: 5n, problems: [] });
    provision();
    clock.now += 86_400;
    expect(store.pruneAudit(BigInt(clock.now))).toBe(3n);
    expect(lines()).toEqual([[7n, 'prune', 'lines up to 6']]);
    records.write((writing) => old.forEach((each) => writing.append(each)));
    expect(lines()).toEqual([[7n, 'prune', 'lines up to 6']]);
    expect(store.auditProblem()).toBeUndefined();
    records.write((writing) => writing.dropLog(7n));
    expect(store.auditProblem()).toMatch(/log ends at line 6/);
    expect(() => store.pruneAudit(BigInt(clock.now))).toThrow(code('tampered'));
    store.close();
  });
});

describe('a head of the log that was kept elsewhere', () => {
  it('is still in a log that has only grown, and in no other', () => {
    const file = newFile();
    const { store, early, copy } = twoTimes(file);
    const head = store.auditHead();
    store.provision({ tenant: 'shop', algorithm: 'Ed25519' });
    for (const kept of [early, head, store.auditHead()]) expect(store.auditProblem(kept)).toBeUndefined();
    expect(store.auditProblem({ ...head, chain: '0'.repeat(64) })).toMatch(/line 3 of the log is another one/);
    store.close();
    const back = openKeyStore({ records: sqliteStore(copy), kek: testKek() });
    expect(back.auditProblem()).toBeUndefined();
    expect(back.auditProblem(early)).toBeUndefined();
    expect(back.auditProblem(head)).toMatch(/has 2 lines, and had 3: the store was put back/);
    back.provision({ tenant: 'shop', algorithm: 'Ed25519' });
    expect(back.auditProblem(head)).toMatch(/line 3 of the log is another one/);
    back.pruneAudit(2n ** 40n);
    expect(back.auditProblem(early)).toMatch(/begins behind line 3/);
    back.close();
  });

  /** A store, and a copy of what it was before the last change. */
  function twoTimes(file: string) {
    const store = newStore(sqliteStore(file));
    const early = store.auditHead();
    const copy = newFile();
    store.backup(copy);
    store.provision({ tenant: 'shop', algorithm: 'Ed25519' });
    return { store, early, copy };
  }
});

describe('a log that was changed', () => {
  it.each<[string, (lines: { sequence: bigint; entry: string; chain: Uint8Array }[]) => void, RegExp]>([
    [
      'a line changed',
      (lines) =>
        ((lines[1] as { entry: string }).entry = (lines[1] as { entry: string }).entry.replace('guest', 'owner')),
      /line 2 .* changed/,
    ],
    ['a line left out', (lines) => void lines.splice(1, 1), /line 2 .* missing/],
    ['the end cut off', (lines) => void lines.pop(), /ends at line 3, and had 4/],
    [
      'lines exchanged',
      (lines) =>
        void ([(lines[1] as { entry: string }).entry, (lines[2] as { entry: string }).entry] = [
          (lines[2] as { entry: string }).entry,
          (lines[1] as { entry: string }).entry,
        ]),
      /line 2 .* changed/,
    ],
  ])('%s is found', (_, change, problem) => {
    const records = storeKinds[0]?.make() as RecordStore;
    const store = newStore(records);
    const { managed, manager } = managedGuest({ store });
    for (let count = 0; count < 3; count += 1) managed.keys.generate(manager, 'AES-256-GCM');
    const lines = records.read((reading) => reading.log(0n, 100)).map((each) => ({ ...each }));
    change(lines);
    const other: RecordStore = {
      ...records,
      description: '',
      changes: () => 0,
      close: () => undefined,
      write: (work) => records.write(work),
      read: (work) =>
        records.read((reading) =>
          work({
            setting: (name) => reading.setting(name),
            settings: (names) => reading.settings(names),
            records: (...args) => reading.records(...args),
            list: (query) => reading.list(query),
            log: (after, limit) => lines.filter(({ sequence }) => sequence > after).slice(0, limit),
          }),
        ),
    };
    const seen = openKeyStore({ records: other, kek: testKek() });
    expect(seen.auditProblem()).toMatch(problem);
    expect(seen.verify().problems).toEqual([expect.stringMatching(problem)]);
  });
});

describe('verifying', () => {
  it('finds identifiers that were taken away or put back whole, records without a head, and wrong totals', () => {
    const records = storeKinds[0]?.make() as RecordStore;
    const store = newStore(records);
    const { managed, manager } = managedGuest({ store });
    const id = managed.secretStore(manager, text('one'), 9n ** 9n);
    managed.secretStore(manager, text('two'), 9n ** 9n);
    const before = records.read((reading) => reading.list({ limit: 10 }));
    const problems = (): readonly string[] => store.verify().problems;
    expect(problems()).toEqual([]);
    records.write((writing) => {
      writing.remove('test', id, 0n);
      writing.remove('test', id, 1n);
    });
    expect(problems().join('\n')).toMatch(/taken away[^]*totals/);
    records.write((writing) => before.forEach((each) => writing.put(each)));
    expect(problems()).toEqual([]);
    records.write((writing) => writing.remove('test', id, 0n));
    expect(problems().join('\n')).toMatch(/has no head/);
    records.write((writing) => before.forEach((each) => writing.put(each)));
    managed.secretInvalidate(manager, id, 1n);
    records.write((writing) => before.forEach((each) => writing.put(each)));
    expect(problems().join('\n')).toMatch(/put back as it was earlier/);
  });
});

describe.each(sqliteEngines)('keys on SQLite by %s', (engine) => {
  it('are rewrapped without touching a record, and backups open elsewhere', () => {
    const file = newFile();
    const records = sqliteStore(file, { engine });
    const store = newStore(records);
    store.provision({ tenant: 'shop', name: 'key', algorithm: 'AES-256-GCM' });
    const before = records.read((reading) => reading.list({ limit: 10 }));
    store.rewrap(testKek(7), testKek(8));
    expect(records.read((reading) => reading.list({ limit: 10 }))).toEqual(before);
    expect(() => store.rewrap(testKek(7), testKek(9))).toThrow(code('wrong-key'));
    const copy = newFile();
    store.backup(copy);
    expect(statSync(copy).mode & 0o777).toBe(0o600);
    expect(() => store.backup(copy)).toThrow(code('exists'));
    store.close();
    expect(() => openKeyStore({ records: sqliteStore(copy, { engine }), kek: testKek(7) })).toThrow(code('wrong-key'));
    const restored = openKeyStore({ records: sqliteStore(copy, { engine }), kek: testKek(8) });
    expect(restored.verify()).toMatchObject({ ids: 1, problems: [] });
    expect(restored.audit().map(({ operation, result }) => [operation, result])).toEqual([
      ['create', 'done'],
      ['provision', 'done'],
      ['rewrap', 'done'],
      ['rewrap', 'wrong-key'],
      ['backup', 'done'],
    ]);
    restored.close();
    expect(existsSync(`${copy}-wal`) ? statSync(`${copy}-wal`).size : 0).toBe(0);
  });
});
