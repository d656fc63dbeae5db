/** Readers for the formats in which vectors of password hashes come. */
import { Buffer } from 'node:buffer';
import { bytesOf, hexOf } from '../hex.js';
import type { OptionInput } from '../guest/common.js';
import { errnoOf } from '../guest/guest.js';
import { Mismatch, requireSame, type VectorReader } from './suite.js';
import { guest, type Grouped, type Listed } from './symmetric-readers.js';

/** The derived key, and the stored string with it, which verifies this password and no other. */
function checkDerived(
  algorithm: string,
  password: Uint8Array,
  options: OptionInput,
  expected: string,
  stored?: string,
): void {
  const setup = { algorithm, options, squeezes: expected.length / 2 };
  guest.withState(setup, (state) => {
    guest.absorb(state, password);
    requireSame(guest.squeeze(state, expected.length / 2), expected, 'derived key');
  });
  if (stored !== undefined) checkStored(algorithm, password, options, stored);
}

function checkStored(algorithm: string, password: Uint8Array, options: OptionInput, stored: string): void {
  const verified = (bytes: Uint8Array): string =>
    guest.withState({ algorithm, options }, (state) => {
      guest.absorb(state, bytes);
      const tag = guest.squeezeTag(state);
      return errnoOf(() => guest.tagVerify(tag, Buffer.from(stored, 'latin1')));
    });
  const right = verified(password);
  if (right !== 'Success') throw new Mismatch(`verifying gives ${right}`);
  const wrong = verified(password.length === 0 ? new Uint8Array([1]) : password.with(0, (password[0] ?? 0) ^ 1));
  if (wrong !== 'InvalidTag') throw new Mismatch(`verifying another password gives ${wrong}`);
}

/** Base64 as stored strings have it. */
function unpadded(hex: string): string {
  return Buffer.from(hex, 'hex').toString('base64').replace(/=+$/, '');
}

interface Argon2Test {
  readonly alg: string;
  readonly m: number;
  readonly t: number;
  readonly p: number;
  readonly password: string;
  readonly salt: string;
  readonly out: string;
}

/** Of Argon2id. Secrets and associated data, which some have, are nothing that a guest can give. */
export const argon2File: VectorReader = (data) =>
  (data as Listed<Argon2Test>).cases.flatMap(({ alg, m, t, p, password, salt, out }, index) => {
    if (alg !== 'ARGON2-ID') return [];
    const costs = { memory_limit: BigInt(m * 1024), ops_limit: BigInt(t), parallelism: BigInt(p) };
    const stored = `$argon2id$v=19$m=${m},t=${t},p=${p}$${unpadded(salt)}$${unpadded(out)}`;
    // What is stored is longer.
    const isStored = out.length >= 32;
    return [
      {
        number: index + 1,
        algorithm: '(extra) ARGON2-ID',
        run: () =>
          checkDerived(
            'ARGON2-ID-13',
            bytesOf(password),
            { ...costs, salt: bytesOf(salt) },
            out,
            isStored ? stored : undefined,
          ),
      },
    ];
  });

interface ScryptTest {
  readonly password: string;
  readonly salt: string;
  readonly N: number;
  readonly r: number;
  readonly p: number;
  readonly out: string;
}

/** Blocks of other sizes than 1 KiB are nothing that a guest can choose. */
export const scryptFile: VectorReader = (data) =>
  (data as Listed<ScryptTest>).cases.map(({ password, salt, N, r, p, out }, index) => ({
    number: index + 1,
    algorithm: '(extra) scrypt',
    run() {
      const costs = { memory_limit: BigInt(Math.max(2048, 128 * r * N)), ops_limit: BigInt(p) };
      if (r !== 8) throw new Mismatch('blocks of another size');
      checkDerived('SCRYPT', Buffer.from(password, 'latin1'), { ...costs, salt: bytesOf(salt) }, out);
    },
  }));

interface Pbkdf2Test {
  readonly tcId: number;
  readonly password: string;
  readonly salt: string;
  readonly iterationCount: number;
  readonly dk: string;
}

/** @param hash as the manifest has it, and as stored strings do */
export function wycheproofPbkdf2(algorithm: string, hash: string): VectorReader {
  return (data) =>
    (data as Grouped<unknown, Pbkdf2Test>).testGroups.flatMap(({ tests }) =>
      tests.map(({ tcId, password, salt, iterationCount, dk }) => ({
        number: tcId,
        algorithm: `(extra) PBKDF2-HMAC-${hash}`,
        run() {
          const options = { salt: bytesOf(salt), ops_limit: BigInt(iterationCount) };
          // What is stored has the size of the hash; it is the front of longer ones.
          const size = hash === 'SHA256' ? 64 : 128;
          const stored = `$pbkdf2-${hash.toLowerCase()}$i=${iterationCount}$${unpadded(salt)}$${unpadded(dk.slice(0, size))}`;
          checkDerived(algorithm, bytesOf(password), options, dk, dk.length < size ? undefined : stored);
        },
      })),
    );
}

interface BcryptTest {
  readonly password: string;
  readonly hash: string;
}

/** Stored strings: made anew with their salt, and verified. */
export const bcryptFile: VectorReader = (data) =>
  (data as Listed<BcryptTest>).cases.map(({ password, hash }, index) => ({
    number: index + 1,
    algorithm: '(extra) bcrypt',
    run() {
      const options = { ops_limit: BigInt(Number(hash.slice(4, 6))) };
      checkStored('BCRYPT', bytesOf(password), options, hash);
      guest.withState({ algorithm: 'BCRYPT', options: { ...options, salt: saltOf(hash) } }, (state) => {
        guest.absorb(state, bytesOf(password));
        const string = Buffer.from(guest.tagPull(guest.squeezeTag(state))).toString('latin1');
        requireSame(Buffer.from(string.slice(4)), hexOf(Buffer.from(hash.slice(4))), 'string');
      });
    },
  }));

/** Bytes of the salt: base64 with an alphabet of bcrypt's own. */
function saltOf(hash: string): Uint8Array {
  const own = './ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';
  let bits = 0n;
  for (const character of hash.slice(7, 29)) bits = (bits << 6n) | BigInt(own.indexOf(character));
  return bytesOf((bits >> 4n).toString(16).padStart(32, '0'));
}
