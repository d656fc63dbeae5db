/**
 * A store and what opens it: records as they are meant. What may be asked of it, and by whom, is judged above (`tenant.ts` for guests,
 * `key-store.ts` for the owner).
 */
import { createHash } from 'node:crypto';
import { sameBytes, wipe } from '../bytes.js';
import type { AuditEvent } from './audit.js';
import { dataKeyOf, Setting, unwrapped, wrapped } from './data-key.js';
import { Envelope } from './envelope.js';
import { FieldReader, fields } from './fields.js';
import type { KeyEncryptionKey } from './key-encryption.js';
import type { Root } from './root.js';
import { SecretsError, type RecordStore } from './store.js';
import { Change, OpenReading, readSealedRoot } from './transactions.js';

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
    const { storeId, dataKey } = dataKeyOf(records, kek, create, now);
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

  /**
   * Changes the store, and says so in its log.
   *
   * @param event of what `work` gives; each is a line
   * @param heals whether totals that do not open are counted anew: for the owner
   */
  change<T>(work: (change: Change) => T, event: (result: T) => AuditEvent | readonly AuditEvent[], heals = false): T {
    const { result, root, sealed } = this.records.write((writing) => {
      const change = new Change(writing, this.envelope, heals);
      this.requireLater(change.root());
      const result = work(change);
      return { result, ...change.finish([event(result)].flat()) };
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
        const opened = unwrapped(found, from);
        try {
          change.raw.putSetting(Setting.DataKey, wrapped(to, opened));
        } finally {
          wipe(opened.dataKey);
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

function anchorOf({ changes }: Root, sealed: Uint8Array): Uint8Array {
  return fields(changes, digestOf(sealed));
}

function digestOf(sealed: Uint8Array): Uint8Array {
  return createHash('sha256').update(sealed).digest();
}
