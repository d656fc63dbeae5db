/** Typed functions for managed keys and external secrets. They throw `CallFailed`. */
import { Version } from '../../generated/0.10/typescript-host/types.js';
import { typeOf } from '../registry.js';
import { Asymmetric } from './asymmetric.js';
import type { Common } from './common.js';
import type { Guest } from './guest.js';
import { Symmetric } from './symmetric.js';

/** Both kinds of keys have the same functions under other names. */
export interface ManagedKeys {
  generate(manager: number, algorithm: string, options?: number): number;
  store(manager: number, key: number, room?: number): Uint8Array;
  replace(manager: number, old: number, made: number): bigint;
  id(key: number, room?: number): readonly [Uint8Array, bigint];
  fromId(manager: number, id: Uint8Array, version?: bigint): number;
}

export class Managed {
  readonly guest: Guest;
  readonly asymmetric: Asymmetric;
  readonly symmetric: Symmetric;
  readonly common: Common;
  readonly pairs: ManagedKeys;
  readonly keys: ManagedKeys;

  constructor(guest: Guest) {
    this.guest = guest;
    this.asymmetric = new Asymmetric(guest);
    this.symmetric = new Symmetric(guest);
    this.common = this.asymmetric.common;
    this.pairs = managedKeys(guest, 'keypair', (algorithm) => [typeOf(algorithm)]);
    this.keys = managedKeys(guest, 'symmetric_key', () => []);
  }

  open(options?: number): number {
    const { guest } = this;
    return guest.scoped(() => guest.callForU32('secrets_manager_open', guest.optional(options)));
  }

  close(manager: number): void {
    this.guest.call('secrets_manager_close', manager);
  }

  invalidate(manager: number, id: Uint8Array, version: bigint): void {
    const { guest } = this;
    guest.scoped(() => guest.call('secrets_manager_invalidate', manager, guest.put(id), id.length, version));
  }

  secretStore(manager: number, secret: Uint8Array, expires: bigint, room = 32): Uint8Array {
    const { guest } = this;
    return guest.scoped(() => {
      const id = guest.alloc(room);
      guest.call('external_secret_store', manager, guest.put(secret), secret.length, expires, id, room);
      return guest.read(id, room);
    });
  }

  secretReplace(manager: number, secret: Uint8Array, expires: bigint, id: Uint8Array): bigint {
    const { guest } = this;
    return guest.scoped(() => {
      const version = guest.alloc(8);
      const given = [guest.put(secret), secret.length, expires, guest.put(id), id.length];
      guest.call('external_secret_replace', manager, ...given, version);
      return guest.u64(version);
    });
  }

  secretFromId(manager: number, id: Uint8Array, version: bigint = Version.Latest): Uint8Array {
    const { guest } = this;
    return this.common.drain(
      guest.scoped(() => guest.callForU32('external_secret_from_id', manager, guest.put(id), id.length, version)),
    );
  }

  secretInvalidate(manager: number, id: Uint8Array, version: bigint): void {
    const { guest } = this;
    guest.scoped(() => guest.call('external_secret_invalidate', manager, guest.put(id), id.length, version));
  }

  encapsulate(manager: number, secret: Uint8Array, expires: bigint): Uint8Array {
    const { guest } = this;
    return this.common.drain(
      guest.scoped(() =>
        guest.callForU32('external_secret_encapsulate', manager, guest.put(secret), secret.length, expires),
      ),
    );
  }

  decapsulate(manager: number, sealed: Uint8Array): Uint8Array {
    const { guest } = this;
    return this.common.drain(
      guest.scoped(() => guest.callForU32('external_secret_decapsulate', manager, guest.put(sealed), sealed.length)),
    );
  }
}

function managedKeys(guest: Guest, kind: string, typesOf: (algorithm: string) => readonly number[]): ManagedKeys {
  return {
    generate: (manager, algorithm, options) =>
      guest.scoped(() => {
        const given = [...typesOf(algorithm), ...guest.text(algorithm), guest.optional(options)];
        return guest.callForU32(`${kind}_generate_managed`, manager, ...given);
      }),

    store: (manager, key, room = 32) =>
      guest.scoped(() => {
        const id = guest.alloc(room);
        guest.call(`${kind}_store_managed`, manager, key, id, room);
        return guest.read(id, room);
      }),

    replace: (manager, old, made) =>
      guest.scoped(() => {
        const version = guest.alloc(8);
        guest.call(`${kind}_replace_managed`, manager, old, made, version);
        return guest.u64(version);
      }),

    id: (key, room = 32) =>
      guest.scoped(() => {
        const [id, size, version] = [guest.alloc(room), guest.alloc(4), guest.alloc(8)];
        guest.call(`${kind}_id`, key, id, room, size, version);
        return [guest.read(id, guest.u32(size)), guest.u64(version)];
      }),

    fromId: (manager, id, version = Version.Latest) =>
      guest.scoped(() => guest.callForU32(`${kind}_from_id`, manager, guest.put(id), id.length, version)),
  };
}
