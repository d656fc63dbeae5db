/** What must hold for every authenticated cipher, whatever it is. */
import { describe, expect, it } from 'vitest';
import type { SymmetricAlgorithm } from '../../runtime/algorithms/descriptor.js';
import { RuntimeContext } from '../../runtime/context.js';
import { commonHost } from '../../runtime/interfaces/common.js';
import { symmetricHost } from '../../runtime/interfaces/symmetric.js';
import { readOptions } from '../../runtime/options.js';
import { authenticatedCiphers, idsOf } from '../registry.js';
import { errnoName, errnoOf, UNTOUCHED } from '../guest/guest.js';
import {
  changed,
  inputOf,
  isSession,
  neighbours,
  outputOf,
  symmetricGuest,
  withInput,
  type Input,
  type Use,
} from '../guest/uses.js';

const ABSORBED = 50;
const MESSAGE = 75;

describe.each(idsOf(authenticatedCiphers))('%s', (id) => {
  const algorithm = authenticatedCiphers.find((each) => each.id === id) as SymmetricAlgorithm;
  const use: Use = { algorithm, way: 'encrypt', keyed: true, target: undefined };
  const s = symmetricGuest();
  const input = inputOf(use, ABSORBED, MESSAGE);
  const sealed = outputOf(s, use, input);
  const overhead = sealed.length - MESSAGE;
  const message = Uint8Array.from(input.message);

  /** Expects that it is refused, and that zeros stand where the message should have been. */
  function refused(what: string, from: Input, func: string, length: number, data: readonly Uint8Array[]): void {
    withInput(s, use, from, (state) => {
      s.guest.scoped(() => {
        const out = s.guest.alloc(length + 8);
        const given = data.flatMap((bytes) => [s.guest.put(bytes), bytes.length]);
        const args = [state, out, length, ...given, s.guest.alloc(4)];
        expect([what, errnoName(s.guest.raw(func, ...args))]).toEqual([what, 'InvalidTag']);
        expect(s.guest.read(out, length)).toEqual(new Uint8Array(length));
        expect(s.guest.read(out + length, 8)).toEqual(new Uint8Array(8).fill(UNTOUCHED));
      });
    });
  }

  it('opens nothing but what was sealed', () => {
    const whole = (what: string, from: Input, bytes: Uint8Array): void =>
      refused(what, from, 'symmetric_state_decrypt', Math.max(0, bytes.length - overhead), [bytes]);
    expect(withInput(s, use, input, (state) => s.decrypt(state, sealed))).toEqual(message);
    for (const [what, other] of neighbours({ ...input, message: new Uint8Array(0) })) whole(what, other, sealed);
    for (const index of sealed.keys()) {
      whole(`byte ${index}`, input, changed(sealed, index));
      whole(`cut to ${index}`, input, sealed.subarray(0, index));
    }
  });

  it('opens nothing but what was sealed, with the tag apart', () => {
    const { ciphertext, tag } = withInput(s, use, input, (state) => {
      const { ciphertext: bytes, tag: handle } = s.encryptDetached(state, message);
      return { ciphertext: bytes, tag: s.tagPull(handle) };
    });
    const apart = (what: string, from: Input, bytes: Uint8Array, code: Uint8Array): void =>
      refused(what, from, 'symmetric_state_decrypt_detached', bytes.length, [bytes, code]);
    expect(withInput(s, use, input, (state) => s.decryptDetached(state, ciphertext, tag))).toEqual(message);
    for (const [what, other] of neighbours({ ...input, message: new Uint8Array(0) }))
      apart(what, other, ciphertext, tag);
    for (const index of ciphertext.keys()) apart(`byte ${index}`, input, changed(ciphertext, index), tag);
    for (const index of tag.keys()) {
      apart(`byte ${index} of the tag`, input, ciphertext, changed(tag, index));
      apart(`the tag cut to ${index}`, input, ciphertext, tag.subarray(0, index));
    }
    apart('a longer tag', input, ciphertext, Uint8Array.from([...tag, 0]));
    apart('the tag of the empty message', input, new Uint8Array(0), tag);
  });

  it('tells associated data from the message', () => {
    const moved: Input = {
      ...input,
      absorbed: Buffer.concat([input.absorbed, message.subarray(0, 16)]),
      message: message.subarray(16),
    };
    const other = outputOf(s, use, moved);
    expect(other.slice(-overhead)).not.toEqual(sealed.slice(-overhead));
    refused('what was sealed otherwise', input, 'symmetric_state_decrypt', other.length - overhead, [other]);
  });

  it('encrypts once for each nonce, over all clones, and not after decrypting', () => {
    // What came before makes each encryption of a session another one.
    if (isSession(algorithm)) return;
    const again = (state: number): string => errnoOf(() => s.encrypt(state, message));
    const inClones = (first: (state: number, copy: number) => unknown): void =>
      withInput(s, use, input, (state) => {
        const copy = s.clone(state);
        first(state, copy);
        for (const each of [state, copy]) {
          expect(again(each)).toBe('NonceRequired');
          expect(errnoOf(() => s.encryptDetached(each, message))).toBe('NonceRequired');
          expect(s.decrypt(each, sealed)).toEqual(message);
        }
        expect(errnoOf(() => s.absorb(state, message))).toBe('InvalidOperation');
        s.close(copy);
      });
    inClones((state) => s.encrypt(state, message));
    inClones((_state, copy) => s.encryptDetached(copy, message));
    inClones((state) => s.decrypt(state, sealed));
    // What failed has spent nothing.
    withInput(s, use, input, (state) => {
      expect(errnoOf(() => s.decrypt(state, changed(sealed, 0)))).toBe('InvalidTag');
      expect(errnoOf(() => s.encrypt(state, message, 1))).toBe('Overflow');
      expect(again(state)).toBe('Success');
    });
  });

  it('works where input and output overlap', () => {
    for (const shift of [-MESSAGE, -17, -16, -1, 0, 1, 16, 17, MESSAGE]) {
      withInput(s, use, input, (state) => {
        s.guest.scoped(() => {
          const place = s.guest.alloc(4 * MESSAGE + 2 * overhead);
          const at = place + MESSAGE + overhead;
          s.guest.bytes(at, MESSAGE).set(message);
          s.guest.callForU32('symmetric_state_encrypt', state, at + shift, sealed.length, at, MESSAGE);
          expect(s.guest.read(at + shift, sealed.length), `sealed, ${shift}`).toEqual(Uint8Array.from(sealed));
          withInput(s, use, input, (fresh) =>
            s.guest.callForU32('symmetric_state_decrypt', fresh, at, MESSAGE, at + shift, sealed.length),
          );
          expect(s.guest.read(at, MESSAGE), `opened, ${shift}`).toEqual(message);
        });
      });
    }
  });

  // The bindings clear outputs after a failure. Another thread could read shared memory before they do.
  it.each(['auto', 'off'] as const)('shows no message before its tag is verified, native %s', (native) => {
    const context = new RuntimeContext(readOptions({ native }));
    const host = symmetricHost(context);
    const set = commonHost(context).optionsOpen('symmetric');
    for (const [name, value] of Object.entries(input.options)) set.setBytes(name, Uint8Array.from(value));
    const key = host.symmetricKeyImport(id, Uint8Array.from(input.key ?? []));
    const wrong = changed(sealed, sealed.length - 1);
    for (const shared of [false, true]) {
      const buffer = shared ? new SharedArrayBuffer(MESSAGE) : new ArrayBuffer(MESSAGE);
      const out = new Uint8Array(buffer).fill(UNTOUCHED);
      const state = host.symmetricStateOpen(id, key, set);
      state.absorb(input.absorbed);
      expect(() => state.decrypt(out, wrong)).toThrow();
      expect(out.every((byte) => byte === UNTOUCHED || byte === 0)).toBe(true);
      state.release();
    }
  });
});
