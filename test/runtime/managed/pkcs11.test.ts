/** Keys in an HSM: SoftHSM, in a folder of the test's own. Skipped where it or `pkcs11js` is missing. */
import { createHmac, createPublicKey, verify, constants, createECDH } from 'node:crypto';
import { renameSync } from 'node:fs';
import Module, { createRequire } from 'node:module';
import type { Cryptoki } from '../../../runtime/secrets/pkcs11/cryptoki.js';
import { afterEach, expect, it } from 'vitest';
import { KeypairEncoding, PublickeyEncoding, Version } from '../../../generated/0.10/typescript-host/types.js';
import {
  type Hsm,
  type HsmOptions,
  openHsm,
  openKeyStore,
  memoryStore,
  type SecretsError,
} from '../../../runtime/keys.js';
import { errnoOf } from '../../guest/guest.js';
import type { Managed } from '../../guest/managed.js';
import { managedGuest, newStore, testKek } from './fixture.js';
import { describeListed } from '../../shared.js';
import { newTokens, PIN, softhsm, softhsmMissing, type TestToken, useTokens } from './softhsm.js';

const message = new TextEncoder().encode('message');
const open: Hsm[] = [];

function newHsm(token: string, options: Partial<HsmOptions> = {}): Hsm {
  const hsm = openHsm({ module: softhsm, token, pin: () => PIN, ...options });
  open.push(hsm);
  return hsm;
}

let sharedToken: TestToken | undefined;
let names = 0;

/** @param own whether the test needs a token for itself; all others share one under names of their own */
function setup(own = false) {
  const token = own ? newTokens('test') : (sharedToken ??= newTokens('test'));
  const { label, tokens } = token;
  useTokens(token);
  const failures: SecretsError[] = [];
  names += 1;
  const hsm = newHsm(label, { name: `hsm-${names}`, onError: (error) => void failures.push(error) });
  const store = newStore(undefined, { keepers: [hsm] });
  return { hsm, label, tokens, failures, store, ...managedGuest({ store, keeper: hsm.name }) };
}

const kept = (hsm: Hsm): readonly string[] => [...hsm.references()].map((each) => Buffer.from(each).toString('hex'));

/** Sessions belong to a process, so that any user of the module can close them all. */
function closeAllSessions(label: string): void {
  const { PKCS11 } = createRequire(import.meta.url)('pkcs11js') as { readonly PKCS11: new () => Cryptoki };
  const module = new PKCS11();
  module.load(softhsm);
  const slot = module.C_GetSlotList(true).find((each) => module.C_GetTokenInfo(each).label.trimEnd() === label);
  module.C_CloseAllSessions(slot as Buffer);
  module.close();
}

afterEach(() => {
  for (const hsm of open.splice(0)) hsm.close();
});

