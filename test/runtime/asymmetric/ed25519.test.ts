/** Ed25519: keys, encodings, strictness. */
import { createHash, createPublicKey, verify } from 'node:crypto';
import { ed25519 } from '@noble/curves/ed25519.js';
import { describe, expect, it } from 'vitest';
import { bytesOf, hexOf } from '../../hex.js';
import {
  KeypairEncoding as Pair,
  PublickeyEncoding as Public,
  SecretkeyEncoding as Secret,
  SignatureEncoding as Form,
} from '../../../generated/0.10/typescript-host/types.js';
import {
  bits,
  type Der,
  encodeDer,
  nothing,
  objectIdentifier,
  octets,
  octetsOf,
  sequence,
  small,
} from '../../../runtime/encodings/der.js';
import { ObjectIdentifiers } from '../../../runtime/encodings/object-identifiers.js';
import { algorithmIdentifier, writePublicKeyInfo } from '../../../runtime/encodings/public-keys.js';
import { Asymmetric } from '../../guest/asymmetric.js';
import { errnoOf, Guest } from '../../guest/guest.js';
import { flipped, pem, testProbes, type Probe } from './probes.js';

const id = 'Ed25519';
/** RFC 8032, 7.1, test 3. */
const seed = bytesOf('c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7');
const point = bytesOf('fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025');
const message = bytesOf('af82');
const signature = bytesOf(
  '6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a',
);
const pair = Uint8Array.from([...seed, ...point]);

const identifier = algorithmIdentifier(ObjectIdentifiers.ed25519);
const info = (...elements: readonly Der[]): Uint8Array => encodeDer(sequence(...elements));
const pkcs8 = info(small(0), identifier, octetsOf(octets(seed)));
const publicHalf = (bytes: Uint8Array): Der => ({ tag: 0x81, zero: true, contents: bytes });
const spki = writePublicKeyInfo(identifier, point);
const sha512 = (bytes: Uint8Array): Uint8Array => createHash('sha512').update(bytes).digest();
const text = (value: string): Uint8Array => new TextEncoder().encode(value);

/** Every point of small order, in its only canonical encoding. */
const smallOrder = [
  '0100000000000000000000000000000000000000000000000000000000000000',
  'ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f',
  '0000000000000000000000000000000000000000000000000000000000000000',
  '0000000000000000000000000000000000000000000000000000000000000080',
  '26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05',
  '26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc85',
  'c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a',
  'c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac03fa',
];

const importPublic =
  (bytes: Uint8Array, encoding: Public = Public.Raw): Probe[2] =>
  (a) =>
    a.publickeyImport(id, bytes, encoding);
const importSecret =
  (bytes: Uint8Array, encoding: Secret = Secret.Raw): Probe[2] =>
  (a) =>
    a.secretkeyImport(id, bytes, encoding);
const importPair =
  (bytes: Uint8Array, encoding: Pair = Pair.Raw): Probe[2] =>
  (a) =>
    a.keypairImport(id, bytes, encoding);
const verifying =
  (bytes: Uint8Array, under: Uint8Array = point, over: Uint8Array = message): Probe[2] =>
  (a) =>
    a.verifyMessage(a.publickeyImport(id, under, Public.Raw), id, over, bytes);

