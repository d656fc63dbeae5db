/**
 * Keys that outlive guests: stores, and what opens them. `createWasiCrypto({ secrets: { store, tenant } })` takes one.
 *
 * @module wasi-crypto-runtime/keys
 */
export type { KeypairEncoding } from './contracts/vocabulary.js';
export type { Actor, AuditLine, AuditOperation } from './secrets/audit.js';
export { isKeyStore } from './secrets/data-key.js';
export { openKeyStore, type KeyStore, type KeyStoreOptions, type TenantOptions } from './secrets/key-store.js';
export {
  idOfName,
  type DamagedKey,
  type KeyAddress,
  type KeyDetails,
  type KeySummary,
  type ListRequest,
  type ProvisionRequest,
  type VersionDetails,
  type VersionRange,
  type VersionRequest,
} from './secrets/requests.js';
export {
  createKeyFile,
  keyFromCallback,
  keyFromEnvironment,
  keyFromFile,
  type KeyEncryptionKey,
} from './secrets/key-encryption.js';
export type { Charge, KeptPair, KeyKeeper, KeyKind } from './secrets/keeper.js';
export { memoryStore } from './secrets/memory-store.js';
export { type Hsm, type HsmOptions, openHsm } from './secrets/pkcs11/hsm.js';
export { postgresStore, type PostgresOptions } from './secrets/postgres/engine.js';
export { sqliteStore, type SqliteOptions } from './secrets/sqlite.js';
export { sqlStore, type SqlDialect, type SqlEngine, type SqlRow, type SqlValue } from './secrets/sql-store.js';
export * from './secrets/store.js';
export type { GivenKey } from './secrets/payloads.js';
export type { Quota } from './secrets/tenant.js';
export type { Anchor } from './secrets/vault.js';
export type { AuditHead, VerifyReport } from './secrets/walk.js';
