/**
 * What the runtime knows of an algorithm.
 *
 * How to use it: a file of a family exports `AlgorithmEntry` objects, which say what holds on every
 * machine and how to make the algorithm on this one; the table of the category (`symmetric/index.ts`,
 * `signatures/index.ts`, `key-exchange/index.ts`) lists them. The registry finds them by name; from there
 * on code, and the tests, ask entry and algorithm for what they are and never look at the name.
 */
import type { Backend, ConstantTime } from '../backends/backend.js';
import type { Algorithm, Category } from '../contracts/algorithms.js';
import type { SymmetricRules } from '../objects/symmetric-rules.js';
import type { StateSetup, SymmetricState } from '../objects/symmetric-states.js';

/** Which of the proposal's tables an id stands in; `extra` are this host's own. */
export type Tier = 'required' | 'recommended' | 'optional' | 'extra';

/** Publications of NIST that approve algorithms for FIPS 140-3 modules (SP 800-140C). */
export type Approval = `FIPS ${string}` | `SP 800-${string}`;

/** What is known of an algorithm on every machine. */
export interface AlgorithmFacts {
  readonly tier: Tier;
  /** The publication that approves it. Absent: it is not approved. */
  readonly approved?: Approval;
  /**
   * Every call counts for those that follow: input in two parts is other input than the same at once, and no output comes
   * twice.
   */
  readonly session?: true;
  /** The input is a list: what one call absorbs is other input than the same in two. */
  readonly tuples?: true;
  /** It hashes passwords: slow on purpose, and its tags are strings for a database. */
  readonly passwords?: true;
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

/** Literals give all properties, in their order: V8 then knows them by one shape. */
export interface SymmetricAlgorithm extends SymmetricRules {
  /** A new state. Everything that the rules say has been judged already. */
  open(setup: StateSetup): SymmetricState;
}
