/** What the native library holds does not grow: objects are released, and rss is flat. */
import { expect, it } from 'vitest';
import { PublickeyEncoding } from '../../generated/0.10/typescript-host/types.js';
import { nativeLibrary } from '../../runtime/backends/native/library.js';
import { Asymmetric } from '../guest/asymmetric.js';
import { errnoOf, Guest } from '../guest/guest.js';
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
    const live = library.live();
    const before = process.memoryUsage.rss();
    run(CYCLES);
    expect(process.memoryUsage.rss() - before).toBeLessThan(16 * 2 ** 20);
    expect(library.live()).toBe(live);
  });

  const KEY_CYCLES = 5000;

  it(`is flat over ${KEY_CYCLES} cycles of keys that sign, verify and agree, as a guest makes them`, () => {
    const guest = new Asymmetric(new Guest({ native: 'required' }));
    const message = new Uint8Array(64);
    const raw = guest.publickeyExport(guest.keypairPublickey(guest.keypairGenerate('Ed25519')), PublickeyEncoding.Raw);
    const before = nativeLibrary().live();
    const cycle = (): void => {
      const pair = guest.keypairGenerate('Ed25519');
      const publicKey = guest.keypairPublickey(pair);
      guest.verifyMessage(publicKey, 'Ed25519', message, guest.signMessage(pair, message));
      const imported = guest.publickeyImport('Ed25519', raw, PublickeyEncoding.Raw);
      if (errnoOf(() => guest.verifyMessage(imported, 'Ed25519', message, new Uint8Array(64).fill(3))) === 'Success')
        throw new Error('forged');
      const half = guest.keypairGenerate('X25519');
      const [secret, peer] = [guest.keypairSecretkey(half), guest.keypairPublickey(half)];
      guest.dh(peer, secret);
      // The pair before its halves, and after them.
      guest.keypairClose(pair);
      for (const each of [publicKey, imported, peer]) guest.publickeyClose(each);
      guest.secretkeyClose(secret);
      guest.keypairClose(half);
    };
    for (let count = 0; count < KEY_CYCLES / 5; count += 1) cycle();
    const resident = process.memoryUsage.rss();
    for (let count = 0; count < KEY_CYCLES; count += 1) cycle();
    expect(process.memoryUsage.rss() - resident).toBeLessThan(16 * 2 ** 20);
    expect(nativeLibrary().live()).toBe(before);
    guest.guest.host.close();
  });
});
