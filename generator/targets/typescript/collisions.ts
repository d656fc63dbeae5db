/**
 * Names that nothing tells apart in JavaScript: `a-1-b` and `a1-b` are both the property `a1B`. Names of types, of
 * parameters and of cases that are constants are numbered instead; properties cross the boundary as they are.
 */
import type { DiagnosticBag } from '../../diagnostics/diagnostic.js';
import { camel } from '../../model/name.js';
import type { Name, Type } from '../../model/model.js';
import { walk } from '../../model/visit.js';

/** Reports each name that becomes the same as one before it. */
export function reportCollisions(
  what: string,
  names: readonly Name[],
  bag: DiagnosticBag,
  cased: (words: readonly string[]) => string = camel,
): void {
  const first = new Map<string, Name>();
  for (const name of names) {
    const other = first.get(cased(name.words));
    first.set(cased(name.words), other ?? name);
    if (other !== undefined && other.wire !== name.wire)
      bag.report(
        'colliding-name',
        name.span,
        { what, name: name.wire, other: other.wire },
        { related: [{ message: 'first declared here', span: other.span }] },
      );
  }
}

/** The same for the members of a type that become properties: fields, flags, and cases where `cases` are properties. */
export function reportMembers(type: Type, cases: 'properties' | 'texts', bag: DiagnosticBag): void {
  walk(type, (part) => {
    if (part.kind === 'record')
      reportCollisions(
        'field',
        part.fields.map(({ name }) => name),
        bag,
      );
    if (part.kind === 'flags' && cases === 'texts')
      reportCollisions(
        'flag',
        part.flags.map(({ name }) => name),
        bag,
      );
    if (part.kind === 'variant' && cases === 'properties')
      reportCollisions(
        'case',
        part.cases.map(({ name }) => name),
        bag,
      );
  });
}
