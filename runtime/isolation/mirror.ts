/** What stands for the guest's memory in the process of its host. */
import type { MemoryLike } from '../../templates/typescript-host/memory.js';
import type { Part } from '../hosts/core-functions.js';

/** As large as the guest's memory, and empty but for what the call that runs passes. What nobody touches takes no memory of the machine. */
export class Mirror implements MemoryLike {
  /** So many bytes of it may take memory of the machine. */
  readonly most: number;
  buffer = new ArrayBuffer(0);
  #touched = 0;

  /** @param most what the host may keep for its guest, in bytes */
  constructor(most: number) {
    this.most = most;
  }

  resize(size: number): void {
    if (size === this.buffer.byteLength && (this.#touched <= this.most || size <= this.most)) return;
    const before = this.buffer;
    this.buffer = new ArrayBuffer(size);
    this.#touched = 0;
    // The host keeps views until it finds them without memory, as those of a memory that has grown are.
    structuredClone(before, { transfer: [before] });
  }

  bytes({ start, size }: Part): Uint8Array {
    this.#touched += size;
    return new Uint8Array(this.buffer, start, size);
  }

  wipe(parts: readonly Part[]): void {
    for (const { start, size } of parts) new Uint8Array(this.buffer, start, size).fill(0);
  }
}
