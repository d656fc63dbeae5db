/** What objects and interfaces ask of a symmetric algorithm. */
import type { Algorithm } from '../contracts/algorithms.js';
import type { SymmetricOption } from './option-table.js';

/** Which keys a symmetric algorithm takes. Sizes in bytes. */
export interface KeyRule {
  readonly required: boolean;
  readonly minimum: number;
  readonly maximum: number;
  /** Size of generated keys; undefined: keys cannot be generated. */
  readonly generated: number | undefined;
}

/** Which nonces a symmetric algorithm takes. Sizes in bytes. */
export interface NonceRule {
  readonly minimum: number;
  readonly maximum: number;
  /**
   * What happens without one: `refused` where random ones are too short to be safe, `generated`, or
   * `allowed` where the algorithm works without.
   */
  readonly absent: 'refused' | 'generated' | 'allowed';
}

/** What is said of a symmetric algorithm, and judged before any of its code runs. */
export interface SymmetricRules extends Algorithm {
  readonly category: 'symmetric';
  /** Undefined: takes no key. */
  readonly key: KeyRule | undefined;
  /** Undefined: takes no nonce. */
  readonly nonce: NonceRule | undefined;
  /** The options it defines. */
  readonly options: readonly SymmetricOption[];
  /** Those of them without which no state opens (`parameters_missing`). */
  readonly requiredOptions: readonly SymmetricOption[];
  /**
   * How many bytes squeezing gives where the guest cannot say (WIT 0.11), unless it sets `output_len`;
   * undefined: it has to, or the algorithm does not squeeze.
   */
  readonly naturalOutput: number | undefined;
  readonly authenticated: boolean | undefined;
}
