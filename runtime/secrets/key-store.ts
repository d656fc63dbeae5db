/** A store of keys that is open: what hosts are given, and what its owner works with. */
import { createHash } from 'node:crypto';
import { wipe } from '../bytes.js';
import type { KeypairEncoding } from '../contracts/vocabulary.js';
import type { AuditEvent, AuditLine, AuditOperation } from './audit.js';
import { KeyCache } from './cache.js';
import { type KeyKeeper, takeBack, writeElsewhere } from './keeper.js';
import type { KeyEncryptionKey } from './key-encryption.js';
import { algorithmOf, exportedPayload, type GivenKey, payloadOf } from './payloads.js';
import {
  NEVER,
  RecordFlag,
  SecretsError,
  type KeyRecord,
  type RecordKind,
  type RecordPlace,
  type RecordStore,
} from './store.js';
import { hexOf, ID_BYTES, Keepers, type Quota, Tenant } from './tenant.js';
import { type Anchor, type Change, type Identity, type NewVersion, type OpenReading, random, Vault } from './vault.js';
import { lastLineBefore, logProblem, readLog, type VerifyReport, verifyStore } from './walk.js';

export interface KeyStoreOptions {
  /** Where the records lie. It becomes the key store's: closing that closes it. */
  readonly records: RecordStore;
  /** What wraps the store's data key; asked now, and not kept. */
  readonly kek: KeyEncryptionKey;
  /** Whether an empty store becomes a key store. Default: true. */
  readonly create?: boolean | undefined;
  /** How many versions stay open in memory, so that lookups need not open them again. Default: 1 024; 0: none. */
  readonly cache?: number | undefined;
  /** Where the owner keeps how far the store has come. Default: nowhere. */
  readonly anchor?: Anchor | undefined;
  /** Who keeps keys elsewhere, such as HSMs. Default: nobody. */
  readonly keepers?: readonly KeyKeeper[] | undefined;
  /** Milliseconds since 1970, for what the owner does; guests have the clock of their host. Default: `Date.now`. */
  readonly clock?: (() => number) | undefined;
}

/** How guests of a tenant use a store. */
export interface TenantOptions {
  readonly quota: Quota;
  /** How many seconds keys may be used that guests store: they cannot say. Undefined: for ever. */
  readonly keyLifetime: bigint | undefined;
  /** The name of the keeper that makes the keys which guests generate; undefined: they are made in the host. */
  readonly keeper: string | undefined;
}

/** An identifier of a tenant: by its 64 hexadecimal digits, or the name that the owner gave it. */
export type KeyAddress = { readonly tenant: string } & ({ readonly id: string } | { readonly name: string });

/** What the owner says of a new version. */
export interface VersionRequest {
  /** Undefined: a new key is made. */
  readonly key?: GivenKey | undefined;
  /** The last second in which it may be used, since 1970; default: none. */
  readonly expires?: bigint | undefined;
  /** Whether guests may export it, if their policy lets keys out, and the owner. Default: false. */
  readonly exportable?: boolean | undefined;
  /** The name of the keeper that makes it; default: it is made here. */
  readonly keeper?: string | undefined;
}

export interface ProvisionRequest extends VersionRequest {
  readonly tenant: string;
  /** By which guests look it up (`keyByName`), 1 to 128 bytes; default: none, and its identifier is random. */
  readonly name?: string | undefined;
  /** The id of an algorithm, or `secret` for an external secret. */
  readonly algorithm: string;
}

/** An identifier with what belongs to it. */
export interface KeySummary {
  readonly tenant: string;
  /** In hexadecimal digits. */
  readonly id: string;
  readonly name: string | undefined;
  readonly kind: RecordKind;
  /** Undefined: a secret. */
  readonly algorithm: string | undefined;
  /** Seconds since 1970. */
  readonly created: bigint;
  /** The highest version that was not invalidated; undefined: all were. */
  readonly latest: bigint | undefined;
  /** How many there are. */
  readonly versions: number;
}

