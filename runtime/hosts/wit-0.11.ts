/**
 * wasi-crypto 0.11 by the interfaces of 0.10, which the runtime implements. The one place that knows
 * where the two differ:
 * - enums are strings here and numbers there, in the same order; so are errnos;
 * - results are lists here and buffers of the guest's there, so sizes are found beforehand;
 * - an array output and a tag are read as a whole, and end with that;
 * - `symmetric-state-squeeze` has no length (`natural-output.ts`), `symmetric-state-decrypt` has one that
 *   must be exact;
 * - memory lent for password hashes does not exist: only its length counts;
 * - batches exist (`batches.ts`).
 */
import { Failure as Failure10, FaultSignal as FaultSignal10 } from '../../generated/0.10/typescript-host/failure.js';
import {
  fail as fail10,
  type AlgorithmType as AlgorithmType10,
  type KeypairEncoding as KeypairEncoding10,
  type PublickeyEncoding as PublickeyEncoding10,
  type SecretkeyEncoding as SecretkeyEncoding10,
  type SignatureEncoding as SignatureEncoding10,
} from '../../generated/0.10/typescript-host/types.js';
import type { AsymmetricCommonHost } from '../../generated/0.11/component-host/asymmetric-common.js';
import type { CommonHost } from '../../generated/0.11/component-host/common.js';
import { faults } from '../../generated/0.11/component-host/failure.js';
import type { Take } from '../../generated/0.11/component-host/guest.js';
import type { BindOptions, Hosts } from '../../generated/0.11/component-host/index.js';
import type { KxHost } from '../../generated/0.11/component-host/kx.js';
import { numberOf } from '../../generated/0.11/component-host/results.js';
import type { SignaturesHost } from '../../generated/0.11/component-host/signatures.js';
import type { SymmetricHost } from '../../generated/0.11/component-host/symmetric.js';
import {
  algorithmTypeValues,
  fail,
  keypairEncodingValues,
  publickeyEncodingValues,
  secretkeyEncodingValues,
  signatureEncodingValues,
  type AlgorithmType,
  type KeypairEncoding,
  type PublickeyEncoding,
  type SecretkeyEncoding,
  type SignatureEncoding,
} from '../../generated/0.11/component-host/types.js';
import { giveBack, takeBytes } from '../blocks.js';
import { part } from '../bytes.js';
import type { RuntimeContext } from '../context.js';
import { asymmetricCommonHost, type asymmetricCommonManaged } from '../interfaces/asymmetric-common.js';
import { commonHost, type commonManaged } from '../interfaces/common.js';
import { kxHost } from '../interfaces/kx.js';
import { signaturesHost } from '../interfaces/signatures.js';
import { symmetricHost, type symmetricManaged } from '../interfaces/symmetric.js';
import type { RuntimeKinds } from '../objects/kinds.js';
import { signaturesBatchHost, symmetricBatchHost } from './wit-0.11/batches.js';
import { naturalOutput } from './wit-0.11/natural-output.js';

/** What this runtime implements of each interface: all but what needs a secrets manager. */
interface Implemented {
  readonly common: Omit<CommonHost<RuntimeKinds>, (typeof commonManaged)[number]>;
  readonly asymmetricCommon: Omit<AsymmetricCommonHost<RuntimeKinds>, (typeof asymmetricCommonManaged)[number]>;
  readonly kx: KxHost<RuntimeKinds>;
  readonly signatures: SignaturesHost<RuntimeKinds>;
  readonly signaturesBatch: Hosts<RuntimeKinds>['signaturesBatch'];
  readonly symmetric: Omit<SymmetricHost<RuntimeKinds>, (typeof symmetricManaged)[number]>;
  readonly symmetricBatch: Hosts<RuntimeKinds>['symmetricBatch'];
}

export function wit011Hosts(context: RuntimeContext): Implemented {
  return {
    common: common(context),
    asymmetricCommon: asymmetricCommon(context),
    kx: kxHost(context),
    signatures: signatures(context),
    signaturesBatch: signaturesBatchHost(context),
    symmetric: symmetric(context),
    symmetricBatch: symmetricBatchHost(context),
  };
}

