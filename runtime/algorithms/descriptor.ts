/**
 * What the runtime knows of an algorithm.
 *
 * How to use it: a file of a family exports `AlgorithmEntry` objects, which say what holds on every
 * machine and how to make the algorithm on this one; the table of the category (`symmetric/index.ts`,
 * `signatures/index.ts`, `key-exchange/index.ts`) lists them. The registry finds them by name; from there
 * on code, and the tests, ask entry and algorithm for what they are and never look at the name.
 */
import type { Backend, ConstantTime } from '../backends/backend.js';
import type { RuntimeContext } from '../context.js';
import type { KeyMaterial } from '../objects/symmetric-keys.js';
import type { SymmetricState } from '../objects/symmetric-states.js';
import type { OptionValues } from '../objects/option-sets.js';
import type { SymmetricOption } from '../objects/option-table.js';

/** An algorithm belongs to one; names of another are unknown to its functions. */
export type Category = 'signatures' | 'symmetric' | 'key-exchange';

/** Which of the proposal's tables an id stands in; `extra` are this host's own. */
export type Tier = 'required' | 'recommended' | 'optional' | 'extra';

/** What all algorithms have. */
export interface Algorithm {
  /** As the proposal spells it. */
  readonly id: string;
  readonly category: Category;
  /** Size of the modulus, for policies that set a floor. Only RSA has it. */
  readonly modulusBits?: number;
  /** Whether a changed ciphertext is detected. Undefined: it does not encrypt. */
  readonly authenticated?: boolean | undefined;
}

/** Publications of NIST that approve algorithms for FIPS 140-3 modules (SP 800-140C). */
export type Approval = `FIPS ${string}` | `SP 800-${string}`;

/** What is known of an algorithm on every machine. */
export interface AlgorithmFacts {
  readonly tier: Tier;
  /** The publication that approves it. Absent: it is not approved. */
  readonly approved?: Approval;
  /** The sources of vectors that it is tested with: their folders. A test demands one, and all that there are. */
  readonly vectors: readonly string[];
}

/** All about an algorithm. */
export interface AlgorithmEntry<A extends Algorithm = Algorithm> extends AlgorithmFacts {
  readonly id: string;
  readonly category: Category;
  /** Best first. */
  readonly implementations: readonly Implementation<A>[];
}

/** One implementation of an algorithm. */
export interface Implementation<A extends Algorithm = Algorithm> {
  readonly backend: Backend;
  readonly constantTime: ConstantTime;
  /**
   * Calls the primitive once and makes the algorithm. Runs at most once in a process, when the id is
   * first asked for; throws where this machine lacks it (`Unavailable` with the reason).
   */
  make(): A;
}

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

/** What a state is made of. Key and options are retained for it. */
export interface StateSetup {
  readonly algorithm: SymmetricAlgorithm;
  readonly context: RuntimeContext;
  readonly key: KeyMaterial | undefined;
  readonly options: OptionValues;
}

/** Literals give all properties, in this order: V8 then knows them by one shape. */
export interface SymmetricAlgorithm extends Algorithm {
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
  /** A new state. Everything above has been judged already. */
  open(setup: StateSetup): SymmetricState;
}
