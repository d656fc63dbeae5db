/**
 * The functions of `wasi_ephemeral_crypto_symmetric`. What holds for every algorithm is judged here,
 * by the sizes and abilities that its entry declares; the states do the rest.
 */
import type { NonceRule } from '../objects/symmetric-rules.js';
import type { SymmetricAlgorithm } from '../algorithms/descriptor.js';
import { copyOf } from '../bytes.js';
import type { RuntimeContext } from '../context.js';
import { fail } from '../failures.js';
import { ArrayOutput } from '../objects/array-outputs.js';
import { noTerms } from '../objects/key-terms.js';
import { bytesOption, noOptions, type OptionSet, type OptionValues } from '../objects/option-sets.js';
import { KeyMaterial, SymmetricKey } from '../objects/symmetric-keys.js';
import type { SymmetricState } from '../objects/symmetric-states.js';
import type { SymmetricTag } from '../objects/symmetric-tags.js';
import { requireCurrent, requireExport } from './key-rules.js';

export function symmetricHost(context: RuntimeContext) {
  const { arrayOutput, symmetricKey, symmetricState, options: sets } = context.meter.accounts;
  return {
    symmetricKeyGenerate(name: string, options: OptionSet | undefined): SymmetricKey {
      const algorithm = context.algorithms.symmetric(name);
      options?.requireType('symmetric');
      const size = algorithm.key?.generated;
      if (size === undefined) throw fail.UnsupportedFeature;
      return new SymmetricKey(new KeyMaterial(symmetricKey, algorithm, context.random.bytes(size), noTerms));
    },

    symmetricKeyImport(name: string, raw: Uint8Array): SymmetricKey {
      const algorithm = context.algorithms.symmetric(name);
      const rule = algorithm.key;
      if (rule === undefined) throw fail.KeyNotSupported;
      if (raw.length < rule.minimum || raw.length > rule.maximum) throw fail.InvalidKey;
      if (raw.length > context.limits.messageBytes) throw fail.Overflow;
      return new SymmetricKey(new KeyMaterial(symmetricKey, algorithm, copyOf(raw), noTerms));
    },

    symmetricKeyExport(key: SymmetricKey): ArrayOutput {
      requireExport(context, key);
      return new ArrayOutput(arrayOutput, key.exported());
    },

    symmetricStateOpen(name: string, key: SymmetricKey | undefined, options: OptionSet | undefined): SymmetricState {
      const algorithm = context.algorithms.symmetric(name);
      if (key === undefined && algorithm.key?.required === true) throw fail.KeyRequired;
      const values = options === undefined ? noOptions : options.valuesFor(algorithm.options);
      requireOptions(algorithm, values);
      const nonceIsDue = judgeNonce(algorithm.nonce, values.get('nonce'));
      if (key !== undefined) judgeKey(context, algorithm, key);
      symmetricState.open(0);
      let own = values.retain();
      const material = key?.material.retain();
      try {
        if (nonceIsDue) {
          const nonce = context.random.bytes((algorithm.nonce as NonceRule).maximum);
          own = own.with(sets, bytesOption('nonce'), nonce);
        }
        return algorithm.open({ algorithm, context, key: material, options: own });
      } catch (error) {
        material?.release();
        own.release();
        symmetricState.close(0);
        throw error;
      }
    },

    symmetricStateOptionsGet(state: SymmetricState, name: string, value: Uint8Array): number {
      return state.optionBytes(name, value);
    },

    symmetricStateOptionsGetU64(state: SymmetricState, name: string): bigint {
      return state.optionInteger(name);
    },

    symmetricStateClone(state: SymmetricState): SymmetricState {
      symmetricState.open(0);
      try {
        return state.clone();
      } catch (error) {
        symmetricState.close(0);
        throw error;
      }
    },

    symmetricStateAbsorb(state: SymmetricState, data: Uint8Array): void {
      state.absorb(data);
    },

    symmetricStateSqueeze(state: SymmetricState, out: Uint8Array): void {
      state.squeeze(out);
    },

    symmetricStateSqueezeTag(state: SymmetricState): SymmetricTag {
      return state.squeezeTag();
    },

    symmetricStateSqueezeKey(state: SymmetricState, name: string): SymmetricKey {
      const target = context.algorithms.symmetric(name);
      return state.squeezeKey(target);
    },

    symmetricStateMaxTagLen(state: SymmetricState): number {
      return state.maxTagLength();
    },

    symmetricStateEncrypt(state: SymmetricState, out: Uint8Array, data: Uint8Array): number {
      return state.encrypt(out, data);
    },

    symmetricStateEncryptDetached(state: SymmetricState, out: Uint8Array, data: Uint8Array): SymmetricTag {
      return state.encryptDetached(out, data);
    },

    symmetricStateDecrypt(state: SymmetricState, out: Uint8Array, data: Uint8Array): number {
      return state.decrypt(out, data);
    },

    symmetricStateDecryptDetached(
      state: SymmetricState,
      out: Uint8Array,
      data: Uint8Array,
      rawTag: Uint8Array,
    ): number {
      return state.decryptDetached(out, data, rawTag);
    },

    symmetricStateRatchet(state: SymmetricState): void {
      state.ratchet();
    },

    symmetricTagLen(tag: SymmetricTag): number {
      return tag.length;
    },

    symmetricTagPull(tag: SymmetricTag, buf: Uint8Array): number {
      return tag.pull(buf);
    },

    symmetricTagVerify(tag: SymmetricTag, expected: Uint8Array): void {
      tag.verify(expected);
    },
  };
}

function requireOptions(algorithm: SymmetricAlgorithm, values: OptionValues): void {
  for (const name of algorithm.requiredOptions) {
    if (values.get(name) === undefined) throw fail.ParametersMissing;
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

function judgeKey(context: RuntimeContext, algorithm: SymmetricAlgorithm, key: SymmetricKey): void {
  if (algorithm.key === undefined) throw fail.KeyNotSupported;
  if (key.algorithm !== algorithm) throw fail.InvalidKey;
  requireCurrent(context, key);
}
