/** Readers for the formats in which vectors of ML-KEM come. What an encapsulation draws is out of a guest's reach. */
import { bytesOf, hexOf } from '../hex.js';
import { PublickeyEncoding, SecretkeyEncoding } from '../../generated/0.10/typescript-host/types.js';
import { asymmetricGuest } from './guests.js';
import { checkPublicKey } from './signature-readers.js';
import { requireFailure, requireSame, type VectorReader } from './suite.js';

const guest = asymmetricGuest();

interface Group {
  readonly parameterSet?: string;
  /** What ACVP asks for. */
  readonly function?: string;
}

interface Grouped<T> {
  readonly testGroups: readonly (Group & { readonly tests: readonly T[] })[];
}

interface MlKemTest {
  readonly tcId: number;
  readonly result?: string;
  readonly testPassed?: boolean;
  readonly d?: string;
  readonly z?: string;
  readonly seed?: string;
  readonly ek?: string;
  readonly dk?: string;
  readonly c?: string;
  readonly k?: string;
  readonly K?: string;
}

/** @param algorithm where groups do not say it */
function reader(run: (algorithm: string, test: MlKemTest, group: Group) => void, algorithm?: string): VectorReader {
  return (data) =>
    (data as Grouped<MlKemTest>).testGroups.flatMap((group) => {
      const id = group.parameterSet ?? algorithm ?? '';
      return group.tests.map((test) => ({ number: test.tcId, algorithm: id, run: () => run(id, test, group) }));
    });
}

/** Uses a secret key in its raw form, seed or expanded: it exports as it was, and has the public half that is listed. */
function withSecret(algorithm: string, raw: string, ek: string | undefined, use: (secret: number) => void): void {
  const secret = guest.secretkeyImport(algorithm, bytesOf(raw), SecretkeyEncoding.Raw);
  try {
    requireSame(guest.secretkeyExport(secret, SecretkeyEncoding.Raw), raw, 'secret key');
    const half = guest.publickeyFromSecretkey(secret);
    try {
      if (ek !== undefined) requireSame(guest.publickeyExport(half, PublickeyEncoding.Raw), ek, 'public key');
    } finally {
      guest.publickeyClose(half);
    }
    use(secret);
  } finally {
    guest.secretkeyClose(secret);
  }
}

/** What is encapsulated to a listed public key comes out again with the secret key. */
function checkOwnExchange(algorithm: string, ek: string, secret: number): void {
  const key = guest.publickeyImport(algorithm, bytesOf(ek), PublickeyEncoding.Raw);
  const made = guest.encapsulate(key);
  guest.publickeyClose(key);
  requireSame(guest.decapsulate(secret, made.encapsulated), hexOf(made.secret), 'own shared secret');
}

/** The seed, and what it expands to: the same key. */
export const acvpMlKemKeys: VectorReader = reader((algorithm, { d = '', z = '', ek = '', dk = '' }) =>
  checkExpansion(algorithm, d + z, ek, dk),
);

export function wycheproofMlKemKeys(algorithm: string): VectorReader {
  return reader((id, { seed = '', ek = '', dk = '' }) => checkExpansion(id, seed, ek, dk), algorithm);
}

function checkExpansion(algorithm: string, seed: string, ek: string, dk: string): void {
  withSecret(algorithm, seed, ek, (fromSeed) =>
    withSecret(algorithm, dk, ek, (expanded) => {
      for (const secret of [fromSeed, expanded]) checkOwnExchange(algorithm, ek, secret);
    }),
  );
}

/** Checks of keys have a verdict; all else has a ciphertext and what comes out of it. */
export const acvpMlKem: VectorReader = reader(
  (algorithm, { testPassed, d, z, ek = '', dk = '', c = '', k = '' }, group) => {
    const importing = (): void => withSecret(algorithm, dk, undefined, () => undefined);
    if (group.function === 'encapsulationKeyCheck') {
      checkPublicKey(algorithm, bytesOf(ek), PublickeyEncoding.Raw, testPassed === true);
      return;
    }
    if (group.function === 'decapsulationKeyCheck') {
      if (testPassed === true) importing();
      else requireFailure(importing, 'InvalidKey');
      return;
    }
    const decapsulate = (secret: number): void => {
      requireSame(guest.decapsulate(secret, bytesOf(c)), k, 'shared secret');
      checkOwnExchange(algorithm, ek, secret);
    };
    withSecret(algorithm, dk, ek, decapsulate);
    if (d !== undefined && z !== undefined) withSecret(algorithm, d + z, ek, decapsulate);
  },
);

/** A seed or an expanded key, a ciphertext, and what comes out of it. */
export function wycheproofMlKem(algorithm: string): VectorReader {
  return reader((id, { result, seed, dk = '', ek, c = '', K = '' }) => {
    const use = (): void =>
      withSecret(id, seed ?? dk, ek, (secret) =>
        requireSame(guest.decapsulate(secret, bytesOf(c)), K, 'shared secret'),
      );
    if (result === 'valid') use();
    else requireFailure(use, 'InvalidKey', 'VerificationFailed');
  }, algorithm);
}

/** Public keys that are good or not; what a good one encapsulates has the sizes that are listed. */
export function wycheproofMlKemPublic(algorithm: string): VectorReader {
  return reader((id, { result, ek = '', c = '', K = '' }) => {
    checkPublicKey(id, bytesOf(ek), PublickeyEncoding.Raw, result === 'valid');
    if (result !== 'valid') return;
    const key = guest.publickeyImport(id, bytesOf(ek), PublickeyEncoding.Raw);
    const { secret, encapsulated } = guest.encapsulate(key);
    guest.publickeyClose(key);
    if (secret.length * 2 !== K.length || encapsulated.length * 2 !== c.length) throw new Error('sizes differ');
  }, algorithm);
}
