/** The objects behind the handles that a call is given: what both paths of a call find them by. */
import type { HandleTable, HostObject } from '../typescript-host/handles.js';

/** The objects of one kind, by what a caller holds for them: instances on jco's own path, numbers on the fast one. */
export interface Objects<Held, T> {
  /** The object of a handle that was lent for the call. Faults on one whose object is used up. */
  get(held: Held): T;
  /** Takes over what a caller gives away: the host's handle behind it. */
  own(held: Held): number;
  /** Takes over what a caller gives away, and ends it. */
  close(held: Held): void;
  /** Faults unless `count` more objects fit here, and `total` over all kinds. Returns these objects. */
  room(count: number, total?: number): this;
  /** What a caller gets for a new object. Call `room` first. */
  insert(object: T): Held;
}

/** Handles that a call takes over, however deep in its arguments: they end with it, whatever becomes of it. */
export class Owned {
  readonly #tables: HandleTable<HostObject>[] = [];
  readonly #handles: number[] = [];

  /** Notes a handle; returns it. */
  add(table: HandleTable<HostObject>, handle: number): number {
    this.#tables.push(table);
    this.#handles.push(handle);
    return handle;
  }

  end(): void {
    for (const [index, table] of this.#tables.entries()) table.end(this.#handles[index] as number);
  }
}
