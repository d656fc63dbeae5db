/**
 * Resources that a guest implements: it extends the class of a resource by one of its own. What the component knows of
 * an object is its address; as long as it knows it, the object is pinned (CanonicalABI.md, "canon resource.new").
 */
import { isCanonical, type CanonicalPlan, type PlannedUnit } from '../../../abi/plan.js';
import { camel } from '../../../model/name.js';
import type { Func, TypeDecl } from '../../../model/model.js';
import { block, docs, listing, spaced, type AsFile, type AsSymbol, type Code } from '../../../print/as-file.js';
import { Scope } from '../../../print/scope.js';
import { memberName } from '../names.js';
import { legal, reservedImplemented, reservedLocals } from '../reserved.js';
import type { Implemented } from './names.js';
import { typeText, type Site } from './values.js';

/** The methods of a class, static ones among them, by their functions. */
export function implementedNames(kind: TypeDecl): ReadonlyMap<Func, string> {
  const scope = new Scope(reservedImplemented);
  return new Map(
    kind.module.funcs
      .filter((func) => func.resource === kind && !isPlainConstructor(func))
      .map((func) => [func, scope.declare(memberName(func.kind === 'constructor' ? ['create'] : func.name.words))]),
  );
}

/** A constructor that can fail returns a result: that is a static function here. */
export function isPlainConstructor({ kind, results }: Func): boolean {
  return kind === 'constructor' && results.every(({ type }) => type.kind === 'ref' && type.decl.type.kind === 'handle');
}

/** The class that a guest's extends. */
export function declareImplemented(planned: PlannedUnit, kind: TypeDecl, site: Site): void {
  const { file, names } = site;
  const methods = [...implementedNames(kind)].flatMap(([func, name]): Code[] => {
    const plan = planned.canonical.get(func);
    if (func.kind !== 'method' || plan === undefined || !isCanonical(plan)) return [];
    return [[docs(func.docs), abstractMethod(name, plan, site)]];
  });
  file.add([
    docs(
      `${kind.docs}\n\nGuests that export it extend it by a class of their own. Each object is given away once, and kept until whoever\nholds its handle gives that up.`,
    ),
    block(`export abstract class ${file.claim((names.classes.get(kind) as AsSymbol).name)}`, spaced(methods)),
  ]);
}

function abstractMethod(name: string, plan: CanonicalPlan, site: Site): Code {
  const { params, result } = guestSignature(plan, site);
  return listing(`abstract ${name}(`, params, `): ${result};`);
}

/** The parameters and the result of a function as a guest declares them; a method's are those after `self`. */
export function guestSignature(
  { func, params, result }: CanonicalPlan,
  site: Site,
): { readonly params: readonly string[]; readonly result: string } {
  const scope = new Scope();
  const own = func.kind === 'method' ? params.slice(1) : params;
  return {
    params: own.map(
      ({ name, type }) => `${scope.declare(legal(camel(name.words), reservedLocals))}: ${typeText(type, site)}`,
    ),
    result: result === undefined ? 'void' : typeText(result.type, site),
  };
}

/** In the file of raw imports: the handles of objects. */
export function declareHandles(
  kind: TypeDecl,
  { give, take, made, rep, drop }: Implemented,
  from: string,
  file: AsFile,
): void {
  const { wire } = kind.name;
  const external = (name: string): string => `@external(${JSON.stringify(from)}, "[${name}]${wire}")`;
  file.add([external('resource-new'), `declare function ${file.claim(made)}(object: usize): u32;`]);
  file.add([external('resource-rep'), `declare function ${file.claim(rep)}(handle: u32): usize;`]);
  file.add([external('resource-drop'), `declare function ${file.claim(drop)}(handle: u32): void;`]);
  file.add([
    docs(`A handle of a \`${wire}\`, which now stays where it is until the handle is given up.`),
    block(`export function ${file.claim(give.name)}(object: usize): u32`, `return ${made}(__pin(object));`),
  ]);
  file.add([
    docs(`The \`${wire}\` of a handle, which ends: the object is the guest's again.`),
    block(`export function ${file.claim(take.name)}(handle: u32): usize`, [
      `const object = ${rep}(handle);`,
      `${drop}(handle);`,
      'return object;',
    ]),
  ]);
}
