/** ECDSA and Diffie-Hellman on curves in Weierstrass form: what is a key, and what is not. */
import { createECDH, ECDH } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { bytesOf, hexOf } from '../../hex.js';
import {
  KeypairEncoding as Pair,
  PublickeyEncoding as Public,
  SecretkeyEncoding as Secret,
  SignatureEncoding as Form,
} from '../../../generated/0.10/typescript-host/types.js';
import {
  type Der,
  encodeDer,
  explicit,
  nothing,
  objectIdentifier,
  octets,
  octetsOf,
  sequence,
  small,
  unsigned,
} from '../../../runtime/encodings/der.js';
import { ObjectIdentifiers } from '../../../runtime/encodings/object-identifiers.js';
import { ecPrivateKey } from '../../../runtime/encodings/private-keys.js';
import { algorithmIdentifier, writePublicKeyInfo } from '../../../runtime/encodings/public-keys.js';
import { Asymmetric } from '../../guest/asymmetric.js';
import { supportedEntries, typeOf } from '../../registry.js';
import { errnoOf, Guest } from '../../guest/guest.js';
import { flipped, nodeKeys, pem, testProbes, type Probe } from './probes.js';

interface Case {
  readonly id: string;
  readonly curve: Uint8Array;
  readonly openssl: string;
  readonly width: number;
  readonly order: bigint;
  readonly prime: bigint;
}

const p256: Omit<Case, 'id'> = {
  curve: ObjectIdentifiers.p256,
  openssl: 'prime256v1',
  width: 32,
  order: 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n,
  prime: 2n ** 256n - 2n ** 224n + 2n ** 192n + 2n ** 96n - 1n,
};
const p384: Omit<Case, 'id'> = {
  curve: ObjectIdentifiers.p384,
  openssl: 'secp384r1',
  width: 48,
  order: 0xffffffffffffffffffffffffffffffffffffffffffffffffc7634d81f4372ddf581a0db248b0a77aecec196accc52973n,
  prime: 2n ** 384n - 2n ** 128n - 2n ** 96n + 2n ** 32n - 1n,
};
const k256: Omit<Case, 'id'> = {
  curve: ObjectIdentifiers.secp256k1,
  openssl: 'secp256k1',
  width: 32,
  order: 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141n,
  prime: 2n ** 256n - 2n ** 32n - 977n,
};
const p521: Omit<Case, 'id'> = {
  curve: ObjectIdentifiers.p521,
  openssl: 'secp521r1',
  width: 66,
  order: 2n ** 521n - 657877501894328237357444332315020117536923257219387276263472201219398408051703n,
  prime: 2n ** 521n - 1n,
};
const all: readonly Case[] = [
  { id: 'ECDSA_P256_SHA256', ...p256 },
  { id: 'ECDSA_P384_SHA384', ...p384 },
  { id: 'ECDSA_K256_SHA256', ...k256 },
  { id: 'P256-SHA256', ...p256 },
  { id: 'P384-SHA384', ...p384 },
  { id: 'ECDSA_P521_SHA512', ...p521 },
  { id: 'P521-SHA512', ...p521 },
];
/** A FIPS provider has fewer curves. */
const cases = all.filter(({ id }) => supportedEntries.some((each) => each.id === id));

const text = (value: string): Uint8Array => new TextEncoder().encode(value);
const parameters = (curve: Uint8Array): string => pem('EC PARAMETERS', encodeDer(objectIdentifier(curve)));
const info = (...elements: readonly Der[]): Uint8Array => encodeDer(sequence(...elements));
const joined = (...parts: readonly (Uint8Array | readonly number[])[]): Uint8Array =>
  Uint8Array.from(parts.flatMap((part) => [...part]));

const rsaKey = nodeKeys('rsa').pkcs8;

