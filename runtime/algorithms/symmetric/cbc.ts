/**
 * AES in CBC mode (SP 800-38A, 6.2) with the padding of PKCS #7 (RFC 5652, 6.3). It detects no change of a ciphertext, and
 * whoever can ask whether a padding is right can decrypt.
 */
import { part } from '../../bytes.js';
import type { ChainingCipher } from '../../contracts/primitives.js';
import { fail } from '../../failures.js';
import type { KeyMaterial } from '../../objects/symmetric-keys.js';
import { SymmetricState, type StateSetup } from '../../objects/symmetric-states.js';
import { requireSize } from '../../objects/symmetric-tags.js';
import { RESULT_COST } from '../../prices.js';
import type { SymmetricAlgorithm } from '../descriptor.js';
import type { Permit } from './aead.js';
import { byOpenssl, type SymmetricEntry } from './entry.js';

const BLOCK = 16;

/** @param size of a key, in bytes */
function cbcAlgorithm(id: string, size: number, cipher: ChainingCipher): SymmetricAlgorithm {
  return {
    id,
    category: 'symmetric',
    key: { required: true, minimum: size, maximum: size, generated: size },
    nonce: { minimum: BLOCK, maximum: BLOCK, absent: 'refused' },
    options: ['nonce'],
    requiredOptions: [],
    naturalOutput: undefined,
    authenticated: false,
    open(setup) {
      return new CbcState(setup, cipher, { spent: false });
    },
  };
}

class CbcState extends SymmetricState {
  override live = true;
  protected override readonly setup: StateSetup;
  readonly #cipher: ChainingCipher;
  readonly #permit: Permit;

  constructor(setup: StateSetup, cipher: ChainingCipher, permit: Permit) {
    super();
    this.setup = setup;
    this.#cipher = cipher;
    this.#permit = permit;
  }

  /** The longest padding. */
  override maxTagLength(): number {
    return BLOCK;
  }

  override requireEncryption(): void {
    if (this.#permit.spent) throw fail.NonceRequired;
  }

  /** Room for the longest padding, since the guest asks how much there can be; returns what is used of it. */
  override encrypt(out: Uint8Array, data: Uint8Array): number {
    this.requireEncryption();
    requireSize(out, data.length + BLOCK);
    this.account.spend(RESULT_COST + data.length);
    const padding = BLOCK - (data.length % BLOCK);
    const size = data.length + padding;
    out.set(data);
    out.fill(padding, data.length, size);
    out.fill(0, size);
    this.#cipher.encrypt(this.key as KeyMaterial, this.#nonce(), part(out, 0, size));
    this.#permit.spent = true;
    return size;
  }

  override decrypt(out: Uint8Array, data: Uint8Array): number {
    if (data.length === 0 || data.length % BLOCK !== 0) throw fail.InvalidTag;
    requireSize(out, data.length);
    this.account.spend(RESULT_COST + data.length);
    out.set(data);
    this.#cipher.decrypt(this.key as KeyMaterial, this.#nonce(), out);
    const padding = paddingOf(part(out, out.length - BLOCK, out.length));
    if (padding === 0) throw fail.InvalidTag;
    out.fill(0, out.length - padding);
    this.#permit.spent = true;
    return out.length - padding;
  }

  override clone(): CbcState {
    return new CbcState(this.clonedSetup(), this.#cipher, this.#permit);
  }

  #nonce(): Uint8Array {
    return this.options.get('nonce') as Uint8Array;
  }
}

/** How long the padding in the last block is; 0 if there is none. In a time that does not depend on the block. */
function paddingOf(block: Uint8Array): number {
  const length = block[BLOCK - 1] as number;
  // Negative where the length is none, or a byte of the padding another.
  let good = (length - 1) | (BLOCK - length);
  for (let index = 0; index < BLOCK; index += 1) {
    const inside = (BLOCK - 1 - index - length) >> 31;
    good |= -(((block[index] as number) ^ length) & inside);
  }
  return length & ~(good >> 31);
}

/** @param size of a key, in bytes */
function entry(id: string, size: number): SymmetricEntry {
  return byOpenssl(
    id,
    { tier: 'optional', approved: 'SP 800-38A', vectors: ['acvp', 'generated', 'wycheproof'] },
    (_id, backend) => cbcAlgorithm(id, size, backend.chaining(size)),
  );
}

export const cbcs: readonly SymmetricEntry[] = [entry('AES-128-CBC', 16), entry('AES-256-CBC', 32)];
