/** What the native library holds does not grow: objects are released, and rss is flat. */
import { expect, it } from 'vitest';
import { nativeLibrary } from '../../runtime/backends/native/library.js';
import { describeWithNative } from './available.js';

const CYCLES = 100_000;

describeWithNative('the memory of the native library', () => {
  it(`is flat over ${CYCLES} cycles of keys and running digests`, () => {
    const library = nativeLibrary();
    const [digest, cipher] = [library.digestFind('SHA256'), library.cipherFind('aes-256-gcm')];
    const key = new Uint8Array(32);
    const run = (cycles: number): void => {
      for (let cycle = 0; cycle < cycles; cycle += 1) {
        const mac = library.macKey(digest, key);
        const running = library.macBegin(mac);
        for (const object of [mac, running, library.digestCopy(running), library.cipherKey(cipher, key)])
          if (library.release(object) !== 0) throw new Error(`${object} cannot be released`);
      }
    };
    run(CYCLES / 5);
    const before = process.memoryUsage.rss();
    run(CYCLES);
    expect(process.memoryUsage.rss() - before).toBeLessThan(16 * 2 ** 20);
    expect(library.live()).toBe(0);
  });
});
