/** Which compiler takes what a target makes. */
import type { Target } from '../../generator/targets/target.js';

/** `tsc` is not among them: it has to take a target that nobody has put here. */
const others: ReadonlyMap<string, 'asc' | 'clang'> = new Map([
  ['assemblyscript-guest', 'asc'],
  ['c-guest', 'clang'],
]);

/** None compiles documentation. */
export function compilerOf({ id, onRequest }: Target): 'tsc' | 'asc' | 'clang' | 'none' {
  return onRequest === true ? 'none' : (others.get(id) ?? 'tsc');
}
