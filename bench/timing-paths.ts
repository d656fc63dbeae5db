/**
 * Timing evidence, after dudect (Reparaz, Balasch, Verbauwhede: "Dude, is my code constant time?"): two
 * classes of secret input are timed in random order, and Welch's t-test says whether their times differ.
 * A |t| above 10 is a leak, above 4.5 worth another look: such a path is measured twice more, and the least |t| counts,
 * since a leak comes again and what the machine did meanwhile does not. Lines that say so are planted leaks, which the
 * test must find, or the run proves nothing. Reported, never gated.
 */
import { KeypairEncoding, PublickeyEncoding, SecretkeyEncoding } from '../generated/0.10/typescript-host/types.js';
import { bytesPaths } from './timing-bytes.js';
import { Asymmetric } from '../test/guest/asymmetric.js';
import { errnoOf, Guest } from '../test/guest/guest.js';
import { Symmetric } from '../test/guest/symmetric.js';
import { isPasswordHash, macs, numbersOf } from '../test/guest/uses.js';
import { authenticatedCiphers, idsOf, supportedEntries } from '../test/registry.js';
import { numberPaths } from './timing-numbers.js';
import type { Path } from './timing-path.js';

const LOOK_AGAIN = 4.5;
const LEAK = 10;

/** What came of one path. */
export interface Timed {
  readonly path: string;
  readonly classes: string;
  readonly '|t|': number;
  readonly verdict: 'LEAK' | 'look again' | 'no difference seen';
}

/**
 * Every path, the planted leak first.
 *
 * @param samples runs of each class, about
 * @param only a part of the names of those that are wanted, beside the planted leak
 */
export function timed(samples: number, only = ''): readonly Timed[] {
  const wanted = paths().filter(({ name }, index) => index === 0 || name.includes(only));
  return wanted.map((path) => {
    const once = (): number => strongestT(measure(path, Math.ceil(samples / (path.slow ?? 1))));
    let t = once();
    for (let more = 0; more < 2 && t > LOOK_AGAIN; more += 1) t = Math.min(t, once());
    return {
      path: path.name,
      classes: path.classes.join(' / '),
      '|t|': Number(t.toFixed(1)),
      verdict: t > LEAK ? 'LEAK' : t > LOOK_AGAIN ? 'look again' : 'no difference seen',
    };
  });
}

/** Planted leaks that were not found, with what was measured: with one of them nothing is shown by a run. */
export function missedPlanted(rows: readonly Timed[]): readonly string[] {
  return rows
    .filter((row) => row.path.startsWith('planted leak') && row.verdict !== 'LEAK')
    .map((row) => `not found: ${row.path}, |t| ${row['|t|']}; nothing is shown by this run`);
}

/** Nanoseconds of each run, by class. The classes come in random order, so that drift hits both alike. */
function measure(path: Path, samples: number): readonly [number[], number[]] {
  const times: [number[], number[]] = [[], []];
  const warmUp = Math.min(5000, samples);
  for (let count = 0; count < samples + warmUp; count += 1) {
    const kind = Math.random() < 0.5 ? 0 : 1;
    path.prepare(kind);
    const start = process.hrtime.bigint();
    path.run();
    const end = process.hrtime.bigint();
    if (count >= warmUp) times[kind].push(Number(end - start));
  }
  return times;
}

/** The largest |t| over several cuts: long times are the scheduler's and the collector's, not the path's. */
function strongestT([left, right]: readonly [number[], number[]]): number {
  const sorted = [...left, ...right].sort((a, b) => a - b);
  return Math.max(
    ...[0.5, 0.75, 0.9, 0.95, 0.99].map((part) => {
      const cut = sorted[Math.floor(sorted.length * part)] ?? Infinity;
      return Math.abs(
        welch(
          left.filter((time) => time <= cut),
          right.filter((time) => time <= cut),
        ),
      );
    }),
  );
}

function welch(left: readonly number[], right: readonly number[]): number {
  // A cut can leave nothing of the slower class.
  if (left.length < 2 || right.length < 2) return 0;
  const [a, b] = [moments(left), moments(right)];
  const error = Math.sqrt(a.variance / left.length + b.variance / right.length);
  return error === 0 ? 0 : (a.mean - b.mean) / error;
}

function moments(times: readonly number[]): { readonly mean: number; readonly variance: number } {
  const mean = times.reduce((sum, time) => sum + time, 0) / Math.max(1, times.length);
  const variance = times.reduce((sum, time) => sum + (time - mean) ** 2, 0) / Math.max(1, times.length - 1);
  return { mean, variance };
}

/** Those whose smallest cost is nothing: decoding and comparing is the same for all. */
function isQuickPasswordHash(algorithm: (typeof macs)[number]): boolean {
  const { memory_limit: memory, ops_limit: passes } = numbersOf(algorithm);
  return isPasswordHash(algorithm) && memory === undefined && passes === 1n;
}

