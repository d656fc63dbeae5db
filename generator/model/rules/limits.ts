/**
 * What no bindings can be made of in any sensible time. A declared type is measured once, from what it is made of: types
 * that double what they name thirty times have a billion parts in a few lines.
 */
import type { DiagnosticBag } from '../../diagnostics/diagnostic.js';
import { targetsFirst } from '../graph.js';
import { allFuncs, allModules, worldModules } from '../kinds.js';
import type { Name, Type, TypeDecl, Unit } from '../model.js';
import { parts, signatureTypes, walk } from '../visit.js';

/** Of one in the other: what tools of components take, too. */
const MAX_DEPTH = 100;

/** With all that stands behind names, as often as it stands there. */
const MAX_PARTS = 2_000;

/** Names become names of files, which most systems limit to 255 bytes. */
const MAX_NAME = 200;

interface Measure {
  readonly depth: number;
  readonly parts: number;
}

export function checkLimits(unit: Unit, bag: DiagnosticBag): void {
  const modules = [...new Set([...allModules(unit), ...worldModules(unit)])];
  const funcs = allFuncs(unit);
  for (const { name } of [...modules, ...modules.flatMap((module) => module.types), ...funcs]) checkName(name, bag);
  const measured = new Map<TypeDecl, Measure>();
  const decls = targetsFirst(
    modules.flatMap((module) => module.types),
    references,
  );
  for (const decl of decls) {
    checkMembers(decl.type, bag);
    const own = measure(decl.type, measured);
    const isNew = report(decl.name, own, bag);
    // What is made of it is not to blame.
    measured.set(decl, isNew ? { depth: 0, parts: 0 } : own);
  }
  for (const func of funcs) for (const type of signatureTypes(func)) report(func.name, measure(type, measured), bag);
}

function references({ type }: TypeDecl): readonly TypeDecl[] {
  const found: TypeDecl[] = [];
  walk(type, (part) => {
    if (part.kind === 'ref') found.push(part.decl);
  });
  return found;
}

/** Inside of a declaration the parser limits the depth. */
function measure(type: Type, measured: ReadonlyMap<TypeDecl, Measure>): Measure {
  const known = type.kind === 'ref' ? measured.get(type.decl) : undefined;
  if (known !== undefined) return known;
  const inner = parts(type).map((part) => measure(part, measured));
  return {
    depth: 1 + inner.reduce((most, each) => Math.max(most, each.depth), 0),
    parts: 1 + inner.reduce((sum, each) => sum + each.parts, 0),
  };
}

function report(name: Name, { depth, parts: count }: Measure, bag: DiagnosticBag): boolean {
  if (depth > MAX_DEPTH) bag.report('type-too-deep', name.span, { name: name.wire, limit: MAX_DEPTH });
  else if (count > MAX_PARTS) bag.report('type-too-large', name.span, { name: name.wire, limit: MAX_PARTS });
  return depth > MAX_DEPTH || count > MAX_PARTS;
}

function checkName({ wire, span }: Name, bag: DiagnosticBag): void {
  if (wire.length > MAX_NAME) bag.report('name-too-long', span, { start: wire.slice(0, 20), limit: MAX_NAME });
}

function checkMembers(type: Type, bag: DiagnosticBag): void {
  if (type.kind === 'record') for (const { name } of type.fields) checkName(name, bag);
  else if (type.kind === 'flags') for (const { name } of type.flags) checkName(name, bag);
  else if (type.kind === 'enum' || type.kind === 'variant') for (const { name } of type.cases) checkName(name, bag);
}
