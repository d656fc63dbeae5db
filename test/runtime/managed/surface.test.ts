/** With a store configured, every function of every revision does something. */
import { describe, expect, it } from 'vitest';
import {
  CryptoErrno,
  KeypairEncoding,
  PublickeyEncoding,
  SecretkeyEncoding,
} from '../../../generated/0.10/typescript-host/types.js';
import { CryptoErrno as WitErrno, fail as witFail } from '../../../generated/0.11/component-host/index.js';
import { placedFuncs } from '../../../generator/model/kinds.js';
import { camel } from '../../../generator/model/name.js';
import { RuntimeContext } from '../../../runtime/context.js';
import { witHosts, witOptions } from '../../../runtime/hosts/wit/interfaces.js';
import { readOptions } from '../../../runtime/options.js';
import { plannedUnit } from '../../generated.js';
import { errnoName, Guest } from '../../guest/guest.js';
import { Managed } from '../../guest/managed.js';
import { revisionsIn } from '../../revisions.js';
import { newStore } from './fixture.js';

const NEVER = 2n ** 64n - 1n;

/** Each function at least once, with what it succeeds for. */
function useEverything(managed: Managed): void {
  const { guest, common, symmetric, asymmetric, pairs, keys } = managed;
  const bytes = new Uint8Array(32).fill(1);
  const manager = managed.open();

  const secret = managed.secretStore(manager, bytes, NEVER);
  managed.secretReplace(manager, bytes, NEVER, secret);
  managed.secretFromId(manager, secret);
  managed.secretInvalidate(manager, secret, 1n);
  managed.decapsulate(manager, managed.encapsulate(manager, bytes, NEVER));

  const known = keys.generate(manager, 'AES-256-GCM');
  const [keyId] = keys.id(known);
  keys.replace(manager, known, symmetric.keyGenerate('AES-256-GCM'));
  keys.store(manager, symmetric.keyImport('AES-256-GCM', bytes));
  const key = keys.fromId(manager, keyId);
  managed.invalidate(manager, keyId, 1n);

  const aead = <T>(use: (state: number) => T): T =>
    common.withOptions({ nonce: bytes.subarray(0, 12) }, (options) => use(symmetric.open('AES-256-GCM', key, options)));
  const sealed = aead((state) => {
    symmetric.optionsGet(state, 'nonce', 12);
    symmetric.absorb(state, bytes);
    return symmetric.encrypt(state, bytes);
  });
  aead((state) => {
    symmetric.absorb(state, bytes);
    symmetric.decrypt(state, sealed);
    symmetric.close(state);
  });
  const { ciphertext, tag } = aead((state) => symmetric.encryptDetached(state, bytes));
  const code = symmetric.tagPull(tag);
  aead((state) => symmetric.decryptDetached(state, ciphertext, code));

  const mac = symmetric.keyGenerate('HMAC/SHA-256');
  symmetric.keyExport(mac);
  const state = symmetric.open('HMAC/SHA-256', mac);
  const copy = symmetric.clone(state);
  const computed = symmetric.squeezeTag(state);
  const again = symmetric.squeezeTag(copy);
  symmetric.tagVerify(again, symmetric.tagPull(computed));
  symmetric.tagClose(again);
  symmetric.keyClose(mac);
  symmetric.squeeze(symmetric.open('SHA-256'), 32);
  const extracting = symmetric.open('HKDF-EXTRACT/SHA-256', symmetric.keyGenerate('HKDF-EXTRACT/SHA-256'));
  symmetric.squeezeKey(extracting, 'HKDF-EXPAND/SHA-256');
  common.withOptions({ nonce: bytes.subarray(0, 16) }, (options) =>
    symmetric.ratchet(symmetric.open('XOODYAK-128', symmetric.keyGenerate('XOODYAK-128'), options)),
  );
  common.withOptions({ buffer: { pointer: guest.alloc(64), length: 64 } }, () => undefined);
  common.withOptions({ nonce: bytes.subarray(0, 12), parallelism: 1n }, (options) =>
    symmetric.optionsGetU64(symmetric.open('AES-256-GCM', key, options), 'parallelism'),
  );

  const signing = pairs.generate(manager, 'Ed25519');
  const [pairId] = pairs.id(signing);
  const own = asymmetric.keypairGenerate('Ed25519');
  const exported = asymmetric.keypairExport(own, KeypairEncoding.Pkcs8);
  pairs.replace(manager, signing, own);
  pairs.store(manager, asymmetric.keypairImport('Ed25519', exported, KeypairEncoding.Pkcs8));
  const pair = pairs.fromId(manager, pairId);
  const signature = asymmetric.signMessage(pair, bytes);
  asymmetric.verifyMessage(asymmetric.keypairPublickey(pair), 'Ed25519', bytes, signature);
  asymmetric.keypairClose(pair);

  const exchange = asymmetric.keypairGenerate('X25519');
  const [half, scalar] = [asymmetric.keypairPublickey(exchange), asymmetric.keypairSecretkey(exchange)];
  const raw = asymmetric.secretkeyExport(scalar, SecretkeyEncoding.Raw);
  const peer = asymmetric.publickeyExport(half, PublickeyEncoding.Raw);
  const [imported, other] = [
    asymmetric.secretkeyImport('X25519', raw, SecretkeyEncoding.Raw),
    asymmetric.publickeyImport('X25519', peer, PublickeyEncoding.Raw),
  ];
  asymmetric.publickeyVerify(other);
  asymmetric.dh(other, imported);
  asymmetric.keypairFromPkAndSk(asymmetric.publickeyFromSecretkey(imported), imported);
  asymmetric.publickeyClose(other);
  asymmetric.secretkeyClose(imported);
  const kem = asymmetric.keypairGenerate('ML-KEM-768');
  const { encapsulated } = asymmetric.encapsulate(asymmetric.keypairPublickey(kem));
  asymmetric.decapsulate(asymmetric.keypairSecretkey(kem), encapsulated);
  symmetric.keyClose(key);
  managed.close(manager);
}

