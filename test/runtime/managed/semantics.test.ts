/** Managed keys and external secrets as core modules call them. */
import { createPublicKey, verify } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import {
  AlgorithmType,
  KeypairEncoding,
  PublickeyEncoding,
  SecretkeyEncoding,
  Version,
} from '../../../generated/0.10/typescript-host/types.js';
import { errnoOf } from '../../guest/guest.js';
import type { Managed, ManagedKeys } from '../../guest/managed.js';
import { managedGuest, newStore } from './fixture.js';

const NEVER = 2n ** 64n - 1n;
const message = new TextEncoder().encode('message');
const secret = new TextEncoder().encode('a token of another service');
const nowhere = new Uint8Array(32);

interface Kind {
  readonly name: string;
  readonly algorithm: string;
  readonly other: string;
  of(managed: Managed): ManagedKeys;
  make(managed: Managed, algorithm: string): number;
  /** What shows which key it is. */
  proof(managed: Managed, key: number): Uint8Array;
  export(managed: Managed, key: number): Uint8Array;
  close(managed: Managed, key: number): void;
}

const publicBytes = (managed: Managed, key: number): Uint8Array => {
  const half = managed.asymmetric.keypairPublickey(key);
  return managed.asymmetric.publickeyExport(half, PublickeyEncoding.Pkcs8);
};

const pairKind = (name: string, algorithm: string, other: string): Kind => ({
  name,
  algorithm,
  other,
  of: (managed) => managed.pairs,
  make: (managed, id) => managed.asymmetric.keypairGenerate(id),
  proof: publicBytes,
  export: (managed, key) => managed.asymmetric.keypairExport(key, KeypairEncoding.Pkcs8),
  close: (managed, key) => managed.asymmetric.keypairClose(key),
});

const kinds: readonly Kind[] = [
  {
    name: 'symmetric keys',
    algorithm: 'HMAC/SHA-256',
    other: 'AES-256-GCM',
    of: (managed) => managed.keys,
    make: (managed, id) => managed.symmetric.keyGenerate(id),
    proof: ({ symmetric }, key) => {
      const state = symmetric.open('HMAC/SHA-256', key);
      symmetric.absorb(state, message);
      return symmetric.tagPull(symmetric.squeezeTag(state), 32);
    },
    export: (managed, key) => managed.symmetric.keyExport(key),
    close: (managed, key) => managed.symmetric.keyClose(key),
  },
  pairKind('signature pairs', 'Ed25519', 'ECDSA_P256_SHA256'),
  pairKind('key exchange pairs', 'X25519', 'P256-SHA256'),
];

