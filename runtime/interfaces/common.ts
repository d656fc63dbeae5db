/** The functions of `wasi_ephemeral_crypto_common`: options and array outputs. */
import type { CommonHost } from '../../generated/0.10/typescript-host/common.js';
import type { RuntimeContext } from '../context.js';
import type { RuntimeKinds } from '../objects/kinds.js';
import { OptionSet } from '../objects/option-sets.js';

/** Functions that need a secrets manager; without one they answer `unsupported_feature`. */
export const commonManaged = ['secretsManagerOpen', 'secretsManagerInvalidate'] as const;

type Implemented = Omit<CommonHost<RuntimeKinds>, (typeof commonManaged)[number]>;

export function commonHost(context: RuntimeContext): Implemented {
  return {
    optionsOpen(algorithmType) {
      context.requireOpen();
      return new OptionSet(algorithmType, context.limits.optionBytes);
    },

    optionsSet(options, name, value) {
      options.setBytes(name, value);
    },

    optionsSetU64(options, name, value) {
      options.setInteger(name, value);
    },

    optionsSetGuestBuffer(options, name, buffer) {
      options.setBuffer(name, { pointer: buffer.byteOffset, length: buffer.byteLength });
    },

    arrayOutputLen(arrayOutput) {
      return arrayOutput.length;
    },

    arrayOutputPull(arrayOutput, buf) {
      return arrayOutput.pull(buf);
    },
  };
}
