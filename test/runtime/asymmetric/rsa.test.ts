/** RSA: what is a key, and what is a signature. */
import { constants, createPrivateKey, createPublicKey, sign, verify, type JsonWebKey } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { bytesOf, hexOf } from '../../hex.js';
import {
  KeypairEncoding as Pair,
  PublickeyEncoding as Public,
  SecretkeyEncoding as Secret,
  SignatureEncoding as Form,
} from '../../../generated/0.10/typescript-host/types.js';
import {
  contextTag,
  type Der,
  encodeDer,
  explicit,
  nothing,
  octetsOf,
  sequence,
  small,
  unsigned,
} from '../../../runtime/encodings/der.js';
import { ObjectIdentifiers } from '../../../runtime/encodings/object-identifiers.js';
import { rsaPrivateKey } from '../../../runtime/encodings/private-keys.js';
import { algorithmIdentifier, writePublicKeyInfo } from '../../../runtime/encodings/public-keys.js';
import { Asymmetric } from '../../guest/asymmetric.js';
import { errnoOf, Guest } from '../../guest/guest.js';
import { flipped, nodeKeys, pem, testProbes, type Probe } from './probes.js';

const pkcs1 = 'RSA_PKCS1_2048_SHA256';
const pss = 'RSA_PSS_2048_SHA256';
const text = (value: string): Uint8Array => new TextEncoder().encode(value);
const joined = (...parts: readonly (Uint8Array | readonly number[])[]): Uint8Array =>
  Uint8Array.from(parts.flatMap((part) => [...part]));

type Numbers = Readonly<Record<'n' | 'e' | 'd' | 'p' | 'q' | 'dp' | 'dq' | 'qInverse', bigint>>;

function bigEndian(value: bigint): Uint8Array {
  const digits = value.toString(16);
  return bytesOf(digits.length % 2 === 0 ? digits : `0${digits}`);
}

function numbersOf(bits: number): Numbers {
  const { n, e, d, p, q, dp, dq, qi }: JsonWebKey = nodeKeys('rsa', { modulusLength: bits }).privateKey.export({
    format: 'jwk',
  });
  const number = (value = ''): bigint => BigInt(`0x${Buffer.from(value, 'base64url').toString('hex')}`);
  return {
    n: number(n),
    e: number(e),
    d: number(d),
    p: number(p),
    q: number(q),
    dp: number(dp),
    dq: number(dq),
    qInverse: number(qi),
  };
}

const key = numbersOf(2048);
const other = numbersOf(2048);
const rsaEncryption = algorithmIdentifier(ObjectIdentifiers.rsaEncryption, nothing);

function inner(change: Partial<Numbers> = {}): Der {
  const numbers = { ...key, ...change };
  const bytes = Object.fromEntries(
    Object.entries(numbers).map(([name, value]) => [name, bigEndian(value)]),
  ) as unknown as Parameters<typeof rsaPrivateKey>[0];
  return rsaPrivateKey(bytes);
}

const pkcs8Of = (change: Partial<Numbers> = {}, identifier = rsaEncryption): Uint8Array =>
  encodeDer(sequence(small(0), identifier, octetsOf(inner(change))));
const publicNumbers = (n: bigint, e: bigint): Der => sequence(unsigned(bigEndian(n)), unsigned(bigEndian(e)));
const spkiOf = (n = key.n, e = key.e, identifier = rsaEncryption): Uint8Array =>
  writePublicKeyInfo(identifier, publicNumbers(n, e));

const hash = (identifier: Uint8Array, ...parameters: readonly Der[]): Der =>
  algorithmIdentifier(identifier, ...parameters);
const sha256 = hash(ObjectIdentifiers.sha256, nothing);
const sha512 = hash(ObjectIdentifiers.sha512, nothing);
const mask = (of: Der): Der => explicit(1, algorithmIdentifier(ObjectIdentifiers.mgf1, of));
const salt = (length: number): Der => ({ tag: contextTag(2), contents: [small(length)] });
const pssIdentifier = (...parameters: readonly Der[]): Der =>
  algorithmIdentifier(ObjectIdentifiers.rsaPss, ...parameters);
const fitting = pssIdentifier(sequence(explicit(0, sha256), mask(sha256), salt(32)));

