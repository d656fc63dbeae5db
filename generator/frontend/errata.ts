/**
 * Known mistakes of published definitions and their corrections. An entry applies only while the
 * definition still says what the entry expects; outputs name what was applied.
 */
import type { DiagnosticBag } from '../diagnostics/diagnostic.js';
import type { ModuleDraft } from '../model/build.js';
import type { AppliedErratum, Func, Param, Type, TypeDecl } from '../model/model.js';
import { printType } from '../model/print.js';
import { withParts } from '../model/visit.js';

export interface Erratum {
  readonly module: string;
  readonly func: string;
  /** The parameter or result that is wrong. */
  readonly part: string;
  /** Its type as printed by `printType`, without modules. */
  readonly declared: string;
  readonly corrected: string;
  readonly why: string;
  readonly correct: (type: Type) => Type;
}

/** Changes every part of a type that `change` has an answer for. */
function replace(type: Type, change: (type: Type) => Type | undefined): Type {
  return change(type) ?? withParts(type, (part) => replace(part, change));
}

/** Another type of the module that declares `decl`. */
function beside(decl: TypeDecl, name: string): TypeDecl | undefined {
  return decl.module.types.find((each) => each.name.wire === name);
}

export const errata: readonly Erratum[] = [
  {
    module: 'wasi_ephemeral_crypto_signatures',
    func: 'signature_state_sign',
    part: 'error',
    declared: 'result($array_output, $crypto_errno)',
    corrected: 'result($signature, $crypto_errno)',
    why: 'what is returned goes to signature_export and signature_close, as the example in the documentation of signature_state_open shows',
    correct: (type) =>
      replace(type, (each) => {
        const signature =
          each.kind === 'ref' && each.decl.name.wire === 'array_output' ? beside(each.decl, 'signature') : undefined;
        return signature === undefined ? undefined : { kind: 'ref', decl: signature };
      }),
  },
  {
    module: 'wasi_ephemeral_crypto_symmetric_batch',
    func: 'batch_symmetric_state_squeeze',
    part: 'batch',
    declared: 'list(tuple($symmetric_state, buffer in u8 [data, data_len]))',
    corrected: 'list(tuple($symmetric_state, buffer out u8 [data, data_len]))',
    why: 'squeezing writes to the buffer, as symmetric_state_squeeze does',
    correct: (type) => replace(type, (each) => (each.kind === 'buffer' ? { ...each, access: 'out' } : undefined)),
  },
];

/** Applies one entry to a function. */
function correctFunc(func: Func, entry: Erratum, type: Type): Func {
  const change = (each: Param): Param => (each.name.wire === entry.part ? { ...each, type } : each);
  return { ...func, params: func.params.map(change), results: func.results.map(change) };
}

/** Corrects what the list knows, and warns where a definition no longer says what an entry expects. */
export function applyErrata(
  modules: readonly ModuleDraft[],
  bag: DiagnosticBag,
  list: readonly Erratum[] = errata,
): readonly AppliedErratum[] {
  const applied: AppliedErratum[] = [];
  for (const entry of list) {
    const module = modules.find((each) => each.name.wire === entry.module);
    const index = module?.funcs.findIndex((each) => each.name.wire === entry.func) ?? -1;
    const func = module?.funcs[index];
    if (module === undefined || func === undefined) continue;
    const declared = [...func.params, ...func.results].find((each) => each.name.wire === entry.part)?.type;
    const found = declared === undefined ? `no \`${entry.part}\`` : printType(declared);
    const type = declared === undefined || found !== entry.declared ? undefined : entry.correct(declared);
    if (type === undefined || printType(type) !== entry.corrected) {
      bag.report('erratum-does-not-apply', func.name.span, { func: entry.func, declared: entry.declared, found });
      continue;
    }
    module.funcs[index] = correctFunc(func, entry, type);
    const { module: moduleName, func: funcName, declared: before, corrected, why } = entry;
    applied.push({ module: moduleName, func: funcName, declared: before, corrected, why });
  }
  return applied;
}
