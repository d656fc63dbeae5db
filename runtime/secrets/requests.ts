/** What the owner of a store asks for, and what he is told. */
import { createHash } from 'node:crypto';
import type { GivenKey } from './payloads.js';
import { NEVER, RecordFlag, SecretsError, type KeyRecord, type RecordKind } from './store.js';
import { hexOf } from './tenant.js';
import type { Change, Identity, OpenReading } from './transactions.js';

/** An identifier of a tenant: by its 64 hexadecimal digits, or the name that the owner gave it. */
export type KeyAddress = { readonly tenant: string } & ({ readonly id: string } | { readonly name: string });

/** What the owner says of a new version. */
export interface VersionRequest {
  /** Undefined: a new key is made. */
  readonly key?: GivenKey | undefined;
  /** The last second in which it may be used, since 1970; default: none. */
  readonly expires?: bigint | undefined;
  /** Whether guests may export it, if their policy lets keys out, and the owner. Default: false. */
  readonly exportable?: boolean | undefined;
  /** The name of the keeper that makes it; default: it is made here. */
  readonly keeper?: string | undefined;
}

export interface ProvisionRequest extends VersionRequest {
  readonly tenant: string;
  /** By which guests look it up (`keyByName`), 1 to 128 bytes; default: none, and its identifier is random. */
  readonly name?: string | undefined;
  /** The id of an algorithm, or `secret` for an external secret. */
  readonly algorithm: string;
}

/** An identifier with what belongs to it. */
export interface KeySummary {
  readonly tenant: string;
  /** In hexadecimal digits. */
  readonly id: string;
  readonly name: string | undefined;
  readonly kind: RecordKind;
  /** Undefined: a secret. */
  readonly algorithm: string | undefined;
  /** Seconds since 1970. */
  readonly created: bigint;
  /** The highest version that was not invalidated; undefined: all were. */
  readonly latest: bigint | undefined;
  /** How many there are. */
  readonly versions: number;
}

export interface VersionDetails {
  readonly version: bigint;
  readonly created: bigint;
  /** Undefined: never. */
  readonly expires: bigint | undefined;
  readonly expired: boolean;
  readonly exportable: boolean;
  /** Whether a keeper has it. */
  readonly elsewhere: boolean;
}

export interface KeyDetails extends KeySummary {
  readonly details: readonly VersionDetails[];
}

/** An identifier whose head does not open: nothing that is said of it can be relied on. */
export interface DamagedKey {
  readonly tenant: string;
  readonly id: string;
  /** Why. */
  readonly problem: string;
}

export interface ListRequest {
  /** Default: of all tenants. */
  readonly tenant?: string | undefined;
  /** The last one of the page before. */
  readonly after?: { readonly tenant: string; readonly id: string } | undefined;
  /** Default: 100. */
  readonly limit?: number | undefined;
}

/** Which versions; `latest` is the highest. */
export type VersionRange = bigint | 'latest' | 'all';

/** The identifier of a key that has a name: guests compute it, too. @param name 1 to 128 bytes of UTF-8 */
export function idOfName(name: string): Uint8Array {
  return createHash('sha256').update('wasi-crypto-key-name\0').update(name, 'utf8').digest();
}

/** Errors: `not-found`, `refused`. */
export function idOf(address: KeyAddress): Uint8Array {
  requireText('tenant', address.tenant);
  if ('id' in address) return bytesOf(address.id);
  requireText('name', address.name);
  return idOfName(address.name);
}

/** Errors: `not-found`. */
export function found(reading: Pick<Change, 'identity'>, address: KeyAddress): Identity {
  const identity = reading.identity(address.tenant, idOf(address));
  if (identity !== undefined) return identity;
  const what = 'id' in address ? address.id : `of the name '${address.name}'`;
  throw new SecretsError('not-found', `the tenant '${address.tenant}' has no key ${what}`);
}

export const versionKeys: readonly string[] = [
  'key',
  'expires',
  'exportable',
  'keeper',
] satisfies (keyof VersionRequest)[];

/** A caller may have no types, and a misspelt `keeper` would make another key than was meant. */
export function requireKeys(method: string, request: object, known: readonly string[]): void {
  const unknown = Object.keys(request).find((each) => !known.includes(each));
  if (unknown !== undefined)
    throw new SecretsError('refused', `\`${method}\` knows no \`${unknown}\`, but ${known.join(', ')}`);
}

export function requireLimit(limit: number): void {
  if (!Number.isSafeInteger(limit) || limit < 1)
    throw new SecretsError('refused', 'a limit is a whole number from 1 on');
}

export function requireDate(expires: bigint | undefined): void {
  if (expires === undefined) return;
  if (typeof (expires as unknown) !== 'bigint' || expires < 0n || expires > NEVER)
    throw new SecretsError('refused', 'a date is a bigint: whole seconds since 1970, from 0 to 2^64 - 1');
}

/** The next version of a key that a keeper has would not be as safe as the one before, and nobody would notice. */
export function requireHere(reading: OpenReading, identity: Identity): void {
  const { latest } = identity.head;
  if (latest !== undefined && (reading.version(identity, latest).flags & RecordFlag.Elsewhere) !== 0)
    throw new SecretsError(
      'refused',
      'the latest version is with a keeper, such as an HSM: make the next one there, too (`keeper`, `--in-hsm`), or give its key',
    );
}

export function isHexId(text: string): boolean {
  return /^[0-9a-f]{64}$/i.test(text);
}

export function bytesOf(id: string): Uint8Array {
  if (!isHexId(id)) throw new SecretsError('not-found', `'${id}' is no identifier of 64 hexadecimal digits`);
  return Buffer.from(id, 'hex');
}

export function requireText(what: string, text: string): void {
  // PostgreSQL has no text with zeros.
  if (
    typeof (text as unknown) !== 'string' ||
    text === '' ||
    Buffer.byteLength(text) > 128 ||
    /[\0\p{Surrogate}]/u.test(text)
  )
    throw new SecretsError('refused', `a ${what} has 1 to 128 bytes of UTF-8, and no zeros`);
}

export function summaryOf({ record, head }: Identity): KeySummary {
  const { tenant, id, kind, algorithm, created } = record;
  return {
    tenant,
    id: hexOf(id),
    name: head.name === '' ? undefined : head.name,
    kind,
    algorithm: algorithm === '' ? undefined : algorithm,
    created,
    latest: head.latest,
    versions: head.versions.length,
  };
}

export function detailsOf({ version, created, expires, flags }: KeyRecord, now: bigint): VersionDetails {
  return {
    version,
    created,
    expires: expires === NEVER ? undefined : expires,
    expired: now > expires,
    exportable: (flags & RecordFlag.Exportable) !== 0,
    elsewhere: (flags & RecordFlag.Elsewhere) !== 0,
  };
}
