/** Readers for the formats in which vectors of hashes, codes and HKDF come. */
import { bytesOf, hexOf } from '../hex.js';
import type { OptionInput } from '../guest/common.js';
import { errnoOf } from '../guest/guest.js';
import { symmetricGuest } from './guests.js';
import { Mismatch, requireFailure, requireSame, type VectorCase, type VectorReader } from './suite.js';

export const guest = symmetricGuest();

/** A file of Wycheproof or ACVP. */
export interface Grouped<G, T> {
  readonly testGroups: readonly (G & { readonly tests: readonly T[] })[];
}

/** A file of any other source. */
export interface Listed<T> {
  readonly cases: readonly T[];
}

/** Absorbs in two parts, which must make no difference. */
export function absorbInParts(state: number, data: Uint8Array): void {
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
          checkHash(algorithm, message, test.md);
          guest.withState({ algorithm }, (state) => {
            absorbInParts(state, message);
            requireSame(guest.squeeze(state, test.md.length / 2), test.md, 'digest of two parts');
          });
        },
      })),
    );
}

function checkHash(algorithm: string, message: Uint8Array, digest: string): void {
  guest.withState({ algorithm }, (state) => {
    guest.absorb(state, message);
    requireSame(guest.squeeze(state, digest.length / 2), digest, 'digest');
  });
}

interface ListedHash {
  readonly alg?: string;
  readonly msg: string;
  readonly md: string;
}

/** Messages that are absorbed in one call. @param algorithm where cases do not name theirs */
export function listedHash(algorithm = ''): VectorReader {
  return (data) =>
    (data as Listed<ListedHash>).cases.map(({ alg = algorithm, msg, md }, index) => ({
      number: index + 1,
      algorithm: alg,
      run: () => checkHash(alg, bytesOf(msg), md),
    }));
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
