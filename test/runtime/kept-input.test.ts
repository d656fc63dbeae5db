/** What states keep of their input is charged. In a process of its own: collecting the garbage of other tests takes ten times as long. */
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { expect, it } from 'vitest';
import { clonable, inputOf, symmetricGuest, usesOf, withInput, type Use } from '../guest/uses.js';
import { symmetricAlgorithms } from '../registry.js';

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;

function arrayBuffers(): number {
  for (let count = 0; count < 3; count += 1) collect();
  return process.memoryUsage().arrayBuffers;
}

it.each(symmetricAlgorithms.filter((algorithm) => clonable.has(algorithm)))(
  '$id is charged for the input that its states keep',
  (algorithm) => {
    const [use] = usesOf(algorithm) as [Use];
    const own = symmetricGuest();
    const input = inputOf(use, 2_000_000, 0);
    // What a first use makes for good.
    withInput(own, use, input, () => undefined);
    const before = arrayBuffers();
    withInput(own, use, input, (state) => {
      const copies = Array.from({ length: 4 }, () => own.clone(state));
      const kept = arrayBuffers() - before - 500_000;
      expect(own.guest.host.usage().bytes, 'what is charged').toBeGreaterThanOrEqual(kept);
      for (const each of copies) own.close(each);
    });
  },
);
