/** Whatever backend computes, a guest gets the same errnos and the same bytes. */
import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { BackendKind } from '../../runtime/backends/backend.js';
import { createWasiCrypto, type WasiCryptoOptions } from '../../runtime/index.js';
import { backendKinds } from '../../runtime/policy.js';
import { errnoName, Guest, newMemory, type ErrnoName } from '../guest/guest.js';
import { Symmetric } from '../guest/symmetric.js';
import { isPasswordHash } from '../guest/uses.js';
import { algorithms, symmetricAlgorithms } from '../registry.js';
import { describeWithNative } from './available.js';

/** Where guests keep what they work on; sequences read and write it as they like. */
const FIELD = 65_536;
const FIELD_BYTES = 40_000;

/** The backends that have an algorithm, each by itself; those that have company. Password hashes draw salts. */
const backendsOf = new Map(
  symmetricAlgorithms
    .filter((algorithm) => !isPasswordHash(algorithm))
    .map(({ id }) => [id, backendKinds.filter((kind) => hasAlone(kind, id))] as const)
    .filter(([, kinds]) => kinds.length > 1),
);
const ids = [...backendsOf.keys()];

function optionsFor(kind: BackendKind): WasiCryptoOptions {
  return { policy: { backends: [kind], unauthenticatedCiphers: true } };
}

function hasAlone(kind: BackendKind, id: string): boolean {
  const host = createWasiCrypto(optionsFor(kind));
  const has = host.capabilities().algorithms.some((each) => each.id === id && each.supported);
  host.close();
  return has;
}

const size = fc.oneof(
  fc.constantFrom(0, 1, 12, 15, 16, 17, 31, 32, 33, 48, 63, 64, 65, 80, 127, 128, 129),
  fc.constantFrom(4079, 4080, 4095, 4096, 4097, 4112, 9000),
);
/** Few places, so that ranges overlap, whole and in part. */
const place = fc.constantFrom(0, 1, 8, 16, 17, 64, 5000, 5001, 20_000).map((at) => FIELD + at);
const operation = fc.record({
  what: fc.constantFrom(
    ...(['absorb', 'absorb', 'squeeze', 'squeeze_tag', 'tag_pull', 'tag_verify', 'squeeze_key', 'clone'] as const),
    ...(['encrypt', 'encrypt_detached', 'decrypt', 'decrypt', 'decrypt_detached', 'spoil'] as const),
  ),
  at: place,
  out: place,
  length: size,
  /** Added to the size that fits. */
  more: fc.constantFrom(0, 0, 0, 0, 1, -1, 16),
  /** Where a tag is read. */
  tag: place,
});
type Operation = typeof operation extends fc.Arbitrary<infer T> ? T : never;

interface Sequence {
  readonly id: string;
  readonly seed: number;
  readonly operations: readonly Operation[];
}

const sequences = (): fc.Arbitrary<Sequence> =>
  fc.record({
    id: fc.constantFrom(...ids),
    seed: fc.nat(),
    operations: fc.array(operation, { maxLength: 12, minLength: 1, size: 'max' }),
  });

/** Every errno of a sequence, and all of the memory it worked on. */
function run(kind: BackendKind, { id, seed, operations }: Sequence): readonly [ErrnoName[], Buffer] {
  const guest = new Guest(optionsFor(kind), newMemory({ initial: 3 }));
  const symmetric = new Symmetric(guest);
  const field = guest.bytes(FIELD, FIELD_BYTES);
  for (let index = 0; index < field.length; index += 1) field[index] = Math.imul(index + seed, 0x9e37_79b1) >>> 13;
  const errnos: ErrnoName[] = [];
  const { key: keys, nonce } = algorithms.symmetric(id);
  const key = keys === undefined ? undefined : symmetric.keyImport(id, field.slice(0, keys.generated ?? keys.minimum));
  const withNonce = nonce !== undefined && (nonce.absent !== 'allowed' || seed % 2 === 0);
  const options = withNonce ? { nonce: field.slice(100, 100 + Math.min(nonce.maximum, 24)) } : undefined;
  let state = symmetric.common.withOptions(options, (set) => symmetric.open(id, key, set));
  const overhead = keys === undefined ? 0 : overheadOf(symmetric, state);
  let tag = 0;
  const call = (name: string, ...args: readonly number[]): boolean => {
    errnos.push(errnoName(guest.raw(`symmetric_${name}`, ...args)));
    return errnos.at(-1) === 'Success';
  };
  const result = guest.alloc(4);
  const [next, nextLength] = guest.text(id.replace('EXTRACT', 'EXPAND'));
  for (const { what, at, out, length, more, tag: tagAt } of operations) {
    const room = Math.max(0, length + more);
    switch (what) {
      case 'absorb':
        call('state_absorb', state, at, length);
        break;
      case 'squeeze':
        call('state_squeeze', state, out, length);
        break;
      case 'squeeze_tag':
        if (call('state_squeeze_tag', state, result)) tag = guest.u32(result);
        break;
      case 'tag_pull':
        call('tag_pull', tag, out, Math.max(0, 64 + more), result);
        break;
      case 'tag_verify':
        call('tag_verify', tag, tagAt, length);
        break;
      case 'squeeze_key':
        if (call('state_squeeze_key', state, next, nextLength, result))
          guest.bytes(out, 64).set(Buffer.from(symmetric.keyExport(guest.u32(result))));
        break;
      case 'clone':
        if (call('state_clone', state, result)) state = guest.u32(result);
        break;
      case 'encrypt':
        call('state_encrypt', state, out, room + overhead, at, length, result);
        break;
      case 'encrypt_detached':
        if (call('state_encrypt_detached', state, out, room, at, length, result)) {
          tag = guest.u32(result);
          if (call('tag_pull', tag, tagAt, 16, result)) tag = 0;
        }
        break;
      case 'decrypt':
        call('state_decrypt', state, out, Math.max(0, room - (id.includes('CBC') ? 0 : overhead)), at, length, result);
        break;
      case 'decrypt_detached':
        call('state_decrypt_detached', state, out, room, at, length, tagAt, 16, result);
        break;
      case 'spoil':
        field[at - FIELD] = (field[at - FIELD] ?? 0) ^ 1;
        break;
    }
  }
  const memory = Buffer.from(field);
  guest.host.close();
  return [errnos, memory];
}

/** By how much a ciphertext is longer; 0 where there is none. */
function overheadOf(symmetric: Symmetric, state: number): number {
  try {
    return symmetric.maxTagLen(state);
  } catch {
    return 0;
  }
}

// Without it the few that have two backends say little.
describeWithNative('guests whose hosts have one backend each', () => {
  it.each([1, 2, 3])('get the same errnos and bytes from random calls, seed %i', (seed) => {
    const seen = new Set<string>();
    fc.assert(
      fc.property(sequences(), (each) => {
        const [first, ...others] = backendsOf.get(each.id) ?? [];
        const [errnos, memory] = run(first as BackendKind, each);
        for (const errno of errnos) seen.add(errno);
        for (const other of others) {
          const [same, bytes] = run(other, each);
          expect(same, `${each.id} on ${other}`).toEqual(errnos);
          expect(bytes.equals(memory), `${each.id} on ${other}`).toBe(true);
        }
      }),
      { seed, numRuns: 25 * ids.length },
    );
    expect([...seen]).toEqual(expect.arrayContaining(['Success', 'InvalidTag', 'InvalidOperation', 'Overflow']));
  });
});
