/**
 * Handle tables: guests hold 32-bit handles, hosts hold objects.
 *
 * A handle is 4 bits of kind, 8 of generation and 20 of slot, and never 0. Every kind has a table
 * of its own, so a handle of one kind never finds an object of another. A freed slot rests until
 * 65 536 others of its kind were freed or the table is full; so some 16.7 million closes pass
 * before a stale handle can name a new object.
 */
import { faults } from './failure.js';

/** What stands behind a handle. */
export interface HostObject {
  /** False once the object is used up: the bindings then drop its handle. */
  readonly live: boolean;
  /** The handle was closed, or the context was: let go of what the object holds. Called once at most. */
  release(): void;
}

const SLOT_BITS = 20;
const SLOTS = 2 ** SLOT_BITS;
const SLOT_MASK = SLOTS - 1;
const GENERATION_MASK = 0xff;
const REST = 65_536;
const NONE = -1;
/** Slots of a table when its first handle is made. Most tables of most guests stay empty: they share arrays of none. */
const FIRST_SLOTS = 16;
const noTags = new Uint16Array(0);
const noMarks = new Uint8Array(0);
const noLinks = new Int32Array(0);

/** How many handles are live over all tables of a context. */
export class HandleBudget {
  readonly limit: number;
  live = 0;

  /** @param limit the greatest number of handles that may be live at once */
  constructor(limit: number) {
    this.limit = limit;
  }
}

export class HandleTable<T extends HostObject> {
  readonly #kind: number;
  readonly #budget: HandleBudget;
  readonly #objects: (T | undefined)[] = [];
  /** Kind and generation of the newest handle of each slot: the upper 12 bits of that handle. */
  #tags = noTags;
  /** Slots whose generations have all been used once. */
  #wrapped = noMarks;
  /** The freed slots, oldest first, as a linked list. */
  #next = noLinks;
  #oldest = NONE;
  #newest = NONE;
  #resting = 0;
  /** Slots ever used. */
  #used = 0;

  /** @param kind 1 to 15: a kind of 0 could give the handle 0 */
  constructor(kind: number, budget: HandleBudget) {
    this.#kind = kind;
    this.#budget = budget;
  }

  /** Faults unless `count` more handles fit here, and `total` over all tables. */
  room(count: number, total: number = count): void {
    if (this.#budget.live + total > this.#budget.limit || SLOTS - (this.#used - this.#resting) < count)
      throw faults.tooManyHandles;
  }

  /** A new handle for the object. Call `room` first. */
  insert(object: T): number {
    this.room(1);
    const slot = this.#resting > REST || this.#used === SLOTS ? this.#reuse() : this.#grow();
    this.#objects[slot] = object;
    this.#budget.live += 1;
    return (((this.#tags[slot] as number) << SLOT_BITS) | slot) >>> 0;
  }

  /** The object of a live handle; faults on any other. */
  get(handle: number): T {
    const slot = handle & SLOT_MASK;
    const object = this.#objects[slot];
    if (object === undefined || this.#tags[slot] !== handle >>> SLOT_BITS) throw faults.badHandle;
    return object;
  }

  /** Frees the handle of an object that is no longer live, unless it is free: a call may name it twice. */
  drop(handle: number): void {
    const slot = handle & SLOT_MASK;
    if (this.#objects[slot] !== undefined && this.#tags[slot] === handle >>> SLOT_BITS) this.#free(slot);
  }

  /** Frees a handle and releases its object. Faults apart: a handle closed before, and one never given out. */
  close(handle: number): void {
    const slot = handle & SLOT_MASK;
    const object = this.#objects[slot];
    if (object === undefined || this.#tags[slot] !== handle >>> SLOT_BITS)
      throw this.#wasIssued(handle) ? faults.closedHandle : faults.badHandle;
    this.#free(slot);
    if (!object.live) throw faults.closedHandle;
    object.release();
  }

  /** Frees a handle that goes without being asked for, and releases its object if it is still live; nothing if it is free. */
  end(handle: number): void {
    const slot = handle & SLOT_MASK;
    const object = this.#objects[slot];
    if (object === undefined || this.#tags[slot] !== handle >>> SLOT_BITS) return;
    this.#free(slot);
    if (object.live) object.release();
  }

  /** Releases every object; the handles stay known as closed. */
  closeAll(onError: (error: unknown) => void): void {
    for (let slot = 0; slot < this.#used; slot += 1) {
      const object = this.#objects[slot];
      if (object === undefined) continue;
      this.#free(slot);
      try {
        object.release();
      } catch (error) {
        onError(error);
      }
    }
  }

  #wasIssued(handle: number): boolean {
    const slot = handle & SLOT_MASK;
    if (handle >>> (SLOT_BITS + 8) !== this.#kind || slot >= this.#used) return false;
    const newest = (this.#tags[slot] as number) & GENERATION_MASK;
    return this.#wrapped[slot] === 1 || ((handle >>> SLOT_BITS) & GENERATION_MASK) <= newest;
  }

  #grow(): number {
    const slot = this.#used;
    if (slot === this.#tags.length) {
      const slots = Math.max(FIRST_SLOTS, slot * 2);
      this.#tags = enlarged(this.#tags, new Uint16Array(slots));
      this.#wrapped = enlarged(this.#wrapped, new Uint8Array(slots));
      this.#next = enlarged(this.#next, new Int32Array(slots));
    }
    this.#used += 1;
    this.#tags[slot] = this.#kind << 8;
    return slot;
  }

  #reuse(): number {
    const slot = this.#oldest;
    this.#oldest = this.#next[slot] as number;
    if (this.#oldest === NONE) this.#newest = NONE;
    this.#resting -= 1;
    const generation = ((this.#tags[slot] as number) + 1) & GENERATION_MASK;
    if (generation === 0) this.#wrapped[slot] = 1;
    this.#tags[slot] = (this.#kind << 8) | generation;
    return slot;
  }

  #free(slot: number): void {
    this.#objects[slot] = undefined;
    this.#budget.live -= 1;
    this.#next[slot] = NONE;
    if (this.#newest === NONE) this.#oldest = slot;
    else this.#next[this.#newest] = slot;
    this.#newest = slot;
    this.#resting += 1;
  }
}

function enlarged<A extends Uint8Array | Uint16Array | Int32Array>(from: A, to: A): A {
  to.set(from);
  return to;
}
