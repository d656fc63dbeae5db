/** `wasi_ephemeral_crypto_kx`. */
import type { KeyExchangeAlgorithm } from '../contracts/algorithms.js';
import { fail } from '../failures.js';
import type { RuntimeContext } from '../context.js';
import { ArrayOutput } from '../objects/array-outputs.js';
import type { AsymmetricAlgorithm, PublicKey, SecretKey } from '../objects/asymmetric-keys.js';
import { requireCurrent } from './key-rules.js';

export function kxHost(context: RuntimeContext) {
  const { arrayOutput, publickey, secretkey } = context.meter.accounts;
  return {
    kxDh(pk: PublicKey, sk: SecretKey): ArrayOutput {
      const algorithm = keyExchange(pk.algorithm);
      if (keyExchange(sk.algorithm) !== algorithm) throw fail.IncompatibleKeys;
      requireCurrent(context, sk);
      if (algorithm.kind !== 'diffie-hellman') throw fail.InvalidOperation;
      secretkey.spend(algorithm.keys.prices.useSecret);
      const shared = algorithm.exchange(pk.material, sk.material);
      return new ArrayOutput(arrayOutput, shared, shared);
    },

    kxEncapsulate(pk: PublicKey): readonly [ArrayOutput, ArrayOutput] {
      const algorithm = keyExchange(pk.algorithm);
      if (algorithm.kind !== 'key-encapsulation') throw fail.InvalidOperation;
      publickey.spend(algorithm.keys.prices.usePublic);
      const { secret, encapsulated } = algorithm.encapsulate(pk.material, context.random);
      const first = new ArrayOutput(arrayOutput, secret);
      try {
        return [first, new ArrayOutput(arrayOutput, encapsulated)];
      } catch (error) {
        first.release();
        throw error;
      }
    },

    kxDecapsulate(sk: SecretKey, encapsulatedSecret: Uint8Array): ArrayOutput {
      const algorithm = keyExchange(sk.algorithm);
      requireCurrent(context, sk);
      if (algorithm.kind !== 'key-encapsulation') throw fail.InvalidOperation;
      if (encapsulatedSecret.length !== algorithm.encapsulatedSize) throw fail.VerificationFailed;
      secretkey.spend(algorithm.keys.prices.useSecret);
      return new ArrayOutput(arrayOutput, algorithm.decapsulate(sk.material, encapsulatedSecret));
    },
  };
}

function keyExchange(algorithm: AsymmetricAlgorithm): KeyExchangeAlgorithm {
  if (algorithm.category !== 'key-exchange') throw fail.InvalidKey;
  return algorithm;
}