describe('public keys of Ed25519', () => {
  testProbes([
    ['raw', 'Success', importPublic(point)],
    ['a byte short', 'InvalidKey', importPublic(point.subarray(1))],
    ['a byte more', 'InvalidKey', importPublic(Uint8Array.from([...point, 0]))],
    ['empty', 'InvalidKey', importPublic(new Uint8Array(0))],
    [
      'off the curve',
      'InvalidKey',
      importPublic(bytesOf('0200000000000000000000000000000000000000000000000000000000000000')),
    ],
    ['y = p', 'InvalidKey', importPublic(bytesOf('edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f'))],
    [
      'y = p + 1, the identity',
      'InvalidKey',
      importPublic(bytesOf('eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f')),
    ],
    [
      'y = 2^255 - 1',
      'InvalidKey',
      importPublic(bytesOf('ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f')),
    ],
    [
      'x = 0 with a sign, y = 1',
      'InvalidKey',
      importPublic(bytesOf('0100000000000000000000000000000000000000000000000000000000000080')),
    ],
    [
      'x = 0 with a sign, y = -1',
      'InvalidKey',
      importPublic(bytesOf('ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff')),
    ],
    ['SubjectPublicKeyInfo', 'Success', importPublic(spki, Public.Pkcs8)],
    ['PEM', 'Success', importPublic(text(pem('PUBLIC KEY', spki)), Public.Pem)],
    ['PEM under another label', 'InvalidKey', importPublic(text(pem('CERTIFICATE', spki)), Public.Pem)],
    ['a private key in PEM', 'InvalidKey', importPublic(text(pem('PRIVATE KEY', pkcs8)), Public.Pem)],
    ['a private key in PKCS#8', 'InvalidKey', importPublic(pkcs8, Public.Pkcs8)],
    ['SEC 1', 'UnsupportedEncoding', importPublic(point, Public.Sec)],
    ['SEC 1 of nothing', 'UnsupportedEncoding', importPublic(new Uint8Array(0), Public.Sec)],
    ['a byte after the SubjectPublicKeyInfo', 'InvalidKey', importPublic(Uint8Array.from([...spki, 0]), Public.Pkcs8)],
    [
      'an OID of another curve',
      'InvalidKey',
      importPublic(writePublicKeyInfo(algorithmIdentifier(ObjectIdentifiers.x25519), point), Public.Pkcs8),
    ],
    [
      'parameters, though NULL',
      'InvalidKey',
      importPublic(writePublicKeyInfo(algorithmIdentifier(ObjectIdentifiers.ed25519, nothing), point), Public.Pkcs8),
    ],
    [
      'an off-curve point in SubjectPublicKeyInfo',
      'InvalidKey',
      importPublic(writePublicKeyInfo(identifier, bytesOf(`02${'00'.repeat(31)}`)), Public.Pkcs8),
    ],
    ['for key exchange', 'UnsupportedAlgorithm', (a) => a.publickeyImport(id, point, Public.Raw, 2)],
    ['as symmetric', 'InvalidOperation', (a) => a.publickeyImport(id, point, Public.Raw, 1)],
    ['verified', 'Success', (a) => a.publickeyVerify(a.publickeyImport(id, point, Public.Raw))],
    ...smallOrder.flatMap((encoded): Probe[] => [
      [`small order ${encoded.slice(0, 8)} is imported`, 'Success', importPublic(bytesOf(encoded))],
      [
        `small order ${encoded.slice(0, 8)} is not verified`,
        'InvalidKey',
        (a) => a.publickeyVerify(a.publickeyImport(id, bytesOf(encoded), Public.Raw)),
      ],
    ]),
  ]);

  it('of mixed order are imported, and do not verify', () => {
    const mixed = ed25519.Point.fromBytes(point, false)
      .add(ed25519.Point.fromBytes(bytesOf(smallOrder[4] as string), false))
      .toBytes();
    const a = new Asymmetric(new Guest());
    const key = a.publickeyImport(id, mixed, Public.Raw);
    expect(errnoOf(() => a.publickeyVerify(key))).toBe('InvalidKey');
  });

  it('come out as they went in, in each encoding', () => {
    const a = new Asymmetric(new Guest());
    for (const [encoding, bytes] of [
      [Public.Raw, point],
      [Public.Pkcs8, spki],
      [Public.Pem, text(pem('PUBLIC KEY', spki))],
    ] as const) {
      const key = a.publickeyImport(id, bytes, encoding);
      expect(a.publickeyExport(key, Public.Raw)).toEqual(point);
      expect(a.publickeyExport(key, Public.Pkcs8)).toEqual(Uint8Array.from(spki));
      expect(a.publickeyExport(key, encoding)).toEqual(Uint8Array.from(bytes));
      expect(errnoOf(() => a.publickeyExport(key, Public.Sec))).toBe('UnsupportedEncoding');
      const local = a.publickeyExport(key, Public.Local);
      expect(a.publickeyExport(a.publickeyImport(id, local, Public.Local), Public.Raw)).toEqual(point);
    }
  });
});

