/** Sets of options, and the values that states keep of them. */
import type { SymmetricOption } from '../algorithms/descriptor.js';
import { giveBack, takeCopy } from '../blocks.js';
import type { AlgorithmType } from '../contracts/vocabulary.js';
import { fail } from '../failures.js';
import { foldName } from '../names.js';
import { GuestObject, Shared } from './guest-object.js';

/** Memory that the guest lends: where it is, never a view, since the memory may grow. */
export interface GuestBuffer {
  readonly pointer: number;
  readonly length: number;
}

/** Every option of symmetric algorithms. */
export type OptionName = SymmetricOption | 'parallelism';
type BytesOption = 'context' | 'salt' | 'nonce';
type IntegerOption = 'memory_limit' | 'ops_limit' | 'parallelism' | 'output_len';

type Spelling =
  | { readonly type: 'bytes'; readonly option: BytesOption }
  | { readonly type: 'integer'; readonly option: IntegerOption }
  | { readonly type: 'buffer'; readonly option: 'buffer' };

/** What guests may call them. `opslimit` and `memory` are the spellings of the proposal's own examples. */
const spellings: ReadonlyMap<string, Spelling> = new Map<string, Spelling>([
  ['context', { type: 'bytes', option: 'context' }],
  ['salt', { type: 'bytes', option: 'salt' }],
  ['nonce', { type: 'bytes', option: 'nonce' }],
  ['memory_limit', { type: 'integer', option: 'memory_limit' }],
  ['ops_limit', { type: 'integer', option: 'ops_limit' }],
  ['opslimit', { type: 'integer', option: 'ops_limit' }],
  ['parallelism', { type: 'integer', option: 'parallelism' }],
  ['threads', { type: 'integer', option: 'parallelism' }],
  ['output_len', { type: 'integer', option: 'output_len' }],
  ['buffer', { type: 'buffer', option: 'buffer' }],
  ['memory', { type: 'buffer', option: 'buffer' }],
]);

/** The option a guest means; names that are none throw `unsupported_option`. */
function spelling(name: string): Spelling {
  const found = spellings.get(name) ?? spellings.get(foldName(name) ?? '');
  if (found === undefined) throw fail.UnsupportedOption;
  return found;
}

/** The option of bytes that a guest means; others throw `unsupported_option`. */
export function bytesOption(name: string): BytesOption {
  const found = spelling(name);
  if (found.type !== 'bytes') throw fail.UnsupportedOption;
  return found.option;
}

/** The integer option that a guest means; others throw `unsupported_option`. */
export function integerOption(name: string): IntegerOption {
  const found = spelling(name);
  if (found.type !== 'integer') throw fail.UnsupportedOption;
  return found.option;
}

/**
 * The values of a set. An empty value is a value. The set and the states opened with it share them
 * until the set changes, so that opening a state copies nothing. The last user wipes them.
 */
export class OptionValues extends Shared {
  protected override users = 1;
  context: Uint8Array<ArrayBuffer> | undefined = undefined;
  salt: Uint8Array<ArrayBuffer> | undefined = undefined;
  nonce: Uint8Array<ArrayBuffer> | undefined = undefined;
  memory_limit: bigint | undefined = undefined;
  ops_limit: bigint | undefined = undefined;
  parallelism: bigint | undefined = undefined;
  output_len: bigint | undefined = undefined;
  buffer: GuestBuffer | undefined = undefined;

  /** Whether an option has a value that is not among those defined. `parallelism` is a hint everywhere. */
  hasOtherThan(defined: readonly SymmetricOption[]): boolean {
    return (
      (this.context !== undefined && !defined.includes('context')) ||
      (this.salt !== undefined && !defined.includes('salt')) ||
      (this.nonce !== undefined && !defined.includes('nonce')) ||
      (this.memory_limit !== undefined && !defined.includes('memory_limit')) ||
      (this.ops_limit !== undefined && !defined.includes('ops_limit')) ||
      (this.output_len !== undefined && !defined.includes('output_len')) ||
      (this.buffer !== undefined && !defined.includes('buffer'))
    );
  }

  /** Values that only the caller uses, in place of these: a reference to these is given up for them. */
  changeable(): OptionValues {
    if (!this.isShared) return this;
    const copy = new OptionValues();
    if (this.context !== undefined) copy.context = takeCopy(this.context);
    if (this.salt !== undefined) copy.salt = takeCopy(this.salt);
    if (this.nonce !== undefined) copy.nonce = takeCopy(this.nonce);
    copy.memory_limit = this.memory_limit;
    copy.ops_limit = this.ops_limit;
    copy.parallelism = this.parallelism;
    copy.output_len = this.output_len;
    copy.buffer = this.buffer;
    this.release();
    return copy;
  }

  protected override dispose(): void {
    forget(this.context);
    forget(this.salt);
    forget(this.nonce);
  }
}

function forget(value: Uint8Array<ArrayBuffer> | undefined): void {
  if (value !== undefined) giveBack(value, value.length);
}

/** Stands for the set that was not given. Never changed: its maker keeps a reference for good. */
export const noOptions: OptionValues = new OptionValues().retain();

/** What a guest fills by `options_set*`. */
export class OptionSet extends GuestObject {
  override live = true;
  readonly algorithmType: AlgorithmType;
  readonly #limit: number;
  #values = new OptionValues();

  /** @param limit greatest size of a value, in bytes */
  constructor(algorithmType: AlgorithmType, limit: number) {
    super();
    this.algorithmType = algorithmType;
    this.#limit = limit;
  }

  setBytes(name: string, value: Uint8Array): void {
    this.#requireSymmetric();
    const option = bytesOption(name);
    if (value.length > this.#limit) throw fail.Overflow;
    const values = this.#change();
    const replaced = values[option];
    values[option] = takeCopy(value);
    forget(replaced);
  }

  setInteger(name: string, value: bigint): void {
    this.#requireSymmetric();
    const option = integerOption(name);
    this.#change()[option] = value;
  }

  setBuffer(name: string, buffer: GuestBuffer): void {
    this.#requireSymmetric();
    if (spelling(name).type !== 'buffer') throw fail.UnsupportedOption;
    // No limit: it is the guest's own memory.
    this.#change().buffer = buffer;
  }

  /** Throws `unsupported_option` unless the set was opened for this category. */
  requireType(algorithmType: AlgorithmType): void {
    if (this.algorithmType !== algorithmType) throw fail.UnsupportedOption;
  }

  /**
   * The values, for reading only; who keeps them retains them. Throws `unsupported_option` if one is set
   * that is not among the options given.
   */
  valuesFor(defined: readonly SymmetricOption[]): OptionValues {
    this.requireType('symmetric');
    if (this.#values.hasOtherThan(defined)) throw fail.UnsupportedOption;
    return this.#values;
  }

  protected override dispose(): void {
    this.#values.release();
  }

  /** The values, of which one is about to be set. States that share them keep what they have. */
  #change(): OptionValues {
    this.#values = this.#values.changeable();
    return this.#values;
  }

  /** Signatures and key exchange define no options. */
  #requireSymmetric(): void {
    if (this.algorithmType !== 'symmetric') throw fail.UnsupportedOption;
  }
}
