/** HPKE: the vectors of RFC 9180, and what must be refused. */
import { describe, expect, it } from 'vitest';
import { describeWithShared } from '../../shared.js';
import { readVectors } from '../../vectors/suite.js';
import { abis, bytesOf, changed, given, hex, none, text, type Bytes, type Guest, type Protocol } from './guests.js';

interface Hpke {
  generateKey(kem: number): number;
  importKey(kem: number, secret: Bytes): number;
  deriveKey(kem: number, material: Bytes): number;
  publicKey(key: number): Bytes | null;
  closeKey(key: number): void;
  setupSender(
    kem: number,
    kdf: number,
    aead: number,
    receiver: Bytes,
    info: Bytes,
    psk: Bytes,
    pskId: Bytes,
    sender: number,
    ephemeral: number,
  ): number;
  setupReceiver(
    kdf: number,
    aead: number,
    encapsulated: Bytes,
    receiver: number,
    info: Bytes,
    psk: Bytes,
    pskId: Bytes,
    sender: Bytes,
  ): number;
  encapsulated(context: number): Bytes | null;
  seal(context: number, associatedData: Bytes, message: Bytes): Bytes | null;
  open(context: number, associatedData: Bytes, sealed: Bytes): Bytes | null;
  exportSecret(context: number, purpose: Bytes, length: number): Bytes | null;
  closeContext(context: number): void;
}

interface Case {
  readonly mode: number;
  readonly kem_id: number;
  readonly kdf_id: number;
  readonly aead_id: number;
  readonly info: string;
  readonly ikmR: string;
  readonly ikmE: string;
  readonly ikmS?: string;
  readonly skRm: string;
  readonly pkRm: string;
  readonly pkSm?: string;
  readonly psk?: string;
  readonly psk_id?: string;
  readonly enc: string;
  readonly encryptions: readonly { readonly aad: string; readonly pt: string; readonly ct: string }[];
  readonly exports: readonly {
    readonly exporter_context: string;
    readonly L: number;
    readonly exported_value: string;
  }[];
}

const X25519 = 0x0020;
const P256 = 0x0010;

/** One case, on both sides. */
function check(sender: Guest<Hpke>, receiver: Guest<Hpke>, it: Case): void {
  const { kem_id: kem, kdf_id: kdf, aead_id: aead } = it;
  const [info, psk, pskId] = [bytesOf(it.info), bytesOf(it.psk), bytesOf(it.psk_id)];
  const key = receiver.deriveKey(kem, bytesOf(it.ikmR));
  expect(hex(receiver.publicKey(key))).toBe(it.pkRm);
  const imported = receiver.importKey(kem, bytesOf(it.skRm));
  expect(hex(receiver.publicKey(imported))).toBe(it.pkRm);
  const own = it.ikmS === undefined ? 0 : sender.deriveKey(kem, bytesOf(it.ikmS));
  const ephemeral = sender.deriveKey(kem, bytesOf(it.ikmE));
  const sending = sender.setupSender(kem, kdf, aead, bytesOf(it.pkRm), info, psk, pskId, own, ephemeral);
  expect(hex(sender.encapsulated(sending))).toBe(it.enc);
  const receiving = receiver.setupReceiver(kdf, aead, bytesOf(it.enc), key, info, psk, pskId, bytesOf(it.pkSm));
  for (const { aad, pt, ct } of it.encryptions) {
    expect(hex(sender.seal(sending, bytesOf(aad), bytesOf(pt)))).toBe(ct);
    expect(hex(receiver.open(receiving, bytesOf(aad), bytesOf(ct)))).toBe(pt);
  }
  for (const { exporter_context: purpose, L: length, exported_value: expected } of it.exports)
    for (const secret of [
      sender.exportSecret(sending, bytesOf(purpose), length),
      receiver.exportSecret(receiving, bytesOf(purpose), length),
    ])
      expect(hex(secret)).toBe(expected);
  sender.closeContext(sending);
  receiver.closeContext(receiving);
  for (const each of [key, imported]) receiver.closeKey(each);
  if (own !== 0) sender.closeKey(own);
}

