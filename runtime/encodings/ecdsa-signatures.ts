/**
 * ECDSA signatures: `raw` is r, then s, each padded to the width of the curve's order (IEEE P1363);
 * `der` is SEQUENCE { r, s } (RFC 3279, 2.2.3). OpenSSL speaks DER; converting here costs less than
 * asking Node for the other form. By hand, since a guest's P-256 signature took 1.09 of the bare call
 * with the general reader of `der.ts` and takes 1.05 without (measured, Node 20). All lengths but
 * that of P-521's sequence are below 128 bytes: one byte each.
 */
import { fail } from '../failures.js';
import { takeBytes } from '../blocks.js';
import { Tag } from './der.js';

const LONGEST_WIDTH = 66;
/** X.690, 8.1.3.5: a length of 128 or more, in one byte that follows. */
const LONG = 0x81;

/** Bytes of the longest DER: each integer has a leading zero. */
export function longestDer(width: number): number {
  return headSize(2 * (3 + width)) + 2 * (3 + width);
}

/** Bytes of the identifier and the length of a sequence. */
function headSize(length: number): number {
  return length < 0x80 ? 2 : 3;
}

/** @param width bytes of the curve's order, 66 at most. In memory that may be given back. `invalid_signature` unless strict DER of two integers that fit. */
export function rawFromDer(der: Uint8Array, width: number): Uint8Array<ArrayBuffer> {
  // X.690, 8.1.3 and 10.1: the shortest form of a length. The sequence ends where the input ends.
  if (width > LONGEST_WIDTH || der.length < 2 || der.length > longestDer(LONGEST_WIDTH)) throw fail.InvalidSignature;
  const head = der[1] === LONG ? 3 : 2;
  const length = der.length - head;
  if (der[0] !== Tag.Sequence || der[head - 1] !== length || headSize(length) !== head) throw fail.InvalidSignature;
  const raw = takeBytes(width * 2);
  const second = copyInteger(der, head, raw, width);
  if (copyInteger(der, second, raw, width * 2) !== der.length) throw fail.InvalidSignature;
  return raw;
}

/** Copies an unsigned integer to where it has to end, which is `width` bytes after the last one. Returns where the next one starts. */
function copyInteger(der: Uint8Array, start: number, raw: Uint8Array, end: number): number {
  const width = raw.length / 2;
  let first = start + 2;
  const last = first + (der[start + 1] ?? 0);
  if (der[start] !== Tag.Integer || last === first || last > der.length) throw fail.InvalidSignature;
  const top = der[first] as number;
  // X.690, 8.3.2: the shortest form; and never negative.
  if (top >= 0x80) throw fail.InvalidSignature;
  if (top === 0 && last - first > 1) {
    if ((der[first + 1] as number) < 0x80) throw fail.InvalidSignature;
    first += 1;
  }
  if (last - first > width) throw fail.InvalidSignature;
  for (let from = last - 1, to = end - 1; from >= first; from -= 1, to -= 1) raw[to] = der[from] as number;
  return last;
}

/** In memory that may be given back. */
export function derFromRaw(raw: Uint8Array): Uint8Array<ArrayBuffer> {
  const width = raw.length / 2;
  const r = firstByte(raw, 0, width);
  const s = firstByte(raw, width, width * 2);
  const [rLength, sLength] = [integerLength(raw, r, width), integerLength(raw, s, width * 2)];
  const length = 4 + rLength + sLength;
  const head = headSize(length);
  const der = takeBytes(head + length);
  der[0] = Tag.Sequence;
  if (head > 2) der[1] = LONG;
  der[head - 1] = length;
  writeInteger(der, head, raw, r, width, rLength);
  writeInteger(der, head + 2 + rLength, raw, s, width * 2, sLength);
  return der;
}

/** Where the first byte stands that is not 0; the last one if all are. */
function firstByte(raw: Uint8Array, start: number, end: number): number {
  let first = start;
  while (first < end - 1 && raw[first] === 0) first += 1;
  return first;
}

/** One more than the bytes where the first bit would make the integer negative. */
function integerLength(raw: Uint8Array, first: number, end: number): number {
  return end - first + ((raw[first] as number) >= 0x80 ? 1 : 0);
}

function writeInteger(der: Uint8Array, at: number, raw: Uint8Array, first: number, end: number, length: number): void {
  der[at] = Tag.Integer;
  der[at + 1] = length;
  for (let from = end - 1, to = at + 1 + length; from >= first; from -= 1, to -= 1) der[to] = raw[from] as number;
}
