/** Records and tuples as TypeScript has them: made, and taken apart. */
import { camel } from '../../model/name.js';
import type { ProductPass } from '../../abi/plan.js';
import { endOf, find } from '../../print/code-lines.js';
import { identifier } from './identifiers.js';

/** A value made of its members. */
export function made(pass: ProductPass<unknown>, values: readonly string[]): string {
  switch (pass.how) {
    case 'record':
      return braced(
        pass.parts.map(({ name }, index) => `${identifier(camel(name.words))}: ${alone(values[index] ?? '')}`),
      );
    case 'tuple':
      return `[${values.map(alone).join(', ')}] as const`;
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

/** An object, or its type. */
export function braced(members: readonly string[], separator = ', '): string {
  return members.length === 0 ? '{}' : `{ ${members.join(separator)} }`;
}

/** The type of a list. */
export function listOf(element: string): string {
  const isOne = find(element, ' ') === -1 || (element.startsWith('{') && endOf(element, 0) === element.length - 1);
  return `readonly ${isOne ? element : `(${element})`}[]`;
}

/** A choice between values has brackets, for what may stand around it. Where it is a whole value, it needs none. */
export function alone(code: string): string {
  const inner = code.slice(1, -1);
  const isChoice = code.startsWith('(') && endOf(code, 0) === code.length - 1 && find(inner, ' ? ') !== -1;
  return isChoice && find(inner, ' => ') === -1 ? inner : code;
}

/** An object literal or a choice after an arrow, or between operators, needs brackets. */
export function bracketed(code: string): string {
  return code.startsWith('{') || find(code, ' ? ') !== -1 ? `(${code})` : code;
}
