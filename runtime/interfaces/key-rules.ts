/** What a key's terms, and the owner's policy, let a guest do with it. */
import type { RuntimeContext } from '../context.js';
import { fail } from '../failures.js';
import type { KeyTerms } from '../objects/key-terms.js';

/** Throws `prohibited_operation` unless the bytes of a key may leave the host. */
export function requireExport(context: RuntimeContext, { terms }: { readonly terms: KeyTerms }): void {
  if (!terms.exportable || !context.policy.allowsExport()) throw fail.ProhibitedOperation;
}

/** Throws `expired` once the last second of a key is over. */
export function requireCurrent(context: RuntimeContext, { terms }: { readonly terms: KeyTerms }): void {
  if (terms.expires !== undefined && context.now() > terms.expires) throw fail.Expired;
}
