/** Readers for the formats in which vectors of signature algorithms come. */
import { createPublicKey } from 'node:crypto';
import { bytesOf } from '../hex.js';
import {
  KeypairEncoding,
  PublickeyEncoding,
  SecretkeyEncoding,
  SignatureEncoding,
} from '../../generated/0.10/typescript-host/types.js';
import { errnoOf } from '../guest/guest.js';
import { asymmetricGuest } from './guests.js';
import { requireFailure, requireSame, type VectorCase, type VectorReader } from './suite.js';

const guest = asymmetricGuest();

/** A file of Wycheproof or ACVP. */
interface Grouped<G, T> {
  readonly testGroups: readonly (G & { readonly tests: readonly T[] })[];
}

/** A file of any other source. */
interface Listed<T> {
  readonly cases: readonly T[];
}

export function textBytes(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}

/** An encoded public key and its encoding. */
type EncodedKey = readonly [Uint8Array, PublickeyEncoding];

/** Verifies under a key that is imported from each of its encodings in turn, and in two parts. */
function verifyEverywhere(
  algorithm: string,
  keys: readonly EncodedKey[],
  message: Uint8Array,
  signature: Uint8Array,
  encoding: SignatureEncoding,
): void {
  for (const [encoded, form] of keys) {
    const key = guest.publickeyImport(algorithm, encoded, form);
    try {
      const state = guest.verifyOpen(key);
      try {
        const half = message.length >> 1;
        guest.verifyUpdate(state, message.subarray(0, half));
        guest.verifyUpdate(state, message.subarray(half));
        const imported = guest.signatureImport(algorithm, signature, encoding);
        try {
          guest.verify(state, imported);
        } finally {
          guest.signatureClose(imported);
        }
      } finally {
        guest.verifyClose(state);
      }
    } finally {
      guest.publickeyClose(key);
    }
  }
}

function judge(result: string, verify: () => void): void {
  if (result === 'valid') verify();
  else if (result === 'acceptable') errnoOf(verify);
  else requireFailure(verify, 'InvalidSignature', 'VerificationFailed');
}

interface WycheproofGroup {
  readonly keySize?: number;
  readonly sha?: string;
  readonly publicKey?: { readonly uncompressed?: string; readonly pk?: string };
  readonly publicKeyDer: string;
  readonly publicKeyPem: string;
}

interface WycheproofTest {
  readonly tcId: number;
  readonly msg: string;
  readonly sig: string;
  readonly result: string;
}

/** @param id of the group */
function wycheproofVerify(id: (group: WycheproofGroup) => string, encoding: SignatureEncoding): VectorReader {
  return (data) =>
    (data as Grouped<WycheproofGroup, WycheproofTest>).testGroups.flatMap((group) => {
      const keys: EncodedKey[] = [
        [bytesOf(group.publicKeyDer), PublickeyEncoding.Pkcs8],
        [textBytes(group.publicKeyPem), PublickeyEncoding.Pem],
      ];
      if (group.publicKey?.uncompressed !== undefined)
        keys.push([bytesOf(group.publicKey.uncompressed), PublickeyEncoding.Sec]);
      if (group.publicKey?.pk !== undefined) keys.push([bytesOf(group.publicKey.pk), PublickeyEncoding.Raw]);
      return group.tests.map((test) => ({
        number: test.tcId,
        algorithm: id(group),
        run: () =>
          judge(test.result, () => verifyEverywhere(id(group), keys, bytesOf(test.msg), bytesOf(test.sig), encoding)),
      }));
    });
}

export function wycheproofSignatures(
  algorithm: string,
  encoding: SignatureEncoding = SignatureEncoding.Raw,
): VectorReader {
  return wycheproofVerify(() => algorithm, encoding);
}

function plainHash(name = ''): string {
  return name.replace(/^SHA2?-/, 'SHA');
}

export const wycheproofPkcs1: VectorReader = wycheproofVerify(
  ({ keySize, sha }) => `RSA_PKCS1_${keySize}_${plainHash(sha)}`,
  SignatureEncoding.Raw,
);
export const wycheproofPss: VectorReader = wycheproofVerify(
  ({ keySize, sha }) => `RSA_PSS_${keySize}_${plainHash(sha)}`,
  SignatureEncoding.Raw,
);

interface Pkcs1Generate {
  readonly keySize: number;
  readonly sha: string;
  readonly privateKeyPkcs8: string;
  readonly privateKeyPem: string;
}

