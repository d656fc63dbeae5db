/**
 * The bench guest as a component: the calls of WITX 0.10 that it makes, as those of WIT 0.11. Only what
 * has to differ differs: results come through one area, and bytes that the host returns are put where
 * the guest wants them, by an allocator that hands out just that place.
 */

/** Where the host writes results. */
export const AREA: usize = memory.data(64, 16);

let destination: usize = 0;
let room: usize = 0;

/** The next bytes that the host returns go here. */
export function returnInto(address: usize, length: usize): void {
  destination = address;
  room = length;
}

export function cabi_realloc(_old: usize, _oldSize: usize, _align: usize, size: usize): usize {
  if (size > room) unreachable();
  return destination;
}

/** The errno of a result whose value, if any, is aligned to 4 bytes. */
export function errnoOf(): u32 {
  return load<u8>(AREA) == 0 ? 0 : <u32>load<u8>(AREA, 4);
}

/** The same for a result without a value. */
export function errnoAlone(): u32 {
  return load<u8>(AREA) == 0 ? 0 : <u32>load<u8>(AREA, 1);
}

/** Hands on a handle or a number. */
export function into(out: usize): u32 {
  const errno = errnoOf();
  if (errno == 0) store<u32>(out, load<u32>(AREA, 4));
  return errno;
}

/** Hands on the length of bytes that are in their place already. */
export function lengthInto(out: usize): u32 {
  const errno = errnoOf();
  if (errno == 0) store<u32>(out, load<u32>(AREA, 8));
  return errno;
}

/** The two core values of an option that stands in memory, as 0.10 has it: 0 is some. */
export function some(option: usize): u32 {
  return load<u8>(option) == 0 ? 1 : 0;
}

export function handle(option: usize): u32 {
  return load<u8>(option) == 0 ? load<u32>(option, 4) : 0;
}
