/** Sets of options, and the values that states keep of them. */
import { giveBack, takeCopy } from '../blocks.js';
import type { AlgorithmType } from '../contracts/vocabulary.js';
import { fail } from '../failures.js';
import { type Account, unmetered } from '../meter.js';
import { foldName } from '../names.js';
import { OPTION_PRICE } from '../prices.js';
import { GuestObject, Shared } from './guest-object.js';
import {
  type GuestBuffer,
  type OptionName,
  type OptionOf,
  optionTable,
  type OptionTypes,
  type OptionValue,
  type SymmetricOption,
} from './option-table.js';

const spellings: ReadonlyMap<string, OptionOf> = new Map(
  optionTable.flatMap((row) => [row.name, ...row.spellings].map((spelling) => [spelling, row])),
);
/** The option a guest means; names that are none throw `unsupported_option`. */
function optionNamed(name: string): OptionOf {
  const found = spellings.get(name) ?? spellings.get(foldName(name) ?? '');
  if (found === undefined) throw fail.UnsupportedOption;
  return found;
}

/** Whether an algorithm that defines these options takes this one. */
export function isTaken(option: OptionOf, defined: readonly SymmetricOption[]): boolean {
  return option.hint || defined.includes(option.name);
}

/** The option of bytes that a guest means; others throw `unsupported_option`. */
export function bytesOption(name: string): OptionOf<'bytes'> {
  const found = optionNamed(name);
  if (found.type !== 'bytes') throw fail.UnsupportedOption;
  return found;
}

/** The integer option that a guest means; others throw `unsupported_option`. */
export function integerOption(name: string): OptionOf<'integer'> {
  const found = optionNamed(name);
  if (found.type !== 'integer') throw fail.UnsupportedOption;
  return found;
}

/**
 * The values of a set. An empty value is a value. The set and the states opened with it share them
 * until the set changes, so that opening a state copies nothing. The last user wipes them.
 */
export class OptionValues extends Shared {
  protected override users = 1;
  readonly #account: Account;
  /** What is set, mostly one: a chain is made and walked in less time than a slot for every row (measured). */
  #first: SetOption | undefined = undefined;

  /** @param account charged for the values */
  constructor(account: Account) {
    super();
    this.#account = account;
  }

  get<Name extends OptionName>(name: Name): OptionValue<Name> | undefined {
    // `with` takes no other type.
    return this.#find(name)?.value as OptionValue<Name> | undefined;
  }

  /** Whether an option has a value that is neither a hint nor among those defined. */
  hasOtherThan(defined: readonly SymmetricOption[]): boolean {
    for (let each = this.#first; each !== undefined; each = each.next) if (!isTaken(each.option, defined)) return true;
    return false;
  }

  /**
   * The values with one more, or another one in its place: these, or where others use these too, a copy, for which a
   * reference to these is given up. Bytes become theirs. Errors: `overflow`; nothing is set, and the bytes are wiped.
   *
   * @param account charged for a copy
   */
  with<Type extends keyof OptionTypes>(
    account: Account,
    option: OptionOf<Type>,
    value: OptionTypes[Type],
  ): OptionValues {
    const { isShared } = this;
    const found = this.#find(option.name);
    try {
      account.charge(priceOf(value) - (found === undefined ? 0 : priceOf(found.value)) + (isShared ? this.#size() : 0));
    } catch (error) {
      forget(value);
      throw error;
    }
    const values = isShared ? this.#copy(account) : this;
    if (isShared) this.release();
    values.#put(option, value);
    return values;
  }

  protected override dispose(): void {
    this.#account.giveBack(this.#size());
    for (let each = this.#first; each !== undefined; each = each.next) forget(each.value);
  }

  #copy(account: Account): OptionValues {
    const copy = new OptionValues(account);
    for (let each = this.#first; each !== undefined; each = each.next) {
      const { option, value } = each;
      copy.#first = { option, value: value instanceof Uint8Array ? takeCopy(value) : value, next: copy.#first };
    }
    return copy;
  }

  #put(option: OptionOf, value: OptionValue): void {
    const found = this.#find(option.name);
    if (found === undefined) {
      this.#first = { option, value, next: this.#first };
      return;
    }
    const replaced = found.value;
    found.value = value;
    forget(replaced);
  }

  #size(): number {
    let size = 0;
    for (let each = this.#first; each !== undefined; each = each.next) size += priceOf(each.value);
    return size;
  }

  #find(name: OptionName): SetOption | undefined {
    let each = this.#first;
    while (each !== undefined && each.option.name !== name) each = each.next;
    return each;
  }
}

/** What a value is charged. */
function priceOf(value: OptionValue): number {
  return OPTION_PRICE + (value instanceof Uint8Array ? value.length : 0);
}

function forget(value: OptionValue): void {
  if (value instanceof Uint8Array) giveBack(value, value.length);
}

interface SetOption {
  readonly option: OptionOf;
  value: OptionValue;
  readonly next: SetOption | undefined;
}

/** Stands for the set that was not given. Never changed: its maker keeps a reference for good. */
export const noOptions: OptionValues = new OptionValues(unmetered).retain();

/** What a guest fills by `options_set*`. */
export class OptionSet extends GuestObject {
  override live = true;
  readonly #account: Account;
  readonly algorithmType: AlgorithmType;
  readonly #limit: number;
  #values: OptionValues;

  /**
   * Errors: `overflow`.
   *
   * @param limit greatest size of a value, in bytes
   */
  constructor(account: Account, algorithmType: AlgorithmType, limit: number) {
    super();
    this.#account = account;
    this.algorithmType = algorithmType;
    this.#limit = limit;
    this.#values = new OptionValues(account);
    this.open(account, 0);
  }

  setBytes(name: string, value: Uint8Array): void {
    this.#requireSymmetric();
    const option = bytesOption(name);
    if (value.length > this.#limit) throw fail.Overflow;
    this.#put(option, takeCopy(value));
  }

  setInteger(name: string, value: bigint): void {
    this.#requireSymmetric();
    const option = integerOption(name);
    this.#put(option, value);
  }

  setBuffer(name: string, buffer: GuestBuffer): void {
    this.#requireSymmetric();
    const option = optionNamed(name);
    if (option.type !== 'buffer') throw fail.UnsupportedOption;
    // No limit: it is the guest's own memory.
    this.#put(option, buffer);
  }

  /** Throws `unsupported_option` unless the set was opened for this category. */
  requireType(algorithmType: AlgorithmType): void {
    if (this.algorithmType !== algorithmType) throw fail.UnsupportedOption;
  }

  /** Throws `unsupported_option` if anything is set but hints: for what defines no options, whatever the set was opened for. */
  requireNone(): void {
    if (this.#values.hasOtherThan([])) throw fail.UnsupportedOption;
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
    // Values are charged on their own: they can outlive their set.
    this.#account.close(0);
  }

  /** States that share the values keep what they have. */
  #put<Type extends keyof OptionTypes>(option: OptionOf<Type>, value: OptionTypes[Type]): void {
    this.#values = this.#values.with(this.#account, option, value);
  }

  /** Signatures and key exchange define no options. */
  #requireSymmetric(): void {
    if (this.algorithmType !== 'symmetric') throw fail.UnsupportedOption;
  }
}
