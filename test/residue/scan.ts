/** Reads the memory of another process (Linux), and tells which of some bytes are there, and how often. */
import { closeSync, openSync, readFileSync, readSync } from 'node:fs';

const CHUNK = 1 << 20;
/** Linux on x86-64, and on arm64 as distributions build it. A larger page only makes that more is read. */
const PAGE = 4096;

/** How often each needle stands in what a process can write to. Needles are equally long. */
export function scan(pid: number, needles: readonly Uint8Array[]): readonly number[] {
  const counts = needles.map(() => 0);
  const byStart = new Map<number, number[]>();
  const starts = new Uint8Array(1 << 24);
  for (const [index, needle] of needles.entries()) {
    const start = startAt(needle, 0);
    starts[start] = 1;
    byStart.set(start, [...(byStart.get(start) ?? []), index]);
  }
  const length = needles[0]?.length ?? 0;
  const buffer = new Uint8Array(CHUNK + length);
  const memory = openSync(`/proc/${pid}/mem`, 'r');
  try {
    for (const [from, to] of writtenRanges(pid)) {
      for (let address = from; address < to; address += CHUNK) {
        const wanted = Math.min(buffer.length, to - address);
        const read = readAt(memory, buffer, wanted, address);
        for (let at = 0; at + length <= read; at += 1) {
          const start = startAt(buffer, at);
          if (starts[start] !== 1) continue;
          for (const index of byStart.get(start) ?? []) {
            // What stands in the overlap of two chunks begins in one of them only.
            if (at >= CHUNK || !isAt(buffer, at, needles[index] as Uint8Array)) continue;
            counts[index] = (counts[index] as number) + 1;
          }
        }
      }
    }
  } finally {
    closeSync(memory);
  }
  return counts;
}

type Range = readonly [from: number, to: number];

/**
 * What a process has written to of what it can write to. V8 of Node 24 reserves 512 MiB for code: reading what nothing
 * was ever written to makes the kernel map it, page by page, which took minutes on a busy machine.
 */
function writtenRanges(pid: number): readonly Range[] {
  const pagemap = openSync(`/proc/${pid}/pagemap`, 'r');
  try {
    return writableRanges(pid).flatMap((range) => presentRanges(pagemap, range));
  } finally {
    closeSync(pagemap);
  }
}

/** The parts of a range that are in memory or swapped out. One 64-bit entry a page (Linux, admin-guide/mm/pagemap). */
function presentRanges(pagemap: number, [from, to]: Range): readonly Range[] {
  const entries = new Uint8Array(8 * Math.ceil((to - from) / PAGE));
  const read = readSync(pagemap, entries, 0, entries.length, (8 * from) / PAGE);
  const ranges: Range[] = [];
  let begin: number | undefined;
  for (let at = 0; at <= read; at += 8) {
    const address = from + (at / 8) * PAGE;
    // Bit 63: in memory; bit 62: swapped out.
    const present = at < read && ((entries[at + 7] as number) & 0xc0) !== 0;
    if (present) begin ??= address;
    else if (begin !== undefined) {
      ranges.push([begin, Math.min(address, to)]);
      begin = undefined;
    }
  }
  return ranges;
}

function writableRanges(pid: number): readonly Range[] {
  return readFileSync(`/proc/${pid}/maps`, 'latin1')
    .split('\n')
    .flatMap((line) => {
      const [, from, to, rights] = /^([0-9a-f]+)-([0-9a-f]+) (\S+)/.exec(line) ?? [];
      if (from === undefined || to === undefined || rights?.startsWith('rw') !== true || /\[v/.test(line)) return [];
      return [[Number.parseInt(from, 16), Number.parseInt(to, 16)]];
    });
}

/** A range can end meanwhile, or be reserved only: nothing is read then. */
function readAt(file: number, buffer: Uint8Array, length: number, address: number): number {
  try {
    return readSync(file, buffer, 0, length, address);
  } catch (error) {
    if (error instanceof Error && 'code' in error && (error.code === 'EIO' || error.code === 'EFAULT')) return 0;
    throw error;
  }
}

/** Three bytes, of which few places have those of a needle. */
function startAt(bytes: Uint8Array, at: number): number {
  return (bytes[at] as number) | ((bytes[at + 1] as number) << 8) | ((bytes[at + 2] as number) << 16);
}

function isAt(buffer: Uint8Array, at: number, needle: Uint8Array): boolean {
  return needle.every((byte, index) => buffer[at + index] === byte);
}
