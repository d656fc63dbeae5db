/** What is written in a store, opened; and transactions that keep heads, their tree, totals and log in step. */
import { copyOf, sameBytes, wipe } from '../bytes.js';
import { chained, type AuditEvent } from './audit.js';
import { Setting } from './data-key.js';
import { type Envelope, placeOf, sealOf } from './envelope.js';
import { FieldReader, fields } from './fields.js';
import { Head } from './head.js';
import { readElsewhere, type Elsewhere } from './keeper.js';
import { type LogPlace, readRoot, type Root, writeRoot } from './root.js';
import { type Nodes, SealTree } from './seal-tree.js';
import {
  HEAD,
  NEVER,
  RecordFlag,
  SecretsError,
  type KeyRecord,
  type Reading,
  type RecordFacts,
  type RecordPlace,
  type Writing,
} from './store.js';

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

/** The nodes of heads are called `heads `, `heads 0`, `heads 01`. */
export const heads = new SealTree('heads ');
export const tenants = new SealTree('tenants ');

/** What is written in a store, opened. */
export class OpenReading {
  /** As they are written. */
  readonly raw: Reading;
  protected readonly envelope: Envelope;
  protected readonly nodes: Nodes;
  #root: Root | undefined;

  constructor(reading: Reading, envelope: Envelope, nodes: Nodes = reading) {
    this.raw = reading;
    this.envelope = envelope;
    this.nodes = nodes;
  }

  /** Undefined: there is none. Errors: `tampered`. */
  identity(tenant: string, id: Uint8Array): Identity | undefined {
    const record = this.raw.records(tenant, id, [HEAD])[0];
    if (record !== undefined) return this.opened(record);
    if (heads.sealAt(this.nodes, this.root().heads, fields(tenant, id)) === undefined) return undefined;
    throw new SecretsError('tampered', `${placeOf({ tenant, id, version: HEAD })} was taken away`);
  }

  /** Errors: `tampered`. @param record that of a head */
  opened(record: KeyRecord): Identity {
    const head = Head.read(this.envelope.openRecord(record));
    const seal = heads.sealAt(this.nodes, this.root().heads, fields(record.tenant, record.id));
    if (seal === undefined || !sameBytes(seal, sealOf(record)))
      throw new SecretsError('tampered', `${placeOf(record)} was put back as it was earlier`);
    return { record, head };
  }

  /** A version that the head names. Errors: `tampered`. */
  version(identity: Identity, version: bigint): KeyRecord {
    const { tenant, id } = identity.record;
    return requireNamed(identity, version, this.raw.records(tenant, id, [version])[0]);
  }

  /** New bytes, which the caller wipes. Errors: `tampered`. */
  payload(record: KeyRecord): Uint8Array {
    return this.envelope.openRecord(record);
  }

