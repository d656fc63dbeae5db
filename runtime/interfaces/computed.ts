/** Calls into cryptographic libraries, whose exceptions no guest may see. */
import type { RuntimeContext } from '../context.js';

/** The result, or the failure that stands for whatever was thrown. */
export function computed<T>(context: RuntimeContext, compute: () => T): T {
  try {
    return compute();
  } catch (error) {
    throw context.failureOf(error);
  }
}