/** PKCS#1 v1.5 is deterministic. The PEM is that of an RSAPrivateKey. */
export const wycheproofPkcs1Generate: VectorReader = (data) =>
  (data as Grouped<Pkcs1Generate, WycheproofTest>).testGroups.flatMap((group) => {
    const algorithm = `RSA_PKCS1_${group.keySize}_${plainHash(group.sha)}`;
    return group.tests.map((test) => ({
      number: test.tcId,
      algorithm,
      run() {
        // `acceptable` are keys with primes of very different sizes: accepted, and then they must be right.
        for (const [encoded, encoding] of [
          [bytesOf(group.privateKeyPkcs8), KeypairEncoding.Pkcs8],
          [textBytes(group.privateKeyPem), KeypairEncoding.Pem],
        ] as const) {
          signAndVerify(algorithm, guest.keypairImport(algorithm, encoded, encoding), bytesOf(test.msg), test.sig);
        }
      },
    }));
  });

/** Signs, compares if the signature is known, verifies under the public half; closes the key pair. */
function signAndVerify(algorithm: string, keypair: number, message: Uint8Array, expected?: string): void {
  const publicKey = guest.keypairPublickey(keypair);
  try {
    const signature = guest.signMessage(keypair, message);
    if (expected !== undefined) requireSame(signature, expected, 'signature');
    guest.verifyMessage(publicKey, algorithm, message, signature);
  } finally {
    guest.publickeyClose(publicKey);
    guest.keypairClose(keypair);
  }
}

interface EddsaGroup {
  readonly curve: string;
  readonly d?: string;
  readonly q?: string;
}

interface EddsaTest {
  readonly tcId: number;
  readonly testPassed?: boolean;
  readonly d?: string;
  readonly q?: string;
  readonly message: string;
  readonly signature: string;
}

const eddsaIds: Readonly<Record<string, string>> = { 'ED-25519': 'Ed25519', 'ED-448': 'Ed448' };

function eddsa(run: (algorithm: string, test: EddsaTest, group: EddsaGroup) => void): VectorReader {
  return (data) =>
    (data as Grouped<EddsaGroup, EddsaTest>).testGroups.flatMap((group) => {
      const algorithm = eddsaIds[group.curve] as string;
      return group.tests.map((test) => ({ number: test.tcId, algorithm, run: () => run(algorithm, test, group) }));
    });
}

function importSeed(algorithm: string, seed: string, publicKey: string): number {
  return guest.keypairImport(algorithm, bytesOf(seed + publicKey), KeypairEncoding.Raw);
}

export const acvpEddsaSign: VectorReader = eddsa((algorithm, test, { d = '', q = '' }) =>
  signAndVerify(algorithm, importSeed(algorithm, d, q), bytesOf(test.message), test.signature),
);

export const acvpEddsaVerify: VectorReader = eddsa((algorithm, test) =>
  judge(test.testPassed === true ? 'valid' : 'invalid', () =>
    verifyEverywhere(
      algorithm,
      [[bytesOf(test.q as string), PublickeyEncoding.Raw]],
      bytesOf(test.message),
      bytesOf(test.signature),
      SignatureEncoding.Raw,
    ),
  ),
);

/** Imports a public key and verifies it. */
export function checkPublicKey(
  algorithm: string,
  encoded: Uint8Array,
  encoding: PublickeyEncoding,
  good: boolean,
): void {
  const check = (): void => {
    const key = guest.publickeyImport(algorithm, encoded, encoding);
    try {
      guest.publickeyVerify(key);
    } finally {
      guest.publickeyClose(key);
    }
  };
  if (good) check();
  else requireFailure(check, 'InvalidKey');
}

export const acvpEddsaKeys: VectorReader = eddsa((algorithm, test) =>
  checkPublicKey(algorithm, bytesOf(test.q as string), PublickeyEncoding.Raw, test.testPassed === true),
);

interface Rfc8032Test {
  readonly secretKey: string;
  readonly publicKey: string;
  readonly message: string;
  readonly signature: string;
}

export function rfc8032(algorithm: string): VectorReader {
  return (data) =>
    (data as Listed<Rfc8032Test>).cases.map((test, number) => ({
      number,
      algorithm,
      run: () =>
        signAndVerify(
          algorithm,
          importSeed(algorithm, test.secretKey, test.publicKey),
          bytesOf(test.message),
          test.signature,
        ),
    }));
}

