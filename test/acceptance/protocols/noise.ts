/** Noise: the vectors of cacophony, and what must be refused. */
import { describe, expect, it } from 'vitest';
import { describeWithShared } from '../../shared.js';
import { readVectors } from '../../vectors/suite.js';
import { abis, bytesOf, changed, given, hex, none, text, type Bytes, type Guest, type Protocol } from './guests.js';

interface Noise {
  generateKey(): number;
  importKey(secret: Bytes): number;
  publicKey(key: number): Bytes | null;
  closeKey(key: number): void;
  open(name: string, initiates: boolean, prologue: Bytes, own: number, remote: Bytes, ephemeral: number): number;
  write(session: number, payload: Bytes): Bytes | null;
  read(session: number, message: Bytes): Bytes | null;
  finished(session: number): boolean;
  handshakeHash(session: number): Bytes | null;
  remoteKey(session: number): Bytes | null;
  close(session: number): void;
}

interface Vector {
  readonly protocol_name: string;
  readonly init_prologue: string;
  readonly init_static?: string;
  readonly init_ephemeral: string;
  readonly init_remote_static?: string;
  readonly resp_prologue: string;
  readonly resp_static?: string;
  readonly resp_ephemeral: string;
  readonly handshake_hash: string;
  readonly messages: readonly { readonly payload: string; readonly ciphertext: string }[];
}

interface Party {
  readonly guest: Guest<Noise>;
  readonly session: number;
}

const messagesOf = (pattern: string): number => (pattern === 'XX' ? 3 : 2);

function check(initiator: Guest<Noise>, responder: Guest<Noise>, vector: Vector): void {
  const { protocol_name: name, messages } = vector;
  const key = (guest: Guest<Noise>, secret: string | undefined): number =>
    secret === undefined ? 0 : guest.importKey(bytesOf(secret));
  const keys = [key(initiator, vector.init_static), key(responder, vector.resp_static)] as const;
  const first: Party = {
    guest: initiator,
    session: initiator.open(
      name,
      true,
      bytesOf(vector.init_prologue),
      keys[0],
      bytesOf(vector.init_remote_static),
      key(initiator, vector.init_ephemeral),
    ),
  };
  const second: Party = {
    guest: responder,
    session: responder.open(
      name,
      false,
      bytesOf(vector.resp_prologue),
      keys[1],
      none,
      key(responder, vector.resp_ephemeral),
    ),
  };
  for (const [index, { payload, ciphertext }] of messages.entries()) {
    const [from, to] = index % 2 === 0 ? [first, second] : [second, first];
    expect(from.guest.finished(from.session)).toBe(index >= messagesOf(name.slice(6, 8)));
    expect(hex(from.guest.write(from.session, bytesOf(payload)))).toBe(ciphertext);
    expect(hex(to.guest.read(to.session, bytesOf(ciphertext)))).toBe(payload);
  }
  for (const { guest, session } of [first, second]) {
    expect(hex(guest.handshakeHash(session))).toBe(vector.handshake_hash);
    guest.close(session);
  }
  for (const [index, guest] of [initiator, responder].entries())
    if (keys[index] !== 0) guest.closeKey(keys[index] ?? 0);
  expect([initiator, responder].map(({ crypto }) => crypto.usage().handles)).toEqual([0, 0]);
}

