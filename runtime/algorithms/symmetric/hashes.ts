/** Hash functions (FIPS 180-4). */
import { fail } from '../../failures.js';
import {
  type HashFunction,
  requireHash,
  RunningHash,
  sha256,
  sha384,
  sha512,
  sha512t256,
} from '../../backends/openssl.js';
import { SymmetricState, type StateSetup } from '../../objects/symmetric-states.js';
import type { SymmetricAlgorithm, Tier } from '../descriptor.js';
import { byOpenssl, type SymmetricEntry } from './entry.js';

/** Takes no key and no options, gives a digest of fixed size. */
function hashAlgorithm(id: string, hash: HashFunction): SymmetricAlgorithm {
  requireHash(hash);
  return {
    id,
    category: 'symmetric',
    key: undefined,
    nonce: undefined,
    options: [],
    requiredOptions: [],
    naturalOutput: hash.length,
    authenticated: undefined,
    open(setup) {
      return new HashState(setup, new RunningHash(hash));
    },
  };
}

class HashState extends SymmetricState {
  override live = true;
  protected override readonly setup: StateSetup;
  readonly #running: RunningHash;

  constructor(setup: StateSetup, running: RunningHash) {
    super();
    this.setup = setup;
    this.#running = running;
  }

  override absorb(data: Uint8Array): void {
    this.#running.update(data);
  }

  override squeeze(out: Uint8Array): void {
    if (out.length > this.#running.hash.length) throw fail.InvalidLength;
    if (out.length > 0) this.#running.writeDigest(out);
  }

  override clone(): HashState {
    const running = this.#running.clone();
    return new HashState(this.clonedSetup(), running);
  }

  protected override dispose(): void {
    this.#running.wipe();
    super.dispose();
  }
}

function entry(id: string, tier: Tier, hash: HashFunction, vectors: readonly string[]): SymmetricEntry {
  return byOpenssl(id, { tier, approved: 'FIPS 180-4', vectors }, () => hashAlgorithm(id, hash), 'no-secrets');
}

export const hashes: readonly SymmetricEntry[] = [
  entry('SHA-256', 'required', sha256, ['acvp']),
  entry('SHA-512', 'required', sha512, ['acvp']),
  entry('SHA-512/256', 'required', sha512t256, ['acvp']),
  entry('SHA-384', 'extra', sha384, ['nist']),
];
