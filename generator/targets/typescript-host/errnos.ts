/** Errno types: their cases and names. */
import { InternalError } from '../../diagnostics/diagnostic.js';
import type { Label, TypeDecl } from '../../model/model.js';
import type { ErrnoNames, Names } from './names.js';

export function casesOf({ name, type }: TypeDecl): readonly Label[] {
  if (type.kind !== 'enum') throw new InternalError(`${name.wire} is no enum`);
  return type.cases;
}

export function errnoNames(decl: TypeDecl, names: Names): ErrnoNames {
  const found = names.errnoNames.get(decl);
  if (found === undefined) throw new InternalError(`${decl.name.wire} is no errno`);
  return found;
}
