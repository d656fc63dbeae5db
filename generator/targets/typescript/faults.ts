/** What the cases of an errno are called that stand for the faults of the bindings. */
import type { Fault } from '../../../templates/typescript-host/failure.js';

/**
 * For each fault the cases that say it, best first: wasi-crypto's, then WASI preview 1's. A
 * definition without any of them gets its last case, which is better than a lie about success.
 */
export const faultCandidates: Readonly<Record<Fault, readonly string[]>> = {
  badMemory: ['guest_error', 'fault', 'inval'],
  badText: ['guest_error', 'ilseq', 'inval'],
  badValue: ['guest_error', 'inval'],
  absent: ['not_implemented', 'nosys', 'notsup'],
  badHandle: ['invalid_handle', 'badf', 'inval'],
  closedHandle: ['closed', 'invalid_handle', 'badf', 'inval'],
  tooManyHandles: ['too_many_handles', 'nfile', 'nomem'],
  internal: ['internal_error', 'io'],
};
