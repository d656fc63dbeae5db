/**
 * What a guest may do with the keys of its tenant (`runtime/DECISIONS.md`, managed keys). It throws
 * the runtime's failures for what a guest did wrong, and `SecretsError` for what is wrong with the store.
 */
import { wipe } from '../bytes.js';
import type { VersionChoice } from '../contracts/vocabulary.js';
import { fail } from '../failures.js';
import type { Actor, AuditEvent, AuditOperation } from './audit.js';
import { KeyCache, OpenKey } from './cache.js';
import { random } from './data-key.js';
import { FieldReader, fields } from './fields.js';
import type { KeyKeeper } from './keeper.js';
import { SecretsError, type KeyRecord, type RecordKind } from './store.js';
import type { Change, Identity, NewVersion, Removed } from './transactions.js';
import type { Vault } from './vault.js';

/** How much guests of a tenant may keep in the store, and change. Beyond it calls answer `overflow`. */
export interface Quota {
  /** How many identifiers. Default: 100 000. */
  readonly ids: number;
  /** How many versions of one identifier that were not invalidated. Default: 1 000. */
  readonly versions: number;
  /** Size of everything sealed, in bytes. Default: 256 MiB. */
  readonly bytes: number;
  /** Greatest size of an external secret, in bytes. At most 8 MiB; default: 1 MiB. */
  readonly secretBytes: number;
  /** How many changes an hour, since each leaves a line in the audit log; counted by each process for itself. Default: 100 000. */
  readonly changesPerHour: number;
}

export const defaultQuota: Quota = {
  ids: 100_000,
  versions: 1_000,
  bytes: 256 * 2 ** 20,
  secretBytes: 2 ** 20,
  changesPerHour: 100_000,
};

export const greatestQuota: Quota = {
  ids: 2 ** 32,
  versions: 100_000,
  bytes: 2 ** 50,
  secretBytes: 2 ** 23,
  changesPerHour: Number.MAX_SAFE_INTEGER,
};

export interface TenantSetup {
  readonly actor: Actor;
  readonly quota: Quota;
  readonly keyLifetime: bigint | undefined;
  readonly keepers: Keepers;
}

/** Those who keep keys elsewhere. */
export class Keepers {
  /** Makes the keys that guests generate; undefined: they are made in the host. */
  readonly chosen: KeyKeeper | undefined;
  readonly #all: readonly KeyKeeper[];

  /** Errors: `SecretsError` (`refused`). @param chosen by its name */
  constructor(all: readonly KeyKeeper[], chosen: string | undefined) {
    this.#all = all;
    this.chosen = chosen === undefined ? undefined : this.named(chosen);
  }

  named(name: string): KeyKeeper {
    const found = this.#all.find((each) => each.name === name);
    if (found === undefined)
      throw new SecretsError('refused', `no keeper of keys is called '${name}': give it to openKeyStore`);
    return found;
  }

  /** The same. Errors: `refused` where a keeper is not there, while all can still be rolled back. */
  all(removed: Removed): Removed {
    for (const { keeper } of removed.elsewhere) this.named(keeper);
    return removed;
  }

  /** Errors: `uncertain`: the records are gone, as they should, but some keys are still there. */
  remove({ elsewhere, damaged }: Removed): void {
    const failed: unknown[] = [];
    for (const { keeper, reference } of elsewhere) {
      try {
        this.named(keeper).remove(reference);
      } catch (error) {
        failed.push(error);
      }
    }
    if (failed.length === 0 && (damaged === 0 || this.#all.length === 0)) return;
    const what =
      failed.length > 0 ? 'keys of theirs are still' : 'one that did not open may have had a key that is still';
    throw new SecretsError('uncertain', `the versions are gone, but ${what} kept: \`verify\` finds them`, {
      cause: failed[0],
    });
  }
}

export const ID_BYTES = 32;
const HOUR = 3600n;

export class Tenant {
  readonly name: string;
  readonly quota: Quota;
  /** How many seconds keys may be used that are stored; undefined: for ever. */
  readonly keyLifetime: bigint | undefined;
  readonly keepers: Keepers;
  readonly #vault: Vault;
  readonly #cache: KeyCache;
  readonly #actor: Actor;
  #hour = 0n;
  #changes = 0;

  constructor(vault: Vault, cache: KeyCache, name: string, { actor, quota, keyLifetime, keepers }: TenantSetup) {
    this.#vault = vault;
    this.#cache = cache;
    this.name = name;
    this.#actor = actor;
    this.quota = quota;
    this.keyLifetime = keyLifetime;
    this.keepers = keepers;
  }

  /** Stores the first version of something new under a random identifier. Errors: `overflow`. */
  store(
    kind: RecordKind,
    algorithm: string,
    version: NewVersion,
    operation: AuditOperation = 'store',
  ): { readonly id: Uint8Array; readonly record: KeyRecord } {
    const id = random(ID_BYTES);
    const record = this.#change(operation, id, version.created, (change) => {
      const made = change.insert({ tenant: this.name, id, kind, algorithm }, '', version);
      this.#requireRoom(change);
      return made;
    });
    return { id, record };
  }

