/** A store of keys that is open: what hosts are given, and what its owner works with. */
import { KeyCache } from './cache.js';
import type { KeyKeeper } from './keeper.js';
import type { KeyEncryptionKey } from './key-encryption.js';
import type { RecordStore } from './store.js';
import { Keepers, type Quota, Tenant } from './tenant.js';
import { type Anchor, Vault } from './vault.js';

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

export class KeyStore {
  readonly #vault: Vault;
  readonly #cache: KeyCache;
  readonly #keepers: readonly KeyKeeper[];

  /** Use `openKeyStore`. */
  constructor(vault: Vault, cache: KeyCache, keepers: readonly KeyKeeper[]) {
    this.#vault = vault;
    this.#cache = cache;
    this.#keepers = keepers;
  }

  /** What it is and where, for messages. */
  get description(): string {
    return this.#vault.records.description;
  }

  /** The keys of a tenant, for guests: `createWasiCrypto` asks. Makes nothing in the store. Errors: `SecretsError` (`refused`). */
  tenant(name: string, { quota, keyLifetime, keeper }: TenantOptions): Tenant {
    const keepers = new Keepers(this.#keepers, keeper);
    return new Tenant(this.#vault, this.#cache, name, { actor: 'guest', quota, keyLifetime, keepers });
  }

  /** Wipes what is open, and closes the records. Keys that guests hold stay usable; whatever else they ask of the store is an `internal_error`. */
  close(): void {
    this.#cache.clear();
    this.#vault.close();
  }

  [Symbol.dispose](): void {
    this.close();
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
  return new KeyStore(Vault.open(records, kek, create, now, anchor), new KeyCache(cache), keepers);
}
