/**
 * The audit log: a line for each change of a store, and for each one that its owner was refused, chained by HMAC-SHA-256 under a key of the store. Where it ends is part
 * of the store's sealed state (`root.ts`), so that a line that was removed, changed or cut off at the end is found.
 */
import { fields } from './fields.js';
import type { Envelope } from './envelope.js';
import type { LogPlace, Root } from './root.js';
import { sameBytes } from '../bytes.js';
import type { LogEntry, SecretsErrorCode } from './store.js';

/** Who changed something: a guest of a tenant, or the owner of the store. */
export type Actor = 'guest' | 'owner';

export type AuditOperation =
  | 'create'
  | 'store'
  | 'replace'
  | 'invalidate'
  | 'expire'
  | 'provision'
  | 'rotate'
  | 'export'
  | 'rewrap'
  | 'backup'
  | 'prune';

/** What a line of the log says. */
export interface AuditEvent {
  /** Whole seconds since 1970. */
  readonly at: number;
  readonly actor: Actor;
  readonly operation: AuditOperation;
  readonly tenant?: string | undefined;
  /** In hexadecimal digits. */
  readonly id?: string | undefined;
  /** In decimal digits; `all` where all versions were meant. */
  readonly version?: string | undefined;
  /** Or why the owner was refused. What guests are refused is no line: they could fill the store with it. */
  readonly result: 'done' | SecretsErrorCode;
  /** What else there is to say, such as the new date. */
  readonly detail?: string | undefined;
}

export interface AuditLine extends AuditEvent {
  readonly sequence: bigint;
}

/** The next line, and the state of a store that has it. */
export function chained(envelope: Envelope, root: Root, event: AuditEvent): { entry: LogEntry; root: Root } {
  const sequence = root.logged + 1n;
  const entry = JSON.stringify(event);
  const chain = link(envelope, root.chain, sequence, entry);
  return { entry: { sequence, entry, chain }, root: { ...root, logged: sequence, chain } };
}

/** Why a line cannot follow another; undefined: it does. */
export function chainFault(envelope: Envelope, before: LogPlace, line: LogEntry): string | undefined {
  if (line.sequence !== before.logged + 1n) return `line ${before.logged + 1n} of the log is missing`;
  if (!sameBytes(line.chain, link(envelope, before.chain, line.sequence, line.entry)))
    return `line ${line.sequence} of the log was changed`;
  return undefined;
}

function link(envelope: Envelope, before: Uint8Array, sequence: bigint, entry: string): Uint8Array {
  return envelope.code('audit', fields(before, sequence, entry));
}
