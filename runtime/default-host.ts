/** What the host that all components of the process share is to be made with (`component.ts`, which is made when it is loaded). */
import { ConfigurationError, readOptions, type WasiCryptoOptions } from './options.js';

let chosen: WasiCryptoOptions = {};
let isTaken = false;

/**
 * Chooses the options of the host that transpiled components share which import it (`wasi-crypto-runtime/component`): a store of keys, a policy, limits. That host
 * is made when the first of them is loaded, so call this in a module that is imported before them:
 *
 *     import './crypto-options.js';
 *     import { run } from './app/app.js';
 *
 * Errors: `ConfigurationError` (`too-late`) where it was loaded already, and for an option that cannot be followed.
 */
export function configureComponents(options: WasiCryptoOptions): void {
  if (isTaken)
    throw new ConfigurationError(
      'too-late',
      'wasi-crypto-runtime/component was loaded before: import what configures it first',
    );
  readOptions(options);
  chosen = options;
}

/** Nothing can be chosen any more afterwards. */
export function componentOptions(): WasiCryptoOptions {
  isTaken = true;
  return chosen;
}
