/** One algorithm on each backend that has it. */
import type { BackendKind } from '../../runtime/backends/backend.js';
import type { PolicyOptions } from '../../runtime/options.js';
import { backendKinds } from '../../runtime/policy.js';
import { errnoOf, Guest } from './guest.js';
import { Symmetric } from './symmetric.js';

/** Two that compute short and long messages of an algorithm together. */
export const together: readonly (readonly BackendKind[])[] = [['libsodium', 'openssl']];

/**
 * Guests of hosts with one backend each: those where a first use succeeds.
 *
 * @param more sets of backends, for a host each
 */
export function guestsByBackend(
  use: (s: Symmetric) => unknown,
  more: readonly (readonly BackendKind[])[] = [],
  policy: PolicyOptions = {},
): readonly (readonly [name: string, s: Symmetric])[] {
  return [...backendKinds.map((kind) => [kind]), ...more]
    .map((backends) => [backends.join(' and '), new Symmetric(new Guest({ policy: { ...policy, backends } }))] as const)
    .filter(([, s]) => errnoOf(() => use(s)) === 'Success');
}
