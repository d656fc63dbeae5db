/** Handles that a call takes over, however deep in its arguments: they end with it, whatever becomes of it. */
import type { HandleTable, HostObject } from '../typescript-host/handles.js';

export class Owned {
  readonly #taken: (() => void)[] = [];

  /** Notes a handle; returns it. */
  add(table: HandleTable<HostObject>, handle: number): number {
    this.#taken.push(() => table.end(handle));
    return handle;
  }

  end(): void {
    for (const end of this.#taken) end();
  }
}
