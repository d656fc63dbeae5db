/**
 * The compiled module, from where `npm run build` puts it. In the bundle (`.bundle-runtime.mjs`) another file has the place of
 * this one, which has the module inside: whoever bundles a host need not carry a file along.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Unavailable } from '../backend.js';
import { packageRoot } from '../package-root.js';

/** Throws `Unavailable` where it is missing. */
export function moduleBytes(): Uint8Array {
  try {
    return readFileSync(join(packageRoot(), 'dist/runtime/primitives.wasm'));
  } catch {
    throw new Unavailable('dist/runtime/primitives.wasm is missing: `npm run build` makes it');
  }
}
