/** Records in memory, for tests: nothing is left of them when the process ends. */
import { copyOf, wipe } from '../bytes.js';
import {
  HEAD,
  SecretsError,
  type KeyRecord,
  type ListQuery,
  type LogEntry,
  type Reading,
  type RecordPlace,
  type RecordStore,
  type Writing,
} from './store.js';

/** A store that ends with `close`, or with the process. Several `KeyStore`s can share one, as hosts share a database. */
export function memoryStore(): RecordStore {
  return new MemoryStore();
}

class MemoryStore implements RecordStore {
  readonly description = 'memory';
  #tables: Tables | undefined = { settings: new Map(), records: new Map(), log: [] };
  #changes = 0;
  #busy = false;

  read<T>(work: (reading: Reading) => T): T {
    return work(new MemoryTransaction(this.#open()));
  }

  write<T>(work: (writing: Writing) => T): T {
    const tables = this.#open();
    if (this.#busy) throw new SecretsError('busy', 'a transaction is running');
    this.#busy = true;
    const draft = { settings: new Map(tables.settings), records: new Map(tables.records), log: [...tables.log] };
    try {
      const transaction = new MemoryTransaction(draft);
      const result = work(transaction);
      this.#tables = draft;
      this.#changes += 1;
      for (const { wrapped } of transaction.removed) wipe(wrapped);
      return result;
    } finally {
      this.#busy = false;
    }
  }

  changes(): number {
    this.#open();
    return this.#changes;
  }

  close(): void {
    for (const { wrapped } of this.#tables?.records.values() ?? []) wipe(wrapped);
    this.#tables = undefined;
  }

  #open(): Tables {
    if (this.#tables === undefined) throw new SecretsError('unavailable', 'the store is closed');
    return this.#tables;
  }
}

interface Tables {
  readonly settings: Map<string, Uint8Array>;
  /** By what orders them. */
  readonly records: Map<string, KeyRecord>;
  readonly log: LogEntry[];
}

class MemoryTransaction implements Writing {
  readonly removed: KeyRecord[] = [];
  readonly #tables: Tables;

  constructor(tables: Tables) {
    this.#tables = tables;
  }

  setting(name: string): Uint8Array | undefined {
    const value = this.#tables.settings.get(name);
    return value === undefined ? undefined : copyOf(value);
  }

  settings(names: readonly string[]): ReadonlyMap<string, Uint8Array> {
    return new Map(
      names.flatMap((name) => {
        const value = this.setting(name);
        return value === undefined ? [] : [[name, value] as const];
      }),
    );
  }

  records(tenant: string, id: Uint8Array, versions: readonly bigint[]): readonly KeyRecord[] {
    return versions.flatMap((version) => this.#tables.records.get(keyOf({ tenant, id, version })) ?? []).map(copied);
  }

  list({ tenant, heads, after, limit }: ListQuery): readonly KeyRecord[] {
    const from = after === undefined ? '' : keyOf(after);
    return [...this.#tables.records]
      .filter(
        ([key, record]) =>
          key > from &&
          (tenant === undefined || record.tenant === tenant) &&
          (heads !== true || record.version === HEAD),
      )
      .toSorted(([left], [right]) => (left < right ? -1 : 1))
      .slice(0, limit)
      .map(([, record]) => copied(record));
  }

  log(after: bigint, limit: number): readonly LogEntry[] {
    return this.#tables.log.filter(({ sequence }) => sequence > after).slice(0, limit);
  }

  putSetting(name: string, value: Uint8Array): void {
    this.#tables.settings.set(name, copyOf(value));
  }

  put(record: KeyRecord): void {
    this.remove(record.tenant, record.id, record.version);
    this.#tables.records.set(keyOf(record), copied(record));
  }

  remove(tenant: string, id: Uint8Array, version: bigint): void {
    const key = keyOf({ tenant, id, version });
    const record = this.#tables.records.get(key);
    if (record === undefined) return;
    this.removed.push(record);
    this.#tables.records.delete(key);
  }

  append(entry: LogEntry): void {
    if (this.#tables.log.some(({ sequence }) => sequence === entry.sequence))
      throw new SecretsError('corrupt', `the log has a line ${entry.sequence}`);
    this.#tables.log.push({ ...entry, chain: copyOf(entry.chain) });
  }

  dropLog(through: bigint): void {
    this.#tables.log.splice(0, this.#tables.log.filter(({ sequence }) => sequence <= through).length);
  }
}

/** Orders as the bytes do. */
function keyOf({ tenant, id, version }: RecordPlace): string {
  return [Buffer.from(tenant), id, Buffer.from(version.toString(16).padStart(16, '0'))]
    .map((each) => Buffer.from(each).toString('hex'))
    .join(' ');
}

function copied(record: KeyRecord): KeyRecord {
  return { ...record, id: copyOf(record.id), wrapped: copyOf(record.wrapped) };
}
