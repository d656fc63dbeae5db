/**
 * What keeps records for a `KeyStore` (`key-store.ts`): the contract between what records mean, which is the same
 * everywhere, and where they lie. Another database is another `RecordStore`; `conformance.ts` tests one.
 *
 * A store needs no secrets and judges nothing: every record arrives sealed and is opened by who asked for it
 * (`envelope.ts`). What it must do is keep all of a transaction or nothing of it, for good once `write` has returned,
 * and let one transaction after another write, over all processes and machines that share the database.
 *
 * Calls are synchronous, because a guest waits for them. A store whose database is reached by messages waits inside
 * (`Atomics.wait` on a worker's answer), and throws `unavailable` when it has waited long enough.
 */

/** What a record is: a symmetric key, a key pair of one of two categories, or bytes that are no key. */
export type RecordKind = 'symmetric' | 'signatures' | 'key-exchange' | 'secret';

export const recordKinds: readonly RecordKind[] = ['symmetric', 'signatures', 'key-exchange', 'secret'];

/** `invalidated` stands only at a head whose versions are all gone and which has to remember the next one. */
export type RecordState = 'valid' | 'invalidated';

export const recordStates: readonly RecordState[] = ['valid', 'invalidated'];

/** The version of a head: the record of an identifier as a whole, beside those of its versions, which count from 1. */
export const HEAD = 0n;

/** As an expiry: there is none. */
export const NEVER = 2n ** 64n - 1n;

/** Bits of `flags`. */
export const RecordFlag = {
  /** The owner lets guests export the key. */
  Exportable: 1,
  /** The identifier follows from a name; stands at the head too. */
  Named: 2,
  /** The bytes of the secret are elsewhere: the record holds where (`keepers.ts`). */
  Elsewhere: 4,
  /** Stands at a head alone: the one before did not open, and this one only knows which version comes next. */
  Lost: 8,
} as const;

/** What is said of a record in clear. All of it is authenticated by what is `wrapped`. */
export interface RecordFacts {
  /** Who the record belongs to. At most 128 bytes of UTF-8; stores compare it by its bytes. */
  readonly tenant: string;
  /** 32 bytes. */
  readonly id: Uint8Array;
  /** Unsigned, 64 bits, like all of type `bigint`: no database engine has that type, so keep 8 bytes, big-endian. */
  readonly version: bigint;
  readonly kind: RecordKind;
  /** The algorithm's id; empty for secrets. At most 64 bytes of ASCII. */
  readonly algorithm: string;
  /** Bits of `RecordFlag`: at most 31 bits. */
  readonly flags: number;
  /** Whole seconds since 1970. */
  readonly created: bigint;
  /** The last second in which it may be used, or `NEVER`. */
  readonly expires: bigint;
  readonly state: RecordState;
}

export interface KeyRecord extends RecordFacts {
  /** What was sealed. At most 16 MiB. */
  readonly wrapped: Uint8Array;
}

/** One line of the audit log: its text and what chains it to the line before (`audit.ts`). */
export interface LogEntry {
  /** Counts from 1 without gaps. */
  readonly sequence: bigint;
  /** JSON, at most 4 KiB of UTF-8. */
  readonly entry: string;
  /** 32 bytes. */
  readonly chain: Uint8Array;
}

/** Where a list of records goes on: after this one. */
export type RecordPlace = Pick<RecordFacts, 'tenant' | 'id' | 'version'>;

export interface ListQuery {
  /** Undefined: of all tenants. */
  readonly tenant?: string | undefined;
  /** Heads only. */
  readonly heads?: boolean | undefined;
  readonly after?: RecordPlace | undefined;
  /** How many at most. */
  readonly limit: number;
}

