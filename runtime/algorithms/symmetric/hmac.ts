/** HMAC (RFC 2104, FIPS 198-1). */
import { takeBytes } from '../../blocks.js';
import type { HmacFunction, Running } from '../../contracts/primitives.js';
import type { KeyMaterial } from '../../objects/symmetric-keys.js';
import { SymmetricState, type StateSetup } from '../../objects/symmetric-states.js';
import { SymmetricTag } from '../../objects/symmetric-tags.js';
import type { AlgorithmFacts, SymmetricAlgorithm } from '../descriptor.js';
import { byOpenssl, type SymmetricEntry } from './entry.js';

/** Keys of any size; generated ones have the size of the hash. */
function hmacAlgorithm(id: string, hmac: HmacFunction): SymmetricAlgorithm {
  return {
    id,
    category: 'symmetric',
    key: { required: true, minimum: 0, maximum: Infinity, generated: hmac.length },
    nonce: undefined,
    options: [],
    requiredOptions: [],
    naturalOutput: undefined,
    authenticated: undefined,
    open(setup) {
      const { symmetricState } = setup.context.meter.accounts;
      return new HmacState(setup, hmac.length, (setup.key as KeyMaterial).prepared(hmac.key).start(symmetricState));
    },
  };
}

class HmacState extends SymmetricState {
  override live = true;
  protected override readonly setup: StateSetup;
  readonly #length: number;
  readonly #running: Running;

  constructor(setup: StateSetup, length: number, running: Running) {
    super();
    this.setup = setup;
    this.#length = length;
    this.#running = running;
  }

  override absorb(data: Uint8Array): void {
    this.#running.update(data);
  }

  override squeezeTag(): SymmetricTag {
    const tag = takeBytes(this.#length);
    this.#running.write(tag);
    return new SymmetricTag(this.context.meter.accounts.symmetricTag, tag);
  }

  override clone(): HmacState {
    const running = this.#running.clone();
    return new HmacState(this.clonedSetup(), this.#length, running);
  }

  protected override dispose(): void {
    this.#running.wipe();
    super.dispose();
  }
}

/** Approval is no fact of a family: it holds for these hashes. */
const approved: AlgorithmFacts = { tier: 'required', approved: 'FIPS 198-1', vectors: ['acvp', 'wycheproof'] };

export const hmacs: readonly SymmetricEntry[] = [
  byOpenssl('HMAC/SHA-256', approved, (id, backend) => hmacAlgorithm(id, backend.hmac('sha256', 32, 64))),
  byOpenssl('HMAC/SHA-512', approved, (id, backend) => hmacAlgorithm(id, backend.hmac('sha512', 64, 128))),
];
