/**
 * Every option of symmetric algorithms, one row each. A new one needs its row and algorithms that define
 * it: sets, states and copies keep whatever rows are set, by one code for all (`option-sets.ts`).
 *
 * There is no column for what is secret: bytes of every option are wiped, since they lie in memory that is
 * used again.
 */

export interface OptionRow {
  readonly name: string;
  /** What guests may call it too. */
  readonly spellings: readonly string[];
  readonly type: keyof OptionTypes;
  /** A hint may be set and read whatever the algorithm; any other option only where it is defined. */
  readonly hint: boolean;
}

export interface OptionTypes {
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly integer: bigint;
  readonly buffer: GuestBuffer;
}

/** Memory that the guest lends: where it is, never a view, since the memory may grow. */
export interface GuestBuffer {
  readonly pointer: number;
  readonly length: number;
}

/** `opslimit` and `memory` are the spellings of the proposal's own examples. */
export const optionTable = [
  { name: 'context', spellings: [], type: 'bytes', hint: false },
  { name: 'salt', spellings: [], type: 'bytes', hint: false },
  { name: 'nonce', spellings: [], type: 'bytes', hint: false },
  { name: 'memory_limit', spellings: [], type: 'integer', hint: false },
  { name: 'ops_limit', spellings: ['opslimit'], type: 'integer', hint: false },
  { name: 'parallelism', spellings: ['threads'], type: 'integer', hint: true },
  { name: 'output_len', spellings: [], type: 'integer', hint: false },
  { name: 'buffer', spellings: ['memory'], type: 'buffer', hint: false },
] as const satisfies readonly OptionRow[];

type Rows = (typeof optionTable)[number];

/** The rows of one type. */
export type OptionOf<Type extends keyof OptionTypes = keyof OptionTypes> = Extract<Rows, { readonly type: Type }>;

/** Names of all options. */
export type OptionName = Rows['name'];

/** Names of the options that an algorithm can define. */
export type SymmetricOption = Extract<Rows, { readonly hint: false }>['name'];

/** What an option is set to. */
export type OptionValue<Name extends OptionName = OptionName> = OptionTypes[Extract<
  Rows,
  { readonly name: Name }
>['type']];
