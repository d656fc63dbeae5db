/** Hash functions (FIPS 180-4, FIPS 202, SP 800-232). */
import { fail } from '../../failures.js';
import type { HashFunction, Running } from '../../contracts/primitives.js';
import { SymmetricState, type StateSetup } from '../../objects/symmetric-states.js';
import type { SymmetricTag } from '../../objects/symmetric-tags.js';
import type { AlgorithmFacts, SymmetricAlgorithm } from '../descriptor.js';
import { own } from '../../backends/webassembly/module.js';
import { asconHash } from '../../backends/webassembly/ascon-hash.js';
import { byOpenssl, type SymmetricEntry } from './entry.js';
import { tagOf } from './mac.js';

/** Takes no key and no options, gives a digest of fixed size. */
function hashAlgorithm(id: string, hash: HashFunction): SymmetricAlgorithm {
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
      return new HashState(setup, hash.length, hash.start(setup.context.meter.accounts.symmetricState));
    },
  };
}

export class HashState extends SymmetricState {
  override live = true;
  protected override readonly setup: StateSetup;
  readonly #length: number;
  readonly #running: Running;

  /** @param length of the digest, in bytes */
  constructor(setup: StateSetup, length: number, running: Running) {
    super();
    this.setup = setup;
    this.#length = length;
    this.#running = running;
  }

  override absorb(data: Uint8Array): void {
    this.#running.update(data);
  }

  override squeeze(out: Uint8Array): void {
    if (out.length > this.#length) throw fail.InvalidLength;
    if (out.length > 0) this.#running.write(out);
  }

  /** A digest is a tag where there is a key. */
  override squeezeTag(): SymmetricTag {
    if (this.key === undefined) throw fail.InvalidOperation;
    return tagOf(this.#running, this.#length, this.context);
  }

  override clone(): HashState {
    const running = this.#running.clone();
    return new HashState(this.clonedSetup(), this.#length, running);
  }

  protected override dispose(): void {
    this.#running.wipe();
    super.dispose();
  }
}

/** @param length of the digest, in bytes */
function entry(id: string, name: string, length: number, facts: AlgorithmFacts): SymmetricEntry {
  return byOpenssl(id, facts, (_id, backend) => hashAlgorithm(id, backend.hash(name, length)), 'no-secrets');
}

export const hashes: readonly SymmetricEntry[] = [
  entry('SHA-256', 'sha256', 32, { tier: 'required', approved: 'FIPS 180-4', vectors: ['acvp'] }),
  entry('SHA-512', 'sha512', 64, { tier: 'required', approved: 'FIPS 180-4', vectors: ['acvp'] }),
  entry('SHA-512/256', 'sha512-256', 32, { tier: 'required', approved: 'FIPS 180-4', vectors: ['acvp'] }),
  entry('SHA-384', 'sha384', 48, { tier: 'extra', approved: 'FIPS 180-4', vectors: ['nist'] }),
  entry('SHA-224', 'sha224', 28, { tier: 'extra', approved: 'FIPS 180-4', vectors: ['nist'] }),
  entry('SHA-512/224', 'sha512-224', 28, { tier: 'extra', approved: 'FIPS 180-4', vectors: ['nist'] }),
  entry('SHA3-224', 'sha3-224', 28, { tier: 'extra', approved: 'FIPS 202', vectors: ['nist'] }),
  entry('SHA3-256', 'sha3-256', 32, { tier: 'extra', approved: 'FIPS 202', vectors: ['nist'] }),
  entry('SHA3-384', 'sha3-384', 48, { tier: 'extra', approved: 'FIPS 202', vectors: ['nist'] }),
  entry('SHA3-512', 'sha3-512', 64, { tier: 'extra', approved: 'FIPS 202', vectors: ['nist'] }),
  {
    id: 'ASCON-HASH',
    tier: 'optional',
    approved: 'SP 800-232',
    vectors: ['acvp', 'lwc'],
    category: 'symmetric',
    implementations: [
      { backend: own, constantTime: 'no-secrets', make: () => hashAlgorithm('ASCON-HASH', asconHash()) },
    ],
  },
];
