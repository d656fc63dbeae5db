/** How the runtime fails: `throw fail.InvalidKey`. */
export { Failure, FaultSignal } from '../generated/0.10/typescript-host/failure.js';
export { fail } from '../generated/0.10/typescript-host/types.js';
