/**
 * The ids of the proposal that nothing here implements yet: the capability report lists them, and a
 * policy may name them. An entry of the same id takes the place of its line. At present there are none.
 */
import type { AlgorithmEntry } from './algorithms/descriptor.js';

/** As much of an entry as the report needs. */
export type ListedId = Pick<AlgorithmEntry, 'id' | 'category' | 'tier'>;

export const planned: readonly ListedId[] = [];
