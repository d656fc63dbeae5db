/** Reads everything in a store and says what is wrong with it. */
import { sameBytes, wipe } from '../bytes.js';
import { chainFault, type AuditEvent, type AuditLine } from './audit.js';
import { placeOf } from './envelope.js';
import { type KeyKeeper, readElsewhere } from './keeper.js';
import { HEAD, RecordFlag, SecretsError, type KeyRecord, type RecordPlace } from './store.js';
import type { LogPlace } from './root.js';
import { hexOf } from './tenant.js';
import {
  heads,
  noTotals,
  sum,
  tenants,
  totalsOf,
  type Identity,
  type OpenReading,
  type Totals,
} from './transactions.js';
import type { Vault } from './vault.js';

export interface VerifyReport {
  readonly ids: number;
  readonly versions: number;
  readonly lines: bigint;
  /** For people, one each; none: everything opens and belongs where it is. */
  readonly problems: readonly string[];
  /** Names of keepers that have keys of this store and could not be asked, since `openKeyStore` was not given them. */
  readonly unasked: readonly string[];
}

const PAGE = 256;
/** JavaScript has no dates beyond. */
const LAST_SECOND = 8_640_000_000_000;

export function verifyStore(vault: Vault, keepers: readonly KeyKeeper[]): VerifyReport {
  return vault.read((reading) => new Walk(vault, reading, keepers).run());
}

/** Lines of the log, as they are written; none that were pruned. */
export function readLog(reading: OpenReading, after: bigint, limit: number): readonly AuditLine[] {
  const { logged } = reading.logStart();
  return reading.raw
    .log(after < logged ? logged : after, limit)
    .map(({ sequence, entry }) => ({ sequence, ...eventOf(entry, sequence) }));
}

/** Errors: `tampered`. Whether it was changed otherwise, the chain says. */
function eventOf(entry: string, sequence: bigint): AuditEvent {
  let event: unknown;
  try {
    event = JSON.parse(entry);
  } catch {
    event = undefined;
  }
  if (
    typeof event !== 'object' ||
    event === null ||
    !('at' in event && Number.isSafeInteger(event.at) && Math.abs(Number(event.at)) < LAST_SECOND) ||
    !Object.values(event).every((each) => typeof each === 'string' || typeof each === 'number')
  )
    throw new SecretsError('tampered', `line ${sequence} of the log was changed`);
  return event as AuditEvent;
}

/** Where the log ended: kept elsewhere, it shows later that the log has only grown. */
export interface AuditHead {
  /** How many lines it has ever had. */
  readonly lines: bigint;
  /** The code of the last one, in hexadecimal digits. */
  readonly chain: string;
}

/** What is wrong with the log; undefined: nothing. @param kept a head of it that the owner has kept elsewhere */
export function logProblem(vault: Vault, reading: OpenReading, kept?: AuditHead): string | undefined {
  try {
    return chainProblem(vault, reading, kept);
  } catch (error) {
    if (error instanceof SecretsError && error.code === 'corrupt')
      return `a line of the log was changed: ${error.message}`;
    throw error;
  }
}

function chainProblem(vault: Vault, reading: OpenReading, kept: AuditHead | undefined): string | undefined {
  const root = reading.root();
  let before: LogPlace = reading.logStart();
  const isAnother = ({ logged, chain }: LogPlace): boolean => kept?.lines === logged && kept.chain !== hexOf(chain);
  let another = isAnother(before);
  for (;;) {
    const page = reading.raw.log(before.logged, PAGE);
    for (const line of page) {
      const fault = chainFault(vault.envelope, before, line);
      if (fault !== undefined) return fault;
      before = { logged: line.sequence, chain: line.chain };
      another ||= isAnother(before);
    }
    if (page.length === 0) break;
  }
  if (before.logged < root.logged) return `the log ends at line ${before.logged}, and had ${root.logged}`;
  if (before.logged !== root.logged || !sameBytes(before.chain, root.chain)) return 'the log goes on after its end';
  if (kept === undefined) return undefined;
  if (another) return `line ${kept.lines} of the log is another one than the head that was kept`;
  if (kept.lines > root.logged)
    return `the log has ${root.logged} lines, and had ${kept.lines}: the store was put back`;
  const { logged: start } = reading.logStart();
  return kept.lines < start ? `the log begins behind line ${start}: the head that was kept was pruned` : undefined;
}

/** The last line of the log that is older than this moment, as are all before it; undefined: there is none. @param moment seconds since 1970 */
export function lastLineBefore(reading: OpenReading, moment: bigint): bigint | undefined {
  let last: bigint | undefined;
  for (;;) {
    const page = readLog(reading, last ?? 0n, PAGE);
    for (const { sequence, at } of page) {
      if (BigInt(at) >= moment) return last;
      last = sequence;
    }
    if (page.length === 0) return last;
  }
}

