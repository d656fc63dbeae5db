/** Errno types, and which of their cases stands for each fault of the bindings. */
import { InternalError } from '../../diagnostics/diagnostic.js';
import { camel, pascal } from '../../model/name.js';
import type { Label, TypeDecl } from '../../model/model.js';
import type { Symbol } from '../../print/ts-file.js';
import type { Fault } from '../../../templates/typescript-host/failure.js';
import { faultCandidates } from '../typescript/faults.js';
import { typesFile, type Names } from './names.js';

export function faultCases(decl: TypeDecl): readonly (readonly [Fault, Label])[] {
  if (decl.type.kind !== 'enum') throw new InternalError(`${decl.name.wire} is no enum`);
  const { cases } = decl.type;
  const last = cases.at(-1);
  if (last === undefined) throw new InternalError(`${decl.name.wire} has no cases`);
  return (Object.keys(faultCandidates) as Fault[]).map((fault) => {
    const wanted = faultCandidates[fault].map((wire) => cases.find((each) => each.name.wire === wire));
    return [fault, wanted.find((each) => each !== undefined) ?? last];
  });
}

export interface ErrnoNames {
  readonly type: Symbol;
  /** The failures hosts throw: `fail` of the first errno type, `failErrno` of another. */
  readonly fail: Symbol;
  readonly ofFault: Symbol;
}

export function errnoNames(decl: TypeDecl, names: Names): ErrnoNames {
  const type = names.types.get(decl);
  if (type === undefined) throw new InternalError(`${decl.name.wire} has no name`);
  return {
    type: { ...type, typeOnly: false },
    fail: {
      name: names.errnos[0] === decl ? 'fail' : `fail${pascal(decl.name.words)}`,
      from: typesFile,
      typeOnly: false,
    },
    ofFault: { name: `${camel(decl.name.words)}OfFault`, from: typesFile, typeOnly: false },
  };
}
