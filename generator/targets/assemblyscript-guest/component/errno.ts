/**
 * Errors that guests see as an errno, a number: those of an enum whose first case is `success`. In
 * WITX functions return them; in WIT they stand in a `result`.
 */
import type { CanonicalResult, Pass } from '../../../abi/plan.js';
import { founder, resolve } from '../../../model/kinds.js';
import type { Label, Type, TypeDecl, VariantCase, VariantType } from '../../../model/model.js';

/** The result of a function that returns an errno. */
export interface ErrnoResult {
  readonly decl: TypeDecl;
  /** The type of the tag, which names the integer that holds it. */
  readonly tag: string;
  readonly ok: { readonly type: Type; readonly pass: Pass } | undefined;
  readonly payloadOffset: number;
}

export function errnoOf({ type, pass }: CanonicalResult): ErrnoResult | undefined {
  const target = resolve(type);
  if (target.kind !== 'result' || target.error === undefined || pass.how !== 'variant') return undefined;
  if (target.error.kind !== 'ref') return undefined;
  const decl = founder(target.error.decl);
  const cases = casesOf(decl.type);
  const [ok, err] = pass.cases;
  if (cases?.[0]?.name.wire !== 'success' || err?.pass === undefined || !('repr' in err.pass)) return undefined;
  return {
    decl,
    tag: err.pass.repr,
    ok: target.ok === undefined || ok?.pass === undefined ? undefined : { type: target.ok, pass: ok.pass },
    payloadOffset: pass.payloadOffset,
  };
}

/** A variant whose cases hold nothing is an enum for guests. */
export function isEnumLike(type: VariantType): boolean {
  return type.cases.every((each) => each.payload === undefined);
}

/** The cases of what is an enum in AssemblyScript. */
export function casesOf(type: Type): readonly (Label | VariantCase)[] | undefined {
  if (type.kind === 'enum') return type.cases;
  return type.kind === 'variant' && isEnumLike(type) ? type.cases : undefined;
}
