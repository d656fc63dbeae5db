/** Which backend computes: the best that this machine has and the policy allows. */
import type { GroupArithmetic, ModularArithmetic } from '../backends/arithmetic/arithmetic.js';
import { writeBigInt } from '../backends/arithmetic/bigints.js';
import { bigints, bigintResidues } from '../backends/arithmetic/bigint-residues.js';
import { groups, type GroupFacts } from '../backends/arithmetic/groups.js';
import { libsodium } from '../backends/libsodium.js';
import { sodiumGroup } from '../backends/arithmetic/sodium-groups.js';
import { nobleGroup } from '../backends/arithmetic/noble-groups.js';
import { Unavailable, type Backend } from '../backends/backend.js';
import { native } from '../backends/native/backend.js';
import { nativeGroup } from '../backends/native/points.js';
import { nativeResidues } from '../backends/native/residues.js';
import { nobleCurves } from '../backends/noble.js';
import { openssl } from '../backends/openssl/backend.js';
import { fail } from '../failures.js';
import { foldName } from '../names.js';
import type { Policy } from '../policy.js';

/** A group and what computes in it. */
export interface Arithmetic {
  readonly facts: GroupFacts;
  readonly elements: GroupArithmetic;
  /** Modulo the order of the group. */
  readonly scalars: ModularArithmetic;
}

interface ModularCandidate {
  readonly backend: Backend;
  /** Throws `Unavailable`, or answers undefined for numbers that it does not take. @param policy says what else may be used */
  make(modulus: Uint8Array, policy: Policy): ModularArithmetic | undefined;
}

interface GroupCandidate {
  readonly backend: Backend;
  /** Throws `Unavailable`, or answers undefined for groups that it does not have. */
  make(facts: GroupFacts): GroupArithmetic | undefined;
}

/** The best first. */
const modularCandidates: readonly ModularCandidate[] = [
  { backend: native, make: nativeResidues },
  {
    backend: bigints,
    make: (modulus, policy) => bigintResidues(modulus, policy.backendObjection(openssl) === undefined),
  },
];

/** The best first. */
const groupCandidates: readonly GroupCandidate[] = [
  { backend: native, make: nativeGroup },
  { backend: libsodium, make: sodiumGroup },
  { backend: nobleCurves, make: nobleGroup },
];

/** Made once for each backend and group: for all guests. */
const madeGroups = new Map<string, GroupArithmetic | undefined>();
const madeScalars = new Map<string, ModularArithmetic | undefined>();

const byName: ReadonlyMap<string | undefined, GroupFacts> = new Map(groups.map((each) => [foldName(each.name), each]));

/** The group as its standard spells it; undefined: there is none of that name. */
export function knownGroup(name: string): GroupFacts | undefined {
  return byName.get(foldName(name));
}

/** Errors: `prohibited_operation` where the policy allows no backend. @param modulus big-endian, its first byte not 0 */
export function modularArithmetic(policy: Policy, modulus: Uint8Array): ModularArithmetic {
  return best(policy, modularCandidates, ({ make }) => unlessUnavailable(() => make(modulus, policy)));
}

/** Errors: `prohibited_operation` where the policy allows no backend. */
export function groupArithmetic(policy: Policy, facts: GroupFacts): Arithmetic {
  const elements = best(policy, groupCandidates, ({ backend, make }) =>
    once(madeGroups, backend, facts, () => make(facts)),
  );
  // Nothing of scalars depends on what else a policy allows: they have no exponents.
  const scalars = best(policy, modularCandidates, ({ backend, make }) =>
    once(madeScalars, backend, facts, () => make(orderBytes(facts), policy)),
  );
  return { facts, elements, scalars };
}

function best<C extends { readonly backend: Backend }, T>(
  policy: Policy,
  candidates: readonly C[],
  make: (candidate: C) => T | undefined,
): T {
  for (const candidate of candidates) {
    if (policy.backendObjection(candidate.backend) !== undefined) continue;
    const found = make(candidate);
    if (found !== undefined) return found;
  }
  throw fail.ProhibitedOperation;
}

function once<T>(
  made: Map<string, T | undefined>,
  backend: Backend,
  facts: GroupFacts,
  make: () => T | undefined,
): T | undefined {
  const key = `${backend.name} ${facts.name}`;
  if (!made.has(key)) made.set(key, unlessUnavailable(make));
  return made.get(key);
}

function orderBytes({ order, scalarLength }: GroupFacts): Uint8Array {
  const bytes = new Uint8Array(scalarLength);
  writeBigInt(order, bytes);
  return bytes.subarray(bytes.findIndex((byte) => byte !== 0));
}

function unlessUnavailable<T>(make: () => T | undefined): T | undefined {
  try {
    return make();
  } catch (error) {
    if (error instanceof Unavailable) return undefined;
    throw error;
  }
}
