/**
 * The result area: 64 bytes of static memory that the host writes results to and reads optional
 * handles from. One area serves all calls, because imports never call back into the guest and every
 * call takes its result out before it returns.
 */

// A second thread would write to the same area.
if (ASC_FEATURE_THREADS) {
  ERROR("these bindings are for guests with one thread: compile without `--enable threads`");
}

/** The address of the result area. */
export const AREA: usize = memory.data(64, 16);

/** What a call returned, as a result: its errno, or the `T` that the host has written to the area. */
@inline
export function takeResult<T>(errno: u32): u64 {
  return errno != 0 ? (<u64>errno) << 32 : <u64>(<u32>load<T>(AREA));
}

/**
 * Writes an optional handle for the host: a tag of type `Tag`, and the handle behind it.
 * Returns its address.
 */
@inline
export function putOption<Tag>(address: usize, handle: u32, some: Tag, none: Tag, payloadOffset: usize): usize {
  store<Tag>(address, handle != 0 ? some : none);
  store<u32>(address + payloadOffset, handle);
  return address;
}
