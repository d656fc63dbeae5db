/** Errno types, and which of their cases stands for each fault of the bindings. */
import { InternalError } from '../../diagnostics/diagnostic.js';
import type { TypeDecl } from '../../model/model.js';
import type { Fault } from '../../../templates/typescript-host/failure.js';
import { faultCandidates } from '../typescript/faults.js';
import { caseNames } from '../typescript/identifiers.js';
import type { ErrnoNames, Names } from './names.js';

/** The name of the case of an errno that says each fault. */
export function faultCases(decl: TypeDecl): readonly (readonly [Fault, string])[] {
  if (decl.type.kind !== 'enum') throw new InternalError(`${decl.name.wire} is no enum`);
  const { cases } = decl.type;
  const last = caseNames(cases).at(-1);
  if (last === undefined) throw new InternalError(`${decl.name.wire} has no cases`);
  return (Object.keys(faultCandidates) as Fault[]).map((fault) => {
    const wanted = faultCandidates[fault].map((wire) => cases.findIndex((each) => each.name.wire === wire));
    return [fault, caseNames(cases)[wanted.find((index) => index >= 0) ?? -1] ?? last];
  });
}

export function errnoNames(decl: TypeDecl, names: Names): ErrnoNames {
  const found = names.errnoNames.get(decl);
  if (found === undefined) throw new InternalError(`${decl.name.wire} is no errno`);
  return found;
}
