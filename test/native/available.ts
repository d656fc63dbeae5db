/** Tests of the native backend are skipped, visibly, where it is not built or turned off. */
import { describe, test } from 'vitest';
import { nativeObjection } from '../../runtime/backends/native/library.js';

export function describeWithNative(title: string, tests: () => void): void {
  const objection = nativeObjection();
  if (objection === undefined) describe(title, tests);
  else describe(title, () => test.skip(`skipped: no native backend: ${objection}`));
}
