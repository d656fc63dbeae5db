/** What `explain` says of each diagnostic. A code of the catalogue that has no explanation does not compile. */
import type { Code } from '../catalog.js';
import type { Explanation } from './explanation.js';
import { names } from './names.js';
import { output } from './output.js';
import { text } from './text.js';
import { types } from './types.js';

export type { Example, Explanation } from './explanation.js';

export const explanations: { readonly [C in Code]: Explanation } = { ...text, ...names, ...types, ...output };
