/** Readers for the formats in which vectors of symmetric algorithms come. */
import type { OptionInput } from '../guest/common.js';
import { errnoOf } from '../guest/guest.js';
import { symmetricGuest } from './guests.js';
import { bytesOf, hexOf, Mismatch, requireFailure, requireSame, type VectorCase, type VectorReader } from './suite.js';

const guest = symmetricGuest();

/** A file of Wycheproof or ACVP. */
interface Grouped<G, T> {
  readonly testGroups: readonly (G & { readonly tests: readonly T[] })[];
}

/** A file of any other source. */
interface Listed<T> {
  readonly cases: readonly T[];
}

/** Absorbs in two parts, which must make no difference. */
function absorbInParts(state: number, data: Uint8Array): void {
  const half = data.length >> 1;
  guest.absorb(state, data.subarray(0, half));
  guest.absorb(state, data.subarray(half));
}

interface HashTest {
  readonly tcId: number;
  readonly msg: string;
  readonly len: number;
  readonly md: string;
}

export function acvpHash(algorithm: string): VectorReader {
  return (data) =>
    (data as Grouped<unknown, HashTest>).testGroups.flatMap((group) =>
      group.tests.map((test) => ({
        number: test.tcId,
        algorithm,
        run() {
          const message = bytesOf(test.msg).subarray(0, test.len / 8);
          guest.withState({ algorithm }, (state) => {
            guest.absorb(state, message);
            requireSame(guest.squeeze(state, test.md.length / 2), test.md, 'digest');
          });
          guest.withState({ algorithm }, (state) => {
            absorbInParts(state, message);
            requireSame(guest.squeeze(state, test.md.length / 2), test.md, 'digest of two parts');
          });
        },
      })),
    );
}

interface MacTest {
  readonly key: Uint8Array;
  readonly options?: OptionInput;
  readonly message: Uint8Array;
  /** The whole code or its first bytes. */
  readonly tag: string;
  readonly valid: boolean;
}

/** A code cut short is the front of the host's; as an expected tag the host refuses it. */
function checkMac(algorithm: string, test: MacTest): void {
  // Wrong sizes of keys are among the faults.
  if (!test.valid && errnoOf(() => guest.withState({ algorithm, key: test.key }, () => undefined)) === 'InvalidKey')
    return;
  guest.withState({ algorithm, key: test.key, options: test.options ?? {} }, (state) => {
    absorbInParts(state, test.message);
    const tag = guest.squeezeTag(state);
    const whole = test.tag.length / 2 === guest.tagLen(tag);
    const verified = errnoOf(() => guest.tagVerify(tag, bytesOf(test.tag)));
    const pulled = hexOf(guest.tagPull(tag)).slice(0, test.tag.length);
    if ((pulled === test.tag.toLowerCase()) !== test.valid) throw new Mismatch(`the code is ${pulled}`);
    const wanted = test.valid && whole ? 'Success' : 'InvalidTag';
    if (verified !== wanted) throw new Mismatch(`verifying gives ${verified}, not ${wanted}`);
  });
}

interface WycheproofMac {
  readonly tcId: number;
  readonly key: string;
  readonly msg: string;
  readonly tag: string;
  readonly result: string;
}

/** @param idsFor the ids that have to judge keys of so many bits: one that takes no such keys has to refuse them */
export function wycheproofMac(idsFor: (keySize: number) => readonly string[]): VectorReader {
  return (data) =>
    (data as Grouped<{ readonly keySize: number }, WycheproofMac>).testGroups.flatMap(({ keySize, tests }) =>
      tests.flatMap(({ tcId, key, msg, tag, result }) =>
        idsFor(keySize).map((algorithm) => ({
          number: tcId,
          algorithm,
          run: () => checkMac(algorithm, { key: bytesOf(key), message: bytesOf(msg), tag, valid: result === 'valid' }),
        })),
      ),
    );
}

interface AcvpMac {
  readonly tcId: number;
  readonly key: string;
  readonly msg?: string;
  readonly message?: string;
  readonly mac: string;
  readonly testPassed?: boolean;
}

/** @param idOf the id for a key of so many bits */
export function acvpMac(idOf: (keySize: number) => string): VectorReader {
  return (data) =>
    (data as Grouped<{ readonly keyLen: number }, AcvpMac>).testGroups.flatMap(({ keyLen, tests }) =>
      tests.map(({ tcId, key, msg, message, mac, testPassed }) => {
        const algorithm = idOf(keyLen);
        return {
          number: tcId,
          algorithm,
          run: () =>
            checkMac(algorithm, {
              key: bytesOf(key),
              message: bytesOf(msg ?? message ?? ''),
              tag: mac,
              valid: testPassed ?? true,
            }),
        };
      }),
    );
}

interface ListedMac {
  readonly alg: string;
  readonly key: string;
  readonly msg: string;
  readonly tag: string;
}

export const listedMacs: VectorReader = (data) =>
  (data as Listed<ListedMac>).cases.map(({ alg, key, msg, tag }, index) => ({
    number: index + 1,
    algorithm: alg,
    run: () => checkMac(alg, { key: bytesOf(key), message: bytesOf(msg), tag, valid: true }),
  }));

/** The length of the code changes all of it. */
function kmacCase(number: number, algorithm: string, test: MacTest, customization: Uint8Array): VectorCase {
  const options = { context: customization, output_len: BigInt(test.tag.length / 2) };
  return { number, algorithm, run: () => checkMac(algorithm, { ...test, options }) };
}

