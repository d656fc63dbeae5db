/** The native library, as reports name it. */
import type { Backend } from '../backend.js';

export const native: Backend = {
  kind: 'native',
  name: `native, OpenSSL ${process.versions['openssl'] ?? 'of unknown version'}`,
};
