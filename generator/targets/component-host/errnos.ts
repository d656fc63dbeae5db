/** Errno types, and which of their cases stands for each fault of the bindings. */
import { InternalError } from '../../diagnostics/diagnostic.js';
import { snake } from '../../model/name.js';
import type { TypeDecl } from '../../model/model.js';
import type { Fault } from '../../../templates/typescript-host/failure.js';
import { faultCandidates } from '../typescript/faults.js';
import { caseNames } from '../typescript/identifiers.js';
import type { ErrnoNames, Names } from './names.js';

/** Names that WASI 0.2 spells out. */
const spelledOut: Readonly<Record<string, string>> = {
  inval: 'invalid',
  badf: 'bad_descriptor',
  nosys: 'unsupported',
  notsup: 'not_supported',
  nomem: 'insufficient_memory',
  nfile: 'too_many_open_files',
};

/** For each fault the name of the case that says it; the last case, where none does. */
export function faultCases(decl: TypeDecl): readonly (readonly [Fault, string])[] {
  if (decl.type.kind !== 'enum' && decl.type.kind !== 'variant')
    throw new InternalError(`${decl.name.wire} is no errno`);
  const wires = decl.type.cases.map((each) => snake(each.name.words));
  const names = caseNames(decl.type.cases);
  const last = names.at(-1);
  if (last === undefined) throw new InternalError(`${decl.name.wire} has no cases`);
  return (Object.keys(faultCandidates) as Fault[]).map((fault) => {
    const wanted = faultCandidates[fault].flatMap((wire) => [wire, spelledOut[wire] ?? []].flat());
    const found = wanted.map((wire) => wires.indexOf(wire)).find((index) => index >= 0);
    return [fault, names[found ?? -1] ?? last];
  });
}

export function errnoNames(decl: TypeDecl, names: Names): ErrnoNames {
  const found = names.errnoNames.get(decl);
  if (found === undefined) throw new InternalError(`${decl.name.wire} is no errno`);
  return found;
}
