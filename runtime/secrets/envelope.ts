/**
 * How records are sealed: envelope encryption.
 *
 * A store has one data key of 32 random bytes, which lies in it wrapped by a key-encryption key of the owner's
 * (`key-encryption.ts`): changing that wraps the data key anew and touches no record. From the data key follows a key for
 * each purpose, and for each record and setting one of its own, by the key derivation in counter mode of SP 800-108r1
 * (4.1) with HMAC-SHA-256. A record is sealed by AES-256-GCM (SP 800-38D) under its key and a random nonce of 96 bits,
 * with everything that stands beside it in clear as associated data. A key so sees only the few versions of one record,
 * and no record opens in another's place, or with another fact.
 *
 * That an older version of a record was put back is found by its head, which holds the tag of each (`head.ts`); that a head was, by the
 * tree of all heads (`seal-tree.ts`).
 */
import {
  createCipheriv,
  createDecipheriv,
  createHmac,
  createSecretKey,
  randomFillSync,
  type KeyObject,
} from 'node:crypto';
import { newBytes } from '../blocks.js';
import { concat, copyOf, part, wipe } from '../bytes.js';
import { fields } from './fields.js';
import { SecretsError, type KeyRecord, type RecordFacts } from './store.js';

export const DATA_KEY_BYTES = 32;
export const STORE_ID_BYTES = 16;
const NONCE_BYTES = 12;
export const TAG_BYTES = 16;
/** In what is derived and authenticated: a later format has another (`data-key.ts`). */
const FORMAT = 'wasi-crypto-gen store 2';

export class Envelope {
  readonly #storeId: Uint8Array;
  #dataKey: KeyObject | undefined;

  /**
   * @param storeId of `STORE_ID_BYTES`: two stores never open each other's records
   * @param dataKey of `DATA_KEY_BYTES`; copied, and the caller wipes its own
   */
  constructor(storeId: Uint8Array, dataKey: Uint8Array) {
    this.#storeId = copyOf(storeId);
    this.#dataKey = createSecretKey(dataKey);
  }

  /** @param payload as it is now; the caller wipes it */
  sealRecord(facts: RecordFacts, payload: Uint8Array): KeyRecord {
    return { ...facts, wrapped: this.#seal(recordKey(facts), associated(facts), payload) };
  }

  /** New bytes, which the caller wipes. Errors: `SecretsError` (`tampered`). */
  openRecord(record: KeyRecord): Uint8Array {
    return this.#open(recordKey(record), associated(record), record.wrapped, () => placeOf(record));
  }

  sealSetting(name: string, value: Uint8Array): Uint8Array {
    return this.#seal(['setting', name], fields(name), value);
  }

  /** New bytes. Errors: `SecretsError` (`tampered`). */
  openSetting(name: string, sealed: Uint8Array): Uint8Array {
    return this.#open(['setting', name], fields(name), sealed, () => `the setting ${name}`);
  }

  /** HMAC-SHA-256 under a key for this purpose alone. */
  code(purpose: string, message: Uint8Array): Uint8Array {
    const key = this.#derive('code', purpose);
    try {
      return createHmac('sha256', key).update(message).digest();
    } finally {
      wipe(key);
    }
  }

  /**
   * Seals what is kept elsewhere: under a key of its own each time, so that any number of messages is safe. Random.
   *
   * @param purpose what does not open under another
   */
  sealOutside(purpose: string, payload: Uint8Array): Uint8Array {
    const salt = newBytes(DATA_KEY_BYTES);
    randomFillSync(salt);
    return concat(salt, this.#seal(['outside', purpose, salt], fields(purpose), payload));
  }

  /** New bytes, which the caller wipes; undefined: not sealed by `sealOutside` of this store for this purpose, or changed. */
  openOutside(purpose: string, sealed: Uint8Array): Uint8Array | undefined {
    if (sealed.length < DATA_KEY_BYTES) return undefined;
    const salt = part(sealed, 0, DATA_KEY_BYTES);
    return this.#opened(['outside', purpose, salt], fields(purpose), part(sealed, DATA_KEY_BYTES, sealed.length));
  }

  /** The data key's only other copy is OpenSSL's, which goes when it is collected. */
  close(): void {
    this.#dataKey = undefined;
  }

  #open(key: KeyName, facts: Uint8Array, sealed: Uint8Array, place: () => string): Uint8Array {
    const opened = this.#opened(key, facts, sealed);
    if (opened === undefined)
      throw new SecretsError('tampered', `${place()} was changed, or was not written by this store: it does not open`);
    return opened;
  }

  #seal(name: KeyName, facts: Uint8Array, payload: Uint8Array): Uint8Array {
    const key = this.#derive(...name);
    const sealed = newBytes(NONCE_BYTES + payload.length + TAG_BYTES);
    const nonce = part(sealed, 0, NONCE_BYTES);
    randomFillSync(nonce);
    try {
      const cipher = createCipheriv('aes-256-gcm', key, nonce);
      cipher.setAAD(facts);
      sealed.set(cipher.update(payload), NONCE_BYTES);
      cipher.final();
      sealed.set(cipher.getAuthTag(), NONCE_BYTES + payload.length);
      return sealed;
    } finally {
      wipe(key);
    }
  }