describe('secret keys of Ed25519', () => {
  testProbes([
    ['raw', 'Success', importSecret(seed)],
    ['a key pair as a secret key', 'InvalidKey', importSecret(pair)],
    ['PKCS#8', 'Success', importSecret(pkcs8, Secret.Pkcs8)],
    ['PEM', 'Success', importSecret(text(pem('PRIVATE KEY', pkcs8)), Secret.Pem)],
    ['SEC 1', 'UnsupportedEncoding', importSecret(seed, Secret.Sec)],
    ['PKCS#8 under the label of SEC 1', 'InvalidKey', importSecret(text(pem('EC PRIVATE KEY', pkcs8)), Secret.Pem)],
    ['an encrypted label', 'InvalidKey', importSecret(text(pem('ENCRYPTED PRIVATE KEY', pkcs8)), Secret.Pem)],
    ['a public key', 'InvalidKey', importSecret(spki, Secret.Pkcs8)],
    ['a byte after the PKCS#8', 'InvalidKey', importSecret(Uint8Array.from([...pkcs8, 0]), Secret.Pkcs8)],
    [
      'the seed without its own OCTET STRING',
      'InvalidKey',
      importSecret(info(small(0), identifier, octets(seed)), Secret.Pkcs8),
    ],
    [
      'a seed of 31 bytes',
      'InvalidKey',
      importSecret(info(small(0), identifier, octetsOf(octets(seed.subarray(1)))), Secret.Pkcs8),
    ],
    [
      'PKCS#8 of X25519',
      'InvalidKey',
      importSecret(info(small(0), algorithmIdentifier(ObjectIdentifiers.x25519), octetsOf(octets(seed))), Secret.Pkcs8),
    ],
    [
      'PKCS#8 with its public half',
      'Success',
      importSecret(info(small(1), identifier, octetsOf(octets(seed)), publicHalf(point)), Secret.Pkcs8),
    ],
    [
      'PKCS#8 with another public half',
      'InvalidKey',
      importSecret(info(small(1), identifier, octetsOf(octets(seed)), publicHalf(flipped(point, 0))), Secret.Pkcs8),
    ],
    [
      'a local form of another kind',
      'InvalidKey',
      (a) => a.secretkeyImport(id, a.keypairExport(a.keypairGenerate(id), Pair.Local), Secret.Local),
    ],
    ['64 KiB of PEM', 'InvalidKey', importSecret(new Uint8Array(65_537).fill(32), Secret.Pem)],
  ]);

  it('come out as they went in', () => {
    const a = new Asymmetric(new Guest());
    for (const [encoding, bytes] of [
      [Secret.Raw, seed],
      [Secret.Pkcs8, pkcs8],
      [Secret.Pem, text(pem('PRIVATE KEY', pkcs8))],
    ] as const) {
      const key = a.secretkeyImport(id, bytes, encoding);
      expect(a.secretkeyExport(key, Secret.Raw)).toEqual(seed);
      expect(a.secretkeyExport(key, encoding)).toEqual(Uint8Array.from(bytes));
      expect(errnoOf(() => a.secretkeyExport(key, Secret.Sec))).toBe('UnsupportedEncoding');
      expect(a.publickeyExport(a.publickeyFromSecretkey(key), Public.Raw)).toEqual(point);
      expect(
        a.secretkeyExport(a.secretkeyImport(id, a.secretkeyExport(key, Secret.Local), Secret.Local), Secret.Raw),
      ).toEqual(seed);
    }
  });
});

