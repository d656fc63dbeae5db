/** Readers for the formats in which vectors of ciphers come. */
import { bytesOf, hexOf } from '../hex.js';
import { errnoOf } from '../guest/guest.js';
import { requireFailure, requireSame, type VectorCase, type VectorReader } from './suite.js';
import { absorbInParts, guest, type Grouped, type Listed } from './symmetric-readers.js';

export interface AeadTest {
  readonly key: Uint8Array;
  readonly nonce: Uint8Array;
  readonly associated: Uint8Array;
  readonly message: string;
  readonly ciphertext: string;
  readonly tag: string;
  readonly valid: boolean;
}

/** Both directions, with the tag apart and in one piece with the ciphertext. */
export function checkAead(algorithm: string, test: AeadTest): void {
  const whole = test.ciphertext + test.tag;
  const fresh = <T>(calls: (state: number) => T): T =>
    guest.withState({ algorithm, key: test.key, options: { nonce: test.nonce } }, (state) => {
      absorbInParts(state, test.associated);
      return calls(state);
    });
  if (!test.valid) {
    // Wrong sizes of nonces are among the faults.
    if (errnoOf(() => fresh(() => undefined)) === 'InvalidNonce') return;
    fresh((state) => {
      requireFailure(() => guest.decrypt(state, bytesOf(whole)), 'InvalidTag');
      requireFailure(() => guest.decryptDetached(state, bytesOf(test.ciphertext), bytesOf(test.tag)), 'InvalidTag');
    });
    return;
  }
  fresh((state) => requireSame(guest.encrypt(state, bytesOf(test.message)), whole, 'ciphertext and tag'));
  fresh((state) => {
    const { ciphertext, tag } = guest.encryptDetached(state, bytesOf(test.message));
    requireSame(ciphertext, test.ciphertext, 'ciphertext');
    requireSame(guest.tagPull(tag), test.tag, 'tag');
  });
  fresh((state) => {
    requireSame(guest.decrypt(state, bytesOf(whole)), test.message, 'message');
    requireSame(guest.decryptDetached(state, bytesOf(test.ciphertext), bytesOf(test.tag)), test.message, 'message');
  });
}

interface WycheproofAead {
  readonly tcId: number;
  readonly key: string;
  readonly iv: string;
  readonly aad: string;
  readonly msg: string;
  readonly ct: string;
  readonly tag: string;
  readonly result: string;
}

/** @param idOf the id for a key of so many bits */
export function wycheproofAead(idOf: (keySize: number) => string): VectorReader {
  return (data) =>
    (data as Grouped<{ readonly keySize: number }, WycheproofAead>).testGroups.flatMap((group) =>
      group.tests.map((test): VectorCase => {
        const algorithm = idOf(group.keySize);
        return { number: test.tcId, algorithm, run: () => checkAead(algorithm, fromWycheproof(test)) };
      }),
    );
}

function fromWycheproof(test: WycheproofAead): AeadTest {
  return {
    key: bytesOf(test.key),
    nonce: bytesOf(test.iv),
    associated: bytesOf(test.aad),
    message: test.msg,
    ciphertext: test.ct,
    tag: test.tag,
    valid: test.result === 'valid',
  };
}

interface AcvpAead {
  readonly tcId: number;
  readonly testPassed: boolean;
  readonly key: string;
  readonly iv: string;
  readonly aad: string;
  readonly pt?: string;
  /** With the tag, where that has no place of its own. */
  readonly ct: string;
  readonly tag?: string;
}

export function acvpAead(idOf: (keySize: number) => string): VectorReader {
  return (data) =>
    (data as Grouped<{ readonly keyLen: number }, AcvpAead>).testGroups.flatMap((group) =>
      group.tests.map((test): VectorCase => {
        const algorithm = idOf(group.keyLen);
        const { key, iv, aad } = test;
        const whole = test.ct + (test.tag ?? '');
        return {
          number: test.tcId,
          algorithm,
          run: () =>
            checkAead(
              algorithm,
              fromWycheproof({
                tcId: 0,
                key,
                iv,
                aad,
                msg: test.pt ?? '',
                ...halves(whole),
                result: test.testPassed ? 'valid' : 'invalid',
              }),
            ),
        };
      }),
    );
}

/** A tag of 16 bytes stands at the end. */
function halves(whole: string): { readonly ct: string; readonly tag: string } {
  return { ct: whole.slice(0, -32), tag: whole.slice(-32) };
}

interface CipherTest {
  readonly tcId?: number;
  readonly alg?: string;
  readonly key: string;
  readonly iv: string;
  readonly pt?: string;
  readonly msg?: string;
  readonly ct: string;
  readonly result?: string;
}

/** Both directions, in one piece and, for a stream, in several. */
function checkCounter(algorithm: string, { key, iv, pt = '', ct }: CipherTest): void {
  const fresh = <T>(calls: (state: number) => T): T =>
    guest.withState({ algorithm, key: bytesOf(key), options: { nonce: bytesOf(iv) } }, calls);
  fresh((state) => requireSame(guest.encrypt(state, bytesOf(pt)), ct, 'ciphertext'));
  fresh((state) => requireSame(guest.decrypt(state, bytesOf(ct)), pt, 'message'));
  const message = bytesOf(pt);
  fresh((state) => {
    const parts = [message.subarray(0, 5), message.subarray(5, 21), message.subarray(21)];
    requireSame(Buffer.concat(parts.map((each) => guest.encrypt(state, each))), ct, 'ciphertext of parts');
  });
}

