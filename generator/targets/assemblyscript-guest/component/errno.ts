/**
 * Errors that guests see as an errno, a number: those of an enum whose first case is `success`. In
 * WITX functions return them; in WIT they stand in a `result`.
 */
import type { CanonicalPass, CanonicalResult, EnumPass, VariantPass } from '../../../abi/plan.js';
import { isResult } from '../../../abi/shape.js';
import type { Label, Type, TypeDecl, VariantCase, VariantType } from '../../../model/model.js';

/** The result of a function that returns an errno. */
export interface ErrnoResult {
  readonly decl: TypeDecl;
  /** The type of the tag, which names the integer that holds it. */
  readonly tag: string;
  readonly ok: CanonicalPass | undefined;
  readonly payloadOffset: number;
}

export function errnoOf({ pass }: CanonicalResult): ErrnoResult | undefined {
  if (!isResult(pass)) return undefined;
  const { ok, error, payloadOffset } = pass;
  const { decl, repr } = (error.pass && errorOf(error.pass)) ?? {};
  if (repr === undefined || decl === undefined || casesOf(decl.type)?.[0]?.name.wire !== 'success') return undefined;
  return { decl, tag: repr, ok: ok.pass, payloadOffset };
}

/** What can be an errno. */
function errorOf(pass: CanonicalPass): EnumPass | VariantPass<CanonicalPass> | undefined {
  switch (pass.how) {
    case 'enum':
    case 'variant':
      return pass;
    case 'scalar':
    case 'bool':
    case 'flags':
    case 'handle':
    case 'string':
    case 'list':
    case 'record':
    case 'tuple':
    case 'option':
    case 'result':
      return undefined;
  }
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
