/**
 * What all revisions in WIT have in common, by the runtime's own interfaces:
 * - results are lists here and buffers of the guest's there, so sizes are found beforehand;
 * - an array output and a tag are read as a whole, and end with that;
 * - `symmetric-state-squeeze` has no length (`natural-output.ts`), `symmetric-state-decrypt` has one that
 *   must be exact;
 * - memory lent for password hashes does not exist: only its length counts;
 * - versions of managed keys are a variant (`managed.ts`);
 * - batches exist (`batches.ts`).
 */
import type { Take } from '../../../templates/component-host/guest.js';
import { giveBack, takeBytes, withBytes } from '../../blocks.js';
import { part } from '../../bytes.js';
import type { RuntimeContext } from '../../context.js';
import { fail } from '../../failures.js';
import { asymmetricCommonHost } from '../../interfaces/asymmetric-common.js';
import { commonHost } from '../../interfaces/common.js';
import { kxHost } from '../../interfaces/kx.js';
import { managedFunctions } from '../../interfaces/managed.js';
import { signaturesHost } from '../../interfaces/signatures.js';
import { symmetricHost } from '../../interfaces/symmetric.js';
import { LONGEST_NAME } from '../../names.js';
import type { ArrayOutput } from '../../objects/array-outputs.js';
import type { OptionSet } from '../../objects/option-sets.js';
import type { SymmetricState } from '../../objects/symmetric-states.js';
import type { SymmetricTag } from '../../objects/symmetric-tags.js';
import { counted } from '../calls.js';
import { byFailure, clears, translator, type ByName } from '../errnos.js';
import { signaturesBatchHost, symmetricBatchHost, wipeOutput, type BatchErrnos } from './batches.js';
import { witManagedHost } from './managed.js';
import { naturalOutput } from './natural-output.js';

/** @param errnos what a revision reports for the entries of a batch, by name */
export function witHosts<E>(context: RuntimeContext, errnos: ByName<E> & { readonly Success: E }) {
  const batchErrnos: BatchErrnos<E> = { success: errnos.Success, failed: byFailure<E>(errnos) };
  const managed = witManagedHost(context);
  return counted(context, {
    common: () => ({ ...common(context), ...managed.common }),
    asymmetricCommon: () => ({ ...asymmetricCommonHost(context), ...managed.asymmetricCommon }),
    externalSecrets: () => managed.externalSecrets,
    kx: () => kxHost(context),
    signatures: () => signaturesHost(context),
    signaturesBatch: () => signaturesBatchHost(context, batchErrnos),
    // One object that grows: spreading takes three times its memory.
    symmetric: () => Object.assign(symmetric(context), managed.symmetric),
    symmetricBatch: () => symmetricBatchHost(context, batchErrnos),
  });
}

/**
 * How the bindings of a revision are made.
 *
 * @param fail its failures, by name
 * @param fastPath whether functions offer jco core functions for its trampolines
 */
export function witOptions<F>(
  context: RuntimeContext,
  fail: ByName<F> & { readonly UnsupportedFeature: F; readonly NotImplemented: F },
  fastPath: boolean,
) {
  // The memory of a component is not the host's to keep: work that needs a lot gets some of its own.
  context.useGuestRange((_pointer, length) => new Uint8Array(length));
  const unsupported = (functions: readonly string[]): Readonly<Record<string, F>> =>
    Object.fromEntries(context.secrets === undefined ? functions.map((each) => [each, fail.UnsupportedFeature]) : []);
  return {
    budget: context.handles,
    longestText: LONGEST_NAME,
    onCopied: wipeOutput,
    absent: {
      common: unsupported(managedFunctions.common),
      asymmetricCommon: unsupported(managedFunctions.asymmetricCommon),
      externalSecrets: {
        ...unsupported(managedFunctions.externalSecrets),
        // It cannot say which secret: nobody has it.
        externalSecretReplace: fail.NotImplemented,
      },
      symmetric: unsupported(managedFunctions.symmetric),
    },
    fastPath,
    onError: (error: unknown): void => context.report(error),
    failureOf: translator(context, fail),
    clears,
    // The functions that count calls pass on what they are given.
    fewerParameters: true,
  };
}

function common(context: RuntimeContext) {
  const host = commonHost(context);
  return {
    ...host,

    /** `RuntimeContext.guestRange` then gives memory of the host's own. */
    optionsSetGuestBuffer(options: OptionSet, name: string, buffer: Uint8Array): void {
      options.setBuffer(name, { pointer: 0, length: buffer.length });
    },

    arrayOutputPull(arrayOutput: ArrayOutput, take: Take): Uint8Array {
      const [out] = take(host.arrayOutputLen(arrayOutput));
      host.arrayOutputPull(arrayOutput, out);
      return out;
    },
  };
}

function symmetric(context: RuntimeContext) {
  const host = symmetricHost(context);
  return {
    ...host,

    symmetricStateOptionsGet(state: SymmetricState, name: string, take: Take): Uint8Array {
      for (let size = FIRST_OPTION_BYTES; ; size *= 16) {
        const room = takeBytes(size);
        try {
          const length = host.symmetricStateOptionsGet(state, name, room);
          const [out] = take(length);
          out.set(part(room, 0, length));
          return out;
        } catch (error) {
          if (error !== fail.Overflow || size > context.limits.optionBytes) throw error;
        } finally {
          giveBack(room, room.length);
        }
      }
    },

    symmetricStateSqueeze(state: SymmetricState, take: Take): Uint8Array {
      const [out] = take(naturalOutput(state, context.limits.messageBytes));
      host.symmetricStateSqueeze(state, out);
      return out;
    },

    symmetricStateEncrypt(state: SymmetricState, data: Uint8Array, take: Take): Uint8Array {
      state.requireEncryption();
      const [out, message] = take(data.length + host.symmetricStateMaxTagLen(state), data);
      const length = host.symmetricStateEncrypt(state, out, message);
      return length === out.length ? out : part(out, 0, length);
    },

    symmetricStateEncryptDetached(
      state: SymmetricState,
      data: Uint8Array,
      take: Take,
    ): readonly [Uint8Array, SymmetricTag] {
      state.requireEncryption();
      const [out, message] = take(data.length, data);
      return [out, host.symmetricStateEncryptDetached(state, out, message)];
    },

    symmetricStateDecrypt(state: SymmetricState, data: Uint8Array, outLen: number, take: Take): Uint8Array {
      // No message is longer than what it is made from: one byte more is enough to be judged too long.
      const room = Math.min(outLen, data.length + 1);
      return verified(room, take, (out) => host.symmetricStateDecrypt(state, out, data));
    },

    symmetricStateDecryptDetached(state: SymmetricState, data: Uint8Array, rawTag: Uint8Array, take: Take): Uint8Array {
      return verified(data.length, take, (out) => host.symmetricStateDecryptDetached(state, out, data, rawTag));
    },

    symmetricTagPull(tag: SymmetricTag, take: Take): Uint8Array {
      const [out] = take(host.symmetricTagLen(tag));
      host.symmetricTagPull(tag, out);
      return out;
    },
  };
}

/** Most values are nonces and fit at once. */
const FIRST_OPTION_BYTES = 64;

/** A message, for which the guest's memory is asked only once its tag was verified. */
function verified(size: number, take: Take, decrypt: (out: Uint8Array) => number): Uint8Array {
  return withBytes(size, (message) => {
    const length = decrypt(message);
    const [out] = take(length);
    out.set(part(message, 0, length));
    return out;
  });
}