const importPublic =
  (id: string, bytes: Uint8Array, encoding: Public = Public.Pkcs8): Probe[2] =>
  (a) =>
    a.publickeyImport(id, bytes, encoding);
const importPair =
  (bytes: Uint8Array, encoding: Pair = Pair.Pkcs8, id = pkcs1): Probe[2] =>
  (a) =>
    a.keypairImport(id, bytes, encoding);

describe('public keys of RSA', () => {
  testProbes([
    ['SubjectPublicKeyInfo', 'Success', importPublic(pkcs1, spkiOf())],
    ['PEM', 'Success', importPublic(pkcs1, text(pem('PUBLIC KEY', spkiOf())), Public.Pem)],
    [
      'PKCS#1 in PEM',
      'InvalidKey',
      importPublic(pkcs1, text(pem('RSA PUBLIC KEY', encodeDer(publicNumbers(key.n, key.e)))), Public.Pem),
    ],
    ['PKCS#1', 'InvalidKey', importPublic(pkcs1, encodeDer(publicNumbers(key.n, key.e)))],
    ['a private key', 'InvalidKey', importPublic(pkcs1, pkcs8Of())],
    ['raw', 'UnsupportedEncoding', importPublic(pkcs1, bigEndian(key.n), Public.Raw)],
    ['SEC 1', 'UnsupportedEncoding', importPublic(pkcs1, bigEndian(key.n), Public.Sec)],
    [
      'without NULL',
      'InvalidKey',
      importPublic(pkcs1, spkiOf(key.n, key.e, algorithmIdentifier(ObjectIdentifiers.rsaEncryption))),
    ],
    ['a byte after it', 'InvalidKey', importPublic(pkcs1, joined(spkiOf(), [0]))],
    ['a modulus of 3072 bits', 'InvalidKey', importPublic('RSA_PKCS1_3072_SHA384', spkiOf())],
    ['a modulus of 2047 bits', 'InvalidKey', importPublic(pkcs1, spkiOf((key.n >> 1n) | 1n))],
    ['a modulus of 2049 bits', 'InvalidKey', importPublic(pkcs1, spkiOf((key.n << 1n) | 1n))],
    ['an even modulus', 'InvalidKey', importPublic(pkcs1, spkiOf(key.n - 1n))],
    ['e = 1', 'InvalidKey', importPublic(pkcs1, spkiOf(key.n, 1n))],
    ['e = 0', 'InvalidKey', importPublic(pkcs1, spkiOf(key.n, 0n))],
    ['e = 2', 'InvalidKey', importPublic(pkcs1, spkiOf(key.n, 2n))],
    ['e = 65 536', 'InvalidKey', importPublic(pkcs1, spkiOf(key.n, 65_536n))],
    ['e = 3', 'Success', importPublic(pkcs1, spkiOf(key.n, 3n))],
    ['e = 2^64 - 1', 'Success', importPublic(pkcs1, spkiOf(key.n, 2n ** 64n - 1n))],
    ['e = 2^64 + 1', 'InvalidKey', importPublic(pkcs1, spkiOf(key.n, 2n ** 64n + 1n))],
    ['id-RSASSA-PSS for PKCS#1 v1.5', 'InvalidKey', importPublic(pkcs1, spkiOf(key.n, key.e, fitting))],
    ['id-RSASSA-PSS without parameters', 'Success', importPublic(pss, spkiOf(key.n, key.e, pssIdentifier()))],
    ['id-RSASSA-PSS that fits', 'Success', importPublic(pss, spkiOf(key.n, key.e, fitting))],
    [
      'id-RSASSA-PSS of hashes without NULL',
      'Success',
      importPublic(
        pss,
        spkiOf(
          key.n,
          key.e,
          pssIdentifier(
            sequence(explicit(0, hash(ObjectIdentifiers.sha256)), mask(hash(ObjectIdentifiers.sha256)), salt(32)),
          ),
        ),
      ),
    ],
    [
      'id-RSASSA-PSS with a shorter salt',
      'Success',
      importPublic(pss, spkiOf(key.n, key.e, pssIdentifier(sequence(explicit(0, sha256), mask(sha256))))),
    ],
    [
      'id-RSASSA-PSS with a longer salt',
      'InvalidKey',
      importPublic(pss, spkiOf(key.n, key.e, pssIdentifier(sequence(explicit(0, sha256), mask(sha256), salt(33))))),
    ],
    [
      'id-RSASSA-PSS of another hash',
      'InvalidKey',
      importPublic(pss, spkiOf(key.n, key.e, pssIdentifier(sequence(explicit(0, sha512), mask(sha512), salt(32))))),
    ],
    [
      'id-RSASSA-PSS with another hash in MGF1',
      'InvalidKey',
      importPublic(pss, spkiOf(key.n, key.e, pssIdentifier(sequence(explicit(0, sha256), mask(sha512), salt(32))))),
    ],
    [
      'id-RSASSA-PSS of SHA-1, the default',
      'InvalidKey',
      importPublic(pss, spkiOf(key.n, key.e, pssIdentifier(sequence()))),
    ],
    [
      'id-RSASSA-PSS with another trailer',
      'InvalidKey',
      importPublic(
        pss,
        spkiOf(
          key.n,
          key.e,
          pssIdentifier(sequence(explicit(0, sha256), mask(sha256), salt(32), explicit(3, small(2)))),
        ),
      ),
    ],
    [
      'id-RSASSA-PSS with parameters of NULL',
      'InvalidKey',
      importPublic(pss, spkiOf(key.n, key.e, pssIdentifier(nothing))),
    ],
    ['rsaEncryption for PSS', 'Success', importPublic(pss, spkiOf())],
    ['verified', 'Success', (a) => a.publickeyVerify(a.publickeyImport(pkcs1, spkiOf(), Public.Pkcs8))],
  ]);

  it('come out as rsaEncryption, also those of PSS', () => {
    const a = new Asymmetric(new Guest());
    for (const [id, bytes] of [
      [pkcs1, spkiOf()],
      [pss, spkiOf()],
      [pss, spkiOf(key.n, key.e, fitting)],
    ] as const) {
      const imported = a.publickeyImport(id, bytes, Public.Pkcs8);
      expect(a.publickeyExport(imported, Public.Pkcs8)).toEqual(Uint8Array.from(spkiOf()));
      expect(a.publickeyExport(imported, Public.Pem)).toEqual(text(pem('PUBLIC KEY', spkiOf())));
      expect(errnoOf(() => a.publickeyExport(imported, Public.Raw))).toBe('UnsupportedEncoding');
      expect(
        a.publickeyExport(a.publickeyImport(id, a.publickeyExport(imported, Public.Local), Public.Local), Public.Pkcs8),
      ).toEqual(Uint8Array.from(spkiOf()));
    }
  });
});

