/**
 * The state of a store as a whole, in one sealed setting that every transaction writes: how many there were, where the
 * log begins and ends, and digests over all heads and all totals (`seal-tree.ts`).
 */
import { copyOf } from '../bytes.js';
import { fields, FieldReader } from './fields.js';
import { emptyTop } from './seal-tree.js';

/** A line of the log: its number, and its code. All zeros before the first. */
export interface LogPlace {
  readonly logged: bigint;
  readonly chain: Uint8Array;
}

/** With the last line of the log. */
export interface Root extends LogPlace {
  /** How many transactions have written. */
  readonly changes: bigint;
  /** The top of the tree of heads. */
  readonly heads: Uint8Array;
  /** That of the totals of tenants. */
  readonly totals: Uint8Array;
  /** The last line that the owner took away. */
  readonly start: LogPlace;
}

const beforeAll: LogPlace = { logged: 0n, chain: new Uint8Array(32) };
export function emptyRoot(): Root {
  return { changes: 0n, heads: emptyTop(), totals: emptyTop(), ...beforeAll, start: beforeAll };
}

export function writeRoot({ changes, heads, totals, logged, chain, start }: Root): Uint8Array {
  return fields(changes, heads, totals, logged, chain, start.logged, start.chain);
}

export function readRoot(bytes: Uint8Array): Root {
  const reader = new FieldReader(bytes);
  const place = (): LogPlace => ({ logged: reader.number(), chain: copyOf(reader.bytes()) });
  const changes = reader.number();
  const heads = copyOf(reader.bytes());
  const totals = copyOf(reader.bytes());
  const root = { changes, heads, totals, ...place(), start: place() };
  reader.end();
  return root;
}
