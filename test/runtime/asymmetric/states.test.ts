/** States that sign and verify, and the handles around them. */
import { createPublicKey, verify } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { hexOf } from '../../hex.js';
import {
  KeypairEncoding as Pair,
  PublickeyEncoding as Public,
  SecretkeyEncoding as Secret,
  SignatureEncoding as Form,
} from '../../../generated/0.10/typescript-host/types.js';
import { Asymmetric } from '../../guest/asymmetric.js';
import { errnoName, errnoOf, Guest } from '../../guest/guest.js';
import { idsOf, signatures, withQuickKeys } from '../../registry.js';
import { testProbes } from './probes.js';

const text = (value: string): Uint8Array => new TextEncoder().encode(value);
const ids = idsOf(withQuickKeys(signatures));

for (const id of ids) {
  describe(`states of ${id}`, () => {
    it('sign everything so far, and go on', () => {
      const a = new Asymmetric(new Guest());
      const keypair = a.keypairGenerate(id);
      const publicKey = a.keypairPublickey(keypair);
      const state = a.signOpen(keypair);
      const signed = (): Uint8Array => a.signatureExport(a.sign(state), Form.Raw);
      const [none, first] = [signed(), (a.signUpdate(state, text('one')), signed())];
      const again = signed();
      a.signUpdate(state, text(' and '));
      a.signUpdate(state, new Uint8Array(0));
      a.signUpdate(state, text('two'));
      const last = signed();
      a.verifyMessage(publicKey, id, new Uint8Array(0), none);
      a.verifyMessage(publicKey, id, text('one'), first);
      a.verifyMessage(publicKey, id, text('one'), again);
      a.verifyMessage(publicKey, id, text('one and two'), last);
      expect(errnoOf(() => a.verifyMessage(publicKey, id, text('one'), last))).toBe('VerificationFailed');
    });

    it('verify everything so far, several signatures, and go on after a bad one', () => {
      const a = new Asymmetric(new Guest());
      const keypair = a.keypairGenerate(id);
      const [first, both] = [a.signMessage(keypair, text('a')), a.signMessage(keypair, text('ab'))].map((raw) =>
        a.signatureImport(id, raw, Form.Raw),
      ) as [number, number];
      const state = a.verifyOpen(a.keypairPublickey(keypair));
      a.verifyUpdate(state, text('a'));
      expect(errnoOf(() => a.verify(state, both))).toBe('VerificationFailed');
      a.verify(state, first);
      a.verifyUpdate(state, text('b'));
      a.verify(state, both);
      expect(errnoOf(() => a.verify(state, first))).toBe('VerificationFailed');
      a.verify(state, both);
    });

    it('do not need the handle of their key any more', () => {
      const a = new Asymmetric(new Guest());
      const keypair = a.keypairGenerate(id);
      const publicKey = a.keypairPublickey(keypair);
      const [signing, verifying] = [a.signOpen(keypair), a.verifyOpen(publicKey)];
      a.keypairClose(keypair);
      const exported = Buffer.from(a.publickeyExport(publicKey, Public.Pkcs8));
      a.publickeyClose(publicKey);
      a.signUpdate(signing, text('x'));
      a.verifyUpdate(verifying, text('x'));
      const signature = a.sign(signing);
      a.verify(verifying, signature);
      a.signClose(signing);
      a.verify(verifying, signature);
      if (id !== 'Ed25519') return;
      const node = createPublicKey({ key: exported, type: 'spki', format: 'der' });
      expect(verify(null, text('x'), node, a.signatureExport(signature, Form.Raw))).toBe(true);
    });
  });
}

describe('messages', () => {
  it('over the limit are refused, part by part', () => {
    const a = new Asymmetric(new Guest({ limits: { messageBytes: 10 } }));
    const keypair = a.keypairGenerate('Ed25519');
    const state = a.signOpen(keypair);
    a.signUpdate(state, new Uint8Array(7));
    expect(errnoOf(() => a.signUpdate(state, new Uint8Array(4)))).toBe('Overflow');
    a.signUpdate(state, new Uint8Array(3));
    expect(errnoOf(() => a.signUpdate(state, new Uint8Array(1)))).toBe('Overflow');
    const signature = a.signatureExport(a.sign(state), Form.Raw);
    const verifying = a.verifyOpen(a.keypairPublickey(keypair));
    a.verifyUpdate(verifying, new Uint8Array(10));
    expect(errnoOf(() => a.verifyUpdate(verifying, new Uint8Array(1)))).toBe('Overflow');
    a.verify(verifying, a.signatureImport('Ed25519', signature, Form.Raw));
  });

  it('may change in guest memory once they were given', () => {
    const a = new Asymmetric(new Guest());
    const { guest } = a;
    const keypair = a.keypairGenerate('Ed25519');
    const state = a.signOpen(keypair);
    const at = guest.put(text('before'));
    guest.call('signature_state_update', state, at, 6);
    guest.bytes(at, 6).fill(0);
    guest.memory.grow(1);
    const signature = a.signatureExport(a.sign(state), Form.Raw);
    a.verifyMessage(a.keypairPublickey(keypair), 'Ed25519', text('before'), signature);
  });
});

