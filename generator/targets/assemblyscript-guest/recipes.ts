/**
 * The recipes: whole tasks in one call, written by hand over the generated classes. They are copied
 * only when the definitions have every function they use.
 */
import { isCanonical, isPlanned, type PlannedUnit } from '../../abi/plan.js';
import { placedFuncs } from '../../model/kinds.js';
import { snake } from '../../model/name.js';
import type { Dialect } from '../../model/model.js';

export const recipes = {
  /** The package they are for. */
  package: 'wasi-crypto',
  /** The recipes themselves, and what differs between the ABIs: files, and the templates they are made from. */
  filesOf: (dialect: Dialect): readonly (readonly [file: string, template: string])[] => [
    ['recipes', 'wasi-crypto/recipes'],
    ['dialect', `wasi-crypto/dialect-${dialect}`],
  ],
  exports: [
    'hash',
    'mac',
    'macVerify',
    'seal',
    'sealFresh',
    'open',
    'sign',
    'verify',
    'hkdf',
    'passwordHash',
    'passwordVerify',
    'dh',
    'encapsulate',
    'decapsulate',
    'keyById',
    'keyByName',
    'idOfName',
    'rotate',
    'readAll',
  ],
  /** The functions behind the methods that they call; a test compares. */
  functions: [
    'options_open',
    'options_set',
    'options_set_u64',
    'symmetric_key_import',
    'symmetric_state_open',
    'symmetric_state_absorb',
    'symmetric_state_squeeze',
    'symmetric_state_squeeze_tag',
    'symmetric_state_squeeze_key',
    'symmetric_state_options_get',
    'symmetric_state_encrypt',
    'symmetric_state_decrypt',
    'symmetric_tag_verify',
    'symmetric_tag_pull',
    'signature_state_open',
    'signature_state_update',
    'signature_state_sign',
    'signature_verification_state_open',
    'signature_verification_state_update',
    'signature_verification_state_verify',
    'signature_import',
    'signature_export',
    'kx_dh',
    'kx_encapsulate',
    'kx_decapsulate',
    'array_output_pull',
    'symmetric_key_generate',
    'symmetric_key_from_id',
    'symmetric_key_replace_managed',
    'keypair_generate',
    'keypair_from_id',
    'keypair_replace_managed',
  ],
  /** And those that only one of the ABIs needs: handles of components are dropped. */
  functionsOf: {
    witx: [
      'array_output_len',
      'keypair_close',
      'options_close',
      'signature_close',
      'signature_state_close',
      'signature_verification_state_close',
      'symmetric_key_close',
      'symmetric_state_close',
      'symmetric_tag_close',
      'symmetric_tag_len',
    ],
    wit: [],
  },
} as const;

/** The functions that recipes need and a unit lacks. */
export function missingFunctions(planned: PlannedUnit): readonly string[] {
  const { unit, plans, canonical } = planned;
  const present = new Set(
    placedFuncs(unit).flatMap(({ func }) => {
      const [core, component] = [plans.get(func), canonical.get(func)];
      return (core !== undefined && isPlanned(core)) || (component !== undefined && isCanonical(component))
        ? [snake(func.name.words)]
        : [];
    }),
  );
  return [...recipes.functions, ...recipes.functionsOf[unit.dialect]].filter((name) => !present.has(name));
}