/** What this package computes itself. */
const owned = new Set(
  supportedEntries.flatMap(({ id, implementations }) =>
    implementations.some(({ backend }) => backend.kind === 'own') ? [id] : [],
  ),
);

function paths(): readonly Path[] {
  return [
    plantedLeak(),
    ...idsOf(macs.filter((mac) => !isPasswordHash(mac))).map(tagVerify),
    ...idsOf(macs.filter(isQuickPasswordHash)).map(passwordVerify),
    ...authenticatedCiphers.map(decryptTag),
    ...authenticatedCiphers.filter(({ id }) => owned.has(id)).map(encryptOwn),
    keyPairHalves(),
    scalarImport(),
    pemImport(),
    ...numberPaths(),
    ...bytesPaths(),
  ];
}

/** Bytes with the given one flipped: the first or the last of them. */
function flipped(bytes: Uint8Array, kind: 0 | 1): Uint8Array {
  const copy = Uint8Array.from(bytes);
  const at = kind === 0 ? 0 : copy.length - 1;
  copy[at] = (copy[at] as number) ^ 1;
  return copy;
}

/** A comparison that stops at the first difference. */
function plantedLeak(): Path {
  const secret = new Uint8Array(256).fill(7);
  let guess: Uint8Array = secret;
  return {
    name: 'planted leak: comparison that returns early',
    classes: ['first byte wrong', 'last byte wrong'],
    prepare: (kind) => {
      guess = flipped(secret, kind);
    },
    run: () => secret.every((byte, index) => byte === guess[index]),
  };
}

function tagVerify(algorithm: string): Path {
  const guest = new Guest();
  const symmetric = new Symmetric(guest);
  const state = symmetric.open(algorithm, symmetric.keyGenerate(algorithm));
  symmetric.absorb(state, new Uint8Array(40));
  const right = symmetric.tagPull(symmetric.squeezeTag(symmetric.clone(state)));
  const tag = symmetric.squeezeTag(state);
  const size = right.length;
  const pointer = guest.alloc(size);
  const wrong = [flipped(right, 0), flipped(right, 1)] as const;
  return {
    name: `symmetric_tag_verify, ${algorithm}`,
    classes: ['first byte wrong', 'last byte wrong'],
    prepare: (kind) => guest.bytes(pointer, size).set(wrong[kind]),
    run: () => guest.raw('symmetric_tag_verify', tag, pointer, size),
  };
}

/** A stored string whose hash differs early or late. */
function passwordVerify(algorithm: string): Path {
  const guest = new Guest();
  const symmetric = new Symmetric(guest);
  const state = symmetric.common.withOptions({ ops_limit: 1n }, (set) => symmetric.open(algorithm, undefined, set));
  symmetric.absorb(state, new Uint8Array(40));
  const right = symmetric.tagPull(symmetric.squeezeTag(state));
  const tag = symmetric.squeezeTag(state);
  const size = right.length;
  const pointer = guest.alloc(size);
  // The last character holds zeros, too.
  const places = [right.lastIndexOf(0x24) + 1, size - 2] as const;
  const [a, b] = [0x41, 0x42];
  const wrong = places.map((at) => right.with(at, right[at] === a ? b : a));
  return {
    name: `symmetric_tag_verify, ${algorithm}`,
    classes: ['first character of the hash wrong', 'last but one wrong'],
    prepare: (kind) => guest.bytes(pointer, size).set(wrong[kind] as Uint8Array),
    run: () => guest.raw('symmetric_tag_verify', tag, pointer, size),
  };
}

function decryptTag({ id: algorithm, nonce }: (typeof authenticatedCiphers)[number]): Path {
  const guest = new Guest();
  const symmetric = new Symmetric(guest);
  const key = symmetric.keyGenerate(algorithm);
  const options = nonce === undefined ? {} : { nonce: new Uint8Array(nonce.minimum) };
  const open = (): number => symmetric.common.withOptions(options, (set) => symmetric.open(algorithm, key, set));
  const message = new Uint8Array(64).fill(9);
  const sealed = symmetric.encrypt(open(), message);
  const state = open();
  const [data, out, size] = [guest.alloc(sealed.length), guest.alloc(message.length), guest.alloc(4)];
  const tag = sealed.subarray(message.length);
  const wrong = [flipped(tag, 0), flipped(tag, 1)] as const;
  return {
    name: `symmetric_state_decrypt, ${algorithm}`,
    classes: ['first byte of the tag wrong', 'last byte wrong'],
    prepare: (kind) => {
      guest.bytes(data, sealed.length).set(sealed);
      guest.bytes(data + message.length, sealed.length - message.length).set(wrong[kind]);
    },
    run: () => guest.raw('symmetric_state_decrypt', state, out, message.length, data, sealed.length, size),
  };
}