interface EcdsaGroup {
  readonly curve: string;
  readonly d?: string;
  readonly qx?: string;
  readonly qy?: string;
}

interface EcdsaTest {
  readonly tcId: number;
  readonly testPassed?: boolean;
  readonly qx?: string;
  readonly qy?: string;
  readonly message: string;
  readonly r: string;
  readonly s: string;
}

const ecdsaIds: Readonly<Record<string, string>> = {
  'P-256': 'ECDSA_P256_SHA256',
  'P-384': 'ECDSA_P384_SHA384',
  'P-521': 'ECDSA_P521_SHA512',
};
const exchangeIds: Readonly<Record<string, string>> = { 'P-256': 'P256-SHA256', 'P-384': 'P384-SHA384' };
const widths: Readonly<Record<string, number>> = { 'P-256': 32, 'P-384': 48, 'P-521': 66 };

function padded(curve: string, number: string): string {
  return number.padStart((widths[curve] as number) * 2, '0');
}

function pointOf(curve: string, { qx = '', qy = '' }: { readonly qx?: string; readonly qy?: string }): Uint8Array {
  return bytesOf(`04${padded(curve, qx)}${padded(curve, qy)}`);
}

export const acvpEcdsa: VectorReader = (data) =>
  (data as Grouped<EcdsaGroup, EcdsaTest>).testGroups.flatMap((group) => {
    const algorithm = ecdsaIds[group.curve] as string;
    return group.tests.map((test) => ({
      number: test.tcId,
      algorithm,
      run() {
        const key = pointOf(group.curve, group.qx === undefined ? test : group);
        const signature = bytesOf(padded(group.curve, test.r) + padded(group.curve, test.s));
        const message = bytesOf(test.message);
        judge(test.testPassed === false ? 'invalid' : 'valid', () =>
          verifyEverywhere(algorithm, [[key, PublickeyEncoding.Sec]], message, signature, SignatureEncoding.Raw),
        );
        if (group.d !== undefined)
          signAndVerify(
            algorithm,
            guest.keypairImport(algorithm, bytesOf(padded(group.curve, group.d)), KeypairEncoding.Raw),
            message,
          );
      },
    }));
  });

export const acvpEcdsaKeys: VectorReader = (data) =>
  (data as Grouped<EcdsaGroup, EcdsaTest>).testGroups.flatMap((group) =>
    [ecdsaIds, exchangeIds].flatMap((ids) =>
      group.tests.map((test): VectorCase => ({
        number: test.tcId,
        algorithm: ids[group.curve] as string,
        run: () =>
          checkPublicKey(
            ids[group.curve] as string,
            pointOf(group.curve, test),
            PublickeyEncoding.Sec,
            test.testPassed === true,
          ),
      })),
    ),
  );

interface Rfc6979Curve {
  readonly curve: string;
  readonly private: string;
  readonly Ux: string;
  readonly Uy: string;
  readonly cases: readonly { readonly message: string; readonly r: string; readonly s: string }[];
}

/** A curve is one case of the manifest, with two signatures each. */
export const rfc6979: VectorReader = (data, path) =>
  (data as Listed<Rfc6979Curve>).cases.flatMap((each, place) => {
    const curve = each.curve.replace('NIST ', '');
    const algorithm = ecdsaIds[curve] as string;
    return each.cases.map((test, index) => ({
      number: place * each.cases.length + index,
      algorithm,
      run() {
        const keypair = guest.keypairImport(algorithm, bytesOf(padded(curve, each.private)), KeypairEncoding.Raw);
        const publicKey = guest.keypairPublickey(keypair);
        requireSame(
          guest.publickeyExport(publicKey, PublickeyEncoding.Sec),
          `04${padded(curve, each.Ux)}${padded(curve, each.Uy)}`,
          `public key in ${path}`,
        );
        guest.verifyMessage(
          publicKey,
          algorithm,
          textBytes(test.message),
          bytesOf(padded(curve, test.r) + padded(curve, test.s)),
        );
        guest.publickeyClose(publicKey);
        signAndVerify(algorithm, keypair, textBytes(test.message));
      },
    }));
  });

interface AcvpRsaGroup {
  readonly sigType: string;
  readonly modulo: number;
  readonly hashAlg: string;
  readonly n: string;
  readonly e: string;
}

interface AcvpRsaTest {
  readonly tcId: number;
  readonly testPassed?: boolean;
  readonly message: string;
  readonly signature: string;
}

