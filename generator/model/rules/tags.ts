import type { DiagnosticBag } from '../../diagnostics/diagnostic.js';
import { allModules, resolve } from '../kinds.js';
import type { IntegerRepr, TypeDecl, Unit, VariantType } from '../model.js';

export function bitsOf(repr: IntegerRepr): number {
  return Number(repr.slice(1));
}

function checkCases(decl: TypeDecl, tag: IntegerRepr, cases: number, bag: DiagnosticBag): void {
  const limit = 2n ** BigInt(bitsOf(tag));
  if (BigInt(cases) > limit)
    bag.report('too-many-cases', decl.name.span, { name: decl.name.wire, cases, tag, limit: String(limit) });
}

/** A variant and the enum that is its tag have the same cases. */
function checkTagEnum(decl: TypeDecl, type: VariantType, bag: DiagnosticBag): void {
  const tag = type.tagDecl;
  const target = tag === undefined ? undefined : resolve({ kind: 'ref', decl: tag });
  if (tag === undefined || target?.kind !== 'enum') return;
  const related = [{ message: 'the tag is declared here', span: tag.name.span }];
  const name = decl.name.wire;
  if (target.cases.length !== type.cases.length) {
    const counts = { name, cases: type.cases.length, tag: tag.name.wire, tagCases: target.cases.length };
    bag.report('tag-case-count', decl.name.span, counts, { related });
    return;
  }
  const known = new Set(target.cases.map((each) => each.name.wire));
  for (const each of type.cases) {
    if (!known.has(each.name.wire))
      bag.report('tag-mismatch', each.name.span, { name: each.name.wire, tag: tag.name.wire }, { related });
  }
}

/** Tags can tell all cases apart, flags have a bit each. */
export function checkTags(unit: Unit, bag: DiagnosticBag): void {
  for (const decl of allModules(unit).flatMap((module) => module.types)) {
    const { type } = decl;
    if (type.kind === 'enum') {
      checkCases(decl, type.tag, type.cases.length, bag);
    } else if (type.kind === 'variant') {
      checkTagEnum(decl, type, bag);
      checkCases(decl, type.tag, type.cases.length, bag);
    } else if (type.kind === 'flags' && type.flags.length > bitsOf(type.repr)) {
      const hint =
        type.repr === 'u64'
          ? 'make it two types: there is no wider one'
          : `choose a wider representation than \`${type.repr}\``;
      bag.report(
        'too-many-flags',
        decl.name.span,
        { name: `$${decl.name.wire}`, flags: type.flags.length, limit: bitsOf(type.repr) },
        { hint },
      );
    }
  }
}
