/** Readers for the formats in which vectors of key exchange algorithms come. */
import { createHmac } from 'node:crypto';
import { bytesOf, hexOf } from '../hex.js';
import { PublickeyEncoding, SecretkeyEncoding } from '../../generated/0.10/typescript-host/types.js';
import { CallFailed } from '../guest/guest.js';
import { asymmetricGuest } from './guests.js';
import { checkPublicKey, textBytes } from './signature-readers.js';
import { requireFailure, requireSame, type VectorCase, type VectorReader } from './suite.js';

const guest = asymmetricGuest();

interface Grouped<G, T> {
  readonly testGroups: readonly (G & { readonly tests: readonly T[] })[];
}

interface Listed<T> {
  readonly cases: readonly T[];
}

interface WycheproofTest {
  readonly tcId: number;
  readonly public: string;
  readonly private: string;
  readonly shared: string;
  readonly result: string;
}

interface Halves {
  readonly publicKey: Uint8Array;
  readonly publicEncoding: PublickeyEncoding;
  readonly secretKey: Uint8Array;
  readonly secretEncoding: SecretkeyEncoding;
}

function exchange(algorithm: string, halves: Halves): Uint8Array {
  const secret = guest.secretkeyImport(algorithm, halves.secretKey, halves.secretEncoding);
  try {
    const key = guest.publickeyImport(algorithm, halves.publicKey, halves.publicEncoding);
    try {
      return guest.dh(key, secret);
    } finally {
      guest.publickeyClose(key);
    }
  } finally {
    guest.secretkeyClose(secret);
  }
}

function wycheproof(algorithm: string, halvesOf: (test: WycheproofTest) => Halves): VectorReader {
  return (data) =>
    (data as Grouped<unknown, WycheproofTest>).testGroups.flatMap((group) =>
      group.tests.map((test) => ({
        number: test.tcId,
        algorithm,
        run() {
          const compute = (): void => requireSame(exchange(algorithm, halvesOf(test)), test.shared, 'shared secret');
          if (test.result === 'valid') compute();
          else if (test.result === 'invalid') requireFailure(compute, 'InvalidKey');
          else acceptable(compute);
        },
      })),
    );
}

/** May be refused; if not, the secret has to be right. */
function acceptable(compute: () => void): void {
  try {
    compute();
  } catch (error) {
    if (!(error instanceof CallFailed) || error.errno !== 'InvalidKey') throw error;
  }
}

/** Scalars come as integers of any width. */
function scalar(width: number, hex: string): Uint8Array {
  return bytesOf(hex.padStart(width * 2, '0').slice(-width * 2));
}

export function wycheproofEcdh(algorithm: string, width: number, publicEncoding: PublickeyEncoding): VectorReader {
  return wycheproof(algorithm, (test) => ({
    publicKey: bytesOf(test.public),
    publicEncoding,
    secretKey: scalar(width, test.private),
    secretEncoding: SecretkeyEncoding.Raw,
  }));
}

export function wycheproofEcdhPem(algorithm: string): VectorReader {
  return wycheproof(algorithm, (test) => ({
    publicKey: textBytes(test.public),
    publicEncoding: PublickeyEncoding.Pem,
    secretKey: textBytes(test.private),
    secretEncoding: SecretkeyEncoding.Pem,
  }));
}

export function wycheproofMontgomery(algorithm: string): VectorReader {
  return wycheproof(algorithm, (test) => raw(test.public, test.private));
}

interface CavpTest {
  readonly alg: string;
  readonly private: string;
  readonly public: string;
  readonly shared: string;
}

export const cavpEcdh: VectorReader = (data) =>
  (data as Listed<CavpTest>).cases.map((test, number) => ({
    number,
    algorithm: test.alg,
    run() {
      const halves: Halves = {
        publicKey: bytesOf(test.public),
        publicEncoding: PublickeyEncoding.Sec,
        secretKey: scalar(test.alg.startsWith('P256') ? 32 : 48, test.private),
        secretEncoding: SecretkeyEncoding.Sec,
      };
      requireSame(exchange(test.alg, halves), test.shared, 'shared secret');
    },
  }));

interface HpkeTest {
  readonly skRm: string;
  readonly pkRm: string;
  readonly skEm: string;
  readonly enc: string;
  readonly shared_secret: string;
}

