/** Names that TypeScript takes. */
import { camel, pascal } from '../../model/name.js';
import type { Name } from '../../model/model.js';
import { Scope } from '../../print/scope.js';

/** A name no word of which makes it illegal: WASI's `2big` starts with a digit. */
export function identifier(name: string): string {
  return /^[0-9]/.test(name) ? `_${name}` : name;
}

/** An enum case, a flag or a constant. */
export function caseName(name: Name): string {
  return identifier(pascal(name.words));
}

/** The names of all cases, flags or constants of a type: `a1_b` and `a_1_b` become one name, so the second is numbered. */
export function caseNames(all: readonly { readonly name: Name }[]): readonly string[] {
  const scope = new Scope();
  return all.map(({ name }) => scope.declare(caseName(name)));
}

/**
 * A method, or another property that may be absent: every object inherits a `constructor` and a `toString`, and
 * `new()` in an interface makes it a class.
 */
export function memberName(words: readonly string[]): string {
  const name = identifier(camel(words));
  return name in Object.prototype || name === 'new' ? `${name}_` : name;
}

/** What stands before the colon of a property: `{ __proto__: … }` would set a prototype. */
export function propertyKey(name: string): string {
  if (name === '__proto__') return `['${name}']`;
  return /^[A-Za-z_]\w*$/.test(name) ? name : `'${name}'`;
}
