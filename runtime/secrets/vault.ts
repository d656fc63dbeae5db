/**
 * A store and what opens it: records as they are meant, in transactions that keep heads, their tree, totals and log in step.
 * What may be asked of it, and by whom, is judged above (`tenant.ts` for guests, `key-store.ts` for the owner).
 */
import { createHash, randomFillSync } from 'node:crypto';
import { newBytes } from '../blocks.js';
import { copyOf, sameBytes, wipe } from '../bytes.js';
import { chained, type AuditEvent } from './audit.js';
import { DATA_KEY_BYTES, Envelope, placeOf, sealOf, STORE_ID_BYTES } from './envelope.js';
import { FieldReader, fields } from './fields.js';
import { Head } from './head.js';
import { sealAt, withSeal } from './head-tree.js';
import type { KeyEncryptionKey } from './key-encryption.js';
import { readElsewhere, type Elsewhere } from './keeper.js';
import { emptyRoot, type LogPlace, readRoot, type Root, writeRoot } from './root.js';
import {
  HEAD,
  NEVER,
  RecordFlag,
  SecretsError,
  type KeyRecord,
  type Reading,
  type RecordFacts,
  type RecordStore,
  type Writing,
} from './store.js';

/**
 * Where the owner keeps, outside of the store, how far it had come: the only thing that shows that the whole store was put back to
 * what it was earlier. Asked when the store is opened and at each `verify`, written after each change.
 */
export interface Anchor {
  /** What was written last; undefined: nothing yet. */
  read(): Uint8Array | undefined;
  /** Must be durable when it returns. @param state 44 bytes, not secret: the later of two is the greater, as bytes */
  write(state: Uint8Array): void;
}

/** What a tenant takes of a store. */
export interface Totals {
  readonly ids: number;
  readonly versions: number;
  /** Of what is sealed. */
  readonly bytes: number;
}

/** An identifier with its head. */
export interface Identity {
  readonly record: KeyRecord;
  readonly head: Head;
}

export interface NewVersion {
  readonly flags: number;
  readonly created: bigint;
  readonly expires: bigint;
  /** The caller wipes it. */
  readonly payload: Uint8Array;
}

const Setting = { DataKey: 'data key', Root: 'root' } as const;

export class Vault {
  readonly records: RecordStore;
  readonly envelope: Envelope;
  readonly storeId: Uint8Array;
  readonly #anchor: Anchor | undefined;
  #seen = 0n;

  private constructor(records: RecordStore, storeId: Uint8Array, envelope: Envelope, anchor: Anchor | undefined) {
    this.records = records;
    this.storeId = storeId;
    this.envelope = envelope;
    this.#anchor = anchor;
  }

  /** Errors: `SecretsError`. @param create whether an empty store becomes one with a new data key */
  static open(
    records: RecordStore,
    kek: KeyEncryptionKey,
    create: boolean,
    now: bigint,
    anchor: Anchor | undefined,
  ): Vault {
    const found = records.read((reading) => reading.setting(Setting.DataKey));
    const { storeId, dataKey } = found === undefined ? made(records, kek, create, now) : unwrapped(found, kek);
    let vault: Vault;
    try {
      vault = new Vault(records, storeId, new Envelope(storeId, dataKey), anchor);
    } finally {
      wipe(dataKey);
    }
    vault.requireAnchored();
    return vault;
  }

  read<T>(work: (reading: OpenReading) => T): T {
    return this.records.read((reading) => work(new OpenReading(reading, this.envelope)));
  }

  /** Changes the store, and says so in its log. @param event of what `work` gives */
  change<T>(work: (change: Change) => T, event: (result: T) => AuditEvent): T {
    const { result, root, sealed } = this.records.write((writing) => {
      const change = new Change(writing, this.envelope);
      this.requireLater(change.root());
      const result = work(change);
      return { result, ...change.finish(event(result)) };
    });
    this.#seen = root.changes;
    try {
      this.#anchor?.write(anchorOf(root, sealed));
    } catch (error) {
      // Whoever undoes what failed must not undo this: it is in the store.
      throw new SecretsError('uncertain', 'the change was made, but the anchor could not be told of it', {
        cause: error,
      });
    }
    return result;
  }

