/** Every store that there is here, for tests that compare them. */
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { memoryStore, sqliteStore, type RecordStore, type SqliteOptions } from '../../../runtime/keys.js';

export interface StoreKind {
  readonly name: string;
  /** An empty one. */
  make(): RecordStore;
  /** The same database by another connection; undefined: it cannot be shared. */
  readonly reopen?: (store: RecordStore) => RecordStore;
}

/** Those of SQLite that this Node can have. */
export const sqliteEngines = (['node:sqlite', 'libsql'] as const).filter(
  (engine) => engine !== 'node:sqlite' || process.getBuiltinModule('node:sqlite') !== undefined,
);

let folder: string | undefined;
let count = 0;

/** A file that is not there yet, in a new folder that ends with the tests. */
export function newFile(): string {
  folder ??= mkdtempSync(join(tmpdir(), 'wasi-crypto-gen-stores-'));
  count += 1;
  return join(folder, `${count}.db`);
}

function sqliteKind(engine: SqliteOptions['engine']): StoreKind {
  const files = new WeakMap<RecordStore, string>();
  const open = (file: string): RecordStore => {
    const store = sqliteStore(file, { engine });
    files.set(store, file);
    return store;
  };
  return {
    name: `SQLite by ${engine}`,
    make: () => open(newFile()),
    reopen: (store) => open(files.get(store) as string),
  };
}

export const storeKinds: readonly StoreKind[] = [
  { name: 'memory', make: memoryStore },
  ...sqliteEngines.map(sqliteKind),
];
