/**
 * What calls return.
 *
 * - A call without a value returns an errno: `Errno.Success` or why it failed.
 * - A call with a handle or a value of up to 32 bits returns a *result*: a `u64` with the errno in its
 *   upper and the value in its lower half, so that nothing is allocated. The functions below take it
 *   apart; a class reads its handle with `of` or `expect`.
 * - A call with a larger value, or with several, returns an errno and fills objects of class `Out`.
 */
import { Errno, errnoName } from "./errno";

/** The errno of a result; an errno is its own. */
@inline
export function errno<Result>(result: Result): Errno {
  if (!isInteger<Result>() || sizeof<Result>() < 4) ERROR("only results and errnos have an errno");
  if (sizeof<Result>() == 8) return <Errno>(<u32>(<u64>result >> 32));
  return <Errno>result;
}

/** Whether a call succeeded, by its result or errno. */
@inline
export function ok<Result>(result: Result): bool {
  return errno(result) == 0;
}

/** The value of a result; 0 when the call failed. */
@inline
export function value<Result>(result: Result): u32 {
  if (!isInteger<Result>() || sizeof<Result>() != 8) ERROR("only results have a value: this call returns an errno or nothing");
  return <u32>(<u64>result);
}

/**
 * The value of a result, or 0 for an errno, which has none. If the call failed, the guest is aborted
 * with the errno's name; `what` says what was tried.
 */
export function expect<Result>(result: Result, what: string = "the call"): u32 {
  if (!ok(result)) throw new Error(what + " failed: " + errnoName(errno(result)));
  return sizeof<Result>() == 8 ? <u32>(<u64>result) : 0;
}

/** Receives a value that does not fit into a result. Make one and use it for many calls. */
@final
export class Out<T> {
  /** Written by calls that succeed; until then 0. */
  value: T = zero<T>();

  /** Where the host writes the value. */
  get address(): usize {
    return changetype<usize>(this) + offsetof<Out<T>>("value");
  }
}

/** 0, whether `T` is a number or a class whose references are numbers. */
function zero<T>(): T {
  if (isReference<T>()) return changetype<T>(<usize>0);
  return <T>0;
}
