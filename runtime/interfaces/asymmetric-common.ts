/**
 * `wasi_ephemeral_crypto_asymmetric_common`. Which encodings a key has is the codec's business
 * (`encodings/key-codec.ts`), what a good key is that of its family (`algorithms/keys`).
 */
import type { AsymmetricCommonHost } from '../../generated/0.10/typescript-host/asymmetric-common.js';
import { AlgorithmType, fail } from '../../generated/0.10/typescript-host/types.js';
import type { KeyFamily, SecretMaterial } from '../algorithms/keys/key-family.js';
import { sameBytes } from '../bytes.js';
import type { RuntimeContext } from '../context.js';
import { importKeyPair, importPublicKey, importSecretKey } from '../encodings/key-codec.js';
import { ArrayOutput } from '../objects/array-outputs.js';
import { type AsymmetricAlgorithm, KeyPair, PublicKey, SecretKey } from '../objects/asymmetric-keys.js';
import type { KeyJobSource } from '../objects/key-jobs.js';
import type { RuntimeKinds } from '../objects/kinds.js';
import { computed } from './computed.js';

/** Functions that need a secrets manager; without one they answer `unsupported_feature`. */
export const asymmetricCommonManaged = [
  'keypairGenerateManaged',
  'keypairStoreManaged',
  'keypairReplaceManaged',
  'keypairId',
  'keypairFromId',
] as const;

type Implemented = Omit<AsymmetricCommonHost<RuntimeKinds>, (typeof asymmetricCommonManaged)[number]>;

export function asymmetricCommonHost(context: RuntimeContext): Implemented {
  return {
    keypairGenerate(algorithmType, name, options) {
      const algorithm = algorithmOf(context, algorithmType, name);
      options?.requireType(algorithmType);
      return computed(context, () => new KeyPair(algorithm, generatedKey(context, algorithm), true));
    },

    keypairImport(algorithmType, name, encoded, encoding) {
      const algorithm = algorithmOf(context, algorithmType, name);
      return computed(context, () => new KeyPair(algorithm, importKeyPair(algorithm, encoded, encoding), true));
    },

    keypairFromPkAndSk(publickey, secretkey) {
      if (publickey.algorithm !== secretkey.algorithm) throw fail.IncompatibleKeys;
      const derived = computed(context, () => secretkey.material.publicHalf.info());
      if (!sameBytes(derived, publickey.material.info())) throw fail.IncompatibleKeys;
      return new KeyPair(secretkey.algorithm, secretkey.material.retain(), secretkey.exportable);
    },

    keypairExport(kp, encoding) {
      requireExport(context, kp.exportable);
      return computed(context, () => new ArrayOutput(kp.exported(encoding)));
    },

    keypairPublickey(kp) {
      return computed(context, () => new PublicKey(kp.algorithm, kp.material.publicHalf));
    },

    keypairSecretkey(kp) {
      return new SecretKey(kp.algorithm, kp.material.retain(), kp.exportable);
    },

    publickeyImport(algorithmType, name, encoded, encoding) {
      const algorithm = algorithmOf(context, algorithmType, name);
      return computed(context, () => new PublicKey(algorithm, importPublicKey(algorithm, encoded, encoding)));
    },

    publickeyExport(pk, encoding) {
      return computed(context, () => new ArrayOutput(pk.exported(encoding)));
    },

    publickeyVerify(pk) {
      computed(context, () => pk.material.validate());
    },

    publickeyFromSecretkey(sk) {
      return computed(context, () => new PublicKey(sk.algorithm, sk.material.publicHalf));
    },

    secretkeyImport(algorithmType, name, encoded, encoding) {
      const algorithm = algorithmOf(context, algorithmType, name);
      return computed(context, () => new SecretKey(algorithm, importSecretKey(algorithm, encoded, encoding), true));
    },

    secretkeyExport(sk, encoding) {
      requireExport(context, sk.exportable);
      return computed(context, () => new ArrayOutput(sk.exported(encoding)));
    },
  };
}

function generatedKey(context: RuntimeContext, { keys }: AsymmetricAlgorithm): SecretMaterial {
  if (context.keyJobs !== undefined && canWait(keys)) return context.keyJobs.take(keys);
  return keys.generate(context.random);
}

function canWait(keys: KeyFamily): keys is KeyFamily & KeyJobSource {
  return keys.generateInBackground !== undefined;
}

/** Symmetric algorithms have no key pairs, whatever the name. */
function algorithmOf(context: RuntimeContext, algorithmType: AlgorithmType, name: string): AsymmetricAlgorithm {
  switch (algorithmType) {
    case AlgorithmType.Signatures:
      return context.algorithms.signature(name);
    case AlgorithmType.KeyExchange:
      return context.algorithms.keyExchange(name);
    default:
      throw fail.InvalidOperation;
  }
}

function requireExport(context: RuntimeContext, exportable: boolean): void {
  if (!exportable || !context.policy.allowsExport(false)) throw fail.ProhibitedOperation;
}
