/** AES in counter mode (SP 800-38A, 6.5): a stream, which is never given twice. It detects no change of a ciphertext. */
import { giveBack, takeBytes } from '../../blocks.js';
import type { CounterCipher } from '../../contracts/primitives.js';
import type { KeyMaterial } from '../../objects/symmetric-keys.js';
import { SymmetricState, type StateSetup } from '../../objects/symmetric-states.js';
import { requireSize } from '../../objects/symmetric-tags.js';
import { RESULT_COST } from '../../prices.js';
import type { SymmetricAlgorithm } from '../descriptor.js';
import { byOpenssl, type SymmetricEntry } from './entry.js';

const BLOCK = 16;

/** @param size of a key, in bytes */
function ctrAlgorithm(id: string, size: number, cipher: CounterCipher): SymmetricAlgorithm {
  return {
    id,
    category: 'symmetric',
    key: { required: true, minimum: size, maximum: size, generated: size },
    nonce: { minimum: BLOCK, maximum: BLOCK, absent: 'refused' },
    // How much of the stream is squeezed where the guest cannot say.
    options: ['nonce', 'output_len'],
    requiredOptions: [],
    naturalOutput: undefined,
    authenticated: false,
    open(setup) {
      return new CtrState(setup, cipher);
    },
  };
}

class CtrState extends SymmetricState {
  override live = true;
  protected override readonly setup: StateSetup;
  readonly #cipher: CounterCipher;
  /** How much of the stream was given out, in bytes. */
  #used = 0;

  constructor(setup: StateSetup, cipher: CounterCipher) {
    super();
    this.setup = setup;
    this.#cipher = cipher;
  }

  override maxTagLength(): number {
    return 0;
  }

  override requireEncryption(): void {
    // Every encryption goes on with the stream.
  }

  /** The stream itself. */
  override squeeze(out: Uint8Array): void {
    this.account.spend(RESULT_COST + out.length);
    out.fill(0);
    this.#add(out);
  }

  override encrypt(out: Uint8Array, data: Uint8Array): number {
    requireSize(out, data.length);
    this.account.spend(RESULT_COST + data.length);
    out.set(data);
    this.#add(out);
    return data.length;
  }

  override decrypt(out: Uint8Array, data: Uint8Array): number {
    return this.encrypt(out, data);
  }

  #add(data: Uint8Array): void {
    const counter = takeBytes(BLOCK);
    try {
      counter.set(this.options.get('nonce') as Uint8Array);
      increase(counter, Math.floor(this.#used / BLOCK));
      this.#cipher.add(this.key as KeyMaterial, counter, this.#used % BLOCK, data);
    } finally {
      giveBack(counter, BLOCK);
    }
    this.#used += data.length;
  }
}

/** Modulo 2^128. */
function increase(counter: Uint8Array, blocks: number): void {
  for (let index = BLOCK - 1, rest = blocks; rest > 0 && index >= 0; index -= 1) {
    rest += counter[index] as number;
    counter[index] = rest % 256;
    rest = Math.floor(rest / 256);
  }
}

/** @param size of a key, in bytes */
function entry(id: string, size: number, vectors: readonly string[]): SymmetricEntry {
  return byOpenssl(id, { tier: 'optional', approved: 'SP 800-38A', vectors }, (_id, backend) =>
    ctrAlgorithm(id, size, backend.counter(size)),
  );
}

export const ctrs: readonly SymmetricEntry[] = [
  entry('AES-128-CTR', 16, ['acvp', 'cavp', 'generated', 'rfc']),
  entry('AES-256-CTR', 32, ['acvp', 'cavp', 'generated']),
];
