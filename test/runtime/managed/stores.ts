/** Every store that there is here, for tests that compare them. */
import { existsSync, mkdtempSync, readdirSync, readlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
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

const descriptors = '/proc/self/fd';

/** Whether the system says which files a process has open. */
export const tellsDescriptors = existsSync(descriptors);

/** Which files of this process are open whose paths begin so. */
export function openFiles(prefix: string): readonly string[] {
  return readdirSync(descriptors).flatMap((each) => {
    try {
      const path = readlinkSync(join(descriptors, each));
      return path.startsWith(prefix) ? [path] : [];
    } catch {
      // It was closed meanwhile: the folder's own, at least.
      return [];
    }
  });
}

/** Those that stay open, whatever is collected: libsql closes its files when what was prepared is. */
export async function openAfterCollection(prefix: string): Promise<readonly string[]> {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  for (let tries = 0; tries < 20 && openFiles(prefix).length > 0; tries += 1) {
    collect();
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  return openFiles(prefix);
}
