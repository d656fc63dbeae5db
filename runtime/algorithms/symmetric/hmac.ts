/** HMAC (RFC 2104, FIPS 198-1). */
import { clear, giveBack, takeBytes } from '../../blocks.js';
import { wipe } from '../../bytes.js';
import { type HashFunction, requireHash, RunningHash, secretDigest, sha256, sha512 } from '../../backends/openssl.js';
import type { KeyMaterial, Prepared } from '../../objects/symmetric-keys.js';
import { SymmetricState, type StateSetup } from '../../objects/symmetric-states.js';
import { SymmetricTag } from '../../objects/symmetric-tags.js';
import type { AlgorithmFacts, SymmetricAlgorithm } from '../descriptor.js';
import { byOpenssl, type SymmetricEntry } from './entry.js';

/** A key in the form in which HMAC hashes it: one block for the inner hash, one for the outer. */
export class HmacKey implements Prepared {
  readonly hash: HashFunction;
  readonly inner: Uint8Array<ArrayBuffer>;
  readonly #outer: Uint8Array<ArrayBuffer>;

  constructor(hash: HashFunction, key: Uint8Array) {
    this.hash = hash;
    this.inner = takeBytes(hash.blockLength).fill(0x36);
    // Room for the inner digest, which the outer hash takes after the block.
    this.#outer = takeBytes(hash.blockLength + hash.length).fill(0x5c, 0, hash.blockLength);
    const short = key.length <= hash.blockLength ? key : secretDigest(hash, key);
    for (let index = 0; index < short.length; index += 1) {
      const byte = short[index] as number;
      this.inner[index] = (this.inner[index] as number) ^ byte;
      this.#outer[index] = (this.#outer[index] as number) ^ byte;
    }
    if (short !== key) wipe(short);
  }

  /** The code, from the digest of the inner hash, which is wiped. */
  finish(inner: Uint8Array): Uint8Array {
    const { blockLength } = this.hash;
    this.#outer.set(inner, blockLength);
    clear(inner);
    try {
      return secretDigest(this.hash, this.#outer);
    } finally {
      this.#outer.fill(0, blockLength);
    }
  }

  /** The code of input that is at hand: new bytes. */
  of(input: Uint8Array): Uint8Array {
    const running = new RunningHash(this.hash, this.inner);
    try {
      running.update(input);
      return this.finish(running.digest());
    } finally {
      running.wipe();
    }
  }

  /** The last use of the key. */
  wipe(): void {
    giveBack(this.inner, this.inner.length);
    giveBack(this.#outer, this.#outer.length);
  }
}

/** Keys of any size; generated ones have the size of the hash. */
function hmacAlgorithm(id: string, hash: HashFunction): SymmetricAlgorithm {
  requireHash(hash);
  return {
    id,
    category: 'symmetric',
    key: { required: true, minimum: 0, maximum: Infinity, generated: hash.length },
    nonce: undefined,
    options: [],
    requiredOptions: [],
    naturalOutput: undefined,
    authenticated: undefined,
    open(setup) {
      const key = (setup.key as KeyMaterial).prepared((bytes) => new HmacKey(hash, bytes));
      return new HmacState(setup, key, new RunningHash(hash, key.inner));
    },
  };
}

class HmacState extends SymmetricState {
  override live = true;
  protected override readonly setup: StateSetup;
  readonly #key: HmacKey;
  readonly #running: RunningHash;

  constructor(setup: StateSetup, key: HmacKey, running: RunningHash) {
    super();
    this.setup = setup;
    this.#key = key;
    this.#running = running;
  }

  override absorb(data: Uint8Array): void {
    this.#running.update(data);
  }

  override squeezeTag(): SymmetricTag {
    return new SymmetricTag(this.#key.finish(this.#running.digest()));
  }

  override clone(): HmacState {
    const running = this.#running.clone();
    return new HmacState(this.clonedSetup(), this.#key, running);
  }

  protected override dispose(): void {
    this.#running.wipe();
    super.dispose();
  }
}

const facts: AlgorithmFacts = { tier: 'required', approved: 'FIPS 198-1', vectors: ['acvp', 'wycheproof'] };

export const hmacs: readonly SymmetricEntry[] = [
  byOpenssl('HMAC/SHA-256', facts, (id) => hmacAlgorithm(id, sha256)),
  byOpenssl('HMAC/SHA-512', facts, (id) => hmacAlgorithm(id, sha512)),
];