export function counterFile(idOf: (test: CipherTest, keySize: number) => string): VectorReader {
  return (data) => casesOf(data, idOf, checkCounter);
}

function casesOf<T extends { readonly tcId?: number; readonly key: string } = CipherTest>(
  data: unknown,
  idOf: (test: T, keySize: number) => string,
  check: (algorithm: string, test: T) => void,
): readonly VectorCase[] {
  const { testGroups, cases } = data as Partial<Grouped<unknown, T> & Listed<T>>;
  const tests = cases ?? testGroups?.flatMap((group) => group.tests) ?? [];
  return tests.map((test, index) => {
    const algorithm = idOf(test, test.key.length * 4);
    return { number: test.tcId ?? index + 1, algorithm, run: () => check(algorithm, test) };
  });
}

/** @param padded whether the ciphertext of the file has the padding: without it, it is the front of ours */
export function chainingFile(idOf: (test: CipherTest, keySize: number) => string, padded = true): VectorReader {
  return (data) =>
    casesOf(data, idOf, (algorithm, { key, iv, pt, msg, ct, result }) => {
      const message = bytesOf(pt ?? msg ?? '');
      const fresh = <T>(calls: (state: number) => T): T =>
        guest.withState({ algorithm, key: bytesOf(key), options: { nonce: bytesOf(iv) } }, calls);
      if (result === 'invalid') {
        const ciphertext = bytesOf(ct);
        fresh((state) => requireFailure(() => guest.decrypt(state, ciphertext, ciphertext.length), 'InvalidTag'));
        return;
      }
      const whole = fresh((state) => guest.encrypt(state, message, message.length + 16));
      requireSame(padded ? whole : whole.subarray(0, message.length), ct, 'ciphertext');
      fresh((state) => requireSame(guest.decrypt(state, whole, whole.length), hexOf(message), 'message'));
    });
}

interface CombinedAead {
  readonly alg: string;
  readonly key: string;
  readonly nonce: string;
  readonly ad: string;
  readonly pt: string;
  readonly ct: string;
}

/** Ciphertext and tag, of 16 bytes, in one piece. */
export const combinedAead: VectorReader = (data) =>
  (data as Listed<CombinedAead>).cases.map(({ alg, key, nonce, ad, pt, ct }, index) => ({
    number: index + 1,
    algorithm: alg,
    run: () =>
      checkAead(
        alg,
        fromWycheproof({
          tcId: 0,
          key,
          iv: nonce,
          aad: ad,
          msg: pt,
          ...halves(ct),
          result: 'valid',
        }),
      ),
  }));

interface SivTest {
  readonly tcId?: number;
  readonly alg?: string;
  readonly key: string;
  /** Which components there are before the message: `none`, `ad`, `nonce+ad`. Where it is missing: `ad`, and a nonce that is not empty. */
  readonly components?: string;
  readonly ad?: string;
  readonly aad?: string;
  readonly nonce?: string;
  readonly iv?: string;
  readonly pt?: string;
  readonly msg?: string;
  readonly ct: string;
  readonly tag?: string;
  readonly result?: string;
}

/** The tag stands before the ciphertext. */
export const sivFile: VectorReader = (data) =>
  casesOf<SivTest>(
    data,
    ({ alg }, keySize) => alg ?? `AES-${keySize / 2}-SIV`,
    (algorithm, test) => {
      const nonce = bytesOf(test.nonce ?? test.iv ?? '');
      const associated = test.components === 'none' ? undefined : bytesOf(test.ad ?? test.aad ?? '');
      const [message, whole] = [test.pt ?? test.msg ?? '', bytesOf((test.tag ?? '') + test.ct)];
      const [tag, ciphertext] = [whole.subarray(0, 16), whole.subarray(16)];
      const setup = { algorithm, key: bytesOf(test.key), options: nonce.length === 0 ? {} : { nonce } };
      const fresh = <T>(calls: (state: number) => T): T =>
        guest.withState(setup, (state) => {
          if (associated !== undefined) absorbInParts(state, associated);
          return calls(state);
        });
      if (test.result === 'invalid') {
        // Wrong sizes of keys are among the faults.
        if (errnoOf(() => fresh(() => undefined)) === 'InvalidKey') return;
        fresh((state) => {
          requireFailure(() => guest.decrypt(state, whole), 'InvalidTag');
          requireFailure(() => guest.decryptDetached(state, ciphertext, tag), 'InvalidTag');
        });
        return;
      }
      fresh((state) => requireSame(guest.encrypt(state, bytesOf(message)), hexOf(whole), 'tag and ciphertext'));
      fresh((state) => {
        const apart = guest.encryptDetached(state, bytesOf(message));
        requireSame(apart.ciphertext, hexOf(ciphertext), 'ciphertext');
        requireSame(guest.tagPull(apart.tag), hexOf(tag), 'tag');
      });
      fresh((state) => {
        requireSame(guest.decrypt(state, whole), message, 'message');
        requireSame(guest.decryptDetached(state, ciphertext, tag), message, 'message');
      });
    },
  );
