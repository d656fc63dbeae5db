/** Ed448 and X448: what is a key, what is a good signature, and agreement with another library. */
import { createHash, randomBytes } from 'node:crypto';
import { ed448, x448 } from '@noble/curves/ed448.js';
import { describe, expect, it } from 'vitest';
import { bytesOf, hexOf } from '../../hex.js';
import {
  KeypairEncoding as Pair,
  PublickeyEncoding as Public,
  SecretkeyEncoding as Secret,
  SignatureEncoding as Form,
} from '../../../generated/0.10/typescript-host/types.js';
import { Asymmetric } from '../../guest/asymmetric.js';
import { errnoOf, Guest } from '../../guest/guest.js';
import { flipped, testProbes, type Probe } from './probes.js';

const prime = 2n ** 448n - 2n ** 224n - 1n;
const order = 2n ** 446n - 13818066809895115352007386748515426880336692474882178609894547503885n;
const scalarOf = (bytes: Uint8Array): bigint => BigInt(`0x${hexOf(bytes.slice().reverse())}`);
const littleEndian = (value: bigint, size: number): Uint8Array =>
  bytesOf(value.toString(16).padStart(size * 2, '0')).reverse();
const joined = (...parts: readonly Uint8Array[]): Uint8Array => Uint8Array.from(parts.flatMap((part) => [...part]));

