/** Key exchange: X25519, X-Wing, and what holds for all. The curves' keys are in `elliptic-curves.test.ts`. */
import { createPublicKey, diffieHellman } from 'node:crypto';
import { x25519 as nobleX25519 } from '@noble/curves/ed25519.js';
import { ml_kem768_x25519 as XWing } from '@noble/post-quantum/hybrid.js';
import { describe, expect, it } from 'vitest';
import { bytesOf, hexOf } from '../../hex.js';
import {
  KeypairEncoding as Pair,
  PublickeyEncoding as Public,
  SecretkeyEncoding as Secret,
} from '../../../generated/0.10/typescript-host/types.js';
import { encodeDer, nothing, octets, octetsOf, sequence, small } from '../../../runtime/encodings/der.js';
import { ObjectIdentifiers } from '../../../runtime/encodings/object-identifiers.js';
import { algorithmIdentifier, writePublicKeyInfo } from '../../../runtime/encodings/public-keys.js';
import { Asymmetric } from '../../guest/asymmetric.js';
import { errnoOf, Guest } from '../../guest/guest.js';
import { flipped, nodeKeys, pem, testProbes, type Probe } from './probes.js';

const text = (value: string): Uint8Array => new TextEncoder().encode(value);
const joined = (...parts: readonly (Uint8Array | readonly number[])[]): Uint8Array =>
  Uint8Array.from(parts.flatMap((part) => [...part]));
const ids = ['X25519', 'P256-SHA256', 'P384-SHA384'] as const;

/** u below 2^255 of points with an order of 8 at most: canonical ones, then p and p + 1. */
const lowOrder = [
  '0000000000000000000000000000000000000000000000000000000000000000',
  '0100000000000000000000000000000000000000000000000000000000000000',
  'ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f',
  'e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b800',
  '5f9c95bca3508c24b1d0b1559c83ef5b04445cc4581c8e86d8224eddd09f1157',
  'edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f',
  'eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f',
];

