/** States of symmetric algorithms. */
import { fail } from '../failures.js';
import type { OperationContext } from '../contracts/context.js';
import type { Account } from '../meter.js';
import { GuestObject } from './guest-object.js';
import { bytesOption, integerOption, isTaken, type OptionValues } from './option-sets.js';
import type { KeyMaterial, SymmetricKey } from './symmetric-keys.js';
import type { SymmetricRules } from './symmetric-rules.js';
import type { SymmetricTag } from './symmetric-tags.js';

/** What a state is made of. Key and options are retained for it. */
export interface StateSetup {
  readonly algorithm: SymmetricRules;
  readonly context: OperationContext;
  readonly key: KeyMaterial | undefined;
  readonly options: OptionValues;
}

/**
 * A running operation. Every algorithm family extends it with what it can do; what it cannot answers
 * `invalid_operation`. Who opens or clones one has charged the account before. A method that throws has changed nothing.
 *
 * Nothing of a message stands in an output before its tag is verified: it may be shared memory, which another thread reads.
 * Half of any other result may: what `invalid_tag` and unexpected failures leave there, the bindings zero (`clears`,
 * `hosts/errnos.ts`).
 */
export abstract class SymmetricState extends GuestObject {
  protected abstract readonly setup: StateSetup;

  get algorithm(): SymmetricRules {
    return this.setup.algorithm;
  }

  /** Adds input. */
  absorb(_data: Uint8Array): void {
    throw fail.InvalidOperation;
  }

  /** Fills the whole buffer with output. */
  squeeze(_out: Uint8Array): void {
    throw fail.InvalidOperation;
  }

  squeezeTag(): SymmetricTag {
    throw fail.InvalidOperation;
  }

  /** A key for another algorithm. */
  squeezeKey(_target: SymmetricRules): SymmetricKey {
    throw fail.InvalidOperation;
  }

  /** By how many bytes a ciphertext with its tag can be longer than the message. */
  maxTagLength(): number {
    throw fail.InvalidOperation;
  }

  /** Throws what an encryption would throw now, whatever the message: asked before memory is found for its result. */
  requireEncryption(): void {
    throw fail.InvalidOperation;
  }

  /** Writes ciphertext and tag; returns their size in bytes. */
  encrypt(_out: Uint8Array, _data: Uint8Array): number {
    throw fail.InvalidOperation;
  }

  /** Writes the ciphertext; returns the tag. */
  encryptDetached(_out: Uint8Array, _data: Uint8Array): SymmetricTag {
    throw fail.InvalidOperation;
  }

  /** Takes ciphertext and tag; writes the message and returns its size in bytes. */
  decrypt(_out: Uint8Array, _data: Uint8Array): number {
    throw fail.InvalidOperation;
  }

  /** Takes the ciphertext and its tag; writes the message and returns its size in bytes. */
  decryptDetached(_out: Uint8Array, _data: Uint8Array, _tag: Uint8Array): number {
    throw fail.InvalidOperation;
  }

  ratchet(): void {
    throw fail.InvalidOperation;
  }

  /** A deep copy: both go on independently. Errors: `overflow`. */
  clone(): SymmetricState {
    throw fail.InvalidOperation;
  }

  /** Copies the value of an option into the front of a buffer; returns its size in bytes. */
  optionBytes(name: string, into: Uint8Array): number {
    const option = bytesOption(name);
    if (!isTaken(option, this.algorithm.options)) throw fail.UnsupportedOption;
    const value = this.options.get(option.name);
    if (value === undefined) throw fail.OptionNotSet;
    if (value.length > into.length) throw fail.Overflow;
    into.set(value);
    return value.length;
  }

  optionInteger(name: string): bigint {
    const option = integerOption(name);
    if (!isTaken(option, this.algorithm.options)) throw fail.UnsupportedOption;
    const value = this.options.get(option.name);
    if (value === undefined) throw fail.OptionNotSet;
    return value;
  }

  /** Charged for what it keeps of its input. */
  protected get account(): Account {
    return this.setup.context.meter.accounts.symmetricState;
  }

  protected get context(): OperationContext {
    return this.setup.context;
  }

  protected get key(): KeyMaterial | undefined {
    return this.setup.key;
  }

  protected get options(): OptionValues {
    return this.setup.options;
  }

  /** What a copy of this state is made of. Ask last: a key that is retained for nothing is never wiped. */
  protected clonedSetup(): StateSetup {
    return {
      algorithm: this.algorithm,
      context: this.context,
      key: this.key?.retain(),
      options: this.options.retain(),
    };
  }

  protected override dispose(): void {
    this.key?.release();
    this.options.release();
    this.account.close(0);
  }
}
