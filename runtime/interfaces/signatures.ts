/** `wasi_ephemeral_crypto_signatures`. */
import { fail } from '../failures.js';
import type { RuntimeContext } from '../context.js';
import type { SignatureEncoding } from '../contracts/vocabulary.js';
import { ArrayOutput } from '../objects/array-outputs.js';
import type { KeyPair, PublicKey } from '../objects/asymmetric-keys.js';
import { Signature, SignatureState, SignatureVerificationState } from '../objects/signatures.js';
import { requireCurrent } from './key-rules.js';

export function signaturesHost(context: RuntimeContext) {
  const { arrayOutput, signature: signatures } = context.meter.accounts;
  return {
    signatureExport(signature: Signature, encoding: SignatureEncoding): ArrayOutput {
      return new ArrayOutput(arrayOutput, signature.exported(encoding));
    },

    signatureImport(name: string, encoded: Uint8Array, encoding: SignatureEncoding): Signature {
      return Signature.imported(signatures, context.algorithms.signature(name), encoded, encoding);
    },

    signatureStateOpen(kp: KeyPair): SignatureState {
      if (kp.algorithm.category !== 'signatures') throw fail.InvalidKey;
      requireCurrent(context, kp);
      return new SignatureState(kp.algorithm, kp.material, context);
    },

    signatureStateUpdate(state: SignatureState, input: Uint8Array): void {
      state.update(input);
    },

    signatureStateSign(state: SignatureState): Signature {
      return state.sign();
    },

    signatureVerificationStateOpen(kp: PublicKey): SignatureVerificationState {
      if (kp.algorithm.category !== 'signatures') throw fail.InvalidKey;
      return new SignatureVerificationState(kp.algorithm, kp.material, context);
    },

    signatureVerificationStateUpdate(state: SignatureVerificationState, input: Uint8Array): void {
      state.update(input);
    },

    signatureVerificationStateVerify(state: SignatureVerificationState, signature: Signature): void {
      state.verify(signature);
    },
  };
}