export interface VersionDetails {
  readonly version: bigint;
  readonly created: bigint;
  /** Undefined: never. */
  readonly expires: bigint | undefined;
  readonly expired: boolean;
  readonly exportable: boolean;
  /** Whether a keeper has it. */
  readonly elsewhere: boolean;
}

export interface KeyDetails extends KeySummary {
  readonly details: readonly VersionDetails[];
}

export interface ListRequest {
  /** Default: of all tenants. */
  readonly tenant?: string | undefined;
  /** The last one of the page before. */
  readonly after?: Pick<KeySummary, 'tenant' | 'id'> | undefined;
  /** Default: 100. */
  readonly limit?: number | undefined;
}

/** Which versions; `latest` is the highest. */
export type VersionRange = bigint | 'latest' | 'all';

const DEFAULT_CACHE = 1024;

/** All methods throw `SecretsError`. */
export class KeyStore {
  readonly #vault: Vault;
  readonly #cache: KeyCache;
  readonly #keepers: readonly KeyKeeper[];
  readonly #clock: () => number;

  /** Use `openKeyStore`. */
  constructor(vault: Vault, cache: KeyCache, keepers: readonly KeyKeeper[], clock: () => number) {
    this.#vault = vault;
    this.#cache = cache;
    this.#keepers = keepers;
    this.#clock = clock;
  }

  /** What it is and where, for messages. */
  get description(): string {
    return this.#vault.records.description;
  }

