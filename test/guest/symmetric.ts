/** Typed functions for `wasi_ephemeral_crypto_symmetric`. They throw `CallFailed`. */
import { Common, type OptionInput } from './common.js';
import type { Guest } from './guest.js';

export interface StateInput {
  readonly algorithm: string;
  readonly key?: Uint8Array;
  readonly options?: OptionInput;
  /** The size of the output, where it is none of the algorithm's own. */
  readonly squeezes?: number;
}

export class Symmetric {
  readonly guest: Guest;
  readonly common: Common;
  /** Each squeeze chooses its size. */
  readonly anyLength: boolean = true;

  constructor(guest: Guest) {
    this.guest = guest;
    this.common = new Common(guest);
  }

  keyGenerate(algorithm: string, options?: number): number {
    const { guest } = this;
    return guest.scoped(() =>
      guest.callForU32('symmetric_key_generate', ...guest.text(algorithm), guest.optional(options)),
    );
  }

  keyImport(algorithm: string, raw: Uint8Array): number {
    const { guest } = this;
    return guest.scoped(() =>
      guest.callForU32('symmetric_key_import', ...guest.text(algorithm), guest.put(raw), raw.length),
    );
  }

  keyExport(key: number): Uint8Array {
    return this.common.drain(this.guest.callForU32('symmetric_key_export', key));
  }

  keyClose(key: number): void {
    this.guest.call('symmetric_key_close', key);
  }

  open(algorithm: string, key?: number, options?: number): number {
    const { guest } = this;
    return guest.scoped(() =>
      guest.callForU32('symmetric_state_open', ...guest.text(algorithm), guest.optional(key), guest.optional(options)),
    );
  }

  /** Opens a state whose output will have this size, which revisions without a length of squeeze have to know here. */
  openToSqueeze(algorithm: string, key: number, _size: number): number {
    return this.open(algorithm, key);
  }

  /** Opens a state with a key of these bytes and these options; closes everything afterwards. */
  withState<T>(setup: StateInput, calls: (state: number) => T): T {
    return this.common.withOptions(setup.options, (options) => {
      const key = setup.key === undefined ? undefined : this.keyImport(setup.algorithm, setup.key);
      try {
        const state = this.open(setup.algorithm, key, options);
        try {
          return calls(state);
        } finally {
          this.close(state);
        }
      } finally {
        if (key !== undefined) this.keyClose(key);
      }
    });
  }

  optionsGet(state: number, name: string, length: number): Uint8Array {
    const { guest } = this;
    return guest.scoped(() => {
      const value = guest.alloc(length);
      const size = guest.callForU32('symmetric_state_options_get', state, ...guest.text(name), value, length);
      return guest.read(value, size);
    });
  }

  optionsGetU64(state: number, name: string): bigint {
    const { guest } = this;
    return guest.scoped(() => {
      const value = guest.alloc(8);
      guest.call('symmetric_state_options_get_u64', state, ...guest.text(name), value);
      return guest.u64(value);
    });
  }

  clone(state: number): number {
    return this.guest.callForU32('symmetric_state_clone', state);
  }

  close(state: number): void {
    this.guest.call('symmetric_state_close', state);
  }

  absorb(state: number, data: Uint8Array): void {
    const { guest } = this;
    guest.scoped(() => guest.call('symmetric_state_absorb', state, guest.put(data), data.length));
  }

  squeeze(state: number, length: number): Uint8Array {
    const { guest } = this;
    return guest.scoped(() => {
      const out = guest.alloc(length);
      guest.call('symmetric_state_squeeze', state, out, length);
      return guest.read(out, length);
    });
  }

  squeezeTag(state: number): number {
    return this.guest.callForU32('symmetric_state_squeeze_tag', state);
  }

  squeezeKey(state: number, algorithm: string): number {
    const { guest } = this;
    return guest.scoped(() => guest.callForU32('symmetric_state_squeeze_key', state, ...guest.text(algorithm)));
  }

  maxTagLen(state: number): number {
    return this.guest.callForU32('symmetric_state_max_tag_len', state);
  }

  /** Ciphertext and tag. */
  encrypt(state: number, data: Uint8Array, outLength = data.length + this.maxTagLen(state)): Uint8Array {
    return this.#transform('symmetric_state_encrypt', state, data, outLength);
  }

  encryptDetached(
    state: number,
    data: Uint8Array,
    outLength = data.length,
  ): { readonly ciphertext: Uint8Array; readonly tag: number } {
    const { guest } = this;
    return guest.scoped(() => {
      const out = guest.alloc(outLength);
      const tag = guest.callForU32(
        'symmetric_state_encrypt_detached',
        state,
        out,
        outLength,
        guest.put(data),
        data.length,
      );
      return { ciphertext: guest.read(out, outLength), tag };
    });
  }

  decrypt(state: number, data: Uint8Array, outLength = Math.max(0, data.length - this.maxTagLen(state))): Uint8Array {
    return this.#transform('symmetric_state_decrypt', state, data, outLength);
  }

  decryptDetached(state: number, data: Uint8Array, tag: Uint8Array, outLength = data.length): Uint8Array {
    return this.#transform('symmetric_state_decrypt_detached', state, data, outLength, tag);
  }

  ratchet(state: number): void {
    this.guest.call('symmetric_state_ratchet', state);
  }

  tagLen(tag: number): number {
    return this.guest.callForU32('symmetric_tag_len', tag);
  }

  tagPull(tag: number, length = this.tagLen(tag)): Uint8Array {
    const { guest } = this;
    return guest.scoped(() => {
      const buffer = guest.alloc(length);
      return guest.read(buffer, guest.callForU32('symmetric_tag_pull', tag, buffer, length));
    });
  }

  tagVerify(tag: number, expected: Uint8Array): void {
    const { guest } = this;
    guest.scoped(() => guest.call('symmetric_tag_verify', tag, guest.put(expected), expected.length));
  }

  tagClose(tag: number): void {
    this.guest.call('symmetric_tag_close', tag);
  }

  #transform(func: string, state: number, data: Uint8Array, outLength: number, tag?: Uint8Array): Uint8Array {
    const { guest } = this;
    return guest.scoped(() => {
      const out = guest.alloc(outLength);
      const extra = tag === undefined ? [] : [guest.put(tag), tag.length];
      const size = guest.callForU32(func, state, out, outLength, guest.put(data), data.length, ...extra);
      return guest.read(out, size);
    });
  }
}