  #opened(name: KeyName, facts: Uint8Array, sealed: Uint8Array): Uint8Array | undefined {
    if (sealed.length < NONCE_BYTES + TAG_BYTES) return undefined;
    const key = this.#derive(...name);
    const end = sealed.length - TAG_BYTES;
    const decipher = createDecipheriv('aes-256-gcm', key, part(sealed, 0, NONCE_BYTES), { authTagLength: TAG_BYTES });
    wipe(key);
    decipher.setAAD(facts);
    decipher.setAuthTag(part(sealed, end, sealed.length));
    const payload = decipher.update(part(sealed, NONCE_BYTES, end));
    try {
      decipher.final();
      return copyOf(payload);
    } catch {
      // OpenSSL has one reason: the tag does not fit.
      return undefined;
    } finally {
      wipe(payload);
    }
  }

  /** SP 800-108r1, 4.1: one block of the counter mode. */
  #derive(...name: KeyName): Uint8Array {
    if (this.#dataKey === undefined) throw new SecretsError('unavailable', 'the key store is closed');
    const input = concat(ONE, fields(FORMAT), ZERO, fields(this.#storeId, ...name), LENGTH);
    return createHmac('sha256', this.#dataKey).update(input).digest();
  }
}

/** What a key is for, and for which record. */
type KeyName = readonly [purpose: string, ...of: readonly (string | Uint8Array | bigint)[]];

const ONE = Uint8Array.of(0, 0, 0, 1);
const ZERO = Uint8Array.of(0);
/** Of the derived key, in bits. */
const LENGTH = Uint8Array.of(0, 0, 1, 0);

function recordKey({ tenant, id, version }: RecordFacts): KeyName {
  return ['record', tenant, id, version];
}

function associated(facts: RecordFacts): Uint8Array {
  const { tenant, id, version, kind, algorithm, flags, created, expires, state } = facts;
  return fields(tenant, id, version, kind, algorithm, BigInt(flags), created, expires, state);
}

/** For messages: nothing in it is secret. */
export function placeOf({ tenant, id, version }: Pick<RecordFacts, 'tenant' | 'id' | 'version'>): string {
  return `${Buffer.from(id).toString('hex')} version ${version} of the tenant '${tenant}'`;
}

/** What tells a sealed record from every other one: the tag of its encryption. */
export function sealOf({ wrapped }: Pick<KeyRecord, 'wrapped'>): Uint8Array {
  return wrapped.subarray(Math.max(0, wrapped.length - TAG_BYTES));
}
