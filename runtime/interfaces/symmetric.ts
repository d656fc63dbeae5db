/**
 * The functions of `wasi_ephemeral_crypto_symmetric`. What holds for every algorithm is judged here,
 * by the sizes and abilities that its entry declares; the states do the rest.
 */
import type { SymmetricHost } from '../../generated/0.10/typescript-host/symmetric.js';
import { AlgorithmType, fail } from '../../generated/0.10/typescript-host/types.js';
import type { NonceRule, SymmetricAlgorithm } from '../algorithms/descriptor.js';
import { copyOf } from '../bytes.js';
import type { RuntimeContext } from '../context.js';
import { ArrayOutput } from '../objects/array-outputs.js';
import type { RuntimeKinds } from '../objects/kinds.js';
import { noOptions, type OptionValues } from '../objects/option-sets.js';
import { KeyMaterial, SymmetricKey } from '../objects/symmetric-keys.js';

/** Functions that need a secrets manager; without one they answer `unsupported_feature`. */
export const symmetricManaged = [
  'symmetricKeyGenerateManaged',
  'symmetricKeyStoreManaged',
  'symmetricKeyReplaceManaged',
  'symmetricKeyId',
  'symmetricKeyFromId',
] as const;

type Implemented = Omit<SymmetricHost<RuntimeKinds>, (typeof symmetricManaged)[number]>;

export function symmetricHost(context: RuntimeContext): Implemented {
  return {
    symmetricKeyGenerate(name, options) {
      const algorithm = context.algorithms.symmetric(name);
      options?.requireType(AlgorithmType.Symmetric);
      const size = algorithm.key?.generated;
      if (size === undefined) throw fail.UnsupportedFeature;
      return new SymmetricKey(new KeyMaterial(algorithm, context.random.bytes(size), true));
    },

    symmetricKeyImport(name, raw) {
      const algorithm = context.algorithms.symmetric(name);
      const rule = algorithm.key;
      if (rule === undefined) throw fail.KeyNotSupported;
      if (raw.length < rule.minimum || raw.length > rule.maximum) throw fail.InvalidKey;
      if (raw.length > context.limits.messageBytes) throw fail.Overflow;
      return new SymmetricKey(new KeyMaterial(algorithm, copyOf(raw), true));
    },

    symmetricKeyExport(key) {
      if (!key.exportable || !context.policy.allowsExport(false)) throw fail.ProhibitedOperation;
      return new ArrayOutput(key.exported());
    },

    symmetricStateOpen(name, key, options) {
      const algorithm = context.algorithms.symmetric(name);
      if (key === undefined && algorithm.key?.required === true) throw fail.KeyRequired;
      const values = options === undefined ? noOptions : options.valuesFor(algorithm.options);
      requireOptions(algorithm, values);
      const nonceIsDue = judgeNonce(algorithm.nonce, values.nonce);
      if (key !== undefined) judgeKey(algorithm, key);
      let own = values.retain();
      const material = key?.material.retain();
      try {
        if (nonceIsDue) {
          own = own.changeable();
          own.nonce = context.random.bytes((algorithm.nonce as NonceRule).maximum);
        }
        return algorithm.open({ algorithm, context, key: material, options: own });
      } catch (error) {
        material?.release();
        own.release();
        throw context.failureOf(error);
      }
    },

    symmetricStateOptionsGet(state, name, value) {
      return state.optionBytes(name, value);
    },

    symmetricStateOptionsGetU64(state, name) {
      return state.optionInteger(name);
    },

    symmetricStateClone(state) {
      try {
        return state.clone();
      } catch (error) {
        throw context.failureOf(error);
      }
    },

    symmetricStateAbsorb(state, data) {
      try {
        state.absorb(data);
      } catch (error) {
        throw context.failureOf(error);
      }
    },

    symmetricStateSqueeze(state, out) {
      try {
        state.squeeze(out);
      } catch (error) {
        throw context.failureOf(error, out);
      }
    },

    symmetricStateSqueezeTag(state) {
      try {
        return state.squeezeTag();
      } catch (error) {
        throw context.failureOf(error);
      }
    },

    symmetricStateSqueezeKey(state, name) {
      const target = context.algorithms.symmetric(name);
      try {
        return state.squeezeKey(target);
      } catch (error) {
        throw context.failureOf(error);
      }
    },

    symmetricStateMaxTagLen(state) {
      return state.maxTagLength();
    },

    symmetricStateEncrypt(state, out, data) {
      try {
        return state.encrypt(out, data);
      } catch (error) {
        throw context.failureOf(error, out);
      }
    },

    symmetricStateEncryptDetached(state, out, data) {
      try {
        return state.encryptDetached(out, data);
      } catch (error) {
        throw context.failureOf(error, out);
      }
    },

    symmetricStateDecrypt(state, out, data) {
      try {
        return state.decrypt(out, data);
      } catch (error) {
        throw context.failureOf(error, out);
      }
    },

    symmetricStateDecryptDetached(state, out, data, rawTag) {
      try {
        return state.decryptDetached(out, data, rawTag);
      } catch (error) {
        throw context.failureOf(error, out);
      }
    },

    symmetricStateRatchet(state) {
      try {
        state.ratchet();
      } catch (error) {
        throw context.failureOf(error);
      }
    },

    symmetricTagLen(tag) {
      return tag.length;
    },

    symmetricTagPull(tag, buf) {
      return tag.pull(buf);
    },

    symmetricTagVerify(tag, expected) {
      tag.verify(expected);
    },
  };
}

function requireOptions(algorithm: SymmetricAlgorithm, values: OptionValues): void {
  for (const name of algorithm.requiredOptions) {
    if (values[name] === undefined) throw fail.ParametersMissing;
  }
}

/** Whether the host has to make the nonce. */
function judgeNonce(rule: NonceRule | undefined, nonce: Uint8Array | undefined): boolean {
  if (rule === undefined) return false;
  if (nonce !== undefined) {
    if (nonce.length < rule.minimum || nonce.length > rule.maximum) throw fail.InvalidNonce;
    return false;
  }
  if (rule.absent === 'refused') throw fail.NonceRequired;
  return rule.absent === 'generated';
}

function judgeKey(algorithm: SymmetricAlgorithm, key: SymmetricKey): void {
  if (algorithm.key === undefined) throw fail.KeyNotSupported;
  if (key.algorithm !== algorithm) throw fail.InvalidKey;
}
