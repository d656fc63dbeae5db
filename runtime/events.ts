/** What an owner can be told of the calls of a guest. */
import type { HandleKind } from './meter.js';

/**
 * One call of a guest that got as far as the runtime: memory, text and handles were right. Nothing of what the guest
 * passed or got is in it, so it is fit for logs.
 */
export interface CallEvent {
  /** The function, by the name that all revisions share: `symmetricStateEncrypt`. */
  readonly operation: string;
  /** The algorithm that it was about; undefined where it was about none, or about a name that is none. */
  readonly algorithm: string | undefined;
  /** Of the object that it worked on (its first parameter), or else made. */
  readonly handleKind: HandleKind | undefined;
  /** `success`, or the errno as the latest revision spells it: `invalid_tag`. Entries of a batch fail without failing it. */
  readonly result: string;
  /** What it cost, in the unit of `limits.callCost`. */
  readonly cost: number;
}
