/**
 * The ids of the proposal that nothing here implements yet: the capability report lists them, and a
 * policy may name them. An entry of the same id takes the place of its line.
 */
import type { Category } from './contracts/algorithms.js';
import type { AlgorithmEntry, Tier } from './algorithms/descriptor.js';

/** As much of an entry as the report needs. */
export type ListedId = Pick<AlgorithmEntry, 'id' | 'category' | 'tier'>;

function ids(category: Category, tier: Tier, all: readonly string[]): readonly ListedId[] {
  return all.map((id) => ({ id, category, tier }));
}

export const planned: readonly ListedId[] = [
  ...ids('signatures', 'optional', ['Ed448']),
  ...ids('key-exchange', 'optional', ['X448']),
];
