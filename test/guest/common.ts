/** Typed functions for `wasi_ephemeral_crypto_common`. */
import { AlgorithmType } from '../../generated/0.10/typescript-host/types.js';
import type { Guest } from './guest.js';

/** Values by the name of the option. */
export type OptionInput = Readonly<
  Record<string, Uint8Array | bigint | { readonly pointer: number; readonly length: number }>
>;

export class Common {
  readonly #guest: Guest;

  constructor(guest: Guest) {
    this.#guest = guest;
  }

  optionsOpen(type: number = AlgorithmType.Symmetric): number {
    return this.#guest.callForU32('options_open', type);
  }

  optionsSet(options: number, name: string, value: OptionInput[string]): void {
    const guest = this.#guest;
    guest.scoped(() => {
      if (value instanceof Uint8Array)
        guest.call('options_set', options, ...guest.text(name), guest.put(value), value.length);
      else if (typeof value === 'bigint') guest.call('options_set_u64', options, ...guest.text(name), value);
      else guest.call('options_set_guest_buffer', options, ...guest.text(name), value.pointer, value.length);
    });
  }

  optionsClose(options: number): void {
    this.#guest.call('options_close', options);
  }

  /** Runs calls with a set of options, and closes it. */
  withOptions<T>(input: OptionInput | undefined, calls: (options: number | undefined) => T): T {
    if (input === undefined) return calls(undefined);
    const options = this.optionsOpen();
    try {
      for (const [name, value] of Object.entries(input)) this.optionsSet(options, name, value);
      return calls(options);
    } finally {
      this.optionsClose(options);
    }
  }

  arrayOutputLen(output: number): number {
    return this.#guest.callForU32('array_output_len', output);
  }

  /** Up to so many bytes. */
  arrayOutputPull(output: number, length: number): Uint8Array {
    const guest = this.#guest;
    return guest.scoped(() => {
      const buffer = guest.alloc(length);
      const count = guest.callForU32('array_output_pull', output, buffer, length);
      return guest.read(buffer, count);
    });
  }

  /** All bytes; the handle closes. */
  drain(output: number): Uint8Array {
    return this.arrayOutputPull(output, this.arrayOutputLen(output));
  }
}
