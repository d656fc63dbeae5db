/** Names that TypeScript takes. */
import { pascal } from '../../model/name.js';
import type { Name } from '../../model/model.js';

/** A name no word of which makes it illegal: WASI's `2big` starts with a digit. */
export function identifier(name: string): string {
  return /^[0-9]/.test(name) ? `_${name}` : name;
}

/** An enum case, a flag or a constant. */
export function caseName(name: Name): string {
  return identifier(pascal(name.words));
}