export function wycheproofKmac(algorithm: string): VectorReader {
  return (data) =>
    (data as Grouped<unknown, WycheproofMac>).testGroups.flatMap(({ tests }) =>
      tests.map(({ tcId, key, msg, tag, result }) => {
        const test = { key: bytesOf(key), message: bytesOf(msg), tag, valid: result === 'valid' };
        return kmacCase(tcId, algorithm, test, new Uint8Array(0));
      }),
    );
}

interface AcvpKmac extends AcvpMac {
  readonly customization: string;
  readonly customizationHex?: string;
}

export function acvpKmac(algorithm: string): VectorReader {
  return (data) =>
    (data as Grouped<unknown, AcvpKmac>).testGroups.flatMap(({ tests }) =>
      tests.map(({ tcId, key, msg = '', mac, testPassed, customization, customizationHex }) => {
        const test = { key: bytesOf(key), message: bytesOf(msg), tag: mac, valid: testPassed ?? true };
        const bytes = customizationHex === undefined ? Buffer.from(customization, 'latin1') : bytesOf(customizationHex);
        return kmacCase(tcId, algorithm, test, bytes);
      }),
    );
}

interface ListedKmac {
  readonly alg: string;
  readonly key: string;
  readonly custom: string;
  readonly msg: string;
  readonly out: string;
}

export const listedKmacs: VectorReader = (data) =>
  (data as Listed<ListedKmac>).cases.map(({ alg, key, custom, msg, out }, index) =>
    kmacCase(index + 1, alg, { key: bytesOf(key), message: bytesOf(msg), tag: out, valid: true }, bytesOf(custom)),
  );

interface HkdfTest {
  readonly tcId: number;
  readonly ikm: string;
  readonly salt: string;
  readonly info: string;
  readonly size: number;
  readonly okm: string;
  readonly result: string;
}

/** Wycheproof's cases are of both steps together and count for both ids. */
export function wycheproofHkdf(hash: string): VectorReader {
  return (data) =>
    (data as Grouped<unknown, HkdfTest>).testGroups.flatMap((group) =>
      group.tests.flatMap((test) =>
        [`HKDF-EXTRACT/${hash}`, `HKDF-EXPAND/${hash}`].map((algorithm) => ({
          number: test.tcId,
          algorithm,
          run: () => checkHkdf(hash, test),
        })),
      ),
    );
}

function checkHkdf(hash: string, test: HkdfTest): void {
  const derive = (): Uint8Array => {
    const key = guest.withState({ algorithm: `HKDF-EXTRACT/${hash}`, key: bytesOf(test.ikm) }, (state) => {
      if (test.salt !== '') absorbInParts(state, bytesOf(test.salt));
      return guest.squeezeKey(state, `HKDF-EXPAND/${hash}`);
    });
    try {
      const state = guest.openToSqueeze(`HKDF-EXPAND/${hash}`, key, test.size);
      try {
        absorbInParts(state, bytesOf(test.info));
        return guest.squeeze(state, test.size);
      } finally {
        guest.close(state);
      }
    } finally {
      guest.keyClose(key);
    }
  };
  if (test.result === 'valid') requireSame(derive(), test.okm, 'key');
  else requireFailure(derive, 'InvalidLength');
}

interface HkdfStepTest {
  readonly alg: string;
  readonly ikm?: string;
  readonly salt?: string;
  readonly prk: string;
  readonly info?: string;
  readonly okm?: string;
}

/** The two steps apart. */
export const hkdfSteps: VectorReader = (data) =>
  (data as Listed<HkdfStepTest>).cases.map((test, index) => ({
    number: index + 1,
    algorithm: test.alg,
    run() {
      if (test.okm === undefined) {
        guest.withState({ algorithm: test.alg, key: bytesOf(test.ikm ?? '') }, (state) => {
          guest.absorb(state, bytesOf(test.salt ?? ''));
          const key = guest.squeezeKey(state, test.alg.replace('EXTRACT', 'EXPAND'));
          requireSame(guest.keyExport(key), test.prk, 'key');
          guest.keyClose(key);
        });
        return;
      }
      const { okm } = test;
      guest.withState({ algorithm: test.alg, key: bytesOf(test.prk), squeezes: okm.length / 2 }, (state) => {
        guest.absorb(state, bytesOf(test.info ?? ''));
        requireSame(guest.squeeze(state, okm.length / 2), okm, 'output');
      });
    },
  }));

interface AeadTest {
  readonly key: Uint8Array;
  readonly nonce: Uint8Array;
  readonly associated: Uint8Array;
  readonly message: string;
  readonly ciphertext: string;
  readonly tag: string;
  readonly valid: boolean;
}

/** Both directions, with the tag apart and in one piece with the ciphertext. */
function checkAead(algorithm: string, test: AeadTest): void {
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
  readonly ct: string;
  readonly tag: string;
}

export function acvpAead(idOf: (keySize: number) => string): VectorReader {
  return (data) =>
    (data as Grouped<{ readonly keyLen: number }, AcvpAead>).testGroups.flatMap((group) =>
      group.tests.map((test): VectorCase => {
        const algorithm = idOf(group.keyLen);
        const { key, iv, aad, ct, tag } = test;
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
                ct,
                tag,
                result: test.testPassed ? 'valid' : 'invalid',
              }),
            ),
        };
      }),
    );
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
          ct: ct.slice(0, -32),
          tag: ct.slice(-32),
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