describeListed(softhsmMissing, 'keys in an HSM', () => {
  const signatures = [
    ['Ed25519', null],
    ['ECDSA_P256_SHA256', 'sha256'],
    ['ECDSA_P384_SHA384', 'sha384'],
    ['RSA_PKCS1_2048_SHA256', 'sha256'],
    ['RSA_PSS_2048_SHA384', 'sha384'],
  ] as const;

  it.each(signatures)('sign, before and after they were looked up, and never leave: %s', (algorithm, hash) => {
    const { managed, manager, hsm } = setup();
    const { asymmetric } = managed;
    const made = managed.pairs.generate(manager, algorithm);
    const [id, version] = managed.pairs.id(made);
    expect(version).toBe(1n);
    for (const pair of [made, managed.pairs.fromId(manager, id)]) {
      const half = asymmetric.keypairPublickey(pair);
      for (const text of [message, new Uint8Array(0)]) {
        const signature = asymmetric.signMessage(pair, text);
        asymmetric.verifyMessage(half, algorithm, text, signature);
        const der = Buffer.from(asymmetric.publickeyExport(half, PublickeyEncoding.Pkcs8));
        const key = {
          key: createPublicKey({ key: der, format: 'der', type: 'spki' }),
          dsaEncoding: 'ieee-p1363',
          ...(algorithm.startsWith('RSA_PSS') && { padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: 48 }),
        } as const;
        expect(verify(hash, text, key, signature)).toBe(true);
      }
      for (const encoding of [KeypairEncoding.Pkcs8, KeypairEncoding.Local])
        expect(errnoOf(() => asymmetric.keypairExport(pair, encoding))).toBe('ProhibitedOperation');
    }
    expect(kept(hsm)).toHaveLength(1);
    managed.invalidate(manager, id, Version.All);
    expect(kept(hsm)).toEqual([]);
  });

  it.each([
    ['P256-SHA256', 'prime256v1'],
    ['P384-SHA384', 'secp384r1'],
  ])('agree: %s', (algorithm, name) => {
    const { managed, manager } = setup();
    const { asymmetric } = managed;
    const [id] = managed.pairs.id(managed.pairs.generate(manager, algorithm));
    const there = managed.pairs.fromId(manager, id);
    const half = asymmetric.keypairPublickey(there);
    const point = Buffer.from(asymmetric.publickeyExport(half, PublickeyEncoding.Sec));
    // A shared secret that begins with zeros is of full length, too: 1 of 256 does.
    const here = createECDH(name);
    do here.generateKeys();
    while (name === 'prime256v1' && here.computeSecret(point)[0] !== 0);
    const peer = asymmetric.publickeyImport(algorithm, here.getPublicKey(), PublickeyEncoding.Sec);
    const shared = asymmetric.dh(peer, asymmetric.keypairSecretkey(there));
    expect(Buffer.from(shared)).toEqual(here.computeSecret(point));
  });

  it.each(['AES-128-GCM', 'AES-256-GCM'])('encrypt: %s', (algorithm) => {
    const { managed, manager } = setup();
    const { symmetric } = managed;
    const [id] = managed.keys.id(managed.keys.generate(manager, algorithm));
    const key = managed.keys.fromId(manager, id);
    const state = (associated = message): number => {
      const opened = managed.common.withOptions({ nonce: new Uint8Array(12) }, (options) =>
        symmetric.open(algorithm, key, options),
      );
      symmetric.absorb(opened, associated);
      return opened;
    };
    for (const text of [message, new Uint8Array(0), new Uint8Array(5000)]) {
      const sealed = symmetric.encrypt(state(), text);
      expect(symmetric.decrypt(state(), sealed)).toEqual(text);
      expect(errnoOf(() => symmetric.decrypt(state(new Uint8Array(3)), sealed))).toBe('InvalidTag');
      sealed[0] = (sealed[0] as number) ^ 1;
      expect(errnoOf(() => symmetric.decrypt(state(), sealed))).toBe('InvalidTag');
    }
    expect(errnoOf(() => symmetric.keyExport(key))).toBe('ProhibitedOperation');
  });

  it.each(['SHA-256', 'SHA-384', 'SHA-512'])('authenticate messages: HMAC/%s', (hash) => {
    const { managed, manager } = setup();
    const { symmetric } = managed;
    const [id] = managed.keys.id(managed.keys.generate(manager, `HMAC/${hash}`));
    const codeOf = (...parts: readonly Uint8Array[]): Uint8Array => {
      const state = symmetric.open(`HMAC/${hash}`, managed.keys.fromId(manager, id));
      for (const each of parts) symmetric.absorb(state, each);
      return symmetric.tagPull(symmetric.squeezeTag(state));
    };
    const code = codeOf(message, message);
    expect(code).toHaveLength(createHmac(hash.replace('-', ''), 'any').digest().length);
    expect(code).toEqual(codeOf(Buffer.concat([message, message])));
    expect(code).not.toEqual(codeOf(message));
    codeOf();
    const state = symmetric.open(`HMAC/${hash}`, managed.keys.fromId(manager, id));
    symmetric.absorb(state, message);
    const copy = symmetric.clone(state);
    symmetric.absorb(copy, message);
    expect(symmetric.tagPull(symmetric.squeezeTag(copy))).toEqual(code);
  });

  it('are rotated inside: versions of an identifier are keys of their own, and old signatures verify', () => {
    const { store, hsm, managed, manager } = setup();
    const { asymmetric } = managed;
    const algorithm = 'ECDSA_P256_SHA256';
    const { id } = store.provision({ tenant: 'test', name: 'signing', algorithm, keeper: hsm.name });
    const bytes = Buffer.from(id, 'hex');
    const old = managed.pairs.fromId(manager, bytes);
    const signature = asymmetric.signMessage(old, message);
    store.rotate({ tenant: 'test', name: 'signing' }, { keeper: hsm.name });
    const latest = managed.pairs.fromId(manager, bytes);
    expect(managed.pairs.id(latest)[1]).toBe(2n);
    const first = managed.pairs.fromId(manager, bytes, 1n);
    const half = (pair: number): number => asymmetric.keypairPublickey(pair);
    asymmetric.verifyMessage(half(first), algorithm, message, signature);
    expect(errnoOf(() => asymmetric.verifyMessage(half(latest), algorithm, message, signature))).toBe(
      'VerificationFailed',
    );
    expect(kept(hsm)).toHaveLength(2);
    expect(store.verify().problems).toEqual([]);
    store.invalidate({ tenant: 'test', name: 'signing' }, 1n);
    expect(kept(hsm)).toHaveLength(1);
  });

  it.each([
    ['Ed25519', (managed: Managed, key: number) => managed.asymmetric.signMessage(key, message)],
    [
      'AES-256-GCM',
      (managed: Managed, key: number) =>
        managed.common.withOptions({ nonce: new Uint8Array(12) }, (options) =>
          managed.symmetric.encrypt(managed.symmetric.open('AES-256-GCM', key, options), message),
        ),
    ],
    [
      'HMAC/SHA-256',
      (managed: Managed, key: number) => managed.symmetric.squeezeTag(managed.symmetric.open('HMAC/SHA-256', key)),
    ],
  ])(
    'cost the guest that uses them the time of the token, and nothing is computed beyond its budget: %s',
    (algorithm, use) => {
      const { label, store } = setup();
      names += 1;
      const keepers = [newHsm(label, { name: `hsm-${names}`, cost: 10_000_000 })];
      const shared = newStore(undefined, { keepers });
      const { id } = shared.provision({ tenant: 'test', algorithm, keeper: `hsm-${names}` });
      const guests = [0, 35_000_000].map((totalCost) => {
        const host = { limits: totalCost === 0 ? {} : { totalCost } };
        const { managed, manager } = managedGuest({ store: shared, host });
        const keys = algorithm === 'Ed25519' ? managed.pairs : managed.keys;
        return { managed, key: keys.fromId(manager, Buffer.from(id, 'hex')) };
      });
      for (const { managed, key } of guests) {
        const { host } = managed.guest;
        for (let count = 0; count < 3; count += 1) {
          const before = host.usage().cost;
          use(managed, key);
          expect(host.usage().cost - before).toBeGreaterThanOrEqual(10_000_000);
          expect(host.usage().cost - before).toBeLessThan(11_000_000);
        }
      }
      const [rich, poor] = guests.map(({ managed, key }) => errnoOf(() => use(managed, key)));
      expect([rich, poor]).toEqual(['Success', 'Overflow']);
      store.close();
    },
  );

  it('are not put there: a key that is given is refused', () => {
    const { store, hsm } = setup();
    const key = { encoding: 'raw', bytes: new Uint8Array(32) } as const;
    expect(() => store.provision({ tenant: 'test', algorithm: 'AES-256-GCM', keeper: hsm.name, key })).toThrow(
      expect.objectContaining({ code: 'refused', message: expect.stringContaining('makes its own') }),
    );
    expect(() => store.provision({ tenant: 'test', algorithm: 'X25519', keeper: hsm.name })).toThrow(
      expect.objectContaining({ code: 'refused', message: expect.stringContaining('no keys of X25519') }),
    );
    expect(kept(hsm)).toEqual([]);
  });

  it('that the token or the keeper lacks are unsupported', () => {
    const { managed, manager, hsm } = setup();
    expect(hsm.has('key-exchange', 'X25519')).toBe(false);
    expect(hsm.has('key-exchange', 'ECDSA_P256_SHA256')).toBe(false);
    expect(errnoOf(() => managed.pairs.generate(manager, 'X25519'))).toBe('UnsupportedAlgorithm');
    expect(errnoOf(() => managed.keys.generate(manager, 'CHACHA20-POLY1305'))).toBe('UnsupportedAlgorithm');
    expect(kept(hsm)).toEqual([]);
  });

  it('without a record are found, and records without their key', () => {
    const { store, hsm, managed, manager } = setup();
    const orphan = Buffer.from(hsm.generate('signatures', 'Ed25519')).toString('hex');
    expect(store.verify().problems).toEqual([expect.stringContaining(orphan)]);
    hsm.remove(Buffer.from(orphan, 'hex'));
    const [id] = managed.pairs.id(managed.pairs.generate(manager, 'Ed25519'));
    expect(store.verify().problems).toEqual([]);
    for (const each of hsm.references()) hsm.remove(each);
    expect(store.verify().problems).toEqual([expect.stringContaining('lacks the key')]);
    const { managed: second, manager: other } = managedGuest({
      store: newStore(undefined, { keepers: [hsm] }),
      keeper: hsm.name,
    });
    expect(errnoOf(() => second.pairs.fromId(other, id))).toBe('NotFound');
  });

  it('of another name on the same token are left alone', () => {
    const { hsm, label } = setup();
    const other = newHsm(label, { name: 'other' });
    const reference = other.generate('symmetric', 'AES-256-GCM');
    hsm.remove(reference);
    expect(kept(hsm)).toEqual([]);
    expect(kept(other)).toHaveLength(1);
  });

  it('fail when the token goes, without a crash, and work again when it is back', () => {
    const { managed, manager, tokens, failures, hsm } = setup(true);
    const { asymmetric } = managed;
    const pair = managed.pairs.generate(manager, 'ECDSA_P256_SHA256');
    const signature = asymmetric.signMessage(pair, message);
    renameSync(tokens, `${tokens}-away`);
    for (let round = 0; round < 3; round += 1)
      expect(errnoOf(() => asymmetric.signMessage(pair, message))).toBe('AlgorithmFailure');
    expect(failures).toHaveLength(3);
    expect(errnoOf(() => managed.pairs.generate(manager, 'ECDSA_P256_SHA256'))).toBe('InternalError');
    expect(() => hsm.references()).toThrow(expect.objectContaining({ name: 'SecretsError' }));
    renameSync(`${tokens}-away`, tokens);
    const half = asymmetric.keypairPublickey(pair);
    asymmetric.verifyMessage(half, 'ECDSA_P256_SHA256', message, asymmetric.signMessage(pair, message));
    asymmetric.verifyMessage(half, 'ECDSA_P256_SHA256', message, signature);
    hsm.close();
    expect(errnoOf(() => asymmetric.signMessage(pair, message))).toBe('AlgorithmFailure');
  });

  it('outlive a lost session: the next call opens another one', () => {
    const { managed, manager, failures, label } = setup();
    const pair = managed.pairs.generate(manager, 'Ed25519');
    closeAllSessions(label);
    managed.asymmetric.signMessage(pair, message);
    expect(failures).toEqual([]);
  });

  it('wrap the data key of a store inside, for that store alone', () => {
    const { hsm, tokens } = setup(true);
    const kek = hsm.createKeyEncryptionKey('store');
    expect(() => hsm.createKeyEncryptionKey('store')).toThrow(expect.objectContaining({ code: 'exists' }));
    const records = memoryStore();
    const store = openKeyStore({ records, kek });
    const { id } = store.provision({ tenant: 't', algorithm: 'secret', key: { encoding: 'raw', bytes: message } });
    const again = openKeyStore({ records, kek: hsm.keyEncryptionKey('store'), create: false });
    expect(again.show({ tenant: 't', id }).versions).toBe(1);
    const wrongKey = expect.objectContaining({ code: 'wrong-key' });
    expect(() => openKeyStore({ records, kek: hsm.createKeyEncryptionKey('second'), create: false })).toThrow(wrongKey);
    expect(() => openKeyStore({ records, kek: testKek(), create: false })).toThrow(wrongKey);
    store.rewrap(kek, testKek());
    openKeyStore({ records, kek: testKek(), create: false });
    store.rewrap(testKek(), kek);
    const dataKey = new Uint8Array(32).fill(5);
    const [one, two] = [new Uint8Array(16), new Uint8Array(16).fill(1)];
    const wrapped = kek.wrap(dataKey, one);
    expect(kek.unwrap(wrapped, one)).toEqual(dataKey);
    for (const each of [
      () => kek.unwrap(wrapped, two),
      () => kek.unwrap(wrapped.slice(1), one),
      () => kek.unwrap(one, one),
    ])
      expect(each()).toBeUndefined();
    expect(() => openKeyStore({ records, kek: hsm.keyEncryptionKey('none') })).toThrow(
      expect.objectContaining({ code: 'not-found' }),
    );
    renameSync(tokens, `${tokens}-away`);
    expect(() => openKeyStore({ records, kek: hsm.keyEncryptionKey('store') })).toThrow(
      expect.objectContaining({ name: 'SecretsError', code: 'unavailable' }),
    );
  });
});

