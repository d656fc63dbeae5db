/** Backends have big-endian numbers; guests have both kinds. */
import { newBytes } from '../blocks.js';
import { wipe } from '../bytes.js';
import type { ByteOrder } from './context.js';

/** A copy in memory of ours, big-endian and with zeros in front: the caller wipes it. @param length at least that of the bytes */
export function bigEndian(order: ByteOrder, bytes: Uint8Array, length = bytes.length): Uint8Array<ArrayBuffer> {
  const copy = newBytes(length);
  if (order === 'big') {
    copy.set(bytes, length - bytes.length);
  } else {
    copy.set(bytes);
    copy.reverse();
  }
  return copy;
}

/** The bytes without the zeros that do not count: those in front of the number. */
export function significant(order: ByteOrder, bytes: Uint8Array): Uint8Array {
  if (order === 'big') {
    const start = bytes.findIndex((byte) => byte !== 0);
    return bytes.subarray(start === -1 ? bytes.length : start);
  }
  return bytes.subarray(0, bytes.findLastIndex((byte) => byte !== 0) + 1);
}

/** Passes a copy that is wiped afterwards. */
export function withBigEndian<T>(
  order: ByteOrder,
  bytes: Uint8Array,
  length: number,
  use: (copy: Uint8Array<ArrayBuffer>) => T,
): T {
  const copy = bigEndian(order, bytes, length);
  try {
    return use(copy);
  } finally {
    wipe(copy);
  }
}

/** Writes what `make` wrote big-endian. */
export function writeInOrder(order: ByteOrder, out: Uint8Array, make: (bytes: Uint8Array<ArrayBuffer>) => void): void {
  const bytes = newBytes(out.length);
  try {
    make(bytes);
    if (order === 'little') bytes.reverse();
    out.set(bytes);
  } finally {
    wipe(bytes);
  }
}