describe('handles', () => {
  const state = (a: Asymmetric): number => a.signOpen(a.keypairGenerate('Ed25519'));
  const verifying = (a: Asymmetric): number => a.verifyOpen(a.keypairPublickey(a.keypairGenerate('Ed25519')));
  const closedTwice = (open: (a: Asymmetric) => number, func: string) => (a: Asymmetric) => {
    const handle = open(a);
    a.guest.call(func, handle);
    a.guest.call(func, handle);
  };
  testProbes([
    ['a state for signing does not verify', 'InvalidHandle', (a) => a.verifyUpdate(state(a), text('x'))],
    ['a state for verifying does not sign', 'InvalidHandle', (a) => a.sign(verifying(a))],
    ['a signature is no array output', 'InvalidHandle', (a) => a.common.arrayOutputLen(a.sign(state(a)))],
    [
      'an array output is no signature',
      'InvalidHandle',
      (a) => a.signatureClose(a.guest.callForU32('keypair_export', a.keypairGenerate('Ed25519'), Pair.Raw)),
    ],
    [
      'a public key does not sign',
      'InvalidHandle',
      (a) => a.signOpen(a.keypairPublickey(a.keypairGenerate('Ed25519'))),
    ],
    ['a key pair does not verify', 'InvalidHandle', (a) => a.verifyOpen(a.keypairGenerate('Ed25519'))],
    ['a key pair closed twice', 'Closed', closedTwice((a) => a.keypairGenerate('Ed25519'), 'keypair_close')],
    [
      'a public key closed twice',
      'Closed',
      closedTwice((a) => a.keypairPublickey(a.keypairGenerate('Ed25519')), 'publickey_close'),
    ],
    [
      'a secret key closed twice',
      'Closed',
      closedTwice((a) => a.keypairSecretkey(a.keypairGenerate('Ed25519')), 'secretkey_close'),
    ],
    ['a signature closed twice', 'Closed', closedTwice((a) => a.sign(state(a)), 'signature_close')],
    ['a state for signing closed twice', 'Closed', closedTwice(state, 'signature_state_close')],
    ['a state for verifying closed twice', 'Closed', closedTwice(verifying, 'signature_verification_state_close')],
    ['a key pair closed as a public key', 'InvalidHandle', (a) => a.publickeyClose(a.keypairGenerate('Ed25519'))],
    [
      'an encoding out of range',
      'GuestError',
      (a) => a.publickeyExport(a.keypairPublickey(a.keypairGenerate('Ed25519')), 5),
    ],
    [
      'the encoding of signatures out of range',
      'GuestError',
      (a) => a.signatureImport('Ed25519', new Uint8Array(64), 2),
    ],
    ['a category out of range', 'GuestError', (a) => a.keypairGenerate('Ed25519', undefined, 3)],
  ]);
});

