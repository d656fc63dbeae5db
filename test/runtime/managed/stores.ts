/** Every store that there is here, for tests that compare them. */
import { memoryStore, type RecordStore } from '../../../runtime/keys.js';

export interface StoreKind {
  readonly name: string;
  /** An empty one. */
  make(): RecordStore;
  /** The same database by another connection; undefined: it cannot be shared. */
  readonly reopen?: (store: RecordStore) => RecordStore;
}

export const storeKinds: readonly StoreKind[] = [{ name: 'memory', make: memoryStore }];
