/** The native library, as reports name it. */
import type { Backend } from '../backend.js';
import { opensslName } from '../provider.js';

export const native: Backend = {
  kind: 'native',
  name: `native, ${opensslName}`,
};
