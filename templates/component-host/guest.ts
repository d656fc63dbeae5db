/** The guest of one component as its host calls see it: its memory, its allocator, its texts. */
import { faults, type Reporting } from '../typescript-host/failure.js';
import { GuestMemory, type MemoryLike } from '../typescript-host/memory.js';
import { numberOfFailure, trapped, type Answers } from './results.js';
import { Trap } from './trap.js';

/** `cabi_realloc` of a component: only ever called for new blocks. */
export type Realloc = (old: number, oldSize: number, align: number, size: number) => number;

/** How a component writes its texts, as jco calls it. */
export type StringEncoding = 'utf8' | 'utf16' | 'compact-utf16';

/**
 * Where a method of a host puts bytes that it returns: called once, with their number. Through the fast path
 * it is guest memory, and getting that can move all of the guest's memory, which ends the views that the
 * method was given. So a method that needs one of them afterwards passes it on, and gets it back as it is
 * then: `const [out, message] = take(size, data)`. Of others it makes copies.
 */
export type Take = (size: number, view?: Uint8Array) => readonly [out: Uint8Array, view: Uint8Array];

const nothing = new Uint8Array(0);

/** What `take` is where nothing can be saved by it. */
export const takeNew: Take = (size, view = nothing) => [new Uint8Array(size), view];

/** compact-utf16: the bit of a length that tells UTF-16 units from Latin-1 bytes. */
const UTF16_TAG = 0x8000_0000;

const utf16 = new TextDecoder('utf-16le', { fatal: true, ignoreBOM: true });
const utf8 = new TextEncoder();
const lossyUtf8 = new TextDecoder('utf-8', { ignoreBOM: true });

/**
 * How much of the host's memory the lists and texts of one call may take, in bytes: elements may overlap
 * in guest memory, so a small guest could ask for any amount.
 */
const MOST_LIFTED = 2 ** 28;
/** What an element takes in the host for each byte that it takes in the guest. Measured: 14 for a handle with bytes. */
const GROWTH = 16;

/** Shut while a guest allocates: until that is done none may call its host, nor drop what it holds (CanonicalABI.md, "may_leave"). */
export class Gate {
  #shut = false;

  pass(): void {
    if (this.#shut) throw new Trap('an import was called while memory was being allocated');
  }

  /** Does something behind the shut gate. */
  shutFor<T>(allocate: () => T): T {
    this.#shut = true;
    try {
      return allocate();
    } finally {
      this.#shut = false;
    }
  }
}

export interface GuestParts {
  readonly memory: MemoryLike | undefined;
  readonly realloc: Realloc | undefined;
  readonly encoding: StringEncoding;
  /** Greatest length of a text that is decoded, in bytes or units; undefined: any. */
  readonly longestText: number | undefined;
  /** Told of bytes that the host returned, once a copy of them stands in guest memory. */
  readonly onCopied: ((bytes: Uint8Array) => void) | undefined;
  readonly gate: Gate;
  readonly reporting: Reporting;
}

export class Guest {
  readonly memory: GuestMemory;
  readonly #longestText: number;
  readonly #attached: MemoryLike | undefined;
  #realloc: Realloc | undefined;
  readonly #encoding: StringEncoding;
  readonly #onCopied: ((bytes: Uint8Array) => void) | undefined;
  readonly #gate: Gate;
  readonly #reporting: Reporting;
  /** What this call has lifted. */
  #lifted = 0;
  /** The block that `take` has handed out in this call, and where it stands. */
  #taken: Uint8Array | undefined;
  #block = 0;
  #blockSize = 0;

  constructor({ memory, realloc, encoding, longestText = Infinity, onCopied, gate, reporting }: GuestParts) {
    this.memory = new GuestMemory(longestText);
    this.#longestText = longestText;
    this.#onCopied = onCopied;
    this.#attached = memory;
    this.#realloc = realloc;
    this.#encoding = encoding;
    this.#gate = gate;
    this.#reporting = reporting;
    if (memory !== undefined) this.memory.attach(memory);
  }

