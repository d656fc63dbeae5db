/** A store of keys that is open: what hosts are given, and what its owner works with. */
import { wipe } from '../bytes.js';
import type { KeypairEncoding } from '../contracts/vocabulary.js';
import type { AuditEvent, AuditLine, AuditOperation } from './audit.js';
import { KeyCache } from './cache.js';
import { random } from './data-key.js';
import { type KeyKeeper, takeBack, writeElsewhere } from './keeper.js';
import type { KeyEncryptionKey } from './key-encryption.js';
import { algorithmOf, exportedPayload, type GivenKey, payloadOf } from './payloads.js';
import {
  bytesOf,
  type DamagedKey,
  detailsOf,
  found,
  idOf,
  idOfName,
  isHexId,
  type KeyAddress,
  type KeyDetails,
  type KeySummary,
  type ListRequest,
  type ProvisionRequest,
  requireDate,
  requireHere,
  requireKeys,
  requireLimit,
  requireText,
  summaryOf,
  type VersionRange,
  type VersionRequest,
  versionKeys,
} from './requests.js';
import {
  NEVER,
  RecordFlag,
  SecretsError,
  type KeyRecord,
  type RecordKind,
  type RecordPlace,
  type RecordStore,
  type SecretsErrorCode,
} from './store.js';
import { hexOf, ID_BYTES, Keepers, type Quota, Tenant } from './tenant.js';
import { type Change, type NewVersion, untampered } from './transactions.js';
import { type Anchor, Vault } from './vault.js';
import { type AuditHead, lastLineBefore, logProblem, readLog, type VerifyReport, verifyStore } from './walk.js';

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