/** What needs a secrets manager, of which this context has none. `external-secret-replace` cannot say which secret: nobody has it. */
export const managed: NonNullable<BindOptions<RuntimeKinds>['absent']> = {
  common: { secretsManagerOpen: fail.UnsupportedFeature, secretsManagerInvalidate: fail.UnsupportedFeature },
  asymmetricCommon: {
    keypairGenerateManaged: fail.UnsupportedFeature,
    keypairStoreManaged: fail.UnsupportedFeature,
    keypairReplaceManaged: fail.UnsupportedFeature,
    keypairId: fail.UnsupportedFeature,
    keypairFromId: fail.UnsupportedFeature,
  },
  externalSecrets: {
    externalSecretStore: fail.UnsupportedFeature,
    externalSecretFromId: fail.UnsupportedFeature,
    externalSecretInvalidate: fail.UnsupportedFeature,
    externalSecretEncapsulate: fail.UnsupportedFeature,
    externalSecretDecapsulate: fail.UnsupportedFeature,
  },
  symmetric: {
    symmetricKeyGenerateManaged: fail.UnsupportedFeature,
    symmetricKeyStoreManaged: fail.UnsupportedFeature,
    symmetricKeyReplaceManaged: fail.UnsupportedFeature,
    symmetricKeyId: fail.UnsupportedFeature,
    symmetricKeyFromId: fail.UnsupportedFeature,
  },
};

/** The failures of 0.11, by errno: their order is that of 0.10 (a test proves it). */
const failures = Object.values(fail);

/** What is thrown below, as the bindings of 0.11 know it. */
export function failureOf(thrown: unknown): unknown {
  if (thrown instanceof Failure10) return failures[thrown.errno];
  return thrown instanceof FaultSignal10 ? faults[thrown.fault] : thrown;
}

const typeOf = (value: AlgorithmType): AlgorithmType10 => numberOf(algorithmTypeValues, value) as AlgorithmType10;
const keypairEncodingOf = (value: KeypairEncoding): KeypairEncoding10 =>
  numberOf(keypairEncodingValues, value) as KeypairEncoding10;
const publickeyEncodingOf = (value: PublickeyEncoding): PublickeyEncoding10 =>
  numberOf(publickeyEncodingValues, value) as PublickeyEncoding10;
const secretkeyEncodingOf = (value: SecretkeyEncoding): SecretkeyEncoding10 =>
  numberOf(secretkeyEncodingValues, value) as SecretkeyEncoding10;
const signatureEncodingOf = (value: SignatureEncoding): SignatureEncoding10 =>
  numberOf(signatureEncodingValues, value) as SignatureEncoding10;

function common(context: RuntimeContext): Implemented['common'] {
  const host = commonHost(context);
  return {
    optionsOpen: (algorithmType) => host.optionsOpen(typeOf(algorithmType)),
    optionsSet: (options, name, value) => host.optionsSet(options, name, value),
    optionsSetU64: (options, name, value) => host.optionsSetU64(options, name, value),

    /** `RuntimeContext.guestRange` then gives memory of the host's own. */
    optionsSetGuestBuffer: (options, name, buffer) => options.setBuffer(name, { pointer: 0, length: buffer.length }),

    arrayOutputLen: (arrayOutput) => host.arrayOutputLen(arrayOutput),

    arrayOutputPull(arrayOutput, take) {
      const out = take(host.arrayOutputLen(arrayOutput), true);
      host.arrayOutputPull(arrayOutput, out);
      return out;
    },
  };
}

