/**
 * Where the bytes of keys are, if not in records: an HSM, or anything else that uses keys without giving them out. A
 * record then holds a reference, sealed as other secrets are, and the keys that guests get of it compute elsewhere.
 */
import type { PublicKeyInfo } from '../contracts/keys.js';
import type { HeldKey, HeldSecret } from '../contracts/primitives.js';
import { copyOf } from '../bytes.js';
import { FieldReader, fields } from './fields.js';
import { SecretsError, type RecordKind } from './store.js';

export type KeyKind = Exclude<RecordKind, 'secret'>;

/**
 * Takes what a computation costs from the budget of the guest whose key it is, in units of `limits.callCost` (nanoseconds): keepers ask
 * before each. What it throws is the guest's answer.
 */
export type Charge = (cost: number) => void;

/** A key pair whose secret half is elsewhere. */
export interface KeptPair {
  /** Its `bytes` throw `prohibited_operation` (`fail` of `failures.ts`). */
  readonly held: HeldSecret;
  readonly info: PublicKeyInfo;
}

/**
 * Failures of the device while a key is used are thrown as the runtime's `algorithm_failure`; while keys are made, found or removed
 * as `SecretsError` (`unavailable`).
 */
export interface KeyKeeper {
  /** Stands in records, which find their keeper by it. */
  readonly name: string;
  /** Whether it has keys of this algorithm; guests get `unsupported_algorithm` otherwise. */
  has(kind: KeyKind, algorithm: string): boolean;
  /** Makes a key that never leaves. It is durable when this returns: a record is written afterwards. @returns what finds it again, at most 1 KiB */
  generate(kind: KeyKind, algorithm: string): Uint8Array;
  /** Of an algorithm for signatures or key exchange. */
  pair(algorithm: string, reference: Uint8Array, charge: Charge): KeptPair;
  /** Of a symmetric algorithm. */
  key(algorithm: string, reference: Uint8Array, charge: Charge): HeldKey;
  /** After the record is gone. Nothing happens if there is no such key. */
  remove(reference: Uint8Array): void;
  /** All keys that it has made, for `verify`, which finds those without a record. */
  references(): Iterable<Uint8Array>;
}

/** What a record holds of a key that is elsewhere. */
export interface Elsewhere {
  readonly keeper: string;
  readonly reference: Uint8Array;
}

export function writeElsewhere({ keeper, reference }: Elsewhere): Uint8Array {
  return fields(keeper, reference);
}

export function readElsewhere(payload: Uint8Array): Elsewhere {
  const reader = new FieldReader(payload);
  const keeper = reader.text();
  const reference = copyOf(reader.bytes());
  reader.end();
  return { keeper, reference };
}

/** Takes back a key whose record could not be written. Where that is uncertain it stays: `verify` finds a key without a record, but nobody finds again what a record lacks. */
export function takeBack(keeper: KeyKeeper, reference: Uint8Array, error: unknown): void {
  if (!(error instanceof SecretsError && error.code === 'uncertain')) keeper.remove(reference);
}
