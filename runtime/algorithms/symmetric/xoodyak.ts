/**
 * Xoodyak (NIST LWC, final round): a session. Whatever is absorbed, squeezed, encrypted or decrypted counts for all that
 * follows. Unkeyed it is a hash function with output of any size.
 */
import { own } from '../../backends/webassembly/module.js';
import { xoodyak } from '../../backends/webassembly/xoodyak.js';
import { newBytes, takeBytes } from '../../blocks.js';
import { part } from '../../bytes.js';
import type { Duplex, DuplexFunction } from '../../contracts/primitives.js';
import { fail } from '../../failures.js';
import { KeyMaterial, SymmetricKey } from '../../objects/symmetric-keys.js';
import type { SymmetricRules } from '../../objects/symmetric-rules.js';
import { SymmetricState, type StateSetup } from '../../objects/symmetric-states.js';
import { requireSize, SymmetricTag } from '../../objects/symmetric-tags.js';
import { RESULT_COST } from '../../prices.js';
import type { SymmetricAlgorithm } from '../descriptor.js';
import type { SymmetricEntry } from './entry.js';

const KEY_BYTES = 16;
/** Key, nonce and its length fill one block at most. */
const NONCE_BYTES = 27;
const NATURAL_BYTES = 32;
const empty = new Uint8Array(0);

function sessionAlgorithm(id: string, duplex: DuplexFunction): SymmetricAlgorithm {
  return {
    id,
    category: 'symmetric',
    key: { required: false, minimum: KEY_BYTES, maximum: KEY_BYTES, generated: KEY_BYTES },
    nonce: { minimum: 0, maximum: NONCE_BYTES, absent: 'allowed' },
    options: ['nonce', 'output_len'],
    requiredOptions: [],
    naturalOutput: NATURAL_BYTES,
    authenticated: true,
    open(setup) {
      const nonce = setup.options.get('nonce');
      if (setup.key === undefined && nonce !== undefined) throw fail.UnsupportedOption;
      setup.context.meter.accounts.symmetricState.spend(RESULT_COST);
      return new Session(setup, duplex.tagLength, duplex.start(setup.key?.bytes, nonce ?? empty));
    },
  };
}

class Session extends SymmetricState {
  override live = true;
  protected override readonly setup: StateSetup;
  readonly #tagLength: number;
  readonly #duplex: Duplex;

  constructor(setup: StateSetup, tagLength: number, duplex: Duplex) {
    super();
    this.setup = setup;
    this.#tagLength = tagLength;
    this.#duplex = duplex;
  }

  override absorb(data: Uint8Array): void {
    this.#spendFor(data);
    this.#duplex.absorb(data);
  }

  override squeeze(out: Uint8Array): void {
    this.#spendFor(out);
    this.#duplex.squeeze(out);
  }

  override squeezeTag(): SymmetricTag {
    this.#requireKey();
    this.account.spend(RESULT_COST);
    return this.#tagBy((bytes) => this.#duplex.squeeze(bytes));
  }

  override squeezeKey(target: SymmetricRules): SymmetricKey {
    const key = this.#requireKey();
    if (target.key === undefined) throw fail.KeyNotSupported;
    // Of no size that could be squeezed.
    if (target.key.generated === undefined) throw fail.InvalidOperation;
    this.account.spend(RESULT_COST);
    const derived = newBytes(target.key.generated);
    const made = new SymmetricKey(new KeyMaterial(key.account, target, derived, key.terms));
    try {
      this.#duplex.squeezeKey(derived);
    } catch (error) {
      made.release();
      throw error;
    }
    return made;
  }

  override maxTagLength(): number {
    this.#requireKey();
    return this.#tagLength;
  }

  override requireEncryption(): void {
    this.#requireKey();
  }

  override encrypt(out: Uint8Array, data: Uint8Array): number {
    this.#requireKey();
    const { length } = data;
    requireSize(out, length + this.#tagLength);
    this.#spendFor(data);
    this.#duplex.encrypt(data, part(out, 0, length), part(out, length, out.length));
    return out.length;
  }

  override encryptDetached(out: Uint8Array, data: Uint8Array): SymmetricTag {
    this.#requireKey();
    requireSize(out, data.length);
    this.#spendFor(data);
    return this.#tagBy((bytes) => this.#duplex.encrypt(data, out, bytes));
  }

  override decrypt(out: Uint8Array, data: Uint8Array): number {
    this.#requireKey();
    const length = data.length - this.#tagLength;
    if (length < 0) throw fail.InvalidTag;
    requireSize(out, length);
    this.#spendFor(data);
    this.#duplex.decrypt(part(data, 0, length), part(data, length, data.length), out);
    return length;
  }

  override decryptDetached(out: Uint8Array, data: Uint8Array, tag: Uint8Array): number {
    this.#requireKey();
    if (tag.length !== this.#tagLength) throw fail.InvalidTag;
    requireSize(out, data.length);
    this.#spendFor(data);
    this.#duplex.decrypt(data, tag, out);
    return data.length;
  }

  override ratchet(): void {
    this.#requireKey();
    this.account.spend(RESULT_COST);
    this.#duplex.ratchet();
  }

  override clone(): Session {
    const duplex = this.#duplex.copy();
    return new Session(this.clonedSetup(), this.#tagLength, duplex);
  }

  protected override dispose(): void {
    this.#duplex.wipe();
    super.dispose();
  }

  /** Without a key it is a hash function. */
  #requireKey(): KeyMaterial {
    if (this.key === undefined) throw fail.InvalidOperation;
    return this.key;
  }

  /** The tag is there before the session goes on: a call that fails has changed nothing. */
  #tagBy(write: (bytes: Uint8Array) => void): SymmetricTag {
    const bytes = takeBytes(this.#tagLength);
    const tag = new SymmetricTag(this.context.meter.accounts.symmetricTag, bytes);
    try {
      write(bytes);
    } catch (error) {
      tag.release();
      throw error;
    }
    return tag;
  }

  #spendFor(data: Uint8Array): void {
    this.account.spend(RESULT_COST + data.length);
  }
}

export const sessions: readonly SymmetricEntry[] = [
  {
    id: 'XOODYAK-128',
    tier: 'optional',
    session: true,
    vectors: ['lwc'],
    category: 'symmetric',
    implementations: [
      { backend: own, constantTime: 'best-effort', make: () => sessionAlgorithm('XOODYAK-128', xoodyak()) },
    ],
  },
];
