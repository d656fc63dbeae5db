/** Which compiler takes what a target makes. */
import type { Target } from '../../generator/targets/target.js';

/** `tsc` is not among them: it has to take a target that nobody has put here. */
const others: ReadonlyMap<string, 'asc' | 'clang' | 'wit'> = new Map([
  ['assemblyscript-guest', 'asc'],
  ['c-guest', 'clang'],
  // The reference parser.
  ['wit', 'wit'],
]);

/** None compiles documentation. */
export function compilerOf({ id, onRequest }: Target): 'tsc' | 'asc' | 'clang' | 'wit' | 'none' {
  return others.get(id) ?? (onRequest === true ? 'none' : 'tsc');
}
