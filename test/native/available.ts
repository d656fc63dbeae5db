/** Tests of the native backend are skipped, visibly, where it is not built or turned off. */
import { nativeObjection } from '../../runtime/backends/native/library.js';
import { describeUnless } from '../shared.js';

export function describeWithNative(title: string, tests: () => void): void {
  const objection = nativeObjection();
  describeUnless(objection && `skipped: no native backend: ${objection}`, title, tests);
}
