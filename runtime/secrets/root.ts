/**
 * The state of a store as a whole, in one sealed setting that every transaction writes: how many there were, where the
 * log ends, and a digest over all heads (`head-tree.ts`).
 */
import { copyOf } from '../bytes.js';
import { fields, FieldReader } from './fields.js';
import { emptyTop } from './head-tree.js';

export interface Root {
  /** How many transactions have written. */
  readonly changes: bigint;
  /** The top of the tree of heads. */
  readonly heads: Uint8Array;
  /** Lines of the log. */
  readonly logged: bigint;
  /** Of the last line; all zeros before the first. */
  readonly chain: Uint8Array;
}

export const emptyRoot: Root = { changes: 0n, heads: emptyTop, logged: 0n, chain: new Uint8Array(32) };

export function writeRoot({ changes, heads, logged, chain }: Root): Uint8Array {
  return fields(changes, heads, logged, chain);
}

export function readRoot(bytes: Uint8Array): Root {
  const reader = new FieldReader(bytes);
  const changes = reader.number();
  const heads = copyOf(reader.bytes());
  const logged = reader.number();
  const chain = copyOf(reader.bytes());
  reader.end();
  return { changes, heads, logged, chain };
}
