/** A store that somebody has written to who does not have its keys: nothing wrong is ever opened. */
import { beforeEach, describe, expect, it } from 'vitest';
import { Version } from '../../../generated/0.10/typescript-host/types.js';
import {
  memoryStore,
  openKeyStore,
  type KeyRecord,
  type KeyStore,
  type Reading,
  type RecordStore,
} from '../../../runtime/keys.js';
import { errnoOf } from '../../guest/guest.js';
import { codesOf, managedGuest, newStore, testKek, type Made } from './fixture.js';

const NEVER = 2n ** 64n - 1n;
const bytesOf = (fill: number): Uint8Array => new Uint8Array(20).fill(fill);

let records: RecordStore;
let store: KeyStore;
let one: Made;
let two: Made;

/** Without a cache, so that every lookup reads the store. */
beforeEach(() => {
  records = memoryStore();
  store = newStore(records, { cache: 0 });
  [one, two] = [managedGuest({ store, tenant: 'one' }), managedGuest({ store, tenant: 'two' })];
});

function all(): readonly KeyRecord[] {
  return records.read((reading) => reading.list({ limit: 1000 }));
}

function put(...changed: readonly KeyRecord[]): void {
  records.write((writing) => changed.forEach((each) => writing.put(each)));
}

function find(made: Made, id: Uint8Array, version: bigint = Version.Latest): string | Uint8Array {
  let found: Uint8Array | undefined;
  const errno = errnoOf(() => {
    found = made.managed.secretFromId(made.manager, id, version);
  });
  return found ?? errno;
}

const flipped = (bytes: Uint8Array, index: number): Uint8Array => {
  const changed = bytes.slice();
  changed[index] = (changed[index] as number) ^ 1;
  return changed;
};

