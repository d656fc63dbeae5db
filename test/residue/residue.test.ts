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

  it.each(['core', 'shared', 'component'] as const)(
    'are found by the scan where the process of a guest keeps them: %s',
    async (guest) => {
      const found = await scanPlanted(planted, { guest, native: false, keeps: true });
      expect(left(found).length).toBeGreaterThan(0.9 * found.length);
    },
  );

  it('are found by the scan where the process of an isolated host keeps them', async () => {
    const found = await scanPlanted(planted, { guest: 'isolated', native: false, keeps: true });
    // Keys, options and messages that states collect, but no results.
    expect(left(found).length).toBeGreaterThan(0.8 * found.length);
  });

  describe.each(['core', 'shared', 'component', 'isolated'] as const)('through a guest: %s', (guest) => {
    it.skipIf(nativeObjection() !== undefined)('are all gone with the native backend', async () => {
      const found = left(await scanPlanted(planted, { guest, native: true }));
      expect(found.filter((path) => !isKnown(path, true))).toEqual([]);
    });

    it('are gone by node:crypto, but for what it frees unwiped itself', async () => {
      const found = await scanPlanted(planted, { guest, native: false });
      expect(found.length).toBeGreaterThan(80);
      expect(left(found).filter((path) => !isKnown(path, false))).toEqual([]);
    });
  });
});