describe('private keys of RSA', () => {
  testProbes([
    ['PKCS#8', 'Success', importPair(pkcs8Of())],
    ['PKCS#1', 'Success', importPair(encodeDer(inner()))],
    ['PEM', 'Success', importPair(text(pem('PRIVATE KEY', pkcs8Of())), Pair.Pem)],
    ['PKCS#1 in PEM', 'Success', importPair(text(pem('RSA PRIVATE KEY', encodeDer(inner()))), Pair.Pem)],
    [
      'PKCS#1 under the label of PKCS#8',
      'InvalidKey',
      importPair(text(pem('PRIVATE KEY', encodeDer(inner()))), Pair.Pem),
    ],
    ['raw', 'UnsupportedEncoding', importPair(pkcs8Of(), Pair.Raw)],
    ['a secret key, raw', 'UnsupportedEncoding', (a) => a.secretkeyImport(pkcs1, pkcs8Of(), Secret.Raw)],
    ['a secret key, SEC 1', 'UnsupportedEncoding', (a) => a.secretkeyImport(pkcs1, pkcs8Of(), Secret.Sec)],
    ['a secret key, PKCS#8', 'Success', (a) => a.secretkeyImport(pkcs1, pkcs8Of(), Secret.Pkcs8)],
    ['a byte after it', 'InvalidKey', importPair(joined(pkcs8Of(), [0]))],
    ['for a larger modulus', 'InvalidKey', importPair(pkcs8Of(), Pair.Pkcs8, 'RSA_PKCS1_3072_SHA512')],
    ['e = 1 and d = 1', 'InvalidKey', importPair(pkcs8Of({ e: 1n, d: 1n, dp: 1n, dq: 1n }))],
    ['e = 3 with d for 65 537', 'InvalidKey', importPair(pkcs8Of({ e: 3n }))],
    ['another d and CRT of another key', 'InvalidKey', importPair(pkcs8Of({ ...other, n: key.n, e: key.e }))],
    ['d of another key', 'InvalidKey', importPair(pkcs8Of({ d: other.d | 1n, dp: other.dp | 1n }))],
    ['d changed, the rest right', 'InvalidKey', importPair(pkcs8Of({ d: key.d - 2n }))],
    ['dp changed, the rest right', 'InvalidKey', importPair(pkcs8Of({ dp: key.dp - 2n }))],
    ['dq changed, the rest right', 'InvalidKey', importPair(pkcs8Of({ dq: key.dq - 2n }))],
    ['the inverse of q changed, the rest right', 'InvalidKey', importPair(pkcs8Of({ qInverse: key.qInverse - 1n }))],
    ['p changed, the rest right', 'InvalidKey', importPair(pkcs8Of({ p: key.p - 2n }))],
    ['q changed, the rest right', 'InvalidKey', importPair(pkcs8Of({ q: key.q - 2n }))],
    ['p and q of another key', 'InvalidKey', importPair(pkcs8Of({ p: other.p, q: other.q }))],
    ['d = 0', 'InvalidKey', importPair(pkcs8Of({ d: 0n }))],
    ['d + lcm, larger than n', 'InvalidKey', importPair(pkcs8Of({ d: key.d + (key.p - 1n) * (key.q - 1n) }))],
    ['an even p', 'InvalidKey', importPair(pkcs8Of({ p: key.p - 1n }))],
    ['an even q', 'InvalidKey', importPair(pkcs8Of({ q: key.q - 1n }))],
    ['p = q', 'InvalidKey', importPair(pkcs8Of({ q: key.p }))],
    ['p = 3', 'InvalidKey', importPair(pkcs8Of({ p: 3n }))],
    ['p too large', 'InvalidKey', importPair(pkcs8Of({ p: (key.p << 8n) | 1n }))],
    ['q = 0', 'InvalidKey', importPair(pkcs8Of({ q: 0n }))],
    ['dp not below p', 'InvalidKey', importPair(pkcs8Of({ dp: key.p }))],
    ['dq even', 'InvalidKey', importPair(pkcs8Of({ dq: key.dq - 1n }))],
    ['the inverse of q not below p', 'InvalidKey', importPair(pkcs8Of({ qInverse: key.p }))],
    ['the inverse of q = 0', 'InvalidKey', importPair(pkcs8Of({ qInverse: 0n }))],
    [
      'more than two primes',
      'InvalidKey',
      importPair(
        encodeDer(
          sequence(
            small(0),
            rsaEncryption,
            octetsOf({
              ...inner(),
              contents: [
                small(1),
                ...(inner().contents as readonly Der[]).slice(1),
                sequence(sequence(small(3), small(1), small(1))),
              ],
            }),
          ),
        ),
      ),
    ],
    [
      'version 2 with its public half',
      'Success',
      importPair(
        encodeDer(
          sequence(small(1), rsaEncryption, octetsOf(inner()), {
            tag: 0x81,
            zero: true,
            contents: [publicNumbers(key.n, key.e)],
          }),
        ),
      ),
    ],
    [
      'version 2 with another',
      'InvalidKey',
      importPair(
        encodeDer(
          sequence(small(1), rsaEncryption, octetsOf(inner()), {
            tag: 0x81,
            zero: true,
            contents: [publicNumbers(other.n, key.e)],
          }),
        ),
      ),
    ],
    ['id-RSASSA-PSS for PKCS#1 v1.5', 'InvalidKey', importPair(pkcs8Of({}, fitting))],
    ['id-RSASSA-PSS that fits', 'Success', importPair(pkcs8Of({}, fitting), Pair.Pkcs8, pss)],
    ['id-RSASSA-PSS that does not', 'InvalidKey', importPair(pkcs8Of({}, fitting), Pair.Pkcs8, 'RSA_PSS_2048_SHA512')],
    ['an elliptic curve’s key', 'InvalidKey', importPair(nodeKeys('ec', { namedCurve: 'P-256' }).pkcs8)],
    [
      'encrypted',
      'InvalidKey',
      importPair(
        createPrivateKey({ key: Buffer.from(pkcs8Of()), type: 'pkcs8', format: 'der' }).export({
          type: 'pkcs8',
          format: 'der',
          cipher: 'aes-256-cbc',
          passphrase: 'x',
        }),
      ),
    ],
    [
      'encrypted, in PEM',
      'InvalidKey',
      importPair(
        text(
          createPrivateKey({ key: Buffer.from(pkcs8Of()), type: 'pkcs8', format: 'der' }).export({
            type: 'pkcs8',
            format: 'pem',
            cipher: 'aes-256-cbc',
            passphrase: 'x',
          }) as string,
        ),
        Pair.Pem,
      ),
    ],
    [
      'encrypted in the old way',
      'InvalidKey',
      (a) => {
        const key = createPrivateKey({ key: Buffer.from(pkcs8Of()), type: 'pkcs8', format: 'der' });
        const encrypted = key.export({ type: 'pkcs1', format: 'pem', cipher: 'aes-256-cbc', passphrase: 'x' });
        return importPair(text(encrypted as string), Pair.Pem)(a);
      },
    ],
  ]);

  it('come out as rsaEncryption, as OpenSSL writes them', () => {
    const a = new Asymmetric(new Guest());
    for (const [id, bytes] of [
      [pkcs1, pkcs8Of()],
      [pkcs1, encodeDer(inner())],
      [pss, pkcs8Of({}, fitting)],
    ] as const) {
      const pair = a.keypairImport(id, bytes, Pair.Pkcs8);
      expect(a.keypairExport(pair, Pair.Pkcs8)).toEqual(Uint8Array.from(pkcs8Of()));
      const node = createPrivateKey({ key: Buffer.from(pkcs8Of()), type: 'pkcs8', format: 'der' });
      expect(a.keypairExport(pair, Pair.Pem)).toEqual(text(node.export({ type: 'pkcs8', format: 'pem' }) as string));
      expect(a.keypairExport(a.keypairImport(id, a.keypairExport(pair, Pair.Local), Pair.Local), Pair.Pkcs8)).toEqual(
        Uint8Array.from(pkcs8Of()),
      );
      expect(a.publickeyExport(a.publickeyFromSecretkey(a.keypairSecretkey(pair)), Public.Pkcs8)).toEqual(
        Uint8Array.from(spkiOf()),
      );
    }
  });
});

