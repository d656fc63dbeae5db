/** How many bytes `symmetric-state-squeeze` gives, which in WIT has no length. */
import { fail } from '../../failures.js';
import type { SymmetricState } from '../../objects/symmetric-states.js';

const nothing = new Uint8Array(0);

/** @param limit greatest number of bytes. Errors: what the state says to squeezing; `invalid_length`; `parameters_missing`. */
export function naturalOutput(state: SymmetricState, limit: number): number {
  const { options, naturalOutput: natural } = state.algorithm;
  if (options.includes('output_len')) {
    const chosen = chosenOutput(state);
    if (chosen !== undefined && chosen > limit) throw fail.InvalidLength;
    if (chosen !== undefined) return Number(chosen);
  }
  if (natural !== undefined) return natural;
  // It does not squeeze, and says why; else only the guest could know how much it wants.
  state.squeeze(nothing);
  throw fail.ParametersMissing;
}

function chosenOutput(state: SymmetricState): bigint | undefined {
  try {
    return state.optionInteger('output_len');
  } catch (error) {
    if (error !== fail.OptionNotSet) throw error;
    return undefined;
  }
}
