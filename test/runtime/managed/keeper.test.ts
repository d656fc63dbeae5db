/** Keys whose bytes are elsewhere: a keeper that uses keys of `node:crypto` stands for an HSM. */
import {
  createCipheriv,
  createDecipheriv,
  createHmac,
  createPublicKey,
  diffieHellman,
  generateKeyPairSync,
  randomBytes,
  sign,
  verify,
  type KeyObject,
} from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { KeypairEncoding, PublickeyEncoding, Version } from '../../../generated/0.10/typescript-host/types.js';
import type { HeldKey, Running } from '../../../runtime/contracts/primitives.js';
import { readPublicKeyInfo } from '../../../runtime/encodings/public-keys.js';
import { fail } from '../../../runtime/failures.js';
import { idOfName, type KeptPair, type KeyKeeper, memoryStore } from '../../../runtime/keys.js';
import { errnoOf } from '../../guest/guest.js';
import { managedGuest, newStore } from './fixture.js';

const message = new TextEncoder().encode('message');

class TestKeeper implements KeyKeeper {
  readonly name = 'test HSM';
  readonly keys = new Map<string, KeyObject | Uint8Array>();
  #next = 0;

  has(_kind: string, algorithm: string): boolean {
    return ['Ed25519', 'ECDSA_P256_SHA256', 'X25519', 'AES-256-GCM', 'HMAC/SHA-256'].includes(algorithm);
  }

