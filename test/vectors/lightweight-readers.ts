/** Readers for the formats in which vectors of AEGIS, Ascon and Xoodyak come. */
import { bytesOf } from '../hex.js';
import { checkAead } from './cipher-readers.js';
import { requireFailure, requireSame, type VectorReader } from './suite.js';
import { guest, type Grouped, type Listed } from './symmetric-readers.js';

interface AegisTest {
  /** Absent in entries about a single step. */
  readonly ct?: string;
  readonly key: string;
  readonly nonce: string;
  readonly ad: string;
  /** Absent where decryption must fail. */
  readonly msg?: string;
  readonly tag128: string;
}

/** Of the two tags there are, the one of 128 bits. */
export function aegisFile(algorithm: string): VectorReader {
  return (data) =>
    (Array.isArray(data) ? (data as AegisTest[]) : (data as Listed<AegisTest>).cases).flatMap((test, index) => {
      const { ct: ciphertext, msg: message, tag128: tag } = test;
      if (ciphertext === undefined) return [];
      return [
        {
          number: index + 1,
          algorithm,
          run: () =>
            checkAead(algorithm, {
              key: bytesOf(test.key),
              nonce: bytesOf(test.nonce),
              associated: bytesOf(test.ad),
              message: message ?? '',
              ciphertext,
              tag,
              valid: message !== undefined,
            }),
        },
      ];
    });
}

/** Gives cases the id that their file leaves out. */
export function namedFor(alg: string, read: VectorReader): VectorReader {
  return (data, path) => read({ cases: (data as Listed<object>).cases.map((test) => ({ alg, ...test })) }, path);
}

interface AsconTest {
  readonly tcId: number;
  readonly key: string;
  readonly nonce: string;
  readonly ad: string;
  readonly tag: string;
  readonly pt: string;
  readonly ct: string;
}

/** Tags that are cut short, which no host takes: they are the front of its own. */
export const acvpAscon: VectorReader = (data) =>
  (data as Grouped<unknown, AsconTest>).testGroups.flatMap(({ tests }) =>
    tests.map((test) => ({
      number: test.tcId,
      algorithm: 'ASCON-AEAD',
      run() {
        const setup = { algorithm: 'ASCON-AEAD', key: bytesOf(test.key), options: { nonce: bytesOf(test.nonce) } };
        guest.withState(setup, (state) => {
          guest.absorb(state, bytesOf(test.ad));
          const { ciphertext, tag } = guest.encryptDetached(state, bytesOf(test.pt));
          requireSame(ciphertext, test.ct, 'ciphertext');
          const whole = guest.tagPull(tag);
          requireSame(whole.subarray(0, test.tag.length / 2), test.tag, 'front of the tag');
          requireFailure(() => guest.decryptDetached(state, ciphertext, bytesOf(test.tag)), 'InvalidTag');
          requireSame(guest.decryptDetached(state, ciphertext, whole), test.pt, 'message');
        });
      },
    })),
  );

interface XoodyakTest {
  readonly key: string;
  readonly nonce: string;
  readonly pt: string;
  readonly ad: string;
  readonly ct: string;
}

/** Absorbing counts even where there is nothing to absorb. */
export const xoodyakFile: VectorReader = (data) =>
  (data as Listed<XoodyakTest>).cases.map((test, index) => ({
    number: index + 1,
    algorithm: 'XOODYAK-128',
    run() {
      const fresh = (calls: (state: number) => void): void =>
        guest.withState(
          { algorithm: 'XOODYAK-128', key: bytesOf(test.key), options: { nonce: bytesOf(test.nonce) } },
          (state) => {
            guest.absorb(state, bytesOf(test.ad));
            calls(state);
          },
        );
      const [ciphertext, tag] = [bytesOf(test.ct).subarray(0, -16), bytesOf(test.ct).subarray(-16)];
      fresh((state) => requireSame(guest.encrypt(state, bytesOf(test.pt)), test.ct, 'ciphertext and tag'));
      fresh((state) => {
        const made = guest.encryptDetached(state, bytesOf(test.pt));
        requireSame(made.ciphertext, test.ct.slice(0, -32), 'ciphertext');
        requireSame(guest.tagPull(made.tag), test.ct.slice(-32), 'tag');
      });
      fresh((state) => {
        // A wrong tag leaves the session as it was.
        const wrong = tag.with(0, (tag[0] as number) ^ 1);
        requireFailure(() => guest.decryptDetached(state, ciphertext, wrong), 'InvalidTag');
        requireSame(guest.decryptDetached(state, ciphertext, tag), test.pt, 'message');
      });
      fresh((state) => requireSame(guest.decrypt(state, bytesOf(test.ct)), test.pt, 'message'));
    },
  }));

type Step =
  | { readonly op: 'absorb'; readonly data: string }
  | { readonly op: 'squeeze'; readonly len: number; readonly out: string }
  | { readonly op: 'squeeze_key'; readonly out: string }
  | { readonly op: 'encrypt'; readonly pt: string; readonly ct: string }
  | { readonly op: 'ratchet' };

interface SessionTest {
  readonly key: string | null;
  /** Empty: none. */
  readonly nonce: string;
  readonly ops: readonly Step[];
}

function take(state: number, step: Step): void {
  switch (step.op) {
    case 'absorb':
      guest.absorb(state, bytesOf(step.data));
      return;
    case 'squeeze':
      requireSame(guest.squeeze(state, step.len), step.out, 'output');
      return;
    case 'squeeze_key': {
      const key = guest.squeezeKey(state, 'XOODYAK-128');
      requireSame(guest.keyExport(key), step.out, 'key');
      guest.keyClose(key);
      return;
    }
    case 'encrypt':
      requireSame(guest.encrypt(state, bytesOf(step.pt)), step.ct, 'ciphertext and tag');
      return;
    case 'ratchet':
      guest.ratchet(state);
      return;
  }
}

/** What a guest can do whose state squeezes one size: everything before another one. */
function ofOneSize(ops: readonly Step[], size: number | undefined): readonly Step[] {
  const other = ops.findIndex((step) => step.op === 'squeeze' && step.len !== size);
  return other < 0 ? ops : ops.slice(0, other);
}

/** Calls in turns on one state; then the same on a copy that is made half-way. */
export const sessionFile: VectorReader = (data) =>
  (data as Listed<SessionTest>).cases.map(({ key, nonce, ops: all }, index) => ({
    number: index + 1,
    algorithm: 'XOODYAK-128',
    run() {
      const squeezes = all.find((step) => step.op === 'squeeze')?.len;
      const ops = guest.anyLength ? all : ofOneSize(all, squeezes);
      const setup = {
        ...(squeezes === undefined ? {} : { squeezes }),
        algorithm: 'XOODYAK-128',
        ...(key === null ? {} : { key: bytesOf(key) }),
        options: nonce === '' ? {} : { nonce: bytesOf(nonce) },
      };
      guest.withState(setup, (state) => ops.forEach((step) => take(state, step)));
      guest.withState(setup, (state) => {
        const half = ops.length >> 1;
        ops.slice(0, half).forEach((step) => take(state, step));
        const copy = guest.clone(state);
        ops.slice(half).forEach((step) => take(copy, step));
        guest.close(copy);
        ops.slice(half).forEach((step) => take(state, step));
      });
    },
  }));
