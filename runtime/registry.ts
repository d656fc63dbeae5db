/**
 * From names to algorithms.
 *
 * How to use it: `context.algorithms.symmetric(name)`, `.signature(name)`, `.keyExchange(name)` give
 * the algorithm object or throw `unsupported_algorithm` or `prohibited_operation`. To add an
 * algorithm, put a `Candidate` into the table of its family; nothing changes here.
 */
import { fail } from './failures.js';
import type { Algorithm, Candidate, Category, SymmetricAlgorithm, Tier } from './algorithms/descriptor.js';
import { keyExchangeCandidates } from './algorithms/key-exchange/index.js';
import type { KeyExchangeAlgorithm } from './algorithms/key-exchange/algorithm.js';
import { signatureCandidates } from './algorithms/signatures/index.js';
import type { SignatureAlgorithm } from './algorithms/signatures/algorithm.js';
import { symmetricCandidates } from './algorithms/symmetric/index.js';
import { Unavailable, type ConstantTime } from './backends/backend.js';
import { catalogue } from './catalogue.js';
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
  /** Why it is not supported. */
  readonly reason?: string;
}

/** What came of trying a candidate on this machine. */
type Trial = { readonly algorithm: Algorithm } | { readonly reason: string };

const candidates = groupById([...symmetricCandidates, ...signatureCandidates, ...keyExchangeCandidates]);
const trials = new Map<Candidate, Trial>();

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

  /** Every id of the proposal and of ours, in the order of the catalogue. Tries all candidates. */
  report(): readonly AlgorithmReport[] {
    return catalogue.map(({ id, category, tier }) => {
      const reasons: string[] = [];
      for (const candidate of candidates.get(foldName(id) as string) ?? []) {
        const trial = tried(candidate);
        const reason = 'reason' in trial ? trial.reason : this.#policy.objection(candidate, trial.algorithm);
        if (reason === undefined) {
          return {
            id,
            category,
            tier,
            supported: true,
            backend: candidate.backend.name,
            constantTime: candidate.constantTime,
          };
        }
        reasons.push(`${candidate.backend.name}: ${reason}`);
      }
      return {
        id,
        category,
        tier,
        supported: false,
        reason: reasons.length === 0 ? 'not implemented by this host' : reasons.join('; '),
      };
    });
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
    let refused = false;
    for (const candidate of candidates.get(foldName(name) ?? '') ?? []) {
      const trial = tried(candidate);
      if ('reason' in trial) continue;
      if (trial.algorithm.category !== category) break;
      if (this.#policy.objection(candidate, trial.algorithm) === undefined) {
        if (this.#found.size < REMEMBERED_SPELLINGS) this.#found.set(name, trial.algorithm);
        return trial.algorithm;
      }
      refused = true;
    }
    throw refused ? fail.ProhibitedOperation : fail.UnsupportedAlgorithm;
  }
}

/** Whether the id is one of the proposal's or ours; whether anything implements it is another question. */
export function isKnownId(id: string): boolean {
  const folded = foldName(id);
  return catalogue.some((entry) => foldName(entry.id) === folded);
}

function tried(candidate: Candidate): Trial {
  let trial = trials.get(candidate);
  if (trial === undefined) {
    trial = tryOut(candidate);
    trials.set(candidate, trial);
  }
  return trial;
}

function tryOut(candidate: Candidate): Trial {
  try {
    return { algorithm: candidate.make() };
  } catch (error) {
    if (error instanceof Unavailable) return { reason: error.message };
    return { reason: error instanceof Error ? `the trial failed: ${error.message}` : 'the trial failed' };
  }
}

function groupById(all: readonly Candidate[]): ReadonlyMap<string, readonly Candidate[]> {
  const grouped = new Map<string, Candidate[]>();
  for (const candidate of all) {
    const id = foldName(candidate.id) as string;
    const known = grouped.get(id);
    if (known === undefined) grouped.set(id, [candidate]);
    else known.push(candidate);
  }
  return grouped;
}
