/**
 * `wasi_ephemeral_crypto_asymmetric_common`. Which encodings a key has is the codec's business
 * (`encodings/key-codec.ts`), what a good key is that of its family (`algorithms/keys`).
 */
import type { KeyFamily, SecretMaterial } from '../contracts/keys.js';
import { sameBytes } from '../bytes.js';
import type { RuntimeContext } from '../context.js';
import type { AlgorithmType, KeypairEncoding, PublickeyEncoding, SecretkeyEncoding } from '../contracts/vocabulary.js';
import { importKeyPair, importPublicKey, importSecretKey } from '../encodings/key-codec.js';
import { fail } from '../failures.js';
import { ArrayOutput } from '../objects/array-outputs.js';
import { type AsymmetricAlgorithm, KeyPair, PublicKey, SecretKey } from '../objects/asymmetric-keys.js';
import { noTerms } from '../objects/key-terms.js';
import type { KeyJobSource } from '../objects/key-jobs.js';
import type { OptionSet } from '../objects/option-sets.js';
import { requireExport } from './key-rules.js';

export function asymmetricCommonHost(context: RuntimeContext) {
  const { arrayOutput, keypair, publickey, secretkey } = context.meter.accounts;
  return {
    keypairGenerate(algorithmType: AlgorithmType, name: string, options: OptionSet | undefined): KeyPair {
      const algorithm = algorithmOf(context, algorithmType, name);
      options?.requireType(algorithmType);
      return new KeyPair(keypair, algorithm, generatedKey(context, algorithm), noTerms);
    },

    keypairImport(algorithmType: AlgorithmType, name: string, encoded: Uint8Array, encoding: KeypairEncoding): KeyPair {
      const algorithm = algorithmOf(context, algorithmType, name);
      keypair.spend(algorithm.keys.prices.import);
      return new KeyPair(keypair, algorithm, importKeyPair(algorithm, encoded, encoding), noTerms);
    },

    keypairFromPkAndSk(pk: PublicKey, sk: SecretKey): KeyPair {
      if (pk.algorithm !== sk.algorithm) throw fail.IncompatibleKeys;
      keypair.spend(sk.algorithm.keys.prices.publicHalf);
      const derived = sk.material.publicHalf.info();
      if (!sameBytes(derived, pk.material.info())) throw fail.IncompatibleKeys;
      return new KeyPair(keypair, sk.algorithm, sk.material.retain(), sk.terms);
    },

    keypairExport(kp: KeyPair, encoding: KeypairEncoding): ArrayOutput {
      requireExport(context, kp);
      return new ArrayOutput(arrayOutput, kp.exported(encoding));
    },

    keypairPublickey(kp: KeyPair): PublicKey {
      publickey.spend(kp.algorithm.keys.prices.publicHalf);
      return new PublicKey(publickey, kp.algorithm, kp.material.publicHalf.retain());
    },

    keypairSecretkey(kp: KeyPair): SecretKey {
      return new SecretKey(secretkey, kp.algorithm, kp.material.retain(), kp.terms);
    },

    publickeyImport(
      algorithmType: AlgorithmType,
      name: string,
      encoded: Uint8Array,
      encoding: PublickeyEncoding,
    ): PublicKey {
      const algorithm = algorithmOf(context, algorithmType, name);
      publickey.spend(algorithm.keys.prices.import);
      return new PublicKey(publickey, algorithm, importPublicKey(algorithm, encoded, encoding));
    },

    publickeyExport(pk: PublicKey, encoding: PublickeyEncoding): ArrayOutput {
      return new ArrayOutput(arrayOutput, pk.exported(encoding));
    },

    publickeyVerify(pk: PublicKey): void {
      publickey.spend(pk.algorithm.keys.prices.validate);
      pk.material.validate();
    },

    publickeyFromSecretkey(sk: SecretKey): PublicKey {
      publickey.spend(sk.algorithm.keys.prices.publicHalf);
      return new PublicKey(publickey, sk.algorithm, sk.material.publicHalf.retain());
    },

    secretkeyImport(
      algorithmType: AlgorithmType,
      name: string,
      encoded: Uint8Array,
      encoding: SecretkeyEncoding,
    ): SecretKey {
      const algorithm = algorithmOf(context, algorithmType, name);
      secretkey.spend(algorithm.keys.prices.import);
      return new SecretKey(secretkey, algorithm, importSecretKey(algorithm, encoded, encoding), noTerms);
    },

    secretkeyExport(sk: SecretKey, encoding: SecretkeyEncoding): ArrayOutput {
      requireExport(context, sk);
      return new ArrayOutput(arrayOutput, sk.exported(encoding));
    },
  };
}

function generatedKey(context: RuntimeContext, { keys }: AsymmetricAlgorithm): SecretMaterial {
  const { keypair } = context.meter.accounts;
  if (context.keyJobs !== undefined && canWait(keys)) {
    const state = context.keyJobs.state(keys);
    if (state === undefined) keypair.spend(keys.prices.generate);
    // A key that there is no room for stays until there is.
    if (state === 'done' && keypair.left < keypair.price + keys.prices.bytes) throw fail.Overflow;
    return context.keyJobs.take(keys);
  }
  keypair.spend(keys.prices.generate);
  return keys.generate(context.random);
}

function canWait(keys: KeyFamily): keys is KeyFamily & KeyJobSource {
  return keys.generateInBackground !== undefined;
}

/** Symmetric algorithms have no key pairs, whatever the name. */
export function algorithmOf(context: RuntimeContext, algorithmType: AlgorithmType, name: string): AsymmetricAlgorithm {
  switch (algorithmType) {
    case 'signatures':
      return context.algorithms.signature(name);
    case 'key-exchange':
      return context.algorithms.keyExchange(name);
    case 'symmetric':
      throw fail.InvalidOperation;
  }
}