describeListed(softhsmMissing, 'an anchor in a token', () => {
  it('shows that the whole store was put back, to hosts that have seen nothing of it, too', () => {
    const { hsm, label } = setup();
    const records = memoryStore();
    const settings = ['root', 'heads '] as const;
    const name = `store ${names}`;
    const store = newStore(records, { anchor: hsm.anchor(name) });
    const place = { tenant: 't', algorithm: 'secret', key: { encoding: 'raw', bytes: message } } as const;
    store.provision(place);
    const before = records.read((reading) => reading.settings(settings));
    store.provision(place);
    const other = newHsm(label, { name: 'another' });
    newStore(records, { anchor: other.anchor(name) });
    newStore(memoryStore(), { anchor: other.anchor(`${name}, another one`) });
    records.write((writing) => before.forEach((value, each) => writing.putSetting(each, value)));
    expect(() => newStore(records, { anchor: other.anchor(name) })).toThrow(
      expect.objectContaining({ code: 'rolled-back' }),
    );
    expect(kept(hsm)).toEqual([]);
  });
});

describeListed(softhsmMissing, 'a token is refused', () => {
  const refused = (options: Partial<HsmOptions>, code: string, text: RegExp): void => {
    expect(() => newHsm('first', options)).toThrow(
      expect.objectContaining({ name: 'SecretsError', code, message: expect.stringMatching(text) }),
    );
  };

  it('for its PIN, its label, its name, or its module, in an error without the PIN', () => {
    newTokens('first', 'second', 'twin', 'twin');
    const pin = '999999';
    refused({ pin: () => pin }, 'refused', /^(?!.*999999).*CKR_PIN_INCORRECT.*not tried again/);
    refused({ pin: () => '' }, 'refused', /no text, or empty/);
    refused({ token: 'none' }, 'not-found', /it has .*'first'/);
    refused({ token: 'twin' }, 'refused', /2 tokens called 'twin'/);
    refused({ module: '/nowhere.so' }, 'unavailable', /nowhere\.so does not load/);
    refused({ name: 'a/b' }, 'refused', /name of an HSM/);
    refused({ cost: -1 }, 'refused', /costs is a whole number/);
    const absent = (): string => {
      throw new Error('nobody knows it');
    };
    refused({ pin: absent }, 'unavailable', /PIN of .* was not given/);
    newHsm('first').close();
  });

  it('for a PIN that has changed, which is asked for once', () => {
    const { tokens, label } = newTokens('first');
    let asked = 0;
    const hsm = newHsm(label, {
      pin() {
        asked += 1;
        return asked === 1 ? PIN : '999999';
      },
    });
    renameSync(tokens, `${tokens}-away`);
    expect(() => hsm.references()).toThrow();
    renameSync(`${tokens}-away`, tokens);
    for (let round = 0; round < 3; round += 1)
      expect(() => hsm.references()).toThrow(expect.objectContaining({ code: 'refused' }));
    expect(asked).toBe(2);
  });

  it('without pkcs11js, in words that say what to install', () => {
    const loader = Module as unknown as { _load: (name: string, ...rest: readonly unknown[]) => unknown };
    const { _load: load } = loader;
    loader._load = (name, ...rest) => {
      if (name === 'pkcs11js') throw new Error("Cannot find module 'pkcs11js'");
      return load.call(loader, name, ...rest);
    };
    try {
      refused({}, 'no-engine', /npm install pkcs11js/);
    } finally {
      loader._load = load;
    }
  });
});