describe('a record', () => {
  it('with any byte changed, or any fact, does not open, and the owner is told', () => {
    const id = one.managed.secretStore(one.manager, bytesOf(1), NEVER - 1n);
    for (const record of all()) {
      const changes: readonly KeyRecord[] = [
        ...Array.from(record.wrapped, (_, index) => ({ ...record, wrapped: flipped(record.wrapped, index) })),
        ...[0, 1, 11, 12, 28].map((length) => ({ ...record, wrapped: record.wrapped.subarray(0, length) })),
        { ...record, wrapped: new Uint8Array([...record.wrapped, 0]) },
        { ...record, kind: 'symmetric', algorithm: 'AES-256-GCM' },
        { ...record, algorithm: 'AES-256-GCM' },
        { ...record, flags: 1 },
        { ...record, created: 0n },
        { ...record, expires: record.expires - 1n },
        { ...record, state: 'invalidated' },
      ];
      for (const changed of changes) {
        put(changed);
        one.errors.length = 0;
        expect(find(one, id)).toBe('InternalError');
        expect(codesOf(one.errors)).toEqual(['tampered']);
        const show = (): unknown => store.show({ tenant: 'one', id: Buffer.from(id).toString('hex') });
        expect(show).toThrow(expect.objectContaining({ code: 'tampered' }));
      }
      put(record);
      expect(find(one, id)).toEqual(bytesOf(1));
    }
  });

  it('does not open in another place: version, identifier, tenant or head', () => {
    const [first, second] = [1, 2].map((fill) => one.managed.secretStore(one.manager, bytesOf(fill), NEVER));
    one.managed.secretReplace(one.manager, bytesOf(3), NEVER, first as Uint8Array);
    const other = two.managed.secretStore(two.manager, bytesOf(4), NEVER);
    const before = all();
    for (const from of before) {
      for (const to of before) {
        if (from === to) continue;
        put({ ...from, tenant: to.tenant, id: to.id, version: to.version });
        const expected: readonly (readonly [Made, Uint8Array, bigint, number])[] = [
          [one, first as Uint8Array, 1n, 1],
          [one, first as Uint8Array, 2n, 3],
          [one, second as Uint8Array, 1n, 2],
          [two, other, 1n, 4],
        ];
        const answers = expected.map(([made, id, version, fill]) => {
          const found = find(made, id, version);
          return found === 'InternalError' || expect(found).toEqual(bytesOf(fill));
        });
        expect(answers).toContain(true);
        put(...before);
      }
    }
  });

  it('that was taken away is missed, and one that was invalidated does not come back', () => {
    const id = one.managed.secretStore(one.manager, bytesOf(1), NEVER);
    one.managed.secretReplace(one.manager, bytesOf(2), NEVER, id);
    const before = all();
    records.write((writing) => writing.remove('one', id, 2n));
    expect(find(one, id)).toBe('InternalError');
    put(...before);
    one.managed.secretInvalidate(one.manager, id, 2n);
    put(before.find(({ version }) => version === 2n) as KeyRecord);
    expect(find(one, id, 2n)).toBe('NotFound');
    expect(find(one, id)).toEqual(bytesOf(1));
  });

  it('of an earlier time does not count, whether its head was put back with it or alone', () => {
    const id = one.managed.secretStore(one.manager, bytesOf(1), NEVER);
    const other = one.managed.secretStore(one.manager, bytesOf(9), NEVER);
    const ofId = (): readonly KeyRecord[] => all().filter((each) => Buffer.compare(each.id, id) === 0);
    const steps = [
      () => void one.managed.secretReplace(one.manager, bytesOf(2), NEVER, id),
      () => store.expire({ tenant: 'one', id: Buffer.from(id).toString('hex') }, 2n, 5n),
      () => void one.managed.secretInvalidate(one.manager, id, 2n),
      () => void one.managed.secretInvalidate(one.manager, id, 1n),
    ];
    for (const step of steps) {
      const before = ofId();
      step();
      const after = ofId();
      const expected = find(one, id);
      for (const back of [before, before.filter(({ version }) => version === 0n)]) {
        put(...back);
        one.errors.length = 0;
        expect(find(one, id)).toBe('InternalError');
        expect(codesOf(one.errors)).toEqual(['tampered']);
        expect(find(one, other)).toEqual(bytesOf(9));
        records.write((writing) => before.forEach(({ version }) => writing.remove('one', id, version)));
        put(...after);
        expect(find(one, id)).toEqual(expected);
      }
    }
  });

  it('that was taken away with its head is missed, and one that never was is not', () => {
    const id = one.managed.secretStore(one.manager, bytesOf(1), NEVER);
    records.write((writing) => [0n, 1n].forEach((version) => writing.remove('one', id, version)));
    expect(find(one, id)).toBe('InternalError');
    expect(codesOf(one.errors)).toEqual(['tampered']);
    expect(find(two, id)).toBe('NotFound');
    expect(find(one, bytesOf(1))).toBe('NotFound');
    expect(find(one, new Uint8Array(32))).toBe('NotFound');
  });
});

describe('totals of a tenant', () => {
  const totals = (): Uint8Array => records.read((reading) => reading.setting('totals of one')) as Uint8Array;
  const putTotals = (value: Uint8Array): void => records.write((writing) => writing.putSetting('totals of one', value));

  it.each(['put back', 'changed', 'emptied'])(
    'that were %s let its guests change nothing, until the owner does',
    (how) => {
      const id = one.managed.secretStore(one.manager, bytesOf(1), NEVER);
      const before = totals();
      one.managed.secretStore(one.manager, bytesOf(2), NEVER);
      putTotals(how === 'put back' ? before : how === 'changed' ? flipped(totals(), 20) : new Uint8Array(0));
      expect(errnoOf(() => one.managed.secretStore(one.manager, bytesOf(3), NEVER))).toBe('InternalError');
      expect(codesOf(one.errors)).toEqual(['tampered']);
      expect(find(one, id)).toEqual(bytesOf(1));
      two.managed.secretStore(two.manager, bytesOf(4), NEVER);
      expect(store.verify().problems).toEqual([
        expect.stringMatching(/totals of the tenant 'one' were taken away|the setting totals of one was changed/),
      ]);
      store.provision({ tenant: 'one', algorithm: 'Ed25519' });
      expect(store.verify()).toMatchObject({ ids: 4, versions: 4, problems: [] });
      one.managed.secretStore(one.manager, bytesOf(3), NEVER);
    },
  );

  it('are counted anew for all tenants by the next change of the owner, where their tree was changed', () => {
    for (const made of [one, two]) made.managed.secretStore(made.manager, bytesOf(1), NEVER);
    records.write((writing) => writing.putSetting('tenants ', bytesOf(9)));
    for (const made of [one, two])
      expect(errnoOf(() => made.managed.secretStore(made.manager, bytesOf(2), NEVER))).toBe('InternalError');
    expect(store.verify().problems).not.toEqual([]);
    store.provision({ tenant: 'three', algorithm: 'Ed25519' });
    expect(store.verify()).toMatchObject({ ids: 3, versions: 3, problems: [] });
    for (const made of [one, two]) made.managed.secretStore(made.manager, bytesOf(2), NEVER);
    expect(store.verify()).toMatchObject({ ids: 5, problems: [] });
  });

  it('that has no keys any more are none, whatever is put back', () => {
    const quota = { ids: 1 };
    const guest = managedGuest({ store, tenant: 'one', quota });
    const id = guest.managed.secretStore(guest.manager, bytesOf(1), NEVER);
    const before = totals();
    guest.managed.secretInvalidate(guest.manager, id, 1n);
    putTotals(before);
    expect(store.verify().problems).toEqual([]);
    guest.managed.secretStore(guest.manager, bytesOf(2), NEVER);
    expect(errnoOf(() => guest.managed.secretStore(guest.manager, bytesOf(3), NEVER))).toBe('Overflow');
  });
});