for (const { id, curve, openssl, width, order, prime } of cases) {
  const number = (value: bigint, size = width): Uint8Array => bytesOf(value.toString(16).padStart(size * 2, '0'));
  const scalar = number(order / 3n);
  const ecdh = createECDH(openssl);
  ecdh.setPrivateKey(scalar);
  const point = Uint8Array.from(ecdh.getPublicKey());
  const compressed = Uint8Array.from(ecdh.getPublicKey(null, 'compressed'));
  const hybrid = joined([6 + (point.at(-1) & 1)], point.subarray(1));
  const [x, y] = [point.subarray(1, 1 + width), point.subarray(1 + width)];
  const identifier = algorithmIdentifier(ObjectIdentifiers.ecPublicKey, objectIdentifier(curve));
  const spki = (encoded: Uint8Array): Uint8Array => writePublicKeyInfo(identifier, encoded);
  const inner = (...elements: readonly Der[]): Der => sequence(small(1), octets(scalar), ...elements);
  const pkcs8 = info(small(0), identifier, octetsOf(ecPrivateKey(scalar, point)));
  const sec1 = encodeDer(ecPrivateKey(scalar, point, curve));
  const other = curve === ObjectIdentifiers.p256 ? ObjectIdentifiers.secp256k1 : ObjectIdentifiers.p256;

  const importPublic =
    (bytes: Uint8Array, encoding: Public = Public.Sec): Probe[2] =>
    (a) =>
      a.publickeyImport(id, bytes, encoding);
  const importSecret =
    (bytes: Uint8Array, encoding: Secret = Secret.Raw): Probe[2] =>
    (a) =>
      a.secretkeyImport(id, bytes, encoding);

  describe(`public keys of ${id}`, () => {
    testProbes([
      ['uncompressed', 'Success', importPublic(point)],
      ['compressed', 'Success', importPublic(compressed)],
      ['the other compressed one, which is -P', 'Success', importPublic(flipped(compressed, 0))],
      ['raw', 'Success', importPublic(compressed, Public.Raw)],
      ['raw, but uncompressed', 'InvalidKey', importPublic(point, Public.Raw)],
      ['hybrid', 'InvalidKey', importPublic(hybrid)],
      ['hybrid of the other parity', 'InvalidKey', importPublic(flipped(hybrid, 0))],
      ['infinity', 'InvalidKey', importPublic(Uint8Array.of(0))],
      ['infinity at full width', 'InvalidKey', importPublic(new Uint8Array(point.length))],
      ['empty', 'InvalidKey', importPublic(new Uint8Array(0))],
      ['form 05', 'InvalidKey', importPublic(joined([5], point.subarray(1)))],
      ['cut short', 'InvalidKey', importPublic(point.subarray(0, -1))],
      ['a byte more', 'InvalidKey', importPublic(joined(point, [0]))],
      ['x alone under form 04', 'InvalidKey', importPublic(joined([4], x))],
      ['both coordinates under form 02', 'InvalidKey', importPublic(joined([2], x, y))],
      ['off the curve', 'InvalidKey', importPublic(flipped(point, -1))],
      ['x = p', 'InvalidKey', importPublic(joined([2], number(prime)))],
      ['x = 2^n - 1', 'InvalidKey', importPublic(joined([2], new Uint8Array(width).fill(255)))],
      ['y = 0', 'InvalidKey', importPublic(joined([4], x, new Uint8Array(width)))],
      ['SubjectPublicKeyInfo', 'Success', importPublic(spki(point), Public.Pkcs8)],
      ['SubjectPublicKeyInfo, compressed', 'Success', importPublic(spki(compressed), Public.Pkcs8)],
      ['SubjectPublicKeyInfo of infinity', 'InvalidKey', importPublic(spki(Uint8Array.of(0)), Public.Pkcs8)],
      ['SubjectPublicKeyInfo, hybrid', 'InvalidKey', importPublic(spki(hybrid), Public.Pkcs8)],
      ['a byte after it', 'InvalidKey', importPublic(joined(spki(point), [0]), Public.Pkcs8)],
      [
        'another curve',
        'InvalidKey',
        importPublic(
          writePublicKeyInfo(algorithmIdentifier(ObjectIdentifiers.ecPublicKey, objectIdentifier(other)), point),
          Public.Pkcs8,
        ),
      ],
      [
        'no curve',
        'InvalidKey',
        importPublic(writePublicKeyInfo(algorithmIdentifier(ObjectIdentifiers.ecPublicKey), point), Public.Pkcs8),
      ],
      [
        'the curve as NULL',
        'InvalidKey',
        importPublic(
          writePublicKeyInfo(algorithmIdentifier(ObjectIdentifiers.ecPublicKey, nothing), point),
          Public.Pkcs8,
        ),
      ],
      [
        'the curve and something more',
        'InvalidKey',
        importPublic(
          writePublicKeyInfo(
            algorithmIdentifier(ObjectIdentifiers.ecPublicKey, objectIdentifier(curve), nothing),
            point,
          ),
          Public.Pkcs8,
        ),
      ],
      ['PEM', 'Success', importPublic(text(pem('PUBLIC KEY', spki(point))), Public.Pem)],
      ['a private key in PEM', 'InvalidKey', importPublic(text(pem('PRIVATE KEY', pkcs8)), Public.Pem)],
      ['a private key in SEC 1', 'InvalidKey', importPublic(text(pem('EC PRIVATE KEY', sec1)), Public.Pem)],
      ['verified', 'Success', (a) => a.publickeyVerify(a.publickeyImport(id, point, Public.Sec))],
    ]);

    it('with explicit parameters are refused', () => {
      const der = nodeKeys('ec', { namedCurve: openssl, paramEncoding: 'explicit' }).spki;
      expect(der.length).toBeGreaterThan(200);
      const a = new Asymmetric(new Guest());
      expect(errnoOf(() => a.publickeyImport(id, der, Public.Pkcs8))).toBe('InvalidKey');
    });
  });

  describe(`secret keys of ${id}`, () => {
    testProbes([
      ['raw', 'Success', importSecret(scalar)],
      ['SEC 1’s octets', 'Success', importSecret(scalar, Secret.Sec)],
      ['1', 'Success', importSecret(number(1n))],
      ['n - 1', 'Success', importSecret(number(order - 1n))],
      ['0', 'InvalidKey', importSecret(number(0n))],
      ['n', 'InvalidKey', importSecret(number(order))],
      ['n + 1', 'InvalidKey', importSecret(number(order + 1n))],
      ['2^w - 1', 'InvalidKey', importSecret(new Uint8Array(width).fill(255))],
      ['a byte short', 'InvalidKey', importSecret(scalar.subarray(1))],
      ['a zero in front', 'InvalidKey', importSecret(joined([0], scalar))],
      ['empty', 'InvalidKey', importSecret(new Uint8Array(0))],
      ['PKCS#8', 'Success', importSecret(pkcs8, Secret.Pkcs8)],
      [
        'PKCS#8 without the public half',
        'Success',
        importSecret(info(small(0), identifier, octetsOf(inner())), Secret.Pkcs8),
      ],
      [
        'PKCS#8 with the curve inside too',
        'Success',
        importSecret(info(small(0), identifier, octetsOf(ecPrivateKey(scalar, point, curve))), Secret.Pkcs8),
      ],
      [
        'PKCS#8 with another curve inside',
        'InvalidKey',
        importSecret(info(small(0), identifier, octetsOf(ecPrivateKey(scalar, point, other))), Secret.Pkcs8),
      ],
      [
        'PKCS#8 of another curve',
        'InvalidKey',
        importSecret(
          info(
            small(0),
            algorithmIdentifier(ObjectIdentifiers.ecPublicKey, objectIdentifier(other)),
            octetsOf(inner()),
          ),
          Secret.Pkcs8,
        ),
      ],
      [
        'PKCS#8 with another public half',
        'InvalidKey',
        importSecret(info(small(0), identifier, octetsOf(ecPrivateKey(scalar, flipped(compressed, 0)))), Secret.Pkcs8),
      ],
      [
        'PKCS#8 with a compressed public half',
        'Success',
        importSecret(info(small(0), identifier, octetsOf(ecPrivateKey(scalar, compressed))), Secret.Pkcs8),
      ],
      [
        'PKCS#8 v2 with its public half',
        'Success',
        importSecret(
          info(small(1), identifier, octetsOf(inner()), { tag: 0x81, zero: true, contents: point }),
          Secret.Pkcs8,
        ),
      ],
      [
        'PKCS#8 v2 with another',
        'InvalidKey',
        importSecret(
          info(small(1), identifier, octetsOf(inner()), { tag: 0x81, zero: true, contents: flipped(compressed, 0) }),
          Secret.Pkcs8,
        ),
      ],
      [
        'PKCS#8 with a scalar of 0',
        'InvalidKey',
        importSecret(info(small(0), identifier, octetsOf(sequence(small(1), octets(number(0n))))), Secret.Pkcs8),
      ],
      [
        'PKCS#8 with a scalar of n',
        'InvalidKey',
        importSecret(info(small(0), identifier, octetsOf(sequence(small(1), octets(number(order))))), Secret.Pkcs8),
      ],
      [
        'PKCS#8 with a scalar a byte short',
        'InvalidKey',
        importSecret(
          info(small(0), identifier, octetsOf(sequence(small(1), octets(scalar.subarray(1))))),
          Secret.Pkcs8,
        ),
      ],
      ['SEC 1 as PKCS#8', 'Success', importSecret(sec1, Secret.Pkcs8)],
      ['SEC 1 that names no curve', 'InvalidKey', importSecret(encodeDer(ecPrivateKey(scalar, point)), Secret.Pkcs8)],
      [
        'SEC 1 that names another curve',
        'InvalidKey',
        importSecret(encodeDer(ecPrivateKey(scalar, point, other)), Secret.Pkcs8),
      ],
      [
        'SEC 1 with explicit parameters',
        'InvalidKey',
        importSecret(encodeDer(inner(explicit(0, sequence(small(1))))), Secret.Pkcs8),
      ],
      [
        'SEC 1 of version 0',
        'InvalidKey',
        importSecret(encodeDer(sequence(small(0), octets(scalar), explicit(0, objectIdentifier(curve)))), Secret.Pkcs8),
      ],
      ['a byte after the PKCS#8', 'InvalidKey', importSecret(joined(pkcs8, [0]), Secret.Pkcs8)],
      ['PEM', 'Success', importSecret(text(pem('PRIVATE KEY', pkcs8)), Secret.Pem)],
      ['SEC 1 in PEM', 'Success', importSecret(text(pem('EC PRIVATE KEY', sec1)), Secret.Pem)],
      ['SEC 1 under the label of PKCS#8', 'InvalidKey', importSecret(text(pem('PRIVATE KEY', sec1)), Secret.Pem)],
      ['PKCS#8 under the label of SEC 1', 'InvalidKey', importSecret(text(pem('EC PRIVATE KEY', pkcs8)), Secret.Pem)],
      ['an RSA key', 'InvalidKey', importSecret(rsaKey, Secret.Pkcs8)],
      [
        'SEC 1 after the parameters of its curve, as OpenSSL writes both',
        'Success',
        importSecret(text(parameters(curve) + pem('EC PRIVATE KEY', sec1)), Secret.Pem),
      ],
      [
        'SEC 1 after the parameters of another curve',
        'InvalidKey',
        importSecret(text(parameters(other) + pem('EC PRIVATE KEY', sec1)), Secret.Pem),
      ],
      [
        'SEC 1 that names no curve, after parameters that do',
        'InvalidKey',
        importSecret(
          text(parameters(curve) + pem('EC PRIVATE KEY', encodeDer(ecPrivateKey(scalar, point)))),
          Secret.Pem,
        ),
      ],
      [
        'PKCS#8 after the parameters of its curve',
        'InvalidKey',
        importSecret(text(parameters(curve) + pem('PRIVATE KEY', pkcs8)), Secret.Pem),
      ],
      ['parameters of a curve alone', 'InvalidKey', importSecret(text(parameters(curve)), Secret.Pem)],
      [
        'explicit parameters before SEC 1',
        'InvalidKey',
        importSecret(
          text(pem('EC PARAMETERS', encodeDer(sequence(small(1)))) + pem('EC PRIVATE KEY', sec1)),
          Secret.Pem,
        ),
      ],
    ]);

    it('come out at full width, and in forms that OpenSSL reads', () => {
      const a = new Asymmetric(new Guest());
      for (const value of [1n, 255n, order - 1n]) {
        const key = a.secretkeyImport(id, number(value), Secret.Raw);
        for (const encoding of [Secret.Raw, Secret.Sec])
          expect(a.secretkeyExport(key, encoding)).toEqual(number(value));
        const again = a.secretkeyImport(id, a.secretkeyExport(key, Secret.Pkcs8), Secret.Pkcs8);
        expect(a.secretkeyExport(again, Secret.Pem)).toEqual(a.secretkeyExport(key, Secret.Pem));
        expect(
          a.secretkeyExport(a.secretkeyImport(id, a.secretkeyExport(key, Secret.Local), Secret.Local), Secret.Raw),
        ).toEqual(number(value));
        const pair = a.keypairImport(id, number(value), Pair.Raw);
        expect(a.keypairExport(pair, Pair.Raw)).toEqual(number(value));
        const exported = a.publickeyExport(a.keypairPublickey(pair), Public.Sec);
        expect(exported).toEqual(
          Uint8Array.from(
            ECDH.convertKey(
              a.publickeyExport(a.keypairPublickey(pair), Public.Raw),
              openssl,
              undefined,
              undefined,
              'uncompressed',
            ) as Buffer,
          ),
        );
      }
    });

    it('are exported as OpenSSL exports them', () => {
      const a = new Asymmetric(new Guest());
      const node = nodeKeys('ec', { namedCurve: openssl });
      const pair = a.keypairImport(id, node.pkcs8, Pair.Pkcs8);
      expect(a.keypairExport(pair, Pair.Pkcs8)).toEqual(node.pkcs8);
      expect(a.publickeyExport(a.keypairPublickey(pair), Public.Pkcs8)).toEqual(node.spki);
    });
  });

  if (typeOf(id) !== 0) continue;
  describe(`signatures of ${id}`, () => {
    const a = new Asymmetric(new Guest());
    const message = text('message');
    const raw = a.signMessage(a.keypairImport(id, scalar, Pair.Raw), message);
    const [r, s] = [raw.subarray(0, width), raw.subarray(width)];
    const toNumber = (bytes: Uint8Array): bigint => BigInt(`0x${hexOf(bytes)}`);
    const der = encodeDer(sequence(unsigned(r), unsigned(s)));
    const check =
      (bytes: Uint8Array, form: Form = Form.Raw): Probe[2] =>
      (guest) =>
        guest.verifyMessage(guest.publickeyImport(id, point, Public.Sec), id, message, bytes, form);
    testProbes([
      ['raw', 'Success', check(raw)],
      ['DER', 'Success', check(der, Form.Der)],
      ['n - s', 'Success', check(joined(r, number(order - toNumber(s))))],
      ['s changed', 'VerificationFailed', check(flipped(raw, -1))],
      ['r changed', 'VerificationFailed', check(flipped(raw, 3))],
      ['r = 0', 'VerificationFailed', check(joined(number(0n), s))],
      ['s = 0', 'VerificationFailed', check(joined(r, number(0n)))],
      ['both 0', 'VerificationFailed', check(new Uint8Array(width * 2))],
      ['r = n', 'VerificationFailed', check(joined(number(order), s))],
      ['s = n', 'VerificationFailed', check(joined(r, number(order)))],
      ['all ones', 'VerificationFailed', check(new Uint8Array(width * 2).fill(255))],
      [
        'r + n, if it fits, and s',
        'VerificationFailed',
        check(joined(number((toNumber(r) + order) % 2n ** BigInt(width * 8)), s)),
      ],
      ['0 and 0 in DER', 'VerificationFailed', check(bytesOf('3006020100020100'), Form.Der)],
      ['a byte short', 'InvalidSignature', check(raw.subarray(1))],
      ['a byte more', 'InvalidSignature', check(joined(raw, [0]))],
      ['DER as raw', 'InvalidSignature', check(der)],
      ['raw as DER', 'InvalidSignature', check(raw, Form.Der)],
      ['DER with a byte after it', 'InvalidSignature', check(joined(der, [0]), Form.Der)],
      [
        'DER of a number wider than the order',
        'InvalidSignature',
        check(encodeDer(sequence(unsigned(new Uint8Array(width + 1).fill(1)), unsigned(s))), Form.Der),
      ],
    ]);

    it('differ each time, and both are good', () => {
      const keypair = a.keypairImport(id, scalar, Pair.Raw);
      const again = a.signMessage(keypair, message);
      expect(hexOf(again)).not.toBe(hexOf(raw));
      a.verifyMessage(a.keypairPublickey(keypair), id, message, again);
    });

    it('are padded to full width in raw, and not in DER', () => {
      const keypair = a.keypairImport(id, scalar, Pair.Raw);
      for (let tries = 0; tries < 600; tries += 1) {
        const made = a.signMessage(keypair, message);
        expect(made.length).toBe(width * 2);
        if (made[0] !== 0) continue;
        const exported = a.signatureExport(a.signatureImport(id, made, Form.Raw), Form.Der);
        const first = made.subarray(
          made.findIndex((byte) => byte !== 0),
          width,
        );
        // DER's integers are as short as can be, but begin with a zero where the first bit would be a sign.
        const integer = [...((first[0] ?? 0) >= 0x80 ? [0] : []), ...first];
        expect(hexOf(exported)).toContain(hexOf(Uint8Array.of(0x02, integer.length, ...integer)));
        a.verifyMessage(a.keypairPublickey(keypair), id, message, exported, Form.Der);
        return;
      }
    });
  });
}

