/** What is left in the memory of a host's process of secrets that guests gave it or made, once all is closed. */
import { beforeAll, describe, expect, it, vi } from 'vitest';
import { describeUnless } from '../shared.js';
import { nativeObjection } from '../../runtime/backends/native/library.js';
import { isKnown } from './known.js';
import { plant, type Planted } from './planted.js';
import { scanPlanted, type Found } from './scanned.js';

const missing = process.platform === 'linux' ? undefined : 'skipped: memory of other processes is read on Linux only';

function left(found: readonly Found[]): readonly string[] {
  return found.filter(({ copies }) => copies > 0).map(({ path }) => path);
}

describeUnless(missing, 'secrets that guests gave and made', () => {
  // A process each, whose memory is read.
  vi.setConfig({ testTimeout: 240_000 });
  let planted: readonly Planted[];
  beforeAll(() => {
    planted = plant();
  });

  it('are found by the scan where a process keeps them', async () => {
    const found = await scanPlanted(planted, { shared: false, native: false, keeps: true });
    expect(left(found).length).toBeGreaterThan(0.9 * found.length);
  });

  describe.each([false, true])('through memory that is shared: %s', (shared) => {
    it.skipIf(nativeObjection() !== undefined)('are all gone with the native backend', async () => {
      const found = left(await scanPlanted(planted, { shared, native: true }));
      expect(found.filter((path) => !isKnown(path, true))).toEqual([]);
    });

    it('are gone by node:crypto, but for what it frees unwiped itself', async () => {
      const found = await scanPlanted(planted, { shared, native: false });
      expect(found.length).toBeGreaterThan(80);
      expect(left(found).filter((path) => !isKnown(path, false))).toEqual([]);
    });
  });
});