describe('the owner of a store in which something does not open', () => {
  const signing = { tenant: 'one', name: 'signing' };
  const headOf = (id: string): KeyRecord =>
    all().find((each) => each.version === 0n && Buffer.from(each.id).toString('hex') === id) as KeyRecord;
  const damage = (record: KeyRecord): void => put({ ...record, wrapped: flipped(record.wrapped, 15).subarray(1) });

  it('invalidates a damaged version, by its number or with all, and the rest is whole', () => {
    const id = one.managed.secretStore(one.manager, bytesOf(1), NEVER);
    for (const fill of [2, 3]) one.managed.secretReplace(one.manager, bytesOf(fill), NEVER, id);
    const address = { tenant: 'one', id: Buffer.from(id).toString('hex') };
    const version = (number: bigint): KeyRecord => all().find((each) => each.version === number) as KeyRecord;
    damage(version(2n));
    expect(find(one, id, 2n)).toBe('InternalError');
    store.invalidate(address, 2n);
    expect(store.verify()).toMatchObject({ ids: 1, versions: 2, problems: [] });
    records.write((writing) => writing.remove('one', id, 1n));
    damage(version(3n));
    store.invalidate(address, 'all');
    expect(store.verify()).toMatchObject({ ids: 0, versions: 0, problems: [] });
  });

  it.each(['changed', 'taken away', 'put back'])(
    'invalidates all of a key whose head was %s, and no number is given twice',
    (how) => {
      const { id } = store.provision({ ...signing, algorithm: 'Ed25519' });
      const earlier = headOf(id);
      const other = one.managed.secretStore(one.manager, bytesOf(1), NEVER);
      store.rotate(signing);
      if (how === 'changed') damage(headOf(id));
      else if (how === 'put back') put(earlier);
      else records.write((writing) => writing.remove('one', Buffer.from(id, 'hex'), 0n));
      for (const one of [1n, 'latest'] as const)
        expect(() => store.invalidate(signing, one)).toThrow(expect.objectContaining({ code: 'tampered' }));
      store.invalidate(signing, 'all');
      expect(store.verify()).toMatchObject({ ids: 2, versions: 1, problems: [] });
      expect(find(one, other)).toEqual(bytesOf(1));
      expect(errnoOf(() => one.managed.pairs.fromId(one.manager, Buffer.from(id, 'hex')))).toBe('NotFound');
      expect(store.show(signing)).toMatchObject({ latest: undefined, versions: 0, name: 'signing' });
      const { latest } = store.provision({ ...signing, algorithm: 'X25519' });
      expect(latest).toBeGreaterThan(2n);
      expect(store.rotate(signing)).toMatchObject({ algorithm: 'X25519', latest: (latest as bigint) + 1n });
      expect(store.verify().problems).toEqual([]);
    },
  );

  it('sees which key does not open, and all the others', () => {
    const ids = ['a', 'b', 'c'].map((name) => store.provision({ tenant: 'one', name, algorithm: 'Ed25519' }).id);
    const [bad = ''] = ids;
    damage(headOf(bad));
    const pages: unknown[] = [];
    for (let page = store.list({ limit: 1 }); page.length > 0; page = store.list({ limit: 1, after: page.at(-1) }))
      pages.push(...page);
    expect(pages.length).toBe(3);
    expect(pages).toContainEqual({ tenant: 'one', id: bad, problem: expect.stringMatching(/does not open/) });
    for (const id of ids.slice(1)) expect(pages).toContainEqual(expect.objectContaining({ id, latest: 1n }));
  });
});