describe('signatures of RSA', () => {
  const message = text('message');
  const node = createPrivateKey({ key: Buffer.from(pkcs8Of()), type: 'pkcs8', format: 'der' });
  const nodePublic = createPublicKey({ key: Buffer.from(spkiOf()), type: 'spki', format: 'der' });
  const withSalt = (length: number): Uint8Array =>
    sign('sha256', message, { key: node, padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: length });
  const good = Uint8Array.from(sign('sha256', message, node));
  const plus = (bytes: Uint8Array, more: bigint): Uint8Array =>
    bytesOf((BigInt(`0x${hexOf(bytes)}`) + more).toString(16).padStart(512, '0'));
  const check =
    (id: string, bytes: Uint8Array): Probe[2] =>
    (a) =>
      a.verifyMessage(a.publickeyImport(id, spkiOf(), Public.Pkcs8), id, message, bytes);
  testProbes([
    ['PKCS#1 v1.5', 'Success', check(pkcs1, good)],
    ['changed', 'VerificationFailed', check(pkcs1, flipped(good, 200))],
    ['s = 0', 'VerificationFailed', check(pkcs1, new Uint8Array(256))],
    ['s = 1', 'VerificationFailed', check(pkcs1, plus(new Uint8Array(256), 1n))],
    ['s = n', 'VerificationFailed', check(pkcs1, bigEndian(key.n))],
    ['s = 2^2048 - 1', 'VerificationFailed', check(pkcs1, new Uint8Array(256).fill(255))],
    ['a byte short', 'InvalidSignature', check(pkcs1, good.subarray(1))],
    ['a zero in front', 'InvalidSignature', check(pkcs1, joined([0], good))],
    ['in DER', 'UnsupportedEncoding', (a) => a.signatureImport(pkcs1, good, Form.Der)],
    ['of another hash', 'VerificationFailed', check(pkcs1, sign('sha512', message, node))],
    ['PKCS#1 v1.5 for PSS', 'VerificationFailed', check(pss, good)],
    ['PSS for PKCS#1 v1.5', 'VerificationFailed', check(pkcs1, withSalt(32))],
    ['PSS with a salt of 32 bytes', 'Success', check(pss, withSalt(32))],
    ['PSS with a salt of 20 bytes', 'VerificationFailed', check(pss, withSalt(20))],
    ['PSS without a salt', 'VerificationFailed', check(pss, withSalt(0))],
    ['PSS with the longest salt', 'VerificationFailed', check(pss, withSalt(222))],
    ['PSS with another hash in MGF1', 'VerificationFailed', check(pss, withSalt(31))],
    [
      'of one scheme under a key of the other',
      'InvalidSignature',
      (a) =>
        a.verify(
          a.verifyOpen(a.publickeyImport(pss, spkiOf(), Public.Pkcs8)),
          a.signatureImport(pkcs1, good, Form.Raw),
        ),
    ],
    [
      'of one hash under a key for another',
      'InvalidSignature',
      (a) =>
        a.verify(
          a.verifyOpen(a.publickeyImport('RSA_PKCS1_2048_SHA512', spkiOf(), Public.Pkcs8)),
          a.signatureImport(pkcs1, good, Form.Raw),
        ),
    ],
  ]);

  it('are what Node makes, and what it verifies with a salt of 32 bytes', () => {
    const a = new Asymmetric(new Guest());
    expect(a.signMessage(a.keypairImport(pkcs1, pkcs8Of(), Pair.Pkcs8), message)).toEqual(good);
    const made = a.signMessage(a.keypairImport(pss, pkcs8Of(), Pair.Pkcs8), message);
    expect(
      verify('sha256', message, { key: nodePublic, padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: 32 }, made),
    ).toBe(true);
  });

  it('no signature is good under e = 1, because no such key is', () => {
    const a = new Asymmetric(new Guest());
    expect(errnoOf(() => a.publickeyImport(pkcs1, spkiOf(key.n, 1n), Public.Pkcs8))).toBe('InvalidKey');
  });
});