describe('key pairs of Ed25519', () => {
  testProbes([
    ['raw', 'Success', importPair(pair)],
    ['a seed alone', 'InvalidKey', importPair(seed)],
    ['halves that differ', 'InvalidKey', importPair(flipped(pair, 40))],
    ['the public half first', 'InvalidKey', importPair(Uint8Array.from([...point, ...seed]))],
    ['PKCS#8', 'Success', importPair(pkcs8, Pair.Pkcs8)],
    ['a generated one, with no options', 'Success', (a) => a.keypairGenerate(id)],
    ['a generated one, with options of its category', 'Success', (a) => a.keypairGenerate(id, a.common.optionsOpen(0))],
    ['options of another category', 'UnsupportedOption', (a) => a.keypairGenerate(id, a.common.optionsOpen(1))],
    ['a small name', 'Success', (a) => a.keypairGenerate('ed25519')],
    ['for key exchange', 'UnsupportedAlgorithm', (a) => a.keypairGenerate(id, undefined, 2)],
    ['as symmetric', 'InvalidOperation', (a) => a.keypairGenerate(id, undefined, 1)],
    [
      'joined from halves',
      'Success',
      (a) => a.keypairFromPkAndSk(a.publickeyImport(id, point, Public.Raw), a.secretkeyImport(id, seed, Secret.Raw)),
    ],
    [
      'joined from halves that differ',
      'IncompatibleKeys',
      (a) => a.keypairFromPkAndSk(a.keypairPublickey(a.keypairGenerate(id)), a.secretkeyImport(id, seed, Secret.Raw)),
    ],
    [
      'joined from halves of two categories',
      'IncompatibleKeys',
      (a) =>
        a.keypairFromPkAndSk(a.keypairPublickey(a.keypairGenerate('X25519')), a.secretkeyImport(id, seed, Secret.Raw)),
    ],
  ]);

  it('survive the handles they were joined from', () => {
    const a = new Asymmetric(new Guest());
    const publicKey = a.publickeyImport(id, point, Public.Raw);
    const secretKey = a.secretkeyImport(id, seed, Secret.Raw);
    const joined = a.keypairFromPkAndSk(publicKey, secretKey);
    a.publickeyClose(publicKey);
    a.secretkeyClose(secretKey);
    expect(a.keypairExport(joined, Pair.Raw)).toEqual(pair);
    expect(a.signMessage(joined, message)).toEqual(signature);
  });

  it('are new each time, and take their seed from the given source', () => {
    const a = new Asymmetric(new Guest());
    expect(hexOf(a.keypairExport(a.keypairGenerate(id), Pair.Raw))).not.toBe(
      hexOf(a.keypairExport(a.keypairGenerate(id), Pair.Raw)),
    );
    const fixed = new Asymmetric(new Guest({ random: (bytes) => void bytes.fill(7) }));
    expect(fixed.keypairExport(fixed.keypairGenerate(id), Pair.Raw).subarray(0, 32)).toEqual(
      new Uint8Array(32).fill(7),
    );
    const broken = new Asymmetric(
      new Guest({
        random: () => {
          throw new Error('dry');
        },
        onError: () => undefined,
      }),
    );
    expect(errnoOf(() => broken.keypairGenerate(id))).toBe('RngError');
  });
});

