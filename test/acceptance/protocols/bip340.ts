/** Schnorr signatures over secp256k1: the vectors of BIP-340, and what must be refused. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { describeWithShared, shared } from '../../shared.js';
import { abis, bytesOf, changed, given, hex, none, text, type Bytes, type Protocol } from './guests.js';

interface Bip340 {
  generateKey(): number;
  importKey(secret: Bytes): number;
  publicKey(key: number): Bytes | null;
  closeKey(key: number): void;
  sign(key: number, message: Bytes, auxiliary: Bytes): Bytes | null;
  verify(point: Bytes, message: Bytes, signature: Bytes): boolean;
}

/** The order of the group. */
const order = bytesOf('fffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141');

export const testBip340: Protocol = (guests) => {
  const guest = guests<Bip340>();

  describeWithShared('vectors of BIP-340', () => {
    const rows = readFileSync(shared('vectors/protocols/bip340.csv'), 'utf8')
      .trim()
      .split(/\r?\n/)
      .slice(1)
      .map((line) => line.split(','));
    it.each(abis)('sign and verify as they say, as a %s', async (abi) => {
      const it = await guest(abi);
      for (const [index, secret = '', point, auxiliary, message, signature = '', result] of rows) {
        if (secret !== '') {
          const key = it.importKey(bytesOf(secret));
          expect(it.publicKey(key), index).toEqual(bytesOf(point));
          expect(hex(it.sign(key, bytesOf(message), bytesOf(auxiliary))), index).toBe(signature.toLowerCase());
          it.closeKey(key);
        }
        expect(it.verify(bytesOf(point), bytesOf(message), bytesOf(signature)), index).toBe(result === 'TRUE');
      }
      expect(rows.length).toBe(19);
      // The group stays.
      expect(it.crypto.usage().handles).toBe(1);
    });
  });

  describe.each(abis)('as a %s', (abi) => {
    it('signs differently each time, and refuses what was changed or has another length', async () => {
      const it = await guest(abi);
      const key = it.generateKey();
      const [point, message] = [given(it.publicKey(key)), text('message')];
      const [signature, again] = [given(it.sign(key, message, none)), given(it.sign(key, message, none))];
      expect(signature).not.toEqual(again);
      for (const each of [signature, again]) expect(it.verify(point, message, each)).toBe(true);
      for (const [claimed, said, by] of [
        [changed(signature), message, point],
        [changed(signature, 63), message, point],
        [signature, changed(message), point],
        [signature, message, given(it.publicKey(it.generateKey()))],
        [Uint8Array.from([...signature.subarray(0, 32), ...order]), message, point],
        [signature.slice(1), message, point],
        [none, message, point],
        [signature, message, Uint8Array.of(2, ...point)],
        [signature, message, new Uint8Array(32)],
        [signature, message, none],
      ] as const)
        expect(it.verify(by, said, claimed)).toBe(false);
    });

    it('refuses secret keys and randomness that are none', async () => {
      const it = await guest(abi);
      for (const secret of [new Uint8Array(32), order, new Uint8Array(31).fill(1), none]) {
        expect(it.importKey(secret)).toBe(0);
        expect(it.refusal()).toBe('this is no secret key');
      }
      const key = it.generateKey();
      expect(it.sign(key, none, new Uint8Array(31))).toBeNull();
      expect(it.refusal()).toBe('auxiliary randomness has 32 bytes');
      it.closeKey(key);
      expect(it.sign(key, none, none)).toBeNull();
      expect(it.refusal()).toBe('there is no such key');
      expect(it.crypto.usage().handles).toBe(1);
    });
  });
};
