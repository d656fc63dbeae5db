/** With the native backend and without it, a guest gets the same errnos and the same bytes. */
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { errnoName, Guest, newMemory, type ErrnoName } from '../guest/guest.js';
import { Symmetric } from '../guest/symmetric.js';
import { describeWithNative } from './available.js';

/** Where guests keep what they work on; sequences read and write it as they like. */
const FIELD = 65_536;
const FIELD_BYTES = 40_000;

const ids = [
  ...['SHA-256', 'SHA-384', 'SHA-512', 'SHA-512/256', 'HMAC/SHA-256', 'HMAC/SHA-512'],
  ...['HKDF-EXTRACT/SHA-256', 'HKDF-EXPAND/SHA-256', 'HKDF-EXPAND/SHA-512'],
  ...['AES-128-GCM', 'AES-256-GCM', 'CHACHA20-POLY1305'],
] as const;

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
  readonly id: (typeof ids)[number];
  readonly seed: number;
  readonly operations: readonly Operation[];
}

const sequence: fc.Arbitrary<Sequence> = fc.record({
  id: fc.constantFrom(...ids),
  seed: fc.nat(),
  operations: fc.array(operation, { maxLength: 12, minLength: 1, size: 'max' }),
});

/** Every errno of a sequence, and all of the memory it worked on. */
function run(native: 'required' | 'off', { id, seed, operations }: Sequence): readonly [ErrnoName[], Buffer] {
  const guest = new Guest({ native }, newMemory({ initial: 3 }));
  const symmetric = new Symmetric(guest);
  const field = guest.bytes(FIELD, FIELD_BYTES);
  for (let index = 0; index < field.length; index += 1) field[index] = Math.imul(index + seed, 0x9e37_79b1) >>> 13;
  const errnos: ErrnoName[] = [];
  const needsKey = !id.startsWith('SHA');
  const key = needsKey ? symmetric.keyImport(id, field.slice(0, keySize(id))) : undefined;
  const aead = /GCM|POLY/.test(id);
  let state = symmetric.common.withOptions(aead ? { nonce: field.slice(100, 112) } : undefined, (options) =>
    symmetric.open(id, key, options),
  );
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
        call('state_encrypt', state, out, room + 16, at, length, result);
        break;
      case 'encrypt_detached':
        if (call('state_encrypt_detached', state, out, room, at, length, result)) {
          tag = guest.u32(result);
          if (call('tag_pull', tag, tagAt, 16, result)) tag = 0;
        }
        break;
      case 'decrypt':
        call('state_decrypt', state, out, Math.max(0, room - 16), at, length, result);
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

function keySize(id: string): number {
  return id === 'AES-128-GCM' ? 16 : id.endsWith('SHA-512') ? 64 : 32;
}

describeWithNative('a guest of a host with the native backend and one without it', () => {
  it.each([1, 2, 3])('get the same errnos and bytes from random calls, seed %i', (seed) => {
    const seen = new Set<string>();
    fc.assert(
      fc.property(sequence, (each) => {
        const [errnos, memory] = run('required', each);
        const [expected, other] = run('off', each);
        for (const errno of errnos) seen.add(errno);
        expect(errnos).toEqual(expected);
        expect(memory.equals(other)).toBe(true);
      }),
      { seed, numRuns: 200 },
    );
    expect([...seen]).toEqual(expect.arrayContaining(['Success', 'InvalidTag', 'InvalidOperation', 'Overflow']));
  });
});