describe('Ed448', () => {
  const id = 'Ed448';
  const seed = Uint8Array.from({ length: 57 }, (_, index) => index);
  const point = ed448.getPublicKey(seed);
  const message = bytesOf('af82');
  const signature = ed448.sign(message, seed);
  const s = scalarOf(signature.subarray(57));
  const withScalar = (value: bigint): Uint8Array => joined(signature.subarray(0, 57), littleEndian(value, 57));
  const sign = 2n ** 455n;
  /** Every point of small order, in its only canonical encoding. */
  const smallOrder = [1n, prime - 1n, 0n, sign].map((value) => littleEndian(value, 57));
  const importPublic =
    (value: bigint): Probe[2] =>
    (a) =>
      a.publickeyImport(id, littleEndian(value, 57), Public.Raw);
  const verifying =
    (bytes: Uint8Array, under: Uint8Array = point): Probe[2] =>
    (a) =>
      a.verifyMessage(a.publickeyImport(id, under, Public.Raw), id, message, bytes);

  testProbes([
    ['a public key', 'Success', (a) => a.publickeyVerify(a.publickeyImport(id, point, Public.Raw))],
    ['a byte short', 'InvalidKey', (a) => a.publickeyImport(id, point.subarray(1), Public.Raw)],
    ['a byte more', 'InvalidKey', (a) => a.publickeyImport(id, joined(point, bytesOf('00')), Public.Raw)],
    ['off the curve', 'InvalidKey', importPublic(2n)],
    ['y = p', 'InvalidKey', importPublic(prime)],
    ['y = p + 1, the identity', 'InvalidKey', importPublic(prime + 1n)],
    ['y = 2^448, beyond the bits of a coordinate', 'InvalidKey', importPublic(2n ** 448n)],
    ['x = 0 with a sign, y = 1', 'InvalidKey', importPublic(1n + sign)],
    ['x = 0 with a sign, y = -1', 'InvalidKey', importPublic(prime - 1n + sign)],
    ['a key pair', 'Success', (a) => a.keypairImport(id, joined(seed, point), Pair.Raw)],
    ['a key pair, public half first', 'InvalidKey', (a) => a.keypairImport(id, joined(point, seed), Pair.Raw)],
    [
      'a key pair of halves that differ',
      'InvalidKey',
      (a) => a.keypairImport(id, joined(seed, flipped(point, 0)), Pair.Raw),
    ],
    ['a seed alone as a pair', 'InvalidKey', (a) => a.keypairImport(id, seed, Pair.Raw)],
    ['a seed', 'Success', (a) => a.secretkeyImport(id, seed, Secret.Raw)],
    ['SEC 1', 'UnsupportedEncoding', (a) => a.secretkeyImport(id, seed, Secret.Sec)],
    ['a good signature', 'Success', verifying(signature)],
    ['R changed', 'VerificationFailed', verifying(flipped(signature, 0))],
    ['a bit beyond the coordinate of R', 'VerificationFailed', verifying(flipped(signature, 56))],
    ['S changed', 'VerificationFailed', verifying(flipped(signature, 60))],
    ['S + L', 'VerificationFailed', verifying(withScalar(s + order))],
    ['S = L', 'VerificationFailed', verifying(withScalar(order))],
    ['a bit beyond the bits of S', 'VerificationFailed', verifying(flipped(signature, 113, 0x80))],
    ['all zeros', 'VerificationFailed', verifying(new Uint8Array(114))],
    ['a signature a byte short', 'InvalidSignature', verifying(signature.subarray(1))],
    ['a signature a byte more', 'InvalidSignature', verifying(joined(signature, bytesOf('00')))],
    ['in DER', 'UnsupportedEncoding', (a) => a.signatureImport(id, signature, Form.Der)],
    ...smallOrder.flatMap((encoded, index): Probe[] => [
      [`small order ${index} is imported`, 'Success', (a) => a.publickeyImport(id, encoded, Public.Raw)],
      [
        `small order ${index} is not verified`,
        'InvalidKey',
        (a) => a.publickeyVerify(a.publickeyImport(id, encoded, Public.Raw)),
      ],
      [
        `S = 0 under small order ${index}`,
        'VerificationFailed',
        verifying(joined(littleEndian(1n, 57), new Uint8Array(57)), encoded),
      ],
    ]),
  ]);

  /** RFC 8032, 5.2: SHAKE256 over dom4, with no flags and an empty context. */
  const challenge = (...parts: readonly Uint8Array[]): bigint =>
    scalarOf(
      createHash('shake256', { outputLength: 114 })
        .update(joined(Buffer.from('SigEd448'), bytesOf('0000'), ...parts))
        .digest(),
    ) % order;
  const crafted = (scalar: bigint, key: Uint8Array, r: Uint8Array, nonce: bigint, data: Uint8Array): Uint8Array =>
    joined(r, littleEndian((nonce + challenge(r, key, data) * scalar) % order, 57));

  it('R of small order is refused, although the equation holds', () => {
    const { scalar } = ed448.utils.getExtendedPublicKey(seed);
    const a = new Asymmetric(new Guest());
    for (const r of smallOrder) {
      const made = crafted(scalar, point, r, 0n, message);
      expect(errnoOf(() => verifying(made)(a))).toBe('VerificationFailed');
    }
    const nonce = 12345n;
    const good = crafted(scalar, point, ed448.Point.BASE.multiply(nonce).toBytes(), nonce, message);
    expect(errnoOf(() => verifying(good)(a))).toBe('Success');
  });

  it.each(['auto', 'off'] as const)('keys of mixed order verify with the cofactor, native backend %s', (native) => {
    const { scalar, point: honest } = ed448.utils.getExtendedPublicKey(seed);
    const a = new Asymmetric(new Guest({ native }));
    for (const small of smallOrder.slice(1)) {
      const mixed = honest.add(ed448.Point.fromBytes(small, false)).toBytes();
      const key = a.publickeyImport(id, mixed, Public.Raw);
      expect(errnoOf(() => a.publickeyVerify(key))).toBe('InvalidKey');
      for (let number = 1; number < 9; number += 1) {
        const nonce = BigInt(number);
        const data = Uint8Array.of(number);
        const made = crafted(scalar, mixed, ed448.Point.BASE.multiply(nonce).toBytes(), nonce, data);
        expect(errnoOf(() => a.verifyMessage(key, id, data, made))).toBe('Success');
      }
    }
  });

  it('tells points from what is none as another library does', () => {
    const isPoint = (bytes: Uint8Array): boolean => {
      try {
        ed448.Point.fromBytes(bytes, false);
        return true;
      } catch {
        return false;
      }
    };
    const a = new Asymmetric(new Guest());
    const edges = [0n, 1n, 2n, 3n, prime - 2n, prime - 1n, prime, prime + 1n, 2n ** 448n - 1n].flatMap((y) => [
      y,
      y + sign,
    ]);
    const samples = [
      ...edges.map((value) => littleEndian(value, 57)),
      ...Array.from({ length: 100 }, () => Uint8Array.from([...randomBytes(56), randomBytes(1).readUInt8() & 0x80])),
    ];
    for (const bytes of samples)
      expect(
        errnoOf(() => a.publickeyImport(id, bytes, Public.Raw)),
        hexOf(bytes),
      ).toBe(isPoint(bytes) ? 'Success' : 'InvalidKey');
    expect(samples.filter(isPoint).length).toBeGreaterThan(25);
  });

  it.each(['auto', 'off'] as const)('signs what another library signs, native backend %s', (native) => {
    const a = new Asymmetric(new Guest({ native }));
    for (let length = 0; length < 300; length += 61) {
      const keypair = a.keypairGenerate(id);
      const data = new Uint8Array(length).fill(length);
      const own = a.secretkeyExport(a.keypairSecretkey(keypair), Secret.Raw);
      const made = a.signMessage(keypair, data);
      expect(made).toEqual(ed448.sign(data, own));
      expect(a.keypairExport(keypair, Pair.Raw)).toEqual(joined(own, ed448.getPublicKey(own)));
      a.verifyMessage(a.keypairPublickey(keypair), id, data, made);
    }
  });
});

