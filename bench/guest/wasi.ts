/** The two functions of WASI preview 1 that the guest needs. */

@external("wasi_snapshot_preview1", "clock_time_get")
declare function clock_time_get(clock: u32, precision: u64, time: usize): u32;

@external("wasi_snapshot_preview1", "fd_write")
declare function fd_write(file: u32, parts: usize, count: usize, written: usize): u32;

const MONOTONIC: u32 = 1;
const STDOUT: u32 = 1;
const room: usize = heap.alloc(16);

/** Nanoseconds since some time in the past. */
export function monotonic(): u64 {
  clock_time_get(MONOTONIC, 1, room);
  return load<u64>(room);
}

export function print(text: string): void {
  const bytes = String.UTF8.encode(text);
  store<u32>(room, <u32>changetype<usize>(bytes));
  store<u32>(room, <u32>bytes.byteLength, 4);
  fd_write(STDOUT, room, 1, room + 8);
}