  /** Wraps the data key anew; no record is touched. */
  rewrap(from: KeyEncryptionKey, to: KeyEncryptionKey, event: AuditEvent): void {
    this.change(
      (change) => {
        const found = change.raw.setting(Setting.DataKey);
        if (found === undefined) throw new SecretsError('tampered', 'the wrapped data key is gone');
        const { storeId, dataKey } = unwrapped(found, from);
        try {
          change.raw.putSetting(Setting.DataKey, wrapped(to, storeId, dataKey));
        } finally {
          wipe(dataKey);
        }
      },
      () => event,
    );
  }

  /** Throws `rolled-back` if the store is older than its anchor has seen it. */
  requireAnchored(): void {
    const { root, sealed } = this.records.read((reading) => readSealedRoot(reading, this.envelope));
    this.requireLater(root);
    const anchored = this.#anchor?.read();
    if (anchored === undefined) return;
    const reader = new FieldReader(anchored);
    const changes = reader.number();
    const same = sameBytes(reader.bytes(), digestOf(sealed));
    if (root.changes < changes || (root.changes === changes && !same))
      throw new SecretsError('rolled-back', `the store has ${root.changes} changes, its anchor knows of ${changes}`);
  }

  close(): void {
    this.envelope.close();
    this.records.close();
  }

  /** Throws `rolled-back` if the store is older than this object has seen it. */
  requireLater({ changes }: Root): void {
    if (changes < this.#seen)
      throw new SecretsError('rolled-back', `the store has ${changes} changes, and had ${this.#seen} before`);
    this.#seen = changes;
  }
}

/** What is written in a store, opened. */
export class OpenReading {
  /** As they are written. */
  readonly raw: Reading;
  protected readonly envelope: Envelope;
  #root: Root | undefined;

  constructor(reading: Reading, envelope: Envelope) {
    this.raw = reading;
    this.envelope = envelope;
  }

  /** Undefined: there is none. Errors: `tampered`. */
  identity(tenant: string, id: Uint8Array): Identity | undefined {
    const record = this.raw.records(tenant, id, [HEAD])[0];
    if (record !== undefined) return this.opened(record);
    if (sealAt(this.raw, this.root().heads, { tenant, id }) === undefined) return undefined;
    throw new SecretsError('tampered', `${placeOf({ tenant, id, version: HEAD })} was taken away`);
  }

  /** Errors: `tampered`. @param record that of a head */
  opened(record: KeyRecord): Identity {
    const head = Head.read(this.envelope.openRecord(record));
    const seal = sealAt(this.raw, this.root().heads, record);
    if (seal === undefined || !sameBytes(seal, sealOf(record)))
      throw new SecretsError('tampered', `${placeOf(record)} was put back as it was earlier`);
    return { record, head };
  }

  /** A version that the head names. Errors: `tampered`. */
  version(identity: Identity, version: bigint): KeyRecord {
    const { tenant, id, kind, algorithm } = identity.record;
    const record = this.raw.records(tenant, id, [version])[0];
    if (record === undefined)
      throw new SecretsError('tampered', `${placeOf({ tenant, id, version })} is gone, but its head names it`);
    identity.head.requireIts(record);
    if (record.kind !== kind || record.algorithm !== algorithm)
      throw new SecretsError('tampered', `${placeOf(record)} is not of its head's kind`);
    return record;
  }

  /** New bytes, which the caller wipes. Errors: `tampered`. */
  payload(record: KeyRecord): Uint8Array {
    return this.envelope.openRecord(record);
  }

