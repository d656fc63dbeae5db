/** Core values as host values. Tags and flags are judged on all 32 (or 64) bits of the core value. */
import { faults } from './failure.js';

/** An enum value, or a case number: 0 to `count - 1`. */
export function oneOf(value: number, count: number): number {
  if (value >>> 0 >= count) throw faults.badValue;
  return value >>> 0;
}

/** Flags of up to 32 bits: no bit outside the mask. */
export function flagsOf(value: number, mask: number): number {
  if ((value & ~mask) !== 0) throw faults.badValue;
  return value >>> 0;
}

/** Flags of 64 bits. */
export function wideFlagsOf(value: bigint, mask: bigint): bigint {
  const bits = BigInt.asUintN(64, value);
  if ((bits & ~mask) !== 0n) throw faults.badValue;
  return bits;
}

/** A Unicode scalar value, as a string of one character. */
export function charOf(value: number): string {
  const code = value >>> 0;
  if (code > 0x10ffff || (code >= 0xd800 && code <= 0xdfff)) throw faults.badValue;
  return String.fromCodePoint(code);
}