/** What a transaction can read. All of it is as of one moment, its own writes included. */
export interface Reading {
  /** A value that was put under a name; undefined: none was. */
  setting(name: string): Uint8Array | undefined;
  /** Several of them, those that there are, by their names. */
  settings(names: readonly string[]): ReadonlyMap<string, Uint8Array>;
  /** The records of an identifier with these versions, as many as there are, in any order. */
  records(tenant: string, id: Uint8Array, versions: readonly bigint[]): readonly KeyRecord[];
  /** Records in the order of the bytes of tenant, id and version. */
  list(query: ListQuery): readonly KeyRecord[];
  /** Lines of the log, in their order, after the one with this number. */
  log(after: bigint, limit: number): readonly LogEntry[];
}

export interface Writing extends Reading {
  /** @param name at most 256 bytes of UTF-8 */
  putSetting(name: string, value: Uint8Array): void;
  /** Inserts a record, or takes the place of the one with the same tenant, id and version. */
  put(record: KeyRecord): void;
  /** The bytes should not be found in the database's files afterwards, where it can be told so. Nothing happens if there is none. */
  remove(tenant: string, id: Uint8Array, version: bigint): void;
  /** Errors: `corrupt` where there is a line of this number. */
  append(entry: LogEntry): void;
  /** Removes the lines of the log up to the one with this number, that one included. */
  dropLog(through: bigint): void;
}

export interface RecordStore {
  /** What it is and where, for messages: `SQLite (node:sqlite) /srv/keys.db`. Without passwords. */
  readonly description: string;
  /** May run `work` again from its beginning. Errors: `SecretsError`; and what `work` throws. */
  read<T>(work: (reading: Reading) => T): T;
  /**
   * Runs `work` when no other transaction writes, and makes it durable. If it throws, nothing is changed. A store may
   * run it again from its beginning, so it must have no other effects.
   *
   * Errors: `SecretsError`; and what `work` throws.
   */
  write<T>(work: (writing: Writing) => T): T;
  /**
   * A number that is another one whenever anybody has written since it was last asked, from any process: what was read
   * before may then be out of date. Asked at each lookup, so it should cost microseconds where it can.
   */
  changes(): number;
  /**
   * Writes a copy of the database as of one moment into a new file that only its owner can read. Absent where the
   * database has means of its own.
   */
  backup?(file: string): void;
  /** Lets go of everything; later calls throw `unavailable`. */
  close(): void;
}

/**
 * - `busy`: another process kept the store to itself for too long; trying again helps
 * - `full`: no room on the disk, or in a quota of the system
 * - `read-only`: the file or its folder cannot be written
 * - `gone`: the file was deleted or exchanged under us; open the store again
 * - `corrupt`: the database is damaged; restore a backup
 * - `unavailable`: it does not answer, or was closed
 * - `uncertain`: it stopped answering while it wrote: what was written may or may not be there
 * - `newer`, `older`: a later or an earlier version of this package has made it, in a format that this one does not know
 * - `insecure`: others can read a file that must be its owner's alone
 * - `no-engine`: nothing here can open it
 * - `wrong-key`: another key-encryption key has wrapped it
 * - `tampered`: a record does not open, or does not belong where it is
 * - `rolled-back`: the store is older than it was seen before
 * - `not-found`, `exists`, `refused`: an owner's request cannot be followed
 */
export type SecretsErrorCode =
  | 'busy'
  | 'full'
  | 'read-only'
  | 'gone'
  | 'corrupt'
  | 'unavailable'
  | 'uncertain'
  | 'newer'
  | 'older'
  | 'insecure'
  | 'no-engine'
  | 'wrong-key'
  | 'tampered'
  | 'rolled-back'
  | 'not-found'
  | 'exists'
  | 'refused';

/**
 * Why a store could not do what was asked, for the owner of the host: nothing secret is in it. Guests get `overflow` for
 * `full`, `prohibited_operation` for `read-only`, and `internal_error` for the rest.
 */
export class SecretsError extends Error {
  override readonly name = 'SecretsError';
  readonly code: SecretsErrorCode;

  constructor(code: SecretsErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}