describe('X448', () => {
  const id = 'X448';
  const secret = new Uint8Array(56).fill(0x5a);
  const point = x448.getPublicKey(secret);
  const lowOrder = [0n, 1n, prime - 1n, prime, prime + 1n];
  const key = (value: bigint): Uint8Array => littleEndian(value, 56);

  testProbes([
    ['a public key, verified', 'Success', (a) => a.publickeyVerify(a.publickeyImport(id, point, Public.Raw))],
    ['a byte short', 'InvalidKey', (a) => a.publickeyImport(id, point.subarray(1), Public.Raw)],
    ['a byte more', 'InvalidKey', (a) => a.publickeyImport(id, joined(point, bytesOf('00')), Public.Raw)],
    ['SEC 1', 'UnsupportedEncoding', (a) => a.publickeyImport(id, point, Public.Sec)],
    ['u = p + 2 is imported', 'Success', (a) => a.publickeyImport(id, key(prime + 2n), Public.Raw)],
    [
      'u = p + 2 is not verified',
      'InvalidKey',
      (a) => a.publickeyVerify(a.publickeyImport(id, key(prime + 2n), Public.Raw)),
    ],
    ['u = p - 2 is verified', 'Success', (a) => a.publickeyVerify(a.publickeyImport(id, key(prime - 2n), Public.Raw))],
    ['a key pair, public half first', 'Success', (a) => a.keypairImport(id, joined(point, secret), Pair.Raw)],
    ['a key pair, secret half first', 'InvalidKey', (a) => a.keypairImport(id, joined(secret, point), Pair.Raw)],
    ['a secret alone as a pair', 'InvalidKey', (a) => a.keypairImport(id, secret, Pair.Raw)],
    ['for signatures', 'UnsupportedAlgorithm', (a) => a.keypairGenerate(id, undefined, 0)],
    ...lowOrder.flatMap((u, index): Probe[] => [
      [`low order ${index} is imported`, 'Success', (a) => a.publickeyImport(id, key(u), Public.Raw)],
      [
        `low order ${index} is not verified`,
        'InvalidKey',
        (a) => a.publickeyVerify(a.publickeyImport(id, key(u), Public.Raw)),
      ],
      [
        `low order ${index} gives no secret`,
        'InvalidKey',
        (a) => a.dh(a.publickeyImport(id, key(u), Public.Raw), a.secretkeyImport(id, secret, Secret.Raw)),
      ],
    ]),
  ]);

  it('gives what another library does, and no zeros that are not refused', () => {
    const a = new Asymmetric(new Guest());
    const sk = a.secretkeyImport(id, secret, Secret.Raw);
    for (const base of [0n, prime - 8n, 2n ** 448n - 17n]) {
      for (let step = 0n; step < 17n; step += 1n) {
        const u = key(base + step);
        let expected = 'InvalidKey';
        try {
          expected = hexOf(x448.getSharedSecret(secret, u));
        } catch {
          // Zeros.
        }
        let actual = '';
        const errno = errnoOf(() => (actual = hexOf(a.dh(a.publickeyImport(id, u, Public.Raw), sk))));
        expect(errno === 'Success' ? actual : errno, String(step)).toBe(expected);
      }
    }
  });
});