  generate(_kind: string, algorithm: string): Uint8Array {
    this.#next += 1;
    this.keys.set(String(this.#next), this.#make(algorithm));
    return new TextEncoder().encode(String(this.#next));
  }

  pair(_algorithm: string, reference: Uint8Array): KeptPair {
    const key = this.keys.get(Buffer.from(reference).toString()) as KeyObject;
    const info = createPublicKey(key).export({ type: 'spki', format: 'der' });
    return {
      info: readPublicKeyInfo(info),
      held: {
        bytes: () => {
          throw fail.ProhibitedOperation;
        },
        publicBytes: () => readPublicKeyInfo(info).key,
        sign: ({ hash }, data, out) => {
          const signature = sign(hash ?? null, data, key);
          out.set(signature);
          return signature.length;
        },
        agree: (peer, out) => {
          const der = Buffer.concat([Buffer.from('302a300506032b656e032100', 'hex'), peer.bytes()]);
          out.set(
            diffieHellman({ privateKey: key, publicKey: createPublicKey({ key: der, format: 'der', type: 'spki' }) }),
          );
        },
        wipe: () => undefined,
      },
    };
  }

  key(algorithm: string, reference: Uint8Array): HeldKey {
    const key = this.keys.get(Buffer.from(reference).toString()) as Uint8Array;
    const held = { length: key.length, wipe: () => undefined };
    if (algorithm === 'HMAC/SHA-256')
      return { ...held, code: { start: () => running(key, []), wipe: () => undefined } };
    return {
      ...held,
      cipher: {
        seal: (_key, nonce, associated, data, out) => {
          const cipher = createCipheriv('aes-256-gcm', key, nonce).setAAD(associated);
          out.set(Buffer.concat([cipher.update(data), cipher.final(), cipher.getAuthTag()]));
        },
        open: (_key, nonce, associated, data, out) => {
          const decipher = createDecipheriv('aes-256-gcm', key, nonce).setAAD(associated).setAuthTag(data.slice(-16));
          out.set(Buffer.concat([decipher.update(data.slice(0, -16)), decipher.final()]));
        },
        sealDetached: () => undefined,
        openDetached: () => undefined,
      },
    };
  }

  remove(reference: Uint8Array): void {
    this.keys.delete(Buffer.from(reference).toString());
  }

  references(): Iterable<Uint8Array> {
    return [...this.keys.keys()].map((each) => new TextEncoder().encode(each));
  }

  #make(algorithm: string): KeyObject | Uint8Array {
    if (algorithm === 'Ed25519') return generateKeyPairSync('ed25519').privateKey;
    if (algorithm === 'X25519') return generateKeyPairSync('x25519').privateKey;
    if (algorithm === 'ECDSA_P256_SHA256') return generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey;
    return randomBytes(32);
  }
}

function running(key: Uint8Array, parts: readonly Uint8Array[]): Running {
  const own = [...parts];
  return {
    update: (data) => void own.push(data.slice()),
    write: (out) => out.set(createHmac('sha256', key).update(Buffer.concat(own)).digest()),
    clone: () => running(key, own),
    wipe: () => undefined,
  };
}

describe('keys that are elsewhere', () => {
  const setup = () => {
    const keeper = new TestKeeper();
    const store = newStore(undefined, { keepers: [keeper] });
    return { keeper, store, ...managedGuest({ store, keeper: keeper.name }) };
  };

  it.each(['Ed25519', 'ECDSA_P256_SHA256'])('sign, before and after they were looked up: %s', (algorithm) => {
    const { managed, manager, keeper } = setup();
    const { asymmetric } = managed;
    const made = managed.pairs.generate(manager, algorithm);
    const [id] = managed.pairs.id(made);
    const found = managed.pairs.fromId(manager, id);
    expect(keeper.keys.size).toBe(1);
    for (const pair of [made, found]) {
      const half = asymmetric.keypairPublickey(pair);
      const signature = asymmetric.signMessage(pair, message);
      asymmetric.verifyMessage(half, algorithm, message, signature);
      const der = Buffer.from(asymmetric.publickeyExport(half, PublickeyEncoding.Pkcs8));
      const key = createPublicKey({ key: der, format: 'der', type: 'spki' });
      const hash = algorithm === 'Ed25519' ? null : 'sha256';
      expect(verify(hash, message, { key, dsaEncoding: 'ieee-p1363' }, signature)).toBe(true);
      expect(errnoOf(() => asymmetric.keypairExport(pair, KeypairEncoding.Pkcs8))).toBe('ProhibitedOperation');
    }
    managed.invalidate(manager, id, Version.All);
    expect(keeper.keys.size).toBe(0);
  });

  it('agree', () => {
    const { managed, manager } = setup();
    const { asymmetric } = managed;
    const [id] = managed.pairs.id(managed.pairs.generate(manager, 'X25519'));
    const here = asymmetric.keypairGenerate('X25519');
    const there = managed.pairs.fromId(manager, id);
    expect(asymmetric.dh(asymmetric.keypairPublickey(here), asymmetric.keypairSecretkey(there))).toEqual(
      asymmetric.dh(asymmetric.keypairPublickey(there), asymmetric.keypairSecretkey(here)),
    );
  });

  it('encrypt and authenticate', () => {
    const { managed, manager, keeper } = setup();
    const { symmetric } = managed;
    const [id] = managed.keys.id(managed.keys.generate(manager, 'AES-256-GCM'));
    const key = managed.keys.fromId(manager, id);
    const state = (): number =>
      managed.common.withOptions({ nonce: new Uint8Array(12) }, (options) =>
        symmetric.open('AES-256-GCM', key, options),
      );
    const sealed = symmetric.encrypt(state(), message);
    expect(symmetric.decrypt(state(), sealed)).toEqual(message);
    expect(errnoOf(() => symmetric.keyExport(key))).toBe('ProhibitedOperation');
    const code = symmetric.open('HMAC/SHA-256', managed.keys.generate(manager, 'HMAC/SHA-256'));
    symmetric.absorb(code, message);
    const expected = createHmac('sha256', keeper.keys.get('2') as Uint8Array)
      .update(message)
      .digest();
    expect(symmetric.tagPull(symmetric.squeezeTag(code))).toEqual(new Uint8Array(expected));
  });

  it('of an algorithm that the keeper lacks are unsupported, and none stays where its record could not be written', () => {
    const { managed, manager, keeper, store } = setup();
    expect(errnoOf(() => managed.pairs.generate(manager, 'RSA_PKCS1_2048_SHA256'))).toBe('UnsupportedAlgorithm');
    const { managed: full, manager: second } = managedGuest({ store, keeper: keeper.name, quota: { ids: 0 } });
    expect(errnoOf(() => full.pairs.generate(second, 'Ed25519'))).toBe('Overflow');
    expect(errnoOf(() => full.keys.generate(second, 'AES-256-GCM'))).toBe('Overflow');
    expect(keeper.keys.size).toBe(0);
  });

  it('stay where their record is, even if the anchor fails after it was written', () => {
    const keeper = new TestKeeper();
    let isBroken = false;
    const anchor = {
      read: () => undefined,
      write: () => {
        if (isBroken) throw new Error('no connection');
      },
    };
    const store = newStore(undefined, { keepers: [keeper], anchor });
    const address = { tenant: 'test', name: 'signing' };
    store.provision({ ...address, algorithm: 'Ed25519', keeper: keeper.name });
    isBroken = true;
    const uncertain = expect.objectContaining({ code: 'uncertain' }) as unknown;
    expect(() => store.rotate(address, { keeper: keeper.name })).toThrow(uncertain);
    const { managed, manager } = managedGuest({ store, keeper: keeper.name });
    expect(errnoOf(() => managed.pairs.generate(manager, 'Ed25519'))).toBe('InternalError');
    expect(keeper.keys.size).toBe(3);
    expect(store.verify()).toMatchObject({ versions: 3, problems: [] });
  });

  it('are taken away with their record, or neither is', () => {
    const records = memoryStore();
    const keeper = new TestKeeper();
    const address = { tenant: 'test', name: 'signing' };
    newStore(records, { keepers: [keeper] }).provision({ ...address, algorithm: 'Ed25519', keeper: keeper.name });
    const without = newStore(records);
    expect(() => without.invalidate(address, 'all')).toThrow(expect.objectContaining({ code: 'refused' }));
    const { managed, manager } = managedGuest({ store: without });
    expect(errnoOf(() => managed.invalidate(manager, idOfName('signing'), Version.All))).toBe('InternalError');
    expect(without.show(address)).toMatchObject({ latest: 1n });
    const removing = newStore(records, { keepers: [keeper] });
    keeper.remove = () => {
      throw new Error('no token');
    };
    expect(() => removing.invalidate(address, 'all')).toThrow(expect.objectContaining({ code: 'uncertain' }));
    expect(removing.show(address)).toMatchObject({ latest: undefined });
  });

  it('are followed by others there, or by a key that is given: none is made in the host unseen, and none is exportable', () => {
    const { store, keeper } = setup();
    const address = { tenant: 'test', name: 'signing' };
    const refused = expect.objectContaining({ code: 'refused' }) as unknown;
    const request = { ...address, algorithm: 'AES-256-GCM', keeper: keeper.name };
    expect(() => store.provision({ ...request, exportable: true })).toThrow(refused);
    store.provision(request);
    expect(() => store.rotate(address)).toThrow(refused);
    expect(store.rotate(address, { keeper: keeper.name })).toMatchObject({ latest: 2n });
    const key = { encoding: 'raw', bytes: randomBytes(32) } as const;
    expect(store.rotate(address, { key }).details.map(({ elsewhere }) => elsewhere)).toEqual([true, true, false]);
  });

  it('need their keeper, which has to be given', () => {
    const { managed, manager, store } = setup();
    expect(() => managedGuest({ store, keeper: 'another' })).toThrow(expect.objectContaining({ code: 'refused' }));
    managed.pairs.generate(manager, 'Ed25519');
  });
});
