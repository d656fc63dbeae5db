/** Keys that outlive guests: stores, and what opens them. `createWasiCrypto({ secrets: { store, tenant } })` takes one. */
export { openKeyStore, type KeyStore, type KeyStoreOptions } from './secrets/key-store.js';
export {
  createKeyFile,
  keyFromCallback,
  keyFromEnvironment,
  keyFromFile,
  type KeyEncryptionKey,
} from './secrets/key-encryption.js';
export type { KeptPair, KeyKeeper, KeyKind } from './secrets/keeper.js';
export { memoryStore } from './secrets/memory-store.js';
export * from './secrets/store.js';
export type { Quota } from './secrets/tenant.js';
export type { Anchor } from './secrets/vault.js';