  /** Whether another function of the component works with the same guest; it may be the first that allocates. */
  serves(realloc: Realloc | undefined, encoding: StringEncoding): boolean {
    if (this.#encoding !== encoding) return false;
    this.#realloc ??= realloc;
    return realloc === undefined || realloc === this.#realloc;
  }

  /** Begins a call. The allocator must not make any. */
  enter(): void {
    this.#gate.pass();
    this.#taken = undefined;
    this.#blockSize = 0;
    this.#lifted = 0;
  }

  /** Begins a call that writes its result to an address; traps if there is no room for it. */
  enterFor(address: number, size: number, align: number): void {
    this.enter();
    this.#requireArea(address, size, align, 'the result pointer');
  }

  /** Traps unless the parameters of a call that passes them in memory can stand at an address. */
  requireParams(address: number, size: number, align: number): void {
    this.#requireArea(address, size, align, 'the pointer to the parameters');
  }

  /** A new block of guest memory. */
  allocate(size: number, align: number): number {
    const realloc = this.#realloc;
    if (realloc === undefined) throw new Trap('the component has no allocator');
    let start: number;
    try {
      start = this.#gate.shutFor(() => realloc(0, 0, align, size)) >>> 0;
    } catch (error) {
      throw new Trap('the allocator of the component failed', { cause: error });
    }
    this.#requireArea(start, size, align, 'the block that the allocator of the component returned,');
    return start;
  }

  /** Ends a call that writes its result to an address: it succeeded. */
  done(address: number): void {
    this.memory.setU8(address, 0);
  }

  /** The same, with a value of 32 bits `offset` bytes behind the tag. */
  doneU32(address: number, offset: number, value: number): void {
    this.memory.setU32(address + offset, value);
    this.memory.setU8(address, 0);
  }

  /** The same, with pointer and length of bytes `offset` bytes behind the tag. */
  doneBytes(address: number, offset: number, bytes: Uint8Array): void {
    this.writeBytes(address + offset, bytes);
    this.memory.setU8(address, 0);
  }

  /** Ends a call that writes its result to an address: it was refused, for what was thrown, which can empty what `take` gave. The errno stands `offset` bytes behind the tag. Traps go on through the guest. */
  refuse(address: number, offset: number, thrown: unknown, answers: Answers): void {
    const errno = numberOfFailure(thrown, answers, this.#reporting);
    this.#clear(thrown);
    this.memory.setU8(address, 1);
    if (answers.size === 1) this.memory.setU8(address + offset, errno);
    else this.memory.setU16(address + offset, errno);
  }

  /** What to throw through the guest for what was thrown by a function that has no errno to return. */
  trapped(thrown: unknown, id: string): unknown {
    this.#clear(thrown);
    return trapped(thrown, id, this.#reporting);
  }

  /** Empties what `take` gave, if half of a result could stand there. */
  #clear(thrown: unknown): void {
    if (this.#blockSize > 0 && this.#reporting.clears(thrown)) this.memory.output(this.#block, this.#blockSize).fill(0);
  }

  readonly take: Take = (size, view = nothing) => {
    // Memory that moves detaches its views, empty ones as well, which then no longer say where they stood.
    const moves = view.buffer === this.#attached?.buffer;
    const { byteOffset, length } = view;
    this.#block = this.allocate(size, 1);
    this.#blockSize = size;
    this.#taken = this.memory.output(this.#block, size);
    return [this.#taken, moves ? this.memory.output(byteOffset, length) : view];
  };

  /** Text that the guest passes. Faults if it is none. */
  text(pointer: number, length: number): string {
    if (this.#encoding === 'utf8') {
      if (length >>> 0 <= this.#longestText) this.#lift(length);
      return this.memory.string(pointer, length);
    }
    const wide = this.#encoding === 'utf16' || (length & UTF16_TAG) !== 0;
    const units = this.#encoding === 'utf16' ? length : length & ~UTF16_TAG;
    requireAligned(pointer, 2);
    if (units >>> 0 > this.#longestText) return this.memory.overlong(pointer, (units >>> 0) * (wide ? 2 : 1));
    this.#lift(units, 2);
    if (!wide) return latin1(this.memory.input(pointer, units));
    try {
      return utf16.decode(this.memory.input(pointer, units, 2));
    } catch (error) {
      // TextDecoder's own error says nothing more than this fault does.
      throw error instanceof TypeError ? faults.badText : error;
    }
  }

  /** The values of a list that the guest passes: `read` gets the address of each. Faults if it is none, or if lifting it takes too much. */
  list<T>(pointer: number, length: number, stride: number, align: number, read: (address: number) => T): readonly T[] {
    requireAligned(pointer, align);
    this.#lift(length, stride * GROWTH);
    return this.memory.list(pointer, length, stride, read);
  }

  /** Counts what a text or a list takes before it is lifted. */
  #lift(length: number, growth = 1): void {
    this.#lifted += (length >>> 0) * growth;
    if (this.#lifted > MOST_LIFTED) throw faults.badMemory;
  }

  /** Writes pointer and length of bytes to an address: of the block they were taken for, or of a copy. */
  writeBytes(address: number, bytes: Uint8Array): void {
    // By what it is, not what it shows: writing another part of the result can have moved the memory since.
    if (bytes === this.#taken) {
      this.#taken = undefined;
      this.#pointTo(address, this.#block, this.#blockSize);
      return;
    }
    // What stands in guest memory itself would be gone if that moved.
    const source = bytes.buffer === this.#attached?.buffer ? bytes.slice() : bytes;
    const start = this.allocate(source.length, 1);
    this.memory.output(start, source.length).set(source);
    if (source === bytes) this.#onCopied?.(bytes);
    this.#pointTo(address, start, source.length);
  }

  /** Writes pointer and length of a list to an address, and its elements to a new block. */
  writeList<T>(
    address: number,
    values: ArrayLike<T>,
    stride: number,
    align: number,
    write: (address: number, value: T) => void,
  ): void {
    const start = this.allocate(values.length * stride, align);
    for (let index = 0; index < values.length; index += 1) write(start + index * stride, values[index] as T);
    this.#pointTo(address, start, values.length);
  }

  /** Writes pointer and length of a text to an address. */
  writeText(address: number, text: string): void {
    if (this.#encoding === 'utf8') {
      this.writeBytes(address, utf8.encode(text));
      return;
    }
    if (this.#encoding === 'compact-utf16' && !/[^\u0000-\u00ff]/.test(text)) {
      this.#writeUnits(address, text, text.length, 1, (at, unit) => {
        this.memory.setU8(at, unit);
      });
      return;
    }
    // Surrogates that stand alone are no characters: they become U+FFFD, as they do in UTF-8.
    const whole = lossyUtf8.decode(utf8.encode(text));
    const length = this.#encoding === 'utf16' ? whole.length : (whole.length | UTF16_TAG) >>> 0;
    this.#writeUnits(address, whole, length, 2, (at, unit) => {
      this.memory.setU16(at, unit);
    });
  }

  #writeUnits(
    address: number,
    text: string,
    length: number,
    size: number,
    write: (address: number, unit: number) => void,
  ): void {
    const start = this.allocate(text.length * size, 2);
    for (let index = 0; index < text.length; index += 1) write(start + index * size, text.charCodeAt(index));
    this.#pointTo(address, start, length);
  }

  #pointTo(address: number, start: number, length: number): void {
    this.memory.setU32(address, start);
    this.memory.setU32(address + 4, length);
  }

  #requireArea(address: number, size: number, align: number, what: string): void {
    const start = address >>> 0;
    if (start % align !== 0) throw new Trap(`${what} ${String(start)} is not aligned to ${String(align)}`);
    try {
      this.memory.check(start, size);
    } catch {
      throw new Trap(`${what} ${String(start)}, with ${String(size)} bytes, lies outside of memory`);
    }
  }
}

/** What stands in guest memory as a list or a text is aligned (CanonicalABI.md, "load_list_from_range"). */
function requireAligned(pointer: number, align: number): void {
  if ((pointer >>> 0) % align !== 0) throw faults.badMemory;
}

/** Unlike the decoder of that name, which is one of Windows-1252. */
function latin1(bytes: Uint8Array): string {
  let text = '';
  for (const unit of bytes) text += String.fromCharCode(unit);
  return text;
}
