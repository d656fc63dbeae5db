/**
 * The data key of a store: it lies there wrapped by a key-encryption key (`key-encryption.ts`), behind the number of the format in
 * which everything else was written.
 */
import { randomFillSync } from 'node:crypto';
import { newBytes } from '../blocks.js';
import { copyOf, wipe } from '../bytes.js';
import { chained } from './audit.js';
import { DATA_KEY_BYTES, Envelope, STORE_ID_BYTES } from './envelope.js';
import { FieldReader, fields } from './fields.js';
import type { KeyEncryptionKey } from './key-encryption.js';
import { emptyRoot, writeRoot } from './root.js';
import { SecretsError, type RecordStore } from './store.js';

export const Setting = { DataKey: 'data key', Root: 'root' } as const;

export interface DataKey {
  readonly storeId: Uint8Array;
  /** The caller wipes it. */
  readonly dataKey: Uint8Array;
}

/**
 * Rises with each change of what is written; records are sealed under it, too (`envelope.ts`). 2: there is a tree of all heads, and one of
 * all totals.
 */
const FORMAT = 2n;
/** Nothing that is greater was ever a format. */
const GREATEST_FORMAT = 0xffffn;

/** Whether `openKeyStore` has made these records a key store. Errors: `SecretsError`. */
export function isKeyStore(records: RecordStore): boolean {
  return records.read((reading) => reading.setting(Setting.DataKey)) !== undefined;
}

/** Of a store that is there, or of a new one. Errors: `SecretsError`. @param create whether an empty store becomes one */
export function dataKeyOf(records: RecordStore, kek: KeyEncryptionKey, create: boolean, now: bigint): DataKey {
  const found = records.read((reading) => reading.setting(Setting.DataKey));
  if (found !== undefined) return unwrapped(found, kek);
  if (!create) throw new SecretsError('not-found', `there is no key store in ${records.description}`);
  return made(records, kek, now);
}

/** Two processes may make the same store at once: the second finds what the first has made. */
function made(records: RecordStore, kek: KeyEncryptionKey, now: bigint): DataKey {
  const storeId = random(STORE_ID_BYTES);
  const dataKey = random(DATA_KEY_BYTES);
  const wrappedKey = wrapped(kek, { storeId, dataKey });
  const envelope = new Envelope(storeId, dataKey);
  const found = records.write((writing) => {
    const other = writing.setting(Setting.DataKey);
    if (other !== undefined) return other;
    writing.putSetting(Setting.DataKey, wrappedKey);
    const event = { at: Number(now), actor: 'owner', operation: 'create', result: 'done' } as const;
    const { entry, root } = chained(envelope, emptyRoot(), event);
    writing.append(entry);
    writing.putSetting(Setting.Root, envelope.sealSetting(Setting.Root, writeRoot({ ...root, changes: 1n })));
    return undefined;
  });
  envelope.close();
  if (found === undefined) return { storeId, dataKey };
  wipe(dataKey);
  return unwrapped(found, kek);
}

/** What the key is called is a hint for messages: nothing vouches for it. */
export function wrapped(kek: KeyEncryptionKey, { storeId, dataKey }: DataKey): Uint8Array {
  return fields(FORMAT, storeId, kek.description, kek.wrap(dataKey, storeId));
}

/** Errors: `SecretsError` (`older`, `newer`, `tampered`, `wrong-key`). */
export function unwrapped(setting: Uint8Array, kek: KeyEncryptionKey): DataKey {
  let storeId: Uint8Array;
  let by: string;
  let wrappedKey: Uint8Array;
  try {
    const reader = new FieldReader(setting);
    requireFormat(reader.number());
    storeId = copyOf(reader.bytes());
    by = reader.text();
    wrappedKey = reader.bytes();
    reader.end();
  } catch (error) {
    if (error instanceof SecretsError) throw error;
    throw new SecretsError('tampered', 'the wrapped data key was changed', { cause: error });
  }
  const dataKey = kek.unwrap(wrappedKey, storeId);
  if (dataKey?.length !== DATA_KEY_BYTES)
    throw new SecretsError(
      'wrong-key',
      `${kek.description} does not open the store: it was wrapped by ${by}, or was changed`,
    );
  return { storeId, dataKey };
}

function requireFormat(number: bigint): void {
  // Format 1 had no number: it began with the length of the store's identifier.
  const format = number >> 32n === BigInt(STORE_ID_BYTES) ? 1n : number;
  if (format === FORMAT) return;
  if (format === 0n || format > GREATEST_FORMAT) throw new SecretsError('tampered', 'the wrapped data key was changed');
  const [code, remedy] =
    format > FORMAT
      ? (['newer', 'update it'] as const)
      : (['older', 'open it with the version that made it, and provision its keys in a new store'] as const);
  throw new SecretsError(code, `the store has format ${format}, this package knows ${FORMAT}: ${remedy}`);
}

export function random(length: number): Uint8Array<ArrayBuffer> {
  const bytes = newBytes(length);
  randomFillSync(bytes);
  return bytes;
}