describe('keys of X25519', () => {
  const id = 'X25519';
  const secret = new Uint8Array(32).fill(0x5a);
  const point = nobleX25519.getPublicKey(secret);
  const identifier = algorithmIdentifier(ObjectIdentifiers.x25519);
  const pkcs8 = encodeDer(sequence(small(0), identifier, octetsOf(octets(secret))));
  const spki = writePublicKeyInfo(identifier, point);
  const importPublic =
    (bytes: Uint8Array, encoding: Public = Public.Raw): Probe[2] =>
    (a) =>
      a.publickeyImport(id, bytes, encoding);
  const verified =
    (bytes: Uint8Array): Probe[2] =>
    (a) =>
      a.publickeyVerify(a.publickeyImport(id, bytes, Public.Raw));
  const importPair =
    (bytes: Uint8Array, encoding: Pair = Pair.Raw): Probe[2] =>
    (a) =>
      a.keypairImport(id, bytes, encoding);

  testProbes([
    ['raw', 'Success', importPublic(point)],
    ['a byte short', 'InvalidKey', importPublic(point.subarray(1))],
    ['a byte more', 'InvalidKey', importPublic(joined(point, [0]))],
    ['SEC 1', 'UnsupportedEncoding', importPublic(point, Public.Sec)],
    ['SubjectPublicKeyInfo', 'Success', importPublic(spki, Public.Pkcs8)],
    ['PEM', 'Success', importPublic(text(pem('PUBLIC KEY', spki)), Public.Pem)],
    [
      'parameters',
      'InvalidKey',
      importPublic(writePublicKeyInfo(algorithmIdentifier(ObjectIdentifiers.x25519, nothing), point), Public.Pkcs8),
    ],
    [
      'of Ed25519',
      'InvalidKey',
      importPublic(writePublicKeyInfo(algorithmIdentifier(ObjectIdentifiers.ed25519), point), Public.Pkcs8),
    ],
    ['verified', 'Success', verified(point)],
    [
      'u = p + 2 is imported',
      'Success',
      importPublic(bytesOf('efffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f')),
    ],
    [
      'u = p + 2 is not verified',
      'InvalidKey',
      verified(bytesOf('efffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f')),
    ],
    [
      'u = p - 2 is verified',
      'Success',
      verified(bytesOf('ebffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f')),
    ],
    ...lowOrder.flatMap((u): Probe[] => [
      [`low order ${u.slice(0, 8)}..${u.slice(-2)} is imported`, 'Success', importPublic(bytesOf(u))],
      [`low order ${u.slice(0, 8)}..${u.slice(-2)} is not verified`, 'InvalidKey', verified(bytesOf(u))],
      [
        `low order ${u.slice(0, 8)}..${u.slice(-2)} gives no secret`,
        'InvalidKey',
        (a) => a.dh(a.publickeyImport(id, bytesOf(u), Public.Raw), a.secretkeyImport(id, secret, Secret.Raw)),
      ],
      [
        `low order ${u.slice(0, 8)}..${u.slice(-2)} with bit 255 neither`,
        'InvalidKey',
        (a) =>
          a.dh(
            a.publickeyImport(id, flipped(bytesOf(u), 31, 0x80), Public.Raw),
            a.secretkeyImport(id, secret, Secret.Raw),
          ),
      ],
    ]),
    ['a key pair, public half first', 'Success', importPair(joined(point, secret))],
    ['a key pair, secret half first', 'InvalidKey', importPair(joined(secret, point))],
    ['a key pair whose public half has bit 255', 'Success', importPair(joined(flipped(point, 31, 0x80), secret))],
    ['a secret alone as key pair', 'InvalidKey', importPair(secret)],
    ['PKCS#8', 'Success', importPair(pkcs8, Pair.Pkcs8)],
    [
      'PKCS#8 of Ed25519',
      'InvalidKey',
      importPair(
        encodeDer(sequence(small(0), algorithmIdentifier(ObjectIdentifiers.ed25519), octetsOf(octets(secret)))),
        Pair.Pkcs8,
      ),
    ],
    ['a secret of 31 bytes', 'InvalidKey', (a) => a.secretkeyImport(id, secret.subarray(1), Secret.Raw)],
    ['a secret in SEC 1', 'UnsupportedEncoding', (a) => a.secretkeyImport(id, secret, Secret.Sec)],
    ['for signatures', 'UnsupportedAlgorithm', (a) => a.keypairGenerate(id, undefined, 0)],
    ['options of key exchange', 'Success', (a) => a.keypairGenerate(id, a.common.optionsOpen(2))],
    ['options of signatures', 'UnsupportedOption', (a) => a.keypairGenerate(id, a.common.optionsOpen(0))],
  ]);

  it('lose bit 255, and keep everything else', () => {
    const a = new Asymmetric(new Guest());
    const key = a.publickeyImport(id, flipped(point, 31, 0x80), Public.Raw);
    expect(a.publickeyExport(key, Public.Raw)).toEqual(point);
    expect(a.publickeyExport(key, Public.Pkcs8)).toEqual(Uint8Array.from(spki));
    const pair = a.keypairImport(id, pkcs8, Pair.Pkcs8);
    expect(a.keypairExport(pair, Pair.Raw)).toEqual(joined(point, secret));
    expect(a.secretkeyExport(a.keypairSecretkey(pair), Secret.Raw)).toEqual(secret);
    expect(a.keypairExport(pair, Pair.Pkcs8)).toEqual(Uint8Array.from(pkcs8));
  });

  it('give no zeros that are not refused', () => {
    // Whatever u, noble computes; where it throws for zeros, we refuse, and nowhere else.
    const a = new Asymmetric(new Guest());
    const sk = a.secretkeyImport(id, secret, Secret.Raw);
    for (let low = 0; low < 256; low += 1) {
      for (const high of [0, 0x7f]) {
        const u = Uint8Array.from([low, ...new Uint8Array(30).fill(high === 0 ? 0 : 255), high]);
        let expected = 'InvalidKey';
        try {
          expected = hexOf(nobleX25519.getSharedSecret(secret, u));
        } catch {
          // Zeros.
        }
        const pk = a.publickeyImport(id, u, Public.Raw);
        let actual = '';
        const errno = errnoOf(() => (actual = hexOf(a.dh(pk, sk))));
        expect(errno === 'Success' ? actual : errno).toBe(expected);
      }
    }
  });
});