describe.each(kinds)('$name', (kind) => {
  it('that are generated, stored or imported come back by their identifier, from another guest of the tenant, too', () => {
    const store = newStore();
    const { managed, manager } = managedGuest({ store });
    const keys = kind.of(managed);
    const generated = keys.generate(manager, kind.algorithm);
    const stored = kind.make(managed, kind.algorithm);
    const id = keys.store(manager, stored);
    expect(keys.id(stored)).toEqual([id, 1n]);
    const { managed: other, manager: second } = managedGuest({ store });
    for (const [key, by] of [
      [generated, keys.id(generated)[0]],
      [stored, id],
    ] as const) {
      expect(by.length).toBe(32);
      const found = kind.of(other).fromId(second, by);
      expect(kind.of(other).id(found)).toEqual([by, 1n]);
      expect(kind.proof(other, found)).toEqual(kind.proof(managed, key));
    }
    expect(keys.id(generated)[0]).not.toEqual(id);
  });

  it('have versions that rise from 1, of which earlier ones stay and the latest is the highest valid one', () => {
    const { managed, manager } = managedGuest();
    const keys = kind.of(managed);
    const first = keys.generate(manager, kind.algorithm);
    const [id] = keys.id(first);
    const proofs = [kind.proof(managed, first)];
    let old = first;
    for (const version of [2n, 3n]) {
      const made = kind.make(managed, kind.algorithm);
      proofs.push(kind.proof(managed, made));
      expect(keys.replace(manager, old, made)).toBe(version);
      expect(errnoOf(() => keys.id(old))).toBe('InvalidHandle');
      expect(keys.id(made)).toEqual([id, version]);
      old = made;
    }
    const proof = (version: bigint): Uint8Array => kind.proof(managed, keys.fromId(manager, id, version));
    expect([1n, 2n, 3n].map(proof)).toEqual(proofs);
    expect(keys.id(keys.fromId(manager, id))).toEqual([id, 3n]);
    managed.invalidate(manager, id, Version.Latest);
    expect(keys.id(keys.fromId(manager, id))).toEqual([id, 2n]);
    expect(errnoOf(() => keys.fromId(manager, id, 3n))).toBe('NotFound');
    // The number of an invalidated version is not given again.
    expect(keys.replace(manager, keys.fromId(manager, id), kind.make(managed, kind.algorithm))).toBe(4n);
    managed.invalidate(manager, id, 1n);
    expect(errnoOf(() => managed.invalidate(manager, id, 1n))).toBe('NotFound');
    expect(keys.id(keys.fromId(manager, id))[1]).toBe(4n);
    managed.invalidate(manager, id, Version.All);
    for (const version of [Version.Latest, 2n, 4n])
      expect(errnoOf(() => keys.fromId(manager, id, version))).toBe('NotFound');
    expect(errnoOf(() => managed.invalidate(manager, id, Version.All))).toBe('NotFound');
  });

  it('of which nothing is left have no next version', () => {
    const { managed, manager } = managedGuest();
    const keys = kind.of(managed);
    const key = keys.generate(manager, kind.algorithm);
    managed.invalidate(manager, keys.id(key)[0], Version.All);
    const made = kind.make(managed, kind.algorithm);
    expect(errnoOf(() => keys.replace(manager, key, made))).toBe('NotFound');
    expect(errnoOf(() => keys.id(made))).toBe('UnsupportedFeature');
    expect(kind.proof(managed, key)).toEqual(kind.proof(managed, key));
  });

  it.each([
    ['an identifier that nobody has', nowhere, Version.Latest],
    ['a short identifier', nowhere.subarray(1), Version.Latest],
    ['a long identifier', new Uint8Array(33), Version.Latest],
    ['an empty identifier', new Uint8Array(0), Version.Latest],
  ])('%s is not found', (_, id, version) => {
    const { managed, manager } = managedGuest();
    expect(errnoOf(() => kind.of(managed).fromId(manager, id, version))).toBe('NotFound');
    expect(errnoOf(() => managed.invalidate(manager, id, version))).toBe('NotFound');
  });

  it('versions that are none, or reserved, are not found', () => {
    const { managed, manager } = managedGuest();
    const keys = kind.of(managed);
    const [id] = keys.id(keys.generate(manager, kind.algorithm));
    for (const version of [0n, 2n, Version.Unspecified, Version.All, Version.All + 1n, NEVER, Version.Unspecified - 1n])
      expect(errnoOf(() => keys.fromId(manager, id, version))).toBe('NotFound');
    for (const version of [0n, 2n, Version.Unspecified, Version.All + 1n, NEVER])
      expect(errnoOf(() => managed.invalidate(manager, id, version))).toBe('NotFound');
    expect(keys.id(keys.fromId(manager, id))[1]).toBe(1n);
  });

  it('of another kind under the identifier are not found', () => {
    const { managed, manager } = managedGuest();
    const others = kind.of(managed) === managed.keys ? managed.pairs : managed.keys;
    const [id] = kind.of(managed).id(kind.of(managed).generate(manager, kind.algorithm));
    expect(errnoOf(() => others.fromId(manager, id))).toBe('NotFound');
    expect(errnoOf(() => managed.secretFromId(manager, id))).toBe('NotFound');
    expect(errnoOf(() => managed.secretInvalidate(manager, id, Version.All))).toBe('NotFound');
    const secretId = managed.secretStore(manager, secret, NEVER);
    expect(errnoOf(() => kind.of(managed).fromId(manager, secretId))).toBe('NotFound');
    expect(errnoOf(() => managed.invalidate(manager, secretId, Version.All))).toBe('NotFound');
    // A second lookup is answered from memory.
    kind.of(managed).fromId(manager, id);
    expect(errnoOf(() => others.fromId(manager, id))).toBe('NotFound');
  });

  it('of another tenant are not found', () => {
    const store = newStore();
    const { managed, manager } = managedGuest({ store });
    const { managed: other, manager: second } = managedGuest({ store, tenant: 'another' });
    const [id] = kind.of(managed).id(kind.of(managed).generate(manager, kind.algorithm));
    expect(errnoOf(() => kind.of(other).fromId(second, id))).toBe('NotFound');
    expect(errnoOf(() => other.invalidate(second, id, Version.All))).toBe('NotFound');
    kind.of(managed).fromId(manager, id);
    expect(errnoOf(() => kind.of(other).fromId(second, id))).toBe('NotFound');
  });

  it('are stored once, and under no identifier that there is no room for', () => {
    const { managed, manager } = managedGuest();
    const keys = kind.of(managed);
    const key = kind.make(managed, kind.algorithm);
    expect(errnoOf(() => keys.id(key))).toBe('UnsupportedFeature');
    expect(errnoOf(() => keys.store(manager, key, 31))).toBe('Overflow');
    expect(errnoOf(() => keys.id(key))).toBe('UnsupportedFeature');
    const id = keys.store(manager, key, 40);
    expect(id.subarray(32)).toEqual(new Uint8Array(8).fill(0xa5));
    expect(errnoOf(() => keys.store(manager, key))).toBe('InvalidOperation');
    expect(errnoOf(() => keys.id(key, 31))).toBe('Overflow');
    expect(keys.id(key, 40)).toEqual([id.subarray(0, 32), 1n]);
  });

  it('are replaced only by others of their algorithm that are not managed yet', () => {
    const { managed, manager } = managedGuest();
    const keys = kind.of(managed);
    const old = keys.generate(manager, kind.algorithm);
    const plain = kind.make(managed, kind.algorithm);
    const other = kind.make(managed, kind.other);
    expect(errnoOf(() => keys.replace(manager, old, other))).toBe('IncompatibleKeys');
    expect(errnoOf(() => keys.replace(manager, plain, other))).toBe('IncompatibleKeys');
    expect(errnoOf(() => keys.replace(manager, plain, kind.make(managed, kind.algorithm)))).toBe('UnsupportedFeature');
    expect(errnoOf(() => keys.replace(manager, plain, plain))).toBe('UnsupportedFeature');
    expect(errnoOf(() => keys.replace(manager, old, old))).toBe('InvalidOperation');
    expect(errnoOf(() => keys.replace(manager, old, keys.generate(manager, kind.algorithm)))).toBe('InvalidOperation');
    expect(keys.id(old)[1]).toBe(1n);
    expect(keys.replace(manager, old, plain)).toBe(2n);
  });

  it('leave the host no more once they are managed, nor do they when they come back', () => {
    const { managed, manager } = managedGuest();
    const keys = kind.of(managed);
    const stored = kind.make(managed, kind.algorithm);
    kind.export(managed, stored);
    const id = keys.store(manager, stored);
    const replaced = kind.make(managed, kind.algorithm);
    keys.replace(manager, keys.fromId(manager, id), replaced);
    for (const key of [stored, replaced, keys.generate(manager, kind.algorithm), keys.fromId(manager, id)])
      expect(errnoOf(() => kind.export(managed, key))).toBe('ProhibitedOperation');
  });

  it('expire when their owner says so, and are judged again when they are used', () => {
    const clock = { now: 1_000_000 };
    const store = newStore();
    const { managed, manager } = managedGuest({ store, clock, keyLifetime: 100 });
    const keys = kind.of(managed);
    const generated = keys.generate(manager, kind.algorithm);
    const [id] = keys.id(generated);
    const stored = kind.make(managed, kind.algorithm);
    keys.store(manager, stored);
    clock.now += 100;
    const found = keys.fromId(manager, id);
    const used = (key: number): string =>
      errnoOf(() => {
        if (kind.name === 'symmetric keys') managed.symmetric.open(kind.algorithm, key);
        else if (kind.name === 'signature pairs') managed.asymmetric.signOpen(key);
        else managed.asymmetric.dh(managed.asymmetric.keypairPublickey(key), managed.asymmetric.keypairSecretkey(key));
      });
    expect([generated, stored, found].map(used)).toEqual(['Success', 'Success', 'Success']);
    clock.now += 1;
    expect([generated, stored, found].map(used)).toEqual(['Expired', 'Expired', 'Expired']);
    expect(errnoOf(() => keys.fromId(manager, id))).toBe('Expired');
    // Only the date of the version that is asked for counts.
    expect(keys.replace(manager, found, kind.make(managed, kind.algorithm))).toBe(2n);
    expect(used(keys.fromId(manager, id))).toBe('Success');
    expect(errnoOf(() => keys.fromId(manager, id, 1n))).toBe('Expired');
  });

  it('go on when the clock is set back: versions rise, the log is whole, and what had expired has not', () => {
    const clock = { now: 1_000_000 };
    const store = newStore();
    const { managed, manager } = managedGuest({ store, clock, keyLifetime: 100 });
    const pair = managed.pairs.generate(manager, 'Ed25519');
    const [id] = managed.pairs.id(pair);
    clock.now += 101;
    expect(errnoOf(() => managed.pairs.fromId(manager, id))).toBe('Expired');
    clock.now = 500_000;
    const old = managed.pairs.fromId(manager, id);
    const made = managed.asymmetric.keypairGenerate('Ed25519');
    expect(managed.pairs.replace(manager, old, made)).toBe(2n);
    clock.now = 500_101;
    // The date of the second version follows the clock of its day.
    expect(errnoOf(() => managed.pairs.fromId(manager, id, 2n))).toBe('Expired');
    managed.pairs.fromId(manager, id, 1n);
    managed.invalidate(manager, id, 2n);
    expect(managed.pairs.id(managed.pairs.fromId(manager, id))[1]).toBe(1n);
    expect(store.verify()).toMatchObject({ versions: 1, problems: [] });
    expect(
      store
        .audit()
        .map(({ at }) => at)
        .slice(1),
    ).toEqual([1_000_000, 500_000, 500_101]);
  });

  it('that were obtained stay usable after the manager is closed, and after they were invalidated', () => {
    const { managed, manager } = managedGuest();
    const keys = kind.of(managed);
    const key = keys.generate(manager, kind.algorithm);
    const proof = kind.proof(managed, key);
    const [id] = keys.id(key);
    const found = keys.fromId(manager, id);
    managed.invalidate(manager, id, Version.All);
    managed.close(manager);
    expect(kind.proof(managed, found)).toEqual(proof);
    expect(keys.id(found)).toEqual([id, 1n]);
    expect(errnoOf(() => keys.fromId(manager, id))).toBe('InvalidHandle');
    expect(errnoOf(() => managed.close(manager))).toBe('Closed');
  });

  it('take no more of the budget when they are closed, and none is lost where storing fails', () => {
    const { managed, manager } = managedGuest({ quota: { ids: 2 } });
    const keys = kind.of(managed);
    const before = managed.guest.host.usage().bytes;
    const made = [keys.generate(manager, kind.algorithm), kind.make(managed, kind.algorithm)];
    const id = keys.store(manager, made[1] as number);
    made.push(keys.fromId(manager, id));
    const plain = kind.make(managed, kind.algorithm);
    expect(errnoOf(() => keys.generate(manager, kind.algorithm))).toBe('Overflow');
    expect(errnoOf(() => keys.store(manager, plain))).toBe('Overflow');
    expect(errnoOf(() => keys.id(plain))).toBe('UnsupportedFeature');
    for (const key of [...made, plain]) kind.close(managed, key);
    expect(managed.guest.host.usage().bytes).toBe(before);
  });
});

