/**
 * From names to algorithms.
 *
 * How to use it: `context.algorithms.symmetric(name)`, `.signature(name)`, `.keyExchange(name)` give
 * the algorithm object or throw `unsupported_algorithm` or `prohibited_operation`. To add an
 * algorithm, put its `AlgorithmEntry` into the table of its category; nothing changes here.
 */
import type { Algorithm, Category, KeyExchangeAlgorithm, SignatureAlgorithm } from './contracts/algorithms.js';
import { fail } from './failures.js';
import type { AlgorithmEntry, Approval, Implementation, SymmetricAlgorithm, Tier } from './algorithms/descriptor.js';
import { keyExchanges } from './algorithms/key-exchange/index.js';
import { signatures } from './algorithms/signatures/index.js';
import { symmetricAlgorithms } from './algorithms/symmetric/index.js';
import { Unavailable, type ConstantTime } from './backends/backend.js';
import { foldName } from './names.js';
import type { Policy } from './policy.js';

/** One line of the capability report. */
export interface AlgorithmReport {
  readonly id: string;
  readonly category: Category;
  readonly tier: Tier;
  /** Whether a guest of this context can use it. */
  readonly supported: boolean;
  /** Name and version of the implementation in use. */
  readonly backend?: string;
  readonly constantTime?: ConstantTime;
  /** The publication of NIST that approves it, whatever does it here; absent: none. */
  readonly approved?: Approval;
  /** Why it is not supported. */
  readonly reason?: string;
  /** Why better implementations than the one in use are not: each with its name. */
  readonly passedOver?: readonly string[];
}

/** What came of trying an implementation on this machine. */
type Trial = { readonly algorithm: Algorithm } | { readonly reason: string };

/** An algorithm that guests of a context can use. */
export interface Described {
  readonly entry: AlgorithmEntry;
  readonly implementation: Implementation;
  readonly algorithm: Algorithm;
}

/** All algorithms of this host, on whatever machine. */
export const entries: readonly AlgorithmEntry[] = [...signatures, ...keyExchanges, ...symmetricAlgorithms];

const byName: ReadonlyMap<string | undefined, AlgorithmEntry> = new Map(
  entries.map((each) => [foldName(each.id), each]),
);
const trials = new Map<Implementation, Trial>();

const tiers: readonly Tier[] = ['required', 'recommended', 'optional', 'extra'];
const categories: readonly Category[] = ['signatures', 'key-exchange', 'symmetric'];
/** Every id of the proposal and of ours, in the order of the report. */
const listed: readonly AlgorithmEntry[] = tiers.flatMap((tier) =>
  categories.flatMap((category) => entries.filter((each) => each.tier === tier && each.category === category)),
);

/** How many spellings of names a context remembers: a guest can make up any number of them. */
const REMEMBERED_SPELLINGS = 256;

/** The algorithms that one context offers: those this machine has and its policy allows. */
export class Algorithms {
  readonly #policy: Policy;
  readonly #found = new Map<string, Algorithm>();
  #closed = false;

  constructor(policy: Policy) {
    this.#policy = policy;
  }

  symmetric(name: string): SymmetricAlgorithm {
    return this.#find('symmetric', name) as SymmetricAlgorithm;
  }

  signature(name: string): SignatureAlgorithm {
    return this.#find('signatures', name) as SignatureAlgorithm;
  }

  keyExchange(name: string): KeyExchangeAlgorithm {
    return this.#find('key-exchange', name) as KeyExchangeAlgorithm;
  }

  /** What a name of any category means here. Errors: `unsupported_algorithm`, also for what is forbidden. */
  described(name: string): Described {
    const entry = byName.get(foldName(name));
    for (const implementation of entry?.implementations ?? []) {
      if (entry === undefined || this.#policy.backendObjection(implementation.backend) !== undefined) continue;
      const trial = tried(implementation);
      if ('algorithm' in trial && this.#policy.objection(entry, implementation, trial.algorithm) === undefined)
        return { entry, implementation, algorithm: trial.algorithm };
    }
    throw fail.UnsupportedAlgorithm;
  }

  /** Every id of the proposal and of ours, by tier. Tries all implementations. */
  report(): readonly AlgorithmReport[] {
    return listed.map((entry) => {
      const { id, category, tier } = entry;
      const facts = { id, category, tier, ...(entry.approved === undefined ? {} : { approved: entry.approved }) };
      const reasons: string[] = [];
      for (const implementation of entry.implementations) {
        const { backend, constantTime } = implementation;
        const reason = this.#policy.backendObjection(backend) ?? this.#objection(entry, implementation);
        if (reason === undefined) {
          const passedOver = reasons.length === 0 ? {} : { passedOver: reasons };
          return { ...facts, supported: true, backend: backend.name, constantTime, ...passedOver };
        }
        reasons.push(`${backend.name}: ${reason}`);
      }
      return { ...facts, supported: false, reason: reasons.join('; ') };
    });
  }

  #objection(entry: AlgorithmEntry, implementation: Implementation): string | undefined {
    const trial = tried(implementation);
    return 'reason' in trial ? trial.reason : this.#policy.objection(entry, implementation, trial.algorithm);
  }

  /** From now on every name answers `invalid_handle`, as everything does after the context was closed. */
  close(): void {
    this.#closed = true;
    this.#found.clear();
  }

  #find(category: Category, name: string): Algorithm {
    const found = this.#found.get(name) ?? this.#search(category, name);
    if (found.category !== category) throw fail.UnsupportedAlgorithm;
    return found;
  }

  #search(category: Category, name: string): Algorithm {
    if (this.#closed) throw fail.InvalidHandle;
    const entry = byName.get(foldName(name));
    if (entry === undefined || entry.category !== category) throw fail.UnsupportedAlgorithm;
    let refused = false;
    for (const implementation of entry.implementations) {
      if (this.#policy.backendObjection(implementation.backend) !== undefined) {
        refused = true;
        continue;
      }
      const trial = tried(implementation);
      if ('reason' in trial) continue;
      if (this.#policy.objection(entry, implementation, trial.algorithm) === undefined) {
        if (this.#found.size < REMEMBERED_SPELLINGS) this.#found.set(name, trial.algorithm);
        return trial.algorithm;
      }
      refused = true;
    }
    throw refused ? fail.ProhibitedOperation : fail.UnsupportedAlgorithm;
  }
}

/** The id that a name means, as its entry spells it; whether this machine has it is another question. */
export function knownId(name: string): string | undefined {
  return byName.get(foldName(name))?.id;
}

function tried(implementation: Implementation): Trial {
  let trial = trials.get(implementation);
  if (trial === undefined) {
    trial = tryOut(implementation);
    trials.set(implementation, trial);
  }
  return trial;
}

function tryOut(implementation: Implementation): Trial {
  try {
    return { algorithm: implementation.make() };
  } catch (error) {
    if (error instanceof Unavailable) return { reason: error.message };
    return { reason: error instanceof Error ? `the trial failed: ${error.message}` : 'the trial failed' };
  }
}