describe('Diffie-Hellman', () => {
  for (const id of ids) {
    it(`both sides of ${id} agree, and Node with them`, () => {
      const a = new Asymmetric(new Guest());
      const [ours, theirs] = [a.keypairGenerate(id), a.keypairGenerate(id)];
      const shared = a.dh(a.keypairPublickey(theirs), a.keypairSecretkey(ours));
      expect(a.dh(a.keypairPublickey(ours), a.keypairSecretkey(theirs))).toEqual(shared);
      expect(shared.length).toBe(id === 'P384-SHA384' ? 48 : 32);

      const node =
        id === 'X25519'
          ? nodeKeys('x25519')
          : nodeKeys('ec', { namedCurve: id.startsWith('P256') ? 'P-256' : 'P-384' });
      const pk = a.publickeyImport(id, node.spki, Public.Pkcs8);
      const ourPublic = createPublicKey({
        key: Buffer.from(a.publickeyExport(a.keypairPublickey(ours), Public.Pkcs8)),
        type: 'spki',
        format: 'der',
      });
      expect(a.dh(pk, a.keypairSecretkey(ours))).toEqual(
        Uint8Array.from(diffieHellman({ privateKey: node.privateKey, publicKey: ourPublic })),
      );
    });
  }

  testProbes([
    [
      'keys of two algorithms',
      'IncompatibleKeys',
      (a) =>
        a.dh(a.keypairPublickey(a.keypairGenerate('X25519')), a.keypairSecretkey(a.keypairGenerate('P256-SHA256'))),
    ],
    [
      'an exchange and an encapsulation',
      'IncompatibleKeys',
      (a) => a.dh(a.keypairPublickey(a.keypairGenerate('X25519')), a.keypairSecretkey(a.keypairGenerate('X-WING'))),
    ],
    [
      'on an encapsulation',
      'InvalidOperation',
      (a) => a.dh(a.keypairPublickey(a.keypairGenerate('X-WING')), a.keypairSecretkey(a.keypairGenerate('X-WING'))),
    ],
    [
      'a public key for signatures',
      'InvalidKey',
      (a) => a.dh(a.keypairPublickey(a.keypairGenerate('Ed25519')), a.keypairSecretkey(a.keypairGenerate('X25519'))),
    ],
    [
      'a secret key for signatures',
      'InvalidKey',
      (a) => a.dh(a.keypairPublickey(a.keypairGenerate('X25519')), a.keypairSecretkey(a.keypairGenerate('Ed25519'))),
    ],
    [
      'a key pair in place of a secret key',
      'InvalidHandle',
      (a) => a.dh(a.keypairPublickey(a.keypairGenerate('X25519')), a.keypairGenerate('X25519')),
    ],
    [
      'encapsulating on X25519',
      'InvalidOperation',
      (a) => a.encapsulate(a.keypairPublickey(a.keypairGenerate('X25519'))),
    ],
    [
      'encapsulating on P-256',
      'InvalidOperation',
      (a) => a.encapsulate(a.keypairPublickey(a.keypairGenerate('P256-SHA256'))),
    ],
    [
      'decapsulating on X25519',
      'InvalidOperation',
      (a) => a.decapsulate(a.keypairSecretkey(a.keypairGenerate('X25519')), new Uint8Array(32)),
    ],
    [
      'encapsulating with a key for signatures',
      'InvalidKey',
      (a) => a.encapsulate(a.keypairPublickey(a.keypairGenerate('Ed25519'))),
    ],
    [
      'decapsulating with a key for signatures',
      'InvalidKey',
      (a) => a.decapsulate(a.keypairSecretkey(a.keypairGenerate('Ed25519')), new Uint8Array(32)),
    ],
  ]);
});