describe('what comes out of a managed key', () => {
  it('inherits that it may not leave the host, and its date', () => {
    const clock = { now: 1_000_000 };
    const { managed, manager } = managedGuest({ clock, keyLifetime: 10 });
    const { asymmetric, symmetric } = managed;
    const pair = managed.pairs.generate(manager, 'X25519');
    const half = asymmetric.keypairSecretkey(pair);
    const joined = asymmetric.keypairFromPkAndSk(asymmetric.keypairPublickey(pair), half);
    const extract = managed.keys.generate(manager, 'HKDF-EXTRACT/SHA-256');
    const derived = symmetric.squeezeKey(symmetric.open('HKDF-EXTRACT/SHA-256', extract), 'HKDF-EXPAND/SHA-256');
    expect(errnoOf(() => asymmetric.secretkeyExport(half, SecretkeyEncoding.Raw))).toBe('ProhibitedOperation');
    expect(errnoOf(() => asymmetric.keypairExport(joined, KeypairEncoding.Raw))).toBe('ProhibitedOperation');
    expect(errnoOf(() => symmetric.keyExport(derived))).toBe('ProhibitedOperation');
    expect(errnoOf(() => managed.pairs.id(joined))).toBe('UnsupportedFeature');
    clock.now += 5;
    const id = managed.pairs.store(manager, joined);
    clock.now += 6;
    expect(errnoOf(() => asymmetric.dh(asymmetric.keypairPublickey(pair), half))).toBe('Expired');
    expect(errnoOf(() => symmetric.open('HKDF-EXPAND/SHA-256', derived))).toBe('Expired');
    // Stored anew it keeps the date, which was the earlier one.
    expect(errnoOf(() => managed.pairs.fromId(manager, id))).toBe('Expired');
  });

  it('signs what others verify, and public halves have no date', () => {
    const clock = { now: 1_000_000 };
    const { managed, manager } = managedGuest({ clock, keyLifetime: 10 });
    const { asymmetric } = managed;
    const pair = managed.pairs.generate(manager, 'Ed25519');
    const signature = asymmetric.signMessage(pair, message);
    const der = publicBytes(managed, pair);
    expect(
      verify(null, message, createPublicKey({ key: Buffer.from(der), format: 'der', type: 'spki' }), signature),
    ).toBe(true);
    clock.now += 11;
    asymmetric.verifyMessage(asymmetric.keypairPublickey(pair), 'Ed25519', message, signature);
  });
});