export const testHpke: Protocol = (guests) => {
  const guest = guests<Hpke>();

  describeWithShared('vectors of RFC 9180', () => {
    const { cases } = readVectors('protocols/hpke_rfc9180.json.gz') as { readonly cases: readonly Case[] };
    const kems = new Map([
      [P256, 'P-256'],
      [0x0012, 'P-521'],
      [X25519, 'X25519'],
    ]);
    describe.each([...kems])('KEM %i', (kem, name) => {
      it.each(abis)(`${name}, all modes, as a %s`, async (abi) => {
        const [sender, receiver] = [await guest(abi), await guest(abi)];
        const chosen = cases.filter(({ kem_id: id }) => id === kem);
        for (const each of chosen) check(sender, receiver, each);
        expect(new Set(chosen.map(({ mode }) => mode)).size).toBe(4);
        // Nothing is left open.
        expect([sender, receiver].map(({ crypto }) => crypto.usage().handles)).toEqual([0, 0]);
      });
    });
    it('are all of KEMs that are tested', () => {
      expect(cases.filter(({ kem_id: kem }) => !kems.has(kem))).toEqual([]);
      expect(cases.length).toBe(72);
    });
  });

  describe.each(abis)('as a %s', (abi) => {
    const setUp = async (kem = X25519): Promise<readonly [Guest<Hpke>, number, number, number]> => {
      const it = await guest(abi);
      const key = it.generateKey(kem);
      const sending = it.setupSender(kem, 1, 1, given(it.publicKey(key)), none, none, none, 0, 0);
      return [it, key, sending, it.setupReceiver(1, 1, given(it.encapsulated(sending)), key, none, none, none, none)];
    };

    it('refuses what was changed, shortened, moved or bound to something else, and goes on', async () => {
      const [it, , sending, receiving] = await setUp();
      const [data, message] = [text('data'), text('message')];
      const [first, second] = [given(it.seal(sending, data, message)), given(it.seal(sending, data, message))];
      for (const [bound, sealed] of [
        [data, changed(first)],
        [data, changed(first, first.length - 1)],
        [data, first.subarray(1)],
        [none, first],
        [data, second],
      ] as const) {
        expect(it.open(receiving, bound, Uint8Array.from(sealed))).toBeNull();
        expect(it.refusal()).toBe('the message is not what was sealed');
      }
      expect(it.open(receiving, data, first.slice(0, 15))).toBeNull();
      expect(it.refusal()).toBe('the message is shorter than its tag');
      expect(it.open(receiving, data, first)).toEqual(message);
      expect(it.open(receiving, data, first)).toBeNull();
      expect(it.open(receiving, data, second)).toEqual(message);
    });

    it('refuses public keys that are none, or of low order', async () => {
      const [it, key] = await setUp();
      const other = it.generateKey(P256);
      const point = given(it.publicKey(other));
      for (const [kem, bad] of [
        [X25519, new Uint8Array(32)],
        [X25519, Uint8Array.of(1, ...new Uint8Array(31))],
        [X25519, new Uint8Array(31).fill(9)],
        [P256, changed(point, 64)],
        [P256, Uint8Array.of(2, ...point.subarray(1, 33))],
        [P256, new Uint8Array(65)],
        [P256, Uint8Array.of(0)],
      ] as const) {
        expect(it.setupSender(kem, 1, 1, bad, none, none, none, 0, 0)).toBe(0);
        expect(it.refusal()).toMatch(/^(this is no public key|a public key is none, or gives no secret)$/);
        expect(it.setupReceiver(1, 1, bad, kem === P256 ? other : key, none, none, none, none)).toBe(0);
        expect(it.refusal()).toBe('a public key is none, or gives no secret');
      }
      // Key pairs and contexts that were made: nothing of what was refused.
      for (const each of [key, other]) it.closeKey(each);
      for (const each of [1, 2]) it.closeContext(each);
      expect(it.crypto.usage().handles).toBe(0);
    });

    it('opens with the pre-shared key and the sender of its mode alone', async () => {
      const it = await guest(abi);
      const [key, own, other] = [it.generateKey(X25519), it.generateKey(X25519), it.generateKey(X25519)];
      const [psk, id] = [new Uint8Array(32).fill(7), text('id')];
      const sending = it.setupSender(X25519, 3, 3, given(it.publicKey(key)), none, psk, id, own, 0);
      const enc = given(it.encapsulated(sending));
      const sealed = given(it.seal(sending, none, text('message')));
      const open = (secret: Bytes, name: Bytes, sender: Bytes): Bytes | null =>
        it.open(it.setupReceiver(3, 3, enc, key, none, secret, name, sender), none, sealed);
      const sender = given(it.publicKey(own));
      expect(open(psk, id, sender)).toEqual(text('message'));
      expect(open(changed(psk), id, sender)).toBeNull();
      expect(open(psk, text('ID'), sender)).toBeNull();
      expect(open(psk, id, given(it.publicKey(other)))).toBeNull();
      expect(open(psk, id, none)).toBeNull();
      expect(open(none, none, sender)).toBeNull();
      for (const [secret, name, why] of [
        [psk, none, 'a pre-shared key and its identifier come together'],
        [none, id, 'a pre-shared key and its identifier come together'],
        [psk.subarray(1), id, 'the pre-shared key is too short'],
      ] as const) {
        expect(it.setupSender(X25519, 1, 1, sender, none, Uint8Array.from(secret), name, 0, 0)).toBe(0);
        expect(it.refusal()).toBe(why);
      }
    });

    it('refuses suites, keys and contexts that there are not, and what a context is not for', async () => {
      const [it, key, sending, receiving] = await setUp();
      const publicKey = given(it.publicKey(key));
      const refused = (outcome: unknown): string => {
        expect([0, null]).toContain(outcome);
        return it.refusal();
      };
      expect(refused(it.generateKey(0x0021))).toBe('there is no such KEM');
      expect(refused(it.setupSender(X25519, 2, 1, publicKey, none, none, none, 0, 0))).toBe('there is no such KDF');
      expect(refused(it.setupSender(X25519, 1, 4, publicKey, none, none, none, 0, 0))).toBe('there is no such AEAD');
      expect(refused(it.setupReceiver(1, 1, publicKey, 99, none, none, none, none))).toBe('there is no such key');
      expect(refused(it.deriveKey(X25519, new Uint8Array(31)))).toBe('the key material is too short');
      expect(refused(it.importKey(P256, new Uint8Array(32)))).toBe('this is no secret key');
      expect(refused(it.importKey(P256, new Uint8Array(32).fill(255)))).toBe('this is no secret key');
      expect(refused(it.seal(receiving, none, none))).toBe('there is no such context that seals');
      expect(refused(it.open(sending, none, none))).toBe('there is no such context that opens');
      expect(refused(it.exportSecret(sending, none, 255 * 32 + 1))).toBe('a secret of this length cannot be exported');
      expect(it.exportSecret(sending, none, 255 * 32)).toEqual(it.exportSecret(receiving, none, 255 * 32));
      it.closeContext(sending);
      it.closeContext(sending);
      expect(refused(it.seal(sending, none, none))).toBe('there is no such context that seals');
    });
  });
};
