/**
 * DER (X.690), as strict as it is defined: one way to write each value.
 *
 * How to use it: `new DerReader(bytes, failure)` walks over the elements of one level, `nested`
 * goes down, `end` demands that nothing is left; any deviation throws the failure given. To write,
 * describe the whole value with `sequence`, `octets`, … and call `encodeDer` once: a single
 * buffer is allocated, so no second copy of a secret has to be wiped.
 */
import { newBytes } from '../blocks.js';
import type { Failure } from '../failures.js';

/** Identifier octets (X.690, 8.1.2). */
export const Tag = {
  Integer: 0x02,
  BitString: 0x03,
  OctetString: 0x04,
  Null: 0x05,
  ObjectIdentifier: 0x06,
  Sequence: 0x30,
  Set: 0x31,
} as const;

/** Identifier of `[number] EXPLICIT`, or of `[number] IMPLICIT` over a constructed type. */
export function contextTag(number: number): number {
  return 0xa0 | number;
}

/** Identifier of `[number] IMPLICIT` over a primitive type. */
export function primitiveContextTag(number: number): number {
  return 0x80 | number;
}

/** Reads elements one after another. What it returns are views of its input. */
export class DerReader {
  readonly #bytes: Uint8Array;
  readonly #malformed: Failure;
  #at = 0;

  /** @param malformed what to throw when the bytes are not the DER asked for */
  constructor(bytes: Uint8Array, malformed: Failure) {
    this.#bytes = bytes;
    this.#malformed = malformed;
  }

  /** Identifier of the next element, or -1 at the end. */
  peek(): number {
    return this.#bytes[this.#at] ?? -1;
  }

  /** Contents of the next element, which must have this identifier. */
  read(tag: number): Uint8Array {
    if (this.peek() !== tag) throw this.#malformed;
    this.#at += 1;
    const length = this.#length();
    const start = this.#at;
    if (length > this.#bytes.length - start) throw this.#malformed;
    this.#at = start + length;
    return this.#bytes.subarray(start, this.#at);
  }

  /** A reader of the contents of the next element. */
  nested(tag: number): DerReader {
    return new DerReader(this.read(tag), this.#malformed);
  }

  /** A non-negative INTEGER, big-endian and without leading zeros; zero is one byte. */
  unsigned(): Uint8Array {
    const bytes = this.read(Tag.Integer);
    const first = bytes[0];
    if (first === undefined || first >= 0x80) throw this.#malformed;
    if (first !== 0 || bytes.length === 1) return bytes;
    if ((bytes[1] as number) < 0x80) throw this.#malformed;
    return bytes.subarray(1);
  }

  /** An INTEGER from 0 to 127, such as a version. */
  small(): number {
    const bytes = this.unsigned();
    if (bytes.length !== 1 || (bytes[0] as number) > 127) throw this.#malformed;
    return bytes[0] as number;
  }

  /** A BIT STRING of whole bytes, also under an implicit tag. */
  bits(tag: number = Tag.BitString): Uint8Array {
    const bytes = this.read(tag);
    if (bytes[0] !== 0) throw this.#malformed;
    return bytes.subarray(1);
  }

  null(): void {
    if (this.read(Tag.Null).length !== 0) throw this.#malformed;
  }

  /** Everything that is left, unread. */
  rest(): Uint8Array {
    const start = this.#at;
    this.#at = this.#bytes.length;
    return this.#bytes.subarray(start);
  }

  /** Nothing may follow. */
  end(): void {
    if (this.#at !== this.#bytes.length) throw this.#malformed;
  }

  /** Refuses the input for a reason of its meaning. */
  refuse(): never {
    throw this.#malformed;
  }

  /** Definite and minimal (X.690, 10.1). */
  #length(): number {
    const first = this.#next();
    if (first < 0x80) return first;
    const count = first & 0x7f;
    if (count === 0 || count > 4) throw this.#malformed;
    let length = 0;
    for (let index = 0; index < count; index += 1) length = length * 256 + this.#next();
    if (length < 0x80 || length < 256 ** (count - 1)) throw this.#malformed;
    return length;
  }

  #next(): number {
    const byte = this.#bytes[this.#at];
    if (byte === undefined) throw this.#malformed;
    this.#at += 1;
    return byte;
  }
}

/** A value to be written: an identifier, with contents or with elements in it. */
export interface Der {
  readonly tag: number;
  /** Written before the contents: the sign byte of an integer, the unused bits of a bit string. */
  readonly zero?: boolean;
  readonly contents: Uint8Array | readonly Der[];
}

export function sequence(...elements: readonly Der[]): Der {
  return { tag: Tag.Sequence, contents: elements };
}

export function octets(contents: Uint8Array): Der {
  return { tag: Tag.OctetString, contents };
}

/** An OCTET STRING that holds DER. */
export function octetsOf(element: Der): Der {
  return { tag: Tag.OctetString, contents: [element] };
}

export function bits(contents: Uint8Array): Der {
  return { tag: Tag.BitString, zero: true, contents };
}

/** A BIT STRING that holds DER. */
export function bitsOf(element: Der): Der {
  return { tag: Tag.BitString, zero: true, contents: [element] };
}

/** A non-negative INTEGER of big-endian bytes, leading zeros allowed. */
export function unsigned(magnitude: Uint8Array): Der {
  let start = 0;
  while (start < magnitude.length - 1 && magnitude[start] === 0) start += 1;
  const contents = magnitude.subarray(start);
  return { tag: Tag.Integer, zero: contents.length === 0 || (contents[0] as number) >= 0x80, contents };
}

/** An INTEGER from 0 to 127. */
export function small(value: number): Der {
  return { tag: Tag.Integer, contents: Uint8Array.of(value) };
}

export function objectIdentifier(contents: Uint8Array): Der {
  return { tag: Tag.ObjectIdentifier, contents };
}

export const nothing: Der = { tag: Tag.Null, contents: [] };

export function explicit(number: number, element: Der): Der {
  return { tag: contextTag(number), contents: [element] };
}

/** The bytes of a value, in one new buffer that the caller wipes if it holds a secret. */
export function encodeDer(der: Der): Uint8Array<ArrayBuffer> {
  const bytes = newBytes(totalSize(der));
  write(der, bytes, 0);
  return bytes;
}

function contentsSize({ contents, zero }: Der): number {
  const size =
    contents instanceof Uint8Array ? contents.length : contents.reduce((sum, element) => sum + totalSize(element), 0);
  return zero === true ? size + 1 : size;
}

function totalSize(der: Der): number {
  const size = contentsSize(der);
  return 1 + lengthSize(size) + size;
}

function lengthSize(length: number): number {
  if (length < 0x80) return 1;
  let size = 2;
  for (let rest = length; rest > 0xff; rest = Math.floor(rest / 256)) size += 1;
  return size;
}

function write(der: Der, bytes: Uint8Array, start: number): number {
  const length = contentsSize(der);
  const size = lengthSize(length);
  let at = start;
  bytes[at++] = der.tag;
  if (size > 1) bytes[at++] = 0x80 | (size - 1);
  for (let place = Math.max(size - 2, 0); place >= 0; place -= 1)
    bytes[at++] = Math.floor(length / 256 ** place) & 0xff;
  if (der.zero === true) bytes[at++] = 0;
  if (der.contents instanceof Uint8Array) {
    bytes.set(der.contents, at);
    return at + der.contents.length;
  }
  for (const element of der.contents) at = write(element, bytes, at);
  return at;
}