class Walk {
  readonly #vault: Vault;
  readonly #reading: OpenReading;
  readonly #keepers: readonly KeyKeeper[];
  readonly #problems: string[] = [];
  readonly #totals = new Map<string, Totals>();
  /** By keeper, the references that records hold. */
  readonly #elsewhere = new Map<string, Set<string>>();
  #heads = 0;
  #identity: Identity | undefined;
  #seen = new Set<bigint>();

  constructor(vault: Vault, reading: OpenReading, keepers: readonly KeyKeeper[]) {
    this.#vault = vault;
    this.#reading = reading;
    this.#keepers = keepers;
  }

  run(): VerifyReport {
    const root = this.#reading.root();
    let after: RecordPlace | undefined;
    for (;;) {
      const page = this.#reading.raw.list({ after, limit: PAGE });
      for (const record of page) this.#try(() => this.#record(record));
      after = page.at(-1);
      if (after === undefined) break;
    }
    this.#endIdentity();
    this.#try(() => {
      const count = heads.count(this.#reading.raw, root.heads);
      if (count !== this.#heads)
        this.#problems.push(`identifiers were taken away or added: there are ${this.#heads}, and were ${count}`);
    });
    this.#try(() => {
      const count = tenants.count(this.#reading.raw, root.totals);
      if (count !== this.#totals.size)
        this.#problems.push(`there are records of ${this.#totals.size} tenants, and totals of ${count}`);
    });
    for (const [tenant, { ids, versions, bytes }] of this.#totals)
      this.#try(() => {
        const kept = this.#reading.totals(tenant);
        if (kept.ids !== ids || kept.versions !== versions || kept.bytes !== bytes)
          this.#problems.push(`the totals of the tenant '${tenant}' are not those of its records`);
      });
    this.#try(() => this.#problem(logProblem(this.#vault, this.#reading)));
    for (const keeper of this.#keepers) this.#try(() => this.#orphans(keeper));
    const all = [...this.#totals.values()];
    return {
      ids: all.reduce((sum, each) => sum + each.ids, 0),
      versions: all.reduce((sum, each) => sum + each.versions, 0),
      lines: root.logged,
      problems: this.#problems,
      unasked: [...this.#elsewhere.keys()].filter((name) => !this.#keepers.some((keeper) => keeper.name === name)),
    };
  }

  /** Heads come before their versions. */
  #record(record: KeyRecord): void {
    this.#totals.set(record.tenant, sum(this.#totals.get(record.tenant) ?? noTotals, totalsOf(record)));
    if (record.version === HEAD) {
      this.#endIdentity();
      this.#heads += 1;
      this.#identity = this.#reading.opened(record);
      return;
    }
    const head = this.#identity?.record;
    if (this.#identity === undefined || head?.tenant !== record.tenant || !sameBytes(head.id, record.id)) {
      this.#problems.push(`${placeOf(record)} has no head that opens`);
      return;
    }
    this.#seen.add(record.version);
    this.#identity.head.requireIts(record);
    if (record.kind !== head.kind || record.algorithm !== head.algorithm)
      this.#problems.push(`${placeOf(record)} is not of its head's kind`);
    const payload = this.#reading.payload(record);
    try {
      if ((record.flags & RecordFlag.Elsewhere) !== 0) this.#note(payload);
    } finally {
      wipe(payload);
    }
  }

  #endIdentity(): void {
    const { record, head } = this.#identity ?? {};
    for (const { version } of head?.versions ?? []) {
      if (record !== undefined && !this.#seen.has(version))
        this.#problems.push(`${placeOf({ ...record, version })} is gone`);
    }
    this.#identity = undefined;
    this.#seen = new Set();
  }

  #note(payload: Uint8Array): void {
    const { keeper, reference } = readElsewhere(payload);
    const known = this.#elsewhere.get(keeper) ?? new Set();
    this.#elsewhere.set(keeper, known.add(Buffer.from(reference).toString('hex')));
  }

  #orphans(keeper: KeyKeeper): void {
    const recorded = this.#elsewhere.get(keeper.name) ?? new Set();
    const kept = new Set([...keeper.references()].map((each) => Buffer.from(each).toString('hex')));
    for (const each of kept)
      if (!recorded.has(each)) this.#problems.push(`${keeper.name} has a key without a record: ${each}`);
    for (const each of recorded)
      if (!kept.has(each)) this.#problems.push(`${keeper.name} lacks the key of a record: ${each}`);
  }

  #problem(problem: string | undefined): void {
    if (problem !== undefined) this.#problems.push(problem);
  }

  #try(run: () => void): void {
    try {
      run();
    } catch (error) {
      if (!(error instanceof SecretsError)) throw error;
      this.#problems.push(error.message);
    }
  }
}
