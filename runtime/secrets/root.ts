/**
 * The state of a store as a whole, in one sealed setting that every transaction writes: how many there were, where the
 * log ends, and a sum over all heads. The sum is one of codes under a key of the store, modulo 2^256: adding and
 * taking away a head costs the same in a store of a million, and nobody without the key finds heads with the same sum.
 * `verify` (`walk.ts`) computes it again.
 */
import { copyOf } from '../bytes.js';
import { fields, FieldReader } from './fields.js';
import type { Envelope } from './envelope.js';
import type { KeyRecord } from './store.js';

export interface Root {
  /** How many transactions have written. */
  readonly changes: bigint;
  readonly sum: bigint;
  /** Lines of the log. */
  readonly logged: bigint;
  /** Of the last line; all zeros before the first. */
  readonly chain: Uint8Array;
}

const SUM_BYTES = 32;
const SUMS = 2n ** 256n;

export const emptyRoot: Root = { changes: 0n, sum: 0n, logged: 0n, chain: new Uint8Array(32) };

export function writeRoot({ changes, sum, logged, chain }: Root): Uint8Array {
  return fields(changes, Buffer.from(sum.toString(16).padStart(2 * SUM_BYTES, '0'), 'hex'), logged, chain);
}

export function readRoot(bytes: Uint8Array): Root {
  const reader = new FieldReader(bytes);
  const changes = reader.number();
  const sum = numberOf(reader.bytes());
  const logged = reader.number();
  const chain = copyOf(reader.bytes());
  reader.end();
  return { changes, sum, logged, chain };
}

/** What a head adds to the sum. */
export function shareOf(envelope: Envelope, head: KeyRecord): bigint {
  return numberOf(envelope.code('sum of heads', fields(head.tenant, head.id, head.wrapped)));
}

export function added(sum: bigint, share: bigint): bigint {
  return (sum + share) % SUMS;
}

export function taken(sum: bigint, share: bigint): bigint {
  return (sum - share + SUMS) % SUMS;
}

function numberOf(bytes: Uint8Array): bigint {
  return BigInt(`0x${Buffer.from(bytes).toString('hex')}`);
}
