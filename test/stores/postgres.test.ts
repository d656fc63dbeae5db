/** What is particular to PostgreSQL: hosts on one server, a server that stops, and answers that come late, or not. */
import { rmSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import fc from 'fast-check';
import { postgresStore, type KeyStore, type RecordStore } from '../../runtime/keys.js';
import { recordStoreChecks } from '../../runtime/secrets/conformance.js';
import { errnoOf } from '../guest/guest.js';
import { Cluster, newSchema, postgresMissing, type Tls } from '../postgres.js';
import { codesOf, managedGuest, newStore } from '../runtime/managed/fixture.js';
import { compareWithModel, randomCalls } from '../runtime/managed/model.js';
import { describeListed } from '../shared.js';
import { wasiCryptoGen } from '../cli/command-line.js';
import { cutBefore, type Cut } from './cut.js';
import type { StorePlace } from './places.js';
import { killHosts, seenElsewhere, shareSecret } from './processes.js';

const NEVER = 2n ** 64n - 1n;
const code = (expected: string): unknown => expect.objectContaining({ name: 'SecretsError', code: expected });
const secret = (fill: number): Uint8Array => new Uint8Array(32).fill(fill);

describeListed(postgresMissing, 'hosts on PostgreSQL', () => {
  let cluster: Cluster;
  let cut: Cut;
  beforeAll(async () => {
    cluster = new Cluster();
    cluster.start();
    cut = await cutBefore(cluster.folder);
  });
  afterAll(async () => {
    await cut.end();
    rmSync(cut.folder, { recursive: true });
    cluster.end();
  });
  const newPlace = (): StorePlace => ({ url: cluster.url(), schema: newSchema() });
  const open = (schema: string, timeout = 10_000, url = cluster.url()): KeyStore =>
    newStore(postgresStore(url, { schema, timeout }));

  const schemas = new WeakMap<RecordStore, string>();
  const opened = (schema: string): RecordStore => {
    const store = postgresStore(cluster.url(), { schema });
    schemas.set(store, schema);
    return store;
  };
  const checks = recordStoreChecks(
    () => opened(newSchema()),
    (store) => opened(schemas.get(store) as string),
  );
  describe('on a store that', () => {
    for (const { title, run } of checks) it(title, run);
  });

  it('open what is there, make nothing unless they may, and know their own tables only', () => {
    const schema = newSchema();
    const url = cluster.url();
    expect(() => postgresStore(url, { schema, create: false })).toThrow(code('not-found'));
    postgresStore(url, { schema }).close();
    postgresStore(url, { schema, create: false }).close();
    cluster.sql(`INSERT INTO ${schema}.schema_version VALUES (99)`);
    expect(() => postgresStore(url, { schema })).toThrow(code('newer'));
  });

  it.each([0, 1024])('agree with the model, with a cache of %d', (cache) => {
    fc.assert(
      fc.property(randomCalls, (calls) => {
        const clock = { now: 1000 };
        const schema = newSchema();
        const [first, second] = [1, 2].map(() => newStore(postgresStore(cluster.url(), { schema }), { cache })) as [
          KeyStore,
          KeyStore,
        ];
        const hosts = [first, second, first, second].map((store, index) =>
          managedGuest({ store, clock, tenant: index < 2 ? 'one' : 'two' }),
        );
        try {
          compareWithModel(hosts, clock, calls);
        } finally {
          for (const { managed } of hosts) managed.guest.host.close();
          first.close();
          second.close();
        }
      }),
      { numRuns: Number(process.env['WASI_CRYPTO_MODEL_RUNS'] ?? 4) },
    );
  });

  it(
    'in processes of their own lose nothing when they are killed, and records open',
    { timeout: 300_000 },
    async () => {
      expect(await killHosts(newPlace, 2)).toMatchObject({ kills: 8 });
    },
  );

  it('give out each version once, whoever replaces', { timeout: 300_000 }, async () => {
    expect(await shareSecret(newPlace(), 2, 100)).toBe(800);
  });

  it('see at their next lookup what another one has changed', async () => {
    expect(await seenElsewhere(newPlace())).toEqual(['1', '2', '1', 'NotFound']);
  });

  it('find the server again after it was stopped, and until then say that it does not answer', () => {
    const store = open(newSchema());
    const { managed, manager, errors } = managedGuest({ store });
    const id = managed.secretStore(manager, secret(1), NEVER);
    for (const mode of ['fast', 'immediate'] as const) {
      cluster.stop(mode);
      expect(errnoOf(() => managed.secretFromId(manager, id))).toBe('InternalError');
      expect(errnoOf(() => managed.secretStore(manager, secret(2), NEVER))).toBe('InternalError');
      cluster.start();
      expect(managed.secretFromId(manager, id)).toEqual(secret(1));
    }
    // It was not noticed that the server was another one meanwhile.
    cluster.stop();
    cluster.start();
    managed.secretStore(manager, secret(3), NEVER);
    expect(new Set(codesOf(errors))).toEqual(new Set(['unavailable']));
    expect(store.verify()).toMatchObject({ ids: 2, problems: [] });
    store.close();
  });

  it('wait no longer than they may for a server that does not answer, and take no late answer for the next', () => {
    const schema = newSchema();
    const store = open(schema, 300);
    const { managed, manager, errors } = managedGuest({ store });
    const ids = [1, 2].map((fill) => managed.secretStore(manager, secret(fill), NEVER)) as [Uint8Array, Uint8Array];
    cluster.signal('STOP');
    try {
      expect(errnoOf(() => managed.secretFromId(manager, ids[0]))).toBe('InternalError');
    } finally {
      cluster.signal('CONT');
    }
    expect(managed.secretFromId(manager, ids[1])).toEqual(secret(2));
    expect(managed.secretFromId(manager, ids[0])).toEqual(secret(1));
    expect(codesOf(errors)).toEqual(['unavailable']);
    store.close();
  });

  it('are told busy where another one keeps the store to itself for too long', () => {
    const schema = newSchema();
    const store = open(schema, 300);
    const { managed, manager, errors } = managedGuest({ store });
    const other = postgresStore(cluster.url(), { schema });
    const errno = other.write(() => errnoOf(() => managed.secretStore(manager, secret(1), NEVER)));
    expect([errno, ...codesOf(errors)]).toEqual(['InternalError', 'busy']);
    managed.secretStore(manager, secret(1), NEVER);
    expect(store.verify()).toMatchObject({ ids: 1, problems: [] });
    store.close();
    other.close();
  });

  it('find out what became of a commit that nobody has answered', () => {
    const store = open(newSchema(), 2000, cluster.url(cut.folder));
    const { managed, manager, errors } = managedGuest({ store });
    const id = managed.secretStore(manager, secret(1), NEVER);
    cut.next('lose the commit');
    expect(managed.secretReplace(manager, secret(2), NEVER, id)).toBe(2n);
    cut.next('lose the answer');
    expect(managed.secretReplace(manager, secret(3), NEVER, id)).toBe(3n);
    expect(managed.secretReplace(manager, secret(4), NEVER, id)).toBe(4n);
    expect(errors).toEqual([]);
    expect(store.verify()).toMatchObject({ ids: 1, versions: 4, problems: [] });
    store.close();
  });

  it('say that a commit is uncertain where they cannot find out, and how it is found out', () => {
    const store = open(newSchema(), 500, cluster.url(cut.folder));
    const { managed, manager, errors } = managedGuest({ store });
    const id = managed.secretStore(manager, secret(1), NEVER);
    cut.next('lose the answer, then refuse');
    expect(errnoOf(() => managed.secretReplace(manager, secret(2), NEVER, id))).toBe('InternalError');
    expect(codesOf(errors)).toEqual(['uncertain']);
    cut.next('pass');
    const [error] = errors as [Error];
    const [, schema = '', question = ''] = /schema (\w+)\).*is said by (SELECT.*)$/.exec(error.message) ?? [];
    expect(cluster.sql(`SET search_path = ${schema}; ${question}`)).toBe('t');
    expect(managed.secretFromId(manager, id)).toEqual(secret(2));
    expect(managed.secretReplace(manager, secret(3), NEVER, id)).toBe(3n);
    store.close();
  });

  it('on a network connect by TLS, to the server that they were told alone', () => {
    const [here, elsewhere] = [1, 2].map((last) => cluster.certified(`127.${process.pid & 255}.71.${last}`)) as [
      Tls,
      Tls,
    ];
    const schema = newSchema();
    const url = (place: string, { certificate }: Tls): string =>
      `postgres://postgres@${place}/postgres?sslmode=verify-full&sslrootcert=${certificate}`;
    cluster.stop();
    cluster.start(here);
    try {
      const store = open(schema, 10_000, url(here.address, here));
      const { managed, manager } = managedGuest({ store });
      expect(managed.secretFromId(manager, managed.secretStore(manager, secret(1), NEVER))).toEqual(secret(1));
      const session = "FROM pg_stat_ssl JOIN pg_stat_activity USING (pid) WHERE application_name = 'wasi-crypto-gen'";
      expect(cluster.sql(`SELECT bool_and(ssl) ${session}`)).toBe('t');
      store.close();
      expect(() => open(schema, 1000, url(here.address, elsewhere))).toThrow(/DEPTH_ZERO_SELF_SIGNED_CERT/);
      cluster.stop();
      // Another one's certificate, which its clients trust, at this address.
      cluster.start({ ...elsewhere, address: here.address });
      expect(() => open(schema, 1000, url(here.address, elsewhere))).toThrow(/ALTNAME_INVALID/);
    } finally {
      cluster.stop();
      cluster.start();
    }
    expect(open(schema).verify()).toMatchObject({ ids: 1, problems: [] });
  });

  it('are refused where their role can only read', () => {
    const schema = newSchema();
    open(schema).close();
    cluster.sql(`CREATE ROLE reader_${schema} LOGIN; GRANT USAGE ON SCHEMA ${schema} TO reader_${schema};
      GRANT SELECT ON ALL TABLES IN SCHEMA ${schema} TO reader_${schema}`);
    expect(() => postgresStore(cluster.url().replace('postgres@', `reader_${schema}@`), { schema })).toThrow(
      code('read-only'),
    );
  });

  it('have their keys listed, provisioned and verified by the command', async () => {
    const place = ['--store', cluster.url(), '--schema', newSchema(), '--kek-env', 'TEST_KEK'];
    process.env['TEST_KEK'] = '07'.repeat(32);
    const keys = (...parameters: readonly string[]): ReturnType<typeof wasiCryptoGen> =>
      wasiCryptoGen(['keys', ...parameters, ...place]);
    try {
      expect(await keys('list')).toMatchObject({ code: 2, stderr: expect.stringContaining('keys init') });
      expect(await keys('init')).toMatchObject({ code: 0, stdout: expect.stringContaining('PostgreSQL') });
      expect((await keys('provision', 'signing', '--tenant', 'shop', '--algorithm', 'Ed25519')).code).toBe(0);
      expect((await keys('list')).stdout).toContain('signing');
      expect(await keys('backup', 'copy')).toMatchObject({
        code: 2,
        stderr: expect.stringContaining('means of its own'),
      });
      expect(await keys('verify')).toMatchObject({ code: 0, stdout: expect.stringContaining('all is well') });
    } finally {
      delete process.env['TEST_KEK'];
    }
  });
});
