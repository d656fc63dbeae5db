/** What `kinds.ts` and `index.ts` export, whatever the definitions are. */
import type { Symbol } from '../../print/ts-file.js';

/** The file of what handles stand for. */
export const kindsFile = 'kinds';

export const indexFile = 'index';

/** The file of what calls touch in guest memory. */
export const rangesFile = 'ranges';

export const own = {
  Kinds: { name: 'Kinds', from: kindsFile, typeOnly: true },
  Handles: { name: 'Handles', from: kindsFile, typeOnly: true },
  Method: { name: 'Method', from: kindsFile, typeOnly: true },
  Binding: { name: 'Binding', from: kindsFile, typeOnly: true },
  createHandles: { name: 'createHandles', from: kindsFile, typeOnly: false },
  memoryRanges: { name: 'memoryRanges', from: rangesFile, typeOnly: false },
  Hosts: { name: 'Hosts', from: indexFile, typeOnly: true },
  BindOptions: { name: 'BindOptions', from: indexFile, typeOnly: true },
  parameterCounts: { name: 'parameterCounts', from: indexFile, typeOnly: false },
  bind: { name: 'bind', from: indexFile, typeOnly: false },
} as const satisfies Readonly<Record<string, Symbol>>;
