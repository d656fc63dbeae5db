/** `wasi_ephemeral_crypto_signatures`. */
import type { SignaturesHost } from '../../generated/0.10/typescript-host/signatures.js';
import { fail } from '../failures.js';
import type { RuntimeContext } from '../context.js';
import { ArrayOutput } from '../objects/array-outputs.js';
import type { RuntimeKinds } from '../objects/kinds.js';
import { Signature, SignatureState, SignatureVerificationState } from '../objects/signatures.js';
import { computed } from './computed.js';

export function signaturesHost(context: RuntimeContext): SignaturesHost<RuntimeKinds> {
  return {
    signatureExport(signature, encoding) {
      return new ArrayOutput(signature.exported(encoding));
    },

    signatureImport(name, encoded, encoding) {
      return Signature.imported(context.algorithms.signature(name), encoded, encoding);
    },

    signatureStateOpen(kp) {
      if (kp.algorithm.category !== 'signatures') throw fail.InvalidKey;
      return new SignatureState(kp.algorithm, kp.material, context.limits.messageBytes);
    },

    signatureStateUpdate(state, input) {
      state.update(input);
    },

    signatureStateSign(state) {
      return computed(context, () => state.sign());
    },

    signatureVerificationStateOpen(kp) {
      if (kp.algorithm.category !== 'signatures') throw fail.InvalidKey;
      return new SignatureVerificationState(kp.algorithm, kp.material, context.limits.messageBytes);
    },

    signatureVerificationStateUpdate(state, input) {
      state.update(input);
    },

    signatureVerificationStateVerify(state, signature) {
      computed(context, () => state.verify(signature));
    },
  };
}