  /** The keys of a tenant, for guests: `createWasiCrypto` asks. Makes nothing in the store. Errors: `refused`. */
  tenant(name: string, { quota, keyLifetime, keeper }: TenantOptions): Tenant {
    const keepers = new Keepers(this.#keepers, keeper);
    return new Tenant(this.#vault, this.#cache, name, { actor: 'guest', quota, keyLifetime, keepers });
  }

  /** A page of identifiers, in the order of tenants' and identifiers' bytes. */
  list({ tenant, after, limit = 100 }: ListRequest = {}): readonly KeySummary[] {
    const place: RecordPlace | undefined =
      after === undefined ? undefined : { tenant: after.tenant, id: bytesOf(after.id), version: 0n };
    return this.#vault.read((reading) =>
      reading.raw.list({ tenant, heads: true, after: place, limit }).map((record) => summaryOf(reading.opened(record))),
    );
  }

  /** Errors: `not-found`. */
  show(address: KeyAddress): KeyDetails {
    const now = this.#now();
    return this.#vault.read((reading) => {
      const identity = found(reading, address);
      const details = identity.head.versions.map(({ version }) => {
        const record = reading.version(identity, version);
        // Dates and flags are what was written only if it opens.
        wipe(reading.payload(record));
        return detailsOf(record, now);
      });
      return { ...summaryOf(identity), details };
    });
  }

  /** Stores a key or secret for guests of a tenant. Errors: `exists` where the name has a version, `refused`. */
  provision(request: ProvisionRequest): KeyDetails {
    requireKeys('provision', request, [...versionKeys, 'tenant', 'name', 'algorithm']);
    const { tenant, name = '' } = request;
    requireText('tenant', tenant);
    if (name !== '') requireText('name', name);
    if (isHexId(name))
      throw new SecretsError('refused', 'a name of 64 hexadecimal digits would be taken for an identifier');
    const { kind, algorithm } =
      request.algorithm === 'secret' ? { kind: 'secret' as const, algorithm: '' } : algorithmOf(request.algorithm);
    const id = name === '' ? random(ID_BYTES) : idOfName(name);
    this.#add('provision', { tenant, id }, kind, algorithm, request, (change, version) => {
      const identity = name === '' ? undefined : change.identity(tenant, id);
      if (identity === undefined) return change.insert({ tenant, id, kind, algorithm }, name, version);
      if (identity.head.latest !== undefined)
        throw new SecretsError('exists', `the tenant '${tenant}' has a key of the name '${name}': rotate it`);
      if (identity.record.kind !== kind || identity.record.algorithm !== algorithm)
        throw new SecretsError('exists', `the name '${name}' was one of ${identity.record.algorithm || 'a secret'}`);
      return change.append(identity, version);
    });
    return this.show({ tenant, id: hexOf(id) });
  }

  /** Adds a version. Errors: `not-found`, `refused`. */
  rotate(address: KeyAddress, request: VersionRequest = {}): KeyDetails {
    requireKeys('rotate', request, versionKeys);
    const { record } = this.#vault.read((reading) => {
      const identity = found(reading, address);
      if (request.key === undefined && request.keeper === undefined) requireHere(reading, identity);
      return identity;
    });
    this.#add('rotate', record, record.kind, record.algorithm, request, (change, version) =>
      change.append(found(change, address), version),
    );
    return this.show(address);
  }

  /** Sets the last second in which versions may be used, since 1970; undefined: there is none. Errors: `not-found`. */
  expire(address: KeyAddress, versions: VersionRange, expires: bigint | undefined): void {
    requireDate(expires);
    this.#each('expire', address, versions, expires === undefined ? 'never' : String(expires), (change, chosen) => {
      for (const version of chosen) change.redate(found(change, address), version, expires ?? NEVER);
    });
  }

  /** Takes versions away for good; it cannot be undone. Errors: `not-found`. */
  invalidate(address: KeyAddress, versions: VersionRange): void {
    const keepers = new Keepers(this.#keepers, undefined);
    const elsewhere = this.#each('invalidate', address, versions, undefined, (change, chosen) =>
      keepers.all(change.remove(found(change, address), chosen)),
    );
    keepers.remove(elsewhere);
  }

  /** The bytes of a version that is exportable; the caller wipes them. Errors: `not-found`, `refused`. */
  export(address: KeyAddress, version: bigint | 'latest', encoding: KeypairEncoding): Uint8Array {
    return this.#each('export', address, version, encoding, (change, [chosen = 0n]) => {
      const record = change.version(found(change, address), chosen);
      if ((record.flags & RecordFlag.Exportable) === 0 || (record.flags & RecordFlag.Elsewhere) !== 0)
        throw new SecretsError('refused', 'the key was not provisioned as exportable');
      const payload = change.payload(record);
      try {
        return exportedPayload(record.kind, record.algorithm, payload, encoding);
      } finally {
        wipe(payload);
      }
    });
  }

  /** Wraps the data key by another key-encryption key; no record is touched. Errors: `wrong-key`. */
  rewrap(from: KeyEncryptionKey, to: KeyEncryptionKey): void {
    this.#vault.rewrap(from, to, this.#event('rewrap', { detail: to.description }));
  }

  /** Writes a copy as of one moment into a new file with mode 0600. It opens with the same key-encryption key. Errors: `refused`, `exists`. */
  backup(file: string): void {
    const { records } = this.#vault;
    if (records.backup === undefined)
      throw new SecretsError('refused', `${records.description} has means of its own for backups`);
    this.#vault.change(
      () => undefined,
      () => this.#event('backup', {}),
    );
    records.backup(file);
  }

  /** Opens every record, computes totals and sums, follows the log, and asks the anchor and the keepers. Errors: `rolled-back`. */
  verify(): VerifyReport {
    this.#vault.requireAnchored();
    return verifyStore(this.#vault, this.#keepers);
  }

  /** Lines of the audit log, after the one with this number. */
  audit({ after = 0n, limit = 1000 }: { readonly after?: bigint; readonly limit?: number } = {}): readonly AuditLine[] {
    return this.#vault.read((reading) => readLog(reading, after, limit));
  }

  /** What is wrong with the log: a line that was removed, changed or cut off; undefined: nothing. */
  auditProblem(): string | undefined {
    return this.#vault.read((reading) => logProblem(this.#vault, reading));
  }

  /**
   * Takes the oldest lines of the audit log away, up to the first that is not older than a moment. The rest is verified as before.
   *
   * Errors: `tampered` where the log is not whole.
   *
   * @param moment whole seconds since 1970
   * @returns how many lines went
   */
  pruneAudit(moment: bigint): bigint {
    const problem = this.auditProblem();
    if (problem !== undefined) throw new SecretsError('tampered', `${problem}: nothing of it is taken away`);
    const [last, start] = this.#vault.read((reading) => [lastLineBefore(reading, moment), reading.logStart().logged]);
    if (last === undefined) return 0n;
    this.#vault.change(
      (change) => change.pruneLog(last),
      () => this.#event('prune', { detail: `lines up to ${last}` }),
    );
    return last - start;
  }

  /** How many lines the log has ever had, and the code of the last one: kept elsewhere, it shows later that the log has only grown. */
  auditHead(): { readonly lines: bigint; readonly chain: string } {
    const { logged, chain } = this.#vault.read((reading) => reading.root());
    return { lines: logged, chain: hexOf(chain) };
  }

  /** Wipes what is open, and closes the records. Keys that guests hold stay usable; whatever else they ask of the store is an `internal_error`. */
  close(): void {
    this.#cache.clear();
    this.#vault.close();
  }

  [Symbol.dispose](): void {
    this.close();
  }

  #add(
    operation: AuditOperation,
    place: Pick<RecordPlace, 'tenant' | 'id'>,
    kind: RecordKind,
    algorithm: string,
    { key, expires = NEVER, exportable = false, keeper }: VersionRequest,
    add: (change: Change, version: NewVersion) => KeyRecord,
  ): void {
    requireDate(expires);
    if (typeof (exportable as unknown) !== 'boolean')
      throw new SecretsError('refused', '`exportable` is true or false');
    if (exportable && keeper !== undefined)
      throw new SecretsError('refused', `what ${keeper} keeps is never exported: leave out one of both`);
    const made = keeper === undefined ? undefined : this.#generated(keeper, kind, algorithm, key);
    const payload = made?.payload ?? payloadOf(kind, algorithm, key);
    const flags = (exportable ? RecordFlag.Exportable : 0) | (made === undefined ? 0 : RecordFlag.Elsewhere);
    try {
      this.#vault.change(
        (change) => add(change, { flags, created: this.#now(), expires, payload }),
        ({ version }) =>
          this.#event(operation, { tenant: place.tenant, id: hexOf(place.id), version: String(version) }),
      );
    } catch (error) {
      made?.undo(error);
      throw error;
    } finally {
      wipe(payload);
    }
  }

  #generated(name: string, kind: RecordKind, algorithm: string, key: GivenKey | undefined) {
    const keeper = new Keepers(this.#keepers, name).named(name);
    if (key !== undefined)
      throw new SecretsError('refused', `no key is put into ${name}, which makes its own: leave out one of both`);
    if (kind === 'secret' || !keeper.has(kind, algorithm))
      throw new SecretsError('refused', `${name} has no ${kind === 'secret' ? 'secrets' : `keys of ${algorithm}`}`);
    const reference = keeper.generate(kind, algorithm);
    return {
      payload: writeElsewhere({ keeper: name, reference }),
      undo: (error: unknown) => takeBack(keeper, reference, error),
    };
  }

  #each<T>(
    operation: AuditOperation,
    address: KeyAddress,
    versions: VersionRange,
    detail: string | undefined,
    work: (change: Change, chosen: readonly bigint[]) => T,
  ): T {
    return this.#vault.change(
      (change) => {
        const { head } = found(change, address);
        const chosen =
          versions === 'all'
            ? head.versions.map(({ version }) => version)
            : [versions === 'latest' ? head.latest : versions];
        const known = chosen.filter((each) => each !== undefined && head.has(each));
        if (known.length === 0 || known.length !== chosen.length)
          throw new SecretsError('not-found', `there is no version ${versions} of the key`);
        return work(change, known as readonly bigint[]);
      },
      () => {
        const { tenant } = address;
        return this.#event(operation, { tenant, id: hexOf(idOf(address)), version: String(versions), detail });
      },
    );
  }

  #event(operation: AuditOperation, facts: Partial<AuditEvent>): AuditEvent {
    return { at: Number(this.#now()), actor: 'owner', operation, ...facts };
  }

  #now(): bigint {
    return BigInt(Math.floor(this.#clock() / 1000));
  }
}

/**
 * Opens a store of keys, or makes one of an empty store. Several hosts of a process share it; other processes open the
 * same database on their own.
 *
 * Errors: `SecretsError`: `wrong-key`, `tampered`, `rolled-back`, `not-found` where there is none and none is to be made,
 * and what the key-encryption key and the records throw.
 */
export function openKeyStore(options: KeyStoreOptions): KeyStore {
  const { records, kek, create = true, cache = DEFAULT_CACHE, anchor, keepers = [], clock = Date.now } = options;
  const now = BigInt(Math.floor(clock() / 1000));
  return new KeyStore(Vault.open(records, kek, create, now, anchor), new KeyCache(cache), keepers, clock);
}

/** The identifier of a key that has a name: guests compute it, too. @param name 1 to 128 bytes of UTF-8 */
export function idOfName(name: string): Uint8Array {
  return createHash('sha256').update('wasi-crypto-key-name\0').update(name, 'utf8').digest();
}

function idOf(address: KeyAddress): Uint8Array {
  return 'id' in address ? bytesOf(address.id) : idOfName(address.name);
}

/** Errors: `not-found`. */
function found(reading: Pick<Change, 'identity'>, address: KeyAddress): Identity {
  const identity = reading.identity(address.tenant, idOf(address));
  if (identity !== undefined) return identity;
  const what = 'id' in address ? address.id : `of the name '${address.name}'`;
  throw new SecretsError('not-found', `the tenant '${address.tenant}' has no key ${what}`);
}

const versionKeys: readonly string[] = ['key', 'expires', 'exportable', 'keeper'] satisfies (keyof VersionRequest)[];

/** A caller may have no types, and a misspelt `keeper` would make another key than was meant. */
function requireKeys(method: string, request: object, known: readonly string[]): void {
  const unknown = Object.keys(request).find((each) => !known.includes(each));
  if (unknown !== undefined)
    throw new SecretsError('refused', `\`${method}\` knows no \`${unknown}\`, but ${known.join(', ')}`);
}

function requireDate(expires: bigint | undefined): void {
  if (expires === undefined) return;
  if (typeof (expires as unknown) !== 'bigint' || expires < 0n || expires > NEVER)
    throw new SecretsError('refused', 'a date is a bigint: whole seconds since 1970, from 0 to 2^64 - 1');
}

/** The next version of a key that a keeper has would not be as safe as the one before, and nobody would notice. */
function requireHere(reading: OpenReading, identity: Identity): void {
  const { latest } = identity.head;
  if (latest !== undefined && (reading.version(identity, latest).flags & RecordFlag.Elsewhere) !== 0)
    throw new SecretsError('refused', 'the latest version is with a keeper: name it, or give the key of the next one');
}

function isHexId(text: string): boolean {
  return /^[0-9a-f]{64}$/i.test(text);
}

function bytesOf(id: string): Uint8Array {
  if (!isHexId(id)) throw new SecretsError('not-found', `'${id}' is no identifier of 64 hexadecimal digits`);
  return Buffer.from(id, 'hex');
}

function requireText(what: string, text: string): void {
  if (text === '' || Buffer.byteLength(text) > 128 || /\p{Surrogate}/u.test(text))
    throw new SecretsError('refused', `a ${what} has 1 to 128 bytes of UTF-8`);
}

function summaryOf({ record, head }: Identity): KeySummary {
  const { tenant, id, kind, algorithm, created } = record;
  return {
    tenant,
    id: hexOf(id),
    name: head.name === '' ? undefined : head.name,
    kind,
    algorithm: algorithm === '' ? undefined : algorithm,
    created,
    latest: head.latest,
    versions: head.versions.length,
  };
}

function detailsOf({ version, created, expires, flags }: KeyRecord, now: bigint): VersionDetails {
  return {
    version,
    created,
    expires: expires === NEVER ? undefined : expires,
    expired: now > expires,
    exportable: (flags & RecordFlag.Exportable) !== 0,
    elsewhere: (flags & RecordFlag.Elsewhere) !== 0,
  };
}