describe('every algorithm with keys', () => {
  it.each(['ECDSA_P384_SHA384', 'RSA_PSS_2048_SHA256', 'ML-DSA-44', 'ML-KEM-768', 'X-Wing', 'P384-SHA384'])(
    'keeps its pairs: %s',
    (algorithm) => {
      const { managed, manager } = managedGuest();
      const pair = managed.pairs.generate(manager, algorithm);
      const proof = publicBytes(managed, pair);
      const [id] = managed.pairs.id(pair);
      expect(publicBytes(managed, managed.pairs.fromId(manager, id))).toEqual(proof);
    },
  );

  it('that a policy refuses is refused when its key is looked up, too', () => {
    const store = newStore();
    const { managed, manager } = managedGuest({ store });
    const [id] = managed.pairs.id(managed.pairs.generate(manager, 'Ed25519'));
    const { managed: strict, manager: second } = managedGuest({
      store,
      host: { policy: { algorithms: ['AES-256-GCM'] } },
    });
    expect(errnoOf(() => strict.pairs.fromId(second, id))).toBe('ProhibitedOperation');
    expect(errnoOf(() => strict.pairs.generate(second, 'Ed25519'))).toBe('ProhibitedOperation');
  });
});

describe('external secrets', () => {
  it('have versions, dates and identifiers as keys have', () => {
    const clock = { now: 1000 };
    const { managed, manager } = managedGuest({ clock });
    const id = managed.secretStore(manager, secret, 1000n);
    expect(managed.secretFromId(manager, id)).toEqual(secret);
    expect(managed.secretReplace(manager, message, 999n, id)).toBe(2n);
    expect(errnoOf(() => managed.secretFromId(manager, id))).toBe('Expired');
    expect(managed.secretFromId(manager, id, 1n)).toEqual(secret);
    expect(managed.secretReplace(manager, new Uint8Array(0), NEVER, id)).toBe(3n);
    expect(managed.secretFromId(manager, id)).toEqual(new Uint8Array(0));
    managed.secretInvalidate(manager, id, 3n);
    managed.secretInvalidate(manager, id, Version.Latest);
    expect(managed.secretFromId(manager, id)).toEqual(secret);
    clock.now += 1;
    expect(errnoOf(() => managed.secretFromId(manager, id))).toBe('Expired');
    managed.secretInvalidate(manager, id, Version.All);
    expect(errnoOf(() => managed.secretFromId(manager, id, 1n))).toBe('NotFound');
    expect(errnoOf(() => managed.secretReplace(manager, secret, NEVER, id))).toBe('NotFound');
  });

  it('are not stored where their identifier has no room, or over a limit', () => {
    const { managed, manager } = managedGuest({ quota: { secretBytes: 100, ids: 2, versions: 2, bytes: 1000 } });
    expect(errnoOf(() => managed.secretStore(manager, secret, NEVER, 31))).toBe('Overflow');
    expect(errnoOf(() => managed.secretStore(manager, new Uint8Array(101), NEVER))).toBe('Overflow');
    expect(errnoOf(() => managed.encapsulate(manager, new Uint8Array(101), NEVER))).toBe('Overflow');
    const id = managed.secretStore(manager, secret, NEVER);
    managed.secretStore(manager, secret, NEVER);
    expect(errnoOf(() => managed.secretStore(manager, secret, NEVER))).toBe('Overflow');
    managed.secretReplace(manager, secret, NEVER, id);
    expect(errnoOf(() => managed.secretReplace(manager, secret, NEVER, id))).toBe('Overflow');
    managed.secretInvalidate(manager, id, 1n);
    expect(managed.secretReplace(manager, secret, NEVER, id)).toBe(3n);
  });

  it('together obey a limit of bytes, and of changes, of which none is what failed', () => {
    const { managed, manager } = managedGuest({ quota: { bytes: 300, changesPerHour: 3 } });
    const id = managed.secretStore(manager, new Uint8Array(200), NEVER);
    expect(errnoOf(() => managed.secretReplace(manager, new Uint8Array(200), NEVER, id))).toBe('Overflow');
    managed.secretInvalidate(manager, id, 1n);
    managed.secretStore(manager, new Uint8Array(200), NEVER);
    expect(errnoOf(() => managed.secretStore(manager, new Uint8Array(0), NEVER))).toBe('Overflow');
  });

  it('that are encapsulated differ each time, open in this store and for this tenant alone, and expire', () => {
    const clock = { now: 1000 };
    const store = newStore();
    const { managed, manager } = managedGuest({ clock, store });
    const sealed = managed.encapsulate(manager, secret, 1000n);
    expect(managed.encapsulate(manager, secret, 1000n)).not.toEqual(sealed);
    expect(managed.decapsulate(manager, sealed)).toEqual(secret);
    for (const [guest, at] of [managedGuest({ clock }), managedGuest({ clock, store, tenant: 'another' })].map(
      (each) => [each.managed, each.manager] as const,
    ))
      expect(errnoOf(() => guest.decapsulate(at, sealed))).toBe('VerificationFailed');
    clock.now += 1;
    expect(errnoOf(() => managed.decapsulate(manager, sealed))).toBe('Expired');
    // Whether it is authentic is judged before its date.
    for (let index = 0; index < sealed.length; index += 1) {
      const changed = sealed.slice();
      changed[index] = (changed[index] as number) ^ 1;
      expect(errnoOf(() => managed.decapsulate(manager, changed))).toBe('VerificationFailed');
    }
    for (const length of [0, 1, 31, 32, 60, sealed.length - 1])
      expect(errnoOf(() => managed.decapsulate(manager, sealed.subarray(0, length)))).toBe('VerificationFailed');
  });
});