/** A key and a message of zeros, against random ones. */
function encryptOwn({ id: algorithm, key: rule, nonce }: (typeof authenticatedCiphers)[number]): Path {
  const guest = new Guest();
  const symmetric = new Symmetric(guest);
  const [keySize, messageSize, tagSize] = [rule?.minimum ?? 0, 256, 16];
  const options = nonce === undefined ? {} : { nonce: new Uint8Array(nonce.maximum) };
  const [data, out, size] = [guest.alloc(messageSize), guest.alloc(messageSize + tagSize), guest.alloc(4)];
  // Made beforehand, as many of each: making them would leave other traces than zeros do.
  const pool = (length: number): readonly (readonly Uint8Array[])[] =>
    [false, true].map((isRandom) =>
      Array.from({ length: 64 }, () => {
        const bytes = crypto.getRandomValues(new Uint8Array(length));
        return isRandom ? bytes : bytes.fill(0);
      }),
    );
  const [keyPool, messagePool] = [pool(keySize), pool(messageSize)];
  let state: number | undefined;
  return {
    name: `symmetric_state_encrypt, ${algorithm}`,
    classes: ['key and message of zeros', 'random ones'],
    prepare: (kind) => {
      if (state !== undefined) symmetric.close(state);
      const at = Math.floor(Math.random() * 64);
      const key = symmetric.keyImport(algorithm, keyPool[kind]?.[at] as Uint8Array);
      state = symmetric.common.withOptions(options, (set) => symmetric.open(algorithm, key, set));
      symmetric.keyClose(key);
      guest.bytes(data, messageSize).set(messagePool[kind]?.[at] as Uint8Array);
    },
    run: () =>
      guest.raw('symmetric_state_encrypt', state as number, out, messageSize + tagSize, data, messageSize, size),
  };
}

/** An Ed25519 key pair whose public half is a point, but not that of its seed: whether it is one is no secret. */
function keyPairHalves(): Path {
  const guest = new Guest();
  const asymmetric = new Asymmetric(guest);
  const pair = asymmetric.keypairExport(asymmetric.keypairGenerate('Ed25519'), KeypairEncoding.Raw);
  const wrong = [32, 63].map((at) => {
    for (let change = 1; change < 128; change += 1) {
      const copy = Uint8Array.from(pair);
      copy[at] = (copy[at] as number) ^ change;
      if (errnoOf(() => asymmetric.publickeyImport('Ed25519', copy.subarray(32), PublickeyEncoding.Raw)) === 'Success')
        return copy;
    }
    throw new Error('no point differs in this byte alone; run again');
  });
  return importPath(
    guest,
    'keypair_import, Ed25519 raw',
    ['first byte of the public half wrong', 'last byte wrong'],
    'Ed25519',
    KeypairEncoding.Raw,
    'keypair_import',
    pair.length,
    (kind) => wrong[kind] as Uint8Array,
  );
}

/** Scalars beyond the order of P-256, which differ from it early or late. */
function scalarImport(): Path {
  const order = Buffer.from('ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551', 'hex');
  const early = Uint8Array.from(order);
  early.set([0xff, 0xff, 0xff, 0xff], 4);
  const late = Uint8Array.from(order);
  late[31] = 0x52;
  const guest = new Guest();
  return importPath(
    guest,
    'secretkey_import, P-256 raw',
    ['beyond the order early', 'beyond it late'],
    'ECDSA_P256_SHA256',
    SecretkeyEncoding.Raw,
    'secretkey_import',
    32,
    (kind) => (kind === 0 ? early : late),
  );
}

/** A PEM text whose seed is fixed, against seeds that are random. */
function pemImport(): Path {
  const guest = new Guest();
  const asymmetric = new Asymmetric(guest);
  const pems = Array.from({ length: 64 }, () =>
    asymmetric.keypairExport(asymmetric.keypairGenerate('Ed25519'), KeypairEncoding.Pem),
  );
  const [fixed = new Uint8Array(0)] = pems;
  return importPath(
    guest,
    'keypair_import, Ed25519 PEM',
    ['one key', 'random keys'],
    'Ed25519',
    KeypairEncoding.Pem,
    'keypair_import',
    fixed.length,
    (kind) => (kind === 0 ? fixed : (pems[Math.floor(Math.random() * pems.length)] ?? fixed)),
  );
}

function importPath(
  guest: Guest,
  name: string,
  classes: readonly [string, string],
  algorithm: string,
  encoding: number,
  func: 'keypair_import' | 'secretkey_import',
  size: number,
  input: (kind: 0 | 1) => Uint8Array,
): Path {
  const [id, encoded, out] = [guest.put(new TextEncoder().encode(algorithm)), guest.alloc(size), guest.alloc(4)];
  const close = func === 'keypair_import' ? 'keypair_close' : 'secretkey_close';
  let last = -1;
  return {
    name,
    classes,
    prepare: (kind) => {
      if (last === 0) guest.raw(close, guest.u32(out));
      guest.bytes(encoded, size).set(input(kind));
    },
    run: () => {
      last = guest.raw(func, 0, id, algorithm.length, encoded, size, encoding, out);
    },
  };
}
