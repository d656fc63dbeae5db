/** Hash functions (FIPS 180-4). */
import { fail } from '../../failures.js';
import { requireHash, RunningHash, type HashFunction } from '../../backends/openssl.js';
import { SymmetricState } from '../../objects/symmetric-states.js';
import type { StateSetup, SymmetricAlgorithm } from '../descriptor.js';

/** Takes no key and no options, gives a digest of fixed size. */
export function hashAlgorithm(id: string, hash: HashFunction): SymmetricAlgorithm {
  requireHash(hash);
  return {
    id,
    category: 'symmetric',
    key: undefined,
    nonce: undefined,
    options: [],
    requiredOptions: [],
    naturalOutput: hash.length,
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