  /** Adds a version. Errors: `not_found` where no version is left, `incompatible_keys`, `overflow`. */
  replace(
    kinds: readonly RecordKind[],
    algorithm: string,
    id: Uint8Array,
    version: NewVersion,
    operation: AuditOperation = 'replace',
  ): KeyRecord {
    return this.#change(operation, id, version.created, (change) => {
      const identity = this.#identity(change, id, kinds);
      if (identity.record.algorithm !== algorithm) throw fail.IncompatibleKeys;
      if (identity.head.versions.length >= this.quota.versions) throw fail.Overflow;
      const made = change.append(identity, version);
      this.#requireRoom(change);
      return made;
    });
  }

  /** Errors: `not_found`. @param now whole seconds since 1970 */
  invalidate(kinds: readonly RecordKind[], id: Uint8Array, choice: VersionChoice, now: bigint): void {
    const meant = typeof choice === 'bigint' ? String(choice) : choice;
    let removed: Removed = { elsewhere: [], damaged: 0 };
    this.#change('invalidate', id, now, (change) => {
      const identity = this.#identity(change, id, kinds);
      const gone = choice === 'all' ? identity.head.versions.map(({ version }) => version) : [chosen(identity, choice)];
      removed = this.keepers.all(change.remove(identity, gone));
      return meant;
    });
    this.keepers.remove(removed);
  }

  /**
   * Finds a version and hands it over during a call.
   *
   * Errors: `not_found`.
   */
  use<T>(kinds: readonly RecordKind[], id: Uint8Array, choice: VersionChoice, use: (key: OpenKey) => T): T {
    if (id.length !== ID_BYTES || choice === 'all' || choice === 'unspecified') throw fail.NotFound;
    const isKept = this.#cache.keepIf(this.#vault.records.changes());
    const name = `${Buffer.from(id.buffer, id.byteOffset, ID_BYTES).toString('latin1')}${choice} ${this.name}`;
    const cached = this.#cache.get(name);
    if (cached !== undefined) {
      if (!kinds.includes(cached.record.kind)) throw fail.NotFound;
      return use(cached);
    }
    const key = this.#vault.read((reading) => {
      if (!isKept) this.#vault.requireLater(reading.root());
      const identity = this.#identity(reading, id, kinds);
      const record = reading.version(identity, chosen(identity, choice));
      return new OpenKey(record, reading.payload(record));
    });
    if (this.#cache.put(name, key)) return use(key);
    try {
      return use(key);
    } finally {
      key.wipe();
    }
  }

  /** Seals a secret and its date for the guest to keep. */
  encapsulate(secret: Uint8Array, expires: bigint): Uint8Array {
    const payload = fields(expires, secret);
    try {
      return this.#vault.envelope.sealOutside(this.#outside, payload);
    } finally {
      wipe(payload);
    }
  }

  /** Hands over during a call what `encapsulate` has sealed. Errors: `verification_failed`. */
  decapsulate<T>(sealed: Uint8Array, use: (secret: Uint8Array, expires: bigint) => T): T {
    const payload = this.#vault.envelope.openOutside(this.#outside, sealed);
    if (payload === undefined) throw fail.VerificationFailed;
    try {
      const reader = new FieldReader(payload);
      const expires = reader.number();
      return use(reader.bytes(), expires);
    } finally {
      wipe(payload);
    }
  }

  get #outside(): string {
    return `external secret of ${this.name}`;
  }

  #identity(reading: Pick<Change, 'identity'>, id: Uint8Array, kinds: readonly RecordKind[]): Identity {
    const identity = id.length === ID_BYTES ? reading.identity(this.name, id) : undefined;
    if (identity === undefined || !kinds.includes(identity.record.kind) || identity.head.latest === undefined)
      throw fail.NotFound;
    return identity;
  }

  #change<T extends KeyRecord | string>(
    operation: AuditOperation,
    id: Uint8Array,
    now: bigint,
    work: (change: Change) => T,
  ): T {
    if (this.#hour !== now / HOUR) {
      this.#hour = now / HOUR;
      this.#changes = 0;
    }
    if (this.#changes >= this.quota.changesPerHour) throw fail.Overflow;
    try {
      const result = this.#vault.change(work, (made): AuditEvent => {
        const version = typeof made === 'string' ? made : String(made.version);
        const facts = { tenant: this.name, id: hexOf(id), version, result: 'done' } as const;
        return { at: Number(now), actor: this.#actor, operation, ...facts };
      });
      this.#changes += 1;
      return result;
    } catch (error) {
      // What failed left no line in the log.
      if (error instanceof SecretsError && error.code === 'uncertain') this.#changes += 1;
      throw error;
    }
  }

  #requireRoom(change: Change): void {
    const { ids, bytes } = change.totals(this.name);
    if (ids > this.quota.ids || bytes > this.quota.bytes) throw fail.Overflow;
  }
}

/** Errors: `not_found`. */
function chosen({ head }: Identity, choice: VersionChoice): bigint {
  const version = choice === 'latest' ? head.latest : choice;
  if (typeof version !== 'bigint' || !head.has(version)) throw fail.NotFound;
  return version;
}

export function hexOf(id: Uint8Array): string {
  return Buffer.from(id).toString('hex');
}