describe('X-Wing', () => {
  const id = 'X-WING';
  const seed = new Uint8Array(32).fill(0x21);
  const { publicKey } = XWing.keygen(seed);
  const identifier = algorithmIdentifier(ObjectIdentifiers.xWing);
  const pkcs8 = encodeDer(sequence(small(0), identifier, octets(seed)));
  const spki = writePublicKeyInfo(identifier, publicKey);
  const importSecret =
    (bytes: Uint8Array, encoding: Secret = Secret.Raw): Probe[2] =>
    (a) =>
      a.secretkeyImport(id, bytes, encoding);
  const importPublic =
    (bytes: Uint8Array, encoding: Public = Public.Raw): Probe[2] =>
    (a) =>
      a.publickeyImport(id, bytes, encoding);
  const decapsulating =
    (size: number): Probe[2] =>
    (a) =>
      a.decapsulate(a.secretkeyImport(id, seed, Secret.Raw), new Uint8Array(size));
  /** The first coefficient, 12 bits, becomes 4095. */
  const unreduced = publicKey.slice();
  unreduced.set([0xff, 0xff], 0);
  const lowX = joined(publicKey.subarray(0, -32), bytesOf(lowOrder[3] as string));

  testProbes([
    ['a seed', 'Success', importSecret(seed)],
    ['a seed of 31 bytes', 'InvalidKey', importSecret(seed.subarray(1))],
    ['a seed of 64 bytes', 'InvalidKey', importSecret(new Uint8Array(64))],
    ['PKCS#8', 'Success', importSecret(pkcs8, Secret.Pkcs8)],
    [
      'PKCS#8 with the seed wrapped twice',
      'InvalidKey',
      importSecret(encodeDer(sequence(small(0), identifier, octetsOf(octets(seed)))), Secret.Pkcs8),
    ],
    [
      'PKCS#8 with its public half',
      'Success',
      importSecret(
        encodeDer(sequence(small(1), identifier, octets(seed), { tag: 0x81, zero: true, contents: publicKey })),
        Secret.Pkcs8,
      ),
    ],
    [
      'PKCS#8 with another public half',
      'InvalidKey',
      importSecret(
        encodeDer(
          sequence(small(1), identifier, octets(seed), { tag: 0x81, zero: true, contents: flipped(publicKey, -1) }),
        ),
        Secret.Pkcs8,
      ),
    ],
    ['PEM', 'Success', importSecret(text(pem('PRIVATE KEY', pkcs8)), Secret.Pem)],
    ['SEC 1', 'UnsupportedEncoding', importSecret(seed, Secret.Sec)],
    ['a public key', 'Success', importPublic(publicKey)],
    ['a public key in SubjectPublicKeyInfo', 'Success', importPublic(spki, Public.Pkcs8)],
    ['a public key in SEC 1', 'UnsupportedEncoding', importPublic(publicKey, Public.Sec)],
    ['a public key a byte short', 'InvalidKey', importPublic(publicKey.subarray(1))],
    ['a public key a byte longer', 'InvalidKey', importPublic(joined(publicKey, [0]))],
    ['a coefficient of 4095', 'InvalidKey', importPublic(unreduced)],
    ['a public key, verified', 'Success', (a) => a.publickeyVerify(a.publickeyImport(id, publicKey, Public.Raw))],
    ['a low order half is imported', 'Success', importPublic(lowX)],
    [
      'a low order half is not verified',
      'InvalidKey',
      (a) => a.publickeyVerify(a.publickeyImport(id, lowX, Public.Raw)),
    ],
    ['a ciphertext of its size', 'Success', decapsulating(1120)],
    ['a ciphertext a byte short', 'VerificationFailed', decapsulating(1119)],
    ['a ciphertext a byte longer', 'VerificationFailed', decapsulating(1121)],
    ['an empty ciphertext', 'VerificationFailed', decapsulating(0)],
  ]);

  it('agrees with another implementation, both ways', () => {
    const a = new Asymmetric(new Guest());
    const secret = a.secretkeyImport(id, seed, Secret.Raw);
    const own = a.publickeyFromSecretkey(secret);
    expect(a.publickeyExport(own, Public.Raw)).toEqual(publicKey);
    const theirs = XWing.encapsulate(publicKey);
    expect(a.decapsulate(secret, theirs.cipherText)).toEqual(theirs.sharedSecret);
    const ours = a.encapsulate(own);
    expect(XWing.decapsulate(ours.encapsulated, seed)).toEqual(ours.secret);
    expect([ours.secret.length, ours.encapsulated.length]).toEqual([32, 1120]);
  });

  it('gives another secret for another ciphertext, and always the same', () => {
    const a = new Asymmetric(new Guest());
    const secret = a.secretkeyImport(id, seed, Secret.Raw);
    const { encapsulated, secret: shared } = a.encapsulate(a.publickeyFromSecretkey(secret));
    for (const at of [0, 500, 1087, 1088, 1119]) {
      const other = a.decapsulate(secret, flipped(encapsulated, at));
      expect(hexOf(other)).not.toBe(hexOf(shared));
      expect(a.decapsulate(secret, flipped(encapsulated, at))).toEqual(other);
    }
  });

  it('lets zeros of X25519 into the combiner, on both sides', () => {
    const a = new Asymmetric(new Guest());
    const secret = a.secretkeyImport(id, seed, Secret.Raw);
    for (const u of lowOrder) {
      const { encapsulated } = a.encapsulate(a.publickeyFromSecretkey(secret));
      expect(a.decapsulate(secret, joined(encapsulated.subarray(0, 1088), bytesOf(u))).length).toBe(32);
      const target = a.publickeyImport(id, joined(publicKey.subarray(0, -32), bytesOf(u)), Public.Raw);
      expect(a.encapsulate(target).secret.length).toBe(32);
    }
  });

  it('keys come out as they went in', () => {
    const a = new Asymmetric(new Guest());
    const pair = a.keypairImport(id, seed, Pair.Raw);
    expect(a.keypairExport(pair, Pair.Raw)).toEqual(seed);
    expect(a.keypairExport(pair, Pair.Pkcs8)).toEqual(Uint8Array.from(pkcs8));
    expect(hexOf(pkcs8.subarray(0, 22))).toBe('3034020100300d060b2b0601040183e62d81c87a042021'.slice(0, 44));
    expect(a.publickeyExport(a.keypairPublickey(pair), Public.Pkcs8)).toEqual(Uint8Array.from(spki));
    expect(a.keypairExport(a.keypairImport(id, a.keypairExport(pair, Pair.Local), Pair.Local), Pair.Raw)).toEqual(seed);
    const joinedPair = a.keypairFromPkAndSk(a.keypairPublickey(pair), a.keypairSecretkey(pair));
    expect(a.keypairExport(joinedPair, Pair.Raw)).toEqual(seed);
  });
});
