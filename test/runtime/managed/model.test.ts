/** Every store against a reference model: random calls by two hosts of each of two tenants, at once. */
import fc from 'fast-check';
import { describe, it } from 'vitest';
import { managedGuest, newStore } from './fixture.js';
import { compareWithModel, randomCalls } from './model.js';
import { storeKinds } from './stores.js';

/** `WASI_CRYPTO_MODEL_RUNS=1000` for longer. */
const longer = process.env['WASI_CRYPTO_MODEL_RUNS'];

describe.each(storeKinds)('hosts on one store: $name', ({ name, make, reopen }) => {
  it.each([0, 2, 1024])('agree with the model, with a cache of %d', (cache) => {
    fc.assert(
      fc.property(randomCalls, (calls) => {
        const clock = { now: 1000 };
        const records = make();
        const first = newStore(records, { cache });
        const second = reopen === undefined ? first : newStore(reopen(records), { cache });
        const hosts = [first, second, first, second].map((store, index) =>
          managedGuest({ store, clock, tenant: index < 2 ? 'one' : 'two' }),
        );
        try {
          compareWithModel(hosts, clock, calls);
        } finally {
          for (const { managed } of hosts) managed.guest.host.close();
          first.close();
          if (second !== first) second.close();
        }
      }),
      // Files wait for the disk.
      { numRuns: longer === undefined ? (name === 'memory' ? 40 : 6) : Number(longer) },
    );
  });
});