function asymmetricCommon(context: RuntimeContext): Implemented['asymmetricCommon'] {
  const host = asymmetricCommonHost(context);
  return {
    keypairGenerate: (algorithmType, algorithm, options) =>
      host.keypairGenerate(typeOf(algorithmType), algorithm, options),
    keypairImport: (algorithmType, algorithm, encoded, encoding) =>
      host.keypairImport(typeOf(algorithmType), algorithm, encoded, keypairEncodingOf(encoding)),
    keypairFromPkAndSk: (publickey, secretkey) => host.keypairFromPkAndSk(publickey, secretkey),
    keypairExport: (kp, encoding) => host.keypairExport(kp, keypairEncodingOf(encoding)),
    keypairPublickey: (kp) => host.keypairPublickey(kp),
    keypairSecretkey: (kp) => host.keypairSecretkey(kp),
    publickeyImport: (algorithmType, algorithm, encoded, encoding) =>
      host.publickeyImport(typeOf(algorithmType), algorithm, encoded, publickeyEncodingOf(encoding)),
    publickeyExport: (pk, encoding) => host.publickeyExport(pk, publickeyEncodingOf(encoding)),
    publickeyVerify: (pk) => host.publickeyVerify(pk),
    publickeyFromSecretkey: (sk) => host.publickeyFromSecretkey(sk),
    secretkeyImport: (algorithmType, algorithm, encoded, encoding) =>
      host.secretkeyImport(typeOf(algorithmType), algorithm, encoded, secretkeyEncodingOf(encoding)),
    secretkeyExport: (sk, encoding) => host.secretkeyExport(sk, secretkeyEncodingOf(encoding)),
  };
}

function signatures(context: RuntimeContext): Implemented['signatures'] {
  const host = signaturesHost(context);
  return {
    ...host,
    signatureExport: (signature, encoding) => host.signatureExport(signature, signatureEncodingOf(encoding)),
    signatureImport: (algorithm, encoded, encoding) =>
      host.signatureImport(algorithm, encoded, signatureEncodingOf(encoding)),
  };
}

function symmetric(context: RuntimeContext): Implemented['symmetric'] {
  const host = symmetricHost(context);
  return {
    ...host,

    symmetricStateOptionsGet(state, name, take) {
      for (let size = FIRST_OPTION_BYTES; ; size *= 16) {
        const room = takeBytes(size);
        try {
          const length = host.symmetricStateOptionsGet(state, name, room);
          const out = take(length, true);
          out.set(part(room, 0, length));
          return out;
        } catch (error) {
          if (error !== fail10.Overflow || size > context.limits.optionBytes) throw error;
        } finally {
          giveBack(room, room.length);
        }
      }
    },

    symmetricStateSqueeze(state, take) {
      const out = take(naturalOutput(state, context.limits.messageBytes), true);
      host.symmetricStateSqueeze(state, out);
      return out;
    },

    symmetricStateEncrypt(state, data, take) {
      state.requireEncryption();
      const out = take(data.length + host.symmetricStateMaxTagLen(state));
      const length = host.symmetricStateEncrypt(state, out, data);
      return length === out.length ? out : part(out, 0, length);
    },

    symmetricStateEncryptDetached(state, data, take) {
      state.requireEncryption();
      const out = take(data.length);
      return [out, host.symmetricStateEncryptDetached(state, out, data)];
    },

    symmetricStateDecrypt(state, data, outLen, take) {
      // No message is longer than what it is made from: one byte more is enough to be judged too long.
      const room = Math.min(outLen, data.length + 1);
      return verified(room, take, (out) => host.symmetricStateDecrypt(state, out, data));
    },

    symmetricStateDecryptDetached(state, data, rawTag, take) {
      return verified(data.length, take, (out) => host.symmetricStateDecryptDetached(state, out, data, rawTag));
    },

    symmetricTagPull(tag, take) {
      const out = take(host.symmetricTagLen(tag), true);
      host.symmetricTagPull(tag, out);
      return out;
    },
  };
}

/** Most values are nonces and fit at once. */
const FIRST_OPTION_BYTES = 64;

/** A message, for which the guest's memory is asked only once its tag was verified. */
function verified(size: number, take: Take, decrypt: (out: Uint8Array) => number): Uint8Array {
  const room = takeBytes(size);
  try {
    const length = decrypt(room.length === size ? room : part(room, 0, size));
    const out = take(length, true);
    out.set(part(room, 0, length));
    return out;
  } finally {
    giveBack(room, size);
  }
}
