/** Versions that were opened lately, so that a guest which gets its key for each signature pays for opening it once. */
import { wipe } from '../bytes.js';
import type { KeyRecord } from './store.js';

/** What is made of a key once, such as OpenSSL's form of it. Its users count themselves. */
export interface Made {
  retain(): this;
  release(): void;
}

/** A version whose record was opened. */
export class OpenKey {
  readonly record: KeyRecord;
  /** Read it during the call only. */
  readonly payload: Uint8Array;
  #owner: object | undefined;
  #made: Made | undefined;

  /** @param payload becomes this object's own */
  constructor(record: KeyRecord, payload: Uint8Array) {
    this.record = record;
    this.payload = payload;
  }

  /**
   * What is made of the payload, which stays as long as the key is in the cache.
   *
   * @param owner for which it is made: another one gets another
   * @returns a reference of the caller's own
   */
  made<M extends Made>(owner: object, make: (payload: Uint8Array) => M): M {
    if (this.#owner !== owner) {
      const made = make(this.payload);
      this.#made?.release();
      this.#made = made;
      this.#owner = owner;
    }
    return (this.#made as M).retain();
  }

  wipe(): void {
    wipe(this.payload);
    this.#made?.release();
    this.#made = undefined;
    this.#owner = undefined;
  }
}

/** Of all tenants. Least used first to go; what goes is wiped. */
export class KeyCache {
  readonly #limit: number;
  readonly #keys = new Map<string, OpenKey>();
  #changes: number | undefined;

  /** @param limit how many versions; 0: none is kept */
  constructor(limit: number) {
    this.#limit = limit;
  }

  /** Forgets everything unless the store is as it was. Ask the store before anything is read from it. */
  keepIf(changes: number): boolean {
    if (changes === this.#changes) return true;
    this.clear();
    this.#changes = changes;
    return false;
  }

  get(name: string): OpenKey | undefined {
    const key = this.#keys.get(name);
    if (key === undefined) return undefined;
    // The last in a `Map` is the one that was set last.
    this.#keys.delete(name);
    this.#keys.set(name, key);
    return key;
  }

  /** Whether it is kept: if not, the caller wipes it. */
  put(name: string, key: OpenKey): boolean {
    if (this.#limit === 0) return false;
    if (this.#keys.size >= this.#limit) {
      const [oldest] = this.#keys.keys();
      if (oldest !== undefined) this.#drop(oldest);
    }
    this.#keys.set(name, key);
    return true;
  }

  clear(): void {
    for (const key of this.#keys.values()) key.wipe();
    this.#keys.clear();
    this.#changes = undefined;
  }

  #drop(name: string): void {
    this.#keys.get(name)?.wipe();
    this.#keys.delete(name);
  }
}