describe('the order of judgement', () => {
  testProbes([
    [
      'the category before everything',
      'InvalidOperation',
      (a) => a.keypairImport('no such algorithm', new Uint8Array(0), Pair.Raw, 1),
    ],
    [
      'the algorithm before the encoding',
      'UnsupportedAlgorithm',
      (a) => a.keypairImport('no such algorithm', new Uint8Array(0), Pair.Raw),
    ],
    [
      'the encoding before the key',
      'UnsupportedEncoding',
      (a) => a.keypairImport('RSA_PKCS1_2048_SHA256', new Uint8Array(0), Pair.Raw),
    ],
    [
      'the algorithm before the set of options',
      'UnsupportedAlgorithm',
      (a) => a.keypairGenerate('no such algorithm', a.common.optionsOpen(1)),
    ],
    ['a symmetric algorithm as a signature', 'UnsupportedAlgorithm', (a) => a.keypairGenerate('SHA-256', undefined, 0)],
    ['handles before the operation', 'InvalidHandle', (a) => a.guest.call('kx_dh', 7, 7, 64)],
    [
      'the category of a key before its algorithm',
      'InvalidKey',
      (a) => a.dh(a.keypairPublickey(a.keypairGenerate('X25519')), a.keypairSecretkey(a.keypairGenerate('Ed25519'))),
    ],
    [
      'two algorithms before the operation',
      'IncompatibleKeys',
      (a) => a.dh(a.keypairPublickey(a.keypairGenerate('X-WING')), a.keypairSecretkey(a.keypairGenerate('X25519'))),
    ],
    [
      'the algorithm of a signature before its bytes',
      'UnsupportedAlgorithm',
      (a) => a.signatureImport('X25519', new Uint8Array(0), Form.Der),
    ],
    [
      'the encoding of a signature before its bytes',
      'UnsupportedEncoding',
      (a) => a.signatureImport('Ed25519', new Uint8Array(0), Form.Der),
    ],
  ]);

  it('policy before the encoding and the key', () => {
    const a = new Asymmetric(new Guest({ policy: { algorithms: ['Ed25519', 'X25519'] } }));
    expect(errnoOf(() => a.keypairImport('ECDSA_P256_SHA256', new Uint8Array(0), Pair.Raw))).toBe(
      'ProhibitedOperation',
    );
    expect(errnoOf(() => a.signatureImport('RSA_PKCS1_2048_SHA256', new Uint8Array(0), Form.Der))).toBe(
      'ProhibitedOperation',
    );
    expect(errnoOf(() => a.keypairGenerate('ECDSA_P256_SHA256', undefined, 1))).toBe('InvalidOperation');
  });

  it('no handle is made, and memory stays as it was, where a call fails', () => {
    const a = new Asymmetric(new Guest({ limits: { handles: 3 } }));
    const keypair = a.keypairGenerate('X-WING');
    const publicKey = a.keypairPublickey(keypair);
    const [first, second] = [a.guest.alloc(4), a.guest.alloc(4)];
    expect(errnoName(a.guest.raw('kx_encapsulate', publicKey, first, second))).toBe('TooManyHandles');
    expect(hexOf(a.guest.read(first, 4)) + hexOf(a.guest.read(second, 4))).toBe('a5'.repeat(8));
    a.keypairClose(keypair);
    expect(errnoName(a.guest.raw('kx_encapsulate', publicKey, first, second))).toBe('Success');
  });
});

describe('the export rule', () => {
  it('of the host forbids secrets, and nothing else', () => {
    const a = new Asymmetric(new Guest({ policy: { keyExport: 'never' } }));
    for (const id of ['Ed25519', 'ECDSA_P256_SHA256', 'X25519', 'X-WING', 'RSA_PSS_2048_SHA256']) {
      const keypair = a.keypairGenerate(id);
      const joined = a.keypairFromPkAndSk(a.keypairPublickey(keypair), a.keypairSecretkey(keypair));
      for (const pair of [keypair, joined]) {
        for (const encoding of Object.values(Pair))
          expect(errnoOf(() => a.keypairExport(pair, encoding))).toBe('ProhibitedOperation');
        for (const encoding of Object.values(Secret))
          expect(errnoOf(() => a.secretkeyExport(a.keypairSecretkey(pair), encoding))).toBe('ProhibitedOperation');
        expect(a.publickeyExport(a.keypairPublickey(pair), Public.Pkcs8).length).toBeGreaterThan(32);
      }
    }
  });
});

describe('without a secrets manager', () => {
  for (const [func, args] of [
    ['keypair_generate_managed', 5],
    ['keypair_store_managed', 4],
    ['keypair_replace_managed', 4],
    ['keypair_id', 5],
    ['keypair_from_id', 5],
  ] as const) {
    it(`${func} is not supported`, () => {
      const { guest } = new Asymmetric(new Guest());
      const calls = { keypair_generate_managed: [1, 0, 16, 0, 16, 16], keypair_from_id: [1, 16, 0, 1n, 16] } as const;
      const given = func in calls ? calls[func as keyof typeof calls] : Array.from({ length: args }, () => 16);
      expect(errnoName(guest.raw(func, ...given))).toBe('UnsupportedFeature');
    });
  }
});
