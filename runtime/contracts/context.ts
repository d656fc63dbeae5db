/** What objects and algorithms may ask of the context that they work in. */
import type { Limits } from '../limits.js';
import type { Meter } from '../meter.js';

/** A source of random bytes. */
export interface Random {
  /** No source of the owner's: keys can as well come from OpenSSL's own generators, which draw from the same place. */
  readonly isSystem: boolean;
  /** New random bytes. Errors: `rng_error`. */
  bytes(length: number): Uint8Array<ArrayBuffer>;
}

export interface OperationContext {
  readonly limits: Limits;
  readonly meter: Meter;
  readonly random: Random;
  /** Memory that the guest lent by `options_set_guest_buffer`, as it is now. Faults where it no longer lies inside. */
  guestRange(pointer: number, length: number): Uint8Array;
}
