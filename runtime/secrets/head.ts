/**
 * What a head holds: which versions of an identifier there are, what each is sealed as, and which number is next.
 * A record counts only while its head names it, so none can be put back, taken away or exchanged for an older one of its
 * own.
 */
import { copyOf, sameBytes } from '../bytes.js';
import { placeOf, sealOf, TAG_BYTES } from './envelope.js';
import { FieldReader, fields } from './fields.js';
import { SecretsError, type KeyRecord } from './store.js';

export interface HeadVersion {
  readonly version: bigint;
  /** `sealOf` its record. */
  readonly seal: Uint8Array;
}

export class Head {
  /** The version that comes next: those below it are never given again. */
  readonly next: bigint;
  /** Empty: none. */
  readonly name: string;
  /** Those that were not invalidated, in their order. */
  readonly versions: readonly HeadVersion[];

  constructor(next: bigint, name: string, versions: readonly HeadVersion[]) {
    this.next = next;
    this.name = name;
    this.versions = versions;
  }

  static empty(name: string): Head {
    return new Head(1n, name, []);
  }

  /** Throws a `RangeError` for what is no head. */
  static read(bytes: Uint8Array): Head {
    const reader = new FieldReader(bytes);
    const next = reader.number();
    const name = reader.text();
    const versions: HeadVersion[] = [];
    while (!reader.isAtEnd) versions.push({ version: reader.number(), seal: copyOf(reader.bytes()) });
    return new Head(next, name, versions);
  }

  write(): Uint8Array {
    const versions = this.versions.flatMap(({ version, seal }) => [version, seal]);
    return fields(this.next, this.name, ...versions);
  }

  /** The highest that was not invalidated. */
  get latest(): bigint | undefined {
    return this.versions.at(-1)?.version;
  }

  has(version: bigint): boolean {
    return this.versions.some((each) => each.version === version);
  }

  /** With one version more, or another seal for one that is there. */
  with(record: KeyRecord): Head {
    const { version } = record;
    const seal = copyOf(sealOf(record));
    if (version !== this.next)
      return new Head(
        this.next,
        this.name,
        this.versions.map((each) => (each.version === version ? { version, seal } : each)),
      );
    return new Head(version + 1n, this.name, [...this.versions, { version, seal }]);
  }

  without(gone: readonly bigint[]): Head {
    return new Head(
      this.next,
      this.name,
      this.versions.filter(({ version }) => !gone.includes(version)),
    );
  }

  /** Throws `tampered` unless this is the record that the head names. */
  requireIts(record: KeyRecord): void {
    const seal = this.versions.find(({ version }) => version === record.version)?.seal;
    if (seal === undefined || seal.length !== TAG_BYTES || !sameBytes(seal, sealOf(record)))
      throw new SecretsError('tampered', `${placeOf(record)} is not the record that was written last`);
  }
}