describe('keys of different ids on one curve', () => {
  testProbes([
    ['sign with a key for exchange', 'InvalidKey', (a) => a.signOpen(a.keypairGenerate('P256-SHA256'))],
    [
      'verify with a key for exchange',
      'InvalidKey',
      (a) => a.verifyOpen(a.keypairPublickey(a.keypairGenerate('P256-SHA256'))),
    ],
    [
      'exchange with keys for signatures',
      'InvalidKey',
      (a) =>
        a.dh(
          a.keypairPublickey(a.keypairGenerate('ECDSA_P256_SHA256')),
          a.keypairSecretkey(a.keypairGenerate('P256-SHA256')),
        ),
    ],
    [
      'exchange with a secret key for signatures',
      'InvalidKey',
      (a) =>
        a.dh(
          a.keypairPublickey(a.keypairGenerate('P256-SHA256')),
          a.keypairSecretkey(a.keypairGenerate('ECDSA_P256_SHA256')),
        ),
    ],
    [
      'the local form of one as the other',
      'InvalidKey',
      (a) =>
        a.keypairImport('P256-SHA256', a.keypairExport(a.keypairGenerate('ECDSA_P256_SHA256'), Pair.Local), Pair.Local),
    ],
    [
      'PKCS#8 of one as the other',
      'Success',
      (a) =>
        a.keypairImport('P256-SHA256', a.keypairExport(a.keypairGenerate('ECDSA_P256_SHA256'), Pair.Pkcs8), Pair.Pkcs8),
    ],
    [
      'halves of one scalar, but two ids',
      'IncompatibleKeys',
      (a) =>
        a.keypairFromPkAndSk(
          a.publickeyFromSecretkey(a.secretkeyImport('P256-SHA256', new Uint8Array(32).fill(1), Secret.Raw)),
          a.secretkeyImport('ECDSA_P256_SHA256', new Uint8Array(32).fill(1), Secret.Raw),
        ),
    ],
  ]);
});
