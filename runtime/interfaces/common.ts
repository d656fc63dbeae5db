/** The functions of `wasi_ephemeral_crypto_common`: options and array outputs. */
import type { RuntimeContext } from '../context.js';
import type { AlgorithmType } from '../contracts/vocabulary.js';
import type { ArrayOutput } from '../objects/array-outputs.js';
import { OptionSet } from '../objects/option-sets.js';

export function commonHost(context: RuntimeContext) {
  return {
    optionsOpen(algorithmType: AlgorithmType): OptionSet {
      context.requireOpen();
      return new OptionSet(context.meter.accounts.options, algorithmType, context.limits.optionBytes);
    },

    optionsSet(options: OptionSet, name: string, value: Uint8Array): void {
      options.setBytes(name, value);
    },

    optionsSetU64(options: OptionSet, name: string, value: bigint): void {
      options.setInteger(name, value);
    },

    optionsSetGuestBuffer(options: OptionSet, name: string, buffer: Uint8Array): void {
      options.setBuffer(name, { pointer: buffer.byteOffset, length: buffer.byteLength });
    },

    arrayOutputLen(arrayOutput: ArrayOutput): number {
      return arrayOutput.length;
    },

    arrayOutputPull(arrayOutput: ArrayOutput, buf: Uint8Array): number {
      return arrayOutput.pull(buf);
    },
  };
}