describe('signatures of Ed25519', () => {
  /** L, little-endian: S + L is the same scalar in another form. */
  const order = 2n ** 252n + 27742317777372353535851937790883648493n;
  const scalarOf = (bytes: Uint8Array): bigint => BigInt(`0x${hexOf(bytes.slice().reverse())}`);
  const littleEndian = (value: bigint): Uint8Array => bytesOf(value.toString(16).padStart(64, '0')).reverse();
  const withScalar = (value: bigint): Uint8Array =>
    Uint8Array.from([...signature.subarray(0, 32), ...littleEndian(value)]);
  const s = scalarOf(signature.subarray(32));

  testProbes([
    ['a good one', 'Success', verifying(signature)],
    ['over another message', 'VerificationFailed', verifying(signature, point, bytesOf('af83'))],
    ['R changed', 'VerificationFailed', verifying(flipped(signature, 0))],
    ['S changed', 'VerificationFailed', verifying(flipped(signature, 40))],
    ['S + L', 'VerificationFailed', verifying(withScalar(s + order))],
    ['S = L', 'VerificationFailed', verifying(withScalar(order))],
    ['S = 2^256 - 1', 'VerificationFailed', verifying(withScalar(2n ** 256n - 1n))],
    ['all zeros', 'VerificationFailed', verifying(new Uint8Array(64))],
    ['a byte short', 'InvalidSignature', (a) => a.signatureImport(id, signature.subarray(1), Form.Raw)],
    ['a byte more', 'InvalidSignature', (a) => a.signatureImport(id, Uint8Array.from([...signature, 0]), Form.Raw)],
    ['empty', 'InvalidSignature', (a) => a.signatureImport(id, new Uint8Array(0), Form.Raw)],
    ['in DER', 'UnsupportedEncoding', (a) => a.signatureImport(id, signature, Form.Der)],
    [
      'out in DER',
      'UnsupportedEncoding',
      (a) => a.signatureExport(a.signatureImport(id, signature, Form.Raw), Form.Der),
    ],
    ['of an unknown algorithm', 'UnsupportedAlgorithm', (a) => a.signatureImport('Ed25520', signature, Form.Raw)],
    ['of a key exchange', 'UnsupportedAlgorithm', (a) => a.signatureImport('X25519', signature, Form.Raw)],
    [
      'of another algorithm than the key',
      'InvalidSignature',
      (a) =>
        a.verify(
          a.verifyOpen(a.publickeyImport(id, point, Public.Raw)),
          a.signatureImport('ECDSA_P256_SHA256', signature, Form.Raw),
        ),
    ],
    // With the identity as key any S and R = S * B satisfy the equation; likewise for one message in eight at most with the others.
    ...smallOrder.map((encoded): Probe => [
      `S = 0 under ${encoded.slice(0, 8)}`,
      'VerificationFailed',
      (a) => {
        const forged = Uint8Array.from([1, ...new Uint8Array(63)]);
        const key = a.publickeyImport(id, bytesOf(encoded), Public.Raw);
        const signed = a.signatureImport(id, forged, Form.Raw);
        const state = a.verifyOpen(key);
        for (let tries = 0; tries < 16; tries += 1) {
          a.verifyUpdate(state, Uint8Array.of(tries));
          if (errnoOf(() => a.verify(state, signed)) !== 'VerificationFailed') throw new Error('forged');
        }
        a.verify(state, signed);
      },
    ]),
  ]);

  /** A signature that satisfies the equation with R = r * B + torsion, noted in these bytes. */
  const crafted = (scalar: bigint, key: Uint8Array, r: Uint8Array, nonce: bigint, data: Uint8Array): Uint8Array => {
    const h = scalarOf(sha512(Uint8Array.from([...r, ...key, ...data]))) % order;
    return Uint8Array.from([...r, ...littleEndian((nonce + h * scalar) % order)]);
  };

  it('R of small order is refused, in any encoding, although the equation holds', () => {
    const { scalar } = ed25519.utils.getExtendedPublicKey(seed);
    const identity = bytesOf(smallOrder[0] as string);
    const made = crafted(scalar, point, identity, 0n, message);
    expect(ed25519.verify(made, message, point, { zip215: true })).toBe(true);
    const a = new Asymmetric(new Guest());
    const key = a.publickeyImport(id, point, Public.Raw);
    expect(errnoOf(() => a.verifyMessage(key, id, message, made))).toBe('VerificationFailed');
    const other = crafted(
      scalar,
      point,
      bytesOf('eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f'),
      0n,
      message,
    );
    expect(errnoOf(() => a.verifyMessage(key, id, message, other))).toBe('VerificationFailed');
  });

  it('keys of mixed order verify without a cofactor: as often as the torsion vanishes', () => {
    const { scalar, point: honest } = ed25519.utils.getExtendedPublicKey(seed);
    const a = new Asymmetric(new Guest());
    const mixed = honest.add(ed25519.Point.fromBytes(bytesOf(smallOrder[1] as string), false)).toBytes();
    const key = a.publickeyImport(id, mixed, Public.Raw);
    for (let number = 1; number < 40; number += 1) {
      const nonce = BigInt(number);
      const data = Uint8Array.of(number);
      const made = crafted(scalar, mixed, ed25519.Point.BASE.multiply(nonce).toBytes(), nonce, data);
      const even =
        (scalarOf(sha512(Uint8Array.from([...made.subarray(0, 32), ...mixed, ...data]))) % order) % 2n === 0n;
      expect(errnoOf(() => a.verifyMessage(key, id, data, made))).toBe(even ? 'Success' : 'VerificationFailed');
    }
  });

  it('agree with Node and noble', () => {
    const a = new Asymmetric(new Guest());
    for (let length = 0; length < 300; length += 37) {
      const keypair = a.keypairGenerate(id);
      const data = new Uint8Array(length).fill(length);
      const made = a.signMessage(keypair, data);
      const raw = a.publickeyExport(a.keypairPublickey(keypair), Public.Raw);
      const node = createPublicKey({
        key: Buffer.from(a.publickeyExport(a.keypairPublickey(keypair), Public.Pkcs8)),
        type: 'spki',
        format: 'der',
      });
      expect(verify(null, data, node, made)).toBe(true);
      expect(ed25519.verify(made, data, raw, { zip215: false })).toBe(true);
      expect(ed25519.sign(data, a.secretkeyExport(a.keypairSecretkey(keypair), Secret.Raw))).toEqual(made);
    }
  });
});

describe('objectIdentifier of Ed25519', () => {
  it('is that of RFC 8410', () =>
    expect(hexOf(encodeDer(objectIdentifier(ObjectIdentifiers.ed25519)))).toBe('06032b6570'));
  it('and a public key is a bit string of whole bytes', () => {
    const unaligned = encodeDer(sequence(identifier, { tag: 3, contents: Uint8Array.from([1, ...point]) }));
    const a = new Asymmetric(new Guest());
    expect(errnoOf(() => a.publickeyImport(id, unaligned, Public.Pkcs8))).toBe('InvalidKey');
    expect(errnoOf(() => a.publickeyImport(id, encodeDer(sequence(identifier, bits(point))), Public.Pkcs8))).toBe(
      'Success',
    );
  });
});