/** RFC 9180, 4.1: what DHKEM(P-521, HKDF-SHA512) makes of an exchange. */
function dhkemSecret(shared: Uint8Array, context: Uint8Array): Uint8Array {
  const size = 64;
  const hmac = (key: Uint8Array, ...parts: readonly Uint8Array[]): Uint8Array =>
    parts.reduce((code, each) => code.update(each), createHmac('sha512', key)).digest();
  const labelled = (label: string): Uint8Array =>
    Uint8Array.from([...textBytes('HPKE-v1KEM'), 0, 18, ...textBytes(label)]);
  const key = hmac(new Uint8Array(0), labelled('eae_prk'), shared);
  return hmac(key, Uint8Array.of(0, size), labelled('shared_secret'), context, Uint8Array.of(1));
}

/** Both sides compute. */
export const rfc9180: VectorReader = (data) =>
  (data as Listed<HpkeTest>).cases.map((test, number) => ({
    number,
    algorithm: 'P521-SHA512',
    run() {
      for (const [publicKey, secret] of [
        [test.enc, test.skRm],
        [test.pkRm, test.skEm],
      ] as const) {
        const shared = exchange('P521-SHA512', {
          ...raw('', secret),
          publicKey: bytesOf(publicKey),
          publicEncoding: PublickeyEncoding.Sec,
        });
        requireSame(dhkemSecret(shared, bytesOf(test.enc + test.pkRm)), test.shared_secret, 'shared secret');
      }
    },
  }));

interface AcvpSharedTest {
  readonly tcId: number;
  readonly testPassed: boolean;
  readonly privateServer: string;
  readonly publicServer: string;
  readonly privateIut: string;
  readonly publicIut: string;
  readonly z: string;
}

function raw(publicKey: string, secretKey: string): Halves {
  return {
    publicKey: bytesOf(publicKey),
    publicEncoding: PublickeyEncoding.Raw,
    secretKey: bytesOf(secretKey),
    secretEncoding: SecretkeyEncoding.Raw,
  };
}

const montgomeryIds: Readonly<Record<string, string>> = { Curve25519: 'X25519', Curve448: 'X448' };

function montgomery<T extends { readonly tcId: number }>(run: (algorithm: string, test: T) => void): VectorReader {
  return (data) =>
    (data as Grouped<{ readonly curve: string }, T>).testGroups.flatMap(({ curve, tests }) => {
      const algorithm = montgomeryIds[curve] as string;
      return tests.map((test) => ({ number: test.tcId, algorithm, run: () => run(algorithm, test) }));
    });
}

/** Both sides compute; a case that must not pass lists a wrong secret. */
export const acvpMontgomery: VectorReader = montgomery<AcvpSharedTest>((algorithm, test) => {
  const ours = hexOf(exchange(algorithm, raw(test.publicServer, test.privateIut)));
  requireSame(exchange(algorithm, raw(test.publicIut, test.privateServer)), ours, 'the other side’s secret');
  const same = ours === test.z.toLowerCase();
  if (same !== test.testPassed) throw new Error(`the secret is ${same ? '' : 'not '}the listed one`);
});

interface AcvpKeyTest {
  readonly tcId: number;
  readonly testPassed: boolean;
  readonly publicKey: string;
}

export const acvpMontgomeryKeys: VectorReader = montgomery<AcvpKeyTest>((algorithm, test) =>
  checkPublicKey(algorithm, bytesOf(test.publicKey), PublickeyEncoding.Raw, test.testPassed),
);

interface XWingTest {
  readonly sk: string;
  readonly pk: string;
  readonly ct: string;
  readonly ss: string;
  readonly result?: string;
}

/** Decapsulation, the public half, and an encapsulation of our own. */
export const xWing: VectorReader = (data) => {
  const cases = Array.isArray(data) ? (data as readonly XWingTest[]) : (data as Listed<XWingTest>).cases;
  return cases.map((test, number): VectorCase => ({
    number,
    algorithm: 'X-WING',
    run() {
      const use = (): void => {
        const publicKey = guest.publickeyImport('X-WING', bytesOf(test.pk), PublickeyEncoding.Raw);
        const secret = guest.secretkeyImport('X-WING', bytesOf(test.sk), SecretkeyEncoding.Raw);
        const derived = guest.publickeyFromSecretkey(secret);
        requireSame(guest.publickeyExport(derived, PublickeyEncoding.Raw), test.pk, 'public key');
        requireSame(guest.decapsulate(secret, bytesOf(test.ct)), test.ss, 'shared secret');
        const own = guest.encapsulate(publicKey);
        requireSame(
          guest.decapsulate(secret, own.encapsulated),
          Buffer.from(own.secret).toString('hex'),
          'own shared secret',
        );
      };
      if (test.result === 'invalid') requireFailure(use, 'InvalidKey', 'VerificationFailed');
      else use();
    },
  }));
};