  /** Errors: `tampered`. */
  totals(tenant: string): Totals {
    const seal = tenants.sealAt(this.nodes, this.root().totals, fields(tenant));
    if (seal === undefined) return noTotals;
    const name = totalsName(tenant);
    const wrapped = this.raw.setting(name);
    if (wrapped === undefined || !sameBytes(seal, sealOf({ wrapped })))
      throw new SecretsError('tampered', `the totals of the tenant '${tenant}' were taken away, changed or put back`);
    const reader = new FieldReader(this.envelope.openSetting(name, wrapped));
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
  declare protected readonly nodes: NewNodes;
  readonly #heals: boolean;
  /** Of the tenants whose totals change; undefined: they are counted at the end. */
  readonly #totals = new Map<string, Totals | undefined>();
  #root: Root;

  constructor(writing: Writing, envelope: Envelope, heals: boolean) {
    super(writing, envelope, new NewNodes(writing));
    this.#heals = heals;
    this.#root = super.root();
  }

  override root(): Root {
    return this.#root;
  }

  override totals(tenant: string): Totals {
    return this.#totals.get(tenant) ?? super.totals(tenant);
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
  append({ record, head }: Identity, version: NewVersion): KeyRecord {
    return this.#put({ ...record, state: 'valid' }, head, version);
  }

  /** The next version of an identifier whose head was lost. */
  appendLost(
    { record, head }: Identity,
    facts: Pick<RecordFacts, 'kind' | 'algorithm'>,
    name: string,
    version: NewVersion,
  ): KeyRecord {
    const named = { ...record, ...facts, flags: RecordFlag.Named, state: 'valid' } as const;
    return this.#put(named, new Head(head.next, name, []), version);
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
   */
  remove(identity: Identity, versions: readonly bigint[]): Removed {
    const { record, head } = identity;
    const { tenant, id } = record;
    const records = new Map(this.raw.records(tenant, id, versions).map((each) => [each.version, each]));
    const elsewhere: Elsewhere[] = [];
    let bytes = 0;
    let damaged = 0;
    for (const version of versions) {
      const opened = untampered(() => {
        const own = requireNamed(identity, version, records.get(version));
        elsewhere.push(...this.#elsewhere(own));
        return own;
      });
      if (opened === undefined) damaged += 1;
      else bytes += opened.wrapped.length;
      this.raw.remove(tenant, id, version);
    }
    const rest = head.without(versions);
    const gone = rest.latest === undefined && rest.name === '';
    this.#count(tenant, { ids: gone ? -1 : 0, versions: -versions.length, bytes: -bytes });
    // Nobody knows how large they were.
    if (damaged > 0) this.#totals.set(tenant, undefined);
    if (gone) {
      this.raw.remove(tenant, id, HEAD);
      this.#seal(record, undefined);
    } else this.#putHead({ ...record, state: rest.latest === undefined ? 'invalidated' : 'valid' }, rest);
    return { elsewhere, damaged };
  }

  /**
   * Takes away all of an identifier whose head does not open. What is left knows which version comes next: a number that none had, as each
   * version is a change of the store.
   *
   * @param name under which the owner knows it; empty: none
   */
  discard(tenant: string, id: Uint8Array, name: string, created: bigint): Removed {
    const elsewhere: Elsewhere[] = [];
    const removed = [...this.raw.records(tenant, id, [HEAD]), ...this.#versions(tenant, id)];
    let damaged = 0;
    for (const record of removed) {
      if (record.version !== HEAD && untampered(() => elsewhere.push(...this.#elsewhere(record))) === undefined)
        damaged += 1;
      this.raw.remove(tenant, id, record.version);
    }
    const { kind, algorithm } = removed[0] ?? { kind: 'secret', algorithm: '' };
    const flags = RecordFlag.Lost | (name === '' ? 0 : RecordFlag.Named);
    const facts = { tenant, id, version: HEAD, kind, algorithm, flags, created, expires: NEVER } as const;
    this.#putHead({ ...facts, state: 'invalidated' }, new Head(this.#root.changes + 1n, name, []));
    this.#totals.set(tenant, undefined);
    return { elsewhere, damaged };
  }

  /** Takes away the lines up to this one, and seals what the next one follows. Errors: `refused` where it is not there any more. */
  pruneLog(through: bigint): void {
    const line = this.raw.log(through - 1n, 1)[0];
    if (line?.sequence !== through || through > this.#root.logged)
      throw new SecretsError('refused', `the log has no line ${through}: somebody else has pruned it`);
    this.#root = { ...this.#root, start: { logged: through, chain: copyOf(line.chain) } };
    this.raw.dropLog(through);
  }

  /** Writes totals, trees, the log, and the state of the store. */
  finish(events: readonly AuditEvent[]): { readonly root: Root; readonly sealed: Uint8Array } {
    if (!this.#heals) this.#putChangedTotals();
    else if (untampered(() => this.#putChangedTotals()) === undefined) this.#putAllTotals();
    this.nodes.write();
    let root = this.#root;
    for (const event of events) {
      const next = chained(this.envelope, root, event);
      this.raw.append(next.entry);
      root = next.root;
    }
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

  #seal({ tenant, id }: RecordFacts, seal: Uint8Array | undefined): void {
    this.#root = { ...this.#root, heads: heads.withSeal(this.nodes, this.#root.heads, fields(tenant, id), seal) };
  }

  #elsewhere(record: KeyRecord): readonly Elsewhere[] {
    const payload = this.payload(record);
    try {
      return (record.flags & RecordFlag.Elsewhere) === 0 ? [] : [readElsewhere(payload)];
    } finally {
      wipe(payload);
    }
  }

  #versions(tenant: string, id: Uint8Array): readonly KeyRecord[] {
    const found: KeyRecord[] = [];
    for (let after: RecordPlace = { tenant, id, version: HEAD }; ;) {
      const page = this.raw.list({ tenant, after, limit: PAGE });
      const own = page.filter((each) => sameBytes(each.id, id));
      found.push(...own);
      if (own.length < PAGE) return found;
      after = own[own.length - 1] as KeyRecord;
    }
  }

  #count(tenant: string, more: Totals): void {
    if (this.#totals.has(tenant) && this.#totals.get(tenant) === undefined) return;
    const before = this.#heals ? untampered(() => this.totals(tenant)) : this.totals(tenant);
    this.#totals.set(tenant, before === undefined ? undefined : sum(before, more));
  }

  /** @returns how many */
  #putChangedTotals(): number {
    for (const [tenant, totals] of this.#totals) this.#putTotals(tenant, totals ?? this.#counted(tenant));
    return this.#totals.size;
  }

  /** Those of every tenant, counted anew, in a new tree. */
  #putAllTotals(): void {
    const all = new Map<string, Totals>();
    for (const record of this.#records({}))
      all.set(record.tenant, sum(all.get(record.tenant) ?? noTotals, totalsOf(record)));
    this.#root = { ...this.#root, totals: tenants.clear(this.nodes) };
    for (const [tenant, totals] of all) this.#putTotals(tenant, totals);
  }

  #putTotals(tenant: string, { ids, versions, bytes }: Totals): void {
    const name = totalsName(tenant);
    const value = this.envelope.sealSetting(name, fields(BigInt(ids), BigInt(versions), BigInt(bytes)));
    const seal = ids === 0 ? undefined : sealOf({ wrapped: value });
    this.raw.putSetting(name, seal === undefined ? nothing : value);
    this.#root = { ...this.#root, totals: tenants.withSeal(this.nodes, this.#root.totals, fields(tenant), seal) };
  }

  #counted(tenant: string): Totals {
    let total = noTotals;
    for (const record of this.#records({ tenant })) total = sum(total, totalsOf(record));
    return total;
  }

  *#records(of: { readonly tenant?: string }): Iterable<KeyRecord> {
    for (let after: RecordPlace | undefined; ;) {
      const page = this.raw.list({ ...of, after, limit: PAGE });
      yield* page;
      after = page.at(-1);
      if (after === undefined) return;
    }
  }
}

/** Nodes of trees as a transaction leaves them: those near the top change with each head, and are written once. */
class NewNodes implements Nodes {
  readonly #writing: Writing;
  readonly #changed = new Map<string, Uint8Array>();

  constructor(writing: Writing) {
    this.#writing = writing;
  }

  settings(names: readonly string[]): ReadonlyMap<string, Uint8Array> {
    const known = names.flatMap((name) => {
      const value = this.#changed.get(name);
      return value === undefined ? [] : [[name, value] as const];
    });
    if (known.length === names.length) return new Map(known);
    return new Map([...this.#writing.settings(names), ...known]);
  }

  putSetting(name: string, value: Uint8Array): void {
    this.#changed.set(name, value);
  }

  write(): void {
    for (const [name, value] of this.#changed) this.#writing.putSetting(name, value);
    this.#changed.clear();
  }
}

/** What was taken away. */
export interface Removed {
  /** The keys elsewhere that have no record any more once this is durable. */
  readonly elsewhere: readonly Elsewhere[];
  /** How many versions did not open: nobody knows whether they had keys elsewhere. */
  readonly damaged: number;
}

const PAGE = 256;
const nothing = new Uint8Array(0);

/** The record of a version that a head names. Errors: `tampered`. */
function requireNamed(
  { record: { tenant, id, kind, algorithm }, head }: Identity,
  version: bigint,
  record?: KeyRecord,
) {
  if (record === undefined)
    throw new SecretsError('tampered', `${placeOf({ tenant, id, version })} is gone, but its head names it`);
  head.requireIts(record);
  if (record.kind !== kind || record.algorithm !== algorithm)
    throw new SecretsError('tampered', `${placeOf(record)} is not of its head's kind`);
  return record;
}

/** Undefined: it was tampered with. */
export function untampered<T>(open: () => T): T | undefined {
  try {
    return open();
  } catch (error) {
    if (error instanceof SecretsError && error.code === 'tampered') return undefined;
    throw error;
  }
}

export const noTotals: Totals = { ids: 0, versions: 0, bytes: 0 };

export function sum(one: Totals, other: Totals): Totals {
  return {
    ids: one.ids + other.ids,
    versions: one.versions + other.versions,
    bytes: one.bytes + other.bytes,
  };
}

/** What a record adds to the totals of its tenant. */
export function totalsOf({ version, wrapped }: KeyRecord): Totals {
  return version === HEAD ? { ids: 1, versions: 0, bytes: 0 } : { ids: 0, versions: 1, bytes: wrapped.length };
}

function totalsName(tenant: string): string {
  return `totals of ${tenant}`;
}

export function readSealedRoot(reading: Reading, envelope: Envelope): { root: Root; sealed: Uint8Array } {
  const sealed = reading.setting(Setting.Root);
  if (sealed === undefined) throw new SecretsError('tampered', 'the state of the store is gone');
  return { root: readRoot(envelope.openSetting(Setting.Root, sealed)), sealed };
}
