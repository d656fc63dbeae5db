/** Hosts with a store of keys, as tests need them. */
import type { SecretsOptions, WasiCryptoOptions } from '../../../runtime/index.js';
import {
  keyFromCallback,
  type KeyStore,
  type KeyStoreOptions,
  memoryStore,
  openKeyStore,
  type RecordStore,
} from '../../../runtime/keys.js';
import { Guest } from '../../guest/guest.js';
import { Managed } from '../../guest/managed.js';

/** A key-encryption key of one repeated byte. */
export function testKek(byte = 7) {
  return keyFromCallback(`a key of ${byte}s`, () => new Uint8Array(32).fill(byte));
}

export function newStore(records: RecordStore = memoryStore(), options: Partial<KeyStoreOptions> = {}): KeyStore {
  return openKeyStore({ records, kek: testKek(), ...options });
}

export interface Setup extends Partial<Omit<SecretsOptions, 'store'>> {
  readonly store?: KeyStore;
  /** Whole seconds since 1970. */
  readonly clock?: { now: number };
  readonly host?: WasiCryptoOptions;
}

export interface Made {
  readonly managed: Managed;
  readonly manager: number;
  readonly errors: unknown[];
}

/** A guest with an open secrets manager. */
export function managedGuest({ store = newStore(), clock, host, ...secrets }: Setup = {}): Made {
  const errors: unknown[] = [];
  const guest = new Guest({
    clock: clock === undefined ? undefined : () => clock.now * 1000,
    onError: (error) => void errors.push(error),
    ...host,
    secrets: { store, tenant: 'test', ...secrets },
  });
  const managed = new Managed(guest);
  return { managed, manager: managed.open(), errors };
}

/** The codes of what a host has told its owner. */
export function codesOf(errors: readonly unknown[]): readonly unknown[] {
  return errors.map((each) => (each instanceof Error && 'code' in each ? each.code : each));
}
