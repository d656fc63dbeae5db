/**
 * Readers for the formats in which vectors of ML-DSA come. This host signs hedged, so that a listed signature is one to
 * verify; those over a context or over `mu` alone are none of this host's (`expected-failures.json`).
 */
import { bytesOf } from '../hex.js';
import { KeypairEncoding, PublickeyEncoding, SignatureEncoding } from '../../generated/0.10/typescript-host/types.js';
import { asymmetricGuest } from './guests.js';
import { requireFailure, requireSame, type VectorReader } from './suite.js';

const guest = asymmetricGuest();

interface MlDsaGroup {
  readonly parameterSet?: string;
  readonly privateKey?: string;
  readonly privateSeed?: string;
  readonly privateKeyPkcs8?: string;
  readonly publicKey?: string | null;
  readonly publicKeyDer?: string;
}

interface MlDsaTest {
  readonly tcId: number;
  readonly result?: string;
  readonly flags?: readonly string[];
  readonly testPassed?: boolean;
  readonly seed?: string;
  readonly sk?: string;
  readonly pk?: string;
  /** Wycheproof's; absent where only `mu` is known. */
  readonly msg?: string;
  readonly sig?: string;
  /** ACVP's. */
  readonly message?: string;
  readonly signature?: string;
}

/** @param algorithm where groups do not say it */
function reader(
  run: (algorithm: string, test: MlDsaTest, group: MlDsaGroup) => void,
  algorithm?: string,
): VectorReader {
  return (data) =>
    (
      data as { readonly testGroups: readonly (MlDsaGroup & { readonly tests: readonly MlDsaTest[] })[] }
    ).testGroups.flatMap((group) => {
      const id = group.parameterSet ?? algorithm ?? '';
      return group.tests.map((test) => ({ number: test.tcId, algorithm: id, run: () => run(id, test, group) }));
    });
}

function verify(
  algorithm: string,
  key: string,
  message: string,
  signature: string,
  encoding: PublickeyEncoding = PublickeyEncoding.Raw,
): void {
  const publicKey = guest.publickeyImport(algorithm, bytesOf(key), encoding);
  try {
    guest.publickeyVerify(publicKey);
    guest.verifyMessage(publicKey, algorithm, bytesOf(message), bytesOf(signature), SignatureEncoding.Raw);
  } finally {
    guest.publickeyClose(publicKey);
  }
}

/** Imports a key pair, which exports as it came and has the public half that is listed, and lets it sign. */
function checkPair(
  algorithm: string,
  key: string,
  publicKey: string | undefined,
  message: string,
  encoding: KeypairEncoding = KeypairEncoding.Raw,
): void {
  const pair = guest.keypairImport(algorithm, bytesOf(key), encoding);
  try {
    requireSame(guest.keypairExport(pair, encoding), key, 'key pair');
    const half = guest.keypairPublickey(pair);
    try {
      if (publicKey !== undefined)
        requireSame(guest.publickeyExport(half, PublickeyEncoding.Raw), publicKey, 'public key');
      guest.verifyMessage(half, algorithm, bytesOf(message), guest.signMessage(pair, bytesOf(message)));
    } finally {
      guest.publickeyClose(half);
    }
  } finally {
    guest.keypairClose(pair);
  }
}

export const acvpMlDsaKeys: VectorReader = reader((algorithm, { seed = '', pk = '', sk = '' }) => {
  checkPair(algorithm, seed, pk, '');
  checkPair(algorithm, sk, pk, '');
});

/** The public key follows from the secret one. */
export const acvpMlDsaSign: VectorReader = reader((algorithm, { sk = '', message = '', signature = '' }) => {
  checkPair(algorithm, sk, undefined, message);
  const pair = guest.keypairImport(algorithm, bytesOf(sk), KeypairEncoding.Raw);
  const half = guest.keypairPublickey(pair);
  guest.keypairClose(pair);
  try {
    guest.verifyMessage(half, algorithm, bytesOf(message), bytesOf(signature));
  } finally {
    guest.publickeyClose(half);
  }
});

export const acvpMlDsaVerify: VectorReader = reader(
  (algorithm, { testPassed, pk = '', message = '', signature = '' }) => {
    const use = (): void => verify(algorithm, pk, message, signature);
    if (testPassed === true) use();
    else requireFailure(use, 'VerificationFailed', 'InvalidSignature');
  },
);

export function wycheproofMlDsaVerify(algorithm: string): VectorReader {
  return reader((id, { result, msg = '', sig = '' }, { publicKey, publicKeyDer }) => {
    for (const [key, encoding] of [
      [publicKey, PublickeyEncoding.Raw],
      [publicKeyDer, PublickeyEncoding.Pkcs8],
    ] as const) {
      if (typeof key !== 'string') continue;
      const use = (): void => verify(id, key, msg, sig, encoding);
      if (result === 'valid') use();
      else requireFailure(use, 'VerificationFailed', 'InvalidSignature', 'InvalidKey');
    }
  }, algorithm);
}

/** Keys are seeds or expanded. */
export function wycheproofMlDsaSign(algorithm: string): VectorReader {
  return reader(
    (id, { result, flags, msg = '', sig = '' }, { privateKey, privateSeed, privateKeyPkcs8, publicKey }) => {
      const raw = privateSeed ?? privateKey ?? '';
      if (
        flags?.some((flag) => flag.endsWith('PrivateKey') || flag.endsWith('PrivateKeyLength')) === true ||
        typeof publicKey !== 'string'
      ) {
        requireFailure(() => checkPair(id, raw, undefined, msg), 'InvalidKey');
        return;
      }
      checkPair(id, raw, publicKey, msg);
      if (privateKeyPkcs8 !== undefined) checkPair(id, privateKeyPkcs8, publicKey, msg, KeypairEncoding.Pkcs8);
      const use = (): void => verify(id, publicKey, msg, sig);
      if (result === 'valid') use();
      else requireFailure(use, 'VerificationFailed', 'InvalidSignature');
    },
    algorithm,
  );
}
