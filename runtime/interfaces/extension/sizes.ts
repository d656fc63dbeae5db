/** What the functions of the extension ask of sizes. */
import type { RuntimeContext } from '../../context.js';
import { fail } from '../../failures.js';

/** The greatest size of a guest, which is of 32 bits. */
const GREATEST_SIZE = 0xffff_ffff;

/** Errors: `overflow` where the output is too small, `invalid_length` where it is too large. */
export function requireSize(out: Uint8Array, size: number): void {
  if (out.length < size) throw fail.Overflow;
  if (out.length > size) throw fail.InvalidLength;
}

export function requireSameSize(a: Uint8Array, b: Uint8Array): void {
  if (a.length !== b.length) throw fail.InvalidLength;
}

/** Errors: `overflow`. */
export function guestSize(size: number): number {
  if (size > GREATEST_SIZE) throw fail.Overflow;
  return size;
}

/** Before room is made for a result, which costs as much at least. Errors: as `begin`, and nothing is spent. */
export function requireRoom(context: RuntimeContext, bytes: number): void {
  context.requireOpen();
  if (bytes > context.limits.messageBytes) throw fail.Overflow;
  context.meter.free.requireLeft(bytes);
}

/** A call without objects begins: `invalid_handle` once the context is closed, `overflow` over a limit. @param bytes that it works on @param times how often */
export function begin(context: RuntimeContext, bytes: number, times = 1): void {
  requireRoom(context, bytes);
  context.meter.free.spend(bytes * times);
}
