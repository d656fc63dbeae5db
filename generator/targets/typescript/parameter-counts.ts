/** `parameterCounts`, by which bindings notice hosts that were written for earlier definitions. */
import type { Symbol, TsFile } from '../../print/ts-file.js';
import { propertyKey } from './identifiers.js';
import { braced } from './products.js';

/** A method, and how many parameters the definitions give it. */
export interface Counted {
  readonly method: string;
  readonly parameters: number;
}

/** @param counts by the property that has the host of an interface */
export function declareParameterCounts(
  { name }: Symbol,
  counts: readonly { readonly property: string; readonly methods: readonly Counted[] }[],
  file: TsFile,
): void {
  const objects = counts.map(({ property, methods }) => {
    const entries = methods.map(({ method, parameters }) => `${propertyKey(method)}: ${parameters}`);
    return `${propertyKey(property)}: ${braced(entries)},`;
  });
  file.constant(name, 'How many parameters the methods of hosts are given.', `{\n${objects.join('\n')}\n} as const`);
}
