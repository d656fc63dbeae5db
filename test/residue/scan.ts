/** Reads the memory of another process (Linux), and tells which of some bytes are there, and how often. */
import { closeSync, openSync, readFileSync, readSync } from 'node:fs';

const CHUNK = 1 << 20;

/** How often each needle stands in what a process can write to. Needles are equally long. */
export function scan(pid: number, needles: readonly Uint8Array[]): readonly number[] {
  const counts = needles.map(() => 0);
  const byStart = new Map<number, number[]>();
  const starts = new Uint8Array(1 << 16);
  for (const [index, needle] of needles.entries()) {
    const start = (needle[0] as number) | ((needle[1] as number) << 8);
    starts[start] = 1;
    byStart.set(start, [...(byStart.get(start) ?? []), index]);
  }
  const length = needles[0]?.length ?? 0;
  const buffer = new Uint8Array(CHUNK + length);
  const memory = openSync(`/proc/${pid}/mem`, 'r');
  try {
    for (const [from, to] of writableRanges(pid)) {
      for (let address = from; address < to; address += CHUNK) {
        const wanted = Math.min(buffer.length, to - address);
        const read = readAt(memory, buffer, wanted, address);
        for (let at = 0; at + length <= read; at += 1) {
          const start = (buffer[at] as number) | ((buffer[at + 1] as number) << 8);
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

function writableRanges(pid: number): readonly (readonly [number, number])[] {
  return readFileSync(`/proc/${pid}/maps`, 'latin1')
    .split('\n')
    .flatMap((line) => {
      const [, from, to, rights] = /^([0-9a-f]+)-([0-9a-f]+) (\S+)/.exec(line) ?? [];
      if (from === undefined || to === undefined || rights?.startsWith('rw') !== true || /\[v/.test(line)) return [];
      return [[Number.parseInt(from, 16), Number.parseInt(to, 16)] as const];
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

function isAt(buffer: Uint8Array, at: number, needle: Uint8Array): boolean {
  return needle.every((byte, index) => buffer[at + index] === byte);
}
