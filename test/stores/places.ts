/** Where a store is, as it crosses to other processes. */
import { postgresStore, sqliteStore, type RecordStore, type SqliteOptions } from '../../runtime/keys.js';

export type StorePlace =
  | { readonly file: string; readonly engine?: SqliteOptions['engine'] }
  | { readonly url: string; readonly schema: string };

/** Many may write there at once. */
const PATIENCE = 60_000;

export function recordsAt(place: StorePlace): RecordStore {
  return 'file' in place
    ? sqliteStore(place.file, { engine: place.engine, busyTimeout: PATIENCE })
    : postgresStore(place.url, { schema: place.schema, timeout: PATIENCE });
}
