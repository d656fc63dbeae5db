/**
 * Bytes in constant time: the time depends on their number alone. `assembly/bytes.ts` computes: there, no compiler makes
 * branches of comparisons.
 */
import { part } from '../../bytes.js';
import { INPUT, aligned, withMemory } from './module.js';

/** Longer input crosses in pieces, so that memory stays small. */
const PIECE_BYTES = 64 * 1024;

/** -1, 0 or 1 by two numbers of the same size. @param little whether the least significant byte comes first */
export function compareBytes(little: boolean, a: Uint8Array, b: Uint8Array): -1 | 0 | 1 {
  // From the most significant piece on, all of them: the first that differs decides.
  let result = 0;
  for (const [start, end] of pieces(a.length, little)) {
    const second = aligned(INPUT + end - start);
    const found = withMemory(second - INPUT + end - start, (own, memory) => {
      memory.set(part(a, start, end), INPUT);
      memory.set(part(b, start, end), second);
      return own.bytesCompare(little, INPUT, second, end - start);
    });
    result |= found & ~-(result & 1);
  }
  return result as -1 | 0 | 1;
}

/** Whether all bytes are 0. */
export function isZeroBytes(bytes: Uint8Array): boolean {
  let any = 0;
  for (const [start, end] of pieces(bytes.length, false))
    any |= withMemory(end - start, (own, memory) => {
      memory.set(part(bytes, start, end), INPUT);
      return own.bytesAny(INPUT, end - start);
    });
  return any === 0;
}

/** Writes `a` if the choice is true, otherwise `b`. All have the same length; `out` shares memory with none of them, or is one of them. */
export function selectBytes(choice: boolean, a: Uint8Array, b: Uint8Array, out: Uint8Array): void {
  for (const [start, end] of pieces(a.length, false)) {
    const second = aligned(INPUT + end - start);
    withMemory(second - INPUT + end - start, (own, memory) => {
      memory.set(part(a, start, end), INPUT);
      memory.set(part(b, start, end), second);
      own.bytesSelect(Number(choice), INPUT, second, end - start);
      out.set(part(memory, second, second + end - start), start);
    });
  }
}

/**
 * Writes the sum of two numbers of the same size and of a carry of 0 or 1. It is computed as a whole, so that `out` may lie
 * anywhere.
 *
 * @param b undefined: 0
 */
export function addBytes(
  little: boolean,
  a: Uint8Array,
  b: Uint8Array | undefined,
  carry: 0 | 1,
  out: Uint8Array,
): void {
  const second = aligned(INPUT + a.length);
  withMemory(second - INPUT + a.length, (own, memory) => {
    memory.set(a, INPUT);
    if (b !== undefined) memory.set(b, second);
    own.bytesAdd(little, INPUT, second, a.length, carry);
    out.set(part(memory, INPUT, INPUT + a.length));
  });
}

/** How padding is recognised. */
export type PaddingMark = 'iso7816' | 'pkcs7';

/** How many bytes at the end of a window are padding; 0 if it is wrong. @param window as long as padding can be, and at least a byte */
export function paddingLength(mark: PaddingMark, window: Uint8Array): number {
  return withMemory(window.length, (own, memory) => {
    memory.set(window, INPUT);
    return mark === 'iso7816' ? own.paddingIso(INPUT, window.length) : own.paddingPkcs7(INPUT, window.length);
  });
}

/** Of so many bytes, the ranges that cross at a time. @param fromEnd the last one first */
function pieces(length: number, fromEnd: boolean): readonly (readonly [number, number])[] {
  const ranges: (readonly [number, number])[] = [];
  for (let start = 0; start < length; start += PIECE_BYTES) ranges.push([start, Math.min(length, start + PIECE_BYTES)]);
  return fromEnd ? ranges.reverse() : ranges;
}