describe('a whole store', () => {
  it('opens with its own key-encryption key alone', () => {
    expect(() => openKeyStore({ records, kek: testKek(8) })).toThrow(
      expect.objectContaining({ code: 'wrong-key', message: expect.stringContaining('a key of 8s') }),
    );
  });

  it('that is put back is found by who saw it later, and by its anchor', () => {
    let anchored: Uint8Array | undefined;
    const anchor = {
      read: () => anchored,
      write: (state: Uint8Array) => void (anchored = state),
    };
    const own = memoryStore();
    const made = managedGuest({ store: newStore(own, { cache: 0, anchor }), tenant: 'one' });
    const id = made.managed.secretStore(made.manager, bytesOf(1), NEVER);
    const whole = (reading: Reading) => [reading.list({ limit: 10 }), reading.settings(['root', 'heads '])] as const;
    const [before, settings] = own.read(whole);
    made.managed.secretInvalidate(made.manager, id, Version.All);
    own.write((writing) => {
      before.forEach((each) => writing.put(each));
      for (const [name, value] of settings) writing.putSetting(name, value);
    });
    expect(find(made, id)).toBe('InternalError');
    expect(codesOf(made.errors)).toEqual(['rolled-back']);
    expect(() => openKeyStore({ records: own, kek: testKek(), anchor })).toThrow(
      expect.objectContaining({ code: 'rolled-back' }),
    );
    // Nobody who has seen nothing can know.
    expect(() => openKeyStore({ records: own, kek: testKek() })).not.toThrow();
  });

  it('whose state or wrapped key was changed does not open', () => {
    one.managed.secretStore(one.manager, bytesOf(1), NEVER);
    for (const name of ['root', 'data key']) {
      const value = records.read((reading) => reading.setting(name)) as Uint8Array;
      // What the key is called is a hint for messages, which nobody relies on.
      const hint = Buffer.from(value).indexOf(testKek().description);
      for (let index = 0; index < value.length; index += 1) {
        if (hint >= 0 && index >= hint && index < hint + testKek().description.length) continue;
        records.write((writing) => writing.putSetting(name, flipped(value, index)));
        expect(() => openKeyStore({ records, kek: testKek() })).toThrow(
          expect.objectContaining({ name: 'SecretsError' }),
        );
      }
      records.write((writing) => writing.putSetting(name, value));
    }
    openKeyStore({ records, kek: testKek() });
  });

  it.each<[string, number, string, RegExp]>([
    ['an earlier', 1, 'older', /format 1, this package knows 2/],
    ['a later', 3, 'newer', /format 3, this package knows 2/],
  ])('of %s format says so', (_, format, code, message) => {
    const value = records.read((reading) => reading.setting('data key')) as Uint8Array;
    const numbered = Uint8Array.of(0, 0, 0, 0, 0, 0, 0, format, ...value.subarray(8));
    // Format 1 had no number.
    records.write((writing) => writing.putSetting('data key', format === 1 ? value.subarray(8) : numbered));
    const open = (): unknown => openKeyStore({ records, kek: testKek() });
    expect(open).toThrow(expect.objectContaining({ code }));
    expect(open).toThrow(message);
  });

  it('is not made where none is wanted, and says so', () => {
    expect(() => openKeyStore({ records: memoryStore(), kek: testKek(), create: false })).toThrow(
      expect.objectContaining({ code: 'not-found' }),
    );
  });
});
