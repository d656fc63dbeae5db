/** Authenticated encryption with associated data, one encryption for each nonce. */
import type { NonceRule } from '../../objects/symmetric-rules.js';
import { fail } from '../../failures.js';
import { ByteCollector } from '../../bytes.js';
import { takeBytes } from '../../blocks.js';
import type { AeadCipher, AeadName } from '../../contracts/primitives.js';
import type { KeyMaterial } from '../../objects/symmetric-keys.js';
import { SymmetricState, type StateSetup } from '../../objects/symmetric-states.js';
import { RESULT_COST } from '../../prices.js';
import { requireSize, SymmetricTag } from '../../objects/symmetric-tags.js';
import type { AlgorithmFacts, SymmetricAlgorithm } from '../descriptor.js';
import { byOpenssl, type SymmetricEntry } from './entry.js';

/** Sizes in bytes. */
export interface AeadSizes {
  readonly key: number;
  readonly nonce: number;
  readonly tag: number;
}

/** @param absent what happens when a state is opened without a nonce */
export function aeadAlgorithm(
  id: string,
  sizes: AeadSizes,
  absent: NonceRule['absent'],
  cipher: AeadCipher,
): SymmetricAlgorithm {
  const parts = { cipher, tagLength: sizes.tag };
  return {
    id,
    category: 'symmetric',
    key: { required: true, minimum: sizes.key, maximum: sizes.key, generated: sizes.key },
    nonce: { minimum: sizes.nonce, maximum: sizes.nonce, absent },
    options: ['nonce'],
    requiredOptions: [],
    naturalOutput: undefined,
    authenticated: true,
    open(setup) {
      return new AeadState(setup, parts);
    },
  };
}

/** The one encryption that a nonce allows, shared by a state and all its clones. The first encryption or decryption on any of them spends it. */
export interface Permit {
  spent: boolean;
}

interface AeadParts {
  readonly cipher: AeadCipher;
  readonly tagLength: number;
}

const empty = new Uint8Array(0);

class AeadState extends SymmetricState {
  override live = true;
  protected override readonly setup: StateSetup;
  readonly #parts: AeadParts;
  #associated: ByteCollector | undefined;
  /** Something was encrypted or decrypted here: no more associated data, no more encryption. */
  #begun: boolean;
  /** Undefined until there is a clone to share it with. */
  #permit: Permit | undefined;

  constructor(setup: StateSetup, parts: AeadParts, associated?: ByteCollector, begun = false, permit?: Permit) {
    super();
    this.setup = setup;
    this.#parts = parts;
    this.#associated = associated;
    this.#begun = begun;
    this.#permit = permit;
  }

  override absorb(data: Uint8Array): void {
    if (this.#begun) throw fail.InvalidOperation;
    this.#associated ??= new ByteCollector(this.context.limits.messageBytes, this.account);
    this.#associated.append(data);
  }

  override maxTagLength(): number {
    return this.#parts.tagLength;
  }

  override requireEncryption(): void {
    if (this.#begun || this.#permit?.spent === true) throw fail.NonceRequired;
  }

  override encrypt(out: Uint8Array, data: Uint8Array): number {
    this.requireEncryption();
    requireSize(out, data.length + this.#parts.tagLength);
    this.#spendFor(data);
    this.#cipher.seal(this.key as KeyMaterial, this.#nonce(), this.#associatedData(), data, out);
    this.#spendPermit();
    return out.length;
  }

  override encryptDetached(out: Uint8Array, data: Uint8Array): SymmetricTag {
    this.requireEncryption();
    requireSize(out, data.length);
    this.#spendFor(data);
    const bytes = takeBytes(this.#parts.tagLength);
    // Before the nonce is spent.
    const tag = new SymmetricTag(this.context.meter.accounts.symmetricTag, bytes);
    try {
      this.#cipher.sealDetached(this.key as KeyMaterial, this.#nonce(), this.#associatedData(), data, out, bytes);
    } catch (error) {
      tag.release();
      throw error;
    }
    this.#spendPermit();
    return tag;
  }

  override decrypt(out: Uint8Array, data: Uint8Array): number {
    const length = data.length - this.#parts.tagLength;
    if (length < 0) throw fail.InvalidTag;
    requireSize(out, length);
    this.#spendFor(data);
    this.#cipher.open(this.key as KeyMaterial, this.#nonce(), this.#associatedData(), data, out);
    this.#spendPermit();
    return length;
  }

  override decryptDetached(out: Uint8Array, data: Uint8Array, tag: Uint8Array): number {
    // `node:crypto` would take a shorter tag.
    if (tag.length !== this.#parts.tagLength) throw fail.InvalidTag;
    requireSize(out, data.length);
    this.#spendFor(data);
    this.#cipher.openDetached(this.key as KeyMaterial, this.#nonce(), this.#associatedData(), data, tag, out);
    this.#spendPermit();
    return data.length;
  }

  override clone(): AeadState {
    this.#permit ??= { spent: this.#begun };
    const associated = this.#associated?.clone();
    return new AeadState(this.clonedSetup(), this.#parts, associated, this.#begun, this.#permit);
  }

  protected override dispose(): void {
    this.#associated?.wipe();
    super.dispose();
  }

  /** A key that something else keeps comes with its own. */
  get #cipher(): AeadCipher {
    return this.key?.held?.cipher ?? this.#parts.cipher;
  }

  #nonce(): Uint8Array {
    return this.options.get('nonce') as Uint8Array;
  }

  #associatedData(): Uint8Array {
    return this.#associated?.view() ?? empty;
  }

  #spendFor(data: Uint8Array): void {
    this.account.spend(RESULT_COST + data.length + (this.#associated?.length ?? 0));
  }

  #spendPermit(): void {
    if (this.#permit !== undefined) this.#permit.spent = true;
    this.#begun = true;
  }
}

/** 96 bits of nonce are too few for random ones (SP 800-38D, 8.3: at most 2^32 messages a key). */
function entry(id: string, key: number, cipher: AeadName, facts: AlgorithmFacts): SymmetricEntry {
  const sizes = { key, nonce: 12, tag: 16 };
  return byOpenssl(id, facts, (_id, backend) => aeadAlgorithm(id, sizes, 'refused', backend.aead(cipher, key)));
}

export const aeads: readonly SymmetricEntry[] = [
  entry('AES-128-GCM', 16, 'aes-128-gcm', {
    tier: 'required',
    approved: 'SP 800-38D',
    vectors: ['acvp', 'wycheproof'],
  }),
  entry('AES-256-GCM', 32, 'aes-256-gcm', { tier: 'required', approved: 'SP 800-38D', vectors: ['wycheproof'] }),
  entry('CHACHA20-POLY1305', 32, 'chacha20-poly1305', { tier: 'recommended', vectors: ['botan', 'wycheproof'] }),
];
