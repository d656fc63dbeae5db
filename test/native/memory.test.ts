/** What the native library holds does not grow: objects are released, and rss is flat. */
import { setImmediate } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { expect, it } from 'vitest';
import { PublickeyEncoding } from '../../generated/0.10/typescript-host/types.js';
import { nativeLibrary } from '../../runtime/backends/native/library.js';
import { Asymmetric } from '../guest/asymmetric.js';
import { errnoOf, Guest, newMemory } from '../guest/guest.js';
import { Symmetric } from '../guest/symmetric.js';
import { describeWithNative } from './available.js';

const CYCLES = 40_000;

describeWithNative('the memory of the native library', () => {
  it(`is flat over ${CYCLES} cycles of keys, running digests and running codes`, () => {
    const library = nativeLibrary();
    const [digest, cipher] = [library.digestFind('SHA256'), library.cipherFind('aes-256-gcm')];
    const key = new Uint8Array(32);
    const run = (cycles: number): void => {
      for (let cycle = 0; cycle < cycles; cycle += 1) {
        const mac = library.macKey(digest, key);
        const running = library.macBegin(mac);
        const code = library.codeKey('AES-256-CBC', key);
        const begun = library.codeBegin(code);
        const made = [mac, running, library.digestCopy(running), library.cipherKey(cipher, key)];
        for (const object of [...made, code, begun, library.codeCopy(begun)])
          if (library.release(object) !== 0) throw new Error(`${object} cannot be released`);
      }
    };
    run(CYCLES / 5);
    const live = library.live();
    const growth = [1, 2, 3].map(() => {
      const before = process.memoryUsage.rss();
      run(CYCLES);
      return process.memoryUsage.rss() - before;
    });
    // A leak of a hundred bytes a cycle grows each time; the process around it now and then.
    expect(Math.min(...growth)).toBeLessThan(4 * 2 ** 20);
    expect(library.live()).toBe(live);
  });

  const NUMBER_CYCLES = 10_000;

  it(`is flat over ${NUMBER_CYCLES} cycles of moduli, residues and points`, () => {
    const library = nativeLibrary();
    const group = library.groupFind('prime256v1');
    const [modulus, value] = [new Uint8Array(256).fill(0xff), new Uint8Array(256)];
    const scalar = new Uint8Array(32).fill(3);
    const run = (cycles: number): void => {
      for (let cycle = 0; cycle < cycles; cycle += 1) {
        const [number, point] = [library.modulusNew(modulus), library.pointNew(group)];
        library.residueReduce(number, value, scalar);
        library.residuePower(number, value, value, scalar.subarray(0, 2));
        library.pointMultiply(point, undefined, scalar);
        library.pointAdd(point, point, point, 1);
        library.pointSum(point, new Uint8Array(BigUint64Array.of(BigInt(point)).buffer), scalar);
        for (const object of [number, point])
          if (library.release(object) !== 0) throw new Error(`${object} cannot be released`);
      }
    };
    run(NUMBER_CYCLES / 5);
    const live = library.live();
    const growth = [1, 2, 3].map(() => {
      const before = process.memoryUsage.rss();
      run(NUMBER_CYCLES);
      return process.memoryUsage.rss() - before;
    });
    expect(Math.min(...growth)).toBeLessThan(4 * 2 ** 20);
    expect(library.live()).toBe(live);
  });

  const KEY_CYCLES = 2500;

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
    for (let count = 0; count < 1000; count += 1) cycle();
    const growth = [1, 2, 3].map(() => {
      const resident = process.memoryUsage.rss();
      for (let count = 0; count < KEY_CYCLES; count += 1) cycle();
      return process.memoryUsage.rss() - resident;
    });
    expect(Math.min(...growth)).toBeLessThan(8 * 2 ** 20);
    expect(nativeLibrary().live()).toBe(before);
    guest.guest.host.close();
  });

  /** Opens something of everything that the library holds objects for, and leaves it open. */
  const openEverything = (): Guest => {
    const guest = new Guest({ native: 'required' }, newMemory({ initial: 3 }));
    const [symmetric, asymmetric] = [new Symmetric(guest), new Asymmetric(guest)];
    // Longer than what is kept until the end.
    const message = new Uint8Array(5000);
    for (const id of ['SHA-256', 'HMAC/SHA-256']) {
      const key = id === 'SHA-256' ? undefined : symmetric.keyGenerate(id);
      symmetric.absorb(symmetric.open(id, key), message);
    }
    const cipher = symmetric.keyGenerate('AES-256-GCM');
    symmetric.common.withOptions({ nonce: new Uint8Array(12) }, (options) =>
      symmetric.encrypt(symmetric.open('AES-256-GCM', cipher, options), message),
    );
    const pair = asymmetric.keypairGenerate('ECDSA_P256_SHA256');
    const publicKey = asymmetric.keypairPublickey(pair);
    const signature = asymmetric.sign(asymmetric.signOpen(pair));
    asymmetric.verify(asymmetric.verifyOpen(publicKey), signature);
    const half = asymmetric.keypairGenerate('X25519');
    asymmetric.dh(asymmetric.keypairPublickey(half), asymmetric.keypairSecretkey(half));
    return guest;
  };

  it('is given back by a host that is closed with everything open', () => {
    const before = nativeLibrary().live();
    const guest = openEverything();
    expect(nativeLibrary().live()).toBeGreaterThanOrEqual(before + 8);
    guest.host.close();
    expect(nativeLibrary().live()).toBe(before);
  });

  it('is given back by hosts that are dropped without a word', async () => {
    setFlagsFromString('--expose-gc');
    const collect = runInNewContext('gc') as () => void;
    const before = nativeLibrary().live();
    for (let count = 0; count < 20; count += 1) openEverything();
    for (let turn = 0; turn < 100 && nativeLibrary().live() > before; turn += 1) {
      collect();
      await setImmediate();
    }
    // Fewer, if others were dropped before.
    expect(nativeLibrary().live()).toBeLessThanOrEqual(before);
  });
});