describe('a secrets manager', () => {
  it('opens with a set of any type, and knows no options', () => {
    const { managed } = managedGuest();
    for (const type of [AlgorithmType.Signatures, AlgorithmType.Symmetric, AlgorithmType.KeyExchange])
      managed.open(managed.common.optionsOpen(type));
    managed.common.withOptions({ parallelism: 4n }, (options) => managed.open(options));
    managed.common.withOptions({ context: message }, (options) => {
      expect(errnoOf(() => managed.open(options))).toBe('UnsupportedOption');
    });
  });

  it('generates only what its options allow, as without it', () => {
    const { managed, manager } = managedGuest();
    expect(errnoOf(() => managed.keys.generate(manager, 'SHA-256'))).toBe('UnsupportedFeature');
    expect(errnoOf(() => managed.keys.generate(manager, 'nothing'))).toBe('UnsupportedAlgorithm');
    const set = managed.common.optionsOpen(AlgorithmType.KeyExchange);
    expect(errnoOf(() => managed.keys.generate(manager, 'AES-256-GCM', set))).toBe('UnsupportedOption');
    expect(errnoOf(() => managed.pairs.generate(manager, 'Ed25519', set))).toBe('UnsupportedOption');
  });

  it('is charged for, and ends with its host', () => {
    const { managed, manager } = managedGuest();
    const { host } = managed.guest;
    expect(host.usage().byKind.secretsManager.handles).toBe(1);
    managed.keys.generate(manager, 'AES-256-GCM');
    expect(host.usage().byKind.secretsManager.cost).toBeGreaterThanOrEqual(1_000_000);
    host.close();
    expect(errnoOf(() => managed.open())).toBe('InvalidHandle');
    expect(errnoOf(() => managed.keys.generate(manager, 'AES-256-GCM'))).toBe('InvalidHandle');
  });
});