/** Signatures under a modulus and an exponent, which Node makes a SubjectPublicKeyInfo of. */
export const acvpRsa: VectorReader = (data) =>
  (data as Grouped<AcvpRsaGroup, AcvpRsaTest>).testGroups.flatMap((group) => {
    const algorithm = `RSA_${group.sigType === 'pss' ? 'PSS' : 'PKCS1'}_${group.modulo}_${plainHash(group.hashAlg)}`;
    const number = (hex: string): string =>
      Buffer.from(hex.length % 2 === 0 ? hex : `0${hex}`, 'hex').toString('base64url');
    const key = createPublicKey({ key: { kty: 'RSA', n: number(group.n), e: number(group.e) }, format: 'jwk' }).export({
      type: 'spki',
      format: 'der',
    });
    return group.tests.map((test) => ({
      number: test.tcId,
      algorithm,
      run: () =>
        judge(test.testPassed === false ? 'invalid' : 'valid', () =>
          verifyEverywhere(
            algorithm,
            [[key, PublickeyEncoding.Pkcs8]],
            bytesOf(test.message),
            bytesOf(test.signature),
            SignatureEncoding.Raw,
          ),
        ),
    }));
  });

interface PssTest {
  readonly alg: string;
  readonly privateKeyPkcs8: string;
  readonly publicKeyDer: string;
  readonly msg: string;
  readonly sig: string;
}

export const cavpPss: VectorReader = (data) =>
  (data as Listed<PssTest>).cases.map((test, number) => ({
    number,
    algorithm: test.alg,
    run() {
      signAndVerify(
        test.alg,
        guest.keypairImport(test.alg, bytesOf(test.privateKeyPkcs8), KeypairEncoding.Pkcs8),
        bytesOf(test.msg),
      );
      verifyEverywhere(
        test.alg,
        [[bytesOf(test.publicKeyDer), PublickeyEncoding.Pkcs8]],
        bytesOf(test.msg),
        bytesOf(test.sig),
        SignatureEncoding.Raw,
      );
    },
  }));

interface RsaKeyTest {
  readonly alg: string;
  readonly pkcs8: string;
  readonly pkcs8Pem: string;
  readonly pkcs1Der: string;
  readonly spki: string;
  readonly spkiPem: string;
  readonly signatures: readonly { readonly msg: string; readonly sig: string; readonly result: string }[];
}

/** One key in all its encodings, in and out, with signatures that each count as a case. */
export const rsaKeys: VectorReader = (data) =>
  (data as Listed<RsaKeyTest>).cases.flatMap((test, place) =>
    test.signatures.map((signature, index) => ({
      number: place * 10 + index,
      algorithm: test.alg,
      run() {
        const { alg } = test;
        const keys: EncodedKey[] = [
          [bytesOf(test.spki), PublickeyEncoding.Pkcs8],
          [textBytes(test.spkiPem), PublickeyEncoding.Pem],
        ];
        judge(signature.result, () =>
          verifyEverywhere(alg, keys, bytesOf(signature.msg), bytesOf(signature.sig), SignatureEncoding.Raw),
        );
        if (index > 0) return;
        for (const [encoded, encoding] of [
          [bytesOf(test.pkcs8), KeypairEncoding.Pkcs8],
          [bytesOf(test.pkcs1Der), KeypairEncoding.Pkcs8],
          [textBytes(test.pkcs8Pem), KeypairEncoding.Pem],
        ] as const) {
          const keypair = guest.keypairImport(alg, encoded, encoding);
          requireSame(guest.keypairExport(keypair, KeypairEncoding.Pkcs8), test.pkcs8, 'pkcs8');
          requireSame(
            guest.keypairExport(keypair, KeypairEncoding.Pem),
            Buffer.from(test.pkcs8Pem).toString('hex'),
            'pem',
          );
          const publicKey = guest.keypairPublickey(keypair);
          requireSame(guest.publickeyExport(publicKey, PublickeyEncoding.Pkcs8), test.spki, 'spki');
          requireSame(
            guest.publickeyExport(publicKey, PublickeyEncoding.Pem),
            Buffer.from(test.spkiPem).toString('hex'),
            'spki pem',
          );
          guest.publickeyClose(publicKey);
          const secretKey = guest.keypairSecretkey(keypair);
          requireSame(guest.secretkeyExport(secretKey, SecretkeyEncoding.Pkcs8), test.pkcs8, 'secret pkcs8');
          guest.secretkeyClose(secretKey);
          guest.keypairClose(keypair);
        }
      },
    })),
  );
