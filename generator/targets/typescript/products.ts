/** Records and tuples as TypeScript has them: made, and taken apart. */
import { camel } from '../../model/name.js';
import type { ProductPass } from '../../abi/plan.js';
import { identifier } from './identifiers.js';

/** A value made of its members. */
export function made(pass: ProductPass<unknown>, values: readonly string[]): string {
  switch (pass.how) {
    case 'record':
      return `{ ${pass.parts.map(({ name }, index) => `${identifier(camel(name.words))}: ${values[index]}`).join(', ')} }`;
    case 'tuple':
      return `[${values.join(', ')}] as const`;
  }
}

/** The members of a value, as expressions. */
export function members<Part>(
  pass: ProductPass<Part>,
  value: string,
): readonly { readonly part: Part; readonly offset: number; readonly code: string }[] {
  return pass.parts.map(({ name, pass: part, offset }, index) => ({
    part,
    offset,
    code: memberOf(pass, value, identifier(camel(name.words)), index),
  }));
}

function memberOf({ how }: ProductPass<unknown>, value: string, name: string, index: number): string {
  switch (how) {
    case 'record':
      return `${value}.${name}`;
    case 'tuple':
      return `${value}[${index}]`;
  }
}

/**
 * What a value becomes by its tag. The last of all its cases is not compared with: nothing else is left.
 *
 * @param count how many cases there are
 * @param cases those that become something, and what
 * @param otherwise what all others become
 */
export function byTag(
  tag: string,
  count: number,
  cases: readonly (readonly [name: string, code: string])[],
  otherwise: string,
): string {
  return cases
    .map(([name, code], index) => (index === count - 1 ? code : `${tag} === '${name}' ? ${code} : `))
    .concat(cases.length < count ? [otherwise] : [])
    .join('');
}

/** An object literal after an arrow, or between operators, needs brackets. */
export function bracketed(code: string): string {
  return code.startsWith('{') ? `(${code})` : code;
}