  totals(tenant: string): Totals {
    const name = totalsName(tenant);
    const sealed = this.raw.setting(name);
    if (sealed === undefined) return { ids: 0, versions: 0, bytes: 0 };
    const reader = new FieldReader(this.envelope.openSetting(name, sealed));
    return { ids: Number(reader.number()), versions: Number(reader.number()), bytes: Number(reader.number()) };
  }

  root(): Root {
    this.#root ??= readSealedRoot(this.raw, this.envelope).root;
    return this.#root;
  }

  /** The last line that the owner took away; lines are known from it on. */
  logStart(): LogPlace {
    return this.root().start;
  }
}

/** A transaction that writes. */
export class Change extends OpenReading {
  declare readonly raw: Writing;
  #root: Root;

  constructor(writing: Writing, envelope: Envelope) {
    super(writing, envelope);
    this.#root = super.root();
  }

  override root(): Root {
    return this.#root;
  }

  /** A new identifier, with its first version. */
  insert(
    facts: Pick<RecordFacts, 'tenant' | 'id' | 'kind' | 'algorithm'>,
    name: string,
    version: NewVersion,
  ): KeyRecord {
    const head: RecordFacts = {
      ...facts,
      version: HEAD,
      flags: name === '' ? 0 : RecordFlag.Named,
      created: version.created,
      expires: NEVER,
      state: 'valid',
    };
    this.#count(facts.tenant, { ids: 1, versions: 0, bytes: 0 });
    return this.#put(head, Head.empty(name), version);
  }

  /** The next version of an identifier. */
  append(identity: Identity, version: NewVersion): KeyRecord {
    const { record, head } = identity;
    return this.#put({ ...record, state: 'valid' }, head, version);
  }

  /** The same version under another date. */
  redate(identity: Identity, version: bigint, expires: bigint): void {
    const record = this.version(identity, version);
    const payload = this.payload(record);
    try {
      const redated = this.envelope.sealRecord({ ...record, expires }, payload);
      this.raw.put(redated);
      this.#putHead(identity.record, identity.head.with(redated));
    } finally {
      wipe(payload);
    }
  }

  /**
   * Takes versions away for good, damaged ones too. With the last one the identifier goes, unless it has a name, whose versions
   * must not begin again.
   *
   * @returns the keys elsewhere that have no record any more once this is durable
   */
  remove(identity: Identity, versions: readonly bigint[]): readonly Elsewhere[] {
    const { record, head } = identity;
    const { tenant, id } = record;
    const records = this.raw.records(tenant, id, versions);
    const bytes = records.reduce((sum, { wrapped }) => sum + wrapped.length, 0);
    const elsewhere = records.flatMap((each) =>
      (each.flags & RecordFlag.Elsewhere) === 0 ? [] : [readElsewhere(this.payload(each))],
    );
    for (const version of versions) this.raw.remove(tenant, id, version);
    const rest = head.without(versions);
    const gone = rest.latest === undefined && rest.name === '';
    this.#count(tenant, { ids: gone ? -1 : 0, versions: -versions.length, bytes: -bytes });
    if (!gone) {
      this.#putHead({ ...record, state: rest.latest === undefined ? 'invalidated' : 'valid' }, rest);
      return elsewhere;
    }
    this.raw.remove(tenant, id, HEAD);
    this.#seal(record, undefined);
    return elsewhere;
  }