describe('core modules', () => {
  const guest = new Guest({ secrets: { store: newStore(), tenant: 'test' } });

  it.each(revisionsIn('witx'))('of $revision have every function, and none is unsupported', ({ path }) => {
    const answers = placedFuncs(plannedUnit('surface', path).unit).flatMap(({ module, func }) =>
      module.name.wire.endsWith('_batch')
        ? []
        : [`${func.name.wire}: ${errnoName(guest.raw(func.name.wire, ...Array.from({ length: 12 }, () => 0)))}`],
    );
    expect(answers.length).toBeGreaterThan(60);
    expect(answers.filter((each) => /UnsupportedFeature|NotImplemented/.test(each))).toEqual([]);
  });

  it.each(revisionsIn('witx'))(
    'of $revision have every function succeed for a guest that uses it rightly',
    ({ path }) => {
      const using = new Guest({ secrets: { store: newStore(), tenant: 'test' } });
      const raw = using.raw.bind(using);
      const succeeded = new Set<string>();
      using.raw = (func, ...given) => {
        const errno = raw(func, ...given);
        if (errno === CryptoErrno.Success) succeeded.add(func);
        return errno;
      };
      useEverything(new Managed(using));
      const functions = placedFuncs(plannedUnit('surface', path).unit).flatMap(({ module, func }) =>
        module.name.wire.endsWith('_batch') ? [] : [func.name.wire],
      );
      expect(functions.filter((each) => !succeeded.has(each))).toEqual([]);
    },
  );

  it('have batches that are not implemented, since results are lists', () => {
    const batches = Object.entries(guest.host.imports).filter(([module]) => module.endsWith('_batch'));
    const answers = batches
      .flatMap(([, functions]) => Object.keys(functions))
      .map((name) => errnoName(guest.raw(name)));
    expect(new Set(answers)).toEqual(new Set(['NotImplemented']));
  });
});

describe.each(revisionsIn('wit'))('components of $revision', ({ path }) => {
  it('have every function, of which only external-secret-replace is absent', () => {
    const context = new RuntimeContext(readOptions({ secrets: { store: newStore(), tenant: 'test' } }));
    const hosts: Readonly<Record<string, Readonly<Record<string, unknown>>>> = witHosts<WitErrno>(context, WitErrno);
    const { absent } = witOptions(context, witFail, true);
    expect(Object.values(absent).flatMap((each) => Object.keys(each))).toEqual(['externalSecretReplace']);
    const has = new Set(Object.values(hosts).flatMap((each) => Object.keys(each)));
    const functions = placedFuncs(plannedUnit('surface', path).unit).map(({ func }) => camel(func.name.words));
    expect(functions.length).toBeGreaterThan(60);
    expect(functions.filter((each) => !has.has(each) && !each.endsWith('Close'))).toEqual([]);
  });
});
