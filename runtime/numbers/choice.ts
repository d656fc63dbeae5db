/** Which backend computes: the best that this machine has and the policy allows. */
import type { GroupArithmetic, ModularArithmetic } from '../backends/arithmetic/arithmetic.js';
import { writeBigInt } from '../backends/arithmetic/bigints.js';
import { bigints, bigintResidues } from '../backends/arithmetic/bigint-residues.js';
import { groups, type GroupFacts } from '../backends/arithmetic/groups.js';
import { nobleGroup } from '../backends/arithmetic/noble-groups.js';
import { Unavailable, type Backend } from '../backends/backend.js';
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
  /** Throws `Unavailable`, or answers undefined for numbers that it does not take. */
  make(modulus: Uint8Array, policy: Policy): ModularArithmetic | undefined;
}

interface GroupCandidate {
  readonly backend: Backend;
  /** Throws `Unavailable`, or answers undefined for groups that it does not have. */
  make(facts: GroupFacts): GroupArithmetic | undefined;
}

/** The best first. */
const modularCandidates: readonly ModularCandidate[] = [
  {
    backend: bigints,
    make: (modulus, policy) => bigintResidues(modulus, policy.backendObjection(openssl) === undefined),
  },
];

/** The best first. */
const groupCandidates: readonly GroupCandidate[] = [{ backend: nobleCurves, make: nobleGroup }];

/** Made once for each backend: for all guests. */
const made = new Map<string, GroupArithmetic | undefined>();

const byName: ReadonlyMap<string | undefined, GroupFacts> = new Map(groups.map((each) => [foldName(each.name), each]));

/** The group as its standard spells it; undefined: there is none of that name. */
export function knownGroup(name: string): GroupFacts | undefined {
  return byName.get(foldName(name));
}

/** Errors: `prohibited_operation` where the policy allows no backend. @param modulus big-endian, its first byte not 0 */
export function modularArithmetic(policy: Policy, modulus: Uint8Array): ModularArithmetic {
  for (const { backend, make } of modularCandidates) {
    if (policy.backendObjection(backend) !== undefined) continue;
    const found = unlessUnavailable(() => make(modulus, policy));
    if (found !== undefined) return found;
  }
  throw fail.ProhibitedOperation;
}

/** Errors: `prohibited_operation` where the policy allows no backend. */
export function groupArithmetic(policy: Policy, facts: GroupFacts): Arithmetic {
  for (const { backend, make } of groupCandidates) {
    if (policy.backendObjection(backend) !== undefined) continue;
    const key = `${backend.kind} ${facts.name}`;
    if (!made.has(key))
      made.set(
        key,
        unlessUnavailable(() => make(facts)),
      );
    const elements = made.get(key);
    if (elements !== undefined) return { facts, elements, scalars: scalarArithmetic(policy, facts) };
  }
  throw fail.ProhibitedOperation;
}

/** By policy, since it says which backends there are. */
const scalarsOf = new WeakMap<Policy, Map<GroupFacts, ModularArithmetic>>();

function scalarArithmetic(policy: Policy, facts: GroupFacts): ModularArithmetic {
  let ofPolicy = scalarsOf.get(policy);
  if (ofPolicy === undefined) {
    ofPolicy = new Map();
    scalarsOf.set(policy, ofPolicy);
  }
  let found = ofPolicy.get(facts);
  if (found === undefined) {
    const order = new Uint8Array(facts.scalarLength);
    writeBigInt(facts.order, order);
    found = modularArithmetic(policy, order.subarray(order.findIndex((byte) => byte !== 0)));
    ofPolicy.set(facts, found);
  }
  return found;
}

function unlessUnavailable<T>(make: () => T | undefined): T | undefined {
  try {
    return make();
  } catch (error) {
    if (error instanceof Unavailable) return undefined;
    throw error;
  }
}