  /** Takes away the lines up to this one, and seals what the next one follows. Errors: `refused` where it is not there any more. */
  pruneLog(through: bigint): void {
    const line = this.raw.log(through - 1n, 1)[0];
    if (line?.sequence !== through || through > this.#root.logged)
      throw new SecretsError('refused', `the log has no line ${through}: somebody else has pruned it`);
    this.#root = { ...this.#root, start: { logged: through, chain: copyOf(line.chain) } };
    this.raw.dropLog(through);
  }

  /** Writes the log and the state of the store. */
  finish(event: AuditEvent): { readonly root: Root; readonly sealed: Uint8Array } {
    const { entry, root } = chained(this.envelope, this.#root, event);
    this.raw.append(entry);
    const last = { ...root, changes: root.changes + 1n };
    const sealed = this.envelope.sealSetting(Setting.Root, writeRoot(last));
    this.raw.putSetting(Setting.Root, sealed);
    return { root: last, sealed };
  }

  #put(facts: RecordFacts, head: Head, { payload, ...own }: NewVersion): KeyRecord {
    const { tenant, id, kind, algorithm } = facts;
    const version: RecordFacts = { tenant, id, kind, algorithm, version: head.next, state: 'valid', ...own };
    const record = this.envelope.sealRecord(version, payload);
    this.raw.put(record);
    this.#count(tenant, { ids: 0, versions: 1, bytes: record.wrapped.length });
    this.#putHead(facts, head.with(record));
    return record;
  }

  #putHead(facts: RecordFacts, head: Head): void {
    const record = this.envelope.sealRecord(facts, head.write());
    this.raw.put(record);
    this.#seal(record, sealOf(record));
  }

  #seal(head: RecordFacts, seal: Uint8Array | undefined): void {
    this.#root = { ...this.#root, heads: withSeal(this.raw, this.#root.heads, head, seal) };
  }

  #count(tenant: string, more: Totals): void {
    const { ids, versions, bytes } = this.totals(tenant);
    const name = totalsName(tenant);
    const value = fields(BigInt(ids + more.ids), BigInt(versions + more.versions), BigInt(bytes + more.bytes));
    this.raw.putSetting(name, this.envelope.sealSetting(name, value));
  }
}

function totalsName(tenant: string): string {
  return `totals of ${tenant}`;
}

function readSealedRoot(reading: Reading, envelope: Envelope): { root: Root; sealed: Uint8Array } {
  const sealed = reading.setting(Setting.Root);
  if (sealed === undefined) throw new SecretsError('tampered', 'the state of the store is gone');
  return { root: readRoot(envelope.openSetting(Setting.Root, sealed)), sealed };
}

function anchorOf({ changes }: Root, sealed: Uint8Array): Uint8Array {
  return fields(changes, digestOf(sealed));
}

function digestOf(sealed: Uint8Array): Uint8Array {
  return createHash('sha256').update(sealed).digest();
}

interface Unwrapped {
  readonly storeId: Uint8Array;
  /** The caller wipes it. */
  readonly dataKey: Uint8Array;
}

/** Two processes may make the same store at once: the second finds what the first has made. */
function made(records: RecordStore, kek: KeyEncryptionKey, create: boolean, now: bigint): Unwrapped {
  if (!create) throw new SecretsError('not-found', `there is no key store in ${records.description}`);
  const storeId = random(STORE_ID_BYTES);
  const dataKey = random(DATA_KEY_BYTES);
  const wrappedKey = wrapped(kek, storeId, dataKey);
  const envelope = new Envelope(storeId, dataKey);
  const found = records.write((writing) => {
    const other = writing.setting(Setting.DataKey);
    if (other !== undefined) return other;
    writing.putSetting(Setting.DataKey, wrappedKey);
    const { entry, root } = chained(envelope, emptyRoot(), { at: Number(now), actor: 'owner', operation: 'create' });
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
function wrapped(kek: KeyEncryptionKey, storeId: Uint8Array, dataKey: Uint8Array): Uint8Array {
  return fields(storeId, kek.description, kek.wrap(dataKey, storeId));
}

function unwrapped(setting: Uint8Array, kek: KeyEncryptionKey): Unwrapped {
  let storeId: Uint8Array;
  let by: string;
  let wrappedKey: Uint8Array;
  try {
    const reader = new FieldReader(setting);
    storeId = copyOf(reader.bytes());
    by = reader.text();
    wrappedKey = reader.bytes();
    reader.end();
  } catch (error) {
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

export function random(length: number): Uint8Array<ArrayBuffer> {
  const bytes = newBytes(length);
  randomFillSync(bytes);
  return bytes;
}