describe('generated keys of RSA', () => {
  for (const [id, bits] of [
    ['RSA_PKCS1_2048_SHA256', 2048],
    ['RSA_PSS_2048_SHA512', 2048],
    ['RSA_PKCS1_3072_SHA384', 3072],
  ] as const) {
    it(`${id}: two primes of half the size, e = 65 537`, () => {
      const a = new Asymmetric(new Guest());
      const pair = a.keypairGenerate(id);
      const jwk = createPrivateKey({
        key: Buffer.from(a.keypairExport(pair, Pair.Pkcs8)),
        type: 'pkcs8',
        format: 'der',
      }).export({ format: 'jwk' });
      expect(jwk.e).toBe('AQAB');
      expect(Buffer.from(jwk.n ?? '', 'base64url').length * 8).toBe(bits);
      for (const prime of [jwk.p, jwk.q]) expect(Buffer.from(prime ?? '', 'base64url').length * 16).toBe(bits);
      const signature = a.signMessage(pair, text('x'));
      expect(signature.length).toBe(bits / 8);
      a.verifyMessage(a.keypairPublickey(pair), id, text('x'), signature);
      expect(a.keypairExport(a.keypairImport(id, a.keypairExport(pair, Pair.Pem), Pair.Pem), Pair.Pkcs8)).toEqual(
        a.keypairExport(pair, Pair.Pkcs8),
      );
    });
  }

  it('obey the floor of the policy', () => {
    const a = new Asymmetric(new Guest({ policy: { rsaMinimumBits: 3072 } }));
    expect(errnoOf(() => a.keypairGenerate(pkcs1))).toBe('ProhibitedOperation');
    expect(errnoOf(() => a.publickeyImport(pkcs1, spkiOf(), Public.Pkcs8))).toBe('ProhibitedOperation');
  });
});
