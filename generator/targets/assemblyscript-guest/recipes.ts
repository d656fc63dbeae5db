/**
 * The recipes: whole tasks in one call, written by hand over the generated classes. They are copied
 * only when the definitions have every function they use.
 */
import { isPlanned, type PlannedUnit } from '../../abi/plan.js';
import { allModules } from '../../model/kinds.js';

export const recipes = {
  /** The recipes themselves, and what differs between the ABIs. */
  files: ['wasi-crypto/recipes', 'wasi-crypto/dialect'],
  exports: ['hash', 'mac', 'macVerify', 'seal', 'sealFresh', 'open', 'sign', 'verify', 'hkdf', 'dh', 'encapsulate', 'decapsulate', 'readAll'],
  /** The functions behind the methods that they call; a test compares. */
  functions: [
    'options_open', 'options_close', 'options_set',
    'symmetric_key_import', 'symmetric_key_close',
    'symmetric_state_open', 'symmetric_state_close', 'symmetric_state_absorb', 'symmetric_state_squeeze',
    'symmetric_state_squeeze_tag', 'symmetric_state_squeeze_key', 'symmetric_state_options_get',
    'symmetric_state_encrypt', 'symmetric_state_decrypt',
    'symmetric_tag_verify', 'symmetric_tag_pull', 'symmetric_tag_close',
    'signature_state_open', 'signature_state_update', 'signature_state_sign', 'signature_state_close',
    'signature_verification_state_open', 'signature_verification_state_update', 'signature_verification_state_verify',
    'signature_verification_state_close', 'signature_import', 'signature_export', 'signature_close',
    'kx_dh', 'kx_encapsulate', 'kx_decapsulate', 'array_output_len', 'array_output_pull',
  ],
} as const;

/** The functions that recipes need and a unit lacks. */
export function missingFunctions(planned: PlannedUnit): readonly string[] {
  const present = new Set<string>();
  for (const func of allModules(planned.unit).flatMap((module) => module.funcs)) {
    const plan = planned.plans.get(func);
    if (plan !== undefined && isPlanned(plan)) present.add(func.name.wire);
  }
  return recipes.functions.filter((name) => !present.has(name));
}
