/** Errno types, and which of their cases stands for each fault of the bindings. */
import { InternalError } from '../../diagnostics/diagnostic.js';
import { camel, pascal, snake } from '../../model/name.js';
import type { TypeDecl } from '../../model/model.js';
import type { Symbol } from '../../print/ts-file.js';
import type { Fault } from '../../../templates/typescript-host/failure.js';
import { faultCandidates } from '../typescript/faults.js';
import { caseName } from '../typescript/identifiers.js';
import type { Names } from './names.js';

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
  const names = decl.type.cases.map((each) => each.name);
  const last = names.at(-1);
  if (last === undefined) throw new InternalError(`${decl.name.wire} has no cases`);
  return (Object.keys(faultCandidates) as Fault[]).map((fault) => {
    const wanted = faultCandidates[fault].flatMap((wire) => [wire, spelledOut[wire] ?? []].flat());
    const found = wanted
      .map((wire) => names.find((name) => snake(name.words) === wire))
      .find((name) => name !== undefined);
    return [fault, caseName(found ?? last)];
  });
}

export interface ErrnoNames {
  readonly type: Symbol;
  /** The failures hosts throw: `fail` of the only errno type of a file, else `failErrno`. */
  readonly fail: Symbol;
  /** How calls answer it. */
  readonly answers: Symbol;
}

export function errnoNames(decl: TypeDecl, names: Names): ErrnoNames {
  const type = names.types.get(decl);
  if (type === undefined) throw new InternalError(`${decl.name.wire} has no name`);
  const { from } = type;
  const first = names.errnos.find((each) => names.types.get(each)?.from === from);
  const value = (name: string): Symbol => ({ name, from, typeOnly: false });
  const own = camel([type.name.charAt(0).toLowerCase() + type.name.slice(1)]);
  return {
    type: { ...type, typeOnly: false },
    fail: value(first === decl ? 'fail' : `fail${pascal([type.name])}`),
    answers: value(`${own}Answers`),
  };
}
