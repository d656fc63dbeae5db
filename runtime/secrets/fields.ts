/** Values as bytes that can be read in one way only: for what is authenticated, and what is sealed. */
import { newBytes } from '../blocks.js';
import { concat, part } from '../bytes.js';

/** A number has 64 bits, big-endian. Text and bytes have their length before them, as a number of 32 bits. */
export type Field = string | Uint8Array | bigint;

export function fields(...values: readonly Field[]): Uint8Array<ArrayBuffer> {
  return concat(...values.map(encoded));
}

function encoded(value: Field): Uint8Array {
  if (typeof value === 'bigint') {
    const bytes = newBytes(8);
    new DataView(bytes.buffer, bytes.byteOffset).setBigUint64(0, value);
    return bytes;
  }
  const bytes = typeof value === 'string' ? Buffer.from(value, 'utf8') : value;
  const length = newBytes(4);
  new DataView(length.buffer, length.byteOffset).setUint32(0, bytes.length);
  return concat(length, bytes);
}

/** Reads what `fields` has made of values of the same types. Throws a `RangeError` for anything else. */
export class FieldReader {
  readonly #bytes: Uint8Array;
  readonly #view: DataView;
  #at = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  get isAtEnd(): boolean {
    return this.#at === this.#bytes.length;
  }

  number(): bigint {
    const value = this.#view.getBigUint64(this.#at);
    this.#at += 8;
    return value;
  }

  /** A view. */
  bytes(): Uint8Array {
    const start = this.#at + 4;
    const end = start + this.#view.getUint32(this.#at);
    if (end > this.#bytes.length) throw new RangeError('a field is longer than what holds it');
    this.#at = end;
    return part(this.#bytes, start, end);
  }

  text(): string {
    return Buffer.from(this.bytes()).toString('utf8');
  }

  end(): void {
    if (!this.isAtEnd) throw new RangeError('something follows the last field');
  }
}