export const testNoise: Protocol = (guests) => {
  const guest = guests<Noise>();

  describeWithShared('vectors of cacophony', () => {
    const { vectors } = readVectors('protocols/noise.json') as { readonly vectors: readonly Vector[] };
    describe.each(vectors.map((each) => [each.protocol_name, each] as const))('%s', (_, vector) => {
      it.each(abis)('both sides, as a %s', async (abi) => check(await guest(abi), await guest(abi), vector));
    });
    it('are of all patterns', () => {
      expect(new Set(vectors.map(({ protocol_name: name }) => name.slice(6, 8)))).toEqual(
        new Set(['NN', 'NK', 'XX', 'IK']),
      );
    });
  });

  describe.each(abis)('as a %s', (abi) => {
    const XX = 'Noise_XX_25519_ChaChaPoly_SHA256';
    const IK = 'Noise_IK_25519_AESGCM_SHA512';
    const NN = 'Noise_NN_25519_AESGCM_SHA256';

    /** Two sessions of one guest. */
    async function opened(name: string, prologues = [none, none]): Promise<readonly [Guest<Noise>, number, number]> {
      const it = await guest(abi);
      const [known, keys] = [name === IK, name === NN ? [0, 0] : [it.generateKey(), it.generateKey()]];
      const remote = known ? given(it.publicKey(keys[1] ?? 0)) : none;
      return [
        it,
        it.open(name, true, prologues[0] ?? none, keys[0] ?? 0, remote, 0),
        it.open(name, false, prologues[1] ?? none, keys[1] ?? 0, none, 0),
      ];
    }

    /** Shakes hands, writing and reading by turns. */
    function shaken(it: Guest<Noise>, a: number, b: number, messages: number): void {
      for (let index = 0; index < messages; index += 1) {
        const [from, to] = index % 2 === 0 ? [a, b] : [b, a];
        expect(it.read(to, given(it.write(from, none)))).toEqual(none);
      }
      expect([it.finished(a), it.finished(b)]).toEqual([true, true]);
      expect(it.handshakeHash(a)).toEqual(it.handshakeHash(b));
    }

    it('tells who the other side is, and keys of two sessions differ', async () => {
      const [it, a, b] = await opened(XX);
      shaken(it, a, b, 3);
      expect([it.remoteKey(a), it.remoteKey(b)]).toEqual([it.publicKey(2), it.publicKey(1)]);
      const [c, d] = [it.open(XX, true, none, 1, none, 0), it.open(XX, false, none, 2, none, 0)];
      shaken(it, c, d, 3);
      expect(it.handshakeHash(c)).not.toEqual(it.handshakeHash(a));
      expect(it.read(d, given(it.write(a, text('of another session'))))).toBeNull();
    });

    it('refuses messages of the transport that were changed, shortened, repeated or moved, and goes on', async () => {
      const [it, a, b] = await opened(NN);
      shaken(it, a, b, 2);
      const [first, second] = [given(it.write(a, text('one'))), given(it.write(a, text('two')))];
      for (const bad of [changed(first), changed(first, first.length - 1), first.slice(1), none, second]) {
        expect(it.read(b, bad)).toBeNull();
        expect(it.refusal()).toBe('the message is not what was sent');
      }
      expect(it.read(b, first)).toEqual(text('one'));
      expect(it.read(b, first)).toBeNull();
      expect(it.read(b, second)).toEqual(text('two'));
      expect(it.read(b, given(it.write(a, new Uint8Array(65_519))))).toHaveLength(65_519);
      expect(it.write(a, new Uint8Array(65_520))).toBeNull();
      expect(it.refusal()).toBe('the payload is too long');
    });

    it.each([
      ['a changed byte', changed],
      ['a key that is cut', (message: Bytes) => message.slice(0, 31)],
      [
        'an ephemeral key of low order',
        (message: Bytes) => Uint8Array.from([...new Uint8Array(32), ...message.subarray(32)]),
      ],
      ['nothing', () => none],
    ] as const)('ends a handshake with %s', async (_, alter) => {
      const [it, a, b] = await opened(IK);
      expect(it.read(b, alter(given(it.write(a, text('payload')))))).toBeNull();
      expect(it.refusal()).toBe('the handshake failed');
      expect(it.write(b, none)).toBeNull();
      expect(it.refusal()).toBe('there is no such session, or its handshake failed');
      it.close(a);
      it.close(b);
      for (const key of [1, 2]) it.closeKey(key);
      expect(it.crypto.usage().handles).toBe(0);
    });

    it('ends a handshake with another prologue, with a responder of another key, and with a key that was closed', async () => {
      const [it, a, b] = await opened(XX, [text('one'), text('another')]);
      it.read(b, given(it.write(a, none)));
      expect(it.read(a, given(it.write(b, none)))).toBeNull();

      const wrong = it.open(IK, true, none, 1, given(it.publicKey(it.generateKey())), 0);
      expect(it.read(it.open(IK, false, none, 2, none, 0), given(it.write(wrong, none)))).toBeNull();

      const [c, d] = [it.open(XX, true, none, 1, none, 0), it.open(XX, false, none, 2, none, 0)];
      it.read(d, given(it.write(c, none)));
      it.closeKey(2);
      expect(it.write(d, none)).toBeNull();
      expect(it.refusal()).toBe('the handshake failed');
    });

    it('refuses handshakes that there are not, keys where none belong, and turns that are not one’s own', async () => {
      const it = await guest(abi);
      const key = it.generateKey();
      const publicKey = given(it.publicKey(key));
      for (const name of [
        '',
        'Noise_XX_25519_AESGCM',
        'Noise_KK_25519_AESGCM_SHA256',
        'Noise_XX_448_AESGCM_SHA256',
        'Noise_XX_25519_AESGCM_BLAKE2s',
      ]) {
        expect(it.open(name, true, none, key, none, 0)).toBe(0);
        expect(it.refusal()).toBe('there is no such handshake');
      }
      for (const [name, initiates, own, remote] of [
        [XX, true, 0, none],
        [NN, true, key, none],
        [NN, true, 0, publicKey],
        [IK, true, key, none],
        [IK, false, key, publicKey],
      ] as const)
        expect(it.open(name, initiates, none, own, remote, 0)).toBe(0);
      expect(it.open(XX, true, none, key, none, key)).toBe(0);
      expect(it.refusal()).toBe('there is no such ephemeral key');
      expect(it.importKey(new Uint8Array(31))).toBe(0);
      const [a, b] = [it.open(NN, true, none, 0, none, 0), it.open(NN, false, none, 0, none, 0)];
      expect(it.write(b, none)).toBeNull();
      expect(it.refusal()).toBe("it is the other side's turn");
      expect(it.read(a, none)).toBeNull();
      expect(it.refusal()).toBe("it is one's own turn");
      expect(it.handshakeHash(a)).toBeNull();
      shaken(it, a, b, 2);
    });
  });
};