const DEFAULT_CACHE = 1024;
/** Of what was judged, and not done: it is a line of the log. What the store could not do is none, as it could not write that either. */
const refusals: readonly SecretsErrorCode[] = ['refused', 'exists', 'not-found', 'wrong-key', 'tampered'];

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

  /** A page of identifiers, in the order of tenants' and identifiers' bytes; those that do not open stand between the others. */
  list({ tenant, after, limit = 100 }: ListRequest = {}): readonly (KeySummary | DamagedKey)[] {
    requireLimit(limit);
    const place: RecordPlace | undefined =
      after === undefined ? undefined : { tenant: after.tenant, id: bytesOf(after.id), version: 0n };
    return this.#vault.read((reading) =>
      reading.raw.list({ tenant, heads: true, after: place, limit }).map((record) => {
        try {
          return summaryOf(reading.opened(record));
        } catch (error) {
          if (!(error instanceof SecretsError && error.code === 'tampered')) throw error;
          return { tenant: record.tenant, id: hexOf(record.id), problem: error.message };
        }
      }),
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
    const [id = ''] = this.provisionAll([request]);
    return this.show({ tenant: request.tenant, id });
  }

  /**
   * Stores many, all or none: a durable change takes much longer than a key, and this is one.
   *
   * Errors: as `provision`.
   *
   * @param requests best some hundreds at a time
   * @returns their identifiers, in hexadecimal digits
   */
  provisionAll(requests: readonly ProvisionRequest[]): readonly string[] {
    const additions = requests.map((request): Addition => {
      requireKeys('provision', request, [...versionKeys, 'tenant', 'name', 'algorithm']);
      const { tenant, name = '' } = request;
      requireText('tenant', tenant);
      if (name !== '') requireText('name', name);
      if (isHexId(name))
        throw new SecretsError('refused', 'a name of 64 hexadecimal digits would be taken for an identifier');
      const { kind, algorithm } =
        request.algorithm === 'secret' ? { kind: 'secret' as const, algorithm: '' } : algorithmOf(request.algorithm);
      const id = name === '' ? random(ID_BYTES) : idOfName(name);
      return {
        place: { tenant, id },
        kind,
        algorithm,
        request,
        add: (change, version) => addNamed(change, { tenant, id, kind, algorithm }, name, version),
      };
    });
    if (additions.length > 0) this.#add('provision', additions);
    return additions.map(({ place }) => hexOf(place.id));
  }

  /** Adds a version. Errors: `not-found`, `refused`. */
  rotate(address: KeyAddress, request: VersionRequest = {}): KeyDetails {
    requireKeys('rotate', request, versionKeys);
    const { record } = this.#vault.read((reading) => {
      const identity = found(reading, address);
      if (request.key === undefined && request.keeper === undefined) requireHere(reading, identity);
      return identity;
    });
    const add = (change: Change, version: NewVersion): KeyRecord => change.append(found(change, address), version);
    this.#add('rotate', [{ place: record, kind: record.kind, algorithm: record.algorithm, request, add }]);
    return this.show(address);
  }

  /** Sets the last second in which versions may be used, since 1970; undefined: there is none. Errors: `not-found`. */
  expire(address: KeyAddress, versions: VersionRange, expires: bigint | undefined): void {
    requireDate(expires);
    this.#each('expire', address, versions, expires === undefined ? 'never' : String(expires), (change, chosen) => {
      for (const version of chosen) change.redate(found(change, address), version, expires ?? NEVER);
    });
  }

  /**
   * Takes versions away for good, whether or not they open; it cannot be undone. Of a key whose head does not open `all` can be taken.
   *
   * Errors: `not-found`, `tampered`.
   */
  invalidate(address: KeyAddress, versions: VersionRange): void {
    const keepers = new Keepers(this.#keepers, undefined);
    const removed = this.#each(
      'invalidate',
      address,
      versions,
      undefined,
      (change, chosen) => keepers.all(change.remove(found(change, address), chosen)),
      (change) => {
        const name = 'name' in address ? address.name : '';
        return keepers.all(change.discard(address.tenant, idOf(address), name, this.#now()));
      },
    );
    keepers.remove(removed);
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
    const event = this.#event('rewrap', { detail: to.description });
    this.#judged(
      () => event,
      () => this.#vault.rewrap(from, to, event),
    );
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
    requireLimit(limit);
    return this.#vault.read((reading) => readLog(reading, after, limit));
  }

  /**
   * What is wrong with the log: a line that was removed, changed or cut off; undefined: nothing.
   *
   * @param kept what `auditHead` gave earlier: whether the log still has that line, as it was
   */
  auditProblem(kept?: AuditHead): string | undefined {
    return this.#vault.read((reading) => logProblem(this.#vault, reading, kept));
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
  auditHead(): AuditHead {
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

  #add(operation: AuditOperation, additions: readonly Addition[]): void {
    const made: Prepared[] = [];
    /** Of the one that is refused, if one is. */
    let event = this.#event(operation, {});
    try {
      this.#judged(
        () => event,
        () => {
          for (const { place, kind, algorithm, request } of additions) {
            event = this.#event(operation, { tenant: place.tenant, id: hexOf(place.id) });
            made.push(this.#prepared(kind, algorithm, request));
          }
          this.#vault.change(
            (change) =>
              additions.map(({ place, add }, index) => {
                event = this.#event(operation, { tenant: place.tenant, id: hexOf(place.id) });
                return { ...event, version: String(add(change, (made[index] as Prepared).version).version) };
              }),
            (events) => events,
            true,
          );
        },
      );
    } catch (error) {
      for (const { undo } of made) undo(error);
      throw error;
    } finally {
      for (const { version } of made) wipe(version.payload);
    }
  }

  #prepared(
    kind: RecordKind,
    algorithm: string,
    { key, expires = NEVER, exportable = false, keeper }: VersionRequest,
  ): Prepared {
    requireDate(expires);
    if (typeof (exportable as unknown) !== 'boolean')
      throw new SecretsError('refused', '`exportable` is true or false');
    if (exportable && keeper !== undefined)
      throw new SecretsError('refused', `what ${keeper} keeps is never exported: leave out one of both`);
    const { payload, undo } =
      keeper === undefined
        ? { payload: payloadOf(kind, algorithm, key), undo: () => undefined }
        : this.#generated(keeper, kind, algorithm, key);
    const flags = (exportable ? RecordFlag.Exportable : 0) | (keeper === undefined ? 0 : RecordFlag.Elsewhere);
    return { version: { flags, created: this.#now(), expires, payload }, undo };
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

  /** @param lost in place of `work`, where all versions are meant of a key whose head does not open */
  #each<T>(
    operation: AuditOperation,
    address: KeyAddress,
    versions: VersionRange,
    detail: string | undefined,
    work: (change: Change, chosen: readonly bigint[]) => T,
    lost?: (change: Change) => T,
  ): T {
    const { tenant } = address;
    const id = idOf(address);
    const event = this.#event(operation, { tenant, id: hexOf(id), version: String(versions), detail });
    const run = (change: Change): T => {
      const canBeLost = lost !== undefined && versions === 'all';
      const identity = canBeLost ? untampered(() => found(change, address)) : found(change, address);
      if (identity === undefined) return (lost as (change: Change) => T)(change);
      const { head } = identity;
      const chosen =
        versions === 'all'
          ? head.versions.map(({ version }) => version)
          : [versions === 'latest' ? head.latest : versions];
      const known = chosen.filter((each) => each !== undefined && head.has(each));
      if (known.length === 0 || known.length !== chosen.length)
        throw new SecretsError('not-found', `there is no version ${versions} of the key`);
      return work(change, known as readonly bigint[]);
    };
    return this.#judged(
      () => event,
      () => this.#vault.change(run, () => event, true),
    );
  }

  /** What is refused is a line of the log, too. */
  #judged<T>(event: () => AuditEvent, run: () => T): T {
    try {
      return run();
    } catch (error) {
      if (!(error instanceof SecretsError) || !refusals.includes(error.code)) throw error;
      try {
        this.#vault.change(
          () => undefined,
          () => ({ ...event(), result: error.code }),
        );
      } catch (unwritten) {
        throw new SecretsError(error.code, error.message, { cause: unwritten });
      }
      throw error;
    }
  }

  #event(operation: AuditOperation, facts: Partial<AuditEvent>): AuditEvent {
    return { at: Number(this.#now()), actor: 'owner', operation, result: 'done', ...facts };
  }

  #now(): bigint {
    return BigInt(Math.floor(this.#clock() / 1000));
  }
}

/** A version to be added. */
interface Addition {
  readonly place: Pick<RecordPlace, 'tenant' | 'id'>;
  readonly kind: RecordKind;
  readonly algorithm: string;
  readonly request: VersionRequest;
  readonly add: (change: Change, version: NewVersion) => KeyRecord;
}

interface Prepared {
  readonly version: NewVersion;
  /** Takes back what was made elsewhere. */
  readonly undo: (error: unknown) => void;
}

function addNamed(
  change: Change,
  facts: Pick<KeyRecord, 'tenant' | 'id' | 'kind' | 'algorithm'>,
  name: string,
  version: NewVersion,
): KeyRecord {
  const { tenant, id, kind, algorithm } = facts;
  const identity = name === '' ? undefined : change.identity(tenant, id);
  if (identity === undefined) return change.insert(facts, name, version);
  const { head, record } = identity;
  if (head.latest !== undefined)
    throw new SecretsError('exists', `the tenant '${tenant}' has a key of the name '${name}': rotate it`);
  if ((record.flags & RecordFlag.Lost) !== 0) return change.appendLost(identity, facts, name, version);
  if (record.kind !== kind || record.algorithm !== algorithm)
    throw new SecretsError('exists', `the name '${name}' was one of ${record.algorithm || 'a secret'}`);
  return change.append(identity, version);
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
