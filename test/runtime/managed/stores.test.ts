/** What every store must do: the checks that come with the package, for those who write one. */
import { describe, it } from 'vitest';
import { recordStoreChecks } from '../../../runtime/secrets/conformance.js';
import { storeKinds } from './stores.js';

describe.each(storeKinds)('a store: $name', ({ make, reopen }) => {
  for (const { title, run } of recordStoreChecks(make, reopen)) it(title, run);
});
